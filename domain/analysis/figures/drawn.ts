/** What every kind of figure gives back besides its shapes, and the sentences and tables they share. */
import { formatNumber, formatPValue } from '#domain/statistics/rounding.ts'
import type { Sheet } from './sheet.ts'
import type { NamedTest } from './spec-parts.ts'
import { type ColumnName, columnNames } from './words.ts'

export type TableCell = string | number | null
/** The numbers of a figure, exactly as drawn, for those who cannot see it and those who want to copy it. */
export type FigureTable = {
  columns: { key: string; label: string }[]
  rows: TableCell[][]
}

export type Drawn = {
  /** Lower edge of what was drawn. */
  bottom: number
  /** What is shown and its main numbers, without a full stop. */
  sentence: string
  table: FigureTable
  /** Lines for the foot of the figure: what marks and bars mean, what was left out. */
  notes: string[]
}

export function tableOf(
  sheet: Sheet,
  columns: readonly (ColumnName | { key: string; label: string })[],
  rows: TableCell[][],
): FigureTable {
  return {
    columns: columns.map((column) =>
      typeof column === 'string'
        ? { key: column, label: columnNames[column][sheet.language] }
        : column,
    ),
    rows,
  }
}

/** `p = 0.16`, `p < 0.001`; NA where a test gave none. */
export function pText(sheet: Sheet, p: number | null): string {
  if (p === null) return `p ${sheet.words.notEstimable}`
  const text = formatPValue(p)
  return /^[<>]/.test(text) ? `p ${text}` : `p = ${text}`
}

export function testText(sheet: Sheet, test: NamedTest): string {
  return `${sheet.say(test.name, 80)} ${pText(sheet, test.p)}`
}

export function percentText(value: number): string {
  return `${formatNumber(100 * value, 0)} %`
}

/** A number for a sentence: at most four digits that say something. */
export function shortNumber(value: number): string {
  if (value === 0) return '0'
  const size = Math.floor(Math.log10(Math.abs(value)))
  if (size >= 6 || size < -4) return value.toExponential(2)
  const text = formatNumber(value, Math.max(0, 3 - size))
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

/** The first things of a list in words, and how many more there are: a sentence is heard in one go. */
export function listText(sheet: Sheet, items: readonly string[], most = 12): string {
  const shown = items.slice(0, most)
  if (items.length > most) shown.push(sheet.words.more(items.length - most))
  return shown.join('; ')
}
