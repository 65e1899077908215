import { describe, expect, it } from 'vitest'
import type { Answer, Conceals, ReadValue } from '#domain/casebook/read-values.ts'
import { ValueTracer } from '#domain/casebook/read-values.ts'
import { casebookOf, sampleFiles, sampleStudy } from '#domain/casebook/testing/sample-study.ts'
import { endpointExplanations } from './endpoint-explanation.ts'

const study = sampleStudy({
  'codelists.yaml': `${sampleFiles['codelists.yaml']}
- { oid: CL_EP, codes: [{ code: LOSS, label: Loss }, { code: OS, label: Survival }] }`,
  'forms.yaml': `${sampleFiles['forms.yaml']}
- oid: F_ADJ
  label: Adjudication
  repeats: true
  date: ADJDTC
  groups:
    - oid: ADJ
      items:
        - { oid: ADJEP, label: Endpoint, type: code, codeList: CL_EP, required: true }
        - { oid: ADJDTC, label: Decided on, type: date }
        - { oid: ADJYN, label: Event, type: code, codeList: CL_NY, required: true }
        - { oid: ADJEVDTC, label: Date of the event, type: date }
        - { oid: ADJWHY, label: Reason, type: text, length: 200, required: true }
`,
  'schedule.yaml': (sampleFiles['schedule.yaml'] ?? '').replace(
    'forms: [F_AE, F_DTH]',
    'forms: [F_AE, F_DTH, F_ADJ]',
  ),
  'analysis.yaml': `
populations: [{ oid: ALL, label: All, rule: known(TZERO) }]
endpoints:
  - oid: LOSS
    label: Loss of weight
    kind: time-to-event
    population: ALL
    timeZero: TZERO
    event:
      atLeast: 1
      of:
        - oid: FALL
          label: Weight fell
          rule: "at(W4, F_VS.LOSS) == 'Y'"
          date: at(W4, F_SV.SVDTC)
          eventForm: { form: F_AE, within: 14, asks: [{ id: EP-1, item: F_DTH.DTHDTC }] }
        - { oid: DEATH, label: Death, rule: known(F_DTH.DTHDTC), date: impute(F_DTH.DTHDTC) }
    censor: "F_SV.max(r, r.SVDTC)"
    horizon: 364
    adjudication: { form: F_ADJ, decision: ADJYN, date: ADJEVDTC, reason: ADJWHY, about: ADJEP }
`,
})

const records = {
  'W0/F_RAND': { RANDDTC: '2020-01-01T09:00Z' },
  'W0/F_SV': { SVOCCUR: 'Y', SVDTC: '2020-01-01' },
  'W0/F_VS': { WEIGHT: '80.0' },
  'W4/F_SV': { SVOCCUR: 'Y', SVDTC: '2020-01-29' },
  'W4/F_VS': { WEIGHT: '69' },
}
const explain = (more: object = {}, conceals: Conceals | null = null) => {
  const tracer = new ValueTracer(study, casebookOf({ ...records, ...more }), conceals)
  const [first] = endpointExplanations(
    study.definition,
    tracer,
    conceals && ((text) => conceals.reads(text)),
  )
  if (!first) throw new Error('no endpoint')
  return first
}
const line = (read: ReadValue): string => {
  const { label, value, where, date, place } = read
  const at = place ? `${place.event}/${place.form}.${place.path}` : '-'
  return `${label.en} = ${value.en} (${where?.en ?? '-'}, ${date ?? '-'}, ${at})`
}
const lines = (answer: Answer | null | undefined) => (answer?.reads ?? []).map(line)

describe('why an endpoint is what it is', () => {
  it('tells the verdict, the criteria and the values they read, down to what was typed', () => {
    const told = explain()
    expect(told).toMatchObject({
      status: 'event',
      because: 'rule',
      days: 28,
      date: '2020-01-29',
      needed: 1,
    })
    expect(told.population).toMatchObject({ state: 'member' })
    const [fall, death] = told.criteria
    expect(fall).toMatchObject({ met: true, date: '2020-01-29' })
    expect(lines(fall?.rule)).toEqual(['Loss = Yes (Week 4, 2020-01-29, W4/F_VS.LOSS)'])
    const [loss] = fall?.rule?.reads ?? []
    expect(loss?.rule).toBe('base(WEIGHT) - WEIGHT > DROP')
    expect(loss?.reads.map(line)).toEqual([
      'Weight = 80.0 kg (Week 0, 2020-01-01, W0/F_VS.WEIGHT)',
      'Weight = 69 kg (Week 4, 2020-01-29, W4/F_VS.WEIGHT)',
      'Drop = 10 (-, -, -)',
    ])
    expect(loss?.reads[0]?.place?.recordId).toBe('W0/F_VS')
    expect(death).toMatchObject({ met: false, date: null, dated: null })
    expect(lines(death?.rule)).toEqual(['Date = Not entered (Death 1, -, LOG/F_DTH.DTHDTC)'])
  })

  it('says that the form of a met criterion is missing, and when it is there', () => {
    expect(explain().criteria[0]?.eventForm).toMatchObject({ form: 'F_AE', isRecorded: false })
    const recorded = { 'LOG/F_AE': { AETERM: 'Loss', AEDTC: '2020-02-01' } }
    expect(explain(recorded).criteria[0]?.eventForm?.isRecorded).toBe(true)
    expect(explain({ 'W4/F_VS': { WEIGHT: '79' } }).criteria[0]?.eventForm?.isRecorded).toBeNull()
  })

  it('tells which values are missing where nothing is decided', () => {
    const told = explain({ 'W4/F_VS': { WEIGHT: { missing: 'ND' } } })
    expect(told).toMatchObject({ status: 'undecided', because: 'criteria-undecided', days: null })
    const [loss] = told.criteria[0]?.rule?.reads ?? []
    expect(loss).toMatchObject({ isMissing: true, value: { en: 'Undecided' } })
    expect(loss?.reads.filter((read) => read.isMissing).map(line)).toEqual([
      'Weight = Not done (Week 4, 2020-01-29, W4/F_VS.WEIGHT)',
    ])
  })

  it('marks the value that is the answer, and one typed over the computed one', () => {
    const told = explain()
    const decides = told.censor?.reads.filter((read) => read.decides).map(line)
    expect(decides).toEqual(['Date = 29 Jan 2020 (Week 4, 2020-01-29, W4/F_SV.SVDTC)'])
    const typed = explain({ 'W4/F_VS': { WEIGHT: '69', LOSS: 'N' } })
    expect(typed.criteria[0]?.rule?.reads[0]).toMatchObject({ isOverride: true, reads: [] })
    expect(typed.status).toBe('censored')
  })

  it('shows the decision of the adjudicator and the rule that it overrules', () => {
    const told = explain({
      'LOG/F_ADJ': { ADJEP: 'OS', ADJYN: 'Y', ADJDTC: '2020-03-02', ADJWHY: 'another endpoint' },
      'LOG/F_ADJ#2': {
        ADJEP: 'LOSS',
        ADJYN: 'N',
        ADJDTC: '2020-03-01',
        ADJWHY: 'The scales were changed.',
      },
    })
    expect(told).toMatchObject({ status: 'censored', ruleMet: true, ruleDate: '2020-01-29' })
    expect(told.adjudication).toMatchObject({
      met: false,
      date: null,
      reason: { en: 'The scales were changed.' },
      place: { recordId: 'LOG/F_ADJ#2', form: 'F_ADJ', formRepeat: 2, path: 'ADJYN' },
    })
  })

  it('tells nothing to a reader from whom something it reads is concealed', () => {
    const conceals: Conceals = {
      item: (form) => form === 'F_VS',
      variable: () => false,
      reads: (text) => text.includes('F_VS'),
    }
    const told = explain({}, conceals)
    expect(told).toMatchObject({
      isConcealed: true,
      days: null,
      date: null,
      criteria: [],
      population: null,
    })
    expect(JSON.stringify(told)).not.toContain('2020-01-29')
  })

  it('hides single values in what it may tell', () => {
    const conceals: Conceals = {
      item: (form, item) => `${form}.${item}` === 'F_VS.WEIGHT',
      variable: () => false,
      reads: () => false,
    }
    const told = explain({}, conceals)
    const [loss] = told.criteria[0]?.rule?.reads ?? []
    const weights = loss?.reads.filter((read) => read.label.en === 'Weight')
    expect(weights?.map((read) => [read.isConcealed, read.value.en])).toEqual([
      [true, 'Concealed'],
      [true, 'Concealed'],
    ])
    expect(JSON.stringify(loss?.reads)).not.toContain('80.0')
  })
})

it('long readings keep what decides and say how many more there are', () => {
  const visits = Object.fromEntries(
    Array.from({ length: 30 }, (_, at) => [
      `LOG/F_AE#${at + 1}`,
      { AETERM: `AE ${at}`, AEDTC: `2020-02-${String(at < 28 ? at + 1 : 28).padStart(2, '0')}` },
    ]),
  )
  const tracer = new ValueTracer(study, casebookOf(visits))
  const answer = tracer.answer('F_AE.max(r, r.AEDTC)')
  expect(answer?.shown.en).toBe('28 Feb 2020')
  expect(answer?.reads.filter((read) => read.decides)).toHaveLength(3)
  expect(answer?.reads).toHaveLength(12)
  expect(answer?.more).toBe(18)
  expect(tracer.answer('F_AE.NOPE')).toBeNull()
})
