import { normalCdf, normalQuantile } from '#domain/statistics/distributions.ts'
import type { Alternative } from '#domain/statistics/fisher-exact.ts'
import { ensure, requireConfidenceLevel } from '#domain/statistics/problem.ts'
import {
  rankQuantile,
  rankSumDistribution,
  rankSumWithoutTies,
  rankTails,
} from '#domain/statistics/rank-distribution.ts'
import { completeSample, midRanks, type Sample } from '#domain/statistics/samples.ts'

export interface MannWhitneyOptions {
  /** 'auto': exact when both samples have at most 50 values, else the normal approximation. */
  method?: 'exact' | 'normal' | 'auto'
  /** Continuity correction of the normal approximation. */
  correction?: boolean
  alternative?: Alternative
}

export interface MannWhitney {
  /** U of the first sample: pairs with x > y plus half of those with x = y (R's W). */
  u: number
  uOther: number
  n: [number, number]
  missing: [number, number]
  ties: boolean
  method: 'exact' | 'normal'
  corrected: boolean
  /** null in the exact method and when all values are equal. */
  z: number | null
  p: number
  alternative: Alternative
}

function normalTest(
  u: number,
  m: number,
  n: number,
  tieSum: number,
  alternative: Alternative,
  correction: boolean,
) {
  const total = m + n
  const sigma = Math.sqrt(((m * n) / 12) * (total + 1 - tieSum / (total * (total - 1))))
  const centred = u - (m * n) / 2
  if (!(sigma > 0)) return { z: null, p: 1 }
  const shift = { 'two-sided': Math.sign(centred) * 0.5, greater: 0.5, less: -0.5 }[alternative]
  const z = (centred - (correction ? shift : 0)) / sigma
  if (alternative === 'less') return { z, p: normalCdf(z) }
  return {
    z,
    p: alternative === 'greater' ? normalCdf(z, 'upper') : Math.min(1, 2 * normalCdf(-Math.abs(z))),
  }
}

/**
 * Mann-Whitney U (Wilcoxon rank-sum) test of two independent samples. The exact p-value is the permutation distribution
 * of the mid-ranks, ties included; two-sided it counts values as far from the mean as the observed one. Throws
 * `empty-sample`, `sample-too-large`.
 * Input: two samples in one unit. Missing: null is dropped and counted; NaN and ±Infinity are refused (`not-finite`).
 * Source: Wilcoxon (1945), Mann and Whitney (1947), Streitberg and Röhmel (1986).
 * Example: `mannWhitney([1, 2, 3], [4, 5, 6]).p` = 0.1, `mannWhitney([1, 2, 2, 3], [2, 4, 5, 6]).p` = 0.1143,
 * `mannWhitney([1, 2, 2, 3], [2, 4, 5, 6], { method: 'normal' }).p` = 0.1038.
 */
export function mannWhitney(x: Sample, y: Sample, options: MannWhitneyOptions = {}): MannWhitney {
  const { method = 'auto', correction = true, alternative = 'two-sided' } = options
  const a = completeSample(x, 'first sample')
  const b = completeSample(y, 'second sample')
  const m = a.values.length
  const n = b.values.length
  ensure(m > 0 && n > 0, 'empty-sample', 'each sample needs a value')
  const pooled = new Float64Array(m + n)
  pooled.set(a.values)
  pooled.set(b.values, m)
  const { ranks, tieSum } = midRanks(pooled)
  let rankSum = 0
  for (let i = 0; i < m; i++) rankSum += ranks[i] as number
  const u = rankSum - (m * (m + 1)) / 2
  const exact = method === 'exact' || (method === 'auto' && m <= 50 && n <= 50)
  const shared = {
    u,
    uOther: m * n - u,
    n: [m, n] as [number, number],
    missing: [a.missing, b.missing] as [number, number],
    ties: tieSum > 0,
    alternative,
  }
  if (!exact) {
    return {
      ...shared,
      method: 'normal',
      corrected: correction,
      ...normalTest(u, m, n, tieSum, alternative, correction),
    }
  }
  if (tieSum === 0) {
    const tails = rankTails(rankSumWithoutTies(m, n), u, (m * n) / 2)
    const p = { 'two-sided': tails.twoSided, less: tails.less, greater: tails.greater }[alternative]
    return { ...shared, method: 'exact', corrected: false, z: null, p }
  }
  const scores = Array.from(ranks, (r) => Math.round(2 * r))
  // Choosing the smaller sample makes the same distribution in less work.
  const fewer = m <= n
  const least = Math.min(...scores) - 1
  const size = fewer ? m : n
  const distribution = rankSumDistribution(
    scores.map((s) => s - least),
    size,
  )
  const all = scores.reduce((sum, s) => sum + s, 0)
  const sumX = Math.round(2 * rankSum)
  const observed = (fewer ? sumX : all - sumX) - least * size
  const tails = rankTails(distribution, observed, (size * (all - least * (m + n))) / (m + n))
  const [less, greater] = fewer ? [tails.less, tails.greater] : [tails.greater, tails.less]
  const p = { 'two-sided': tails.twoSided, less, greater }[alternative]
  return { ...shared, method: 'exact', corrected: false, z: null, p }
}

export interface ShiftEstimate {
  /** Hodges-Lehmann estimate: the median of all differences x − y (two samples) or of all Walsh averages (one). */
  estimate: number
  lower: number
  upper: number
  confidenceLevel: number
  method: 'exact' | 'normal'
}

export interface ShiftOptions {
  confidenceLevel?: number
  /** 'auto': exact without ties and with at most 50 values, else the inverted normal test. */
  method?: 'exact' | 'normal' | 'auto'
  /** 'greater' has a lower limit alone (the upper one is Infinity), 'less' an upper one alone. */
  alternative?: Alternative
  /** Continuity correction of the inverted normal test. */
  correction?: boolean
}

/**
 * Limits among sorted differences: rank counts from the bottom the difference that is the lower limit of a one-sided
 * risk; the upper limit lies as far from the top.
 */
export function shiftLimits(
  sorted: Float64Array,
  confidenceLevel: number,
  alternative: Alternative,
  rank: (alpha: number) => number,
): { lower: number; upper: number } {
  const alpha = (1 - confidenceLevel) / (alternative === 'two-sided' ? 2 : 1)
  const k = Math.min(sorted.length, Math.max(1, rank(alpha)))
  return {
    lower: alternative === 'less' ? -Infinity : (sorted[k - 1] as number),
    upper: alternative === 'greater' ? Infinity : (sorted[sorted.length - k] as number),
  }
}

/** Median of sorted values. */
export function sortedMedian(sorted: Float64Array): number {
  const n = sorted.length
  return ((sorted[(n - 1) >> 1] as number) + (sorted[n >> 1] as number)) / 2
}

/**
 * Hodges-Lehmann shift of x against y with limits: exact (order statistics of the differences) when no differences tie
 * samples of at most 50 values, else those of the inverted normal test with continuity correction. A one-sided
 * alternative has one limit, the other is infinite. Throws `empty-sample`, `sample-too-large`.
 * Input: two samples in one unit; shift and limits are in it. Missing: null is dropped; NaN and ±Infinity are refused
 * (`not-finite`). Source: Hodges and Lehmann (1963).
 * Example: `hodgesLehmann([1, 2, 3, 7], [4, 5, 6, 9]).estimate` = -3, `hodgesLehmann([1, 2, 3, 7], [4, 5, 6, 9]).lower`
 * = -8, `hodgesLehmann([1, 2, 3, 7], [4, 5, 6, 9], { alternative: 'less' }).upper` = 2.
 */
export function hodgesLehmann(x: Sample, y: Sample, options: ShiftOptions = {}): ShiftEstimate {
  const { confidenceLevel = 0.95, method = 'auto' } = options
  const { alternative = 'two-sided', correction = true } = options
  requireConfidenceLevel(confidenceLevel)
  const a = completeSample(x, 'first sample').values
  const b = completeSample(y, 'second sample').values
  const m = a.length
  const n = b.length
  ensure(m > 0 && n > 0, 'empty-sample', 'each sample needs a value')
  ensure(m * n <= 2e7, 'sample-too-large', `${m} × ${n} differences`)
  const differences = new Float64Array(m * n)
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++) differences[i * n + j] = (a[i] as number) - (b[j] as number)
  differences.sort()
  const pooled = new Float64Array(m + n)
  pooled.set(a)
  pooled.set(b, m)
  const { tieSum } = midRanks(pooled)
  const exact = method === 'exact' || (method === 'auto' && tieSum === 0 && m <= 50 && n <= 50)
  const estimate = sortedMedian(differences)
  if (exact) {
    const distribution = rankSumWithoutTies(m, n)
    return {
      estimate,
      ...shiftLimits(differences, confidenceLevel, alternative, (alpha) =>
        rankQuantile(distribution, alpha),
      ),
      confidenceLevel,
      method: 'exact',
    }
  }
  const total = m + n
  const within = midRanks(a).tieSum + midRanks(b).tieSum
  const sigma = Math.sqrt(((m * n) / 12) * (total + 1 - within / (total * (total - 1))))
  // Between two neighbouring differences U − mn/2 is fixed; the limit is the difference at which the test turns.
  const middle = (m * n) / 2 - (correction ? 0.5 : 0)
  return {
    estimate,
    ...shiftLimits(
      differences,
      confidenceLevel,
      alternative,
      (alpha) => Math.floor(middle - normalQuantile(alpha, 'upper') * sigma) + 1,
    ),
    confidenceLevel,
    method: 'normal',
  }
}
