import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileText } from './compile.ts'
import type { Core } from './core.ts'
import { canBe, type Possibilities } from './possible.ts'
import { between, type Range, texts } from './ranges.ts'
import { sampleEnvironment, sampleScope } from './sample-scope.ts'
import type { Value } from './types.ts'

const ranges: Record<string, Range> = {
  AGE: between(18, 110),
  WEIGHT: between(15, 300),
  SCORE: between(0, 10),
  SEX: texts(['F', 'M']),
  PREGNANT: texts(['N', 'Y']),
  ARMCD: texts(['TAC', 'CSA']),
}
const core = (text: string): Core => {
  const { compiled, findings } = compileText(text, sampleScope('F_DM'), 'boolean')
  if (!compiled) throw new Error(`${text}: ${findings.map((f) => f.message).join(' ')}`)
  return compiled.core
}
const opens: Record<string, string> = { PREGNANT: "SEX == 'F'", NOTE: "PREGNANT == 'Y'" }
const possibilities: Possibilities = {
  item: ({ item }) => (item === 'RFICDTC' ? { kind: 'any' } : (ranges[item] ?? null)),
  opens: ({ item }) => (opens[item] === undefined ? [] : [core(opens[item])]),
  events: ['SCR', 'W0'],
}
const can = (text: string, truth: boolean, given: string[] = []) =>
  canBe(core(text), truth, possibilities, given.map(core))

describe('never true', () => {
  test.each([
    ['AGE < 18'],
    ['AGE > 110'],
    ['AGE > 60 && AGE < 50'],
    ['AGE > 60 && (WEIGHT > 3 || SCORE > 3) && AGE < 50'],
    ['AGE < 50 && !(AGE < 60)'],
    ["SEX == 'F' && SEX == 'M'"],
    ["SEX == 'F' && SEX != 'F'"],
    ["SEX in ['F'] && SEX in ['M']"],
    ["!(SEX in ['F', 'M'])"],
    ["SEX == 'M' && PREGNANT == 'Y'"],
    ["SEX == 'M' && known(NOTE)"],
    ['missing(AGE) && AGE > 20'],
    ['known(AGE) && missing(AGE)'],
    ['WEIGHT / 2 > 151'],
    ['WEIGHT * 2 + 1 < 31'],
    ['abs(SCORE) < 0'],
    ['max(AGE, SCORE * 1) < 18'],
    ["event == 'W4'"],
    ['index < 1'],
    ['index == 1 && index > 1'],
    ['PULSES > 3 && PULSES < 3'],
    ['LIMIT > 3 && LIMIT < 3'],
    ['F_AE.count() < 0'],
    ["F_AE.exists(r, r.AESER == 'Y' && r.AESER == 'N')"],
    ["F_AE.filter(r, r.AESER == 'Y').exists(r, r.AESER == 'N' && r.AESER == 'Y')"],
    ['countTrue(AGE > 3, SCORE > 3) > 2'],
    ['number(F_DM.ARMCD) > 3'],
    ['(AGE > 60 ? 1 : 2) > 2'],
    ["(SEX == 'F' ? AGE : 110) > 110"],
    ["coalesce(SEX == 'F' && SEX == 'M', false)"],
    ['RFICDTC > today()'],
    ['today() < RFICDTC'],
    ["SEX == 'F' ? AGE < 18 : AGE > 110"],
  ])('%s', (text) => {
    expect(can(text, true)).toBe(false)
  })

  test('given what opens it', () => {
    expect(can("SEX == 'M'", true, ["SEX == 'F'"])).toBe(false)
    expect(can("SEX == 'M'", true)).toBe(true)
    expect(can('AGE < 30', true, ['AGE > 30'])).toBe(false)
    // A contradiction in what is given is a finding of its own.
    expect(can('AGE < 30', true, ['AGE > 130'])).toBe(true)
  })
})

describe('never false', () => {
  test.each([
    ['AGE >= 18'],
    ["SEX == 'F' || SEX == 'M'"],
    ["SEX in ['F', 'M']"],
    ['AGE > 50 || AGE <= 50'],
    ['known(AGE) || missing(AGE)'],
    ['F_AE.count() >= 0'],
    ["event in ['SCR', 'W0']"],
  ])('%s', (text) => {
    expect(can(text, false)).toBe(false)
  })
})

describe('possible both ways', () => {
  test.each([
    ['AGE < 19'],
    ['AGE <= 18'],
    ['AGE == 18'],
    ['AGE > 60 && AGE < 61'],
    ["PREGNANT == 'Y' && SEX == 'F'"],
    ['missing(AGE) || AGE > 20'],
    ['AGE * 1 > WEIGHT * 1'],
    ['TZERO > RFICDTC'],
    ['PULSES > 3 && LIMIT < 3'],
    ['WEIGHT / SCORE > 3'],
    ["F_AE.exists(r, r.AESER == 'Y') && F_AE.exists(r, r.AESER == 'N')"],
    ["F_AE.exists(a, a.AESER == 'Y' && F_AE.exists(b, b.AESER == 'N'))"],
    ['RFICDTC < today()'],
    ['RFICDTC + 28d > today()'],
    ['length(NOTE) > 3'],
    ['LIMIT > 3'],
    ['base(F_PFT.FVC) < 1 && at(W4, F_PFT.FVC) > 2'],
  ])('%s', (text) => {
    expect(can(text, true)).toBe(true)
    expect(can(text, false)).toBe(true)
  })
})

describe('never is always right', () => {
  const number = fc.constantFrom(
    'AGE',
    'SCORE',
    'WEIGHT / 2',
    'AGE * 2',
    'SCORE + 3',
    'abs(SCORE - 5)',
    '-SCORE',
    'min(AGE * 1, SCORE * 1)',
    'coalesce(SCORE, 3)',
    "(SEX == 'F' ? 2 : 8)",
    'countTrue(AGE > 50, SCORE > 5)',
  )
  const numeral = fc.integer({ min: -5, max: 200 }).map(String)
  const operator = fc.constantFrom('<', '<=', '>', '>=', '==', '!=')
  const atom = fc.oneof(
    fc.tuple(number, operator, numeral).map(([a, op, b]) => `${a} ${op} ${b}`),
    fc.constantFrom(
      "SEX == 'F'",
      "SEX != 'M'",
      "SEX in ['F']",
      "PREGNANT == 'Y'",
      'missing(AGE)',
      'known(SCORE)',
      "coalesce(PREGNANT == 'Y', false)",
      'READY',
      'SCORE == SCORE',
      'missing(SCORE) ? true : SCORE > 4',
    ),
  )
  const { rule } = fc.letrec<{ rule: string }>((tie) => ({
    rule: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      atom,
      fc
        .tuple(tie('rule'), fc.constantFrom('&&', '||'), tie('rule'))
        .map(([a, op, b]) => `(${a} ${op} ${b})`),
      tie('rule').map((a) => `!(${a})`),
      fc.tuple(tie('rule'), tie('rule'), tie('rule')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
    ),
  }))
  const maybe = <T>(arb: fc.Arbitrary<T>) => fc.option(arb, { nil: null, freq: 4 })
  const values = fc.record({
    AGE: maybe(fc.integer({ min: 18, max: 110 })),
    WEIGHT: maybe(fc.integer({ min: 15, max: 300 })),
    SCORE: maybe(fc.integer({ min: 0, max: 10 })),
    SEX: maybe(fc.constantFrom('F', 'M')),
    PREGNANT: maybe(fc.constantFrom('N', 'Y')),
    READY: maybe(fc.boolean()),
  })

  test('whatever is evaluated was held possible', () => {
    fc.assert(
      fc.property(rule, fc.array(values, { minLength: 8, maxLength: 8 }), (text, cases) => {
        const { compiled } = compileText(text, sampleScope('F_DM'), 'boolean')
        fc.pre(compiled !== null)
        if (!compiled) return
        for (const one of cases) {
          // The pregnant are women: what opens an item holds where it has a value.
          const seen: Record<string, Value> = {
            ...one,
            PREGNANT: one.SEX === 'F' ? one.PREGNANT : null,
          }
          const environment = sampleEnvironment([{ form: 'F_DM', event: 'SCR', values: seen }])
          const value = compiled.evaluate(environment, { record: 0, row: null })
          if (value === null) continue
          expect(
            canBe(compiled.core, value === true, possibilities),
            `${text} ${JSON.stringify(seen)}`,
          ).toBe(true)
        }
      }),
      { numRuns: 1500 },
    )
  })
})
