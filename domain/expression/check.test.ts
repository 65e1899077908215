import { describe, expect, test } from 'vitest'
import { type Checked, checkExpression } from '#domain/expression/check.ts'
import { parseExpression } from '#domain/expression/parser.ts'
import { sampleScope } from '#domain/expression/sample-scope.ts'
import type { ValueType } from '#domain/expression/types.ts'

function checked(text: string, expected?: ValueType['kind'] | ValueType, form = 'F_DM'): Checked {
  const { ast, findings } = parseExpression(text)
  expect(findings, text).toEqual([])
  return checkExpression(ast, sampleScope(form), expected)
}

/** The codes of the findings with the text they point at. */
function found(text: string, expected?: ValueType['kind'] | ValueType, form?: string): string[] {
  return checked(text, expected, form).findings.map(
    (f) => `${f.code}: ${text.slice(f.start, f.end)}`,
  )
}

function message(text: string): string {
  return checked(text).findings[0]?.message ?? ''
}

describe('types and units', () => {
  test.each([
    ['AGE + 1', { kind: 'number', unit: 'a' }],
    ['1 + AGE', { kind: 'number', unit: 'a' }],
    ['AGE * 2', { kind: 'number', unit: null }],
    ['WEIGHT / WEIGHT', { kind: 'number', unit: '' }],
    ['DOSE / WEIGHT', { kind: 'number', unit: null }],
    ['SCORE * WEIGHT', { kind: 'number', unit: 'kg' }],
    ['WEIGHT / SCORE', { kind: 'number', unit: 'kg' }],
    ['round(WEIGHT, 0)', { kind: 'number', unit: 'kg' }],
    ['max(WEIGHT, 50)', { kind: 'number', unit: 'kg' }],
    ['coalesce(WEIGHT, 50)', { kind: 'number', unit: 'kg' }],
    ['AGE > 1 ? WEIGHT : null', { kind: 'number', unit: 'kg' }],
    ['days(RFICDTC, RFICDTC)', { kind: 'number', unit: 'd' }],
    ['RFICDTC + 28d', { kind: 'date', partial: false }],
    ['ONSET + 1mo', { kind: 'date', partial: true }],
    ['impute(ONSET)', { kind: 'date', partial: false }],
    ['earliest(RFICDTC, ONSET)', { kind: 'date', partial: true }],
    ['F_AE.first(r, r.AETERM)', { kind: 'text' }],
    ['F_AE.min(r, r.AESTDTC)', { kind: 'date', partial: true }],
    ['F_EC.sum(r, r.ECDOSE)', { kind: 'number', unit: 'mg' }],
    ["AGE > 1 ? 'TAC' : ARMCD", { kind: 'code', list: 'CL_ARM', codes: ['TAC', 'CSA'] }],
    ["AGE > 1 ? 'other' : ARMCD", { kind: 'text' }],
  ] as const)('%s', (text, type) => {
    const result = checked(text)
    expect(result.findings).toEqual([])
    expect(result.type).toEqual(type)
  })

  test.each([
    ['AGE + WEIGHT', 'unit: AGE + WEIGHT'],
    ['AGE > WEIGHT', 'unit: AGE > WEIGHT'],
    ['AGE in [1, WEIGHT]', 'unit: WEIGHT'],
    ['max(AGE, WEIGHT)', 'branches: WEIGHT'],
    ['AGE > 1 ? AGE : WEIGHT', 'branches: AGE > 1 ? AGE : WEIGHT'],
    ['AGE > 1 ? AGE : SEX', 'branches: AGE > 1 ? AGE : SEX'],
    ["SEX == 'X'", "code: SEX == 'X'"],
    ["SEX in ['F', 'X']", "code: 'X'"],
    ['SEX == ARMCD', 'code: SEX == ARMCD'],
    ['SEX == NOTE', 'code: SEX == NOTE'],
    ["PRIORTB == 'U'", "code-missing: PRIORTB == 'U'"],
    ["SEX < 'F'", "order: SEX < 'F'"],
    ['RFICDTC > 3', 'compare: RFICDTC > 3'],
    ["RFICDTC > '2016-01-01'", "compare: RFICDTC > '2016-01-01'"],
    ['RFICDTC == CONSENTED', 'compare: RFICDTC == CONSENTED'],
    ['days(RFICDTC, RFICDTC) > 28d', 'compare: days(RFICDTC, RFICDTC) > 28d'],
    ["RESCUE == 'IVIG'", "compare: RESCUE == 'IVIG'"],
    ["RESCUE in ['IVIG']", 'compare: RESCUE'],
    ['RFICDTC - RFICDTC', 'shift: RFICDTC - RFICDTC'],
    ['RFICDTC + 28', 'shift: RFICDTC + 28'],
    ['28d + RFICDTC', 'shift: 28d + RFICDTC'],
    ['CONSENTED + 28d', 'shift: CONSENTED + 28d'],
    ['AGE == null', 'null-compare: AGE == null'],
    ['AGE && true', 'not-boolean: AGE'],
    ['!SEX', 'not-boolean: SEX'],
    ['-SEX', 'not-number: -SEX'],
    ['NOTE * 2', 'not-number: NOTE'],
    ["abs('x')", "argument-type: 'x'"],
    ['min(RFICDTC, ONSET)', 'argument-type: RFICDTC'],
    ['abs()', 'arguments: abs()'],
    ['abs(1, 2)', 'arguments: abs(1, 2)'],
    ['atLeast(2)', 'arguments: atLeast(2)'],
    ['round(AGE, 1.5)', 'argument-type: 1.5'],
    ["contains(RESCUE, 'ABC')", "code: 'ABC'"],
    ['date(NOTE)', 'date: NOTE'],
    ["date('2016-13')", "date: '2016-13'"],
    ['today(1)', 'arguments: today(1)'],
    ['reason(1)', 'not-a-path: 1'],
    ['refHigh()', 'arguments: refHigh()'],
    ['isSigned(AGE)', 'argument-type: AGE'],
    ['isSigned(F_XX)', 'unknown-name: F_XX'],
    ['refHigh(AGE)', 'argument-type: AGE'],
    ['nothing(AGE)', 'unknown-function: nothing'],
  ])('%s is refused', (text, expected) => expect(found(text)).toContain(expected))

  test('units with the same meaning may meet', () => {
    const scope = sampleScope('F_DM')
    const units: Record<string, string> = { A: 'ug/L', B: 'ng/mL', C: 'mg/L' }
    const own = {
      ...scope,
      reachable: () => null,
      name: (name: string) =>
        ({
          kind: 'item',
          reference: { form: 'F', group: 'G', item: name, row: null, place: { kind: 'here' } },
          type: { kind: 'number', unit: units[name] ?? null },
        }) as const,
    }
    expect(checkExpression(parseExpression('A > B').ast, own).findings).toEqual([])
    expect(checkExpression(parseExpression('A > C').ast, own).findings[0]?.code).toBe('unit')
  })
})

describe('names', () => {
  test.each([
    ['WIEGHT', 'unknown-name: WIEGHT'],
    ['F_PFT.FVPC', 'unknown-member: FVPC'],
    ['F_AE.exists(r, r.AESR == 1)', 'unknown-member: AESR'],
    ["F_LB.LB['ALT'].LBSTRESN", "unknown-row: 'ALT'"],
    ["F_LB['CREAT'].LBSTRESN", "row: F_LB['CREAT']"],
    ['F_PFT.FVCPP', 'unreachable: F_PFT.FVCPP'],
    ['F_AE.AESER', 'unreachable: F_AE.AESER'],
    ['F_AE', 'collection: F_AE'],
    ['at(AGE, F_PFT.FVCPP)', 'visit: AGE'],
    ['at(W4)', 'arguments: at(W4)'],
    ['at(W4, at(W0, F_PFT.FVCPP))', 'place: at(W0, F_PFT.FVCPP)'],
    ['base(F_PFT)', 'place: F_PFT'],
    ['base(AGE + 1)', 'not-a-path: AGE + 1'],
    ['AGE.X', 'member: AGE.X'],
    ['AGE.exists(r, true)', 'not-rows: AGE'],
    ['F_AE.exist(r, true)', 'unknown-method: exist'],
    ['F_AE.exists(true)', 'arguments: F_AE.exists(true)'],
    ['F_AE.exists(AGE, true)', 'row-name: AGE'],
    ['F_AE.exists(event, true)', 'row-name: event'],
    ['F_AE.exists(r, r)', 'row-value: r'],
    ['F_AE.exists(r, F_EC.exists(r, true))', 'row-name: r'],
    ['F_AE.sum(r, r.AETERM)', 'argument-type: r.AETERM'],
    ['F_AE.max(r, r.AESER)', 'argument-type: r.AESER'],
    ['F_AE.filter(r, true)', 'collection: F_AE.filter(r, true)'],
    ['F_AE.filter(r, true).AESER', 'collection: F_AE.filter(r, true).AESER'],
    [
      'F_AE.exists(a, F_AE.exists(b, F_AE.exists(c, F_AE.exists(d, true))))',
      'too-deep: F_AE.exists(d, true)',
    ],
    ["event == 'W9'", "code: event == 'W9'"],
  ])('%s is refused', (text, expected) => expect(found(text)).toContain(expected))

  test('misspelt names get suggestions', () => {
    expect(message('WIEGHT')).toContain('WEIGHT')
    expect(message('F_AE.exists(r, r.AESR == 1)')).toContain('AESER')
    expect(message('abbs(AGE)')).toContain('abs')
    expect(message('F_AE.exist(r, true)')).toContain('exists')
    expect(message('abs')).toContain('abs(...)')
  })

  test('one mistake is one finding', () => {
    expect(found('WIEGHT + 1 > AGE && !(WIEGHT == 3)')).toEqual([
      'unknown-name: WIEGHT',
      'unknown-name: WIEGHT',
    ])
    expect(found('(NOTE + 1) * 2 > 3')).toEqual(['not-number: NOTE'])
  })

  test('from a row variable every place can be seen', () => {
    const rows = 'F_LB.LB.exists(r, r.LBSTRESN > base(r.LBSTRESN) + previous(r.LBSTRESN))'
    expect(found(rows, 'boolean', 'F_LB')).toEqual([])
    expect(found('F_LB.LB.count(r, at(W0, r.LBSTRESN) > 1)', 'number')).toEqual([])
  })

  test('a row variable ends with its method', () => {
    expect(found('F_AE.exists(r, true) && r.AESER == 1')).toEqual(['unknown-name: r'])
    expect(found('F_AE.exists(r, true) && F_EC.exists(r, true)')).toEqual([])
  })
})

describe('the result', () => {
  const noYes: ValueType = { kind: 'code', list: 'CL_NY', codes: ['N', 'Y'] }
  test.each([
    ['AGE', 'boolean', ['result-type: AGE']],
    ['AGE > 1', 'boolean', []],
    ['null', 'number', []],
    ['SEX', 'text', []],
    ['NOTE', 'code', ['text-as-code: NOTE']],
    ["AGE > 1 ? 'Y' : 'N'", noYes, []],
    ["AGE > 1 ? 'Y' : null", noYes, []],
    ["AGE > 1 ? 'Y' : 'X'", noYes, ["result-code: AGE > 1 ? 'Y' : 'X'"]],
    ['SEX', noYes, ['result-code: SEX']],
    ['WEIGHT', { kind: 'number', unit: 'g' } as ValueType, ['unit: WEIGHT']],
    ['WEIGHT * 1000', { kind: 'number', unit: 'g' } as ValueType, []],
    ['ONSET', { kind: 'date', partial: false } as ValueType, ['partial-result: ONSET']],
  ] as const)('%s as %j', (text, expected, findings) => {
    expect(found(text, expected)).toEqual(findings)
  })
})

describe('what an expression reads', () => {
  const reads = (text: string, form?: string) => {
    const result = checked(text, undefined, form)
    expect(result.findings).toEqual([])
    return result
  }

  test('items with row and place, each once', () => {
    const text = "AGE > 1 && at(W4, F_LB.LB['CREAT'].LBSTRESN) > base(F_PFT.FVCPP) * AGE"
    expect(reads(text).references).toEqual([
      { form: 'F_DM', group: 'MAIN', item: 'AGE', row: null, place: { kind: 'here' } },
      {
        form: 'F_LB',
        group: 'LB',
        item: 'LBSTRESN',
        row: 'CREAT',
        place: { kind: 'event', event: 'W4' },
      },
      { form: 'F_PFT', group: 'MAIN', item: 'FVCPP', row: null, place: { kind: 'base' } },
    ])
  })

  test('items and collections inside closures, filters and places', () => {
    const text =
      "F_AE.filter(a, a.AESER == 'Y').exists(a, at(W4, F_LB.LB).count(r, r.LBDTC >= a.AESTDTC && r.LBSTRESN > base(r.LBSTRESN)) > LIMIT)"
    const found = reads(text)
    expect(found.collections).toEqual([
      { form: 'F_AE', group: null, event: null },
      { form: 'F_LB', group: 'LB', event: 'W4' },
    ])
    expect(found.references.map((r) => `${r.item} ${r.place.kind}`)).toEqual([
      'AESER bound',
      'LBDTC bound',
      'AESTDTC bound',
      'LBSTRESN bound',
      'LBSTRESN base',
    ])
    expect(found.parameters).toEqual(['LIMIT'])
  })

  test('variables, functions, reason, event and index', () => {
    const found = reads("TZERO > RFICDTC && refHigh('CK') > PULSES && reason(SCORE) == 'ND'")
    expect(found.variables).toEqual(['TZERO', 'PULSES'])
    expect(found.functions).toEqual(['refHigh'])
    expect(found.references.map((r) => r.item)).toEqual(['RFICDTC', 'SCORE'])
    expect([found.usesEvent, found.usesIndex]).toEqual([false, false])
    expect(reads("event == 'W4'").usesEvent).toBe(true)
    expect(reads('F_EC.exists(r, r.date > RFICDTC)').usesDate).toBe(true)
    expect(reads('isSigned(F_AE)').collections).toEqual([
      { form: 'F_AE', group: null, event: null },
    ])
    expect(reads('index > 1', 'F_EC').usesIndex).toBe(true)
  })
})
