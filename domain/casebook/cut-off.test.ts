/** What a clinical cut-off leaves of a casebook: visits, log entries, rows, dates inside records, and what has no date. */
import { describe, expect, test } from 'vitest'
import { casebookUntil } from './cut-off.ts'
import { subjectExpression } from './evaluate.ts'
import type { FormValues } from './record.ts'
import { casebookOf, sampleStudy } from './testing/sample-study.ts'

const files = {
  'study.yaml': `
oid: CUT
name: Cut
title: Cut
protocol: { version: 1 }
version: 1
languages: [en]
mode: prospective
anchor: F_DM.START
visitDate: F_SV.SVDTC
`,
  'forms.yaml': `
- oid: F_DM
  label: Subject
  groups: [{ oid: DM, items: [{ oid: START, label: Start, type: date }, { oid: SEX, label: Sex, type: code, codeList: CL_SEX }] }]
- oid: F_SV
  label: Visit
  groups: [{ oid: SV, items: [{ oid: SVDTC, label: Date, type: date }] }]
- oid: F_PFT
  label: Lung function
  date: PFTDTC
  groups: [{ oid: P, items: [{ oid: PFTDTC, label: Date, type: partialDate }, { oid: FVC, label: FVC, type: decimal }] }]
- oid: F_AE
  label: Adverse event
  repeats: true
  date: AEST
  groups: [{ oid: AE, items: [{ oid: AEST, label: Start, type: partialDate }, { oid: AEEN, label: End, type: partialDate }, { oid: TERM, label: Term, type: text }] }]
- oid: F_END
  label: End of study
  groups: [{ oid: E, items: [{ oid: ENDDTC, label: Date, type: date }, { oid: WHY, label: Reason, type: text }, { oid: NEXT, label: Next contact, type: date, future: true }] }]
- oid: F_NOTE
  label: Note
  groups: [{ oid: N, items: [{ oid: NOTE, label: Note, type: text }] }]
- oid: F_MED
  label: Medication
  groups:
    - oid: MED
      repeats: rows
      items: [{ oid: MEDST, label: Start, type: date }, { oid: DRUG, label: Drug, type: text }]
`,
  'schedule.yaml': `
- { oid: BL, label: Baseline, kind: baseline, day: 1, forms: [F_DM, F_SV, F_PFT, F_MED] }
- { oid: M6, label: Month 6, kind: scheduled, day: 184, forms: [F_SV, F_PFT] }
- { oid: LOG, label: Log, kind: log, forms: [F_AE, F_END, F_NOTE] }
`,
  'checks.yaml': null,
  'variables.yaml': null,
  'analysis.yaml': null,
}
const study = sampleStudy(files)
const base: Record<string, FormValues> = {
  'BL/F_DM': { START: '2019-01-10', SEX: 'F' },
  'BL/F_SV': { SVDTC: '2019-01-10' },
  'BL/F_PFT': { PFTDTC: '2019-01-09', FVC: '3.1' },
}
const day = '2019-06-30'

function ask(text: string, records: Record<string, FormValues>, cutOff: string | null = day) {
  const casebook = casebookOf({ ...base, ...records })
  const seen = cutOff === null ? casebook : casebookUntil(study, casebook, cutOff)
  return seen && subjectExpression(study, seen, text)
}

/** The answer at the cut-off, and without one. */
const both = (text: string, records: Record<string, FormValues>) => [
  ask(text, records),
  ask(text, records, null),
]

describe('after the day nothing counts', () => {
  test('a visit, with all its forms', () => {
    const late = { 'M6/F_SV': { SVDTC: '2019-07-01' }, 'M6/F_PFT': { FVC: '2.9' } }
    expect(both('at(M6, F_PFT.FVC)', late)).toEqual([null, 2.9])
    const onTheDay = { ...late, 'M6/F_SV': { SVDTC: day } }
    expect(ask('at(M6, F_PFT.FVC)', onTheDay)).toBe(2.9)
  })

  test('a form of an earlier visit that carries a later date itself', () => {
    const records = {
      'M6/F_SV': { SVDTC: '2019-06-28' },
      'M6/F_PFT': { PFTDTC: '2019-07-02', FVC: '2.9' },
    }
    expect(both('at(M6, F_PFT.FVC)', records)).toEqual([null, 2.9])
    expect(ask('at(M6, F_SV.SVDTC)', records)).toBe('2019-06-28')
  })

  test('an entry of a log that began later; one that began before stays and goes on', () => {
    const records = {
      'LOG/F_AE': { AEST: '2019-06', AEEN: '2019-08-01', TERM: 'Cough' },
      'LOG/F_AE#2': { AEST: '2019-07', TERM: 'Fever' },
    }
    expect(both('F_AE.count(r, true)', records)).toEqual([1, 2])
    expect(both('F_AE.exists(r, known(r.AEEN))', records)).toEqual([false, true])
  })

  test('a row of a table', () => {
    const records = {
      'BL/F_MED': {
        'MED[a1].MEDST': '2019-02-01',
        'MED[a1].DRUG': 'Prednisolone',
        'MED[a2].MEDST': '2019-09-01',
        'MED[a2].DRUG': 'Rituximab',
      },
    }
    expect(both('F_MED.MED.count(r, known(r.DRUG))', records)).toEqual([1, 2])
  })

  test('a record without a date of its own, by the earliest date in it', () => {
    const records = { 'LOG/F_END': { ENDDTC: '2019-08-01', WHY: 'withdrew' } }
    expect(both('F_END.WHY', records)).toEqual([null, 'withdrew'])
    expect(ask('F_END.WHY', { 'LOG/F_END': { ENDDTC: '2019-06-01', WHY: 'withdrew' } })).toBe(
      'withdrew',
    )
  })

  test('today is the day, and a date that may lie ahead still does', () => {
    expect(ask('today()', {})).toBe(day)
    const records = { 'LOG/F_END': { ENDDTC: '2019-06-01', NEXT: '2019-12-01' } }
    expect(ask('F_END.NEXT', records)).toBe('2019-12-01')
  })
})

describe('what stays', () => {
  test('what carries no date at all', () => {
    expect(ask('F_NOTE.NOTE', { 'LOG/F_NOTE': { NOTE: 'called' } })).toBe('called')
  })

  test('a date known in part that may lie before the day', () => {
    expect(ask('F_AE.count(r, true)', { 'LOG/F_AE': { AEST: '2019', TERM: 'Rash' } })).toBe(1)
  })

  test('everything, when the day lies after it all', () => {
    const casebook = casebookOf(base)
    expect(casebookUntil(study, casebook, '2099-01-01')?.records).toEqual(casebook.records)
    expect(casebookUntil(study, casebook, '9999-01-01')?.today).toBe(casebook.today)
  })
})

test('a subject who came after the day is not there; one without any date is', () => {
  expect(casebookUntil(study, casebookOf(base), '2018-12-31')).toBeNull()
  const undated = casebookOf({ 'BL/F_DM': { SEX: 'F' } })
  expect(casebookUntil(study, undated, '2018-12-31')?.records).toHaveLength(1)
  expect(casebookUntil(study, casebookOf({}), '2018-12-31')?.records).toEqual([])
})

test('a date that lies ahead of today is after every cut-off before it', () => {
  const records = { ...base, 'M6/F_SV': { SVDTC: '2098-01-01' }, 'M6/F_PFT': { FVC: '2.9' } }
  const casebook = { ...casebookOf(records), today: '2020-01-01' }
  const seen = casebookUntil(study, casebook, day)
  expect(seen?.records.map(({ key }) => key.event)).not.toContain('M6')
})
