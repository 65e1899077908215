import { describe, expect, it } from 'vitest'
import { coxFirth } from '#domain/statistics/cox-firth.ts'
import type { CoxData } from '#domain/statistics/cox-model.ts'
import { coxPh } from '#domain/statistics/cox-ph.ts'
import { coxProfileLimits } from '#domain/statistics/cox-profile.ts'
import { StatisticsProblem } from '#domain/statistics/problem.ts'

describe('monotone likelihood', () => {
  const data: CoxData = {
    time: [4, 6, 7, 9, 12, 14, 15, 15, 16, 16],
    event: [1, 1, 1, 0, 1, 0, 0, 0, 0, 0],
    terms: [
      { name: 'group', factor: ['A', 'A', 'C', 'A', 'C', 'A', 'B', 'B', 'B', 'C'], reference: 'A' },
    ],
  }

  it('is said, and the other level is what it is without the empty one', () => {
    const fit = coxPh(data)
    const [b, c] = fit.coefficients
    expect(b).toMatchObject({
      level: 'B',
      infinite: true,
      estimate: -Infinity,
      hazardRatio: 0,
      standardError: null,
      p: null,
      lower: null,
      upper: null,
    })
    expect(fit).toMatchObject({ monotone: true, waldTest: null })
    // B outlives every event, so the limit of the likelihood is that of the others alone.
    const keep = <T>(x: ArrayLike<T>) => Array.from(x).filter((_, i) => ![6, 7, 8].includes(i))
    const rest = coxPh({
      time: keep(data.time),
      event: keep(data.event),
      terms: [
        {
          name: 'group',
          factor: keep(['A', 'A', 'C', 'A', 'C', 'A', 'B', 'B', 'B', 'C']),
          reference: 'A',
        },
      ],
    })
    expect(c?.estimate).toBeCloseTo(rest.coefficients[0]?.estimate as number, 7)
    expect(c?.standardError).toBeCloseTo(rest.coefficients[0]?.standardError as number, 7)
    expect(fit.logLikelihood).toBeCloseTo(rest.logLikelihood, 8)
  })

  it('leaves one finite profile limit', () => {
    const { lower, upper } = coxProfileLimits(coxPh(data).model, 'groupB')
    expect(lower).toBe(0)
    expect(upper).toBeGreaterThan(0)
    expect(Number.isFinite(upper)).toBe(true)
  })

  it('is finite under Firth’s penalty', () => {
    const fit = coxFirth(data)
    const [b] = fit.coefficients
    expect(Number.isFinite(b?.estimate)).toBe(true)
    expect(b?.estimate).toBeLessThan(0)
    expect(b?.lower).toBeLessThan(b?.hazardRatio as number)
    expect(b?.upper).toBeGreaterThan(b?.hazardRatio as number)
  })

  it('is found for a continuous covariate that orders the events', () => {
    const fit = coxPh({
      time: [1, 2, 3, 4, 5],
      event: [1, 1, 1, 1, 1],
      terms: [{ name: 'x', values: [5, 4, 3, 2, 1] }],
    })
    expect(fit.coefficients[0]).toMatchObject({
      infinite: true,
      estimate: Infinity,
      hazardRatio: Infinity,
    })
  })
})

describe('Firth’s penalty', () => {
  it('maximises the penalised likelihood: for one binary covariate checked by a grid', () => {
    const fit = coxFirth({
      time: [1, 2, 3, 4, 5, 6],
      event: [1, 1, 1, 1, 0, 0],
      terms: [{ name: 'x', values: [1, 1, 0, 1, 0, 0] }],
    })
    const value = (beta: number) => {
      const x = [1, 1, 0, 1, 0, 0]
      let log = 0
      let information = 0
      for (let i = 0; i < 4; i++) {
        const risk = x.slice(i).map((v) => Math.exp(v * beta))
        const s0 = risk.reduce((a, b) => a + b, 0)
        const mean = risk.reduce((s, r, k) => s + r * (x[i + k] as number), 0) / s0
        log += (x[i] as number) * beta - Math.log(s0)
        information += mean * (1 - mean)
      }
      return log + Math.log(information) / 2
    }
    const { estimate } = fit.coefficients[0] as { estimate: number }
    for (const d of [0.001, -0.001]) expect(value(estimate + d)).toBeLessThan(value(estimate))
  })
})

describe('complete separation', () => {
  const numbers = (event: number[], x: number[], y: number[]): CoxData => ({
    time: event.map((_, i) => i + 1),
    event,
    terms: [
      { name: 'x', values: x },
      { name: 'y', values: y },
    ],
  })

  it('gives an infinite coefficient the sign in which the likelihood rises, not that of the last step', () => {
    // At time 5 the subject with the event has x = 1, y = 1, the others at risk more of x and as much of y: x must fall.
    const fit = coxPh(
      numbers([1, 0, 0, 0, 1, 1, 0, 0], [4, 3, 1, 6, 1, 2, 5, 4], [0, 2, 2, 2, 1, 1, 1, 1]),
    )
    expect(fit.coefficients.map((c) => c.estimate)).toEqual([-Infinity, -Infinity])
    expect(fit.coefficients.map((c) => c.hazardRatio)).toEqual([0, 0])
    expect(fit.logLikelihood).toBeCloseTo(0, 10)
  })

  it('agrees with the directions that put every event above all others at risk', () => {
    // A linear congruential generator: the same tables on every run.
    let state = 7
    const below = (n: number) => {
      state = (state * 1664525 + 1013904223) >>> 0
      return Math.floor((state / 2 ** 32) * n)
    }
    const many = (n: number, most: number) => Array.from({ length: n }, () => below(most))
    let forced = 0
    for (let k = 0; k < 400; k++) {
      const n = 4 + (k % 7)
      const event = new Array<number>(n).fill(0)
      for (let i = 0; i <= k % 3; i++) event[below(n)] = 1
      const [x, y] = [many(n, 11), many(n, 4)] as [number[], number[]]
      const separating = Array.from({ length: 720 }, (_, a) => (a * Math.PI) / 360)
        .map((angle) => [Math.cos(angle), Math.sin(angle)] as [number, number])
        .filter(([c, s]) => {
          const score = x.map((v, i) => c * v + s * (y[i] as number))
          return score.every(
            (v, i) => event[i] === 0 || score.slice(i + 1).every((other) => other < v - 1e-9),
          )
        })
      if (separating.length === 0) continue
      let fit: ReturnType<typeof coxPh>
      try {
        fit = coxPh(numbers(event, x, y))
      } catch (problem) {
        expect(problem).toBeInstanceOf(StatisticsProblem)
        continue
      }
      for (const [j, { estimate }] of fit.coefficients.entries()) {
        const side = [1, -1].find((s) => separating.every((d) => s * (d[j] as number) > 1e-9))
        if (side === undefined) continue
        forced++
        expect(estimate).toBe(side * Infinity)
      }
    }
    expect(forced).toBeGreaterThan(100)
  })

  it('finds the profile limit of an infinite estimate, at which the likelihood has fallen by half the quantile', () => {
    const fit = coxPh({
      time: [1, 2, 3, 4, 5, 6],
      event: [1, 1, 0, 0, 0, 0],
      terms: [{ name: 'x', values: [9, 7, 4, 3, 2, 1] }],
    })
    const { lower, upper } = coxProfileLimits(fit.model, 'x')
    expect(upper).toBe(Infinity)
    const x = [9, 7, 4, 3, 2, 1]
    const risk = x.map((v) => lower ** v)
    const sum = (from: number) => risk.slice(from).reduce((total, r) => total + r, 0)
    const logLikelihood =
      Math.log((risk[0] as number) / sum(0)) + Math.log((risk[1] as number) / sum(1))
    expect(logLikelihood).toBeCloseTo(-3.841458820694124 / 2, 8)
  })

  it('names a profile limit that one event and few subjects cannot give, and blames no covariate for it', () => {
    const { model } = coxPh(numbers([1, 0, 0], [8, 4, 10], [2, 1, 0]))
    let problem: unknown
    try {
      coxProfileLimits(model, 'x')
    } catch (thrown) {
      problem = thrown
    }
    expect(problem).toBeInstanceOf(StatisticsProblem)
    expect(problem).toMatchObject({ code: 'not-converged' })
    expect((problem as StatisticsProblem).message).toMatch(
      /no profile limit of x in reach.*too few events/,
    )
  })
})
