/**
 * Sign-in with name and password. A try is counted before the password is compared, so parallel guesses cannot slip past
 * the lock; the answer is the same for an unknown name, a wrong password and a locked account.
 */
import { inTransaction, type Transaction } from '#db/client.ts'
import { Problem } from '#domain/problem.ts'
import { auditEvent } from '../audit-event.ts'
import { database } from '../database.ts'
import { environment } from '../environment.ts'
import { log } from '../log.ts'
import { isPassword } from './password.ts'
import { endSessions, openSession, personOfSession, sessionIdOf } from './sessions.ts'
import { TryLimit } from './try-limit.ts'

export type Origin = { address: string | null; agent: string | null }
const triesBeforeLock = 5
const longestLockMinutes = 60

const holder = globalThis as typeof globalThis & { casebookTries?: TryLimit }
const tries = () => {
  holder.casebookTries ??= new TryLimit()
  return holder.casebookTries
}

type Account = {
  userId: string
  userName: string
  passwordHash: string | null
  isDemo: boolean
  disabled: boolean
  locked: boolean
  failedTries: number
}

/** The token of a new session; throws `wrong-credentials`, `too-many-tries` or `demo-disabled`. */
export async function signIn(userName: string, password: string, origin: Origin): Promise<string> {
  const minutes = tries().count(origin.address)
  if (minutes > 0) throw new Problem('too-many-tries', { minutes })
  const account = await countedTry({ userName: userName.trim().toLowerCase().slice(0, 100) })
  const right = await isPassword(account?.passwordHash ?? null, password)
  if (!account || !right || account.locked || account.disabled) {
    await refused(account, userName, origin)
    throw new Problem('wrong-credentials')
  }
  if (account.isDemo && !environment().CASEBOOK_DEMO) throw new Problem('demo-disabled')
  tries().clear(origin.address)
  return startSession(account.userId, origin, 'password')
}

/** The password once more, for a signature; wrong ones count towards the lock. Throws `wrong-password`. */
export async function reauthenticate(userId: string, password: string): Promise<void> {
  const account = await countedTry({ userId })
  const right = await isPassword(account?.passwordHash ?? null, password)
  if (!account || !right || account.locked || account.disabled) {
    await refused(account, '', { address: null, agent: null })
    throw new Problem('wrong-password', {}, 'password')
  }
  await inTransaction(database(), { actor: userId, command: 'session.reauthenticate' }, (tx) =>
    forgetTries(tx, userId),
  )
}

function forgetTries(tx: Transaction, userId: string) {
  return tx.query(
    `update casebook.app_user set failed_tries = 0, locked_until = null
     where user_id = $1 and (failed_tries > 0 or locked_until is not null)`,
    [userId],
  )
}

/** Opens a session for a person whose identity was proven (password, single sign-on). */
export function startSession(
  userId: string,
  origin: Origin,
  method: 'password' | 'oidc' | 'setup',
): Promise<string> {
  return inTransaction(database(), { actor: userId, command: 'session.signIn' }, async (tx) => {
    await forgetTries(tx, userId)
    const token = await openSession(tx, userId, origin)
    await auditEvent(tx, 'session.signed-in', 'session', sessionIdOf(token), {
      method,
      address: origin.address,
    })
    return token
  })
}

/** Ends the session of a token; a token that is no longer good is no error. */
export async function signOut(token: string): Promise<void> {
  const person = await personOfSession(token)
  if (!person) return
  await inTransaction(
    database(),
    { actor: person.userId, command: 'session.signOut' },
    async (tx) => {
      await endSessions(tx, person.userId, { only: person.sessionId })
      await auditEvent(tx, 'session.signed-out', 'session', person.sessionId)
    },
  )
}

/** Loads the account under a row lock and counts the try: 5 wrong ones lock for a minute, each further doubles it. */
function countedTry(who: { userName: string } | { userId: string }): Promise<Account | null> {
  const settings = { actor: 'anonymous', command: 'session.signIn' }
  return inTransaction(database(), settings, async (tx) => {
    const [account] = await tx.query<Account>(
      `select user_id as "userId", user_name as "userName", password_hash as "passwordHash",
         is_demo as "isDemo", disabled_at is not null as disabled,
         coalesce(locked_until > now(), false) as locked, failed_tries as "failedTries"
       from casebook.app_user where ${'userId' in who ? 'user_id' : 'user_name'} = $1 for update`,
      ['userId' in who ? who.userId : who.userName],
    )
    if (!account) return null
    if (account.locked || account.disabled) return account
    const failed = account.failedTries + 1
    const lockMinutes =
      failed < triesBeforeLock
        ? null
        : Math.min(longestLockMinutes, 2 ** (failed - triesBeforeLock))
    await tx.query(
      `update casebook.app_user set failed_tries = $2,
         locked_until = case when $3::float8 is null then locked_until
           else now() + make_interval(mins => $3::int) end
       where user_id = $1`,
      [account.userId, failed, lockMinutes],
    )
    return { ...account, failedTries: failed }
  })
}

async function refused(account: Account | null, userName: string, origin: Origin) {
  const settings = { actor: 'anonymous', command: 'session.signIn' }
  const lockedNow = account && !account.locked && account.failedTries >= triesBeforeLock
  await inTransaction(database(), settings, async (tx) => {
    // What was typed as a name is not kept: people type their password there.
    await auditEvent(
      tx,
      lockedNow ? 'session.locked-out' : 'session.refused',
      'app_user',
      account?.userId ?? 'unknown',
      { known: account !== null, length: userName.length, address: origin.address },
      account?.userId ?? null,
    )
  })
  log('warning', {
    event: lockedNow ? 'session.locked-out' : 'session.refused',
    ...(account ? { userId: account.userId } : {}),
  })
}
