/**
 * How a table comes onto a page: upright, broad, in smaller type, or cut into groups of columns, each under the first
 * column again; the first of these in which no word has to be broken. Widths are those of Noto Sans, in points.
 */
import { textWidth } from '#domain/analysis/figures/text-metrics.ts'
import type {
  PrintedCell,
  PrintedRow,
  PrintedTable,
} from '#domain/analysis/printed/printed-report.ts'

/** Width of the text on an A4 page, in points. */
export const textArea = { portrait: 499, landscape: 746 } as const
export const quietScale = 0.86
/** Space at both sides of a cell. */
export const cellPadding = 4
const indentStep = 9
/** Documents print in bold what the widths at hand know as semi-bold. */
const boldScale = 1.05
const sizes = [8.5, 7.5, 6.5] as const
/** A word that is longer is broken: identifiers without an end must not widen a table without end. */
const widestWord = 130
/** Columns of words are not made narrower than this while there is room. */
const comfortable = 96

export type TablePart = {
  columns: readonly { align: 'start' | 'end'; width: number }[]
  head: readonly PrintedRow[]
  rows: readonly PrintedRow[]
}
export type TableLayout = {
  landscape: boolean
  size: number
  parts: readonly TablePart[]
}

type Need = { least: number; most: number }

export function layOut(table: PrintedTable): TableLayout {
  for (const [landscape, size] of [
    [false, sizes[0]],
    [true, sizes[0]],
    [true, sizes[1]],
    [true, sizes[2]],
  ] as const) {
    const needs = needsOf(table, size)
    const widths = widthsOf(needs, textArea[landscape ? 'landscape' : 'portrait'])
    if (widths) {
      const all = needs.map((_, at) => at)
      return { landscape, size, parts: [partOf(table, all, widths)] }
    }
  }
  const size = sizes[1]
  const needs = needsOf(table, size)
  return { landscape: true, size, parts: inParts(table, needs, textArea.landscape) }
}

/** Width that the words of each column need at least, and at most. */
function needsOf(table: PrintedTable, size: number): Need[] {
  const padding = 2 * cellPadding
  return table.columns.map((column, at) => {
    let least = 12
    let most = 12
    for (const row of [...table.head, ...table.rows]) {
      const found = cellAt(row, at)
      if (!found || (found.span ?? 1) > 1) continue
      const shift = (found.indent ?? 0) * indentStep
      const weight = found.strong || row.heading ? 600 : 400
      for (const { text, quiet } of found.lines) {
        const plain = textWidth(text, size, weight) * (weight === 600 ? boldScale : 1)
        const small = textWidth(quiet, size * quietScale, 400)
        const gap = text && quiet ? size * 0.3 : 0
        most = Math.max(most, plain + small + gap + shift)
        const isNumber = column.align === 'end' && !row.heading && text !== '' && text.length <= 40
        const own = isNumber
          ? plain
          : longestWord(text, size, weight) * (weight === 600 ? boldScale : 1)
        // What explains a number stays on one line beside or under it.
        const word = Math.max(
          own,
          column.align === 'end' ? small : longestWord(quiet, size * quietScale, 400),
        )
        least = Math.max(least, Math.min(word, widestWord) + shift)
      }
    }
    const enough = column.align === 'start' ? Math.min(most, comfortable) : least
    return { least: Math.ceil(Math.max(least, enough) + padding), most: Math.ceil(most + padding) }
  })
}

function longestWord(text: string, size: number, weight: 400 | 600): number {
  let longest = 0
  for (const word of text.split(/[\s\u3000-\u30ff\u4e00-\u9fff]+/))
    longest = Math.max(longest, textWidth(word, size, weight))
  return Math.max(longest, text === '' ? 0 : size)
}

/** Null where not even the longest words fit. */
function widthsOf(needs: readonly Need[], area: number): number[] | null {
  const sum = (pick: (need: Need) => number) => needs.reduce((total, need) => total + pick(need), 0)
  const [least, most] = [sum((need) => need.least), sum((need) => need.most)]
  if (least > area) return null
  if (most > area) {
    const share = (area - least) / (most - least)
    return needs.map((need) => need.least + (need.most - need.least) * share)
  }
  // A table of few words is not stretched over the page: the eye must find the number of its row.
  const scale = Math.min(area / most, 1.45)
  return needs.map((need) => need.most * scale)
}

/** Groups of columns that fit, the first column leading each. */
function inParts(table: PrintedTable, needs: readonly Need[], area: number): TablePart[] {
  const [first = { least: 0, most: 0 }, ...others] = needs
  const lead = Math.min(first.least, area / 3)
  const parts: TablePart[] = []
  let columns: number[] = []
  let used = lead
  const close = () => {
    if (columns.length === 0) return
    const own = [
      { least: lead, most: Math.max(lead, Math.min(first.most, area / 3)) },
      ...columns.map((at) => {
        const { least, most } = needs[at] as Need
        return { least: Math.min(least, area - lead), most: Math.max(most, least) }
      }),
    ]
    parts.push(partOf(table, [0, ...columns], widthsOf(own, area) ?? own.map((one) => one.least)))
    columns = []
    used = lead
  }
  others.forEach((need, index) => {
    const width = Math.min(need.least, area - lead)
    if (used + width > area) close()
    columns.push(index + 1)
    used += width
  })
  close()
  return parts
}

function partOf(
  table: PrintedTable,
  columns: readonly number[],
  widths: readonly number[],
): TablePart {
  const isWhole = columns.length === table.columns.length
  const cut = (row: PrintedRow) => (isWhole ? row : { ...row, cells: cellsOf(row, columns) })
  return {
    columns: columns.map((at, index) => ({
      align: table.columns[at]?.align ?? 'start',
      width: widths[index] ?? 0,
    })),
    head: table.head.map(cut),
    rows: table.rows.map(cut),
  }
}

/** The cell that begins at a column. */
function cellAt(row: PrintedRow, column: number): PrintedCell | null {
  let at = 0
  for (const one of row.cells) {
    if (at === column) return one
    at += one.span ?? 1
    if (at > column) return null
  }
  return null
}

/** The cells of a row in some of its columns; a cell over several takes those of them that are there. */
function cellsOf(row: PrintedRow, columns: readonly number[]): PrintedCell[] {
  const cells: PrintedCell[] = []
  let at = 0
  for (const one of row.cells) {
    const end = at + (one.span ?? 1)
    const there = columns.filter((column) => column >= at && column < end).length
    if (there > 0) cells.push(there === 1 ? { ...one, span: 1 } : { ...one, span: there })
    at = end
  }
  return cells
}

const breakable = /[\s\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]/

/**
 * Words that are wider than their column, broken where it ends. Layout engines do that by trying character after character,
 * which takes minutes for a word of twenty thousand.
 */
export function withBrokenWords(text: string, width: number, size: number): string {
  if (text.length < 40) return text
  const room = Math.max(width * 0.92, size * 1.5)
  let broken = ''
  let across = 0
  for (const sign of text) {
    const wide = textWidth(sign, size, 600) * boldScale
    if (breakable.test(sign)) across = 0
    else if (across + wide > room) {
      broken += '\n'
      across = wide
    } else across += wide
    broken += sign
  }
  return broken
}
