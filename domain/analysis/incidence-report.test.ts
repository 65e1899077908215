import { describe, expect, it } from 'vitest'
import type { ReportDef } from '#domain/definition/definition.ts'
import { endpointSchema } from '#domain/definition/endpoint-schema.ts'
import type { Value } from '#domain/expression/types.ts'
import { addDays } from '#domain/values/partial-date.ts'
import { drawFigure } from './figures/draw-figure.ts'
import { reportFigureSpec } from './figures/spec-from-report.ts'
import { incidenceReport } from './incidence-report.ts'
import { reportCells } from './report-cells.ts'
import type { ReportResult } from './report-result.ts'
import { reportCsv } from './take-away.ts'

const endpoint = endpointSchema.parse({
  oid: 'REL',
  label: { en: 'Relapse' },
  kind: 'time-to-event',
  population: 'ALL',
  timeZero: 'ZERO',
  event: 'REL',
  censor: 'LAST',
  competing: [{ oid: 'DEATH', label: { en: 'Death' }, date: 'DIED' }],
  horizon: 75,
})
const report: Extract<ReportDef, { kind: 'incidence' }> = {
  kind: 'incidence',
  oid: 'R',
  title: { en: 'Relapse, death competing' },
  endpoint: 'REL',
  by: 'GRP',
  unit: 'day',
  ticks: [0, 25, 50, 75],
  display: 'lines',
  percentDigits: 1,
}

const zero = '2020-01-01'
function arm(key: string, states: readonly (readonly [number, string])[]) {
  return {
    key,
    label: { en: key },
    subjects: states.map(([day, state], at) => {
      const values: Record<string, Value> = {
        ZERO: zero,
        [state === '' ? 'LAST' : state]: addDays(zero, day),
      }
      return { subjectKey: `${key}-${at + 1}`, value: (text: string) => values[text] ?? null }
    }),
  }
}
const arms = [
  arm('A', [
    [10, 'REL'],
    [20, 'DIED'],
    [30, ''],
    [40, 'REL'],
    [50, 'REL'],
    [60, ''],
    [70, 'DIED'],
    [80, ''],
  ]),
  arm('B', [
    [15, 'DIED'],
    [25, 'REL'],
    [35, 'REL'],
    [45, 'REL'],
    [55, ''],
    [65, 'DIED'],
    [75, 'REL'],
    [85, ''],
  ]),
]

describe('cumulative incidence', () => {
  const body = incidenceReport(report, endpoint, arms)

  it('is that of R: survfit of several states, conf.type log, at day 75', () => {
    const read = body.groups.map(({ causes }) =>
      causes.map(({ atHorizon }) => [atHorizon?.incidence, atHorizon?.lower, atHorizon?.upper]),
    )
    const r = [
      [
        [0.425, 0.1792435, 1],
        [0.35, 0.11291509, 1],
      ],
      [
        [0.5416667, 0.2735087, 1],
        [0.2916667, 0.09027996, 0.9422849],
      ],
    ]
    read.forEach((causes, g) => {
      causes.forEach(([incidence, lower], c) => {
        expect(incidence).toBeCloseTo(r[g]?.[c]?.[0] as number, 6)
        expect(lower).toBeCloseTo(r[g]?.[c]?.[1] as number, 6)
      })
    })
    expect(body.groups[0]?.causes[0]?.atHorizon?.text).toBe('42.5 %')
  })

  it('counts at the horizon what happens on it, and nothing after it', () => {
    expect(body.groups.map(({ causes }) => causes.map(({ subjects }) => subjects.length))).toEqual([
      [3, 2],
      [4, 2],
    ])
    expect(body.data.find(({ subject }) => subject === 'A-8')).toMatchObject({
      time: 75,
      status: '',
    })
    expect(body.groups[0]?.atRisk).toEqual([8, 6, 4, 1])
  })

  it('compares the groups by Gray’s test, as cmprsk does', () => {
    expect(body.tests.map(({ cause, test }) => [cause, test?.name])).toEqual([
      ['EVENT', 'gray'],
      ['DEATH', 'gray'],
    ])
    expect(body.tests[0]?.test?.statistic).toBeCloseTo(0.0359380287, 8)
    expect(body.tests[0]?.test?.p).toBeCloseTo(0.84964353, 7)
    expect(body.tests[1]?.test?.p).toBeCloseTo(0.95017146, 7)
  })

  it('can be checked cell by cell, drawn, and taken away', () => {
    const result = { title: report.title, body } as unknown as ReportResult
    const cells = reportCells(result).map(({ row, column, text }) => `${row}/${column}: ${text}`)
    expect(cells).toContain('Relapse/A: 42.5 %')
    expect(cells).toContain('Relapse/B.events: 4')
    expect(cells).toContain('Death/A.n: 8')
    expect(cells.some((cell) => cell.startsWith('Relapse/p: 0.'))).toBe(true)
    const spec = reportFigureSpec(body, report.title)
    expect(spec?.kind).toBe('cumulative-incidence')
    expect(drawFigure(spec as NonNullable<typeof spec>).svg).toContain('Relapse')
    expect(reportCsv(result, 'en').split('\r\n').slice(0, 4)).toEqual([
      'subject,group,time_days,status',
      'A-1,A,10,EVENT',
      'A-2,A,20,DEATH',
      'A-3,A,30,CENSORED',
    ])
  })

  it('names who is left out; one group has no test; nobody has no curve', () => {
    const lost = { subjectKey: 'X-1', value: () => null }
    const [a] = arms
    const alone = incidenceReport(report, endpoint, [
      { ...(a as (typeof arms)[0]), subjects: [...(a?.subjects ?? []), lost] },
    ])
    expect(alone.excluded).toEqual(['X-1'])
    expect(alone.tests.map(({ test }) => test)).toEqual([null, null])
    const empty = incidenceReport(report, endpoint, [
      { key: 'A', label: { en: 'A' }, subjects: [] },
    ])
    expect(empty.groups[0]).toMatchObject({ n: 0, atRisk: [0, 0, 0, 0] })
    expect(empty.groups[0]?.causes[0]?.atHorizon).toBeNull()
  })

  it('of a cause that nobody had says why there is no test', () => {
    const none = arms.map((one) => ({
      ...one,
      subjects: one.subjects.filter((subject) => subject.value('DIED') === null),
    }))
    const { tests } = incidenceReport(report, endpoint, none)
    expect(tests[1]?.test).toMatchObject({
      p: null,
      note: { en: expect.stringContaining('DEATH') },
    })
  })
})
