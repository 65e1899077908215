import { describe, expect, test } from 'vitest'
import { sampleFiles, sampleSources } from '#domain/casebook/testing/sample-study.ts'
import { checkStudy } from './check-study.ts'
import { findingText } from './finding.ts'
import { parseStudy } from './parse-study.ts'

function check(changes: Record<string, string | null> = {}) {
  const { definition, findings, locate } = parseStudy(sampleSources(changes))
  if (!definition) return findings.map(findingText)
  return checkStudy(definition)
    .map(locate)
    .filter(({ severity }) => severity !== 'note')
    .map(findingText)
}
/** Findings after replacing a piece of a file. */
function replaced(file: string, from: string, to: string): string[] {
  const text = sampleFiles[file] as string
  expect(text).toContain(from)
  return check({ [file]: text.replace(from, to) })
}
const add = (file: string, text: string) => check({ [file]: `${sampleFiles[file]}\n${text}` })

test('the sample is sound', () => {
  expect(check()).toEqual([])
})

describe('expressions', () => {
  const rule = (text: string) =>
    add(
      'checks.yaml',
      `- { id: X-1, form: F_VS, item: WEIGHT, level: soft, rule: "${text}", message: M, tests: [{ given: {}, expect: fires }] }`,
    )

  test('unknown names come with a suggestion, line and column', () => {
    const line = sampleFiles['checks.yaml']?.split('\n').length ?? 0
    expect(rule('WEIHGT > 3')).toEqual([
      `checks.yaml:${line + 1}:60: error: WEIHGT is not known here. Did you mean WEIGHT or HEIGHT? [unknown-name]`,
    ])
    expect(rule('SEX == 1')[0]).toContain('Did you mean F_DM.SEX?')
  })

  test.each([
    ["F_DM.SEX == 'X'", "'X' is not a code of CL_SEX"],
    ["ASK == 'ND'", 'ND means that the value is missing'],
    ['F_DM.BRTHDTC > 5', 'Compares a date with a number'],
    ['WEIGHT > HEIGHT', 'Compares kg with cm'],
    ['WEIGHT', 'a yes/no value is needed'],
    ["F_AE.AESER == 'Y'", 'can have many instances'],
    ['at(LOG, F_VS.WEIGHT) > 1', 'F_VS is not part of LOG'],
    ['F_LB.LBORRES > 1', "LBORRES is not known in F_LB. Did you mean F_LB.LB['KEY'].LBORRES?"],
    ["F_LB.LB['ZZ'].LBORRES > 1", "LB has no fixed row 'ZZ'"],
    ['F_LB.LB.LBORRES > 1', "name one: F_LB.LB['KEY'].LBORRES"],
    ['1 > 2', 'always says the same'],
    ['WEIGHT > WEIGHT', 'compares a value with itself'],
    ['toxicityGrade(1) > 2', 'toxicityGrade is written'],
  ])('%s', (text, message) => {
    expect(rule(text).join('\n')).toContain(message)
  })

  test('a visit must be named where there is none', () => {
    expect(
      add('variables.yaml', '- { oid: W, label: W, type: number, value: F_VS.WEIGHT }')[0],
    ).toContain(
      'F_VS belongs to several visits; name one: at(VISIT, F_VS.WEIGHT), or base(F_VS.WEIGHT).',
    )
    expect(replaced('checks.yaml', 'known(DTHDTC)', 'F_VS.WEIGHT > 1')[0]).toContain(
      'F_VS is never filled at the same visit as F_DTH',
    )
    expect(replaced('checks.yaml', 'known(DTHDTC)', 'previous(F_VS.WEIGHT) > 1')[0]).toContain(
      'previous() needs a visit',
    )
  })

  test('derivations fit their item', () => {
    expect(replaced('forms.yaml', 'derive: previous(WEIGHT)', 'derive: "\'x\'"')[0]).toContain(
      'Results in a text; a number is needed',
    )
    expect(replaced('forms.yaml', "? 'Y' : null", "? 'Q' : null")[0]).toContain('Can result in Q')
  })

  test('marks of messages are read too', () => {
    expect(replaced('checks.yaml', 'loss {LOSS}', 'loss {LOSSES}')[0]).toMatch(
      /checks.yaml:7:\d+: error: LOSSES is not known here/,
    )
  })

  test('a thousand levels are a finding', () => {
    const deep = `${'('.repeat(1000)}WEIGHT${')'.repeat(1000)} > 1`
    expect(rule(deep).join('\n')).toContain('error:')
    expect(rule(`${'!'.repeat(1500)}(WEIGHT > 1)`).join('\n')).toContain('error:')
  })
})

describe('cycles', () => {
  test('of derived items, through skip logic and between forms', () => {
    expect(replaced('forms.yaml', 'derive: previous(WEIGHT)', 'derive: CHG')).toEqual([])
    expect(
      replaced('forms.yaml', 'derive: "WEIGHT - base(WEIGHT)"', 'derive: CHG + 1').join(),
    ).toContain('F_VS.CHG depends on itself: F_VS.CHG → F_VS.CHG.')
    expect(replaced('forms.yaml', 'when: "WEIGHT > 50"', 'when: "FLOW > 50"').join()).toContain(
      'F_VS.FLOW depends on itself',
    )
    const text = (sampleFiles['forms.yaml'] as string)
      .replace('derive: "WEIGHT - base(WEIGHT)"', 'derive: "base(BMI)"')
      .replace('derive: "WEIGHT * 10000 / (HEIGHT * HEIGHT)"', 'derive: "CHG"')
    expect(check({ 'forms.yaml': text }).join()).toContain('depends on itself')
  })

  test('the same item at an earlier visit is none', () => {
    expect(
      replaced('forms.yaml', 'derive: previous(WEIGHT)', 'derive: previous(PREV) + 1'),
    ).toEqual([])
  })

  test('of variables', () => {
    const found = add(
      'variables.yaml',
      '- { oid: VA, label: A, type: number, value: VB }\n- { oid: VB, label: B, type: number, value: VA }',
    )
    expect(found.join()).toContain('VA depends on itself: VA → VB → VA.')
  })
})

describe('the rest', () => {
  test('duplicates', () => {
    expect(
      add('variables.yaml', '- { oid: TZERO, label: Z, type: date, value: today() }')[0],
    ).toContain('TZERO is the name of a variable too.')
    expect(replaced('forms.yaml', 'oid: HEIGHT', 'oid: WEIGHT')[0]).toContain(
      'Item WEIGHT exists twice',
    )
    expect(replaced('checks.yaml', 'id: C-02', 'id: C-01')[0]).toContain('Check C-01 exists twice')
    expect(replaced('schedule.yaml', 'oid: W8', 'oid: F_VS')[0]).toContain(
      'F_VS is the name of a form too',
    )
  })

  test('code lists', () => {
    expect(replaced('forms.yaml', 'codeList: CL_SEX', 'codeList: CL_SEXES')[0]).toContain(
      'There is no code list',
    )
    expect(
      replaced('forms.yaml', 'codeList: CL_SEX', 'codeList: CL_SEX, codes: [M, Q]')[0],
    ).toContain('CL_SEX has no code Q')
    expect(replaced('forms.yaml', 'type: code, codeList: CL_SEX', 'type: code')[0]).toContain(
      'names no code list',
    )
  })

  test('schedule', () => {
    expect(replaced('schedule.yaml', 'rows: safety', 'rows: unsafe')[0]).toContain(
      'no row set unsafe',
    )
    expect(replaced('schedule.yaml', '[F_SV, F_DM', '[F_SV, F_QQ, F_DM')[0]).toContain(
      'no form F_QQ',
    )
    expect(replaced('schedule.yaml', 'day: 57', 'day: 35')).toEqual([
      'schedule.yaml:5:63: warning: The windows of W4 and W8 overlap. [window-overlap]',
    ])
    expect(replaced('schedule.yaml', 'day: 57', 'day: 0').join()).toContain('There is no day 0')
    expect(replaced('schedule.yaml', '[-3, 3]', '[3, -3]')[0]).toContain('A window is')
  })

  test('ranges', () => {
    expect(replaced('forms.yaml', 'soft: [30, 120]', 'soft: [120, 30]')[0]).toContain('is empty')
    expect(replaced('forms.yaml', 'soft: [30, 120]', 'soft: [10, 120]')).toHaveLength(1)
    expect(
      replaced('forms.yaml', 'type: text, length: 10', 'type: text, soft: [1, 2]')[0],
    ).toContain('is no number')
  })

  test('a promised language without a text is a warning', () => {
    const text = (sampleFiles['study.yaml'] as string).replace('[en]', '[en, ja]')
    const found = check({ 'study.yaml': text })
    expect(found.every((finding) => finding.includes('warning') && finding.includes('in ja'))).toBe(
      true,
    )
    expect(found.some((finding) => finding.includes('“Height”'))).toBe(true)
    expect(found.some((finding) => finding.includes('“Weight”'))).toBe(false)
  })

  test('a check that no test shows firing is a warning', () => {
    expect(
      add(
        'checks.yaml',
        '- { id: X-1, form: F_VS, item: WEIGHT, level: soft, rule: WEIGHT > 200, message: M }',
      ),
    ).toEqual([expect.stringContaining('No test shows that X-1 fires')])
  })

  test('analysis', () => {
    expect(replaced('analysis.yaml', 'population: ALL', 'population: SOME')[0]).toContain(
      'no population SOME',
    )
  })
})
