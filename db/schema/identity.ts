import { sql } from 'drizzle-orm'
import { boolean, integer, text, uuid } from 'drizzle-orm/pg-core'
import { casebook, instant } from './columns.ts'

/** People with an account; a user name is never given twice. */
export const appUser = casebook.table('app_user', {
  userId: uuid('user_id').primaryKey(),
  userName: text('user_name').notNull(),
  displayName: text('display_name').notNull(),
  email: text('email'),
  passwordHash: text('password_hash'),
  language: text('language').notNull().default('en'),
  isSystemAdministrator: boolean('is_system_administrator').notNull().default(false),
  isDemo: boolean('is_demo').notNull().default(false),
  disabledAt: instant('disabled_at'),
  failedTries: integer('failed_tries').notNull().default(0),
  lockedUntil: instant('locked_until'),
  mustChangePassword: boolean('must_change_password').notNull().default(false),
  totpSecret: text('totp_secret'),
  /** Last TOTP time step that was used, so that a code works once. */
  totpLastStep: integer('totp_last_step'),
  createdAt: instant('created_at').notNull().default(sql`now()`),
})

/** `session_id` is the SHA-256 (hex) of the random token in the cookie. */
export const session = casebook.table('session', {
  sessionId: text('session_id').primaryKey(),
  userId: uuid('user_id').notNull(),
  createdAt: instant('created_at').notNull().default(sql`now()`),
  lastSeenAt: instant('last_seen_at').notNull().default(sql`now()`),
  expiresAt: instant('expires_at').notNull(),
  revokedAt: instant('revoked_at'),
  address: text('address'),
  agent: text('agent'),
})

export const setupLink = casebook.table('setup_link', {
  tokenHash: text('token_hash').primaryKey(),
  createdAt: instant('created_at').notNull().default(sql`now()`),
  usedAt: instant('used_at'),
})
