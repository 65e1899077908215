import { describe, expect, it } from 'vitest'
import { coxFirth } from '#domain/statistics/cox-firth.ts'
import type { CoxData } from '#domain/statistics/cox-model.ts'
import { coxPh } from '#domain/statistics/cox-ph.ts'
import { coxProfileLimits } from '#domain/statistics/cox-profile.ts'

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
