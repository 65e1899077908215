import type { Content, ContentTable, TableCell } from 'pdfmake/interfaces.js'
import type {
  PrintedBlock,
  PrintedCell,
  PrintedRow,
  PrintedTable,
} from '#domain/analysis/printed/printed-report.ts'
import type { Language } from '#domain/definition/definition.ts'
import { bookWords, tooLong } from './book-words.ts'
import { drawn } from './figure-files.ts'
import {
  cellPadding,
  layOut,
  quietScale,
  type TableLayout,
  type TablePart,
  textArea,
} from './table-layout.ts'

/** Rows of one table on paper: more take longer to make than anybody waits, and nobody reads them there. */
export const mostRows = 1500
export const quietColour = '#50575e'
export const plainSize = 8.5
/** Highest a figure gets, in points, so that its table begins on the same page where it can. */
const figureHeight = { portrait: 430, landscape: 330 } as const

/** A block ready for a page: a table knows already how it lies. */
export type LaidBlock =
  | Exclude<PrintedBlock, PrintedTable>
  | { kind: 'table'; layout: TableLayout; notes: readonly string[] }

export function laidOut(blocks: readonly PrintedBlock[], language: Language): LaidBlock[] {
  return blocks.map((block) => {
    if (block.kind !== 'table') return block
    if (block.rows.length > mostRows)
      return {
        kind: 'sentence',
        text: tooLong(block.rows.length, mostRows, language),
        quiet: false,
      }
    return { kind: 'table', layout: layOut(block), notes: block.notes }
  })
}

/** Whether any table needs the broad page. */
export function isBroad(blocks: readonly LaidBlock[]): boolean {
  return blocks.some((block) => block.kind === 'table' && block.layout.landscape)
}

export function pdfBlocks(blocks: readonly LaidBlock[], language: Language): Content[] {
  const page = isBroad(blocks) ? 'landscape' : 'portrait'
  return blocks.flatMap((block): Content[] => {
    if (block.kind === 'heading')
      return [{ text: block.text, bold: true, fontSize: 10.5, margin: [0, 10, 0, 4] }]
    if (block.kind === 'sentence')
      return [
        block.quiet
          ? { text: block.text, fontSize: 7.5, color: quietColour, margin: [0, 3, 0, 3] }
          : { text: block.text, margin: [0, 4, 0, 4] },
      ]
    if (block.kind === 'figure') {
      const figure = drawn(block.spec, { language, heading: false })
      if (typeof figure === 'string') return [{ text: figure, margin: [0, 4, 0, 4] }]
      const fit: [number, number] = [textArea[page], figureHeight[page]]
      return [{ svg: figure.svg, fit, margin: [0, 2, 0, 8] }]
    }
    const { layout, notes } = block
    const { parts } = layout
    return [
      ...parts.flatMap((part, at): Content[] => [
        ...(parts.length > 1
          ? [
              {
                text: `${bookWords(language)('part')} ${at + 1} / ${parts.length}`,
                fontSize: 7.5,
                color: quietColour,
                margin: [0, at === 0 ? 0 : 8, 0, 2] as [number, number, number, number],
              },
            ]
          : []),
        tableOf(part, layout.size),
      ]),
      ...notes.map(
        (text): Content => ({
          text,
          fontSize: 7.5,
          color: quietColour,
          margin: [0, 2, 0, 0],
        }),
      ),
    ]
  })
}

function tableOf(part: TablePart, size: number): ContentTable {
  const padding = 2 * cellPadding
  return {
    margin: [0, 2, 0, 4],
    fontSize: size,
    table: {
      headerRows: part.head.length,
      keepWithHeaderRows: 1,
      dontBreakRows: true,
      widths: part.columns.map((column) => Math.max(4, column.width - padding)),
      body: [
        ...part.head.map((row) => rowOf(row, part, size)),
        ...part.rows.map((row) => rowOf(row, part, size)),
      ],
    },
    layout: {
      hLineWidth: (line, node) =>
        line === 0 || line === node.table.body.length
          ? 0.9
          : line === part.head.length
            ? 0.6
            : line < part.head.length
              ? 0
              : 0.15,
      vLineWidth: () => 0,
      hLineColor: () => '#333333',
      paddingLeft: () => cellPadding,
      paddingRight: () => cellPadding,
      paddingTop: () => 1.6,
      paddingBottom: () => 1.4,
    },
  }
}

function rowOf(row: PrintedRow, part: TablePart, size: number): TableCell[] {
  const cells: TableCell[] = []
  for (const cell of row.cells) {
    const align = part.columns[cells.length]?.align ?? 'start'
    const span = cell.span ?? 1
    cells.push({
      ...cellContent(cell, row.heading, size),
      alignment: align === 'end' ? 'right' : 'left',
      ...(span > 1 ? { colSpan: span } : {}),
    })
    for (let more = 1; more < span; more += 1) cells.push({})
  }
  while (cells.length < part.columns.length) cells.push({ text: '' })
  return cells
}

function cellContent(cell: PrintedCell, isHead: boolean, size: number) {
  const indent = (cell.indent ?? 0) * 9
  const bold = isHead || cell.strong === true
  const [only, ...more] = cell.lines.map(({ text, quiet }) => ({
    text: [
      ...(text === '' ? [] : [{ text, bold }]),
      ...(quiet === ''
        ? []
        : [
            {
              text: text === '' ? quiet : ` ${quiet}`,
              fontSize: size * quietScale,
              color: quietColour,
              bold: false,
            },
          ]),
    ],
  }))
  const margin: [number, number, number, number] = [indent, 0, 0, 0]
  if (!only) return { text: '' }
  return more.length === 0 ? { ...only, margin } : { stack: [only, ...more], margin }
}
