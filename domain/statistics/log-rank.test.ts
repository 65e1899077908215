import { describe, expect, it } from 'vitest'
import { coxPh } from '#domain/statistics/cox-ph.ts'
import { logRankTest, logRankTrend } from '#domain/statistics/log-rank.ts'
import { StatisticsProblem } from '#domain/statistics/problem.ts'

const time = [3, 5, 8, 9, 12, 13, 17, 20, 21, 25, 26, 30]
const event = [1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 0]
const dose = [0, 1, 0, 2, 0, 1, 2, 1, 0, 2, 2, 1]

describe('the log-rank test for trend', () => {
  it('is the score test of a Cox model with the scores as covariate', () => {
    const result = logRankTest({ time, event, group: dose })
    const cox = coxPh({ time, event, terms: [{ name: 'dose', values: dose }] })
    const trend = logRankTrend(result)
    expect(trend.scores).toEqual([0, 1, 2])
    expect(trend.chiSquare).toBeCloseTo(cox.scoreTest.statistic, 10)
    expect(trend.p).toBeCloseTo(cox.scoreTest.p, 10)
    expect(Math.sign(trend.z as number)).toBe(Math.sign(cox.coefficients[0]?.estimate as number))
    expect(logRankTrend(result, [5, 15, 25]).chiSquare).toBeCloseTo(trend.chiSquare, 10)
  })

  it('is the log-rank test itself in two groups, and nothing with equal scores', () => {
    const result = logRankTest({ time, event, group: dose.map((d) => (d > 0 ? 'b' : 'a')) })
    expect(logRankTrend(result).chiSquare).toBeCloseTo(result.chiSquare, 10)
    expect(logRankTrend(result, [1, 1])).toMatchObject({ z: null, p: 1 })
    expect(() => logRankTrend(result, [1])).toThrow(StatisticsProblem)
  })
})
