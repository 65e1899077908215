import { meanOf } from '#domain/statistics/descriptive.ts'
import { normalCdf, normalQuantile, tCdf, tTwoSided } from '#domain/statistics/distributions.ts'
import type { Alternative } from '#domain/statistics/fisher-exact.ts'
import { ensure, requireConfidenceLevel } from '#domain/statistics/problem.ts'
import { completePairs, midRanks, type Sample } from '#domain/statistics/samples.ts'

export interface PearsonCorrelation {
  r: number
  /** ±Infinity when |r| = 1. */
  t: number
  degreesOfFreedom: number
  p: number
  /** Fisher's z limits; null below four pairs. */
  interval: [number, number] | null
  n: number
  missing: number
}

function coefficient(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const mx = meanOf(x)
  const my = meanOf(y)
  let dx = 0
  let dy = 0
  for (let i = 0; i < x.length; i++) {
    dx = Math.max(dx, Math.abs((x[i] as number) - mx))
    dy = Math.max(dy, Math.abs((y[i] as number) - my))
  }
  ensure(dx > 0 && dy > 0, 'constant-sample', 'one of the samples is constant')
  let xx = 0
  let yy = 0
  let xy = 0
  for (let i = 0; i < x.length; i++) {
    const a = ((x[i] as number) - mx) / dx
    const b = ((y[i] as number) - my) / dy
    xx += a * a
    yy += b * b
    xy += a * b
  }
  return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)))
}

function tOf(r: number, df: number): number {
  return Math.abs(r) === 1 ? r * Infinity : r * Math.sqrt(df / ((1 - r) * (1 + r)))
}

function tProbability(t: number, df: number, alternative: Alternative): number {
  if (alternative === 'two-sided') return tTwoSided(t, df)
  return tCdf(t, df, alternative === 'less' ? 'lower' : 'upper')
}

export interface RankCorrelationOptions {
  alternative?: Alternative
  /** Of the approximation (Spearman: t, Kendall: normal); the exact test has none. */
  continuity?: boolean
  /** Kendall’s exact test where it is defined, which is without ties and below 50 pairs; true unless given. */
  exact?: boolean
}

/**
 * Pearson correlation with t test and limits by Fisher’s z; a one-sided alternative has one limit, the other is −1 or
 * 1. Throws `sample-too-small` below three pairs, `constant-sample`.
 * Input: two columns of equal length in any units; r has none. Missing: a pair with a missing member is dropped and
 * counted; NaN and ±Infinity are refused (`not-finite`). Source: Fisher (1915, 1921).
 * Example: `pearsonCorrelation([1, 2, 3, 4], [1, 3, 2, 5]).r` = 0.8315, `pearsonCorrelation([1, 2, 3, 4], [1, 3, 2,
 * 5]).p` = 0.1685.
 */
export function pearsonCorrelation(
  x: Sample,
  y: Sample,
  confidenceLevel = 0.95,
  alternative: Alternative = 'two-sided',
): PearsonCorrelation {
  requireConfidenceLevel(confidenceLevel)
  const pairs = completePairs(x, y)
  const n = pairs.x.length
  ensure(n > 2, 'sample-too-small', 'a correlation needs three pairs')
  const r = coefficient(pairs.x, pairs.y)
  const t = tOf(r, n - 2)
  const z = Math.atanh(r)
  const risk = (1 - confidenceLevel) / (alternative === 'two-sided' ? 2 : 1)
  const reach = normalQuantile(risk, 'upper') / Math.sqrt(n - 3)
  const lower = alternative === 'less' ? -1 : Math.tanh(z - reach)
  const upper = alternative === 'greater' ? 1 : Math.tanh(z + reach)
  return {
    r,
    t,
    degreesOfFreedom: n - 2,
    p: tProbability(t, n - 2, alternative),
    n,
    missing: pairs.missing,
    interval: n > 3 ? [lower, upper] : null,
  }
}

export interface SpearmanCorrelation {
  rho: number
  /** t approximation. */
  p: number
  /** Exact up to 9 pairs, Edgeworth series above (algorithm AS 89); null with ties or more than 1290 pairs, as in R. */
  pExact: number | null
  n: number
  missing: number
}

/**
 * Upper or lower tail of S = Σd² by algorithm AS 89 (Best and Roberts 1975): all permutations up to n = 9, Edgeworth
 * series above. `s` is even and between 0 and n(n² − 1)/3.
 */
function spearmanTail(s: number, n: number, tail: 'lower' | 'upper'): number {
  const most = (n * (n * n - 1)) / 3
  if (s <= 0) return tail === 'lower' ? 0 : 1
  if (s > most) return tail === 'lower' ? 1 : 0
  if (n > 9) {
    const b = 1 / n
    const x = (6 * (s - 1) * b) / (n * n - 1) - 1
    const z = x * Math.sqrt(n - 1)
    const y = z * z
    const u =
      z *
      b *
      (0.2274 +
        b * (0.2531 + 0.1745 * b) +
        y *
          (-0.0758 +
            b * (0.1033 + 0.3932 * b) -
            y *
              b *
              (0.0879 + 0.0151 * b - y * (0.0072 - 0.0831 * b + y * b * (0.0131 - 4.6e-4 * y)))))
    const series = u / Math.exp(y / 2)
    const upper = normalCdf(z, 'upper') + series
    const p = tail === 'upper' ? upper : normalCdf(z, 'lower') - series
    return Math.min(1, Math.max(0, p))
  }
  let reached = 0
  let all = 0
  const order = Array.from({ length: n }, (_, i) => i)
  const visit = (k: number, sum: number): void => {
    if (k === n) {
      all++
      if (sum >= s) reached++
      return
    }
    for (let j = k; j < n; j++) {
      const swap = order[k] as number
      order[k] = order[j] as number
      order[j] = swap
      visit(k + 1, sum + (k - (order[k] as number)) ** 2)
      order[j] = order[k] as number
      order[k] = swap
    }
  }
  visit(0, 0)
  return (tail === 'upper' ? reached : all - reached) / all
}

/**
 * Spearman rank correlation (mid-ranks) with t approximation and exact test. Throws `sample-too-small` below three
 * pairs, `constant-sample`.
 * Input: two columns of equal length in any units; rho has none. Missing: a pair with a missing member is dropped and
 * counted; NaN and ±Infinity are refused (`not-finite`). Source: Spearman (1904), Best and Roberts (1975).
 * Example: `spearmanCorrelation([1, 2, 3], [1, 3, 2]).rho` = 0.5, `spearmanCorrelation([1, 2, 3, 4], [1, 3, 2,
 * 4]).pExact` = 0.3333.
 */
export function spearmanCorrelation(
  x: Sample,
  y: Sample,
  options: RankCorrelationOptions = {},
): SpearmanCorrelation {
  const { alternative = 'two-sided', continuity = false } = options
  const pairs = completePairs(x, y)
  const n = pairs.x.length
  ensure(n > 2, 'sample-too-small', 'a correlation needs three pairs')
  const a = midRanks(pairs.x)
  const b = midRanks(pairs.y)
  const rho = coefficient(a.ranks, b.ranks)
  let pExact: number | null = null
  if (a.tieSum === 0 && b.tieSum === 0 && n <= 1290) {
    const s = Math.round(((n ** 3 - n) * (1 - rho)) / 6)
    const middle = (n ** 3 - n) / 6
    const own = s > middle ? 'upper' : 'lower'
    // A small sum of squared differences is a positive correlation.
    const tail = { 'two-sided': own, greater: 'lower', less: 'upper' } as const
    const side = tail[alternative]
    // S moves in steps of 2: P(S ≤ s) is the lower tail at s + 2.
    const p = spearmanTail(side === 'lower' ? s + 2 * (s % 2 === 0 ? 1 : 0) : s, n, side)
    pExact = alternative === 'two-sided' ? Math.min(1, 2 * p) : p
  }
  // As cor.test corrects: the mean of Σd² without correlation counts as one larger.
  const sixth = (n ** 3 - n) / 6
  const shrunk = continuity ? 1 - (sixth * (1 - rho)) / (sixth + 1) : rho
  const p = tProbability(tOf(shrunk, n - 2), n - 2, alternative)
  return { rho, p, pExact, n, missing: pairs.missing }
}

export interface KendallCorrelation {
  /** tau-b, corrected for ties. */
  tau: number
  /** Exact below 50 pairs without ties, else normal, as R's cor.test. */
  p: number
  method: 'exact' | 'normal'
  z: number
  /** Pairs of observations in the same order minus those in opposite order. */
  score: number
  n: number
  missing: number
}

/** Numbers of permutations of n by their inversions, divided by n!. */
function inversionDistribution(n: number): Float64Array {
  let p = Float64Array.of(1)
  for (let m = 2; m <= n; m++) {
    const next = new Float64Array(p.length + m - 1)
    for (let i = 0; i < p.length; i++)
      for (let j = 0; j < m; j++) next[i + j] = (next[i + j] as number) + (p[i] as number) / m
    p = next
  }
  return p
}

function tieGroups(values: Float64Array): number[] {
  const counts = new Map<number, number>()
  for (const v of values) counts.set(v, (counts.get(v) ?? 0) + 1)
  return [...counts.values()].filter((c) => c > 1)
}

/**
 * Kendall’s rank correlation tau-b with test: exact below 50 pairs without ties, else normal. Throws
 * `sample-too-small`, `sample-too-large` above 20,000 pairs, `constant-sample`.
 * Input: two columns of equal length in any units; tau has none. Missing: a pair with a missing member is dropped and
 * counted; NaN and ±Infinity are refused (`not-finite`). Source: Kendall (1938, 1945).
 * Example: `kendallCorrelation([1, 2, 3], [1, 3, 2]).tau` = 1/3, `kendallCorrelation([1, 2, 3, 4], [1, 3, 2, 4]).p` =
 * 0.3333.
 */
export function kendallCorrelation(
  x: Sample,
  y: Sample,
  options: RankCorrelationOptions = {},
): KendallCorrelation {
  const { alternative = 'two-sided', continuity = false, exact = true } = options
  const pairs = completePairs(x, y)
  const n = pairs.x.length
  ensure(n > 1, 'sample-too-small', 'a rank correlation needs two pairs')
  ensure(n <= 20_000, 'sample-too-large', `${n} pairs`)
  let score = 0
  for (let i = 1; i < n; i++)
    for (let j = 0; j < i; j++)
      score +=
        Math.sign((pairs.x[i] as number) - (pairs.x[j] as number)) *
        Math.sign((pairs.y[i] as number) - (pairs.y[j] as number))
  const [tx, ty] = [tieGroups(pairs.x), tieGroups(pairs.y)]
  const sum = (groups: readonly number[], f: (t: number) => number) =>
    groups.reduce((total, t) => total + f(t), 0)
  const two = (t: number) => t * (t - 1)
  const total = two(n)
  const [sx, sy] = [sum(tx, two), sum(ty, two)]
  ensure(sx < total && sy < total, 'constant-sample', 'one of the samples is constant')
  const tau = (2 * score) / Math.sqrt(total - sx) / Math.sqrt(total - sy)
  const scale = (t: number) => two(t) * (2 * t + 5)
  const three = (t: number) => two(t) * (t - 2)
  const variance =
    (scale(n) - sum(tx, scale) - sum(ty, scale)) / 18 +
    (n > 2 ? (sum(tx, three) * sum(ty, three)) / (9 * total * (n - 2)) : 0) +
    (sx * sy) / (2 * total)
  const shrunk = continuity ? Math.sign(score) * (Math.abs(score) - 1) : score
  const z = shrunk / Math.sqrt(variance)
  const base = { tau: Math.max(-1, Math.min(1, tau)), z, score, n, missing: pairs.missing }
  if (!exact || tx.length > 0 || ty.length > 0 || n >= 50) {
    const tail = alternative === 'less' ? 'lower' : 'upper'
    const p = alternative === 'two-sided' ? 2 * normalCdf(-Math.abs(z)) : normalCdf(z, tail)
    return { ...base, method: 'normal', p }
  }
  const distribution = inversionDistribution(n)
  // The distribution is symmetric: few inversions are as probable as few pairs in order.
  const signed = { 'two-sided': Math.abs(score), greater: score, less: -score }[alternative]
  const inversions = (total / 2 - signed) / 2
  let tail = 0
  for (let i = 0; i <= inversions; i++) tail += distribution[i] as number
  return { ...base, method: 'exact', p: Math.min(1, alternative === 'two-sided' ? 2 * tail : tail) }
}
