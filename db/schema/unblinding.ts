import { sql } from 'drizzle-orm'
import { primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { casebook, instant, studyId } from './columns.ts'

/** Blinding that was lifted; without a subject it is that of the whole study. Rows never change. */
export const unblinding = casebook.table(
  'unblinding',
  {
    studyId: studyId(),
    unblindingId: uuid('unblinding_id').notNull(),
    subjectId: uuid('subject_id'),
    siteId: uuid('site_id'),
    reason: text('reason').notNull(),
    at: instant('at').notNull().default(sql`now()`),
    by: uuid('by').notNull(),
    byName: text('by_name').notNull(),
    role: text('role').notNull(),
  },
  (table) => [primaryKey({ columns: [table.studyId, table.unblindingId] })],
)
