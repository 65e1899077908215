import { describe, expect, it } from 'vitest'
import { checkStudy } from '#domain/definition/check-study.ts'
import { diffDefinitions } from '#domain/definition/diff.ts'
import { itemUsage } from '#domain/definition/item-usage.ts'
import { parseStudy } from '#domain/definition/parse-study.ts'
import { evaluateAffected, evaluateForm, subjectReader } from './evaluate.ts'
import { studyChecks } from './study-checks.ts'
import { runStudyTests } from './study-tests.ts'
import {
  casebookOf,
  keyOf,
  sampleDefinition,
  sampleSources,
  sampleStudy,
} from './testing/sample-study.ts'

const analysis = (event: string, more = '') => ({
  'analysis.yaml': `
populations: [{ oid: ALL, label: All, rule: known(TZERO) }]
endpoints:
  - oid: LOSS
    label: Loss of weight
    kind: time-to-event
    population: ALL
    timeZero: TZERO
    censor: today()
    horizon: 364
    event:
${event}
${more}`,
})
const any = `      any:
        - oid: FALL
          label: { en: Weight fell, ja: 体重減少 }
          rule: "F_VS.exists(r, base(F_VS.WEIGHT) - r.WEIGHT > DROP)"
          date: "F_VS.filter(r, base(F_VS.WEIGHT) - r.WEIGHT > DROP).min(r, r.date)"
          eventForm:
            form: F_AE
            within: 14
            asks:
              - { id: EP-1, item: F_VS.WEIGHT, tests: [{ given: { F_RAND.RANDDTC: '2020-01-01T09:00Z', SCR/F_VS.WEIGHT: 80, W4/F_SV.SVOCCUR: Y, W4/F_SV.SVDTC: '2020-01-29', W4/F_VS.WEIGHT: 69 }, expect: fires }] }
        - { oid: DEATH, label: Death, rule: known(F_DTH.DTHDTC), date: impute(F_DTH.DTHDTC) }`
const changes = analysis(any)

const records = (ae: Record<string, string> | null, w4 = '69') => ({
  'W0/F_RAND': { RANDDTC: '2020-01-01T09:00Z' },
  'W0/F_SV': { SVOCCUR: 'Y', SVDTC: '2020-01-01' },
  'W0/F_VS': { WEIGHT: '80' },
  'W4/F_SV': { SVOCCUR: 'Y', SVDTC: '2020-01-29' },
  'W4/F_VS': { WEIGHT: w4 },
  'W8/F_SV': { SVOCCUR: 'Y', SVDTC: '2020-02-26' },
  'W8/F_VS': { WEIGHT: '65' },
  ...(ae ? { 'LOG/F_AE': ae } : {}),
})

describe('a criterion whose form is not there', () => {
  const study = sampleStudy(changes)
  const asked = (ae: Record<string, string> | null, visit: string, w4?: string) =>
    evaluateForm(study, casebookOf(records(ae, w4)), keyOf(`${visit}/F_VS`)).findings.filter(
      ({ check }) => check === 'EP-1',
    )

  it('is asked for where it was first met, once, in words of the criterion', () => {
    const [finding] = asked(null, 'W4')
    expect(finding).toMatchObject({ path: 'WEIGHT', level: 'soft' })
    expect(finding?.message).toMatchObject({
      en: '"Weight fell" is met, but the form "Adverse event" is not recorded within 14 days.',
      ja: '「体重減少」に該当しますが、14日以内のフォーム「Adverse event」がありません。',
    })
    expect(asked(null, 'W8')).toEqual([])
    expect(asked(null, 'W0')).toEqual([])
  })

  it('falls silent when the form appears near enough, and when the criterion falls', () => {
    expect(asked({ AETERM: 'Loss', AEDTC: '2020-02-12' }, 'W4')).toEqual([])
    expect(asked({ AETERM: 'Loss', AEDTC: '2020-02-13' }, 'W4')).toHaveLength(1)
    expect(asked({ AETERM: 'Loss' }, 'W4')).toHaveLength(1)
    expect(asked(null, 'W4', '75')).toEqual([])
  })

  it('speaks again when the form is saved elsewhere', () => {
    const casebook = casebookOf(records({ AETERM: 'Loss', AEDTC: '2020-01-30' }))
    const { evaluations } = evaluateAffected(study, casebook, [
      { key: keyOf('LOG/F_AE'), paths: ['AEDTC'] },
    ])
    expect(evaluations.map(({ key }) => `${key.event}/${key.form}`)).toContain('W4/F_VS')
  })

  it('is a check like any other: tests run, coverage asks for them, the diff tells of it', () => {
    const report = runStudyTests(study)
    expect(report.checks.filter(({ check }) => check === 'EP-1')).toMatchObject([{ ok: true }])
    expect(report.coverage.gaps).toContainEqual(
      expect.objectContaining({ name: 'EP-1', lacks: ['silent'] }),
    )
    const before = sampleDefinition()
    const told = diffDefinitions(before, study.definition).map(
      ({ code, place }) => `${code} ${place}`,
    )
    expect(told).toContain('check-added EP-1')
    expect(told).toContain('endpoint-added LOSS')
    expect(told).toContain('endpoint-removed OS')
    const again = sampleDefinition(analysis(any.replace('within: 14', 'within: 7')))
    const changed = diffDefinitions(study.definition, again).map(({ code }) => code)
    expect(changed).toContain('endpoint-changed')
    expect(changed).toContain('check-rule-changed')
  })

  it('uses the items that its rules read', () => {
    const usages = itemUsage(study.definition).find(({ item }) => item === 'DTHDTC')?.usages
    expect(usages).toContainEqual({ kind: 'endpoint', name: 'LOSS', via: [] })
  })
})

it('an event that is one date asks for its form by itself, in a form that exists once', () => {
  const study = sampleStudy(
    analysis(
      '      F_DTH.DTHDTC',
      '    eventForm: { form: F_AE, asks: [{ id: EP-2, item: F_DTH.DTHDTC, message: { en: "No event for {DTHDTC}." } }] }',
    ),
  )
  const findings = (more: object) =>
    evaluateForm(
      study,
      casebookOf({ 'LOG/F_DTH': { DTHDTC: '2020-05' }, ...more }),
      keyOf('LOG/F_DTH'),
    )
      .findings.filter(({ check }) => check === 'EP-2')
      .map(({ message }) => message.en)
  expect(findings({})).toEqual(['No event for May 2020.'])
  expect(findings({ 'LOG/F_AE': { AETERM: 'x' } })).toEqual([])
})

it('a rule of its own is seen from the record that it asks about', () => {
  const own = any.replace('item: F_VS.WEIGHT,', "item: F_VS.WEIGHT, rule: LOSS == 'Y',")
  const study = sampleStudy(analysis(own))
  const { check } = studyChecks(study.definition).find((one) => one.check.id === 'EP-1') ?? {}
  expect(check?.rule).toBe(
    "(LOSS == 'Y') && !F_AE.exists(recorded, coalesce(abs(days(date, impute(recorded.date))) <= 14, false))",
  )
  const asked = (visit: string) =>
    evaluateForm(study, casebookOf(records(null)), keyOf(`${visit}/F_VS`)).findings.some(
      (finding) => finding.check === 'EP-1',
    )
  expect([asked('W4'), asked('W8')]).toEqual([true, true])
})

it('dates of an endpoint come from its criteria', () => {
  const reader = subjectReader(sampleStudy(changes), casebookOf(records(null)))
  expect(reader.endpoint('LOSS')).toMatchObject({ timeZero: '2020-01-01', event: '2020-01-29' })
})

describe('the checker', () => {
  const codes = (event: string, more = '') => {
    const parsed = parseStudy(sampleSources(analysis(event, more)))
    const found = parsed.definition ? checkStudy(parsed.definition).map(parsed.locate) : []
    return [...parsed.findings, ...found]
      .filter(({ severity }) => severity !== 'note')
      .map(({ code, line }) => `${code}:${line}`)
  }

  it.each([
    [
      'more criteria than there are',
      '      { atLeast: 3, of: [{ oid: A, label: A, rule: known(TZERO), date: TZERO }] }',
      'shape',
    ],
    ['an unknown name', any.replace('known(F_DTH.DTHDTC)', 'known(F_DTH.DTHDT)'), 'unknown-member'],
    ['a rule that is no yes or no', any.replace('known(F_DTH.DTHDTC)', 'F_DM.AGE'), 'result-type'],
    ['a date that is none', any.replace('impute(F_DTH.DTHDTC)', 'F_DM.AGE'), 'result-type'],
    [
      'a criterion that can never be met',
      any.replace('known(F_DTH.DTHDTC)', 'F_DM.AGE > 200'),
      'never-met',
    ],
    ['an unknown event form', any.replace('form: F_AE', 'form: F_XX'), 'unknown-form'],
    [
      'an unknown item to ask about',
      any.replace('F_VS.WEIGHT, tests', 'F_VS.WAIT, tests'),
      'unknown-item',
    ],
    ['a name that stands twice', any.replace('oid: DEATH', 'oid: FALL'), 'duplicate-oid'],
    ['the name of a check', any.replace('EP-1', 'C-01'), 'duplicate-oid'],
  ])('finds %s', (_, event, code) => {
    expect(codes(event).map((one) => one.split(':')[0])).toContain(code)
  })

  it('finds what is wrong with an adjudication', () => {
    const adjudicated = (items: string) => codes('      F_DTH.DTHDTC', `    adjudication: ${items}`)
    expect(adjudicated('{ form: F_XX, decision: A, date: B, reason: C }').join()).toContain(
      'unknown-form',
    )
    const wrong = adjudicated(
      '{ form: F_DM, decision: SEX, date: AGE, reason: CONSENT, about: PREG }',
    )
    expect(wrong.filter((one) => one.startsWith('adjudication')).length).toBe(4)
    expect(adjudicated('{ form: F_DM, decision: PREG, date: CONSENT, reason: NOTE }')).toEqual([
      expect.stringContaining('adjudication'),
    ])
  })

  it('refuses one event form for several criteria', () => {
    expect(
      codes(any, '    eventForm: { form: F_AE, asks: [{ id: EP-9, item: F_VS.WEIGHT }] }').join(),
    ).toContain('event-form')
  })
})
