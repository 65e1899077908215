/** Column types shared by the tables: instants leave the database as ISO text in UTC with milliseconds. */
import { customType, date, pgSchema, uuid } from 'drizzle-orm/pg-core'

export const casebook = pgSchema('casebook')
export const allocation = pgSchema('allocation')

/** `2026-11-21 09:56:03.12+00` (or any offset) as `2026-11-21T09:56:03.120Z`. */
export function isoInstant(text: string): string {
  return new Date(text).toISOString()
}

/** timestamptz(3) as ISO 8601 text in UTC with milliseconds; write ISO text or a Date. */
export const instant = customType<{ data: string; driverData: string | Date }>({
  dataType: () => 'timestamp(3) with time zone',
  fromDriver: (value) => (typeof value === 'string' ? isoInstant(value) : value.toISOString()),
})

export const bytes = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' })

/** A calendar date as `2026-11-21`, never a Date. */
export const day = (name: string) => date(name, { mode: 'string' })

export const studyId = () => uuid('study_id').notNull()
