import { describe, expect, it } from 'vitest'
import type {
  FlowBody,
  ReportBody,
  SurvivalBody,
  TableBody,
  TracedCell,
} from '#domain/analysis/report-result.ts'
import { reportLines } from './report-text.ts'

const cell = (text: string): TracedCell => ({ text, subjects: [], n: 1, missing: 0 })
const lines = (body: ReportBody) => reportLines({ body, problem: null })
const table = (columns: number, rows: number, label = 'Age'): TableBody => ({
  kind: 'table',
  columns: Array.from({ length: columns }, (_, at) => ({
    key: `C${at}`,
    label: { en: `Column ${at}` },
    n: 10 + at,
    subjects: [],
  })),
  lines: Array.from({ length: rows }, (_, at) => ({
    label: { en: `${label} ${at}` },
    indent: at === 1 ? 1 : 0,
    heading: at === 0,
    statistic: null,
    cells: Array.from({ length: columns }, () => cell(`${at} (${at}0.0)`)),
    test: null,
  })),
})

describe('what a report looks like in a terminal', () => {
  it('a table: its columns, the first rows, how many were left out', () => {
    expect(lines(table(2, 10))).toEqual([
      '              C0 n=10   C1 n=11',
      '    Age 0',
      '      Age 1  1 (10.0)  1 (10.0)',
      ...[2, 3, 4, 5, 6, 7].map((at) => `    Age ${at}    ${at} (${at}0.0)  ${at} (${at}0.0)`),
      '    … 2 more rows',
    ])
    expect(lines(table(1, 2)).join('\n')).not.toContain('more')
  })

  it('never wider than 80 characters: labels are cut, columns left out', () => {
    for (const columns of [1, 3, 9, 30]) {
      const text = lines(
        table(
          columns,
          4,
          'A very long label that goes on and on, as such labels do, and on to the end',
        ),
      )
      for (const line of text) expect([...line].length).toBeLessThanOrEqual(80)
      expect(text.some((line) => line.includes('…'))).toBe(true)
    }
    const [head = '', ...rest] = lines(table(9, 2))
    const shown = head.match(/C\d/g)?.length ?? 0
    expect(shown).toBeGreaterThan(3)
    expect(rest.at(-1)).toBe(`    … ${9 - shown} more columns`)
  })

  it('estimates of a survival report, with the test', () => {
    const body: SurvivalBody = {
      kind: 'survival',
      endpoint: { en: 'Survival' },
      unit: 'month',
      daysPerUnit: 30,
      ticks: [],
      horizon: 365,
      threshold: null,
      data: [],
      parts: [
        {
          label: null,
          excluded: 0,
          test: {
            name: 'log-rank',
            p: 0.04,
            text: '0.040',
            statistic: 4,
            degreesOfFreedom: 1,
            note: null,
          },
          groups: [
            {
              key: 'A',
              label: { en: 'Tacrolimus' },
              n: 20,
              events: 5,
              subjects: [],
              eventSubjects: [],
              steps: [],
              atHorizon: { survival: 0.7, lower: 0.5, upper: 0.9, text: '70 %' },
              median: { time: 270, lower: null, upper: null },
              atRisk: [],
            },
          ],
        },
      ],
    }
    expect(lines(body)).toEqual([
      '                 n  events  at day 365      median',
      '    Tacrolimus  20       5        70 %  9.0 months',
      '    log-rank p 0.040',
    ])
    const [part] = body.parts
    const [group] = part?.groups ?? []
    if (!part || !group) throw new Error('no group')
    const never = { ...group, atHorizon: null, median: { ...group.median, time: null } }
    const open: SurvivalBody = { ...body, parts: [{ ...part, test: null, groups: [never] }] }
    expect(lines(open)[1]).toBe('    Tacrolimus  20       5           –  not reached')
  })

  it('a flow, its exclusions indented, and its arms', () => {
    const arm = (text: string) => ({ key: 'TAC', label: { en: 'Tacrolimus' }, cell: cell(text) })
    const body: FlowBody = {
      kind: 'flow',
      steps: [
        { label: { en: 'Screened' }, exclusion: false, total: cell('12'), byArm: [] },
        { label: { en: 'Excluded' }, exclusion: true, total: cell('2'), byArm: [] },
        { label: { en: 'Randomised' }, exclusion: false, total: cell('10'), byArm: [arm('5')] },
      ],
    }
    expect(lines(body)).toEqual([
      '                all  TAC',
      '    Screened     12',
      '      Excluded    2',
      '    Randomised   10    5',
    ])
  })

  it('why there are no numbers', () => {
    const said = reportLines({
      body: table(1, 1),
      problem: { en: `Nobody ${'is here '.repeat(15)}` },
    })
    expect(said.length).toBe(2)
    for (const line of said) expect(line.length).toBeLessThanOrEqual(80)
  })
})
