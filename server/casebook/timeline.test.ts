import { describe, expect, it } from 'vitest'
import type { FormRecordData, FormValues } from '#domain/casebook/record.ts'
import { studyDefinition } from '#studies/demo/study-definition.ts'
import { publish } from '../study/published.ts'
import type { StoredRecord } from './load.ts'
import { timelineOf } from './timeline.ts'

const study = publish('00000000-0000-7000-8000-000000000001', 1, {
  label: '1.0',
  hash: '',
  definition: studyDefinition('tac-pirfenidone').definition,
})

function entriesOf(forms: Readonly<Record<string, FormValues>>, anchor: string | null = null) {
  const records = Object.entries(forms).map(
    ([form, data], at): StoredRecord => ({
      recordId: `00000000-0000-7000-8000-00000000000${at}`,
      key: { event: 'LOG', eventRepeat: 1, form, formRepeat: 1 },
      versionNumber: 1,
      revision: 1,
      state: 'complete' satisfies FormRecordData['state'],
      data,
      derived: {},
      openCount: 0,
    }),
  )
  const subject = {
    subjectId: '00000000-0000-7000-8000-000000000002',
    subjectKey: '01-001',
    siteId: '00000000-0000-7000-8000-000000000003',
    siteCode: '01',
    siteName: 'Tongji',
    siteOpen: true,
    state: 'enrolled' as const,
    anchor,
    columns: {},
    visits: {},
    recordedWithdrawal: null,
    withdrawnOn: null,
    versionNumber: 1,
  }
  return timelineOf({
    study,
    subject,
    records,
    language: 'ja',
  }).map(({ kind, label, from, to }) => ({ kind, label, from, to }))
}

describe('the time line of a study without allocation', () => {
  it('marks day 1, from which all visits count', () => {
    expect(entriesOf({}, '2019-05-02')).toEqual([
      { kind: 'anchor', label: '', from: '2019-05-02', to: null },
    ])
    expect(entriesOf({})).toEqual([])
  })

  it('shows infections and relapses, not a relapse that was ruled out', () => {
    const infection = { INFTYPE: 'BACT', INFSTDTC: '2019-08' }
    expect(entriesOf({ F_INF: infection })).toMatchObject([{ kind: 'infection', from: '2019-08' }])
    const relapse = { RELDTC: '2020-01-10', RELFL: 'Y' }
    expect(entriesOf({ F_REL: relapse })).toMatchObject([
      { kind: 'relapse', label: '再燃', from: '2020-01-10' },
    ])
    expect(entriesOf({ F_REL: { ...relapse, RELFL: 'N' } })).toEqual([])
  })

  it('ends a pulse on its day instead of letting it run to today', () => {
    const pulse = { PULOCC: 'Y', PULSTDTC: '2019-05-04', PULDOSE: '500', PULDAYS: '3' }
    expect(entriesOf({ F_PULSE: pulse })).toMatchObject([
      { kind: 'medication', from: '2019-05-04', to: '2019-05-04' },
    ])
  })
})
