import { normalCdf, normalQuantile } from '#domain/statistics/distributions.ts'
import type { Alternative } from '#domain/statistics/fisher-exact.ts'
import {
  type ShiftEstimate,
  type ShiftOptions,
  shiftLimits,
  sortedMedian,
} from '#domain/statistics/mann-whitney.ts'
import { ensure, requireConfidenceLevel } from '#domain/statistics/problem.ts'
import {
  rankQuantile,
  rankTails,
  signedRankDistribution,
} from '#domain/statistics/rank-distribution.ts'
import { completePairs, completeSample, midRanks, type Sample } from '#domain/statistics/samples.ts'

export interface SignedRankOptions {
  /** 'auto': exact up to 50 non-zero differences. */
  method?: 'exact' | 'normal' | 'auto'
  correction?: boolean
  /** 'drop' leaves zeros out before ranking (Wilcoxon); 'pratt' ranks them and leaves them out of the sum (1959). */
  zeros?: 'drop' | 'pratt'
  alternative?: Alternative
  /**
   * Differences of decimals are rounded to 13 significant digits of the larger member, so that equal steps tie
   * (default). `false` ranks the raw binary differences, as R's wilcox.test does unless told otherwise.
   */
  roundDifferences?: boolean
}

export interface SignedRank {
  /** Sum of the ranks of positive differences. */
  v: number
  nonZero: number
  zeros: number
  missing: number
  ties: boolean
  method: 'exact' | 'normal'
  corrected: boolean
  z: number | null
  p: number
  alternative: Alternative
}

/** Differences x − y of complete pairs, or the values of one sample. */
function differencesOf(
  x: Sample,
  y: Sample | undefined,
  round = true,
): { values: Float64Array; missing: number } {
  if (!y) return completeSample(x)
  const pairs = completePairs(x, y)
  const values = pairs.x.map((value, i) => {
    const other = pairs.y[i] as number
    const size = Math.max(Math.abs(value), Math.abs(other))
    const d = value - other
    ensure(Number.isFinite(d), 'not-finite', `the difference of ${value} and ${other} is too large`)
    return d === 0 || !round ? d : clean(d, size)
  })
  return { values, missing: pairs.missing }
}

function clean(difference: number, size: number): number {
  const digits = 13 - Math.ceil(Math.log10(size))
  return digits >= 0 && digits <= 20 ? Number(difference.toFixed(digits)) : difference
}

/**
 * Wilcoxon signed-rank test of one sample (or of paired differences x − y) against 0. Exact with ties by the shift
 * algorithm. With nothing but zeros p is 1. Throws `empty-sample`, `length-mismatch`, `sample-too-large`.
 * Input: one sample, or two of equal length in one unit. Missing: a value or pair with a missing member is dropped and
 * counted; NaN and ±Infinity are refused (`not-finite`). Source: Wilcoxon (1945), Pratt (1959), Streitberg and Röhmel
 * (1986).
 * Example: `signedRank([1.83, 0.5, 1.62], [0.878, 0.647, 0.598]).p` = 0.5, `signedRank([1, 2, 2, -1, 3]).p` = 0.1875.
 */
export function signedRank(x: Sample, y?: Sample, options: SignedRankOptions = {}): SignedRank {
  const { method = 'auto', correction = true, zeros = 'drop', alternative = 'two-sided' } = options
  const { values, missing } = differencesOf(x, y, options.roundDifferences)
  ensure(values.length > 0, 'empty-sample', 'the test needs a difference')
  const ranked = zeros === 'drop' ? values.filter((d) => d !== 0) : values
  const { ranks } = midRanks(ranked.map(Math.abs))
  let v = 0
  let sum = 0
  let squares = 0
  const kept: number[] = []
  for (let i = 0; i < ranked.length; i++) {
    const d = ranked[i] as number
    if (d === 0) continue
    const r = ranks[i] as number
    kept.push(r)
    sum += r
    squares += r * r
    if (d > 0) v += r
  }
  const nonZero = kept.length
  const ties = new Set(kept).size < nonZero
  const exact = method === 'exact' || (method === 'auto' && nonZero <= 50)
  const shared = { v, nonZero, zeros: values.length - nonZero, missing, ties, alternative }
  if (nonZero === 0) return { ...shared, method: 'exact', corrected: false, z: null, p: 1 }
  if (exact) {
    const scores = kept.map((r) => Math.round(2 * r))
    const tails = rankTails(signedRankDistribution(scores), Math.round(2 * v), sum)
    const p = { 'two-sided': tails.twoSided, less: tails.less, greater: tails.greater }[alternative]
    return { ...shared, method: 'exact', corrected: false, z: null, p }
  }
  const centred = v - sum / 2
  const shift = { 'two-sided': Math.sign(centred) * 0.5, greater: 0.5, less: -0.5 }[alternative]
  const z = (centred - (correction ? shift : 0)) / Math.sqrt(squares / 4)
  const p =
    alternative === 'less'
      ? normalCdf(z)
      : alternative === 'greater'
        ? normalCdf(z, 'upper')
        : Math.min(1, 2 * normalCdf(-Math.abs(z)))
  return { ...shared, method: 'normal', corrected: correction, z, p }
}

/**
 * Hodges-Lehmann pseudo-median of one sample or of paired differences: the median of the Walsh averages (d + d′)/2,
 * with Tukey’s limits from the signed-rank distribution (exact without ties up to 50 differences, else normal). A
 * one-sided alternative has one limit, the other is infinite. Throws `empty-sample`, `sample-too-large`.
 * Input: one sample, or two of equal length in one unit; estimate and limits are in it. Missing: a value or pair with a
 * missing member is dropped; NaN and ±Infinity are refused (`not-finite`). Source: Hodges and Lehmann (1963).
 * Example: `pseudoMedian([2000, 500]).estimate` = 1250, `pseudoMedian([1, 2, 4, 8, 16, 32]).estimate` = 8.5,
 * `pseudoMedian([1, 2, 4, 8, 16, 32]).upper` = 32.
 */
export function pseudoMedian(x: Sample, y?: Sample, options: ShiftOptions = {}): ShiftEstimate {
  const { confidenceLevel = 0.95, method = 'auto' } = options
  const { alternative = 'two-sided', correction = true } = options
  requireConfidenceLevel(confidenceLevel)
  const all = differencesOf(x, y).values
  ensure(all.length > 0, 'empty-sample', 'the estimate needs a difference')
  const values = all.filter((d) => d !== 0)
  if (values.length === 0)
    return { estimate: 0, lower: 0, upper: 0, confidenceLevel, method: 'exact' }
  const n = values.length
  ensure(n <= 5000, 'sample-too-large', `${n} differences`)
  const walsh = new Float64Array((n * (n + 1)) / 2)
  let at = 0
  for (let i = 0; i < n; i++)
    for (let j = i; j < n; j++) walsh[at++] = (values[i] as number) / 2 + (values[j] as number) / 2
  walsh.sort()
  const sizes = midRanks(values.map(Math.abs))
  const exact = method === 'exact' || (method === 'auto' && sizes.tieSum === 0 && n <= 50)
  // Seen from a limit only equal values tie, not those that are opposite about 0.
  const sigma = Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24 - midRanks(values).tieSum / 48)
  const middle = walsh.length / 2 - (correction ? 0.5 : 0)
  const distribution = exact
    ? signedRankDistribution(Array.from({ length: n }, (_, i) => i + 1))
    : null
  return {
    estimate: sortedMedian(walsh),
    ...shiftLimits(walsh, confidenceLevel, alternative, (alpha) =>
      distribution
        ? rankQuantile(distribution, alpha)
        : Math.floor(middle - normalQuantile(alpha, 'upper') * sigma) + 1,
    ),
    confidenceLevel,
    method: exact ? 'exact' : 'normal',
  }
}
