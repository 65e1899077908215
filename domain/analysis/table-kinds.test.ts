/** Kinds of rows and reports beyond counts and means; p-values by R 4.2.2. */
import { describe, expect, it } from 'vitest'
import type { ReportDef, TableRowDef } from '#domain/definition/definition.ts'
import type { Value } from '#domain/expression/types.ts'
import type { AnalysisSubject } from './analysis-subject.ts'
import { drawFigure } from './figures/draw-figure.ts'
import { reportFigureSpec } from './figures/spec-from-report.ts'
import { listingReport } from './listing-report.ts'
import type { ReportResult } from './report-result.ts'
import { type Arm, tableReport } from './table-report.ts'
import { reportCsv } from './take-away.ts'
import { comparePairs } from './tests.ts'
import { visitValuesReport } from './visit-values-report.ts'

const x = [12, 15, 9, 20, 14, 11, 18, 16]
const y = [10, 15, 7, 14, 13, 12, 11, 12]
const z = [8, 9, 14, 6, 7, 10, 12, 5]

function subject(subjectKey: string, values: Readonly<Record<string, Value>>): AnalysisSubject {
  return { subjectKey, value: (expression) => values[expression] ?? null }
}
const armOf = (key: string, later: readonly number[], first: readonly number[]): Arm => ({
  key,
  label: { en: key },
  subjects: later.map((L, at) => {
    const F = first[at] ?? null
    return subject(`${key}-${at + 1}`, { L, F, 'at(V1, X)': F, 'at(V2, X)': L })
  }),
})
const one = armOf('A', x, y)
const row = (over: Partial<TableRowDef>): TableRowDef => ({
  label: { en: 'row' },
  value: 'L',
  statistic: 'mean-sd',
  test: 'none',
  indent: 0,
  ...over,
})
const lineOf = (over: Partial<TableRowDef>, arms: readonly Arm[]) => {
  const report: Extract<ReportDef, { kind: 'table' }> = {
    kind: 'table',
    oid: 'T',
    title: { en: 'T' },
    population: 'P',
    columns: 'arm',
    rows: [row(over)],
    percentDigits: 0,
  }
  const [line] = tableReport(report, arms, () => null).lines
  if (!line) throw new Error('no line')
  return line
}

describe('rows', () => {
  it.each([
    ['paired-t', 0.03401456],
    ['signed-rank', 0.03396623],
  ] as const)('%s within a column', (pairedTest, p) => {
    const line = lineOf({ against: 'F', pairedTest }, [one])
    expect(line.paired?.map((test) => test.name)).toEqual([pairedTest])
    expect(line.paired?.[0]?.p).toBeCloseTo(p, 7)
  })

  it('a pair with a missing member is left out', () => {
    const half = { ...one, subjects: [...one.subjects, subject('A-9', { L: 99 })] }
    const line = lineOf({ against: 'F', pairedTest: 'paired-t' }, [half])
    expect(line.paired?.[0]?.p).toBeCloseTo(0.03401456, 7)
  })

  it.each([
    ['kruskal-wallis', 0.01718757],
    ['anova', 0.007252697],
  ] as const)('%s of three columns', (test, p) => {
    const line = lineOf({ test }, [one, armOf('B', y, x), armOf('C', z, x)])
    expect(line.test?.p).toBeCloseTo(p, 7)
  })

  it('a test of two groups says so when there are three', () => {
    const line = lineOf({ test: 't-test' }, [one, armOf('B', y, x), armOf('C', z, x)])
    expect(line.test).toMatchObject({ p: null, text: '–' })
    expect(line.test?.note?.en).toContain('two groups')
  })

  it('Fisher one-sided beside two-sided', () => {
    const yes = (key: string, count: number, n: number): Arm => ({
      key,
      label: { en: key },
      subjects: Array.from({ length: n }, (_, at) => subject(`${key}${at}`, { Q: at < count })),
    })
    const arms = [yes('R', 6, 13), yes('F', 0, 5)]
    const line = lineOf(
      { value: 'Q', statistic: 'count', test: 'fisher', alsoTests: ['fisher-one-sided'] },
      arms,
    )
    expect(line.test?.p).toBeCloseTo(0.1141, 4)
    expect(line.also?.map((test) => [test.name, test.text])).toEqual([
      ['fisher-one-sided', '0.092'],
    ])
  })

  it('the size of a column as a percentage of what it is part of', () => {
    const cells = lineOf({ value: undefined, statistic: 'size' }, [
      one,
      { ...one, whole: 32 },
    ]).cells
    expect(cells.map((cell) => [cell.text, cell.n])).toEqual([
      ['8 (100)', 8],
      ['8 (25)', 32],
    ])
    expect(cells[1]?.subjects).toHaveLength(8)
  })

  it('median with range, sum, number of values and fall of a mean', () => {
    const half = { ...one, subjects: [...one.subjects, subject('A-9', { F: 99 })] }
    const text = (over: Partial<TableRowDef>) => lineOf(over, [half]).cells[0]?.text
    expect(text({ statistic: 'median-range' })).toBe('14.5 (9.0–20.0)')
    expect(text({ statistic: 'median' })).toBe('14.5')
    expect(text({ statistic: 'sum' })).toBe('115')
    expect(text({ statistic: 'n' })).toBe('8')
    // From a mean of 94 / 8 to 115 / 8: a rise of 22.3 %; the ninth subject has no later value.
    expect(text({ statistic: 'fall', against: 'F' })).toBe('-22.3')
  })
})

it('McNemar compares yes and no of the same subjects', () => {
  const first = [1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]
  const second = [1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 0, 0]
  expect(comparePairs('mcnemar', first, second).p).toBeCloseTo(0.05878172, 7)
})

describe('values by visit', () => {
  const events = ['V1', 'V2'].map((oid, at) => ({
    oid,
    label: { en: oid },
    day: at * 28,
    forms: [],
  })) as unknown as Parameters<typeof visitValuesReport>[2]
  const def: Extract<ReportDef, { kind: 'visit-values' }> = {
    kind: 'visit-values',
    oid: 'V',
    title: { en: 'X' },
    population: 'P',
    item: 'X',
    visits: ['V1', 'V2'],
    baseline: 'V1',
    figure: 'box',
    within: 'signed-rank',
    between: 'mann-whitney',
    level: 0.05,
  }
  const arms = [one, armOf('B', z, y)]

  it('median and quartiles, the change within and the groups against each other', () => {
    const body = visitValuesReport(def, arms, events)
    const [a] = body.groups
    expect(a?.points.map((point) => point.cell.text)).toEqual([
      '12.0 (10.8–13.3)',
      '14.5 (11.8–16.5)',
    ])
    expect(a?.points[0]?.test).toBeNull()
    expect(a?.points[1]?.test?.p).toBeCloseTo(0.03396623, 7)
    expect(body.between[0]?.p).toBeCloseTo(1, 9)
    expect(body.between[1]?.p).toBeLessThan(0.05)
  })

  it.each(['box', 'spaghetti'] as const)('is drawn as %s', (figure) => {
    const body = visitValuesReport({ ...def, figure }, arms, events)
    const spec = reportFigureSpec(body, { en: 'X' })
    expect(spec?.kind).toBe(figure)
    const tests = spec?.kind === 'box' ? spec.marks.map((mark) => mark.test) : []
    if (figure === 'box')
      expect(tests).toMatchObject([
        { en: 'Wilcoxon signed-rank test' },
        { en: 'Wilcoxon signed-rank test' },
        { en: 'Mann-Whitney test' },
      ])
    expect(spec && drawFigure(spec, { language: 'en' }).svg).toContain('<svg')
  })

  it('a visit without a value is a dash and no box', () => {
    const body = visitValuesReport({ ...def, visits: ['V1', 'V2', 'V3'] }, [one], events)
    expect(body.groups[0]?.points[2]).toMatchObject({ cell: { text: '–', n: 0, missing: 8 } })
    expect(body.between[0]?.note?.en).toContain('two groups')
    const spec = reportFigureSpec(body, { en: 'X' })
    expect(spec && drawFigure(spec, { language: 'en' }).svg).toContain('<svg')
  })

  it('goes out as CSV, one value a line', () => {
    const body = visitValuesReport(def, [one], events)
    const lines = reportCsv({ body } as ReportResult, 'en').split('\r\n')
    expect(lines.slice(0, 2)).toEqual(['group,visit,subject,value', 'A,V1,A-1,10'])
    expect(lines).toHaveLength(18)
  })
})

it('lists subjects with codes by their labels and a dash for what is not known', () => {
  const body = listingReport(
    {
      kind: 'listing',
      oid: 'L',
      title: { en: 'L' },
      population: 'P',
      rule: 'DIED',
      shows: [
        { label: { en: 'Type' }, value: 'TYPE' },
        { label: { en: 'Day' }, value: 'DAY' },
        { label: { en: 'Pulse' }, value: 'PULSE' },
      ],
    },
    [
      subject('1', { DIED: true, TYPE: 'PM', DAY: 12, PULSE: true }),
      subject('2', { DIED: false, TYPE: 'PM' }),
      subject('3', { DIED: true, TYPE: 'DM' }),
      subject('4', { TYPE: 'DM' }),
    ],
    (value) =>
      value === 'TYPE'
        ? { oid: 'CL', codes: [{ code: 'PM', label: { en: 'Polymyositis' } }] }
        : null,
  )
  expect(body.rows.map((line) => [line.subject, ...line.cells.map((cell) => cell.en)])).toEqual([
    ['1', 'Polymyositis', '12', 'Yes'],
    ['3', 'DM', '–', '–'],
  ])
})
