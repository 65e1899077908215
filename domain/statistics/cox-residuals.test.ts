import { describe, expect, it } from 'vitest'
import type { CoxData } from '#domain/statistics/cox-model.ts'
import { coxPh } from '#domain/statistics/cox-ph.ts'
import { schoenfeldResiduals } from '#domain/statistics/cox-residuals.ts'
import { StatisticsProblem } from '#domain/statistics/problem.ts'

const data = (extra: Partial<CoxData> = {}): CoxData => ({
  time: [4, 6, 6, 8, 9, 9, 9, 12, 15, 15, 20, 22],
  event: [1, 1, 0, 1, 1, 1, 0, 1, 0, 1, 1, 0],
  terms: [
    { name: 'x', values: [1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 0] },
    { name: 'z', values: [3, 1, 2, 5, 2, 4, 1, 3, 2, 2, 1, 0] },
  ],
  ...extra,
})

describe('Schoenfeld residuals', () => {
  it('add up to 0 at the estimate for every way of ties and with strata', () => {
    for (const ties of ['efron', 'breslow'] as const) {
      for (const stratum of [undefined, Array.from('aabbabababab')]) {
        const { model, events } = coxPh(data({ stratum }), { ties })
        const { residuals, names, row, time } = schoenfeldResiduals(model)
        expect(names).toEqual(['x', 'z'])
        expect(residuals).toHaveLength(events)
        for (const j of [0, 1])
          expect(residuals.reduce((sum, r) => sum + (r[j] as number), 0)).toBeCloseTo(0, 8)
        expect(Array.from(row, (i) => data().time[i])).toEqual([...time])
      }
    }
  })

  it('are the covariate minus its mean at risk, weighted by the hazard ratio', () => {
    const one = coxPh(
      { time: [1, 2, 3], event: [1, 1, 1], terms: [{ name: 'x', values: [0, 1, 0] }] },
      { ties: 'breslow' },
    )
    const hr = one.coefficients[0]?.hazardRatio as number
    const { residuals, scaled } = schoenfeldResiduals(one.model)
    const means = [hr / (2 + hr), hr / (1 + hr), 0]
    ;[0, 1, 0].forEach((x, i) => {
      expect(residuals[i]?.[0]).toBeCloseTo(x - (means[i] as number), 10)
    })
    const variance = one.covariance[0]?.[0] as number
    expect(scaled[0]?.[0]).toBeCloseTo(
      (residuals[0]?.[0] as number) * variance * 3 + Math.log(hr),
      10,
    )
  })

  it('are refused for exact ties', () => {
    expect(() => schoenfeldResiduals(coxPh(data(), { ties: 'exact' }).model)).toThrow(
      StatisticsProblem,
    )
  })
})

describe('Cox regression', () => {
  it('gives the example of its documentation', () => {
    const x = [1, 0, 1, 0]
    const fit = coxPh({
      time: [1, 2, 3, 4],
      event: [1, 1, 1, 1],
      terms: [{ name: 'x', values: x }],
    })
    expect(fit.coefficients[0]?.estimate).toBeCloseTo(0.9406, 4)
  })
})

describe('robust variance', () => {
  it('is the default with weights that are no counts, and by choice else', () => {
    const weight = data().time.length
    const half = coxPh(data({ weight: new Array(weight).fill(0.5) }))
    const plain = coxPh(data())
    const chosen = coxPh(data(), { robust: true })
    expect(half.robust).toBe(true)
    expect(plain.robust).toBe(false)
    expect(plain.robustScoreTest).toBeNull()
    // A common weight changes neither the estimate nor the sandwich.
    half.coefficients.forEach((c, j) => {
      expect(c.standardError).toBeCloseTo(chosen.coefficients[j]?.standardError as number, 10)
    })
    expect(half.robustScoreTest?.statistic).toBeCloseTo(
      chosen.robustScoreTest?.statistic as number,
      10,
    )
    expect(coxPh(data({ weight: new Array(weight).fill(2) })).robust).toBe(false)
    expect(coxPh(data({ weight: new Array(weight).fill(0.5) }), { robust: false }).robust).toBe(
      false,
    )
  })

  it('by cluster equals that by row when every row is a cluster, and not otherwise', () => {
    const rows = data().time.length
    const each = coxPh(data({ cluster: Array.from({ length: rows }, (_, i) => i) }))
    const pairs = coxPh(data({ cluster: Array.from({ length: rows }, (_, i) => i >> 1) }))
    const chosen = coxPh(data(), { robust: true })
    expect(each.covariance).toEqual(chosen.covariance)
    expect(each.robustScoreTest).toEqual(chosen.robustScoreTest)
    expect(pairs.covariance).not.toEqual(chosen.covariance)
  })
})
