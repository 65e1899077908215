import { sql } from 'drizzle-orm'
import { integer, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import type { ItemPath } from '#domain/casebook/record.ts'
import { casebook, instant, studyId } from './columns.ts'

/** Source data verification of one item; `droppedAt` is set when the value changes afterwards. */
export const verification = casebook.table(
  'verification',
  {
    studyId: studyId(),
    recordId: uuid('record_id').notNull(),
    path: text('path').$type<ItemPath>().notNull(),
    siteId: uuid('site_id').notNull(),
    verifiedAt: instant('verified_at').notNull().default(sql`now()`),
    verifiedBy: uuid('verified_by').notNull(),
    valueHash: text('value_hash').notNull(),
    droppedAt: instant('dropped_at'),
  },
  (table) => [primaryKey({ columns: [table.studyId, table.recordId, table.path] })],
)

/** `revokedAt` and `revokedWhy` change; `versionNumber` is filled once where it was not known yet. */
export const signature = casebook.table(
  'signature',
  {
    studyId: studyId(),
    signatureId: uuid('signature_id').notNull(),
    recordId: uuid('record_id').notNull(),
    siteId: uuid('site_id').notNull(),
    subjectId: uuid('subject_id').notNull(),
    meaning: text('meaning').notNull(),
    contentHash: text('content_hash').notNull(),
    signedAt: instant('signed_at').notNull().default(sql`now()`),
    signedBy: uuid('signed_by').notNull(),
    signerName: text('signer_name').notNull(),
    revokedAt: instant('revoked_at'),
    revokedWhy: text('revoked_why'),
    /** The study version it was signed under; its hash is part of `contentHash`. */
    versionNumber: integer('version_number'),
  },
  (table) => [primaryKey({ columns: [table.studyId, table.signatureId] })],
)
