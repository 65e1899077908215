/** The first administrator: a link that the start command prints once, good for one account and 24 hours. */
import { createHash, randomBytes } from 'node:crypto'
import { inTransaction } from '#db/client.ts'
import { uuidv7 } from '#db/uuid.ts'
import { Problem } from '#domain/problem.ts'
import { auditEvent } from '../audit-event.ts'
import { database } from '../database.ts'
import { hashPassword, requireStrongPassword } from './password.ts'
import { type Origin, startSession } from './sign-in.ts'

const system = { actor: 'system', command: 'account.setUp' }
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** A new set-up token when nobody administers the installation yet, else null. */
export function newSetupToken(): Promise<string | null> {
  return inTransaction(database(), system, async (tx) => {
    const [found] = await tx.query<{ exists: boolean }>(
      `select exists (select from casebook.app_user
         where is_system_administrator and not is_demo and disabled_at is null) as exists`,
    )
    if (found?.exists) return null
    await tx.query('update casebook.setup_link set used_at = now() where used_at is null')
    const token = randomBytes(24).toString('base64url')
    await tx.query('insert into casebook.setup_link (token_hash) values ($1)', [sha256(token)])
    return token
  })
}

export async function isSetupToken(token: string): Promise<boolean> {
  const rows = await inTransaction(database(), { ...system, readOnly: true }, (tx) =>
    tx.query(
      `select 1 from casebook.setup_link
       where token_hash = $1 and used_at is null and created_at > now() - interval '24 hours'`,
      [sha256(token)],
    ),
  )
  return rows.length === 1
}

/** Makes the administrator's account and signs in; throws `setup-link-used`, `weak-password` or `duplicate`. */
export async function setUpAdministrator(
  token: string,
  account: { userName: string; displayName: string; password: string },
  origin: Origin,
): Promise<string> {
  if (!/^[a-z0-9][a-z0-9._-]{1,39}$/.test(account.userName)) {
    throw new Problem(
      'invalid-input',
      { where: 'User name', what: 'use 2 to 40 lower-case letters, digits, dots or dashes' },
      'userName',
    )
  }
  const displayName = account.displayName.trim().slice(0, 120)
  if (displayName === '') {
    throw new Problem('invalid-input', { where: 'Name', what: 'is empty' }, 'displayName')
  }
  requireStrongPassword(account.password, account.userName)
  if (!(await isSetupToken(token))) throw new Problem('setup-link-used')
  const passwordHash = await hashPassword(account.password)
  const userId = uuidv7()
  await inTransaction(database(), system, async (tx) => {
    const used = await tx.query(
      `update casebook.setup_link set used_at = now()
       where token_hash = $1 and used_at is null and created_at > now() - interval '24 hours'
       returning token_hash`,
      [sha256(token)],
    )
    if (used.length !== 1) throw new Problem('setup-link-used')
    await tx.query(
      `insert into casebook.app_user (user_id, user_name, display_name, password_hash, is_system_administrator)
       values ($1, $2, $3, $4, true)`,
      [userId, account.userName, displayName, passwordHash],
    )
    await auditEvent(tx, 'account.set-up', 'app_user', userId, {}, userId)
  })
  return startSession(userId, origin, 'setup')
}
