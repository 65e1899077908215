/** The tests a report may name, each applied to traced values and named with its options in the result. */
import { chiSquareTest } from '#domain/statistics/chi-square.ts'
import { fisherExact } from '#domain/statistics/fisher-exact.ts'
import { fisherFreemanHalton } from '#domain/statistics/fisher-freeman-halton.ts'
import { mannWhitney } from '#domain/statistics/mann-whitney.ts'
import { StatisticsProblem } from '#domain/statistics/problem.ts'
import { formatPValue } from '#domain/statistics/rounding.ts'
import { tTest } from '#domain/statistics/t-test.ts'
import type { TestName, TestResult } from './report-result.ts'

type Computed = { p: number; statistic: number | null; degreesOfFreedom: number | null }

/** Runs a computation; a refusal of the statistics engine becomes a sentence where the number would be. */
export function testResult(name: TestName, compute: () => Computed): TestResult {
  try {
    const { p, statistic, degreesOfFreedom } = compute()
    return { name, p, text: formatPValue(p), statistic, degreesOfFreedom, note: null }
  } catch (error) {
    if (!(error instanceof StatisticsProblem)) throw error
    return {
      name,
      p: null,
      text: '–',
      statistic: null,
      degreesOfFreedom: null,
      note: { en: error.message },
    }
  }
}

export type NumericTest = 't-test' | 'welch' | 'mann-whitney' | 'mann-whitney-cc'

/** Two independent samples; null values are missing. */
export function compareNumbers(
  name: NumericTest,
  x: readonly (number | null)[],
  y: readonly (number | null)[],
): TestResult {
  return testResult(name, () => {
    if (name === 't-test' || name === 'welch') {
      const result = tTest(x, y, name === 'welch' ? 'welch' : 'student')
      return { p: result.p, statistic: result.t, degreesOfFreedom: result.degreesOfFreedom }
    }
    const result = mannWhitney(x, y, { method: 'normal', correction: name === 'mann-whitney-cc' })
    return { p: result.p, statistic: result.u, degreesOfFreedom: null }
  })
}

/**
 * A table of counts, groups in columns. Fisher's test is two-sided, beyond 2 x 2 in Freeman and Halton's form; empty rows and
 * columns, which change nothing, are left out of it. Chi-square without continuity correction.
 */
export function compareCounts(
  name: 'fisher' | 'chi-square',
  table: readonly (readonly number[])[],
): TestResult {
  return testResult(name, () => {
    if (name === 'fisher') return { p: fisherOf(table), statistic: null, degreesOfFreedom: null }
    const result = chiSquareTest(table, { correction: false })
    return { p: result.p, statistic: result.statistic, degreesOfFreedom: result.degreesOfFreedom }
  })
}

function fisherOf(table: readonly (readonly number[])[]): number {
  const isSquare = table.length === 2 && table.every((row) => row.length === 2)
  if (isSquare) return fisherExact(table).p
  const rows = table.filter((row) => row.some((count) => count > 0))
  const filled = (rows[0] ?? []).map((_, column) => rows.some((row) => (row[column] ?? 0) > 0))
  return fisherFreemanHalton(rows.map((row) => row.filter((_, column) => filled[column]))).p
}
