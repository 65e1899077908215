/* Agreement of raters: Cohen's kappa (plain and weighted) and intraclass correlation. */
import { type Table, tableMargins } from '#domain/statistics/contingency.ts'
import { fCdf, fQuantile, normalCdf, normalQuantile } from '#domain/statistics/distributions.ts'
import { ensure, requireConfidenceLevel } from '#domain/statistics/problem.ts'
import { completeSample, type Sample } from '#domain/statistics/samples.ts'

export type KappaWeights = 'none' | 'linear' | 'quadratic'

export interface Kappa {
  kappa: number
  /** Large-sample standard error for limits (Fleiss, Cohen and Everitt 1969), and the one under no agreement for z. */
  standardError: number
  lower: number
  upper: number
  /** null when the null variance is 0. */
  z: number | null
  p: number | null
  observedAgreement: number
  expectedAgreement: number
  n: number
}

/**
 * Cohen's kappa of two raters with limits and test, plain or with weights 1 − |i − j|/(k − 1) (linear) or 1 − (i −
 * j)²/(k − 1)² (quadratic). Throws `bad-table`, and `constant-sample` when both raters used one category only.
 * Input: k × k counts of subjects, rows one rater, columns the other, categories in the same order. Missing: counts are
 * whole and not missing (`crossTabulate` drops and counts rows with a missing label). Source: Cohen (1960, 1968);
 * standard errors of Fleiss, Cohen and Everitt (1969).
 * Example: `cohenKappa([[20, 5], [10, 15]]).kappa` = 0.4, `cohenKappa([[11, 3, 1], [2, 8, 4], [0, 3, 9]],
 * 'quadratic').kappa` = 0.7045.
 */
export function cohenKappa(
  table: Table,
  weights: KappaWeights = 'none',
  confidenceLevel = 0.95,
): Kappa {
  requireConfidenceLevel(confidenceLevel)
  const { rows, columns, total: n } = tableMargins(table)
  const k = rows.length
  ensure(k === columns.length, 'bad-table', `a table of ${k} × ${columns.length} is not square`)
  const w = (i: number, j: number) => {
    if (weights === 'none') return i === j ? 1 : 0
    const distance = Math.abs(i - j) / (k - 1)
    return 1 - (weights === 'linear' ? distance : distance * distance)
  }
  const p = (i: number, j: number) => ((table[i] as readonly number[])[j] as number) / n
  const r = rows.map((x) => x / n)
  const c = columns.map((x) => x / n)
  const index = rows.map((_, i) => i)
  const each = (f: (i: number, j: number) => number) =>
    index.reduce((sum, i) => sum + index.reduce((s, j) => s + f(i, j), 0), 0)
  const observed = each((i, j) => w(i, j) * p(i, j))
  const expected = each((i, j) => w(i, j) * (r[i] as number) * (c[j] as number))
  ensure(expected < 1 - 1e-15, 'constant-sample', 'both raters used one category only')
  const kappa = (observed - expected) / (1 - expected)
  const rowMean = index.map((i) => index.reduce((s, j) => s + (c[j] as number) * w(i, j), 0))
  const columnMean = index.map((j) => index.reduce((s, i) => s + (r[i] as number) * w(i, j), 0))
  const both = (i: number, j: number) => (rowMean[i] as number) + (columnMean[j] as number)
  const variance =
    (each((i, j) => p(i, j) * (w(i, j) - both(i, j) * (1 - kappa)) ** 2) -
      (kappa - expected * (1 - kappa)) ** 2) /
    (n * (1 - expected) ** 2)
  const nullVariance =
    (each((i, j) => (r[i] as number) * (c[j] as number) * (w(i, j) - both(i, j)) ** 2) -
      expected ** 2) /
    (n * (1 - expected) ** 2)
  const standardError = Math.sqrt(Math.max(0, variance))
  const reach = normalQuantile((1 - confidenceLevel) / 2, 'upper') * standardError
  const z = nullVariance > 0 ? kappa / Math.sqrt(nullVariance) : null
  return {
    kappa,
    standardError,
    n,
    z,
    lower: kappa - reach,
    upper: Math.min(1, kappa + reach),
    p: z === null ? null : 2 * normalCdf(-Math.abs(z)),
    observedAgreement: observed,
    expectedAgreement: expected,
  }
}

export interface IccOptions {
  /** 'one-way': raters differ between subjects; 'two-way': the same raters for all. */
  model: 'one-way' | 'two-way'
  /** Whether a constant difference between raters counts as disagreement; one-way is always agreement. */
  type?: 'agreement' | 'consistency'
  /** Reliability of one rating or of the mean of all. */
  unit?: 'single' | 'average'
  confidenceLevel?: number
}

export interface IntraclassCorrelation {
  icc: number
  lower: number
  upper: number
  /** F test of no correlation. */
  f: number
  df1: number
  df2: number
  p: number
  subjects: number
  raters: number
  /** Subjects left out because a rating is missing. */
  missing: number
}

/**
 * Intraclass correlation with limits and F test: ICC(1,1) is one-way single, ICC(2,1) two-way agreement, ICC(3,1)
 * two-way consistency, ICC(·,k) of the mean of all raters (unit average). Throws `length-mismatch`, `sample-too-small`,
 * `constant-sample`.
 * Input: ratings[subject][rater], all in one unit; the result has none. Missing: a subject with a missing rating is
 * dropped and counted; NaN and ±Infinity are refused (`not-finite`). Source: Shrout and Fleiss (1979), McGraw and Wong
 * (1996).
 * Example: `intraclassCorrelation([[9, 8], [4, 5], [7, 7], [5, 3]], { model: 'two-way' }).icc` = 0.8448,
 * `intraclassCorrelation([[9, 8], [4, 5], [7, 7], [5, 3]], { model: 'one-way' }).icc` = 0.8462.
 */
export function intraclassCorrelation(
  ratings: readonly Sample[],
  options: IccOptions,
): IntraclassCorrelation {
  const { model, type = 'agreement', unit = 'single', confidenceLevel = 0.95 } = options
  requireConfidenceLevel(confidenceLevel)
  const k = ratings[0]?.length ?? 0
  const rows = ratings.map((row) => {
    ensure(row.length === k, 'length-mismatch', 'subjects differ in the number of ratings')
    return completeSample(row)
  })
  const complete = rows.filter((row) => row.missing === 0).map((row) => [...row.values])
  const n = complete.length
  ensure(n > 1 && k > 1, 'sample-too-small', 'two subjects with two ratings each are needed')
  const mean = (x: readonly number[]) => x.reduce((sum, v) => sum + v / x.length, 0)
  const subject = complete.map(mean)
  const rater = Array.from({ length: k }, (_, j) => mean(complete.map((row) => row[j] as number)))
  const grand = mean(subject)
  const ssr = k * subject.reduce((s, m) => s + (m - grand) ** 2, 0)
  const ssc = n * rater.reduce((s, m) => s + (m - grand) ** 2, 0)
  let ssw = 0
  let sse = 0
  complete.forEach((row, i) => {
    row.forEach((v, j) => {
      ssw += (v - (subject[i] as number)) ** 2
      sse += (v - (subject[i] as number) - (rater[j] as number) + grand) ** 2
    })
  })
  ensure(ssr > 0, 'constant-sample', 'the subjects do not differ')
  const msr = ssr / (n - 1)
  const msc = ssc / (k - 1)
  const msw = ssw / (n * (k - 1))
  const mse = sse / ((n - 1) * (k - 1))
  const within = model === 'one-way' ? msw : mse
  ensure(within > 1e-28 * msr, 'constant-sample', 'the raters agree without any error')
  const q = (1 + confidenceLevel) / 2
  const df1 = n - 1
  const df2 = model === 'one-way' ? n * (k - 1) : (n - 1) * (k - 1)
  const f = msr / within
  const single = (x: number) => (x - 1) / (x + k - 1)
  const average = (x: number) => 1 - 1 / x
  let icc: number
  let limits: [number, number]
  if (model === 'one-way' || type === 'consistency') {
    const from = unit === 'single' ? single : average
    icc = from(f)
    limits = [from(f / fQuantile(q, df1, df2)), from(f * fQuantile(q, df2, df1))]
  } else {
    const one = (msr - mse) / (msr + (k - 1) * mse + (k / n) * (msc - mse))
    const a = (k * one) / (n * (1 - one))
    const b = 1 + (k * one * (n - 1)) / (n * (1 - one))
    const v =
      (a * msc + b * mse) ** 2 / ((a * msc) ** 2 / (k - 1) + (b * mse) ** 2 / ((n - 1) * (k - 1)))
    const low = fQuantile(q, n - 1, v)
    const high = fQuantile(q, v, n - 1)
    const spread = k * msc + (k * n - k - n) * mse
    // Divided through by quantiles above 1, which may be infinite; below 1 they may be 0.
    limits = [
      (n * (msr / low - mse)) / (spread + (n * msr) / low),
      high > 1
        ? (n * (msr - mse / high)) / (spread / high + n * msr)
        : (n * (high * msr - mse)) / (spread + n * high * msr),
    ]
    icc = one
    if (unit === 'average') {
      icc = (msr - mse) / (msr + (msc - mse) / n)
      limits = limits.map((x) => (k * x) / (1 + (k - 1) * x)) as [number, number]
    }
  }
  return {
    icc,
    lower: limits[0],
    upper: limits[1],
    f,
    df1,
    df2,
    p: fCdf(f, df1, df2, 'upper'),
    subjects: n,
    raters: k,
    missing: rows.length - n,
  }
}
