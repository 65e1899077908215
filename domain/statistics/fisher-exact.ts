/*
 * Fisher's exact test of a 2 × 2 table, conditional on both margins, with the conditional maximum likelihood odds
 * ratio and exact limits (Fisher 1935; Cornfield 1956). The two-sided p-value sums the tables that are no more
 * probable than the observed one, where probabilities equal but for rounding (1e-7 relative) count as equal: without
 * that a symmetric table loses half its p-value.
 */
import { type Table, tableMargins } from '#domain/statistics/contingency.ts'
import { ensure, requireConfidenceLevel } from '#domain/statistics/problem.ts'
import { hypergeometricTerms } from '#domain/statistics/special/hypergeometric.ts'
import { solveMonotone } from '#domain/statistics/special/root.ts'

export type Alternative = 'two-sided' | 'less' | 'greater'

export interface FisherExact {
  alternative: Alternative
  p: number
  /** All three p-values; `smallerTail` is the one-sided test of some papers, the smaller of less and greater. */
  twoSided: number
  less: number
  greater: number
  smallerTail: number
  /** Two-sided with half weight on tables as probable as the observed one. */
  midP: number
  /** Conditional maximum likelihood estimate, 0 to Infinity, and exact limits for the alternative. */
  oddsRatio: number
  lower: number
  upper: number
  confidenceLevel: number
}

const relativeTolerance = 1 + 1e-7

/**
 * Two-sided p-values of all 2 × 2 tables with the given margins at once; `p[i]` belongs to the upper left count `from +
 * i`.
 * Input: three margins, whole counts. Missing: counts cannot be missing. Source: Fisher (1935).
 * Example: `fisherByMargins(3, 3, 3).p` = [0.1, 1, 1, 0.1].
 */
export function fisherByMargins(
  firstColumn: number,
  secondColumn: number,
  firstRow: number,
): { from: number; p: Float64Array } {
  const { from, logTerms } = hypergeometricTerms(firstColumn, secondColumn, firstRow)
  const sorted = Float64Array.from(logTerms).sort()
  const cumulated = new Float64Array(sorted.length + 1)
  for (let i = 0; i < sorted.length; i++) {
    cumulated[i + 1] = (cumulated[i] as number) + Math.exp(sorted[i] as number)
  }
  const slack = Math.log(relativeTolerance)
  const p = logTerms.map((log) => {
    let lo = 0
    let hi = sorted.length
    while (lo < hi) {
      const mid = (lo + hi) >> 1
      if ((sorted[mid] as number) <= log + slack) lo = mid + 1
      else hi = mid
    }
    return Math.min(1, cumulated[lo] as number)
  })
  return { from, p }
}

/** Mean, P(X ≤ x) and P(X ≥ x) of the non-central hypergeometric distribution with log odds ratio θ. */
function tilted(logTerms: Float64Array, index: number, theta: number) {
  let top = -Infinity
  for (let i = 0; i < logTerms.length; i++) top = Math.max(top, (logTerms[i] as number) + i * theta)
  let total = 0
  let mean = 0
  let below = 0
  let above = 0
  for (let i = 0; i < logTerms.length; i++) {
    const weight = Math.exp((logTerms[i] as number) + i * theta - top)
    total += weight
    mean += i * weight
    if (i <= index) below += weight
    if (i >= index) above += weight
  }
  return { mean: mean / total, below: below / total, above: above / total }
}

/**
 * Fisher’s exact test of [[a, b], [c, d]] with conditional odds ratio and exact limits; 'greater' tests an odds ratio
 * ad/bc above 1. Throws `bad-table`, `bad-option`.
 * Input: 2 × 2 counts of subjects. Missing: counts are whole and not missing (`crossTabulate` drops and counts rows
 * with a missing label). Source: Fisher (1935), Cornfield (1956).
 * Example: `fisherExact([[19, 11], [22, 6]]).p` = 0.2549, `fisherExact([[19, 11], [22, 6]], { alternative: 'less' }).p`
 * = 0.1624, `fisherExact([[19, 11], [22, 6]]).oddsRatio` = 0.477.
 */
export function fisherExact(
  table: Table,
  options: { alternative?: Alternative; confidenceLevel?: number } = {},
): FisherExact {
  const { alternative = 'two-sided', confidenceLevel = 0.95 } = options
  requireConfidenceLevel(confidenceLevel)
  const { rows, columns } = tableMargins(table)
  ensure(table.length === 2 && columns.length === 2, 'bad-table', 'fisherExact takes a 2 × 2 table')
  const x = (table[0] as readonly number[])[0] as number
  const { from, logTerms } = hypergeometricTerms(
    columns[0] as number,
    columns[1] as number,
    rows[0] as number,
  )
  const index = x - from
  const last = logTerms.length - 1
  const observed = Math.exp(logTerms[index] as number)
  let twoSided = 0
  let midP = 0
  let less = 0
  let greater = 0
  const limit = (logTerms[index] as number) + Math.log(relativeTolerance)
  const equal = (logTerms[index] as number) - Math.log(relativeTolerance)
  // Small terms first, so that a tail sum keeps its digits.
  const order = [...logTerms.keys()].sort(
    (i, j) => (logTerms[i] as number) - (logTerms[j] as number),
  )
  for (const i of order) {
    const log = logTerms[i] as number
    const probability = i === index ? observed : Math.exp(log)
    if (log <= limit) {
      twoSided += probability
      midP += log >= equal ? probability / 2 : probability
    }
    if (i <= index) less += probability
    if (i >= index) greater += probability
  }
  const one = (p: number) => Math.min(1, p)
  const p = { 'two-sided': one(twoSided), less: one(less), greater: one(greater) }
  const alpha = alternative === 'two-sided' ? (1 - confidenceLevel) / 2 : 1 - confidenceLevel
  const solve = (f: (theta: number) => number) => Math.exp(solveMonotone(f, 0, 1))
  const oddsRatio =
    index === 0
      ? 0
      : index === last
        ? Infinity
        : solve((t) => tilted(logTerms, index, t).mean - index)
  const hasLower = alternative !== 'less' && index > 0
  const hasUpper = alternative !== 'greater' && index < last
  return {
    alternative,
    p: p[alternative],
    twoSided: p['two-sided'],
    less: p.less,
    greater: p.greater,
    smallerTail: Math.min(p.less, p.greater),
    midP: one(midP),
    oddsRatio,
    lower: hasLower
      ? solve((t) => Math.log(tilted(logTerms, index, t).above) - Math.log(alpha))
      : 0,
    upper: hasUpper
      ? solve((t) => Math.log(tilted(logTerms, index, t).below) - Math.log(alpha))
      : Infinity,
    confidenceLevel,
  }
}
