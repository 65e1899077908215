import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hodgesLehmann, mannWhitney } from '#domain/statistics/mann-whitney.ts'
import { StatisticsProblem } from '#domain/statistics/problem.ts'
import { pseudoMedian, signedRank } from '#domain/statistics/signed-rank.ts'
import { oneSampleTTest, pairedTTest, tTest, tTestFromSummary } from '#domain/statistics/t-test.ts'

const small = fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 6 })

/** Every way to choose m of n positions. */
function choices(n: number, m: number): number[][] {
  if (m === 0) return [[]]
  if (n < m) return []
  return [...choices(n - 1, m), ...choices(n - 1, m - 1).map((c) => [...c, n - 1])]
}

const uOf = (x: readonly number[], y: readonly number[]) =>
  x.reduce((sum, a) => sum + y.reduce((s, b) => s + (a > b ? 1 : a === b ? 0.5 : 0), 0), 0)

describe('Mann-Whitney', () => {
  it('gives 0.1 for three values all below three others', () => {
    expect(mannWhitney([1, 2, 3], [4, 5, 6])).toMatchObject({
      u: 0,
      uOther: 9,
      method: 'exact',
      ties: false,
    })
    expect(mannWhitney([1, 2, 3], [4, 5, 6]).p).toBeCloseTo(0.1, 14)
    expect(mannWhitney([1, 2, 3], [4, 5, 6], { method: 'normal' }).p).toBeCloseTo(
      0.0808555983700523,
      12,
    )
    expect(
      mannWhitney([1, 2, 3], [4, 5, 6], { method: 'normal', correction: false }).p,
    ).toBeCloseTo(0.0495346134356267, 12)
    expect(mannWhitney([1, 2, 3], [4, 5, 6], { alternative: 'less' }).p).toBeCloseTo(0.05, 14)
  })

  it('equals the permutation distribution listed in full, ties included', () => {
    fc.assert(
      fc.property(small, small, (x, y) => {
        const all = [...x, ...y]
        const centre = (x.length * y.length) / 2
        const observed = Math.abs(uOf(x, y) - centre)
        const us = choices(all.length, x.length).map((c) =>
          uOf(
            c.map((i) => all[i] as number),
            all.filter((_, i) => !c.includes(i)),
          ),
        )
        const p = us.filter((u) => Math.abs(u - centre) >= observed - 1e-9).length / us.length
        const greater = us.filter((u) => u >= uOf(x, y) - 1e-9).length / us.length
        expect(mannWhitney(x, y, { method: 'exact' }).p).toBeCloseTo(p, 11)
        expect(mannWhitney(x, y, { method: 'exact', alternative: 'greater' }).p).toBeCloseTo(
          greater,
          11,
        )
      }),
      { numRuns: 60 },
    )
  })

  it('sees only ranks, and turns with the samples', () => {
    fc.assert(
      fc.property(small, small, (x, y) => {
        for (const method of ['exact', 'normal'] as const) {
          const { p } = mannWhitney(x, y, { method })
          expect(mannWhitney(y, x, { method }).p).toBeCloseTo(p, 11)
          expect(
            mannWhitney(
              x.map((v) => 5 + 3 * v),
              y.map((v) => 5 + 3 * v),
              { method },
            ).p,
          ).toBeCloseTo(p, 11)
        }
      }),
    )
  })

  it('takes 50 against 50 and refuses what would never end', () => {
    const x = Array.from({ length: 50 }, (_, i) => i)
    const y = Array.from({ length: 50 }, (_, i) => i + 10.5)
    expect(mannWhitney(x, y).method).toBe('exact')
    const large = Array.from({ length: 2000 }, (_, i) => i)
    expect(() => mannWhitney(large, large, { method: 'exact' })).toThrow(StatisticsProblem)
    expect(mannWhitney(large, large).method).toBe('normal')
  })

  it('estimates the shift with exact limits', () => {
    expect(hodgesLehmann([1, 2, 3], [4, 5, 6])).toMatchObject({
      estimate: -3,
      lower: -5,
      upper: -1,
      method: 'exact',
    })
  })

  it('has limits where values do not differ, and names an empty sample', () => {
    expect(mannWhitney([1, 1], [1, 1])).toMatchObject({ u: 2, p: 1 })
    expect(mannWhitney([1, 1], [1, 1], { method: 'normal' })).toMatchObject({ z: null, p: 1 })
    expect(() => mannWhitney([null], [1])).toThrow(StatisticsProblem)
    expect(() => mannWhitney([Number.NaN], [1])).toThrow(StatisticsProblem)
  })
})

describe('signed-rank', () => {
  it('computes the examples', () => {
    expect(signedRank([1.83, 0.5, 1.62], [0.878, 0.647, 0.598]).p).toBeCloseTo(0.5, 14)
    const x = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3]
    const y = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]
    expect(signedRank(x, y).p).toBeCloseTo(0.0390625, 14)
    const shift = pseudoMedian(x, y)
    expect(shift.estimate).toBeCloseTo(0.46, 12)
    expect([shift.lower, shift.upper].map((v) => Number(v.toFixed(6)))).toEqual([0.01, 0.786])
    expect(pseudoMedian([2000, 500]).estimate).toBe(1250)
  })

  it('has normal limits in which opposite values are no tie, on one side as on two', () => {
    // R: wilcox.test(x, exact = FALSE, conf.int = TRUE, tol.root = 1e-12)
    const x = [-3, 2, 4, 5, 4, 1, -1, 5, 4, 4, -4, 2, 3, -4]
    expect(pseudoMedian(x, undefined, { method: 'normal' })).toMatchObject({
      lower: -0.5,
      upper: 4,
    })
    const z = [3, -3, 1, 5, 7, -1, 2, 9, 4, 6, 8]
    const options = { method: 'normal', confidenceLevel: 0.9 } as const
    expect(pseudoMedian(z, undefined, options)).toMatchObject({ lower: 1.5, upper: 6 })
    const one = { ...options, correction: false, alternative: 'greater' } as const
    expect(pseudoMedian(z, undefined, one)).toMatchObject({ lower: 2, upper: Infinity })
  })

  it('ranks equal decimal steps as ties unless told otherwise', () => {
    expect(signedRank([0.3, 0.5, 0.9], [0.1, 0.3, 0.1]).ties).toBe(true)
    expect(signedRank([0.3, 0.5, 0.9], [0.1, 0.3, 0.1], { roundDifferences: false }).ties).toBe(
      false,
    )
  })

  it('equals the list of all signs, zeros dropped or ranked (Pratt)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 9 }),
        (d) => {
          for (const zeros of ['drop', 'pratt'] as const) {
            const kept = zeros === 'drop' ? d.filter((v) => v !== 0) : d
            const rank = (v: number) =>
              kept.filter((w) => Math.abs(w) < Math.abs(v)).length +
              (kept.filter((w) => Math.abs(w) === Math.abs(v)).length + 1) / 2
            const ranks = kept.filter((v) => v !== 0).map(rank)
            const total = ranks.reduce((a, b) => a + b, 0)
            const observed = kept
              .filter((v) => v > 0)
              .map(rank)
              .reduce((a, b) => a + b, 0)
            const sums = Array.from({ length: 2 ** ranks.length }, (_, bits) =>
              ranks.reduce((s, r, i) => s + ((bits >> i) & 1 ? r : 0), 0),
            )
            const p =
              sums.filter((s) => Math.abs(s - total / 2) >= Math.abs(observed - total / 2) - 1e-9)
                .length / sums.length
            expect(signedRank(d, undefined, { zeros, method: 'exact' }).p).toBeCloseTo(p, 12)
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it('is 1 when nothing changes', () => {
    expect(signedRank([0, 0])).toMatchObject({ p: 1, nonZero: 0, zeros: 2 })
  })
})

describe('t tests', () => {
  it('computes the ages of the trial from their summary', () => {
    const result = tTestFromSummary(
      { mean: 61.6, standardDeviation: 11, n: 30 },
      { mean: 59.2, standardDeviation: 13, n: 28 },
      'student',
    )
    expect(result.p).toBeCloseTo(0.44999957290927, 12)
    expect(
      tTestFromSummary(
        { mean: 61.6, standardDeviation: 11, n: 30 },
        { mean: 59.2, standardDeviation: 13, n: 28 },
        'welch',
      ).degreesOfFreedom,
    ).toBeCloseTo(53.0756530824356, 10)
  })

  it('computes paired and one-sample tests', () => {
    expect(pairedTTest([3, 4, 6], [1, 3, 3]).t).toBeCloseTo(3.4641016151377544, 12)
    const result = pairedTTest([2000, 2000, 2500], [0, 1500, 2500])
    expect(result.p).toBeCloseTo(0.299859957985995, 12)
    expect(oneSampleTTest([1, 2, 3, null], { mu: 2 })).toMatchObject({ t: 0, p: 1, missing: [1] })
  })

  it('gives a one-sided interval for a one-sided test', () => {
    const result = tTest([1, 2, 3, 5], [2, 3, 5, 9], 'welch', { alternative: 'less' })
    expect(result.lower).toBe(-Infinity)
    expect(result.p).toBeLessThan(0.5)
  })

  it('does not see shift, scale or order', () => {
    const sample = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 3, maxLength: 12 })
    fc.assert(
      fc.property(
        sample,
        sample,
        fc.constantFrom('student' as const, 'welch' as const),
        (x, y, kind) => {
          fc.pre(new Set(x).size > 1 && new Set(y).size > 1)
          const { p } = tTest(x, y, kind)
          const move = (v: readonly number[]) => [...v].reverse().map((a) => 7 + a / 3)
          expect(tTest(move(x), move(y), kind).p).toBeCloseTo(p, 9)
        },
      ),
    )
  })

  it('refuses constant data, empty samples and numbers without an end', () => {
    expect(() => tTest([1, 1, 1], [1, 1, 1])).toThrow(/constant/)
    expect(() => tTest([], [1])).toThrow(StatisticsProblem)
    expect(() => tTest([1e308, -1e308, 1e308], [1, 2, 3])).toThrow(StatisticsProblem)
    expect(() => oneSampleTTest([1])).toThrow(StatisticsProblem)
  })
})
