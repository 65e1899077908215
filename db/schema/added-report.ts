import { sql } from 'drizzle-orm'
import { integer, jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { casebook, instant, studyId } from './columns.ts'

/** A revision of a report that was added beside the definition; the newest of an OID counts, one without source is withdrawn. */
export const addedReport = casebook.table(
  'added_report',
  {
    studyId: studyId(),
    revisionId: uuid('revision_id').notNull(),
    reportOid: text('report_oid').notNull(),
    revision: integer('revision').notNull(),
    source: text('source'),
    report: jsonb('report'),
    versionNumber: integer('version_number').notNull(),
    reason: text('reason'),
    at: instant('at').notNull().default(sql`now()`),
    by: uuid('by').notNull(),
  },
  (table) => [primaryKey({ columns: [table.studyId, table.revisionId] })],
)
