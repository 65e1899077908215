/** Visits outside the prospective calendar: bins, several anchors, conditional events, records without a visit date. */
import { describe, expect, test } from 'vitest'
import { checkStudy } from '#domain/definition/check-study.ts'
import { parseStudy } from '#domain/definition/parse-study.ts'
import { evaluateAffected, evaluateForm, subjectExpression, subjectReader } from './evaluate.ts'
import type { FormValues } from './record.ts'
import { plannedVisit } from './schedule.ts'
import {
  casebookOf,
  keyOf,
  sampleFiles,
  sampleSources,
  sampleStudy,
} from './testing/sample-study.ts'
import { cellOf } from './visit-cell.ts'

const chart = {
  'study.yaml': `
oid: CHART
name: Chart
title: Chart review
protocol: { version: 1 }
version: 1
languages: [en]
mode: retrospective
anchor: F_DM.START
baseline: { before: 90, after: 3 }
`,
  'forms.yaml': `
- oid: F_DM
  label: Subject
  groups:
    - oid: DM
      items:
        - { oid: START, label: Start, type: date }
        - { oid: SECOND, label: Second treatment, type: date }
        - { oid: PART, label: Protocol, type: code, codeList: CL_SEX }
- oid: F_PFT
  label: Lung function
  date: PFTDTC
  groups: [{ oid: P, items: [{ oid: PFTDTC, label: Date, type: partialDate }, { oid: FVC, label: FVC, type: decimal }] }]
- oid: F_LB
  label: Laboratory
  groups:
    - oid: LB
      repeats: fixed
      rows: [{ key: CK, label: CK }, { key: ALT, label: ALT }]
      items: [{ oid: LBDTC, label: Date, type: date }, { oid: LBRES, label: Result, type: decimal }]
- oid: F_TDM
  label: Trough
  repeats: true
  date: TDMDTC
  groups: [{ oid: T, items: [{ oid: TDMDTC, label: Date, type: date }, { oid: TROUGH, label: Level, type: decimal }, { oid: AT6, label: At 6, type: decimal, derive: "nearest(M6, TROUGH)" }] }]
`,
  'schedule.yaml': `
- { oid: IDX, label: Index, kind: baseline, day: 1, window: [-90, 14], forms: [F_DM, F_PFT, F_LB] }
- { oid: M6, label: Month 6, kind: scheduled, day: 184, window: [-60, 91], forms: [F_PFT, F_LB] }
- { oid: M9, label: Month 9, kind: scheduled, day: 274, window: [-60, 90], forms: [F_PFT, F_LB] }
- { oid: LAST, label: Last of the year, kind: scheduled, day: 184, window: [0, 182], choose: last, forms: [F_PFT] }
- { oid: FIRST, label: First after 6 months, kind: scheduled, day: 184, window: [0, 182], choose: first, forms: [F_PFT] }
- { oid: SEC, label: Second start, kind: scheduled, day: 1, window: [-60, 7], anchor: F_DM.SECOND, when: "F_DM.PART == 'F'", forms: [F_PFT] }
- { oid: LOG, label: Log, kind: log, forms: [F_TDM] }
`,
  'checks.yaml': null,
  'variables.yaml': null,
  'analysis.yaml': null,
}
const study = sampleStudy(chart)
const start = { 'IDX/F_DM': { START: '2010-01-01', SECOND: '2011-03-01', PART: 'F' } }
const pft = (date: string, fvc: string) => ({ PFTDTC: date, FVC: fvc })
const ask = (text: string, records: Record<string, FormValues>) =>
  subjectExpression(study, casebookOf({ ...start, ...records }), text)

describe('nearest', () => {
  // Day 184 of 2010-01-01 is 2010-07-03, day 274 is 2010-10-01; the bins overlap from 2010-08-02 to 2010-10-02.
  test('takes what is dated nearest to the target, wherever it was entered', () => {
    const records = {
      'IDX/F_PFT': pft('2010-07-10', '61'),
      'M6/F_PFT': pft('2010-06-20', '62'),
      'M9/F_PFT': pft('2010-01-05', '63'),
    }
    expect(ask('nearest(M6, F_PFT.FVC)', records)).toBe(61)
    expect(ask('nearest(IDX, F_PFT.FVC)', records)).toBe(63)
    expect(ask('at(M6, F_PFT.FVC)', records)).toBe(62)
    expect(ask('nearest(M9, F_PFT.FVC)', records)).toBeNull()
  })

  test('of two equally near takes the later; the edges of a bin belong to it', () => {
    const equal = { 'IDX/F_PFT': pft('2010-06-30', '1'), 'M6/F_PFT': pft('2010-07-06', '2') }
    expect(ask('nearest(M6, F_PFT.FVC)', equal)).toBe(2)
    expect(ask('nearest(M6, F_PFT.FVC)', { 'M6/F_PFT': pft('2010-05-04', '1') })).toBe(1)
    expect(ask('nearest(M6, F_PFT.FVC)', { 'M6/F_PFT': pft('2010-05-03', '1') })).toBeNull()
  })

  test('a date in two bins belongs to the nearer target', () => {
    const august = { 'M9/F_PFT': pft('2010-08-10', '1') }
    expect(ask('nearest(M6, F_PFT.FVC)', august)).toBe(1)
    expect(ask('nearest(M9, F_PFT.FVC)', august)).toBeNull()
    // 2010-08-17 is 45 days from both: it belongs to the earlier visit.
    const middle = { 'M9/F_PFT': pft('2010-08-17', '1') }
    expect(ask('nearest(M6, F_PFT.FVC)', middle)).toBe(1)
    expect(ask('nearest(M9, F_PFT.FVC)', middle)).toBeNull()
    expect(ask('nearest(M9, F_PFT.FVC)', { 'M6/F_PFT': pft('2010-08-18', '1') })).toBe(1)
  })

  test('first and last choose by order and share dates with other visits', () => {
    const records = {
      'IDX/F_PFT': pft('2010-07-02', '1'),
      'M6/F_PFT': pft('2010-07-20', '2'),
      'M9/F_PFT': pft('2010-12-20', '3'),
    }
    expect(ask('nearest(FIRST, F_PFT.FVC)', records)).toBe(2)
    expect(ask('nearest(LAST, F_PFT.FVC)', records)).toBe(3)
    expect(ask('nearest(M6, F_PFT.FVC)', records)).toBe(1)
  })

  test('rows are dated by their own dates, partial dates by their middle', () => {
    const rows = {
      'IDX/F_LB': {
        'LB[CK].LBDTC': '2010-07-01',
        'LB[CK].LBRES': '5',
        'LB[ALT].LBDTC': '2010-01-01',
        'LB[ALT].LBRES': '7',
      },
    }
    expect(ask("nearest(M6, F_LB.LB['CK'].LBRES)", rows)).toBe(5)
    expect(ask("nearest(M6, F_LB.LB['ALT'].LBRES)", rows)).toBeNull()
    expect(ask('nearest(M6, F_PFT.FVC)', { 'M9/F_PFT': pft('2010-07', '9') })).toBe(9)
    expect(ask('nearest(M6, F_PFT.FVC)', { 'M9/F_PFT': { FVC: '9' } })).toBeNull()
  })

  test('reaches into a log, and a changed date elsewhere is seen', () => {
    const trough = { 'LOG/F_TDM': { TDMDTC: '2010-07-01', TROUGH: '6' } }
    expect(ask('nearest(M6, F_TDM.TROUGH)', trough)).toBe(6)
    const casebook = casebookOf({ ...start, ...trough, 'LOG/F_TDM#2': { TROUGH: '1' } })
    const { evaluations } = evaluateAffected(study, casebook, [
      { key: keyOf('IDX/F_DM'), paths: ['START'] },
    ])
    expect(evaluations.map(({ key }) => key.form)).toContain('F_TDM')
    const dated = evaluateAffected(study, casebook, [
      { key: keyOf('LOG/F_TDM'), paths: ['TDMDTC'] },
    ])
    expect(dated.evaluations.filter(({ key }) => key.form === 'F_TDM')).toHaveLength(2)
    expect(dated.evaluations.map(({ evaluation }) => evaluation.derived.AT6)).toEqual(['6', '6'])
  })

  test('needs a visit with a target and a window', () => {
    const codes = (text: string) => {
      const sources = sampleSources({
        ...chart,
        'variables.yaml': `[{ oid: V, label: V, type: number, value: "${text}" }]`,
      })
      const { definition } = parseStudy(sources)
      return definition ? checkStudy(definition).map(({ code }) => code) : []
    }
    expect(codes('nearest(LOG, F_PFT.FVC)')).toContain('unreachable')
    expect(codes('nearest(M6, F_PFT.FVC)')).not.toContain('unreachable')
    expect(codes('nearest(F_PFT.FVC)')).toContain('arguments')
  })
})

describe('anchors and conditions of events', () => {
  test('an event counts from its own anchor', () => {
    const records = { 'SEC/F_PFT': pft('2011-02-20', '4'), 'IDX/F_PFT': pft('2011-03-09', '5') }
    expect(ask('nearest(SEC, F_PFT.FVC)', records)).toBe(4)
    const reader = subjectReader(study, casebookOf(start))
    expect(reader.event('SEC')).toEqual({ applies: true, anchor: '2011-03-01' })
    expect(reader.event('M6')).toEqual({ applies: true, anchor: '2010-01-01' })
    const event = study.index.events.get('SEC')
    if (!event) throw new Error('no SEC')
    expect(plannedVisit(event, '2010-01-01').target).toBeNull()
    expect(plannedVisit(event, '2010-01-01', '2011-03-01').target).toBe('2011-03-01')
  })

  test('an event that does not apply is closed, with all that stands in it', () => {
    const other = { 'IDX/F_DM': { START: '2010-01-01', SECOND: '2011-03-01', PART: 'M' } }
    const records = { ...other, 'SEC/F_PFT': pft('2011-03-01', '4') }
    expect(ask('nearest(SEC, F_PFT.FVC)', records)).toBeNull()
    expect(ask('at(SEC, F_PFT.FVC)', records)).toBeNull()
    expect(ask('F_PFT.count()', records)).toBe(0)
    const { closed } = evaluateForm(study, casebookOf(records), keyOf('SEC/F_PFT'))
    expect(closed).toContain('FVC')
    const undecided = { 'IDX/F_DM': { START: '2010-01-01' }, 'SEC/F_PFT': pft('2011-03-01', '4') }
    expect(ask('F_PFT.count()', undecided)).toBe(0)
    expect(subjectReader(study, casebookOf(undecided)).event('SEC').applies).toBeNull()
  })

  test('a change of what decides an event reaches its forms', () => {
    const casebook = casebookOf({ ...start, 'SEC/F_PFT': pft('2011-03-01', '4') })
    const { evaluations } = evaluateAffected(study, casebook, [
      { key: keyOf('IDX/F_DM'), paths: ['PART'] },
    ])
    expect(evaluations.map(({ key }) => key.form)).toContain('F_PFT')
  })
})

describe('what the matrix shows', () => {
  const event = study.index.events.get('M6')
  const facts = {
    anchor: '2010-01-01',
    today: '2015-01-01',
    visitDate: null,
    occurred: null,
    forms: [{ state: 'notStarted' as const, required: true }],
    queries: 0,
    study: { mode: 'prospective' as const },
    state: 'enrolled' as const,
  }

  test('bins are never overdue nor outside', () => {
    if (!event) throw new Error('no M6')
    expect(event.windowMode).toBe('bin')
    const cell = cellOf({ ...facts, event })
    expect(cell).toMatchObject({ overdue: false, outsideWindow: false, target: '2010-07-03' })
    expect(cellOf({ ...facts, event, visitDate: '2014-01-01' }).outsideWindow).toBe(false)
    const enforced = { ...event, windowMode: 'enforce' as const }
    expect(cellOf({ ...facts, event: enforced }).overdue).toBe(true)
    const study = { mode: 'retrospective' as const }
    expect(cellOf({ ...facts, study, event: enforced }).overdue).toBe(false)
    expect(cellOf({ ...facts, event: enforced, visitDate: '2014-01-01' }).outsideWindow).toBe(true)
  })

  test('a visit that does not belong to the subject is none and never overdue', () => {
    if (!event) throw new Error('no M6')
    const enforced = { ...event, windowMode: 'enforce' as const }
    for (const applies of [false, null]) {
      expect(cellOf({ ...facts, event: enforced, applies })).toMatchObject({
        state: 'none',
        overdue: false,
        expected: 0,
      })
    }
    expect(cellOf({ ...facts, event: enforced, applies: true })).toMatchObject({
      state: 'notStarted',
      overdue: true,
    })
  })

  test('without an item for it, a visit is dated by the earliest of its forms', () => {
    const casebook = casebookOf({ ...start, 'M6/F_PFT': pft('2010-07', '1') })
    expect(subjectReader(study, casebook).visitDate('M6')).toBe('2010-07')
    expect(subjectReader(study, casebook).visitDate('M9')).toBeNull()
  })

  test('the window is missing to rules where it is not enforced', () => {
    const target = { 'schedule.yaml': sampleFiles['schedule.yaml'] as string }
    const withRule = (mode: string) =>
      sampleStudy({
        ...target,
        'study.yaml': (sampleFiles['study.yaml'] as string).replace('prospective', mode),
        'forms.yaml': (sampleFiles['forms.yaml'] as string).replace(
          'derive: previous(WEIGHT)',
          'derive: "days(windowLow(), visitTarget())"',
        ),
      })
    const records = { 'W0/F_RAND': { RANDDTC: '2020-03-02T09:00:00+09:00' }, 'W4/F_VS': {} }
    const low = (mode: string) =>
      evaluateForm(withRule(mode), casebookOf(records), keyOf('W4/F_VS')).derived.PREV
    expect(low('prospective')).toBe('3')
    expect(low('registry')).toBeUndefined()
  })
})

describe('baseline', () => {
  const at = (...dates: string[]) =>
    Object.fromEntries(
      dates.map((date, i) => [`${['IDX', 'M6', 'M9'][i]}/F_PFT`, pft(date, String(i + 1))]),
    )
  test('is looked for within the days the study allows', () => {
    expect(ask('base(F_PFT.FVC)', at('2009-10-03'))).toBe(1)
    expect(ask('base(F_PFT.FVC)', at('2009-10-02'))).toBeNull()
    expect(ask('base(F_PFT.FVC)', at('2009-12-01', '2010-01-04'))).toBe(2)
    expect(ask('base(F_PFT.FVC)', at('2009-12-01', '2010-01-05'))).toBe(1)
    expect(ask('base(F_PFT.FVC)', at('2009-10'))).toBe(1)
    expect(ask('base(F_PFT.FVC)', at('2009-09'))).toBeNull()
  })
})

test('a study without allocation enrols its subjects', () => {
  expect(subjectReader(study, casebookOf({})).state()).toBe('screening')
  expect(subjectReader(study, casebookOf(start)).state()).toBe('enrolled')
})
