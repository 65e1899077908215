/** Findings about conditions, cycles through visits, groupings and declarations, and what a study leaves out of the library. */
import { describe, expect, test } from 'vitest'
import { sampleFiles, sampleSources } from '#domain/casebook/testing/sample-study.ts'
import { checkStudy } from './check-study.ts'
import { findingText, type StudyFinding } from './finding.ts'
import { parseStudy, type SourceFile } from './parse-study.ts'

type Changes = Record<string, string | null>

function check(changes: Changes, library: readonly SourceFile[] = []): StudyFinding[] {
  const { definition, findings, locate } = parseStudy(sampleSources(changes), library)
  return definition ? [...findings, ...checkStudy(definition).map(locate)] : findings
}
const file = (name: string) => sampleFiles[name] as string
function replaced(name: string, from: string, to: string): StudyFinding[] {
  expect(file(name)).toContain(from)
  return check({ [name]: file(name).replace(from, to) })
}
const codes = (findings: readonly StudyFinding[], severity?: StudyFinding['severity']) =>
  findings
    .filter((one) => (severity === undefined ? one.severity !== 'note' : one.severity === severity))
    .map(({ code }) => code)

const tests = 'tests: [{ given: {}, expect: fires }]'
const rule = (text: string, item = 'WEIGHT') =>
  codes(
    check({
      'checks.yaml': `- { id: X-1, form: F_VS, item: ${item}, level: soft, rule: "${text}", message: M, ${tests} }`,
    }),
  )

describe('checks that say only one thing', () => {
  test.each([
    ['WEIGHT > 300', 'never-fires'],
    ['WEIGHT < 60 && WEIGHT > 70', 'never-fires'],
    ["F_DM.SEX == 'F' && F_DM.SEX == 'M'", 'never-fires'],
    ["event == 'LOG'", 'never-fires'],
    ['WEIGHT >= 15', 'always-fires'],
    ["F_DM.SEX in ['M', 'F']", 'always-fires'],
    ['1 > 2', 'constant-rule'],
    ['WEIGHT > WEIGHT', 'constant-rule'],
  ])('%s: %s', (text, code) => expect(rule(text)).toEqual([code]))

  test.each([['WEIGHT > 299'], ['WEIGHT > 60 || WEIGHT < 50'], ["event == 'W4'"], ['DROP > 20']])(
    '%s is sound',
    (text) => expect(rule(text)).toEqual([]),
  )

  test('what opens the item counts: FLOW is open above 50 kg', () => {
    expect(rule('WEIGHT < 40', 'FLOW')).toEqual(['never-fires'])
    expect(rule('WEIGHT > 45', 'FLOW')).toEqual(['always-fires'])
    expect(rule('WEIGHT > 60', 'FLOW')).toEqual([])
  })
})

test('a code that a rule never gives, though the list has it', () => {
  const derived = (entry: string) =>
    file('forms.yaml').replace(
      "derive: \"LOSS == 'Y' ? 'Y' : null\", entry: suggest",
      `derive: "LOSS == 'Y' ? 'Y' : null", entry: ${entry}`,
    )
  const checks = `- { id: X-1, form: F_VS, item: WEIGHT, level: soft, rule: "ASK == 'N'", message: M, ${tests} }`
  expect(codes(check({ 'forms.yaml': derived('never'), 'checks.yaml': checks }))).toEqual([
    'never-fires',
  ])
  expect(codes(check({ 'forms.yaml': derived('override'), 'checks.yaml': checks }))).toEqual([])
})

describe('skip logic', () => {
  const opens = (when: string) =>
    codes(replaced('forms.yaml', 'when: "SEX == \'F\'"', `when: "${when}"`))
  test.each([
    ["SEX == 'F' && SEX == 'M'", ['never-open']],
    ['AGE > 110', ['never-open']],
    ["SEX in ['F', 'M']", ['always-open']],
    ['1 == 1', ['constant-rule']],
    ["SEX == 'F' && AGE < 60", []],
  ])('%s', (when, expected) => expect(opens(when)).toEqual(expected))

  test('an item that only a closed item would open is unreachable', () => {
    const forms = file('forms.yaml').replace(
      "preset: \"SEX == 'F' ? 'woman' : 'man'\"",
      "when: \"PREG == 'Y' && SEX == 'M'\"",
    )
    expect(codes(check({ 'forms.yaml': forms }))).toEqual(['never-open'])
  })

  test('of a form at a visit, and of a requirement', () => {
    expect(codes(replaced('schedule.yaml', 'F_VS.WEIGHT > 40', 'F_VS.WEIGHT > 400'))).toEqual([
      'never-open',
    ])
    const forms = file('forms.yaml').replace(
      'label: Flow, type: decimal, required: true',
      'label: Flow, type: decimal, required: "WEIGHT > 400"',
    )
    expect(codes(check({ 'forms.yaml': forms }))).toEqual(['never-required'])
  })

  test('a population that nobody can belong to', () => {
    expect(codes(replaced('analysis.yaml', 'rule: known(TZERO)', 'rule: F_DM.AGE > 200'))).toEqual([
      'empty-population',
    ])
  })
})

describe('items nobody uses', () => {
  test('are notes', () => {
    const notes = check({}).filter(({ code }) => code === 'unused-item')
    const names = notes.map(({ message }) => /reads (\S+):/.exec(message)?.[1])
    expect(names).toEqual([
      'F_DM.AGE',
      'F_DM.PREG',
      'F_DM.NOTE',
      'F_VS.BMI',
      'F_VS.CHG',
      'F_VS.PREV',
      'F_VS.ASK',
      'F_VS.FLOW',
      'F_LB.LBTOXGR',
      'F_DTH.NAE',
    ])
    expect(notes.every(({ severity, line }) => severity === 'note' && line !== undefined)).toBe(
      true,
    )
  })
})

describe('cycles', () => {
  const cycle = (findings: readonly StudyFinding[]) =>
    findings.filter(({ code }) => code === 'cycle').map(({ message }) => message)

  test('through a visit that asks whether it belongs to the subject', () => {
    const schedule = file('schedule.yaml').replace(
      'oid: W8, label: Week 8,',
      'oid: W8, when: "RESP > 1", label: Week 8,',
    )
    const variables = `${file('variables.yaml')}- { oid: RESP, label: R, type: number, value: "F_VS.max(r, r.WEIGHT) / 10" }\n`
    const found = check({ 'schedule.yaml': schedule, 'variables.yaml': variables })
    expect(cycle(found)).toContain('W8 depends on itself: W8 → RESP → W8.')
    expect(found.find(({ code }) => code === 'cycle')).toMatchObject({ severity: 'error' })
    // Of the visits before it, it may be asked.
    const named = variables.replace('F_VS.max(r, r.WEIGHT) / 10', 'at(W4, F_VS.WEIGHT) / 10')
    expect(cycle(check({ 'schedule.yaml': schedule, 'variables.yaml': named }))).toEqual([])
  })

  test('through the bins of nearest and an anchor', () => {
    const schedule = file('schedule.yaml').replace(
      'oid: W8, label: Week 8,',
      'oid: W8, anchor: SECOND, label: Week 8,',
    )
    const second = (value: string) =>
      `${file('variables.yaml')}- { oid: SECOND, label: S, type: date, value: "${value}" }\n`
    const bins = second('nearest(W8, F_VS.WEIGHT) > 50 ? TZERO : TZERO + 7d')
    const found = cycle(check({ 'schedule.yaml': schedule, 'variables.yaml': bins }))
    expect(found).toEqual(['day of W8 depends on itself: day of W8 → SECOND → day of W8.'])
    const other = second('nearest(W4, F_VS.WEIGHT) > 50 ? TZERO : TZERO + 7d')
    expect(cycle(check({ 'schedule.yaml': schedule, 'variables.yaml': other }))).toEqual([])
  })

  test('a form that is filled depending on itself', () => {
    const found = replaced(
      'schedule.yaml',
      'when: "F_VS.WEIGHT > 40"',
      'when: "F_LB.LB[\'ALT\'].LBXULN > 1"',
    )
    expect(cycle(found)[0]).toContain('W8/F_LB')
  })

  test('a chain of a thousand variables is followed without recursion', () => {
    const chain = Array.from(
      { length: 1000 },
      (_, i) =>
        `- { oid: V${i}, label: V, type: number, value: "${i === 999 ? 'V0' : `V${i + 1}`} * 1" }`,
    ).join('\n')
    const found = cycle(check({ 'variables.yaml': `${file('variables.yaml')}${chain}\n` }))
    expect(found).toHaveLength(1)
    expect(found[0]).toContain('V0 depends on itself: V0 → V1 →')
  })
})

describe('the schedule', () => {
  const window = (text: string) =>
    codes(replaced('schedule.yaml', 'day: 57, window: [-7, 7]', text))
  test.each([
    ['day: 57, window: [-30, 7]', ['window-overlap']],
    ['day: 57, window: [-30, 7], windowMode: bin', []],
    ['day: 57, window: [-30, 7], anchor: F_DM.CONSENT', []],
    ['window: [-7, 7]', ['no-day', 'window']],
    ['day: 57, windowMode: bin', ['window']],
    ['day: 0, window: [0, 0]', ['day-zero', 'window-overlap']],
    ['day: 57, window: [7, -7]', ['window']],
  ])('%s', (text, expected) => expect(window(text)).toEqual(expected))

  test('follow-up after discontinuation decides nothing where no rule discontinues', () => {
    const key = 'followUpAfterDiscontinuation: false\n'
    expect(codes(check({ 'study.yaml': `${file('study.yaml')}${key}` }))).toEqual(['follow-up'])
    const states = file('study.yaml').replace(
      'subjectStates:',
      'subjectStates:\n  - { state: discontinued, rule: missing(F_DM.CONSENT) }',
    )
    expect(codes(check({ 'study.yaml': `${states}${key}` }))).toEqual([])
  })
})

describe('groupings', () => {
  const analysis = (groups: string, report: string) =>
    codes(
      check({
        'analysis.yaml': `${file('analysis.yaml')}groupings: [${groups}]\nreports: [${report}]\n`,
      }),
    )
  const table = (columns: string, more = 'test: none') =>
    `{ kind: table, oid: T, title: T, population: ALL, columns: ${columns}, rows: [{ label: Age, value: F_DM.AGE, statistic: mean-sd, ${more} }] }`
  const bySex =
    '{ oid: BYSEX, label: Sex, value: F_DM.SEX, groups: [{ code: M, label: M }, { code: F, label: F }] }'
  const byRule =
    '{ oid: ANY, label: Any, groups: [{ code: ALL, label: All, rule: "known(F_DM.SEX)" }, { code: F, label: F, rule: "F_DM.SEX == \'F\'" }] }'

  test.each([
    [bySex, table('BYSEX', 'test: t-test'), []],
    [byRule, table('ANY'), []],
    [byRule, table('ANY', 'test: t-test'), ['grouping']],
    [bySex, table('NOPE'), ['unknown-grouping']],
    [bySex, table('arm'), ['unknown-grouping']],
    [bySex.replace('value: F_DM.SEX, ', ''), table('BYSEX'), ['grouping', 'grouping']],
    [bySex.replace('code: F,', 'code: M,'), table('BYSEX'), ['duplicate-oid']],
    [byRule.replace('known(F_DM.SEX)', 'F_DM.AGE'), table('ANY'), ['result-type']],
  ])('%s', (groups, report, expected) => expect(analysis(groups, report)).toEqual(expected))
})

describe('declarations', () => {
  test('readings and booklets name what exists', () => {
    const study = `${file('study.yaml')}booklets: [{ oid: B1, label: B, events: [SCR, NOPE], forms: [F_DM, F_AE, F_NO] }]\n`
    expect(codes(check({ 'study.yaml': study }))).toEqual([
      'unknown-event',
      'booklet',
      'unknown-form',
    ])
    const forms = file('forms.yaml').replace(
      '- oid: F_DM\n',
      '- oid: F_DM\n  reading: { reader: SEX, image: NOPE, readers: 2, adjudication: F_NO }\n',
    )
    expect(codes(check({ 'forms.yaml': forms })).sort()).toEqual([
      'reading',
      'unknown-form',
      'unknown-item',
    ])
  })
})

describe('what a study leaves out of the library', () => {
  const library = [
    {
      path: 'library/codelists.yaml',
      text: '- { oid: CL_DRUG, codes: [{ code: AAA, label: A }, { code: BBB, label: B }, { code: CCC, label: C }] }\n',
    },
    {
      path: 'library/forms/F_RX.yaml',
      text: `
oid: F_RX
label: Treatment
groups:
  - oid: RX
    items:
      - { oid: RXDRUG, label: Drug, type: code, codeList: CL_DRUG }
      - { oid: RXDOSE, label: Dose, type: decimal }
      - { oid: RXTOT, label: Total, type: decimal, derive: "RXDRUG == 'CCC' ? RXDOSE * 2 : RXDOSE * 1" }
`,
    },
    {
      path: 'library/checks.yaml',
      text: `
- id: L-1
  form: F_RX
  item: RXDRUG
  level: soft
  rule: "RXDRUG == 'CCC' && RXDOSE > 1 || RXDOSE > 10"
  message: M
  tests:
    - { given: { F_RX.RXDRUG: CCC, F_RX.RXDOSE: 2 }, expect: fires }
    - { given: { F_RX.RXDRUG: AAA, F_RX.RXDOSE: 11 }, expect: fires }
    - { given: { F_RX.RXDRUG: AAA, F_RX.RXDOSE: 2 }, expect: silent }
`,
    },
    {
      path: 'library/derivations.yaml',
      text: `
- { name: double, given: { F_RX.RXDRUG: CCC, F_RX.RXDOSE: 2 }, expect: { F_RX.RXTOT: 4 } }
- { name: single, given: { F_RX.RXDRUG: AAA, F_RX.RXDOSE: 2 }, expect: { F_RX.RXTOT: 2 } }
- { name: third visit, given: { '@3/F_RX.RXDOSE': 2 }, undecided: ['@3/F_RX.RXTOT'] }
`,
    },
  ]
  const schedule = file('schedule.yaml').replace('forms: [F_SV, F_DM,', 'forms: [F_RX, F_SV, F_DM,')
  const study = (more: Changes = {}) => {
    const changes: Changes = {
      'schedule.yaml': schedule,
      'forms.yaml': `${file('forms.yaml')}- use: F_RX\n`,
      'codelists.yaml': `${file('codelists.yaml')}- { use: CL_DRUG, only: [AAA, BBB] }\n`,
      ...more,
    }
    const parsed = parseStudy(sampleSources(changes), library)
    if (!parsed.definition) throw new Error(parsed.findings.map(findingText).join('\n'))
    const findings = [...parsed.findings, ...checkStudy(parsed.definition).map(parsed.locate)]
    return { definition: parsed.definition, findings }
  }

  test('a code left out is a note where the library names it, an error where the study does', () => {
    const { findings } = study()
    expect(codes(findings)).toEqual([])
    expect(findings.filter(({ code }) => code === 'code-left-out')).toHaveLength(2)
    const own = `${file('checks.yaml')}- { id: X-1, form: F_RX, item: RXDRUG, level: soft, rule: "RXDRUG == 'CCC'", message: M, ${tests} }\n`
    expect(codes(study({ 'checks.yaml': own }).findings)).toEqual(['code'])
    const whole = study({ 'codelists.yaml': file('codelists.yaml') })
    expect(whole.findings.filter(({ code }) => code === 'code-left-out')).toEqual([])
  })

  test('tests of the library that give it, or a visit too many, are left out', () => {
    const { definition, findings } = study()
    expect(definition.checks.find(({ id }) => id === 'L-1')?.tests).toHaveLength(2)
    expect(definition.derivationTests?.map(({ name }) => name)).toEqual(['single'])
    const unused = findings.filter(({ code }) => code === 'library-test-unused')
    expect(unused.map(({ message }) => message)).toEqual([
      "A test of the library's check L-1 is not used: the study has no the code CCC of F_RX.RXDRUG.",
      "The library's derivation test “double” is not used: the study has no the code CCC of F_RX.RXDRUG as the library has it.",
      "The library's derivation test “third visit” is not used: the study has no @3/F_RX as the library has it.",
    ])
    expect(unused.every((one) => one.file?.startsWith('library/') && one.line)).toBe(true)
  })

  test('a study that derives in its own way has its own tests', () => {
    const forms = `${file('forms.yaml')}- { use: F_RX, items: { RXTOT: { derive: RXDOSE * 3 } } }\n`
    expect(study({ 'forms.yaml': forms }).definition.derivationTests).toBeUndefined()
    const own =
      '- { name: triple, given: { F_RX.RXDOSE: 2 }, expect: { F_RX.RXTOT: 6 } }\n- off: single\n'
    const { definition } = study({ 'derivations.yaml': own })
    expect(definition.derivationTests?.map(({ name }) => name)).toEqual(['triple'])
    const parsed = parseStudy(sampleSources({ 'derivations.yaml': '- off: nothing\n' }), library)
    expect(parsed.findings.map(({ code }) => code)).toContain('unknown-test')
  })
})
