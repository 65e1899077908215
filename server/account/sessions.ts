/**
 * Sessions are rows. The browser holds a random token, the row only its SHA-256; idle time, absolute limit, revocation and
 * the grants of the person are read anew with every request, so that ending a session or a grant works at once.
 */
import { createHash, randomBytes } from 'node:crypto'
import { inTransaction, type Transaction } from '#db/client.ts'
import type { Grant } from '#domain/access/permissions.ts'
import type { Person } from '../actor.ts'
import { database } from '../database.ts'
import { environment } from '../environment.ts'

export const idleMinutes = 30
export const absoluteHours = 12

export const sessionIdOf = (token: string): string =>
  createHash('sha256').update(token).digest('hex')

/** Inserts a session of a person; the returned token is shown to nobody but the browser. */
export async function openSession(
  tx: Transaction,
  userId: string,
  origin: { address: string | null; agent: string | null },
): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  await tx.query(
    `insert into casebook.session (session_id, user_id, expires_at, address, agent)
     values ($1, $2, now() + make_interval(hours => $3), $4, $5)`,
    [
      sessionIdOf(token),
      userId,
      absoluteHours,
      origin.address,
      origin.agent?.slice(0, 300) ?? null,
    ],
  )
  return token
}

type SessionRow = {
  userId: string
  userName: string
  displayName: string
  language: string
  isSystemAdministrator: boolean
  isDemo: boolean
  mustChangePassword: boolean
  /** Seconds since the session was last seen. */
  quiet: number
  grants: Grant[]
}

const touchAfterSeconds = 60

/** The person behind a token with all grants, or null; one round trip. */
export async function personOfSession(token: string): Promise<Person | null> {
  const sessionId = sessionIdOf(token)
  const { rows } = await database().query<SessionRow>(
    'select * from casebook.person_of_session($1, make_interval(mins => $2))',
    [sessionId, idleMinutes],
  )
  const [row] = rows
  if (!row || (row.isDemo && !environment().CASEBOOK_DEMO)) return null
  const { quiet, ...person } = row
  if (quiet > touchAfterSeconds) await touch(person.userId, sessionId)
  return { kind: 'person', ...person, sessionId }
}

async function touch(userId: string, sessionId: string) {
  await inTransaction(database(), { actor: userId, command: 'session.touch' }, (tx) =>
    tx.query(
      `update casebook.session set last_seen_at = now()
       where session_id = $1 and last_seen_at < now() - make_interval(secs => $2)`,
      [sessionId, touchAfterSeconds],
    ),
  )
}

/** Ends sessions of a person: one of them, all, or all but one; tells how many were alive. */
export async function endSessions(
  tx: Transaction,
  userId: string,
  which: { only?: string; except?: string } = {},
): Promise<number> {
  const ended = await tx.query(
    `update casebook.session set revoked_at = now()
     where user_id = $1 and revoked_at is null and expires_at > now()
       and ($2::text is null or session_id = $2) and ($3::text is null or session_id <> $3)
     returning session_id`,
    [userId, which.only ?? null, which.except ?? null],
  )
  return ended.length
}
