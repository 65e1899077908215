import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coxConcordance } from '#domain/statistics/concordance.ts'
import {
  adjustedSurvival,
  baselineHazard,
  predictedSurvival,
} from '#domain/statistics/cox-curves.ts'
import type { CoxData } from '#domain/statistics/cox-model.ts'
import { coxPh } from '#domain/statistics/cox-ph.ts'
import { scoreResiduals } from '#domain/statistics/cox-residuals.ts'
import { proportionalHazardsTest } from '#domain/statistics/cox-zph.ts'
import { kaplanMeier } from '#domain/statistics/kaplan-meier.ts'
import { logRankTest } from '#domain/statistics/log-rank.ts'
import { StatisticsProblem } from '#domain/statistics/problem.ts'

interface Row {
  time: number
  event: boolean
  x: number
  z: number
  stratum: string
}

const rows = (minLength: number, maxTime = 40) =>
  fc.array(
    fc.record({
      time: fc.integer({ min: 1, max: maxTime }),
      event: fc.boolean(),
      x: fc.integer({ min: 0, max: 1 }),
      z: fc.integer({ min: -5, max: 5 }),
      stratum: fc.constantFrom('p', 'q'),
    }),
    { minLength, maxLength: 50 },
  )

const dataOf = (list: readonly Row[], extra: Partial<CoxData> = {}): CoxData => ({
  time: list.map((r) => r.time),
  event: list.map((r) => r.event),
  terms: [
    { name: 'x', values: list.map((r) => r.x) },
    { name: 'z', values: list.map((r) => r.z) },
  ],
  ...extra,
})

/** A fit or the code of the problem; made-up rows may well have no event or no variation. */
function attempt<T>(run: () => T): T | null {
  try {
    return run()
  } catch (error) {
    if (error instanceof StatisticsProblem) return null
    throw error
  }
}

const codeOf = (run: () => unknown) => {
  try {
    run()
  } catch (error) {
    if (error instanceof StatisticsProblem) return error.code
    throw error
  }
  return 'none'
}

/** Twelve made-up subjects with ties. */
const small = {
  time: [4, 6, 6, 8, 9, 9, 9, 12, 15, 15, 20, 22],
  event: [1, 1, 0, 1, 1, 1, 0, 1, 0, 1, 1, 0],
  x: [1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 0],
  z: [3, 1, 2, 5, 2, 4, 1, 3, 2, 2, 1, 0],
}
const smallData = (): CoxData => ({
  time: small.time,
  event: small.event,
  terms: [
    { name: 'x', values: small.x },
    { name: 'z', values: small.z },
  ],
})

/** Log partial likelihood of Efron or Breslow, written down as in the textbook. */
function textbook(
  list: readonly Row[],
  beta: readonly [number, number],
  ties: 'efron' | 'breslow',
): number {
  const eta = (r: Row) => r.x * beta[0] + r.z * beta[1]
  let sum = 0
  for (const t of new Set(list.filter((r) => r.event).map((r) => r.time))) {
    const dead = list.filter((r) => r.event && r.time === t)
    const all = list.filter((r) => r.time >= t).reduce((s, r) => s + Math.exp(eta(r)), 0)
    const own = dead.reduce((s, r) => s + Math.exp(eta(r)), 0)
    dead.forEach((r, k) => {
      sum += eta(r) - Math.log(all - (ties === 'efron' ? (k / dead.length) * own : 0))
    })
  }
  return sum
}

describe('Cox regression', () => {
  it('computes the example of four subjects', () => {
    const fit = coxPh({
      time: [1, 2, 3, 4],
      event: [1, 1, 1, 1],
      terms: [{ name: 'x', values: [1, 0, 1, 0] }],
    })
    // Score equation 2 = 2r/(2r+2) + r/(r+2) + r/(r+1) with r the hazard ratio.
    const r = fit.coefficients[0]?.hazardRatio as number
    expect((2 * r) / (2 * r + 2) + r / (r + 2) + r / (r + 1)).toBeCloseTo(2, 10)
  })

  it('finds the maximum of the textbook likelihood, from which any step leads down', () => {
    fc.assert(
      fc.property(rows(8), fc.constantFrom('efron' as const, 'breslow' as const), (list, ties) => {
        const fit = attempt(() => coxPh(dataOf(list), { ties }))
        fc.pre(fit !== null && !fit.monotone)
        const [a, b] = (fit as NonNullable<typeof fit>).coefficients.map((c) => c.estimate) as [
          number,
          number,
        ]
        const top = textbook(list, [a, b], ties)
        expect(fit?.logLikelihood).toBeCloseTo(top, 8)
        expect(fit?.logLikelihoodNull).toBeCloseTo(textbook(list, [0, 0], ties), 8)
        for (const [da, db] of [
          [0.01, 0],
          [-0.01, 0],
          [0, 0.01],
          [0, -0.01],
        ] as const) {
          expect(textbook(list, [a + da, b + db], ties)).toBeLessThanOrEqual(top + 1e-10)
        }
      }),
    )
  })

  it('has a score test equal to the log-rank test for two groups, ties by exact or none tied', () => {
    fc.assert(
      fc.property(rows(6), fc.boolean(), (list, tied) => {
        const used = tied ? list : list.map((r, i) => ({ ...r, time: r.time + i / 100 }))
        const data = {
          time: used.map((r) => r.time),
          event: used.map((r) => r.event),
          stratum: used.map((r) => r.stratum),
        }
        const test = attempt(() => logRankTest({ ...data, group: used.map((r) => r.x) }))
        const fit = attempt(() =>
          coxPh(
            { ...data, terms: [{ name: 'x', values: used.map((r) => r.x) }] },
            { ties: tied ? 'exact' : 'breslow' },
          ),
        )
        fc.pre(test !== null && fit !== null && test.degreesOfFreedom > 0)
        expect(fit?.scoreTest.statistic).toBeCloseTo(test?.chiSquare as number, 7)
      }),
    )
  })

  it('does not see the order of rows, shift of a covariate or the unit of time; scale divides the coefficient', () => {
    fc.assert(
      fc.property(rows(8), fc.integer({ min: 2, max: 1000 }), (list, scale) => {
        const fit = attempt(() => coxPh(dataOf(list)))
        fc.pre(fit !== null && !fit.monotone)
        const moved = [...list]
          .reverse()
          .map((r) => ({ ...r, time: r.time * 7, z: r.z * scale + 1e4 }))
        const other = coxPh(dataOf(moved))
        const [x, z] = fit?.coefficients ?? []
        expect(other.coefficients[0]?.estimate).toBeCloseTo(x?.estimate as number, 6)
        expect((other.coefficients[1]?.estimate as number) * scale).toBeCloseTo(
          z?.estimate as number,
          6,
        )
        expect(other.coefficients[1]?.z).toBeCloseTo(z?.z as number, 6)
        expect(other.logLikelihood).toBeCloseTo(fit?.logLikelihood as number, 8)
      }),
    )
  })

  it('treats split follow-up (start, stop] as the whole, and a whole weight as repeated rows under Breslow', () => {
    const whole = coxPh(smallData())
    const cut = small.time.flatMap((t, i) =>
      t > 7
        ? [
            { i, from: 0, to: 7, event: 0 },
            { i, from: 7, to: t, event: small.event[i] as number },
          ]
        : [{ i, from: 0, to: t, event: small.event[i] as number }],
    )
    const split = coxPh({
      entry: cut.map((r) => r.from),
      time: cut.map((r) => r.to),
      event: cut.map((r) => r.event),
      terms: [
        { name: 'x', values: cut.map((r) => small.x[r.i] as number) },
        { name: 'z', values: cut.map((r) => small.z[r.i] as number) },
      ],
    })
    expect(split.coefficients.map((c) => c.estimate)).toEqual(
      whole.coefficients.map((c) => expect.closeTo(c.estimate, 9)),
    )
    expect(coxConcordance(split.model).concordance).toBeCloseTo(
      coxConcordance(whole.model).concordance as number,
      12,
    )
    const weight = small.time.map((_, i) => (i % 2) + 1)
    const repeated = small.time.flatMap((_, i) => (i % 2 ? [i, i] : [i]))
    const weighted = coxPh({ ...smallData(), weight }, { ties: 'breslow' })
    const many = coxPh(
      {
        time: repeated.map((i) => small.time[i] as number),
        event: repeated.map((i) => small.event[i] as number),
        terms: [
          { name: 'x', values: repeated.map((i) => small.x[i] as number) },
          { name: 'z', values: repeated.map((i) => small.z[i] as number) },
        ],
      },
      { ties: 'breslow' },
    )
    expect(weighted.coefficients.map((c) => c.standardError)).toEqual(
      many.coefficients.map((c) => expect.closeTo(c.standardError as number, 9)),
    )
  })

  it('takes an offset as a covariate of coefficient 1', () => {
    const fit = coxPh(smallData())
    const b = fit.coefficients[1]?.estimate as number
    const held = coxPh({
      ...smallData(),
      terms: [{ name: 'x', values: small.x }],
      offset: small.z.map((z) => b * z),
    })
    expect(held.coefficients[0]?.estimate).toBeCloseTo(fit.coefficients[0]?.estimate as number, 8)
    expect(held.logLikelihood).toBeCloseTo(fit.logLikelihood, 10)
  })

  it('expands factors against a named reference, and products', () => {
    const arm = small.x.map((x) => (x ? 'new' : 'old'))
    const fit = coxPh({
      time: small.time,
      event: small.event,
      terms: [{ name: 'arm', factor: arm, reference: 'old' }],
    })
    const plain = coxPh({
      time: small.time,
      event: small.event,
      terms: [{ name: 'x', values: small.x }],
    })
    expect(fit.coefficients[0]).toMatchObject({
      name: 'armnew',
      term: 'arm',
      level: 'new',
      estimate: expect.closeTo(plain.coefficients[0]?.estimate as number, 12),
    })
    const product = coxPh({
      ...smallData(),
      terms: [...smallData().terms, { name: 'x:z', product: smallData().terms }],
    })
    expect(product.coefficients.map((c) => c.name)).toEqual(['x', 'z', 'x:z'])
  })

  it('with every subject a cluster of one has residuals that sum to zero', () => {
    const fit = coxPh({ ...smallData(), cluster: small.time.map((_, i) => i) })
    const { score, martingale } = scoreResiduals(fit.model)
    const column = (j: number) =>
      small.time.reduce((sum, _, i) => sum + (score[i * 2 + j] as number), 0)
    expect(column(0)).toBeCloseTo(0, 9)
    expect(column(1)).toBeCloseTo(0, 9)
    expect(martingale.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 9)
    expect(fit).toMatchObject({ robust: true })
    expect(fit.coefficients[0]?.naiveStandardError).toBeCloseTo(
      coxPh(smallData()).coefficients[0]?.standardError as number,
      12,
    )
  })
})

describe('after a fit', () => {
  it('has a baseline hazard that is Nelson-Aalen when the covariate says nothing', () => {
    const list = small.time.flatMap((t, i) =>
      [0, 1].map((x) => ({ time: t, event: small.event[i] === 1, x })),
    )
    const fit = coxPh(
      {
        time: list.map((r) => r.time),
        event: list.map((r) => r.event),
        terms: [{ name: 'x', values: list.map((r) => r.x) }],
      },
      { ties: 'breslow' },
    )
    expect(fit.coefficients[0]?.estimate).toBeCloseTo(0, 9)
    const curve = kaplanMeier({ time: list.map((r) => r.time), event: list.map((r) => r.event) })
      .curves[0]
    expect(baselineHazard(fit.model, [9])[0]).toBeCloseTo(curve?.cumulativeHazard[3] as number, 9)
    const predicted = predictedSurvival(fit.model, [0])
    expect(predicted.survival[0]).toBeCloseTo(Math.exp(-2 / 24), 9)
  })

  it('averages predicted curves over the subjects', () => {
    const fit = coxPh(smallData())
    const [curve] = adjustedSurvival(fit.model, [{ label: 'treated', columns: { x: 1 } }])
    const each = small.z.map((z) => predictedSurvival(fit.model, [1, z]).survival[2] as number)
    expect(curve?.survival[2]).toBeCloseTo(each.reduce((a, b) => a + b, 0) / each.length, 10)
  })

  it('tests proportional hazards per term and globally', () => {
    const { terms, global } = proportionalHazardsTest(coxPh(smallData()).model, 'identity')
    expect(terms.map((t) => t.name)).toEqual(['x', 'z'])
    expect(global.degreesOfFreedom).toBe(2)
    expect(global.chiSquare).toBeGreaterThanOrEqual(
      Math.max(...terms.map((t) => t.chiSquare)) - 1e-9,
    )
  })

  it('counts concordant pairs as a double loop does', () => {
    fc.assert(
      fc.property(rows(8), (list) => {
        const fit = attempt(() => coxPh(dataOf(list)))
        fc.pre(fit !== null && !fit.monotone)
        const model = (fit as NonNullable<typeof fit>).model
        const eta = list.map(
          (r) =>
            r.x * (fit?.coefficients[0]?.estimate as number) +
            r.z * (fit?.coefficients[1]?.estimate as number),
        )
        let good = 0
        let pairs = 0
        for (const [i, a] of list.entries()) {
          for (const [j, b] of list.entries()) {
            if (!a.event || !(a.time < b.time || (a.time === b.time && !b.event))) continue
            pairs++
            const gap = (eta[i] as number) - (eta[j] as number)
            good += Math.abs(gap) < 1e-9 ? 0.5 : gap > 0 ? 1 : 0
          }
        }
        const { concordance } = coxConcordance(model)
        if (pairs === 0) expect(concordance).toBeNull()
        else expect(concordance).toBeCloseTo(good / pairs, 9)
      }),
    )
  })
})

describe('bad input of a Cox model', () => {
  const ones = small.time.map(() => 1)
  it('is named', () => {
    const base = { time: small.time, event: small.event }
    expect(codeOf(() => coxPh({ ...base, terms: [{ name: 'x', values: ones }] }))).toBe(
      'constant-covariate',
    )
    expect(
      codeOf(() =>
        coxPh({
          ...base,
          terms: [...smallData().terms, { name: 'w', values: small.z.map((z) => 2 * z + 1) }],
        }),
      ),
    ).toBe('collinear-covariates')
    expect(codeOf(() => coxPh({ ...smallData(), event: small.event.map(() => 0) }))).toBe(
      'no-events',
    )
    expect(
      codeOf(() =>
        coxPh({ ...base, terms: [{ name: 'x', values: small.x.map((x) => x * 1e308) }] }),
      ),
    ).toBe('not-finite')
    expect(
      codeOf(() =>
        coxPh({ ...base, terms: [{ name: 'x', values: [Number.NaN, ...small.x.slice(1)] }] }),
      ),
    ).toBe('not-finite')
    expect(codeOf(() => coxPh({ ...base, terms: [{ name: 'x', values: [1] }] }))).toBe(
      'length-mismatch',
    )
    expect(codeOf(() => coxPh({ ...base, terms: [] }))).toBe('bad-option')
    expect(
      codeOf(() =>
        coxPh(
          { time: [1, 1, 1, 1], event: [1, 1, 1, 1], terms: [{ name: 'x', values: [1, 0, 1, 0] }] },
          { ties: 'exact' },
        ),
      ),
    ).toBe('constant-covariate')
  })

  it('drops and counts rows with a missing covariate', () => {
    const fit = coxPh({
      ...smallData(),
      terms: [{ name: 'x', values: small.x.map((x, i) => (i === 2 ? null : x)) }],
    })
    expect(fit).toMatchObject({ n: 11, missing: 1 })
  })

  it('never gives NaN on any small data set', () => {
    const numbersIn = (value: unknown): number[] =>
      typeof value === 'number'
        ? [value]
        : Array.isArray(value)
          ? value.flatMap(numbersIn)
          : value && typeof value === 'object'
            ? Object.values(value).flatMap(numbersIn)
            : []
    fc.assert(
      fc.property(
        rows(1, 4),
        fc.constantFrom('efron' as const, 'breslow' as const, 'exact' as const),
        (list, ties) => {
          const fit = attempt(() => coxPh(dataOf(list), { ties }))
          if (!fit) return
          const { model: _, ...result } = fit
          expect(numbersIn(result).some(Number.isNaN)).toBe(false)
        },
      ),
      { numRuns: 400 },
    )
  })
})
