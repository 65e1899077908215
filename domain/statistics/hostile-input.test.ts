import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cohenKappa, intraclassCorrelation } from '#domain/statistics/agreement.ts'
import { chiSquareTest, goodnessOfFit, trendTest } from '#domain/statistics/chi-square.ts'
import {
  kendallCorrelation,
  pearsonCorrelation,
  spearmanCorrelation,
} from '#domain/statistics/correlation.ts'
import { coxPh } from '#domain/statistics/cox-ph.ts'
import { cumulativeIncidence } from '#domain/statistics/cumulative-incidence.ts'
import { type QuantileType, quantiles, summarize } from '#domain/statistics/descriptive.ts'
import * as distributions from '#domain/statistics/distributions.ts'
import { fisherExact } from '#domain/statistics/fisher-exact.ts'
import { fisherFreemanHalton } from '#domain/statistics/fisher-freeman-halton.ts'
import { kruskalWallis, oneWayAnova } from '#domain/statistics/k-samples.ts'
import { kaplanMeier } from '#domain/statistics/kaplan-meier.ts'
import { logRankTest } from '#domain/statistics/log-rank.ts'
import { hodgesLehmann, mannWhitney } from '#domain/statistics/mann-whitney.ts'
import { mantelHaenszel } from '#domain/statistics/mantel-haenszel.ts'
import { exactMantelHaenszel } from '#domain/statistics/mantel-haenszel-exact.ts'
import { bowkerTest, mcNemarTest } from '#domain/statistics/mcnemar.ts'
import { adjustPValues } from '#domain/statistics/p-adjust.ts'
import { StatisticsProblem } from '#domain/statistics/problem.ts'
import { binomialTest, proportionInterval } from '#domain/statistics/proportion.ts'
import {
  powerLogRank,
  powerTTest,
  powerTwoProportions,
  sampleSizeLogRank,
  sampleSizeTTest,
  sampleSizeTwoProportions,
} from '#domain/statistics/sample-size.ts'
import { shapiroWilk } from '#domain/statistics/shapiro-wilk.ts'
import { pseudoMedian, signedRank } from '#domain/statistics/signed-rank.ts'
import { oneSampleTTest, pairedTTest, tTest, tTestFromSummary } from '#domain/statistics/t-test.ts'
import { compareProportions } from '#domain/statistics/two-proportions.ts'

/** Numbers that break naive sums, squares and logarithms, among ordinary ones. */
const nasty = fc.oneof(
  fc.constantFrom(0, -0, 1, 1, 2, 3, 0.1, 1e308, -1e308, 1.7e308, 1e-320, 5e-324, 1e154, 1e15, -1),
  fc.constantFrom(Number.NaN, Infinity, -Infinity),
  fc.integer({ min: -5, max: 20 }),
  fc.double({ noNaN: true }),
)
const values = fc.oneof(
  fc.array(fc.option(nasty), { maxLength: 12 }),
  fc.array(fc.option(fc.constantFrom(1e308, -1e308, 1.5e308, 0)), { maxLength: 8 }),
  fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 15 }),
  fc.tuple(nasty, fc.nat(8)).map(([x, n]) => new Array<number>(n).fill(x)),
)
const labels = fc.array(fc.option(fc.constantFrom('a', 'b', 'c')), { maxLength: 12 })
const count = fc.oneof(
  fc.nat(30),
  fc.constantFrom(0, 0, 1, 1e9, 2 ** 53, 1e308, -1, 0.5, Number.NaN),
)
const table = fc.array(fc.array(count, { maxLength: 4 }), { maxLength: 4 })
const square = fc.integer({ min: 1, max: 4 }).chain((k) =>
  fc.array(fc.array(fc.oneof(fc.nat(9), count), { minLength: k, maxLength: k }), {
    minLength: k,
    maxLength: k,
  }),
)
const level = fc.constantFrom(0.95, 0.5, 0.999999, 1e-9, 0, 1, Number.NaN, 7)
const side = fc.constantFrom('two-sided' as const, 'less' as const, 'greater' as const)

/** Paths at which a result holds NaN. */
function nanPaths(value: unknown, path = ''): string[] {
  if (typeof value === 'number') return Number.isNaN(value) ? [path] : []
  if (typeof value !== 'object' || value === null) return []
  const entries = ArrayBuffer.isView(value)
    ? Object.entries(Array.from(value as Float64Array))
    : Object.entries(value)
  return entries.flatMap(([key, item]) => nanPaths(item, `${path}.${key}`))
}

let refused = 0
let answered = 0

/** The result has no NaN anywhere, or the input is refused by name; anything else fails. */
function harmless(run: () => unknown): void {
  let result: unknown
  try {
    result = run()
  } catch (error) {
    if (!(error instanceof StatisticsProblem)) throw error
    expect(error.message.length).toBeGreaterThan(4)
    refused++
    return
  }
  answered++
  expect(nanPaths(result)).toEqual([])
}

const runs = { numRuns: 300 }
function check<T extends [unknown, ...unknown[]]>(
  title: string,
  arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
  run: (...args: T) => unknown,
): void {
  it(`${title}: a value, a documented limit or a named problem`, () => {
    refused = 0
    answered = 0
    fc.assert(
      fc.property(...arbitraries, (...args: T) => harmless(() => run(...args))),
      runs,
    )
    // Input that is always refused would prove nothing about the results, and the other way round.
    expect(answered).toBeGreaterThan(5)
    expect(refused).toBeGreaterThan(5)
  })
}

describe('hostile input', () => {
  check('summaries', [values, level], (x, confidenceLevel) => summarize(x, { confidenceLevel }))
  check(
    'quantiles',
    [values, fc.array(nasty, { maxLength: 2 }), fc.integer({ min: 0, max: 10 })],
    (x, p, type) => quantiles(x, p, type as QuantileType),
  )
  check('t tests', [values, values, level, side], (x, y, confidenceLevel, alternative) => {
    const options = { confidenceLevel, alternative }
    const all = [
      () => tTest(x, y, 'welch', options),
      () => tTest(x, y, 'student', options),
      () => pairedTTest(x, y, options),
      () => oneSampleTTest(x, options),
    ]
    for (const run of all) harmless(run)
    return null as never
  })
  const spread = fc.oneof(nasty, fc.double({ min: 0, max: 9, noNaN: true }))
  const size = fc.oneof(count, fc.integer({ min: 1, max: 40 }))
  check(
    't test from summaries',
    [nasty, spread, size, nasty, spread, size],
    (mean, sd, n, mean2, sd2, n2) =>
      (['student', 'welch'] as const).map((kind) =>
        tTestFromSummary(
          { mean, standardDeviation: sd, n },
          { mean: mean2, standardDeviation: sd2, n: n2 },
          kind,
        ),
      ),
  )
  check('rank tests', [values, values, level, side], (x, y, confidenceLevel, alternative) => {
    harmless(() => signedRank(x, undefined, { alternative }))
    harmless(() => signedRank(x, y, { alternative, zeros: 'pratt' }))
    harmless(() => pseudoMedian(x, undefined, { confidenceLevel }))
    harmless(() => hodgesLehmann(x, y, { confidenceLevel }))
    return mannWhitney(x, y, { alternative })
  })
  check('k samples', [values, labels], (x, group) => {
    const same = x.map((_, i) => group[i] ?? 'a')
    harmless(() => kruskalWallis(x, group))
    harmless(() => oneWayAnova(x, same))
    return kruskalWallis(x, same)
  })
  check('Shapiro-Wilk', [values], (x) => shapiroWilk(x))
  check('correlations', [values, values], (x, y) => {
    const same = x.map((_, i) => y[i] ?? null)
    harmless(() => spearmanCorrelation(x, same))
    harmless(() => kendallCorrelation(x, same))
    return pearsonCorrelation(x, same)
  })
  check('tables', [fc.oneof(table, square), level], (counts, confidenceLevel) => {
    harmless(() => chiSquareTest(counts, { correction: true }))
    harmless(() => trendTest(counts))
    harmless(() => goodnessOfFit(counts[0] ?? []))
    harmless(() => mcNemarTest(counts))
    harmless(() => bowkerTest(counts))
    harmless(() => cohenKappa(counts, 'linear', confidenceLevel))
    harmless(() => intraclassCorrelation(counts, { model: 'two-way', confidenceLevel }))
    harmless(() => intraclassCorrelation(counts, { model: 'one-way', unit: 'average' }))
    harmless(() => mantelHaenszel([counts, counts], confidenceLevel))
    harmless(() => exactMantelHaenszel([counts, counts], { confidenceLevel }))
    return cohenKappa(counts)
  })
  check(
    'exact tests of tables',
    [fc.array(fc.array(fc.nat(6), { minLength: 2, maxLength: 3 }), { maxLength: 3 }), level],
    (counts, confidenceLevel) => {
      harmless(() => fisherFreemanHalton(counts))
      return fisherExact(counts, { confidenceLevel })
    },
  )
  check('one proportion', [count, count, level, nasty], (k, n, confidenceLevel, p0) => {
    harmless(() => binomialTest(k, Math.min(n, 1e6), p0))
    return (
      [
        'clopper-pearson',
        'wilson',
        'wilson-corrected',
        'wald',
        'agresti-coull',
        'jeffreys',
        'mid-p',
      ] as const
    ).map((method) => proportionInterval(k, n, method, confidenceLevel))
  })
  check(
    'two proportions',
    [
      fc.oneof(fc.nat(9), count),
      fc.oneof(fc.nat(9), count),
      fc.nat(9),
      fc.oneof(fc.nat(9), count),
      level,
    ],
    (k1, n1, k2, n2, confidenceLevel) => compareProportions(k1, n1, k2, n2, confidenceLevel),
  )
  check(
    'p-values',
    [
      fc.array(fc.option(fc.oneof(nasty, fc.double({ min: 0, max: 1, noNaN: true }))), {
        maxLength: 6,
      }),
    ],
    (p) =>
      (['bonferroni', 'holm', 'hochberg', 'hommel', 'BH', 'BY'] as const).map((method) =>
        adjustPValues(p, method),
      ),
  )
  const share = fc.oneof(
    nasty,
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.constantFrom(0.2, 0.5, 0.8),
  )
  check(
    'designs',
    [share, share, share, share, fc.constantFrom(1, 1, 2, 0.5, 0, Number.NaN, 1e308), nasty],
    (p1, p2, alpha, power, ratio, size) => {
      const design = { alpha, power, ratio }
      harmless(() => powerTwoProportions(size, size, p1, p2, 'fleiss', { alpha }))
      harmless(() => powerLogRank(size, p1, 'schoenfeld', { alpha, ratio }))
      harmless(() => powerTTest(Math.min(size, 1e4), p1, p2, { alpha }))
      harmless(() => sampleSizeTTest(p1, p2, design))
      harmless(() =>
        sampleSizeLogRank({ ...design, hazardRatio: p1, survival: [p1, p2] }, 'freedman'),
      )
      return sampleSizeTwoProportions(p1, p2, 'fleiss', design)
    },
  )
  check('distributions', [nasty, nasty, nasty, share], (x, a, b, p) => {
    const tail = 'upper' as const
    const d = distributions
    for (const run of [
      () => d.normalCdf(x),
      () => d.normalQuantile(p, tail),
      () => d.chiSquareCdf(x, a, tail),
      () => d.chiSquareQuantile(p, a),
      () => d.gammaCdf(x, a),
      () => d.gammaQuantile(p, a, tail),
      () => d.betaCdf(x, a, b),
      () => d.betaQuantile(p, a, b),
      () => d.tCdf(x, a, tail),
      () => d.tQuantile(p, a),
      () => d.fCdf(x, a, b),
      () => d.fQuantile(p, a, b, tail),
      () => d.binomialCdf(x, Math.min(a, 1e6), p),
      () => d.binomialQuantile(p, Math.min(a, 1e6), 0.3),
      () => d.logTail({ kind: 't', df: a }, x),
      () => d.logTail({ kind: 'f', df1: a, df2: b }, x, tail),
    ])
      harmless(run)
    return d.normalQuantile(p)
  })
  check(
    'survival',
    [values, fc.array(fc.option(fc.boolean()), { maxLength: 12 }), labels, values],
    (t, e, group, x) => {
      const time = t.map((v) => (v === null || Number.isNaN(v) ? v : Math.abs(v)))
      const event = time.map((_, i) => e[i] ?? true)
      const by = time.map((_, i) => group[i] ?? 'a')
      const data = { time, event, group: by }
      harmless(() => logRankTest(data))
      harmless(() => cumulativeIncidence({ time, state: by }, { censoring: 'a' }))
      harmless(() => {
        const { model: _, ...fit } = coxPh({
          time,
          event,
          terms: [{ name: 'x', values: time.map((_, i) => x[i] ?? null) }],
        })
        return fit
      })
      return kaplanMeier(data)
    },
  )
})
