import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chiSquareTest, goodnessOfFit } from '#domain/statistics/chi-square.ts'
import { kendallCorrelation, spearmanCorrelation } from '#domain/statistics/correlation.ts'
import { logTail, normalCdf, tCdf } from '#domain/statistics/distributions.ts'
import { fisherExact } from '#domain/statistics/fisher-exact.ts'
import { exactMantelHaenszel } from '#domain/statistics/mantel-haenszel-exact.ts'
import { bowkerTest, mcNemarTest } from '#domain/statistics/mcnemar.ts'
import {
  noncentralBetaCdf,
  noncentralChiSquareCdf,
} from '#domain/statistics/special/noncentral-chi-square.ts'
import { noncentralTCdf } from '#domain/statistics/special/noncentral-t.ts'

/** All orders of 0 … n − 1. */
function permutations(n: number): number[][] {
  if (n === 0) return [[]]
  return permutations(n - 1).flatMap((order) =>
    Array.from({ length: n }, (_, at) => [...order.slice(0, at), n - 1, ...order.slice(at)]),
  )
}

const distinct = fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { minLength: 4, maxLength: 6 })

describe('rank correlations', () => {
  it('compute the examples', () => {
    expect(kendallCorrelation([1, 2, 3], [1, 3, 2]).tau).toBeCloseTo(1 / 3, 14)
    expect(spearmanCorrelation([1, 2, 3], [1, 3, 2]).rho).toBeCloseTo(0.5, 14)
  })

  it('have the exact p-value of the list of all permutations', () => {
    fc.assert(
      fc.property(
        distinct,
        fc.infiniteStream(fc.double({ noNaN: true, min: 0, max: 1 })),
        (x, noise) => {
          const y = x.map((_, i) => ({ i, key: noise.next().value as number }))
          y.sort((a, b) => a.key - b.key || a.i - b.i)
          const other = x.map((_, i) => y.findIndex((item) => item.i === i))
          const all = permutations(x.length)
          const tau = kendallCorrelation(x, other)
          const score = all.map((order) => kendallCorrelation(x, order).score)
          const far = score.filter((s) => Math.abs(s) >= Math.abs(tau.score)).length
          expect(tau.method).toBe('exact')
          expect(tau.p).toBeCloseTo(Math.min(1, tau.score === 0 ? 1 : far / all.length), 12)
          const rho = spearmanCorrelation(x, other)
          const rhos = all.map((order) => spearmanCorrelation(x, order).rho)
          const below = rhos.filter((r) => r <= rho.rho + 1e-12).length
          const above = rhos.filter((r) => r >= rho.rho - 1e-12).length
          expect(rho.pExact).toBeCloseTo(Math.min(1, (2 * Math.min(below, above)) / all.length), 12)
        },
      ),
      { numRuns: 15 },
    )
  })

  it('do not see order-preserving change, and change sign with one sample', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })), {
          minLength: 5,
          maxLength: 30,
        }),
        (rows) => {
          const x = rows.map(([a]) => a)
          const y = rows.map(([, b]) => b)
          fc.pre(new Set(x).size > 1 && new Set(y).size > 1)
          const plain = kendallCorrelation(x, y)
          const curved = kendallCorrelation(
            x.map(Math.exp),
            y.map((v) => v ** 3),
          )
          const turned = kendallCorrelation(
            x,
            y.map((v) => -v),
          )
          expect(curved.tau).toBeCloseTo(plain.tau, 12)
          expect(curved.p).toBeCloseTo(plain.p, 12)
          expect(turned.tau).toBeCloseTo(-plain.tau, 12)
          expect(turned.p).toBeCloseTo(plain.p, 12)
        },
      ),
    )
  })

  it('give no exact p-value of Spearman’s rho with ties', () => {
    expect(spearmanCorrelation([1, 1, 2, 3], [1, 2, 3, 4]).pExact).toBeNull()
    expect(kendallCorrelation([1, 1, 2, 3], [1, 2, 3, 4]).method).toBe('normal')
  })
})

describe('tables of pairs and strata', () => {
  const cell = fc.integer({ min: 0, max: 12 })
  const two = fc.tuple(fc.tuple(cell, cell), fc.tuple(cell, cell))

  it('Bowker’s test of 2 × 2 is McNemar’s without correction', () => {
    expect(
      bowkerTest([
        [1, 4, 2],
        [0, 3, 5],
        [2, 1, 6],
      ]).chiSquare,
    ).toBeCloseTo(20 / 3, 12)
    fc.assert(
      fc.property(two, (table) => {
        fc.pre(table.flat().some((x) => x > 0))
        expect(bowkerTest(table).p).toBeCloseTo(mcNemarTest(table).p, 12)
      }),
    )
  })

  it('the exact test of one stratum is Fisher’s, limits included', () => {
    fc.assert(
      fc.property(
        two,
        fc.constantFrom('two-sided' as const, 'less' as const, 'greater' as const),
        (table, alternative) => {
          const [[a, b], [c, d]] = table
          fc.pre(a + b > 0 && c + d > 0 && a + c > 0 && b + d > 0)
          const exact = exactMantelHaenszel([table], { alternative })
          const fisher = fisherExact(table, { alternative })
          expect(exact.p).toBeCloseTo(fisher.p, 12)
          const close = (x: number, y: number) =>
            Number.isFinite(y)
              ? expect(x / y || 0).toBeCloseTo(y === 0 ? 0 : 1, 8)
              : expect(x).toBe(y)
          close(exact.oddsRatio, fisher.oddsRatio)
          close(exact.lower, fisher.lower)
          close(exact.upper, fisher.upper)
        },
      ),
    )
  })

  it('the exact test does not see the order of strata, and turns with the rows', () => {
    fc.assert(
      fc.property(fc.array(two, { minLength: 2, maxLength: 4 }), (strata) => {
        const usable = strata.some(
          ([[a, b], [c, d]]) => a + b > 0 && c + d > 0 && a + c > 0 && b + d > 0,
        )
        fc.pre(usable)
        const plain = exactMantelHaenszel(strata)
        const reversed = exactMantelHaenszel([...strata].reverse())
        const turned = exactMantelHaenszel(strata.map(([first, second]) => [second, first]))
        expect(reversed.p).toBeCloseTo(plain.p, 10)
        expect(turned.p).toBeCloseTo(plain.p, 10)
        if (plain.oddsRatio > 0 && Number.isFinite(plain.oddsRatio))
          expect(turned.oddsRatio * plain.oddsRatio).toBeCloseTo(1, 8)
      }),
    )
  })

  it('goodness of fit of two rows with equal totals is half of what independence says', () => {
    // With the pooled distribution as the null, each row contributes its own goodness of fit.
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 2, maxLength: 5 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 20 })),
        (first, more) => {
          const second = first.map(() => more.next().value as number)
          const pooled = first.map((x, i) => x + (second[i] as number))
          const sum =
            goodnessOfFit(first, pooled).statistic + goodnessOfFit(second, pooled).statistic
          expect(sum).toBeCloseTo(chiSquareTest([first, second]).statistic, 9)
        },
      ),
    )
    expect(goodnessOfFit([10, 20, 30]).statistic).toBeCloseTo(10, 12)
  })
})

describe('far tails and many degrees of freedom', () => {
  it('follows the t distribution to the normal one', () => {
    // Values of a 40-digit computation.
    expect(tCdf(-2, 1e5) / 0.0227514817287532).toBeCloseTo(1, 13)
    expect(tCdf(-6, 1e6) / 9.869249062e-10).toBeCloseTo(1, 9)
    expect(tCdf(-2, 1e10) / 0.0227501319616769).toBeCloseTo(1, 13)
    expect(tCdf(-20, 1e4) / 1.382326293e-87).toBeCloseTo(1, 8)
    for (const t of [-3, -0.5, 0.5, 3]) {
      expect(tCdf(t, 99_999) / tCdf(t, 100_001)).toBeCloseTo(1, 7)
      expect(tCdf(t, 1e16)).toBe(normalCdf(t))
    }
  })

  it('gives logarithms where the probability underflows', () => {
    expect(logTail({ kind: 'normal' }, 50, 'upper')).toBeCloseTo(-1254.83136113942, 10)
    expect(logTail({ kind: 'normal' }, -400)).toBeCloseTo(-80006.9104093302, 9)
    expect(logTail({ kind: 'gamma', shape: 1 }, 2000, 'upper')).toBeCloseTo(-2000, 8)
    for (const x of [-4, -1, 0, 2, 6, 29, 31])
      expect(logTail({ kind: 'normal' }, x, 'upper')).toBeCloseTo(
        Math.log(normalCdf(x, 'upper')),
        10,
      )
  })

  it('has non-central laws that agree with one another and with the central ones', () => {
    for (const [x, delta] of [
      [1.5, 0.5],
      [2.5, 2],
      [4, 3],
    ] as const) {
      // T² of a non-central t is a non-central F with one numerator degree of freedom.
      const two = noncentralTCdf(x, 12, delta) - noncentralTCdf(-x, 12, delta)
      expect(noncentralBetaCdf((x * x) / (x * x + 12), 0.5, 6, delta * delta)).toBeCloseTo(two, 11)
      // (Z + δ)² is non-central chi-square with one degree of freedom.
      const z = normalCdf(x - delta) - normalCdf(-x - delta)
      expect(noncentralChiSquareCdf(x * x, 1, delta * delta)).toBeCloseTo(z, 12)
    }
  })
})
