import { meanOf, standardDeviationOf } from '#domain/statistics/descriptive.ts'
import { tCdf, tQuantile, tTwoSided } from '#domain/statistics/distributions.ts'
import type { Alternative } from '#domain/statistics/fisher-exact.ts'
import { ensure, requireConfidenceLevel } from '#domain/statistics/problem.ts'
import { completePairs, completeSample, type Sample } from '#domain/statistics/samples.ts'

export interface TTestOptions {
  /** Mean (difference) under the null hypothesis. */
  mu?: number
  alternative?: Alternative
  confidenceLevel?: number
}

export interface TTest {
  kind: 'student' | 'welch' | 'paired' | 'one-sample'
  t: number
  degreesOfFreedom: number
  p: number
  /** Means of the samples, or the one mean (difference). */
  means: number[]
  difference: number
  standardError: number
  lower: number
  upper: number
  alternative: Alternative
  n: number[]
  missing: number[]
}

/** Mean, SD (divisor n − 1, not an SEM) and number of values of one group. */
export interface SampleSummary {
  mean: number
  standardDeviation: number
  n: number
}

function finish(
  base: Pick<TTest, 'kind' | 'means' | 'n' | 'missing'>,
  difference: number,
  standardError: number,
  df: number,
  { mu = 0, alternative = 'two-sided', confidenceLevel = 0.95 }: TTestOptions,
): TTest {
  requireConfidenceLevel(confidenceLevel)
  ensure(Number.isFinite(mu), 'bad-option', `mu is ${mu}`)
  const size = Math.max(...base.means.map(Math.abs))
  ensure(
    standardError > 10 * Number.EPSILON * size,
    'constant-sample',
    'the values are essentially constant',
  )
  ensure(
    Number.isFinite(standardError) && Number.isFinite(difference),
    'not-finite',
    'the values are too large to compare',
  )
  const t = (difference - mu) / standardError
  const p =
    alternative === 'two-sided'
      ? tTwoSided(t, df)
      : tCdf(t, df, alternative === 'less' ? 'lower' : 'upper')
  const tail = alternative === 'two-sided' ? (1 - confidenceLevel) / 2 : 1 - confidenceLevel
  const reach = tQuantile(tail, df, 'upper') * standardError
  return {
    ...base,
    t,
    degreesOfFreedom: df,
    p,
    difference,
    standardError,
    alternative,
    lower: alternative === 'less' ? -Infinity : difference - reach,
    upper: alternative === 'greater' ? Infinity : difference + reach,
  }
}

/**
 * Two-sample t test from means, SDs and sizes: Student with pooled variance or Welch. Throws `bad-option`,
 * `not-finite`, `sample-too-small`, `constant-sample`.
 * Input: mean and SD (not SE) in one unit, n subjects, of two groups; difference and limits are in that unit. Missing:
 * a published summary has no missing values; NaN is refused. Source: Student (1908), Welch (1947).
 * Example: `tTestFromSummary({ mean: 61.6, standardDeviation: 11, n: 30 }, { mean: 59.2, standardDeviation: 13, n: 28
 * }, 'student').p` = 0.4500.
 */
export function tTestFromSummary(
  first: SampleSummary,
  second: SampleSummary,
  kind: 'student' | 'welch',
  options: TTestOptions = {},
): TTest {
  for (const s of [first, second]) {
    ensure(Number.isInteger(s.n) && s.n > 0, 'bad-option', `n is ${s.n}`)
    ensure(
      Number.isFinite(s.mean) && (Number.isFinite(s.standardDeviation) || s.n === 1),
      'not-finite',
      'mean and SD must be numbers',
    )
    ensure(!(s.standardDeviation < 0), 'bad-option', 'an SD is negative')
  }
  const v1 = first.n > 1 ? first.standardDeviation ** 2 : 0
  const v2 = second.n > 1 ? second.standardDeviation ** 2 : 0
  let df: number
  let standardError: number
  if (kind === 'student') {
    df = first.n + second.n - 2
    ensure(df > 0, 'sample-too-small', 'Student’s test needs three values')
    standardError = Math.sqrt(
      (((first.n - 1) * v1 + (second.n - 1) * v2) / df) * (1 / first.n + 1 / second.n),
    )
  } else {
    ensure(
      first.n > 1 && second.n > 1,
      'sample-too-small',
      'Welch’s test needs two values in each sample',
    )
    const e1 = v1 / first.n
    const e2 = v2 / second.n
    standardError = Math.sqrt(e1 + e2)
    ensure(standardError > 0, 'constant-sample', 'the values are essentially constant')
    const share = e1 / (e1 + e2)
    df = 1 / (share ** 2 / (first.n - 1) + (1 - share) ** 2 / (second.n - 1))
  }
  return finish(
    { kind, means: [first.mean, second.mean], n: [first.n, second.n], missing: [0, 0] },
    first.mean - second.mean,
    standardError,
    df,
    options,
  )
}

/**
 * t test of two independent samples: Welch or Student with pooled variance. Throws `empty-sample`, `sample-too-small`,
 * `constant-sample`.
 * Input: two samples in one unit; difference (first minus second), SE and limits are in it. Missing: null is dropped
 * and counted; NaN and ±Infinity are refused (`not-finite`). Source: Student (1908), Welch (1947).
 * Example: `tTest([1, 2, 3], [2, 3, 5], 'welch').p` = 0.2846, `tTest([1, 2, null, 3], [2, 3, 5], 'student').p` =
 * 0.2746.
 */
export function tTest(
  x: Sample,
  y: Sample,
  kind: 'student' | 'welch' = 'welch',
  options: TTestOptions = {},
): TTest {
  const samples = [completeSample(x, 'first sample'), completeSample(y, 'second sample')] as const
  const [a, b] = samples.map(({ values }) => {
    ensure(values.length > 0, 'empty-sample', 'each sample needs a value')
    return {
      mean: meanOf(values),
      standardDeviation: values.length > 1 ? standardDeviationOf(values) : Number.NaN,
      n: values.length,
    }
  }) as [SampleSummary, SampleSummary]
  return { ...tTestFromSummary(a, b, kind, options), missing: samples.map((s) => s.missing) }
}

function oneMean(
  values: Float64Array,
  missing: number,
  kind: 'paired' | 'one-sample',
  options: TTestOptions,
): TTest {
  const n = values.length
  ensure(n > 1, 'sample-too-small', 'the test needs two values')
  const mean = meanOf(values)
  const standardError = standardDeviationOf(values) / Math.sqrt(n)
  return finish(
    { kind, means: [mean], n: [n], missing: [missing] },
    mean,
    standardError,
    n - 1,
    options,
  )
}

/**
 * Paired t test of x − y. Throws `length-mismatch`, `sample-too-small`, `constant-sample`.
 * Input: two columns of equal length in one unit; difference, SE and limits are in it. Missing: a pair with a missing
 * member is dropped and counted; NaN and ±Infinity are refused (`not-finite`). Source: Student (1908).
 * Example: `pairedTTest([3, 4, 6], [1, 3, 3]).t` = 3.4641.
 */
export function pairedTTest(x: Sample, y: Sample, options: TTestOptions = {}): TTest {
  const pairs = completePairs(x, y)
  return oneMean(
    pairs.x.map((value, i) => value - (pairs.y[i] as number)),
    pairs.missing,
    'paired',
    options,
  )
}

/**
 * One-sample t test of the mean against `mu`. Throws `sample-too-small`, `constant-sample`.
 * Input: a sample in any unit; mean, SE and limits are in it. Missing: null is dropped and counted; NaN and ±Infinity
 * are refused (`not-finite`). Source: Student (1908).
 * Example: `oneSampleTTest([1, 2, 4], { mu: 0 }).p` = 0.1181.
 */
export function oneSampleTTest(x: Sample, options: TTestOptions = {}): TTest {
  const { values, missing } = completeSample(x)
  return oneMean(values, missing, 'one-sample', options)
}
