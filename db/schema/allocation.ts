import { sql } from 'drizzle-orm'
import { integer, jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { casebook, instant, studyId } from './columns.ts'

/**
 * Allocations that were issued; rows come from `allocation.issue` alone. The lists themselves (schema `allocation`) are out
 * of reach of the runtime role, so they have no table here: `db/allocation.ts` holds the doors.
 */
export const allocationIssued = casebook.table(
  'allocation_issued',
  {
    studyId: studyId(),
    subjectId: uuid('subject_id').notNull(),
    siteId: uuid('site_id').notNull(),
    stratum: text('stratum').notNull(),
    listId: uuid('list_id').notNull(),
    position: integer('position').notNull(),
    number: text('number').notNull(),
    arm: text('arm').notNull(),
    issuedAt: instant('issued_at').notNull().default(sql`now()`),
    issuedBy: uuid('issued_by'),
    /** What eligibility, consent and stratum read at that moment. */
    snapshot: jsonb('snapshot').$type<unknown>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.studyId, table.subjectId] })],
)
