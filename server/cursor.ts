/** A place in a list: the sort values of its last row, opaque to clients and checked when it comes back. */
import type { z } from 'zod'
import { Problem } from '#domain/problem.ts'

export const cursorOf = (place: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url')

/** Throws `invalid-input` for what this list did not hand out. */
export function placeOf<Schema extends z.ZodType>(
  text: string | undefined,
  schema: Schema,
): z.output<Schema> | null {
  if (text === undefined) return null
  try {
    return schema.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
  } catch {
    throw new Problem(
      'invalid-input',
      { where: 'cursor', what: 'is not a place in this list' },
      'cursor',
    )
  }
}

/** Pattern for LIKE that finds the text itself, wherever it stands. */
export const containing = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`

/** Cuts the row fetched beyond the page; tells where the next page begins. */
export function paged<Row>(
  rows: readonly Row[],
  limit: number,
  place: (row: Row) => readonly (string | number)[],
): { rows: readonly Row[]; next: string | null } {
  if (rows.length <= limit) return { rows, next: null }
  const page = rows.slice(0, limit)
  return { rows: page, next: cursorOf(place(page[page.length - 1] as Row)) }
}
