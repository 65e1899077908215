/** The tests a report may name, each applied to traced values and named with its options in the result. */
import { chiSquareTest } from '#domain/statistics/chi-square.ts'
import { fisherExact } from '#domain/statistics/fisher-exact.ts'
import { fisherFreemanHalton } from '#domain/statistics/fisher-freeman-halton.ts'
import { kruskalWallis, oneWayAnova } from '#domain/statistics/k-samples.ts'
import { mannWhitney } from '#domain/statistics/mann-whitney.ts'
import { mcNemarTest } from '#domain/statistics/mcnemar.ts'
import { StatisticsProblem } from '#domain/statistics/problem.ts'
import { formatPValue } from '#domain/statistics/rounding.ts'
import { signedRank } from '#domain/statistics/signed-rank.ts'
import { pairedTTest, tTest } from '#domain/statistics/t-test.ts'
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

const numericTests = [
  't-test',
  'welch',
  'mann-whitney',
  'mann-whitney-cc',
  'kruskal-wallis',
  'anova',
] as const
export type NumericTest = (typeof numericTests)[number]
export function isNumericTest(name: string): name is NumericTest {
  return (numericTests as readonly string[]).includes(name)
}

type Values = readonly (number | null)[]

/**
 * Independent samples; null values are missing. Kruskal-Wallis and analysis of variance take any number of samples (a sample
 * without a value is left out), the others exactly two.
 */
export function compareNumbers(name: NumericTest, samples: readonly Values[]): TestResult {
  return testResult(name, () => {
    if (name === 'kruskal-wallis' || name === 'anova') {
      const values = samples.flat()
      const labels = samples.flatMap((sample, at) => sample.map(() => String(at)))
      if (name === 'anova') {
        const result = oneWayAnova(values, labels)
        return {
          p: result.p,
          statistic: result.f,
          degreesOfFreedom: result.betweenDegreesOfFreedom,
        }
      }
      const result = kruskalWallis(values, labels)
      return { p: result.p, statistic: result.h, degreesOfFreedom: result.degreesOfFreedom }
    }
    const [x, y] = samples
    if (samples.length !== 2 || !x || !y)
      throw new StatisticsProblem(
        'bad-option',
        `this test compares two groups, not ${samples.length}`,
      )
    if (name === 't-test' || name === 'welch') {
      const result = tTest(x, y, name === 'welch' ? 'welch' : 'student')
      return { p: result.p, statistic: result.t, degreesOfFreedom: result.degreesOfFreedom }
    }
    const result = mannWhitney(x, y, { method: 'normal', correction: name === 'mann-whitney-cc' })
    return { p: result.p, statistic: result.u, degreesOfFreedom: null }
  })
}

export type PairedTest = 'paired-t' | 'signed-rank' | 'mcnemar'

/**
 * Two values of the same subjects, in the same order; a pair with a missing member is left out. Signed rank by the normal
 * approximation without continuity correction (as SPSS prints it), McNemar without correction, 1 for yes and 0 for no.
 */
export function comparePairs(name: PairedTest, x: Values, y: Values): TestResult {
  return testResult(name, () => {
    if (name === 'paired-t') {
      const result = pairedTTest(x, y)
      return { p: result.p, statistic: result.t, degreesOfFreedom: result.degreesOfFreedom }
    }
    if (name === 'signed-rank') {
      const result = signedRank(x, y, { method: 'normal', correction: false })
      return { p: result.p, statistic: result.v, degreesOfFreedom: null }
    }
    const count = (first: number, second: number) =>
      x.filter((value, at) => value === first && y[at] === second).length
    const result = mcNemarTest([
      [count(1, 1), count(1, 0)],
      [count(0, 1), count(0, 0)],
    ])
    return { p: result.p, statistic: result.chiSquare, degreesOfFreedom: 1 }
  })
}

const countTests = ['fisher', 'fisher-one-sided', 'chi-square'] as const
export type CountTest = (typeof countTests)[number]
export function isCountTest(name: string): name is CountTest {
  return (countTests as readonly string[]).includes(name)
}

/**
 * A table of counts, groups in columns. Fisher's test is two-sided, beyond 2 x 2 in Freeman and Halton's form; empty rows and
 * columns, which change nothing, are left out of it. One-sided is the smaller tail, of 2 x 2 only. Chi-square without
 * continuity correction.
 */
export function compareCounts(name: CountTest, table: readonly (readonly number[])[]): TestResult {
  return testResult(name, () => {
    if (name === 'fisher-one-sided') {
      const filled = isTwoByTwo(table) ? table : withoutEmpty(table)
      if (!isTwoByTwo(filled))
        throw new StatisticsProblem('bad-table', 'only a 2 × 2 table has one-sided values')
      return { p: fisherExact(filled).smallerTail, statistic: null, degreesOfFreedom: null }
    }
    if (name === 'fisher') return { p: fisherOf(table), statistic: null, degreesOfFreedom: null }
    const result = chiSquareTest(table, { correction: false })
    return { p: result.p, statistic: result.statistic, degreesOfFreedom: result.degreesOfFreedom }
  })
}

/** Reports are computed while somebody waits: a table that needs longer than seconds is named, not computed. */
const mostSteps = 2e8

function fisherOf(table: readonly (readonly number[])[]): number {
  return isTwoByTwo(table)
    ? fisherExact(table).p
    : fisherFreemanHalton(table, { maximumSteps: mostSteps }).p
}

function isTwoByTwo(table: readonly (readonly number[])[]): boolean {
  return table.length === 2 && table.every((row) => row.length === 2)
}

function withoutEmpty(table: readonly (readonly number[])[]): number[][] {
  const rows = table.filter((row) => row.some((count) => count > 0))
  const filled = (rows[0] ?? []).map((_, column) => rows.some((row) => (row[column] ?? 0) > 0))
  return rows.map((row) => row.filter((_, column) => filled[column]))
}
