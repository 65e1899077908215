import { type Table, tableMargins } from '#domain/statistics/contingency.ts'
import { chiSquareCdf, normalCdf, normalQuantile } from '#domain/statistics/distributions.ts'
import type { Alternative } from '#domain/statistics/fisher-exact.ts'
import { ensure, requireConfidenceLevel } from '#domain/statistics/problem.ts'

export interface MantelHaenszel {
  chiSquare: number
  p: number
  chiSquareCorrected: number
  pCorrected: number
  /** Of the odds ratio against 1. */
  alternative: Alternative
  /** Mantel-Haenszel common odds ratio; null when no stratum has a discordant product bc. */
  oddsRatio: number | null
  /** Limits by the variance of Robins, Breslow and Greenland (1986); null when the odds ratio is 0 or null. */
  lower: number | null
  upper: number | null
  /** Strata with fewer than two observations carry no information and are left out. */
  strataUsed: number
}

/**
 * Cochran-Mantel-Haenszel test of 2 × 2 tables over strata, without and with continuity correction, and the common odds
 * ratio with limits. A one-sided alternative has one limit, the other is 0 or Infinity. Throws `bad-table` when no
 * stratum has variation.
 * Input: a list of 2 × 2 counts of subjects. Missing: counts are whole and not missing (`crossTabulate` drops and
 * counts rows with a missing label). Source: Mantel and Haenszel (1959), Robins, Breslow and Greenland (1986).
 * Example: `mantelHaenszel([[[2, 3], [5, 6]], [[4, 9], [6, 6]], [[5, 8], [2, 6]]]).p` = 0.7047, `mantelHaenszel([[[2,
 * 3], [5, 6]], [[4, 9], [6, 6]], [[5, 8], [2, 6]]]).oddsRatio` = 0.8132, `mantelHaenszel([[[2, 3], [5, 6]], [[4, 9], [6,
 * 6]], [[5, 8], [2, 6]]], 0.95, 'less').p` = 0.3524.
 */
export function mantelHaenszel(
  strata: readonly Table[],
  confidenceLevel = 0.95,
  alternative: Alternative = 'two-sided',
): MantelHaenszel {
  requireConfidenceLevel(confidenceLevel)
  ensure(strata.length > 0, 'bad-table', 'there is no stratum')
  let delta = 0
  let variance = 0
  let sumR = 0
  let sumS = 0
  let pr = 0
  let mixed = 0
  let qs = 0
  let strataUsed = 0
  for (const table of strata) {
    if (table.flat().every((x) => x === 0)) continue
    const { rows, columns, total: n } = tableMargins(table)
    ensure(
      rows.length === 2 && columns.length === 2,
      'bad-table',
      'every stratum must be a 2 × 2 table',
    )
    if (n < 2) continue
    strataUsed++
    const [[a, b], [c, d]] = table as [[number, number], [number, number]]
    const [r1, r2] = rows as [number, number]
    const [c1, c2] = columns as [number, number]
    delta += a - (r1 * c1) / n
    variance += (r1 * r2 * c1 * c2) / (n * n * (n - 1))
    const r = (a * d) / n
    const s = (b * c) / n
    const p = (a + d) / n
    const q = (b + c) / n
    sumR += r
    sumS += s
    pr += p * r
    mixed += p * s + q * r
    qs += q * s
  }
  ensure(variance > 0, 'bad-table', 'no stratum has variation in both margins')
  const size = Math.abs(delta)
  const statistic = (yates: number) => (size - yates) ** 2 / variance
  const chiSquare = statistic(0)
  const chiSquareCorrected = statistic(size >= 0.5 ? 0.5 : 0)
  const oddsRatio = sumS > 0 ? sumR / sumS : null
  const estimable = oddsRatio !== null && oddsRatio > 0
  const error = Math.sqrt(
    pr / (2 * sumR * sumR) + mixed / (2 * sumR * sumS) + qs / (2 * sumS * sumS),
  )
  const risk = (1 - confidenceLevel) / (alternative === 'two-sided' ? 2 : 1)
  const reach = Math.exp(normalQuantile(risk, 'upper') * error)
  // One-sided the signed root is normal; it is positive where the odds ratio is above 1.
  const probability = (chi: number) =>
    alternative === 'two-sided'
      ? chiSquareCdf(chi, 1, 'upper')
      : normalCdf(Math.sign(delta) * Math.sqrt(chi), alternative === 'less' ? 'lower' : 'upper')
  return {
    chiSquare,
    p: probability(chiSquare),
    chiSquareCorrected,
    pCorrected: probability(chiSquareCorrected),
    alternative,
    oddsRatio,
    lower: !estimable ? null : alternative === 'less' ? 0 : oddsRatio / reach,
    upper: !estimable ? null : alternative === 'greater' ? Infinity : oddsRatio * reach,
    strataUsed,
  }
}
