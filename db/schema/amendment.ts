import { sql } from 'drizzle-orm'
import { integer, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { casebook, day, instant, studyId } from './columns.ts'

/** A site's own approval of a version, and the day from which it works on it; the newest row of a version counts. */
export const siteApproval = casebook.table(
  'site_approval',
  {
    studyId: studyId(),
    approvalId: uuid('approval_id').notNull(),
    siteId: uuid('site_id').notNull(),
    versionNumber: integer('version_number').notNull(),
    approvedOn: day('approved_on').notNull(),
    goLiveOn: day('go_live_on').notNull(),
    at: instant('at').notNull().default(sql`now()`),
    by: uuid('by'),
  },
  (table) => [primaryKey({ columns: [table.studyId, table.approvalId] })],
)

/** A migration of subjects to a version; counts and `lastSubject` are written with every batch. */
export const amendmentRun = casebook.table(
  'amendment_run',
  {
    studyId: studyId(),
    runId: uuid('run_id').notNull(),
    versionNumber: integer('version_number').notNull(),
    siteIds: uuid('site_ids').array().notNull(),
    state: text('state')
      .$type<'running' | 'paused' | 'cancelled' | 'done'>()
      .notNull()
      .default('running'),
    reason: text('reason').notNull(),
    total: integer('total').notNull(),
    done: integer('done').notNull().default(0),
    records: integer('records').notNull().default(0),
    failed: uuid('failed').array().notNull().default([]),
    lastSubject: uuid('last_subject'),
    startedAt: instant('started_at').notNull().default(sql`now()`),
    startedBy: uuid('started_by').notNull(),
    startedRole: text('started_role').notNull(),
    workedAt: instant('worked_at').notNull().default(sql`now()`),
    endedAt: instant('ended_at'),
  },
  (table) => [primaryKey({ columns: [table.studyId, table.runId] })],
)
