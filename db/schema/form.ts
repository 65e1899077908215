import { sql } from 'drizzle-orm'
import { doublePrecision, integer, jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import type { FormState, FormValues, ItemPath } from '#domain/casebook/record.ts'
import { bytes, casebook, day, instant, studyId } from './columns.ts'

/**
 * One form instance. Triggers set revision (data or state changed), created and updated columns from the transaction,
 * write the audit record, and refuse a change of a saved value whose path is not in `reason`.
 */
export const formRecord = casebook.table(
  'form_record',
  {
    studyId: studyId(),
    recordId: uuid('record_id').notNull(),
    subjectId: uuid('subject_id').notNull(),
    siteId: uuid('site_id').notNull(),
    eventOid: text('event_oid').notNull(),
    eventRepeat: integer('event_repeat').notNull().default(1),
    formOid: text('form_oid').notNull(),
    formRepeat: integer('form_repeat').notNull().default(1),
    versionNumber: integer('version_number').notNull(),
    revision: integer('revision').notNull().default(1),
    state: text('state').$type<FormState>().notNull().default('inProgress'),
    data: jsonb('data').$type<FormValues>().notNull().default({}),
    derived: jsonb('derived').$type<FormValues>().notNull().default({}),
    /** Items still to be filled. */
    openCount: integer('open_count').notNull().default(0),
    createdAt: instant('created_at').notNull().default(sql`now()`),
    createdBy: uuid('created_by'),
    updatedAt: instant('updated_at').notNull().default(sql`now()`),
    updatedBy: uuid('updated_by'),
    updatedRole: text('updated_role'),
    /** `{path: reason}` of this save: read by the trigger, moved to the audit record; always `{}` when read back. */
    reason: jsonb('reason').$type<Record<ItemPath, string>>().notNull().default({}),
  },
  (table) => [primaryKey({ columns: [table.studyId, table.recordId] })],
)

/** The answer given to a command's key, so that the same key twice acts once. */
export const saveReceipt = casebook.table(
  'save_receipt',
  {
    studyId: studyId(),
    key: uuid('key').notNull(),
    /** Set by the database to the acting user; only he reads it. */
    userId: uuid('user_id').notNull().default(sql`casebook.current_actor_or_nobody()`),
    command: text('command'),
    result: jsonb('result').$type<unknown>(),
    at: instant('at').notNull().default(sql`now()`),
  },
  (table) => [primaryKey({ columns: [table.studyId, table.userId, table.key] })],
)

export const storedFile = casebook.table(
  'stored_file',
  {
    studyId: studyId(),
    fileId: uuid('file_id').notNull(),
    siteId: uuid('site_id').notNull(),
    recordId: uuid('record_id'),
    name: text('name').notNull(),
    mediaType: text('media_type').notNull(),
    bytes: integer('bytes').notNull(),
    /** Hex; the database refuses a row whose content has another hash. */
    sha256: text('sha256').notNull(),
    content: bytes('content').notNull(),
    at: instant('at').notNull().default(sql`now()`),
    by: uuid('by'),
  },
  (table) => [primaryKey({ columns: [table.studyId, table.fileId] })],
)

export const referenceRange = casebook.table(
  'reference_range',
  {
    studyId: studyId(),
    rangeId: uuid('range_id').notNull(),
    siteId: uuid('site_id'),
    test: text('test').notNull(),
    unit: text('unit').notNull(),
    sex: text('sex').$type<'M' | 'F'>(),
    ageFrom: doublePrecision('age_from'),
    ageTo: doublePrecision('age_to'),
    validFrom: day('valid_from'),
    validTo: day('valid_to'),
    low: doublePrecision('low'),
    high: doublePrecision('high'),
  },
  (table) => [primaryKey({ columns: [table.studyId, table.rangeId] })],
)
