import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cumulativeIncidence } from '#domain/statistics/cumulative-incidence.ts'
import { grayTest } from '#domain/statistics/gray-test.ts'
import { kaplanMeier } from '#domain/statistics/kaplan-meier.ts'
import { logRankTest } from '#domain/statistics/log-rank.ts'
import { StatisticsProblem } from '#domain/statistics/problem.ts'

const rows = fc.array(
  fc.record({
    time: fc.integer({ min: 1, max: 20 }),
    state: fc.constantFrom('none', 'relapse', 'death'),
    group: fc.constantFrom('a', 'b'),
  }),
  { minLength: 4, maxLength: 50 },
)

describe('cumulative incidence', () => {
  it('computes a small table by hand', () => {
    const { curves } = cumulativeIncidence(
      { time: [1, 2, 3], state: ['relapse', 'death', 'none'] },
      { censoring: 'none' },
    )
    const curve = curves[0]
    expect(curve?.causes).toEqual(['death', 'relapse'])
    expect([...(curve?.incidence[1] ?? [])]).toEqual(
      [1 / 3, 1 / 3, 1 / 3].map((x) => expect.closeTo(x, 14)),
    )
    expect([...(curve?.incidence[0] ?? [])]).toEqual([
      0,
      expect.closeTo(1 / 3, 14),
      expect.closeTo(1 / 3, 14),
    ])
    expect(curve?.at([0.5, 2])).toMatchObject([
      { atRisk: 3, causes: [{ incidence: 0, lower: 0, upper: 0 }, { incidence: 0 }] },
      { atRisk: 2 },
    ])
    expect(curve?.at([1.5])[0]?.causes[0]).toMatchObject({ incidence: 0, lower: null, upper: null })
  })

  it('adds up to one with the event-free, and is the complement of Kaplan-Meier with one cause', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const data = { time: list.map((r) => r.time), state: list.map((r) => r.state) }
        const curve = cumulativeIncidence(data, { censoring: 'none', causes: ['relapse', 'death'] })
          .curves[0]
        curve?.time.forEach((_, k) => {
          const sum = curve.incidence.reduce(
            (s, c) => s + (c[k] as number),
            curve.eventFree[k] as number,
          )
          expect(sum).toBeCloseTo(1, 10)
        })
        const any = list.map((r) => (r.state === 'none' ? 'none' : 'any'))
        const one = cumulativeIncidence(
          { ...data, state: any },
          { censoring: 'none', causes: ['any'] },
        ).curves[0]
        const km = kaplanMeier({ time: data.time, event: any.map((s) => s === 'any') }).curves[0]
        km?.survival.forEach((s, k) => {
          expect(one?.incidence[0]?.[k]).toBeCloseTo(1 - s, 10)
          if (km.standardError[k] !== null)
            expect(one?.standardError[0]?.[k]).toBeCloseTo(km.standardError[k] as number, 9)
        })
      }),
    )
  })
})

describe('Gray’s test', () => {
  const trial = {
    time: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
    state: ['r', 'd', 'r', 'n', 'd', 'r', 'r', 'n', 'd', 'r', 'n', 'n'],
    group: ['a', 'a', 'b', 'a', 'b', 'a', 'b', 'b', 'a', 'b', 'a', 'b'],
  }

  it('does not depend on the order of rows or of groups', () => {
    const plain = grayTest(trial, { censoring: 'n', cause: 'r' })
    const turned = grayTest(
      {
        time: [...trial.time].reverse(),
        state: [...trial.state].reverse(),
        group: [...trial.group].reverse(),
      },
      { censoring: 'n', cause: 'r', levels: ['b', 'a'] },
    )
    expect(turned.chiSquare).toBeCloseTo(plain.chiSquare, 10)
    expect(plain.degreesOfFreedom).toBe(1)
  })

  it('is near the log-rank test when nothing competes', () => {
    const state = trial.state.map((s) => (s === 'd' ? 'n' : s))
    const gray = grayTest({ ...trial, state }, { censoring: 'n', cause: 'r' })
    const logRank = logRankTest({
      time: trial.time,
      event: state.map((s) => s === 'r'),
      group: trial.group,
    })
    expect(Math.abs(gray.chiSquare - logRank.chiSquare)).toBeLessThan(0.15)
  })

  it('gives the example of its documentation', () => {
    const result = grayTest(
      { time: [1, 2, 3, 4], state: ['a', 'b', 'a', 'none'], group: [1, 1, 2, 2] },
      { censoring: 'none', cause: 'a' },
    )
    expect(result.degreesOfFreedom).toBe(1)
    expect(result.chiSquare).toBeCloseTo(1, 12)
  })

  it('names what it cannot test', () => {
    expect(() => grayTest({ ...trial, group: undefined }, { censoring: 'n', cause: 'r' })).toThrow(
      StatisticsProblem,
    )
    expect(() => grayTest(trial, { censoring: 'n', cause: 'x' })).toThrow(StatisticsProblem)
    expect(() => cumulativeIncidence(trial, { censoring: 'n', causes: ['r'] })).toThrow(/neither/)
  })
})
