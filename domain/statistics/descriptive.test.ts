import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  mean,
  median,
  quantiles,
  standardDeviation,
  standardError,
  summarize,
} from '#domain/statistics/descriptive.ts'
import { StatisticsProblem } from '#domain/statistics/problem.ts'
import { midRanks, sortedOrder } from '#domain/statistics/samples.ts'

describe('descriptive statistics', () => {
  it('computes the examples of the documentation', () => {
    expect(mean([1, null, 3])).toBe(2)
    expect(standardDeviation([1, 2, 3])).toBe(1)
    expect(standardError([1, 2, 3, 4])).toBeCloseTo(Math.sqrt(5 / 3) / 2, 15)
    expect(median([4, 1, 3])).toBe(3)
    expect(quantiles([1, 2, 3, 4], [0.25], 7)).toEqual([1.75])
    expect(quantiles([1, 2, 3, 4], [0.25], 6)).toEqual([1.25])
    expect(summarize([1, 2, 3, null])).toMatchObject({
      n: 3,
      missing: 1,
      mean: 2,
      standardDeviation: 1,
      median: 2,
    })
  })

  it('gives all nine quantile types of two values', () => {
    const types = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const
    const at = (p: number) => types.map((type) => quantiles([3, 8], [p], type)[0])
    expect(at(0.5).map((q) => Number((q as number).toFixed(12)))).toEqual([
      3, 5.5, 3, 3, 5.5, 5.5, 5.5, 5.5, 5.5,
    ])
    expect(at(0.75)).toEqual([8, 8, 8, 5.5, 8, 8, 6.75, 8, 8])
  })

  it('loses nothing to a large offset and survives the largest doubles', () => {
    expect(summarize([1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4, 1e9 + 5, 1e9 + 6]).variance).toBe(3.5)
    expect(summarize([1e308, 1e308, -1e308, -1e308])).toMatchObject({ mean: 0 })
    expect(Number.isNaN(summarize([1e308, -1e308]).standardDeviation)).toBe(false)
  })

  it('reports one value without a spread, and refuses none', () => {
    expect(summarize([5])).toMatchObject({
      n: 1,
      mean: 5,
      standardDeviation: null,
      standardError: null,
      meanInterval: null,
    })
    expect(() => summarize([null, null])).toThrow(StatisticsProblem)
    expect(() => mean([1, Number.NaN])).toThrow(/not|NaN/)
    expect(() => standardDeviation([1])).toThrow(StatisticsProblem)
  })

  it('does not depend on order and follows shift and scale', () => {
    const sample = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 40 })
    fc.assert(
      fc.property(
        sample,
        fc.integer({ min: -50, max: 50 }),
        fc.integer({ min: 1, max: 9 }),
        (x, shift, scale) => {
          const plain = summarize(x)
          const moved = summarize([...x].reverse().map((v) => v * scale + shift))
          expect(moved.mean).toBeCloseTo(plain.mean * scale + shift, 8)
          expect(moved.standardDeviation).toBeCloseTo(
            (plain.standardDeviation as number) * scale,
            8,
          )
          expect(moved.median).toBeCloseTo(plain.median * scale + shift, 8)
          expect(moved.upperQuartile).toBeCloseTo(plain.upperQuartile * scale + shift, 8)
        },
      ),
    )
  })
})

describe('ranks and order', () => {
  it('shares mid-ranks', () => {
    const { ranks, tieSum } = midRanks([5, 1, 5, 3])
    expect([...ranks]).toEqual([3.5, 1, 3.5, 2])
    expect(tieSum).toBe(6)
  })

  it('sorts large arrays as small ones, stable, with negative values and both zeros', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: -3, max: 3 })), {
          minLength: 1100,
          maxLength: 1300,
        }),
        (x) => {
          const order = [...sortedOrder(x)]
          const plain = x
            .map((_, i) => i)
            .sort((i, j) => (x[i] as number) - (x[j] as number) || i - j)
          // Infinity − Infinity is NaN, so infinite ties may keep any order.
          expect(order.map((i) => (x[i] as number) + 0)).toEqual(
            plain.map((i) => (x[i] as number) + 0),
          )
        },
      ),
      { numRuns: 20 },
    )
  })
})
