import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fisherFreemanHalton } from '#domain/statistics/fisher-freeman-halton.ts'
import { fisherMonteCarlo } from '#domain/statistics/fisher-monte-carlo.ts'
import { StatisticsProblem } from '#domain/statistics/problem.ts'

const problemOf = (run: () => unknown) => {
  try {
    run()
  } catch (error) {
    if (error instanceof StatisticsProblem) return `${error.code}: ${error.message}`
    throw error
  }
  return 'none'
}

describe('the exact test of an r × c table', () => {
  it('solves a dense table of 124 subjects as R does (fisher.test, workspace 2e8)', () => {
    const table = [
      [9, 4, 6, 5],
      [3, 10, 7, 6],
      [8, 5, 4, 9],
      [5, 7, 9, 3],
      [6, 8, 3, 7],
    ]
    expect(fisherFreemanHalton(table).p).toBeCloseTo(0.302576298165239, 9)
  })

  it('keeps its digits in the far tail', () => {
    // Both corner tables have probability 1/C(600, 300).
    let log = Math.log(2)
    for (let i = 1; i <= 300; i++) log -= Math.log((300 + i) / i)
    const p = fisherFreemanHalton([
      [300, 0],
      [0, 300],
    ]).p
    expect(Math.log(p) / log).toBeCloseTo(1, 12)
  })

  it('does not depend on empty lines, order or orientation', () => {
    const count = fc.integer({ min: 0, max: 6 })
    fc.assert(
      fc.property(fc.array(fc.tuple(count, count, count), { minLength: 4, maxLength: 5 }), (t) => {
        fc.pre(t.flat().some((x) => x > 0))
        const { p } = fisherFreemanHalton(t)
        const turned = [0, 1, 2].map((j) => t.map((row) => row[j] as number))
        expect(p).toBeGreaterThan(0)
        expect(fisherFreemanHalton(turned).p).toBeCloseTo(p, 9)
        expect(fisherFreemanHalton([[0, 0, 0], ...t.toReversed()]).p).toBeCloseTo(p, 9)
      }),
      { numRuns: 40 },
    )
  })

  it('refuses what it cannot finish and names the way out', () => {
    const table = Array.from({ length: 2 }, () => [40_000, 1, 1])
    expect(problemOf(() => fisherFreemanHalton(table))).toMatch(
      /^sample-too-large: .*fisherMonteCarlo/,
    )
  })
})

describe('the Monte Carlo test of an r × c table', () => {
  it('lies within four standard errors of the exact p-value, and is the same for the same seed', () => {
    const count = fc.integer({ min: 0, max: 5 })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(count, count, count), { minLength: 2, maxLength: 4 }),
        fc.nat(),
        (t, seed) => {
          fc.pre(t.flat().some((x) => x > 0))
          const options = { seed, replicates: 4000 }
          const estimate = fisherMonteCarlo(t, options)
          const { p } = fisherFreemanHalton(t)
          const error = Math.sqrt((p * (1 - p)) / 4000)
          expect(Math.abs(estimate.p - p)).toBeLessThan(5 * error + 1 / 4000 + 1e-9)
          expect(fisherMonteCarlo(t, options)).toEqual(estimate)
        },
      ),
      { numRuns: 25, seed: 11 },
    )
  })

  it('gives the example of its documentation', () => {
    const table = [
      [3, 0],
      [0, 3],
    ]
    const { p, standardError } = fisherMonteCarlo(table, { seed: 1, replicates: 10_000 })
    expect(Math.abs(p - 0.1)).toBeLessThan(0.01)
    expect(standardError).toBeCloseTo(0.003, 3)
  })

  it('refuses a seed or a number of replicates that is none', () => {
    expect(problemOf(() => fisherMonteCarlo([[1, 2]], { seed: 0.5 }))).toMatch(/^bad-option/)
    expect(problemOf(() => fisherMonteCarlo([[1, 2]], { seed: 1, replicates: 0 }))).toMatch(
      /^bad-option/,
    )
    expect(problemOf(() => fisherMonteCarlo([[1e6, 2]], { seed: 1, replicates: 10_000 }))).toMatch(
      /^sample-too-large/,
    )
  })
})
