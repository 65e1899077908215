/**
 * What subjects answered to expressions of the definition, kept in the process. A row of answers belongs to one state of one
 * subject (`stamp`) and is never changed into another's: a subject that changed gets a new row. Tables are found by study, version and
 * parameters; who may see which subject is decided before, by the roster that each transaction reads under row security.
 */
import type { Value } from '#domain/expression/types.ts'

export type AnswerRow = {
  readonly stamp: string
  /** The day the answers are of, and whether another day can change them. */
  readonly day: string
  dayMatters: boolean
  /** Whether the subject had not begun by the clinical cut-off; null: not looked at yet. */
  absent: boolean | null
  /** By the number of the expression; undefined: not asked yet. */
  readonly values: (Value | undefined)[]
}

export type AnswerTable = {
  /** Expression to its place in the rows. */
  readonly places: Map<string, number>
  /** By subject id. */
  readonly rows: Map<string, AnswerRow>
  /** Equal texts are kept once: dates and codes repeat in every subject. */
  readonly texts: Map<string, string>
}

/** Answers kept over all tables; one takes about 16 bytes. */
const mostAnswers = 12_000_000
/** A table whose expressions grow beyond any definition (previews of unfinished reports) begins anew. */
const mostExpressions = 4000
const mostTexts = 200_000
const holder = globalThis as typeof globalThis & { casebookAnswers?: Map<string, AnswerTable> }

/** Names a table: study and version, `live` or a moment, the values of parameters, the cut-off. */
export const tableKey = (
  studyId: string,
  version: number,
  moment: string,
  variant: string,
  cutOff: string | null,
): string => JSON.stringify([studyId, version, moment, variant, cutOff])

/** The table of the present with the parameters of the definition. */
export const liveKey = (studyId: string, version: number): string =>
  tableKey(studyId, version, 'live', '[]', null)

/** The table of a key, empty when it is new; the one asked for last is dropped last. */
export function answerTable(key: string): AnswerTable {
  holder.casebookAnswers ??= new Map()
  const tables = holder.casebookAnswers
  let table = tables.get(key)
  if (!table || table.places.size > mostExpressions) {
    table = { places: new Map(), rows: new Map(), texts: new Map() }
  }
  tables.delete(key)
  tables.set(key, table)
  return table
}

/** A row that still holds for a subject: of this state, and of this day where days matter. */
export function rowThatHolds(
  table: AnswerTable,
  subjectId: string,
  stamp: string,
  day: string,
): AnswerRow | null {
  const row = table.rows.get(subjectId)
  return row && rowHolds(row, stamp, day) ? row : null
}

/** Whether answers hold for this state on this day. */
export function rowHolds(
  row: Pick<AnswerRow, 'stamp' | 'day' | 'dayMatters'> | undefined,
  stamp: string,
  day: string,
): boolean {
  if (!row || row.stamp !== stamp) return false
  // A day that lies before that of the answers may refuse dates that were accepted then.
  return row.day === day || (row.day < day && !row.dayMatters)
}

export function placeOf(table: AnswerTable, expression: string): number {
  let place = table.places.get(expression)
  if (place === undefined) {
    place = table.places.size
    table.places.set(expression, place)
  }
  return place
}

/** The answer in the form in which it is kept. */
export function kept(table: AnswerTable, value: Value): Value {
  if (typeof value !== 'string') return value
  const known = table.texts.get(value)
  if (known !== undefined) return known
  if (table.texts.size >= mostTexts) table.texts.clear()
  table.texts.set(value, value)
  return value
}

/** Drops the tables that were asked for longest ago until the rest is small enough. */
export function keepWithinBounds(most = mostAnswers): void {
  const tables = holder.casebookAnswers ?? new Map<string, AnswerTable>()
  let count = 0
  for (const table of tables.values()) count += table.rows.size * table.places.size
  for (const [key, table] of tables) {
    if (count <= most) return
    tables.delete(key)
    count -= table.rows.size * table.places.size
  }
}

/** Forgets everything; for tests and measurements of first runs. */
export function forgetAnswers(): void {
  holder.casebookAnswers?.clear()
}
