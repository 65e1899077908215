import { sql } from 'drizzle-orm'
import { jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import type { ItemPath, StoredValue } from '#domain/casebook/record.ts'
import type { QueryState, QueryThread } from '#domain/casebook/views.ts'
import { casebook, instant, studyId } from './columns.ts'

export type QueryStep = QueryThread['messages'][number]['step']

export const query = casebook.table(
  'query',
  {
    studyId: studyId(),
    queryId: uuid('query_id').notNull(),
    subjectId: uuid('subject_id').notNull(),
    siteId: uuid('site_id').notNull(),
    recordId: uuid('record_id').notNull(),
    path: text('path').$type<ItemPath>().notNull(),
    /** OID of the edit check that opened it; null: raised by a person. */
    checkId: text('check_id'),
    state: text('state').$type<QueryState>().notNull().default('open'),
    text: text('text').notNull(),
    valueThen: jsonb('value_then').$type<StoredValue | null>(),
    openedAt: instant('opened_at').notNull().default(sql`now()`),
    openedBy: uuid('opened_by'),
    updatedAt: instant('updated_at').notNull().default(sql`now()`),
    updatedBy: uuid('updated_by'),
  },
  (table) => [primaryKey({ columns: [table.studyId, table.queryId] })],
)

export const queryMessage = casebook.table(
  'query_message',
  {
    studyId: studyId(),
    messageId: uuid('message_id').notNull(),
    queryId: uuid('query_id').notNull(),
    siteId: uuid('site_id').notNull(),
    step: text('step').$type<QueryStep>().notNull(),
    text: text('text').notNull(),
    at: instant('at').notNull().default(sql`now()`),
    by: uuid('by'),
    role: text('role').notNull(),
  },
  (table) => [primaryKey({ columns: [table.studyId, table.messageId] })],
)
