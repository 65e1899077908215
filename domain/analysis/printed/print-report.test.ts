import { describe, expect, it } from 'vitest'
import { languages } from '#domain/definition/definition.ts'
import { reportCells } from '../report-cells.ts'
import type { ListingBody, ReportBody } from '../report-result.ts'
import { footerOf, printReport } from './print-report.ts'
import { cellText, type PrintedReport, type PrintedTable } from './printed-report.ts'
import { sayIn } from './say.ts'
import { sampleBodies, sampleResult, tested, traced } from './testing/report-samples.ts'

const kinds = Object.keys(sampleBodies) as ReportBody['kind'][]

function tablesOf(report: PrintedReport): PrintedTable[] {
  return report.blocks.filter((block): block is PrintedTable => block.kind === 'table')
}
const words = (report: PrintedReport) =>
  [
    ...tablesOf(report).flatMap((table) =>
      [...table.head, ...table.rows].flatMap((row) => row.cells.map(cellText)),
    ),
    ...tablesOf(report).flatMap((table) => table.notes),
    ...report.blocks.flatMap((block) =>
      block.kind === 'sentence' || block.kind === 'heading' ? [block.text] : [],
    ),
  ].join('\n')

describe.each(languages)('on paper in %s', (language) => {
  it.each(kinds)('%s: every number is there, and every row has all columns', (kind) => {
    const body = sampleBodies[kind]
    const printed = printReport(sampleResult(body), { language })
    const tables = tablesOf(printed)
    expect(tables.length).toBeGreaterThan(0)
    for (const table of tables) {
      for (const row of [...table.head, ...table.rows])
        expect(row.cells.reduce((sum, cell) => sum + (cell.span ?? 1), 0)).toBe(
          table.columns.length,
        )
    }
    const text = words(printed)
    for (const cell of reportCells({ body })) {
      if (!/\d/.test(cell.text)) continue
      // A step by group is the sum of its groups, page and paper print these.
      if (kind === 'flow' && cell.row === 'Allocated' && cell.column === 'n') continue
      expect(text, `${cell.row} ${cell.column}`).toContain(cell.text)
    }
  })
})

describe('a printed report', () => {
  const english = (body: ReportBody, more = {}) =>
    printReport(sampleResult(body, more), { language: 'en' })

  it('says its population, conditions, moment, version and engine', () => {
    const printed = english(sampleBodies.table, {
      arms: 'masked',
      parameters: { cutOff: '2025-01-31', values: { FVC: true } },
    })
    expect(printed.population).toBe('Population: Everybody, n = 6')
    expect(printed.conditions).toEqual([
      'Clinical cut-off 2025-01-31',
      'FVC: yes',
      'Arms stand under letters; which letter is which arm is not told.',
    ])
    expect(footerOf(sampleResult(sampleBodies.table), sayIn('en'))).toEqual([
      'Live data, Data as of 2026-11-21 10:20:30 UTC',
      'Definition 1.1 (ab12cd34ef56)',
      'Engine 7',
    ])
    expect(printed.footnote).toBe('A foot note.')
  })

  it('names the cut it is of', () => {
    const cut = { number: 3, name: 'DSMB', asOf: '2026-10-01T00:00:00Z', hash: 'f'.repeat(64) }
    expect(footerOf(sampleResult(sampleBodies.table, { cut }), sayIn('en'))[0]).toBe(
      'Cut 3 “DSMB” of 2026-10-01 00:00:00 UTC (ffffffffffff)',
    )
  })

  it('is its reason alone where it cannot be computed', () => {
    const problem = { en: 'No subject is in this population yet.', ja: '被験者はまだいません。' }
    const printed = printReport(sampleResult(sampleBodies.survival, { problem }), {
      language: 'ja',
    })
    expect(printed.blocks).toEqual([
      { kind: 'sentence', text: '被験者はまだいません。', quiet: false },
    ])
  })

  it('marks a missing number with its reason, the same reason with one mark', () => {
    const text = words(english(sampleBodies.survival))
    expect(text).toContain('p = – a)')
    expect(text).toContain('a) Nobody had the event.')
    const table = tablesOf(
      english({
        kind: 'table',
        columns: [{ key: 'A', label: { en: 'A' }, n: 1, subjects: [] }],
        lines: ['x', 'y', 'z'].map((label, at) => ({
          label: { en: label },
          indent: 0,
          heading: false,
          statistic: null,
          cells: [traced('1')],
          test: tested('fisher', 'NA', { en: at === 1 ? 'Other reason.' : 'Nobody.' }),
        })),
      }),
    )[0]
    expect(table?.rows.map((row) => cellText(row.cells[2] as never))).toEqual([
      'NA a) Fisher exact',
      'NA b) Fisher exact',
      'NA a) Fisher exact',
    ])
    expect(table?.notes).toEqual(['a) Nobody.', 'b) Other reason.'])
  })

  it('has a figure for each part of a survival report, each under its heading', () => {
    const { blocks } = english(sampleBodies.survival)
    expect(blocks.map((block) => block.kind)).toEqual([
      'heading',
      'figure',
      'table',
      'sentence',
      'heading',
      'figure',
      'table',
    ])
    expect(words(english(sampleBodies.survival))).toContain('2 subjects are left out')
    expect(words(english(sampleBodies.survival))).toContain('below the planned threshold 0.2')
  })

  it('says that nobody is listed, without a table', () => {
    const empty: ListingBody = { kind: 'listing', columns: [{ en: 'Cause' }], rows: [] }
    expect(english(empty).blocks).toEqual([
      { kind: 'sentence', text: 'Nobody is listed.', quiet: true },
    ])
  })

  it('cuts a long forest between covariates, on one axis', () => {
    const { cox } = sampleBodies
    if (cox.kind !== 'cox') throw new Error('not a Cox report')
    const many = Array.from({ length: 20 }, () => cox.covariates).flat()
    const figures = english({ ...cox, covariates: many }).blocks.flatMap((block) =>
      block.kind === 'figure' && block.spec.kind === 'forest' ? [block.spec] : [],
    )
    expect(figures.length).toBeGreaterThan(1)
    expect(figures.flatMap((figure) => figure.rows)).toHaveLength(100)
    for (const figure of figures) {
      expect(figure.rows.length).toBeLessThanOrEqual(34)
      expect(figure.axis).toEqual(figures[0]?.axis)
    }
  })
})
