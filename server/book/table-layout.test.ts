import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PrintedTable } from '#domain/analysis/printed/printed-report.ts'
import { layOut, textArea } from './table-layout.ts'

function tableOf(texts: readonly (readonly string[])[], heading?: string): PrintedTable {
  const columns = texts[0]?.length ?? 0
  const rows = texts.map((row) => ({
    heading: false,
    cells: row.map((text) => ({ lines: [{ text, quiet: '' }] })),
  }))
  const spanning = {
    heading: true,
    cells: [{ lines: [{ text: heading ?? '', quiet: '' }], span: columns }],
  }
  return {
    kind: 'table',
    columns: Array.from({ length: columns }, (_, at) => ({ align: at === 0 ? 'start' : 'end' })),
    head: rows.slice(0, 1),
    rows: heading === undefined ? rows : [spanning, ...rows],
    notes: [],
  }
}

const word = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.constantFrom(
    '61.6 (11.0)',
    '間質性肺疾患の増悪',
    'x'.repeat(200),
    '',
    'Clinically amyopathic DM',
  ),
)

describe('a table on a page', () => {
  it('is never wider than the page, and no column is lost, whatever stands in it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 70 }).chain((columns) =>
          fc.array(fc.array(word, { minLength: columns, maxLength: columns }), {
            minLength: 1,
            maxLength: 4,
          }),
        ),
        (texts) => {
          const { landscape, parts } = layOut(tableOf(texts, 'Heading'))
          const area = textArea[landscape ? 'landscape' : 'portrait']
          for (const part of parts) {
            const width = part.columns.reduce((sum, column) => sum + column.width, 0)
            expect(width).toBeLessThanOrEqual(area + 0.5)
            for (const row of [...part.head, ...part.rows])
              expect(row.cells.reduce((sum, cell) => sum + (cell.span ?? 1), 0)).toBe(
                part.columns.length,
              )
          }
          const columns = texts[0]?.length ?? 0
          const shown = parts.reduce((sum, part) => sum + part.columns.length - 1, 1)
          expect(shown).toBe(columns)
        },
      ),
      { numRuns: 150 },
    )
  })

  it('stays upright and small where its words are few', () => {
    const layout = layOut(
      tableOf([
        ['Characteristic', 'Tacrolimus', 'Ciclosporin A'],
        ['Age, years', '61.6 (11.0)', '59.2 (13.0)'],
      ]),
    )
    expect(layout.landscape).toBe(false)
    expect(layout.size).toBe(8.5)
    const [part] = layout.parts
    const width = part?.columns.reduce((sum, column) => sum + column.width, 0) ?? 0
    expect(width).toBeLessThan(textArea.portrait * 0.7)
  })

  it('repeats the first column and a heading over all columns in each part', () => {
    const labels = ['Label', ...Array.from({ length: 59 }, (_, at) => `Column ${at}`)]
    const { parts } = layOut(tableOf([labels], 'Over all'))
    expect(parts.length).toBeGreaterThan(1)
    for (const part of parts) {
      expect(part.head[0]?.cells[0]?.lines[0]?.text).toBe('Label')
      expect(part.rows[0]?.cells).toHaveLength(1)
      expect(part.rows[0]?.cells[0]?.span).toBe(part.columns.length)
    }
  })
})
