import { describe, expect, test } from 'vitest'
import type { DerivationTestDef } from '#domain/definition/definition.ts'
import { compileText } from '#domain/expression/compile.ts'
import { leavesOf, nullnessOf } from '#domain/expression/nullness.ts'
import { sampleScope } from '#domain/expression/sample-scope.ts'
import { runDerivationTest } from './derivation-tests.ts'
import { derivationsOf } from './derivations.ts'
import { excusesOf } from './excuses.ts'
import { isFullyTested, runStudyTests } from './study-tests.ts'
import { sampleFiles, sampleStudy } from './testing/sample-study.ts'

const study = sampleStudy()
const run = (
  given: DerivationTestDef['given'],
  expected: NonNullable<DerivationTestDef['expect']>,
) => runDerivationTest(study, { name: 'a test', given, expect: expected })
const messages = (
  given: DerivationTestDef['given'],
  expected: NonNullable<DerivationTestDef['expect']>,
) => run(given, expected).map(({ ok, message }) => (ok ? 'ok' : message))

describe('a derivation test', () => {
  test('compares items as stored, variables, populations and endpoints', () => {
    const given = {
      'F_RAND.RANDDTC': '2020-03-02T09:00:00+09:00',
      'SCR/F_VS.WEIGHT': 70,
      'SCR/F_VS.HEIGHT': 175,
      'W4/F_LB.LB[CREAT].LBORRES': 1,
      'W4/F_LB.LB[CREAT].LBORRESU': 'mg/dL',
      'F_DTH.DTHDTC': '2020-05',
      today: '2020-06-01',
    }
    const expected = {
      'F_VS.BMI': 22.9,
      'SCR/F_VS.LOSS': 'N',
      'SCR/F_VS.CHG': 0,
      'W4/F_LB.LB[CREAT].LBSTRESN': 88.4,
      TZERO: '2020-03-02',
      ALL: true,
      'OS.event': '2020-05',
      'OS.censor': '2020-06-01',
      MAXALT: null,
    }
    expect(messages(given, expected)).toEqual(Object.keys(expected).map(() => 'ok'))
  })

  test('tells undecided from missing', () => {
    const states = (given: DerivationTestDef['given'], address: string) =>
      run(given, { [address]: 1 })[0]?.state
    expect(states({}, 'F_VS.BMI')).toBe('missing')
    expect(states({ 'SCR/F_VS.WEIGHT': 70 }, 'F_VS.BMI')).toBe('undecided')
    expect(states({ 'SCR/F_VS.WEIGHT': 'ND!' }, 'F_VS.BMI')).toBe('missing')
    expect(states({ 'SCR/F_VS.WEIGHT': 900 }, 'F_VS.BMI')).toBe('missing')
    expect(states({ 'W4/F_VS.WEIGHT': 70 }, 'F_VS.BMI')).toBe('missing')
    // Through a derived item: nothing of LOSS itself, but what LOSS reads.
    expect(states({ 'W4/F_VS.WEIGHT': 70 }, 'W4/F_VS.ASK')).toBe('undecided')
    expect(states({}, 'W4/F_VS.ASK')).toBe('missing')
    // Rows of a collection.
    expect(states({ 'SCR/F_LB.LB[CREAT].LBORRES': 3 }, 'MAXALT')).toBe('undecided')
    expect(states({ 'F_AE.AETERM': 'x' }, 'MAXALT')).toBe('missing')
    expect(states({ 'F_DM.BRTHDTC': '1956' }, 'F_DM.AGE')).toBe('undecided')
  })

  test('says what is wrong', () => {
    expect(messages({ 'SCR/F_VS.WEIGHT': 70 }, { 'F_VS.BMI': 20 })).toEqual([
      'F_VS.BMI is undecided, not 20.',
    ])
    expect(messages({ 'SCR/F_VS.WEIGHT': 70, 'SCR/F_VS.HEIGHT': 175 }, { 'F_VS.BMI': 20 })).toEqual(
      ['F_VS.BMI is "22.9", not 20.'],
    )
    expect(messages({ 'SCR/F_VS.WEIGHT': 900 }, { 'F_VS.BMI': 'undecided' })).toEqual([
      'F_VS.BMI is missing, not undecided. Not seen by rules: SCR/F_VS.WEIGHT (HARD).',
    ])
    const whole = { 'F_DM.BRTHDTC': '1890', 'F_DM.CONSENT': '2020-01-01' }
    expect(messages(whole, { 'F_DM.AGE': 129 })).toEqual(['F_DM.AGE is "129" and refused (HARD).'])
    expect(messages({ 'W8/F_VS.WEIGHT': 30 }, { 'W8/F_LB.LB[ALT].LBXULN': 'missing' })).toEqual([
      'W8/F_LB.LB[ALT].LBXULN is closed by skip logic.',
    ])
    expect(messages({ 'W8/F_VS.WEIGHT': 30 }, { 'W8/F_LB.LB[ALT].LBXULN': 'closed' })).toEqual([
      'ok',
    ])
    expect(messages({}, { 'W4/F_LB.LB[ALT].LBXULN': 'missing' })).toEqual([
      'W4/F_LB.LB[ALT].LBXULN: the row ALT is not in use there.',
    ])
    expect(messages({}, { 'F_VS.WEIGHT': 'missing' })).toEqual(['F_VS.WEIGHT is not derived.'])
    expect(messages({}, { NOPE: 1 })).toEqual(['There is no variable or population NOPE.'])
    expect(messages({ 'F_NO.X': 1 }, { TZERO: 'missing' })).toEqual([
      'F_NO.X: there is no form F_NO.',
    ])
    expect(messages({ 'W4/F_VS.LOSS': 'Y' }, { 'W4/F_VS.LOSS': 'Y' })).toEqual([
      'W4/F_VS.LOSS is given, so its derivation does not count.',
    ])
    const empty = runDerivationTest(study, { name: 'x', given: {} })
    expect(empty).toMatchObject([{ ok: false, message: 'It expects nothing.' }])
  })

  test('lists are short for expectations; visits may be named by position', () => {
    const results = runDerivationTest(study, {
      name: 'lists',
      given: { '@1/F_VS.WEIGHT': 80, '@3/F_VS.WEIGHT': 69 },
      expect: { 'W4/F_VS.LOSS': 'Y', '@3/F_VS.LOSS': 'Y', 'W0/F_VS.LOSS': 'undecided' },
      undecided: ['@1/F_VS.BMI'],
      missing: ['W8/F_VS.BMI', 'TZERO'],
    })
    expect(results.filter(({ ok }) => !ok)).toEqual([])
    expect(results).toHaveLength(6)
    expect(messages({ '@9/F_VS.WEIGHT': 1 }, { TZERO: 'missing' })).toEqual([
      '@9/F_VS.WEIGHT: F_VS is not part of @9.',
    ])
  })
})

describe('coverage', () => {
  const report = runStudyTests(study)

  test('names what no test shows', () => {
    expect(report.coverage.checks).toEqual({ covered: 3, total: 4 })
    expect(report.coverage.gaps.find(({ name }) => name === 'C-04')).toMatchObject({
      kind: 'check',
      lacks: ['silent'],
      place: ['checks', 3, 'id'],
    })
    expect(report.coverage.gaps.find(({ name }) => name === 'F_VS.BMI')).toMatchObject({
      lacks: ['decided', 'undecided', 'missing'],
    })
    expect(isFullyTested(report)).toBe(false)
  })

  test('a silent test counts only where the check is asked, a failing one not at all', () => {
    const lacks = (tests: string) => {
      const checks = `[{ id: C-09, form: F_VS, item: FLOW, level: soft, rule: FLOW > 5, message: m, tests: [${tests}] }]`
      return runStudyTests(sampleStudy({ 'checks.yaml': checks })).coverage.gaps.find(
        ({ name }) => name === 'C-09',
      )?.lacks
    }
    const fires = '{ given: { SCR/F_VS.WEIGHT: 60, SCR/F_VS.FLOW: 6 }, expect: fires }'
    const silent = '{ given: { SCR/F_VS.WEIGHT: 60, SCR/F_VS.FLOW: 5 }, expect: silent }'
    const closed = '{ given: { SCR/F_VS.WEIGHT: 40, SCR/F_VS.FLOW: 6 }, expect: silent }'
    expect(lacks(`${fires}, ${silent}`)).toBeUndefined()
    expect(lacks(`${fires}, ${closed}`)).toEqual(['silent'])
    expect(lacks(silent)).toEqual(['fires'])
    expect(lacks(silent.replace('silent', 'fires'))).toEqual(['fires', 'silent'])
  })

  test('grows with tests until it is full', () => {
    const derivations = `
- name: all of BMI
  given: { SCR/F_VS.WEIGHT: 70, SCR/F_VS.HEIGHT: 175, W0/F_VS.WEIGHT: 70 }
  expect: { SCR/F_VS.BMI: 22.9 }
  undecided: [W0/F_VS.BMI]
  missing: [W4/F_VS.BMI]
`
    const more = runStudyTests(sampleStudy({ 'derivations.yaml': derivations }))
    expect(more.coverage.gaps.map(({ name }) => name)).not.toContain('F_VS.BMI')
    expect(more.coverage.derivations.covered).toBe(report.coverage.derivations.covered + 1)
    const wrong = derivations.replace('22.9', '22.8')
    const failing = runStudyTests(sampleStudy({ 'derivations.yaml': wrong }))
    expect(failing.coverage.gaps.find(({ name }) => name === 'F_VS.BMI')?.lacks).toEqual([
      'decided',
    ])
  })
})

describe('what cannot be is excused with its reason', () => {
  const excuses = (derive: string, type = 'type: decimal'): Record<string, string> => {
    const forms = (sampleFiles['forms.yaml'] as string).replace(
      'type: decimal, derive: previous(WEIGHT)',
      `${type}, derive: "${derive}"`,
    )
    const changed = sampleStudy({ 'forms.yaml': forms })
    const found = derivationsOf(changed).find(({ name }) => name === 'F_VS.PREV')
    if (!found) throw new Error('no derivation')
    return Object.fromEntries(excusesOf(changed, found).map(({ state, reason }) => [state, reason]))
  }
  const asSoon = 'it has a value as soon as one of the things it reads has'

  test.each([
    ['WEIGHT * HEIGHT', {}],
    ['WEIGHT / HEIGHT', {}],
    ['WEIGHT * 2', { undecided: asSoon }],
    ['1 / WEIGHT', {}],
    ['WEIGHT / 2', { undecided: asSoon }],
    ['coalesce(WEIGHT, base(WEIGHT))', { undecided: asSoon }],
    ['coalesce(WEIGHT, 0)', { undecided: asSoon, missing: 'with nothing given it is 0' }],
    ['known(WEIGHT) ? 1 : 2', { undecided: asSoon, missing: 'with nothing given it is 2' }],
    ['WEIGHT > 3 ? 1 : null', {}],
    ['WEIGHT > 3 || HEIGHT > 3 ? 1 : 2', {}],
    ['F_AE.count()', { undecided: asSoon, missing: 'with nothing given it is 0' }],
    ["F_AE.count(r, r.AESER == 'Y')", { undecided: asSoon, missing: 'with nothing given it is 0' }],
    ['F_VS.max(r, r.WEIGHT)', { undecided: asSoon }],
    ['F_VS.filter(r, r.WEIGHT > 3).max(r, r.WEIGHT)', {}],
    ['days(F_DM.CONSENT, today())', { undecided: asSoon }],
    ['days(F_DM.BRTHDTC, today())', {}],
    ['log(WEIGHT)', {}],
    [
      '5',
      {
        undecided: 'it reads nothing that is entered',
        missing: 'it reads nothing that is entered',
      },
    ],
    ['subjectNumber() * WEIGHT', { undecided: asSoon }],
    [
      'countTrue(WEIGHT > 3, HEIGHT > 3)',
      { undecided: asSoon, missing: 'with nothing given it is 0' },
    ],
  ])('%s', (derive, expected) => expect(excuses(derive)).toEqual(expected))

  test('a variable under another name, and an item that its own reading opens', () => {
    const endpoint = derivationsOf(study).find(({ name }) => name === 'OS.timeZero')
    expect(endpoint && excusesOf(study, endpoint).map(({ reason }) => reason)).toEqual([
      'it is the variable TZERO',
      'it is the variable TZERO',
      'it is the variable TZERO',
    ])
    expect(excuses('WEIGHT * HEIGHT', "type: decimal, when: 'WEIGHT > 3'")).toEqual({
      missing: 'it is open only where WEIGHT, which it reads, allows',
    })
  })
})

describe('nullness', () => {
  const of = (text: string, given: readonly string[]) => {
    const { compiled } = compileText(text, sampleScope('F_DM'))
    if (!compiled) throw new Error(text)
    return nullnessOf(compiled.core, (leaf) =>
      given.some((name) => leaf.startsWith(`F_DM.${name}[`) || leaf === name) ? 'known' : 'null',
    )
  }
  test.each([
    ['SCORE > 3 || AGE > 3', ['AGE'], 'maybe'],
    ['SCORE > 3 || AGE > 3', [], 'null'],
    ['SCORE > 3 || AGE > 3', ['AGE', 'SCORE'], 'known'],
    ['missing(SCORE) || AGE > 3', [], 'known'],
    ["missing(SCORE) ? 1 : SEX == 'F' ? 2 : 3", ['SCORE'], 'null'],
    ["missing(SCORE) ? 1 : SEX == 'F' ? 2 : 3", ['SEX'], 'known'],
    ['BRTHDTC < RFICDTC', ['BRTHDTC', 'RFICDTC'], 'maybe'],
    ['RFICDTC + 28d', ['RFICDTC'], 'known'],
    ['BRTHDTC + 28d', ['BRTHDTC'], 'maybe'],
    ['reason(SCORE)', [], 'known'],
    ['reason(SCORE)', ['SCORE'], 'null'],
    ['number(NOTE)', ['NOTE'], 'maybe'],
    ["SEX in ['F', 'M']", ['SEX'], 'known'],
    ['SCORE in [1, PULSES]', ['SCORE'], 'maybe'],
    ['atLeast(1, AGE > 3, SCORE > 3)', ['AGE'], 'maybe'],
    ['TZERO', ['$TZERO'], 'known'],
  ])('%s with %o is %s', (text, given, expected) => expect(of(text, given)).toBe(expected))

  test('leaves are what somebody can give', () => {
    const { compiled } = compileText(
      "base(F_PFT.FVC) > 1 && TZERO > RFICDTC && F_AE.exists(r, r.AESER == 'Y')",
      sampleScope('F_DM'),
    )
    expect(compiled && leavesOf(compiled.core, () => true)).toEqual([
      'F_PFT.FVC[]@base',
      '$TZERO',
      'F_DM.RFICDTC[]@here',
      'rows:F_AE.@',
      'F_AE.AESER[]@bound',
    ])
  })
})
