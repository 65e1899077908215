/** Readings of two readers; standard errors, quartiles by type and extremes in tables; listings with several answers in a column. */
import { describe, expect, it } from 'vitest'
import { reportSchema } from '#domain/definition/analysis-schema.ts'
import type { ReportDef } from '#domain/definition/definition.ts'
import type { Value } from '#domain/expression/types.ts'
import { agreementReport } from './agreement-report.ts'
import type { AnalysisSubject } from './analysis-subject.ts'
import { listingReport } from './listing-report.ts'
import { type Arm, tableReport } from './table-report.ts'

const subject = (subjectKey: string, values: Record<string, Value>): AnalysisSubject => ({
  subjectKey,
  value: (expression) => values[expression] ?? null,
})

type Row = Extract<ReportDef, { kind: 'agreement' }>['rows'][number]
const agreement = (rows: readonly object[], subjects: readonly AnalysisSubject[]) =>
  agreementReport(
    {
      kind: 'agreement',
      oid: 'G',
      title: { en: 'G' },
      population: 'P',
      rows: rows as Row[],
    },
    subjects,
  ).lines

describe('agreement of two readings', () => {
  // Counts of the example in `cohenKappa`: 11 3 1 / 2 8 4 / 0 3 9.
  const counts = [
    [11, 3, 1],
    [2, 8, 4],
    [0, 3, 9],
  ]
  const codes = ['A', 'B', 'C']
  const read = counts.flatMap((row, i) =>
    row.flatMap((n, j) =>
      Array.from({ length: n }, (_, at) =>
        subject(`${i}${j}${at}`, { ONE: codes[i] ?? null, TWO: codes[j] ?? null }),
      ),
    ),
  )
  const row = { label: { en: 'Pattern' }, first: 'ONE', second: 'TWO' }

  it('kappa of codes, plain and by their order, on subjects with both readings', () => {
    const all = [...read, subject('x', { ONE: 'A' }), subject('y', { ONE: 'A', TWO: 'Z' })]
    const [plain, weighted] = agreement(
      [
        { ...row, statistic: 'kappa', codes: [...codes, 'NEVER'] },
        { ...row, statistic: 'weighted-kappa', codes },
      ],
      all,
    )
    // 28 of 41 agree; expected by the margins 559 of 1681.
    expect(plain?.cells[0]?.values?.[0]).toBeCloseTo((28 / 41 - 559 / 1681) / (1 - 559 / 1681), 10)
    expect(plain?.cells[0]).toMatchObject({ n: 41, missing: 2 })
    expect(plain?.statistic?.en).toBe('kappa')
    expect(weighted?.cells[0]?.text).toMatch(/^0\.\d\d \(0\.\d\d–0\.\d\d\)$/)
    expect(weighted?.cells[0]?.values?.[0]).toBeGreaterThan(plain?.cells[0]?.values?.[0] ?? 1)
  })

  it('intraclass correlation of numbers', () => {
    const pairs = [
      [9, 8],
      [4, 5],
      [7, 7],
      [5, 3],
    ]
    const scores = pairs.map(([ONE, TWO], at) =>
      subject(String(at), { ONE: ONE ?? null, TWO: TWO ?? null }),
    )
    const [line] = agreement([{ ...row, statistic: 'icc' }], scores)
    expect(line?.cells[0]?.values?.[0]).toBeCloseTo(0.8448, 4)
    expect(line?.statistic?.en).toBe('ICC(2,1)')
  })

  it('what cannot be computed is a sentence', () => {
    const same = [1, 2, 3].map((at) => subject(String(at), { ONE: 'A', TWO: 'A' }))
    const lines = agreement([{ ...row, statistic: 'kappa', codes }], same)
    expect(lines[0]?.cells[0]).toMatchObject({ text: '–', n: 3 })
    expect(lines[1]).toMatchObject({
      heading: true,
      label: { en: expect.stringContaining('one category only') },
    })
    const nobody = agreement([{ ...row, statistic: 'kappa', codes }], [])
    expect(nobody[1]?.label.en).toBe('no subject has both readings')
    expect(agreement([{ ...row, statistic: 'icc' }], [])[1]?.heading).toBe(true)
  })
})

describe('spread in tables', () => {
  const arm: Arm = {
    key: 'A',
    label: { en: 'A' },
    subjects: [3, 5, 8, 9, 12, 14, null].map((X, at) => subject(String(at), { X })),
  }
  const shown = (row: object) => {
    const report = reportSchema.parse({
      kind: 'table',
      oid: 'T',
      title: { en: 'T' },
      population: 'P',
      columns: 'arm',
      rows: [{ label: { en: 'X' }, value: 'X', digits: 2, ...row }],
    })
    if (report.kind !== 'table') throw new Error(report.kind)
    const [line] = tableReport(report, [arm], () => null).lines
    return [line?.cells[0]?.text, line?.statistic?.en, line?.cells[0]?.missing]
  }

  // R: mean, sd/sqrt(n), quantile(type = 7) and quantile(type = 6) of 3, 5, 8, 9, 12, 14.
  it.each([
    [{ statistic: 'mean-se' }, '8.50 (1.69)', 'mean (SE)'],
    [{ statistic: 'range' }, '3.00–14.00', 'range'],
    [{ statistic: 'quartiles' }, '5.75–11.25', 'quartiles'],
    [{ statistic: 'quartiles', quantileType: 6 }, '4.50–12.50', 'quartiles'],
    [{ statistic: 'median-iqr', quantileType: 6 }, '8.50 (4.50–12.50)', 'median (IQR)'],
    [{ statistic: 'median-iqr' }, '8.50 (5.75–11.25)', 'median (IQR)'],
  ])('%j', (row, text, statistic) => {
    expect(shown(row)).toEqual([text, statistic, 1])
  })

  it('no other type of quartiles is known', () => {
    expect(() => shown({ statistic: 'quartiles', quantileType: 5 })).toThrow()
  })
})

it('a column of a listing with several answers shows all that are true', () => {
  const report = reportSchema.parse({
    kind: 'listing',
    oid: 'L',
    title: { en: 'L' },
    population: 'P',
    shows: [
      {
        label: { en: 'Infection' },
        each: [
          { label: { en: 'CMV' }, rule: 'CMV' },
          { label: { en: 'zoster', ja: '帯状疱疹' }, rule: 'HZ' },
        ],
      },
    ],
  })
  if (report.kind !== 'listing') throw new Error(report.kind)
  const { rows } = listingReport(
    report,
    [subject('1', { CMV: true, HZ: true }), subject('2', { CMV: false, HZ: null })],
    () => null,
  )
  expect(rows.map(({ cells }) => cells[0])).toEqual([
    { en: 'CMV, zoster', ja: 'CMV、帯状疱疹', zh: 'CMV、zoster' },
    { en: '–' },
  ])
  const both = {
    ...report,
    shows: [{ label: { en: 'x' }, value: 'X', each: [{ label: { en: 'y' }, rule: 'Y' }] }],
  }
  expect(() => reportSchema.parse(both)).toThrow()
})
