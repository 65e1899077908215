import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cohenKappa, intraclassCorrelation } from '#domain/statistics/agreement.ts'
import { pearsonCorrelation, spearmanCorrelation } from '#domain/statistics/correlation.ts'
import { kruskalWallis, oneWayAnova } from '#domain/statistics/k-samples.ts'
import { mannWhitney } from '#domain/statistics/mann-whitney.ts'
import { adjustPValues, type PAdjustment } from '#domain/statistics/p-adjust.ts'
import { StatisticsProblem } from '#domain/statistics/problem.ts'
import {
  exactPowerTwoProportions,
  powerLogRank,
  powerTTest,
  powerTwoProportions,
  sampleSizeLogRank,
  sampleSizeTTest,
  sampleSizeTwoProportions,
} from '#domain/statistics/sample-size.ts'
import { shapiroWilk } from '#domain/statistics/shapiro-wilk.ts'
import { tTest } from '#domain/statistics/t-test.ts'

describe('k samples', () => {
  it('computes the examples', () => {
    expect(kruskalWallis([1, 2, 3, 4, 5, 6], ['a', 'a', 'b', 'b', 'c', 'c']).h).toBeCloseTo(
      32 / 7,
      12,
    )
    expect(oneWayAnova([1, 2, 2, 3], ['a', 'a', 'b', 'b']).f).toBeCloseTo(2, 12)
  })

  it('with two groups are the two-sample tests', () => {
    const sample = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 3, maxLength: 15 })
    fc.assert(
      fc.property(sample, sample, (x, y) => {
        fc.pre(new Set(x).size > 1 && new Set(y).size > 1)
        const labels = [...x.map(() => 'x'), ...y.map(() => 'y')]
        const t = tTest(x, y, 'student')
        expect(oneWayAnova([...x, ...y], labels).p).toBeCloseTo(t.p, 9)
        expect(kruskalWallis([...x, ...y], labels).p).toBeCloseTo(
          mannWhitney(x, y, { method: 'normal', correction: false }).p,
          9,
        )
      }),
    )
  })

  it('has limits and names problems', () => {
    expect(kruskalWallis([1, 1, 1, 1], ['a', 'a', 'b', 'b'])).toMatchObject({ h: 0, p: 1 })
    expect(() => oneWayAnova([1, 1, 2, 2], ['a', 'a', 'b', 'b'])).toThrow(/constant/)
    expect(() => kruskalWallis([1, 2], ['a', 'a'])).toThrow(StatisticsProblem)
    expect(kruskalWallis([1, 2, null, 4], ['a', 'b', 'a', null]).missing).toBe(2)
  })
})

describe('Shapiro-Wilk', () => {
  it('computes three values exactly and does not see shift and scale', () => {
    expect(shapiroWilk([1, 2, 4]).w).toBeCloseTo(27 / 28, 12)
    expect(shapiroWilk([1, 2, 4]).p).toBeCloseTo(0.636886845028963, 9)
    const x = [148, 154, 158, 160, 161, 162, 166, 170, 182, 195, 236]
    // Shapiro and Wilk's own example of eleven weights: W = 0.79.
    expect(shapiroWilk(x).w).toBeCloseTo(0.7888, 3)
    expect(shapiroWilk(x.map((v) => 1e6 - 3 * v)).w).toBeCloseTo(shapiroWilk(x).w, 8)
  })

  it('refuses constant, tiny and huge samples', () => {
    expect(() => shapiroWilk([2, 2, 2])).toThrow(/equal/)
    expect(() => shapiroWilk([1, 2])).toThrow(StatisticsProblem)
    expect(() => shapiroWilk(Array.from({ length: 5001 }, (_, i) => i))).toThrow(StatisticsProblem)
    expect(Number.isNaN(shapiroWilk([1e308, -1e308, 0, 1]).p)).toBe(false)
  })
})

describe('adjusted p-values', () => {
  it('computes the example and all methods of R', () => {
    expect(adjustPValues([0.01, 0.02, 0.03], 'holm')).toEqual([0.03, 0.04, 0.04])
    const p = [0.0001, 0.0401, 0.0031, 0.2, 0.04, 0.04, 0.9, 0.6]
    const close = (list: number[]) => list.map((x) => expect.closeTo(x, 12))
    expect(adjustPValues(p, 'hommel')).toEqual(
      close([0.0008, 0.1604, 0.0217, 0.6, 0.16, 0.16, 0.9, 0.9]),
    )
    expect(adjustPValues(p, 'BH')).toEqual(
      close([0.0008, 0.06416, 0.0124, 0.266666666666667, 0.06416, 0.06416, 0.9, 0.685714285714286]),
    )
    expect(adjustPValues(p, 'hochberg')).toEqual(
      close([0.0008, 0.1604, 0.0217, 0.6, 0.1604, 0.1604, 0.9, 0.9]),
    )
  })

  it('are ordered by strength, keep order and leave the input alone', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 }),
        (p) => {
          const copy = [...p]
          const by = (method: PAdjustment) => adjustPValues(p, method) as number[]
          const chain = [by('bonferroni'), by('holm'), by('hochberg'), by('hommel'), by('BH')]
          expect(p).toEqual(copy)
          for (let m = 1; m < chain.length; m++) {
            p.forEach((value, i) => {
              expect(chain[m]?.[i]).toBeLessThanOrEqual((chain[m - 1]?.[i] as number) + 1e-12)
              expect(chain[m]?.[i]).toBeGreaterThanOrEqual(value - 1e-12)
            })
          }
        },
      ),
    )
    expect(adjustPValues([0.01, null, 0.03], 'bonferroni')).toEqual([0.02, null, 0.06])
    expect(() => adjustPValues([1.2], 'holm')).toThrow(StatisticsProblem)
  })
})

describe('correlation', () => {
  it('computes the example and limits', () => {
    expect(spearmanCorrelation([1, 2, 3], [1, 3, 2]).rho).toBeCloseTo(0.5, 14)
    expect(pearsonCorrelation([1, 2, 3], [2, 4, 6])).toMatchObject({
      r: 1,
      t: Infinity,
      p: 0,
      interval: null,
    })
    expect(() => pearsonCorrelation([1, 1, 1], [1, 2, 3])).toThrow(/constant/)
  })
})

describe('agreement', () => {
  it('computes Cohen’s kappa, plain and weighted', () => {
    const result = cohenKappa([
      [20, 5],
      [10, 15],
    ])
    expect(result.kappa).toBeCloseTo(0.4, 14)
    expect(result.observedAgreement).toBeCloseTo(0.7, 14)
    // In a 2 × 2 table all weights are the same.
    expect(
      cohenKappa(
        [
          [20, 5],
          [10, 15],
        ],
        'quadratic',
      ).standardError,
    ).toBeCloseTo(result.standardError, 12)
    const three = [
      [11, 3, 1],
      [1, 9, 4],
      [0, 2, 10],
    ]
    expect(cohenKappa(three, 'linear').kappa).toBeGreaterThan(cohenKappa(three).kappa)
    expect(
      cohenKappa([
        [5, 0],
        [0, 5],
      ]),
    ).toMatchObject({ kappa: 1, standardError: 0 })
    expect(() =>
      cohenKappa([
        [5, 0],
        [0, 0],
      ]),
    ).toThrow(/one category/)
  })

  it('gives the six intraclass correlations that Shrout and Fleiss printed in 1979', () => {
    const ratings = [
      [9, 2, 5, 8],
      [6, 1, 3, 2],
      [8, 4, 6, 8],
      [7, 1, 2, 6],
      [10, 5, 6, 9],
      [6, 2, 4, 7],
    ]
    const icc = (
      model: 'one-way' | 'two-way',
      type: 'agreement' | 'consistency',
      unit: 'single' | 'average',
    ) => Number(intraclassCorrelation(ratings, { model, type, unit }).icc.toFixed(2))
    expect(icc('one-way', 'agreement', 'single')).toBe(0.17)
    expect(icc('two-way', 'agreement', 'single')).toBe(0.29)
    expect(icc('two-way', 'consistency', 'single')).toBe(0.71)
    expect(icc('one-way', 'agreement', 'average')).toBe(0.44)
    expect(icc('two-way', 'agreement', 'average')).toBe(0.62)
    expect(icc('two-way', 'consistency', 'average')).toBe(0.91)
    const limits = intraclassCorrelation(ratings, { model: 'two-way', type: 'agreement' })
    expect([limits.lower, limits.upper].map((x) => Number(x.toFixed(2)))).toEqual([0.02, 0.76])
  })

  it('leaves subjects with a missing rating out', () => {
    const result = intraclassCorrelation(
      [
        [9, 8],
        [4, 5],
        [7, 7],
        [3, null],
      ],
      { model: 'two-way' },
    )
    expect(result).toMatchObject({ subjects: 3, missing: 1, raters: 2 })
  })
})

describe('sample size', () => {
  const design = { alpha: 0.2, power: 0.8 }

  it('reaches the 25 per arm of the trial by three formulae and rates', () => {
    expect(sampleSizeTwoProportions(0.65, 0.35, 'pooled', design)).toMatchObject({
      perGroup: expect.closeTo(24.1375153476334, 9),
      n: [25, 25],
    })
    expect(sampleSizeTwoProportions(0.9, 0.6, 'fleiss', design).n[0]).toBe(25)
    const { total } = sampleSizeLogRank(
      { hazardRatio: Math.log(0.8) / Math.log(0.5), survival: [0.5, 0.8], ...design },
      'freedman',
    )
    expect(Math.ceil((total as number) / 2)).toBe(25)
    expect(
      sampleSizeLogRank({ hazardRatio: 0.67, alpha: 0.05, power: 0.9 }, 'schoenfeld').events,
    ).toBeCloseTo(262.05944879087, 8)
  })

  it('gives back the power it was asked for', () => {
    const rate = fc.double({ min: 0.05, max: 0.95, noNaN: true })
    fc.assert(
      fc.property(rate, rate, fc.double({ min: 0.5, max: 3, noNaN: true }), (p1, p2, ratio) => {
        fc.pre(Math.abs(p1 - p2) > 0.05)
        for (const method of [
          'unpooled',
          'pooled',
          'unpooled-corrected',
          'fleiss',
          'arcsine',
        ] as const) {
          const { perGroup } = sampleSizeTwoProportions(p1, p2, method, { ...design, ratio })
          expect(
            powerTwoProportions(perGroup, perGroup * ratio, p1, p2, method, design),
          ).toBeCloseTo(0.8, 8)
        }
      }),
    )
    for (const method of ['schoenfeld', 'freedman'] as const) {
      const { events } = sampleSizeLogRank({ hazardRatio: 0.5, ratio: 2, ...design }, method)
      expect(powerLogRank(events, 0.5, method, { alpha: 0.2, ratio: 2 })).toBeCloseTo(0.8, 12)
    }
    const { perGroup } = sampleSizeTTest(1, 2, { alpha: 0.05, power: 0.8 })
    expect(perGroup).toBeCloseTo(63.7656101909419, 7)
    expect(powerTTest(perGroup, 1, 2, { alpha: 0.05 })).toBeCloseTo(0.8, 11)
  })

  it('enumerates the exact power', () => {
    const power = exactPowerTwoProportions(25, 25, 0.65, 0.35, 0.2)
    expect(power.chiSquare).toBeCloseTo(0.814244442684297, 11)
    expect(power.fisher).toBeCloseTo(0.726632420646945, 11)
  })

  it('refuses a design without a difference', () => {
    expect(() => sampleSizeTwoProportions(0.5, 0.5, 'pooled', design)).toThrow(StatisticsProblem)
    expect(() => sampleSizeLogRank({ hazardRatio: 1, ...design }, 'freedman')).toThrow(
      StatisticsProblem,
    )
    expect(() => sampleSizeTwoProportions(0.5, 0.4, 'pooled', { alpha: 0, power: 0.8 })).toThrow(
      StatisticsProblem,
    )
  })
})
