import { sql } from 'drizzle-orm'
import { boolean, integer, jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import type { Role } from '#domain/access/permissions.ts'
import type { Label } from '#domain/definition/definition.ts'
import { casebook, instant, studyId } from './columns.ts'

export const study = casebook.table('study', {
  studyId: uuid('study_id').primaryKey(),
  oid: text('oid').notNull(),
  name: jsonb('name').$type<Label>().notNull(),
  title: jsonb('title').$type<Label>().notNull(),
  state: text('state').$type<'draft' | 'open' | 'locked' | 'archived'>().notNull().default('draft'),
  isDemo: boolean('is_demo').notNull().default(false),
  createdAt: instant('created_at').notNull().default(sql`now()`),
})

/** Published definitions; a row never changes. `publishedBy` null: published by the system. */
export const studyVersion = casebook.table(
  'study_version',
  {
    studyId: studyId(),
    number: integer('number').notNull(),
    label: text('label').notNull(),
    /** SHA-256 (hex) of the canonical JSON of the definition. */
    hash: text('hash').notNull(),
    definition: jsonb('definition').$type<unknown>().notNull(),
    publishedAt: instant('published_at').notNull().default(sql`now()`),
    publishedBy: uuid('published_by'),
  },
  (table) => [primaryKey({ columns: [table.studyId, table.number] })],
)

export const site = casebook.table(
  'site',
  {
    studyId: studyId(),
    siteId: uuid('site_id').notNull(),
    code: text('code').notNull(),
    name: text('name').notNull(),
    open: boolean('open').notNull().default(true),
    /** The study version this site works with before any approval of its own; null: the latest. */
    versionNumber: integer('version_number'),
    planned: integer('planned'),
  },
  (table) => [primaryKey({ columns: [table.studyId, table.siteId] })],
)

/** A role of a person in a study, at one site or (null) at all of them. */
export const roleGrant = casebook.table(
  'role_grant',
  {
    studyId: studyId(),
    grantId: uuid('grant_id').notNull(),
    userId: uuid('user_id').notNull(),
    role: text('role').$type<Role>().notNull(),
    siteId: uuid('site_id'),
    grantedAt: instant('granted_at').notNull().default(sql`now()`),
    grantedBy: uuid('granted_by'),
    revokedAt: instant('revoked_at'),
    revokedBy: uuid('revoked_by'),
  },
  (table) => [primaryKey({ columns: [table.studyId, table.grantId] })],
)
