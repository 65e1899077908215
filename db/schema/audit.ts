import { sql } from 'drizzle-orm'
import { integer, jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import type { StoredValue } from '#domain/casebook/record.ts'
import { casebook, instant, studyId } from './columns.ts'

/** Old value, new value, reason: of an item path, or (without reason) of a column. */
export type AuditChange = readonly [StoredValue | null, StoredValue | null, (string | null)?]
/**
 * Of a form: item paths (upper case) with `[old, new, reason]`, `derived` with `{path: [old, new]}`, and lower-case columns
 * (`state`, `version_number`) with `[old, new]`. Of other entities: columns. Of events: details.
 */
export type AuditChanges = Readonly<Record<string, unknown>>

/** Audit of accounts and sessions, which belong to no study. */
export const systemStudyId = '00000000-0000-0000-0000-000000000000'

/** Append-only for everyone; written by triggers and `casebook.audit_event`. */
export const auditRecord = casebook.table(
  'audit_record',
  {
    studyId: studyId(),
    auditId: uuid('audit_id').notNull(),
    /** The record, subject, user or study whose history this is. */
    chainId: uuid('chain_id').notNull(),
    seq: integer('seq').notNull(),
    at: instant('at').notNull(),
    actorId: uuid('actor_id'),
    actorName: text('actor_name').notNull(),
    role: text('role'),
    /** insert, update, or the name of an event such as `session.signed-in`. */
    action: text('action').notNull(),
    /** Table name without schema, or the noun of the event. */
    entity: text('entity').notNull(),
    entityId: text('entity_id').notNull(),
    subjectId: uuid('subject_id'),
    siteId: uuid('site_id'),
    versionNumber: integer('version_number'),
    command: text('command'),
    reason: text('reason'),
    changes: jsonb('changes').$type<AuditChanges>().notNull(),
    salt: text('salt').notNull(),
    digest: text('digest').notNull(),
    previousHash: text('previous_hash').notNull(),
    hash: text('hash').notNull(),
  },
  (table) => [primaryKey({ columns: [table.studyId, table.chainId, table.seq] })],
)

/** A seal over all chain heads of a study that moved since the seal before it. */
export const auditAnchor = casebook.table(
  'audit_anchor',
  {
    studyId: studyId(),
    anchorId: uuid('anchor_id').notNull(),
    number: integer('number').notNull(),
    at: instant('at').notNull().default(sql`now()`),
    heads: integer('heads').notNull(),
    digest: text('digest').notNull(),
  },
  (table) => [primaryKey({ columns: [table.studyId, table.anchorId] })],
)
