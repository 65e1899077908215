import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rankSumDistribution, rankSumWithoutTies } from '#domain/statistics/rank-distribution.ts'

describe('the distribution of the rank sum without ties', () => {
  it('is that of the shift algorithm, to the last tail', () => {
    const size = fc.integer({ min: 1, max: 14 })
    fc.assert(
      fc.property(size, size, (m, n) => {
        const few = Math.min(m, n)
        const ranks = Array.from({ length: m + n }, (_, i) => i)
        const shifted = rankSumDistribution(ranks, few).subarray((few * (few - 1)) / 2)
        const p = rankSumWithoutTies(m, n)
        expect(p).toHaveLength(m * n + 1)
        p.forEach((value, u) => {
          expect(value / (shifted[u] as number)).toBeCloseTo(1, 12)
        })
      }),
    )
  })

  it('starts with one way among C(m + n, m) and adds up to 1', () => {
    const p = rankSumWithoutTies(50, 50)
    expect(p[0]).toBeCloseTo(1 / 1.0089134454556415e29, 41)
    expect((p[0] as number) * 1.0089134454556415e29).toBeCloseTo(1, 12)
    expect(p.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 13)
  })
})
