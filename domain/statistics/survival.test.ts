import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coxPh } from '#domain/statistics/cox-ph.ts'
import { kaplanMeier, type SurvivalCurve } from '#domain/statistics/kaplan-meier.ts'
import { logRankTest } from '#domain/statistics/log-rank.ts'
import { nelsonAalen } from '#domain/statistics/nelson-aalen.ts'
import { StatisticsProblem } from '#domain/statistics/problem.ts'
import {
  medianSurvival,
  numbersAtRisk,
  restrictedMean,
  restrictedMeanDifference,
  survivalAt,
  survivalQuantiles,
} from '#domain/statistics/survival-readings.ts'

const only = (curves: readonly SurvivalCurve[]) => curves[0] as SurvivalCurve

/** A made-up trial of 30 against 28 subjects followed for 364 days, all others without event to the end. */
const trial = (events: { tac: number[]; csa: number[] }) => {
  const rows = (group: string, n: number, days: number[]) =>
    Array.from({ length: n }, (_, i) => ({ group, time: days[i] ?? 364, event: i < days.length }))
  const all = [...rows('TAC', 30, events.tac), ...rows('CsA', 28, events.csa)]
  return {
    time: all.map((r) => r.time),
    event: all.map((r) => r.event),
    group: all.map((r) => r.group),
  }
}
const progression = { tac: [203, 91, 168, 52], csa: [119, 63, 231, 259, 21, 140, 301, 37] }
const deaths = { tac: [88], csa: [35, 58] }

const survivalRows = fc.array(
  fc.record({
    time: fc.integer({ min: 1, max: 30 }),
    event: fc.boolean(),
    group: fc.constantFrom('a', 'b', 'c'),
  }),
  { minLength: 6, maxLength: 60 },
)
const columns = (rows: readonly { time: number; event: boolean; group: string }[]) => ({
  time: rows.map((r) => r.time),
  event: rows.map((r) => r.event),
  group: rows.map((r) => r.group),
})

describe('Kaplan-Meier', () => {
  it('computes a small table by hand', () => {
    const curve = only(kaplanMeier({ time: [3, 7, 11], event: [1, 0, 1] }).curves)
    expect([...curve.survival]).toEqual([2 / 3, 2 / 3, 0])
    expect([...curve.atRisk]).toEqual([3, 2, 1])
    expect([...curve.censored]).toEqual([0, 1, 0])
    expect(curve.standardError[0]).toBeCloseTo(Math.sqrt(2 / 27), 14)
    expect(curve.standardError[2]).toBeNull()
    expect(curve.lower[2]).toBeNull()
  })

  it('puts events before censorings at the same time and joins times that differ by rounding', () => {
    const curve = only(kaplanMeier({ time: [0.1 + 0.2, 0.3, 1], event: [0, 1, 0] }).curves)
    expect(curve.time.length).toBe(2)
    expect(curve.survival[0]).toBeCloseTo(2 / 3, 15)
    expect(survivalAt(curve, [0.3])[0]?.atRisk).toBe(3)
  })

  it('gives the three kinds of limits', () => {
    const of = (limits: 'plain' | 'log' | 'log-log') =>
      only(kaplanMeier({ time: [2, 5, 9, 12, 20], event: [1, 1, 1, 0, 0] }, { limits }).curves)
    const s = 0.6
    const se = Math.sqrt(s * s * (1 / 20 + 1 / 12))
    expect(of('plain').lower[1]).toBeCloseTo(s - 1.959963984540054 * se, 12)
    expect(of('log').lower[1]).toBeCloseTo(s * Math.exp((-1.959963984540054 * se) / s), 12)
    const theta = Math.exp((1.959963984540054 * se) / (s * Math.log(s)))
    expect(of('log-log').upper[1]).toBeCloseTo(s ** theta, 12)
  })

  it('takes the middle of a plateau as the quantile, with the end of follow-up as its end', () => {
    const plateau = only(kaplanMeier({ time: [3, 7, 11, 13], event: [1, 1, 1, 1] }).curves)
    expect(survivalQuantiles(plateau, [0.25, 0.5, 0.75]).map((q) => q.time)).toEqual([5, 9, 12])
    const flat = only(kaplanMeier({ time: [5, 9, 15, 20], event: [1, 1, 0, 0] }).curves)
    expect(medianSurvival(flat).time).toBe(14.5)
    const none = only(kaplanMeier({ time: [5, 6], event: [0, 0] }).curves)
    expect(medianSurvival(none)).toMatchObject({ time: null, lower: null, upper: null })
  })

  it('says nothing beyond the last follow-up unless told to', () => {
    const curve = only(kaplanMeier({ time: [5, 9], event: [1, 0] }).curves)
    expect(survivalAt(curve, [0, 9, 10])).toMatchObject([
      { survival: 1, atRisk: 2 },
      { survival: 0.5, atRisk: 1 },
      { survival: null, atRisk: 0, beyondFollowUp: true },
    ])
    expect(survivalAt(curve, [10], { carryForward: true })[0]?.survival).toBe(0.5)
    expect(restrictedMean(curve, 20).beyondFollowUp).toBe(true)
  })

  it('counts late entries only while they are under observation', () => {
    const curve = only(
      kaplanMeier({ time: [4, 6, 8, 9], event: [1, 1, 1, 0], entry: [0, 0, 5, 7] }).curves,
    )
    expect([...curve.atRisk]).toEqual([2, 2, 2, 1])
    expect(numbersAtRisk(curve, [4, 5.5, 6, 8, 20])).toEqual([2, 2, 2, 2, 0])
    expect([...curve.survival]).toEqual([0.5, 0.25, 0.125, 0.125])
  })

  it('treats a whole weight as that many subjects', () => {
    const weighted = only(
      kaplanMeier({ time: [3, 5, 8], event: [1, 0, 1], weight: [2, 1, 3] }).curves,
    )
    const repeated = only(
      kaplanMeier({ time: [3, 3, 5, 8, 8, 8], event: [1, 1, 0, 1, 1, 1] }).curves,
    )
    expect([...weighted.survival]).toEqual([...repeated.survival])
    expect(weighted.standardError).toEqual(repeated.standardError)
  })

  it('has the robust variance of the summed influences, late entry or not; without it that is Greenwood’s', () => {
    fc.assert(
      fc.property(survivalRows, fc.boolean(), (rows, late) => {
        const entry = rows.map((r, i) => (late && i % 3 === 0 ? r.time / 2 : 0))
        const data = { ...columns(rows), group: undefined, entry }
        const plain = only(kaplanMeier(data).curves)
        const robust = only(kaplanMeier(data, { variance: 'robust' }).curves)
        const influence = rows.map(() => 0)
        const hazard = rows.map(() => 0)
        plain.time.forEach((t, k) => {
          const y = plain.atRisk[k] as number
          const d = plain.eventCount[k] as number
          rows.forEach((r, i) => {
            if ((entry[i] as number) >= t || r.time < t || d === 0) return
            hazard[i] = (hazard[i] as number) + (Number(r.event && r.time === t) - d / y) / y
          })
          expect(robust.cumulativeHazardStandardError[k]).toBeCloseTo(Math.hypot(...hazard), 7)
          if (plain.standardError[k] === null) {
            expect(robust.standardError[k]).toBe(0)
            return
          }
          rows.forEach((r, i) => {
            if ((entry[i] as number) >= t || r.time < t || d === 0) return
            influence[i] =
              (influence[i] as number) + (Number(r.event && r.time === t) - d / y) / (y - d)
          })
          const error =
            (plain.survival[k] as number) * Math.sqrt(influence.reduce((sum, u) => sum + u * u, 0))
          expect(robust.standardError[k]).toBeCloseTo(error, 9)
          if (!late) expect(plain.standardError[k]).toBeCloseTo(error, 9)
        })
      }),
    )
  })

  it('is the empirical distribution when nobody is censored, with its binomial variance', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 50 }),
        (time) => {
          const curve = only(kaplanMeier({ time, event: time.map(() => true) }).curves)
          curve.time.forEach((t, k) => {
            const s = time.filter((x) => x > t).length / time.length
            expect(curve.survival[k]).toBeCloseTo(s, 12)
            if (s > 0)
              expect(curve.standardError[k]).toBeCloseTo(Math.sqrt((s * (1 - s)) / time.length), 12)
          })
          expect(restrictedMean(curve, 20).mean).toBeCloseTo(
            time.reduce((a, b) => a + b, 0) / time.length,
            10,
          )
        },
      ),
    )
  })

  it('compares restricted means', () => {
    const data = trial(progression)
    const { curves } = kaplanMeier(data, { levels: ['CsA', 'TAC'] })
    const [csa, tac] = curves as [SurvivalCurve, SurvivalCurve]
    expect(restrictedMean(csa, 364).mean).toBeCloseTo(301.821428571429, 9)
    expect(restrictedMean(tac, 364).mean).toBeCloseTo(332.6, 9)
    const difference = restrictedMeanDifference(csa, tac, 364)
    expect(difference.difference).toBeCloseTo(30.7785714285715, 9)
    expect(difference.p).toBeCloseTo(0.236418257368366, 10)
  })
})

describe('Nelson-Aalen', () => {
  it('sums the hazard of a small table', () => {
    const curve = nelsonAalen({ time: [3, 7, 11], event: [1, 0, 1] })[0]
    expect([...(curve?.cumulativeHazard ?? [])]).toEqual([1 / 3, 1 / 3, 4 / 3])
    expect(curve?.standardError[2]).toBeCloseTo(Math.sqrt(1 / 9 + 1), 14)
    expect(curve?.lower[0]).toBeCloseTo(Math.exp(-1.959963984540054) / 3, 14)
    expect(curve?.survival[0]).toBeCloseTo(Math.exp(-1 / 3), 14)
  })
})

describe('log-rank family', () => {
  it('gives the published p-values of the trial', () => {
    expect(logRankTest(trial(progression)).p).toBeCloseTo(0.160388421001455, 12)
    expect(logRankTest(trial(deaths)).p).toBeCloseTo(0.502923131676917, 12)
    expect(logRankTest(trial(progression), { weights: { kind: 'gehan-breslow' } }).p).toBeCloseTo(
      0.165683838913003,
      12,
    )
    expect(logRankTest(trial(progression), { weights: { kind: 'tarone-ware' } }).p).toBeCloseTo(
      0.162995932850621,
      12,
    )
  })

  it('does not depend on row order, a shift of the clock without entry, or the unit of time', () => {
    fc.assert(
      fc.property(
        survivalRows,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 0, max: 100 }),
        (rows, scale, shift) => {
          fc.pre(new Set(rows.map((r) => r.group)).size > 1 && rows.some((r) => r.event))
          const plain = logRankTest(columns(rows))
          const other = logRankTest(
            columns([...rows].reverse().map((r) => ({ ...r, time: r.time * scale + shift }))),
          )
          expect(other.chiSquare).toBeCloseTo(plain.chiSquare, 8)
          const sum = (x: readonly number[]) => x.reduce((a, b) => a + b, 0)
          expect(sum(plain.observed)).toBeCloseTo(sum(plain.expected), 8)
        },
      ),
    )
  })

  it('at a horizon equals the test of data censored there', () => {
    const rows = columns([
      { time: 3, event: true, group: 'a' },
      { time: 5, event: true, group: 'b' },
      { time: 7, event: true, group: 'a' },
      { time: 9, event: true, group: 'b' },
      { time: 11, event: true, group: 'b' },
      { time: 12, event: false, group: 'a' },
    ])
    const cut = {
      ...rows,
      time: rows.time.map((t) => Math.min(t, 7)),
      event: rows.event.map((e, i) => e && (rows.time[i] as number) <= 7),
    }
    expect(logRankTest(rows, { horizon: 7 }).p).toBe(logRankTest(cut).p)
  })

  it('adds strata of which each is a trial of its own', () => {
    const data = trial(progression)
    const stratum = data.time.map((_, i) => i % 3)
    const whole = logRankTest({ ...data, stratum })
    const parts = [0, 1, 2].map((s) => {
      const keep = <T>(x: readonly T[]) => x.filter((_, i) => stratum[i] === s)
      return logRankTest({
        time: keep(data.time),
        event: keep(data.event),
        group: keep(data.group),
      })
    })
    expect(whole.expected[0]).toBeCloseTo(
      parts.reduce((sum, p) => sum + (p.expected[0] as number), 0),
      10,
    )
  })

  it('counts late entries as at risk only after they enter', () => {
    const data = {
      time: [4, 6, 8, 9],
      event: [1, 1, 1, 1],
      entry: [0, 0, 5, 7],
      group: ['a', 'b', 'a', 'b'],
    }
    expect(logRankTest(data).expected[0]).toBeCloseTo(1 / 2 + 1 / 2 + 1 / 2, 12)
  })
})

describe('bad follow-up', () => {
  const codeOf = (run: () => unknown) => {
    try {
      run()
    } catch (error) {
      if (error instanceof StatisticsProblem) return error.code
      throw error
    }
    return 'none'
  }
  it('is named, never computed', () => {
    const group = ['a', 'b']
    expect(codeOf(() => kaplanMeier({ time: [], event: [] }))).toBe('empty-sample')
    expect(codeOf(() => kaplanMeier({ time: [null], event: [1] }))).toBe('empty-sample')
    expect(codeOf(() => kaplanMeier({ time: [Number.NaN], event: [1] }))).toBe('not-finite')
    expect(codeOf(() => kaplanMeier({ time: [-1], event: [1] }))).toBe('negative-time')
    expect(codeOf(() => kaplanMeier({ time: [1], event: [2] }))).toBe('bad-option')
    expect(codeOf(() => kaplanMeier({ time: [1e308], event: [1] }))).toBe('not-finite')
    expect(codeOf(() => kaplanMeier({ time: [1], event: [1], entry: [1] }))).toBe(
      'entry-after-exit',
    )
    expect(codeOf(() => kaplanMeier({ time: [1, 2], event: [1] }))).toBe('length-mismatch')
    expect(codeOf(() => kaplanMeier({ time: [1], event: [1], weight: [0] }))).toBe('bad-option')
    expect(
      codeOf(() =>
        kaplanMeier({ time: [1, 2], event: [1, 1], group }, { levels: ['a', 'b', 'c'] }),
      ),
    ).toBe('empty-sample')
    expect(codeOf(() => logRankTest({ time: [1, 2], event: [0, 0], group }))).toBe('no-events')
    expect(codeOf(() => logRankTest({ time: [1, 2], event: [1, 0], group: ['a', 'a'] }))).toBe(
      'single-group',
    )
  })

  it('takes weights of 1e-60 to 1e60, between which no sum over- or underflows, and refuses others', () => {
    const data = { time: [3, 5, 8, 9], event: [1, 0, 1, 1] }
    const terms = [{ name: 'x', values: [1, 0, 2, 1] }]
    const plain = only(kaplanMeier(data).curves)
    const estimate = coxPh({ ...data, terms }).coefficients[0]?.estimate as number
    for (const w of [1e-60, 1e-30, 1e30, 1e60]) {
      const weight = data.time.map(() => w)
      const curve = only(kaplanMeier({ ...data, weight }).curves)
      curve.survival.forEach((s, k) => {
        expect(s).toBeCloseTo(plain.survival[k] as number, 14)
      })
      expect(curve.atRisk[0]).toBeCloseTo(4 * w, -Math.log10(w) + 10)
      const fit = coxPh({ ...data, weight, terms })
      expect(fit.coefficients[0]?.estimate).toBeCloseTo(estimate, 9)
    }
    for (const w of [0.99e-60, 1.01e60, 0, -1, Infinity, Number.NaN, 5e-324]) {
      const weight = [1, w, 1, 1]
      expect(
        codeOf(() => kaplanMeier({ ...data, weight })),
        String(w),
      ).toBe('bad-option')
      expect(
        codeOf(() => coxPh({ ...data, weight, terms })),
        String(w),
      ).toBe('bad-option')
    }
  })

  it('drops and counts rows with a missing value', () => {
    const result = kaplanMeier({
      time: [1, 2, null, 4],
      event: [1, null, 0, 1],
      group: ['a', 'a', 'a', 'a'],
    })
    expect(result.missing).toBe(2)
    expect(only(result.curves).n).toBe(2)
  })

  it('has a limit when only one event or only ties are there', () => {
    expect(
      logRankTest({ time: [1, 1, 1, 1], event: [1, 1, 1, 1], group: ['a', 'a', 'b', 'b'] }),
    ).toMatchObject({ chiSquare: 0, p: 1, degreesOfFreedom: 0 })
    const one = logRankTest({
      time: [1, 2, 3, 4],
      event: [1, 0, 0, 0],
      group: ['a', 'a', 'b', 'b'],
    })
    expect(one.p).toBeCloseTo(0.317310507862914, 10)
  })
})
