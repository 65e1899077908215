import { sql } from 'drizzle-orm'
import { bigint, integer, jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import type { Label } from '#domain/definition/definition.ts'
import { casebook, instant, studyId } from './columns.ts'

export const exportLog = casebook.table(
  'export_log',
  {
    studyId: studyId(),
    exportId: uuid('export_id').notNull(),
    at: instant('at').notNull().default(sql`now()`),
    by: uuid('by'),
    kind: text('kind').notNull(),
    sha256: text('sha256').notNull(),
    bytes: bigint('bytes', { mode: 'number' }).notNull(),
    subjects: integer('subjects').notNull(),
    forms: integer('forms').notNull(),
    versionNumber: integer('version_number').notNull(),
  },
  (table) => [primaryKey({ columns: [table.studyId, table.exportId] })],
)

export const notice = casebook.table(
  'notice',
  {
    studyId: studyId(),
    noticeId: uuid('notice_id').notNull(),
    siteId: uuid('site_id'),
    kind: text('kind').notNull(),
    text: jsonb('text').$type<Label>().notNull(),
    subjectId: uuid('subject_id'),
    recordId: uuid('record_id'),
    at: instant('at').notNull().default(sql`now()`),
  },
  (table) => [primaryKey({ columns: [table.studyId, table.noticeId] })],
)
