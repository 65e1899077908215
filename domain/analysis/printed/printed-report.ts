/**
 * A report as paper says it, before any format: sentences, figures and tables in the language of the reader. PDF and DOCX
 * are made from this, so they cannot differ from each other; a test holds it against the page on screen.
 */
import type { Language } from '#domain/definition/definition.ts'
import type { FigureSpec } from '../figures/figure-spec.ts'

/** One line of a cell: the number or label, and in quiet type what explains it. */
export type PrintedLine = { text: string; quiet: string }

export type PrintedCell = {
  lines: readonly PrintedLine[]
  /** Columns it takes; 1 when absent. */
  span?: number
  /** Levels to the right. */
  indent?: number
  strong?: boolean
}

export type PrintedRow = { cells: readonly PrintedCell[]; heading: boolean }

export type PrintedTable = {
  kind: 'table'
  /** Numbers stand at the end of their column, words at its start. */
  columns: readonly { align: 'start' | 'end' }[]
  /** Repeated at the top of each page. */
  head: readonly PrintedRow[]
  rows: readonly PrintedRow[]
  /** What the marks a), b) in the cells say. */
  notes: readonly string[]
}

export type PrintedBlock =
  | { kind: 'heading'; text: string }
  /** `quiet` explains what stands above it; a plain sentence stands in place of something or tells what is left out. */
  | { kind: 'sentence'; text: string; quiet: boolean }
  | { kind: 'figure'; spec: FigureSpec }
  | PrintedTable

export type PrintedReport = {
  oid: string
  title: string
  language: Language
  /** `Population: ITT, n = 58`; null where the report has no population of its own. */
  population: string | null
  /** What this run was asked for beside the definition, and how arms are shown when not by name. */
  conditions: readonly string[]
  blocks: readonly PrintedBlock[]
  footnote: string | null
}

export const cell = (text: string, quiet = ''): PrintedCell => ({ lines: [{ text, quiet }] })
export const blank: PrintedCell = { lines: [] }

/** All words of a cell in one string, for tests and plain outlines. */
export function cellText({ lines }: PrintedCell): string {
  return lines
    .map(({ text, quiet }) => [text, quiet].filter(Boolean).join(' '))
    .join(' ')
    .trim()
}
