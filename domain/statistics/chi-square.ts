/* Pearson's chi-square tests of counts. Which one was used, and whether corrected, belongs beside every p-value. */
import { type Table, tableMargins } from '#domain/statistics/contingency.ts'
import { chiSquareCdf, normalCdf } from '#domain/statistics/distributions.ts'
import { ensure } from '#domain/statistics/problem.ts'

export interface ChiSquareTest {
  statistic: number
  degreesOfFreedom: number
  p: number
  expected: number[][]
  /** (O − E)/√E. */
  residuals: number[][]
  minimumExpected: number
  /** Yates' correction was applied (2 × 2 only): min(0.5, |O − E|) is taken off every deviation. */
  corrected: boolean
}

/**
 * Pearson’s chi-square test of independence; `correction` applies Yates’s to a 2 × 2 table and does nothing to others,
 * as in R. Throws `bad-table` when a row or column is empty.
 * Input: r × c counts of subjects, r, c ≥ 2. Missing: counts are whole and not missing (`crossTabulate` drops and
 * counts rows with a missing label). Source: Pearson (1900), Yates (1934).
 * Example: `chiSquareTest([[6, 10, 14], [4, 13, 11]]).p` = 0.5817, `chiSquareTest([[19, 11], [22, 6]], { correction:
 * true }).statistic` = 0.9709.
 */
export function chiSquareTest(table: Table, options: { correction?: boolean } = {}): ChiSquareTest {
  const { rows, columns, total } = tableMargins(table)
  ensure(
    rows.every((r) => r > 0) && columns.every((c) => c > 0),
    'bad-table',
    'a row or a column of the table is empty',
  )
  const expected = rows.map((r) => columns.map((c) => (r * c) / total))
  const corrected = options.correction === true && rows.length === 2 && columns.length === 2
  const cell = (i: number, j: number) => (table[i] as readonly number[])[j] as number
  const deviation = Math.abs(cell(0, 0) - ((expected[0] as number[])[0] as number))
  const yates = corrected ? Math.min(0.5, deviation) : 0
  let statistic = 0
  let minimumExpected = Infinity
  const residuals = expected.map((row, i) =>
    row.map((e, j) => {
      statistic += (Math.abs(cell(i, j) - e) - yates) ** 2 / e
      minimumExpected = Math.min(minimumExpected, e)
      return (cell(i, j) - e) / Math.sqrt(e)
    }),
  )
  const degreesOfFreedom = (rows.length - 1) * (columns.length - 1)
  return {
    statistic,
    degreesOfFreedom,
    p: chiSquareCdf(statistic, degreesOfFreedom, 'upper'),
    expected,
    residuals,
    minimumExpected,
    corrected,
  }
}

export interface GoodnessOfFit {
  statistic: number
  degreesOfFreedom: number
  p: number
  expected: number[]
  residuals: number[]
}

/**
 * Pearson’s chi-square test that counts follow given probabilities: all equal when not given; they are divided by their
 * sum. Throws `bad-table`, `length-mismatch`, `bad-option`.
 * Input: one count per category, one positive probability per category. Missing: a count cannot be missing. Source:
 * Pearson (1900).
 * Example: `goodnessOfFit([10, 20, 30]).statistic` = 10, `goodnessOfFit([10, 20, 30], [0.2, 0.3, 0.5]).p` = 0.7575.
 */
export function goodnessOfFit(
  counts: readonly number[],
  probabilities: readonly number[] = counts.map(() => 1),
): GoodnessOfFit {
  ensure(counts.length > 1, 'bad-table', 'the test needs two categories')
  ensure(
    counts.every((x) => Number.isFinite(x) && x >= 0),
    'bad-table',
    'a count is not a number of observations',
  )
  ensure(
    probabilities.length === counts.length,
    'length-mismatch',
    'one probability for each category',
  )
  ensure(
    probabilities.every((p) => Number.isFinite(p) && p > 0),
    'bad-option',
    'every probability must be positive',
  )
  const n = counts.reduce((sum, x) => sum + x, 0)
  const total = probabilities.reduce((sum, x) => sum + x, 0)
  ensure(n > 0, 'bad-table', 'the counts are all 0')
  const expected = probabilities.map((p) => (p / total) * n)
  const residuals = counts.map(
    (x, i) => (x - (expected[i] as number)) / Math.sqrt(expected[i] as number),
  )
  const statistic = residuals.reduce((sum, r) => sum + r * r, 0)
  const degreesOfFreedom = counts.length - 1
  return {
    statistic,
    degreesOfFreedom,
    p: chiSquareCdf(statistic, degreesOfFreedom, 'upper'),
    expected,
    residuals,
  }
}

export interface TrendTest {
  chiSquare: number
  z: number
  /** Two-sided. */
  p: number
}

/**
 * Test of a linear trend across ordered columns. A table of 2 × k is the Cochran-Armitage test (R: prop.trend.test); r
 * × k with row scores is the linear-by-linear association with divisor n instead of n − 1. Throws `bad-table`,
 * `constant-sample`.
 * Input: r × k counts of subjects; scores in any unit, 1, 2, 3… unless given. Missing: counts are whole and not missing
 * (`crossTabulate` drops and counts rows with a missing label). Source: Cochran (1954), Armitage (1955).
 * Example: `trendTest([[15, 10, 5], [5, 10, 15]]).chiSquare` = 10, `trendTest([[15, 10, 5], [5, 10, 15]]).p` = 0.0016.
 */
export function trendTest(
  table: Table,
  scores?: { rows?: readonly number[]; columns?: readonly number[] },
): TrendTest {
  const { rows, columns, total } = tableMargins(table)
  const u = scores?.rows ?? rows.map((_, i) => i + 1)
  const v = scores?.columns ?? columns.map((_, j) => j + 1)
  ensure(
    u.length === rows.length && v.length === columns.length,
    'length-mismatch',
    'one score per row and column',
  )
  const mean = (s: readonly number[], w: readonly number[]) =>
    s.reduce((sum, x, i) => sum + (x * (w[i] as number)) / total, 0)
  const mu = mean(u, rows)
  const mv = mean(v, columns)
  const spread = (s: readonly number[], w: readonly number[], m: number) =>
    s.reduce((sum, x, i) => sum + (w[i] as number) * (x - m) ** 2, 0)
  const su = spread(u, rows, mu)
  const sv = spread(v, columns, mv)
  ensure(su > 0 && sv > 0, 'constant-sample', 'all observations have one score')
  let cross = 0
  for (const [i, row] of table.entries()) {
    for (const [j, count] of row.entries()) {
      cross += count * ((u[i] as number) - mu) * ((v[j] as number) - mv)
    }
  }
  const z = (cross / Math.sqrt(su * sv)) * Math.sqrt(total)
  return { chiSquare: z * z, z, p: 2 * normalCdf(-Math.abs(z)) }
}
