import { describe, expect, it } from 'vitest'
import type {
  QueryAgeingView,
  RecruitmentView,
  VisitsView,
} from '#domain/dashboard/dashboard-views.ts'
import { recruitmentPace } from '#domain/dashboard/pace.ts'
import { factsOf, type Telling } from './facts.ts'
import { headlineOf, percent } from './headlines.ts'

const t = (key: string, values?: Record<string, string | number>) =>
  values ? `${key} ${JSON.stringify(values)}` : key
const telling = (permissions: readonly string[]): Telling => ({
  t,
  locale: 'en',
  study: 'taccsa',
  may: (permission) => permissions.includes(permission),
})
const base = {
  asOf: '2026-06-01T10:00:00.000Z',
  today: '2026-06-01',
  sites: [{ siteId: 's1', code: '01', name: 'First' }],
  reach: 1,
  whole: true,
}

const recruitment: RecruitmentView = {
  ...base,
  allocates: true,
  planned: 10,
  bySite: [
    {
      ...(base.sites[0] as (typeof base.sites)[number]),
      open: true,
      planned: 10,
      screened: 5,
      failed: 1,
      waiting: 0,
      enrolled: 4,
    },
  ],
  days: [{ date: '2026-05-01', screened: 5, enrolled: 4 }],
  pace: recruitmentPace([{ date: '2026-05-01', screened: 5, enrolled: 4 }], 10, '2026-06-01'),
}

describe('tables', () => {
  it('lead to the list that holds exactly what was counted, for those who may open it', () => {
    const [sites] = factsOf('recruitment', recruitment, telling(['subject.read']))
    expect(sites?.rows[0]?.cells.map(({ href }) => href)).toEqual([
      undefined,
      undefined,
      '/studies/taccsa/subjects?site=s1',
      '/studies/taccsa/subjects?site=s1&state=screenFailure',
      '/studies/taccsa/subjects?site=s1&state=screening',
      undefined,
      undefined,
    ])
    const [closed] = factsOf('recruitment', recruitment, telling([]))
    expect(closed?.rows[0]?.cells.some(({ href }) => href !== undefined)).toBe(false)
  })

  it('have a cell for every column', () => {
    const queries: QueryAgeingView = {
      ...base,
      rows: [{ siteId: 's1', state: 'open', ageClass: 2, count: 7 }],
      pace: [{ siteId: 's1', answered: 0, toAnswer: null, closed: 2, toClose: 3.25, oldest: 20 }],
    }
    const visits: VisitsView = {
      ...base,
      events: [{ oid: 'W4', label: { en: 'Week 4' } }],
      rows: [{ siteId: 's1', event: 'W4', overdue: 2, week: 1, month: 0, longest: 12 }],
      subjects: { s1: 2 },
    }
    for (const facts of [
      ...factsOf('queries', queries, telling([])),
      ...factsOf('visits', visits, telling(['subject.read'])),
      ...factsOf('recruitment', recruitment, telling([])),
    ]) {
      for (const row of facts.rows) expect(row.cells, facts.id).toHaveLength(facts.columns.length)
    }
    const [bySite] = factsOf('visits', visits, telling(['subject.read']))
    expect(bySite?.rows[0]?.cells.map(({ value }) => value)).toEqual(['01 First', 2, 1, 0, 2, 12])
  })
})

describe('headlines', () => {
  it('say the number, the plan and the pace', () => {
    const told = headlineOf('recruitment', recruitment, t, 'en')
    expect(told.big).toBe('4')
    expect(told.text).toBe('randomisedOfPlanned {"planned":"10"}')
    expect(told.foot[0]).toBe('screenedFailed {"screened":5,"failed":1}')
    expect(told.foot.some((line) => line.startsWith('projected'))).toBe(true)
    expect(told.empty).toBeNull()
  })

  it('have a sentence in place of a picture of nothing', () => {
    const nobody = {
      ...recruitment,
      bySite: [],
      days: [],
      pace: recruitmentPace([], 10, '2026-06-01'),
    }
    expect(headlineOf('recruitment', nobody, t, 'en')).toMatchObject({
      big: '0',
      empty: 'empty.recruitment',
    })
  })

  it.each([
    [0, 10, '0 %'],
    [1, 1000, '1 %'],
    [5, 10, '50 %'],
    [999, 1000, '99 %'],
    [10, 10, '100 %'],
  ])('%i of %i are %s', (part, whole, text) => {
    expect(percent(part, whole)).toBe(text)
  })
})
