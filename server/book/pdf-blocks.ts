import type { Content, ContentTable, TableCell } from 'pdfmake/interfaces.js'
import { textWidth } from '#domain/analysis/figures/text-metrics.ts'
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
  withBrokenWords,
} from './table-layout.ts'

/** Rows on paper, of one table and of all in a book: more take longer to make than anybody waits, and nobody reads them there. */
export const mostRows = 1000
const mostRowsOfBook = 4000
/** How many rows a document may still take. */
export type Room = { rows: number }
export const bookRoom = (): Room => ({ rows: mostRowsOfBook })
export const quietColour = '#50575e'
export const plainSize = 8.5
/** Highest a figure gets, in points, so that its table begins on the same page where it can. */
const figureHeight = { portrait: 430, landscape: 330 } as const
/** Points for a unit of a figure: below this its type is smaller than 6 points. */
const leastScale = 0.5
/** What fits under the heading of a page, with room for lines that wrap. */
const textHeight = { portrait: 640, landscape: 400 } as const
/** Rows of a table that is kept whole, with its figure where there is room. */
const shortTable = 14
/** Line of a table, for its type size; Japanese and Chinese fonts are higher than Latin ones. */
const tableLine = 1.45
/** In points; a row that may be higher is broken at the end of a page. */
const highestRow = 240

/** A block ready for a page: a table knows already how it lies. */
export type LaidBlock =
  | Exclude<PrintedBlock, PrintedTable>
  | { kind: 'table'; layout: TableLayout; notes: readonly string[] }

/** `below`: lines that are to stand under the last block, on the same page where a little smaller type makes that possible. */
export function laidOut(
  blocks: readonly PrintedBlock[],
  language: Language,
  room: Room,
  below = 0,
): LaidBlock[] {
  const isAlone = blocks.every((block) => block.kind === 'table' || block.kind === 'sentence')
  return blocks.map((block) => {
    if (block.kind !== 'table') return block
    const most = Math.min(mostRows, room.rows)
    const { length } = block.rows
    if (length > most) return { kind: 'sentence', text: tooLong(length, language), quiet: false }
    room.rows -= length
    const layout = layOut(block)
    const under = (block.notes.length + below) * 12
    const isLittleTooHigh = isAlone && nearlyFits(heightOf(layout) + under, layout)
    return {
      kind: 'table',
      layout: isLittleTooHigh ? { ...layout, size: layout.size * smaller } : layout,
      notes: block.notes,
    }
  })
}

/** Whether any table needs the broad page. */
export function isBroad(blocks: readonly LaidBlock[]): boolean {
  return blocks.some((block) => block.kind === 'table' && block.layout.landscape)
}

/** Blocks as content; what belongs together (heading, figure, short table) does not part at the end of a page. */
export function pdfBlocks(blocks: readonly LaidBlock[], language: Language): Content[] {
  const page = isBroad(blocks) ? 'landscape' : 'portrait'
  const hasMany = blocks.filter((block) => block.kind === 'figure').length > 1
  const highest = figureHeight[page] * (hasMany ? 0.5 : 1)
  const contents: Content[] = []
  let group: Content[] = []
  let height = 0
  const close = () => {
    if (group.length > 0) contents.push({ stack: group, unbreakable: true })
    group = []
    height = 0
  }
  for (const block of blocks) {
    const startsAnew = block.kind === 'heading' || (block.kind === 'figure' && group.length > 1)
    if (startsAnew) close()
    const made = madeOf(block, {
      language,
      width: textArea[page],
      highest,
      whole: textHeight[page],
    })
    if (made.height === null || height + made.height > textHeight[page]) close()
    if (made.height === null) contents.push(...made.content)
    else {
      group.push(...made.content)
      height += made.height
    }
  }
  close()
  return contents
}

type Made = {
  content: Content[]
  /** About how high it is, in points; null for what may go over several pages. */
  height: number | null
}
type Space = { language: Language; width: number; highest: number; whole: number }

function madeOf(block: LaidBlock, { language, width, highest, whole }: Space): Made {
  if (block.kind === 'heading')
    return {
      content: [{ text: block.text, bold: true, fontSize: 10.5, margin: [0, 8, 0, 3] }],
      height: 26,
    }
  if (block.kind === 'sentence') {
    const lines = Math.ceil(textWidth(block.text, plainSize, 400) / width)
    return { content: [sentence(block)], height: lines > 20 ? null : 12 + lines * 13 }
  }
  if (block.kind === 'figure') {
    const figure = drawn(block.spec, { language, heading: false })
    if (typeof figure === 'string')
      return { content: [sentence({ text: figure, quiet: false })], height: 24 }
    const across = width / figure.width
    const usual = Math.min(across, highest / figure.height)
    // A long figure may have the page for itself before its type becomes too small to read.
    const scale = usual < leastScale ? Math.min(across, whole / figure.height) : usual
    return {
      content: [{ svg: figure.svg, width: figure.width * scale, margin: [0, 2, 0, 6] }],
      height: figure.height * scale + 8,
    }
  }
  const { layout, notes } = block
  const rows = layout.parts.reduce((sum, part) => sum + part.rows.length + part.head.length, 0)
  const height = heightOf(layout) + notes.length * 14
  return {
    content: [
      ...partsOf(layout, language),
      ...notes.map((text) => sentence({ text, quiet: true })),
    ],
    height: rows > shortTable || height > whole ? null : height,
  }
}

export function sentence({ text: said, quiet }: { text: string; quiet: boolean }): Content {
  const text = withBrokenWords(said, textArea.portrait, plainSize)
  return quiet
    ? { text, fontSize: 7.5, color: quietColour, margin: [0, 2, 0, 2] }
    : { text, margin: [0, 4, 0, 4] }
}

function partsOf({ parts, size }: TableLayout, language: Language): Content[] {
  return parts.flatMap((part, at): Content[] => [
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
    tableOf(part, size),
  ])
}

/** Type of a table that would else leave a line or two for the next page. */
const smaller = 0.9

function nearlyFits(height: number, { landscape, parts }: TableLayout): boolean {
  const page = textHeight[landscape ? 'landscape' : 'portrait'] + 40
  return parts.length === 1 && height > page && height * smaller <= page
}

/** About how high a table is, in points. */
function heightOf({ parts, size }: TableLayout): number {
  return parts.reduce(
    (sum, part) =>
      [...part.head, ...part.rows].reduce((rows, row) => rows + rowHeight(row, part, size), sum),
    12,
  )
}

/** About how high a row is, in points, rather too high than too low: its lines, and how often each wraps. */
function rowHeight(row: PrintedRow, part: TablePart, size: number): number {
  let column = 0
  let most = 1
  for (const { lines, span = 1, indent = 0 } of row.cells) {
    const width = part.columns
      .slice(column, column + span)
      .reduce((sum, one) => sum + one.width, -2 * cellPadding - indent * 9)
    const count = lines.reduce((sum, { text, quiet }) => {
      const across = textWidth(text, size, 600) + textWidth(quiet, size * quietScale)
      return sum + (across <= width ? 1 : Math.ceil((across / Math.max(width, size)) * 1.2))
    }, 0)
    most = Math.max(most, count)
    column += span
  }
  return most * size * tableLine + 3.4
}

function tableOf(part: TablePart, size: number): ContentTable {
  const padding = 2 * cellPadding
  const rows = [...part.head, ...part.rows]
  const isHigh = part.head.some((row) => rowHeight(row, part, size) > highestRow)
  const isFirstLow = part.rows.slice(0, 1).every((row) => rowHeight(row, part, size) < highestRow)
  return {
    margin: [0, 2, 0, 4],
    fontSize: size,
    lineHeight: 1.02,
    table: {
      headerRows: isHigh ? 0 : part.head.length,
      ...(isHigh || !isFirstLow ? {} : { keepWithHeaderRows: 1 }),
      // A row higher than this page has room for would be cut off, not carried over.
      dontBreakRows: rows.every((row) => rowHeight(row, part, size) < highestRow),
      widths: part.columns.map((column) => Math.max(4, column.width - padding)),
      body: [
        ...part.head.map((row) => rowOf(row, part, size, true)),
        ...part.rows.map((row) => rowOf(row, part, size, false)),
      ],
    },
    layout: {
      hLineWidth: (line, node) =>
        line === 0 || line === node.table.body.length ? 0.9 : line === part.head.length ? 0.6 : 0.3,
      vLineWidth: () => 0,
      hLineColor: (line, node) =>
        line === 0 || line === part.head.length || line === node.table.body.length
          ? '#222222'
          : '#d0d3d6',
      paddingLeft: () => cellPadding,
      paddingRight: () => cellPadding,
      paddingTop: () => 1.8,
      paddingBottom: () => 1.6,
    },
  }
}

function rowOf(row: PrintedRow, part: TablePart, size: number, isHead: boolean): TableCell[] {
  const cells: TableCell[] = []
  for (const cell of row.cells) {
    const align = part.columns[cells.length]?.align ?? 'start'
    const span = cell.span ?? 1
    const width = part.columns
      .slice(cells.length, cells.length + span)
      .reduce((sum, one) => sum + one.width, -2 * cellPadding)
    cells.push({
      ...cellContent(cell, isHead, size, width),
      alignment: align === 'end' ? 'right' : 'left',
      ...(span > 1 ? { colSpan: span } : {}),
    })
    for (let more = 1; more < span; more += 1) cells.push({})
  }
  while (cells.length < part.columns.length) cells.push({ text: '' })
  return cells
}

function cellContent(cell: PrintedCell, isHead: boolean, size: number, width: number) {
  const indent = (cell.indent ?? 0) * 9
  const inWidth = (text: string) => withBrokenWords(text, width - indent, size)
  const bold = isHead || cell.strong === true
  const [only, ...more] = cell.lines.map(({ text, quiet }) => ({
    text: [
      ...(text === '' ? [] : [{ text: inWidth(text), bold }]),
      ...(quiet === ''
        ? []
        : [
            {
              text: text === '' ? inWidth(quiet) : ` ${inWidth(quiet)}`,
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
