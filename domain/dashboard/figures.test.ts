import { describe, expect, it } from 'vitest'
import { drawFigure } from '#domain/analysis/figures/draw-figure.ts'
import type {
  CompletenessView,
  DashboardBase,
  QueryAgeingView,
  RecruitmentView,
  SafetyView,
  VisitsView,
} from './dashboard-views.ts'
import {
  ageClassLabels,
  cardRows,
  completenessPictures,
  monthsOf,
  type Picture,
  queryPictures,
  recruitmentPictures,
  safetyPictures,
  visitPictures,
} from './figures.ts'
import { recruitmentPace } from './pace.ts'

const sites = ['s1', 's2'].map((siteId, at) => ({
  siteId,
  code: `0${at + 1}`,
  name: `Site ${at + 1}`,
}))
const base: DashboardBase = {
  asOf: '2026-06-01T10:00:00.000Z',
  today: '2026-06-01',
  sites,
  reach: 2,
  whole: true,
}

/** The rows of a picture of bars: key and values. */
function rowsOf(picture: Picture | undefined): Record<string, readonly number[]> {
  if (picture?.spec.kind !== 'bars') throw new Error('This is no picture of bars')
  return Object.fromEntries(picture.spec.rows.map((row) => [row.key, row.values]))
}

function recruitment(days: RecruitmentView['days'], planned: number | null): RecruitmentView {
  return {
    ...base,
    allocates: true,
    planned,
    days,
    pace: recruitmentPace(days, planned, base.today),
    bySite: sites.map((site, at) => ({
      ...site,
      open: true,
      planned: at === 0 ? 10 : null,
      screened: 5,
      failed: 1,
      waiting: 0,
      enrolled: 4,
    })),
  }
}

describe('recruitment', () => {
  const days = [
    { date: '2026-01-10', screened: 2, enrolled: 0 },
    { date: '2026-02-01', screened: 0, enrolled: 2 },
    { date: '2026-05-20', screened: 3, enrolled: 3 },
  ]

  it('adds up day by day, against the plan as a level line', () => {
    const [trend] = recruitmentPictures(recruitment(days, 40), 'page')
    expect(trend?.spec).toMatchObject({
      kind: 'trend',
      from: '2026-01-10',
      to: '2026-06-01',
      goal: { value: 40 },
      series: [
        {
          key: 'enrolled',
          points: [
            { date: '2026-02-01', value: 2 },
            { date: '2026-05-20', value: 5 },
          ],
        },
        {
          key: 'screened',
          points: [
            { date: '2026-01-10', value: 2 },
            { date: '2026-05-20', value: 5 },
          ],
        },
      ],
    })
    expect(monthsOf(recruitment(days, 40))).toEqual([
      { month: '2026-02', value: 2 },
      { month: '2026-05', value: 3 },
    ])
  })

  it('has no line for a plan that nobody made, and a mark only at sites with one', () => {
    const [trend, bySite] = recruitmentPictures(recruitment(days, null), 'page')
    expect(trend?.spec).toMatchObject({ goal: undefined, projection: undefined })
    expect(bySite?.spec).toMatchObject({
      rows: [{ mark: 10, end: { en: '4 of 10' } }, { mark: null }],
    })
  })

  it('of a study that ended long ago ends soon after its last subject', () => {
    const old = days.map((day) => ({ ...day, date: day.date.replace('2026', '2016') }))
    const [trend] = recruitmentPictures(recruitment(old, 40), 'card')
    expect(trend?.spec).toMatchObject({ from: '2016-01-10', to: '2016-06-03' })
  })

  it('draws a study in which nobody was screened yet', () => {
    for (const { spec } of recruitmentPictures(recruitment([], 40), 'page'))
      expect(drawFigure(spec).svg).toContain('<svg')
  })
})

describe('visits', () => {
  const visits = Array.from({ length: 12 }, (_, at) => ({
    oid: `V${at}`,
    label: { en: `Visit ${at}` },
  }))
  const view: VisitsView = {
    ...base,
    events: visits,
    rows: visits.flatMap(({ oid }, at) =>
      sites.map(({ siteId }, s) => ({
        siteId,
        event: oid,
        overdue: at,
        week: s,
        month: 1,
        longest: null,
      })),
    ),
    subjects: {},
  }

  it('are summed by visit and by site', () => {
    const [byVisit, bySite] = visitPictures(view, 'page')
    expect(rowsOf(byVisit)).toMatchObject({ V0: [0, 1, 2], V11: [22, 1, 2] })
    expect(rowsOf(bySite)).toEqual({ s1: [66, 0, 12], s2: [66, 12, 12] })
  })

  it('of a card are those with most in them, in the order of the schedule, and the rest is told', () => {
    const [byVisit] = visitPictures(view, 'card')
    expect(Object.keys(rowsOf(byVisit))).toEqual(visits.slice(12 - cardRows).map(({ oid }) => oid))
    expect(byVisit?.left).toBe(4)
    expect(visitPictures(view, 'card')).toHaveLength(1)
  })

  it('of one site are not compared by site', () => {
    expect(visitPictures({ ...view, sites: sites.slice(0, 1) }, 'page')).toHaveLength(1)
  })
})

it('completeness is the share of all expected forms, and nothing where nothing is expected', () => {
  const row = {
    siteId: 's1',
    event: 'W0',
    notStarted: 2,
    inProgress: 1,
    complete: 4,
    signed: 1,
    missing: 3,
  }
  const view: CompletenessView = {
    ...base,
    events: [{ oid: 'W0', label: { en: 'Week 0' } }],
    rows: [row],
  }
  const [byVisit, heat] = completenessPictures(view, 'page')
  expect(rowsOf(byVisit)).toEqual({ W0: [2, 1, 4, 1] })
  expect(heat?.spec).toMatchObject({ cells: [[{ n: 8, share: 5 / 8 }], [{ n: 0, share: null }]] })
})

it('queries are in classes without gap or overlap', () => {
  expect(ageClassLabels.map(({ en }) => en)).toEqual([
    '0–7 days',
    '8–14 days',
    '15–30 days',
    '31–60 days',
    '> 60 days',
  ])
  expect(ageClassLabels.at(-1)).toMatchObject({ ja: '61日以上', zh: '> 60 天' })
  const view: QueryAgeingView = {
    ...base,
    pace: [],
    rows: [
      { siteId: 's1', state: 'open', ageClass: 0, count: 3 },
      { siteId: 's2', state: 'answered', ageClass: 0, count: 2 },
      { siteId: 's2', state: 'open', ageClass: 4, count: 1 },
    ],
  }
  const [byAge, bySite] = queryPictures(view, 'page')
  expect(rowsOf(byAge)).toMatchObject({ 'age-0': [2, 3], 'age-4': [0, 1] })
  expect(rowsOf(bySite)).toEqual({ s1: [3, 0, 0, 0, 0], s2: [2, 0, 0, 0, 1] })
})

it('safety counts each subject once, those without an event too', () => {
  const view: SafetyView = {
    ...base,
    byArm: true,
    groups: [
      { key: 'A', label: { en: 'Arm A' }, subjects: 10 },
      { key: 'B', label: { en: 'Arm B' }, subjects: 4 },
    ],
    grades: [
      { group: 'A', grade: 1, events: 5, serious: 0, subjects: 2 },
      { group: 'A', grade: 3, events: 2, serious: 1, subjects: 1 },
      { group: 'B', grade: null, events: 1, serious: 1, subjects: 1 },
    ],
    totals: [],
    terms: [],
    termsLeftOut: 0,
    bySite: [],
  }
  const [byGrade, byGroup] = safetyPictures(view, 'page')
  expect(rowsOf(byGrade)).toMatchObject({
    'grade-1': [5, 0],
    'grade-3': [1, 1],
    'grade-5': [0, 0],
    'grade-none': [0, 1],
  })
  // No event, without a grade, grades 1 to 5.
  expect(rowsOf(byGroup)).toEqual({ A: [7, 0, 2, 0, 1, 0, 0], B: [3, 1, 0, 0, 0, 0, 0] })
})
