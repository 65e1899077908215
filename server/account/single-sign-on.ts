/** Single sign-on admits people who have an account already; it never makes one. */
import { inTransaction } from '#db/client.ts'
import { database } from '../database.ts'
import { startSession } from './sign-in.ts'

export type Claims = { email?: string; email_verified?: boolean }

/** A session for the one enabled account with the provider's verified address; null when there is none. */
export async function startInvitedSession(claims: Claims | null): Promise<string | null> {
  if (!claims?.email || claims.email_verified !== true) return null
  const settings = { actor: 'anonymous', command: 'session.signIn', readOnly: true }
  const found = await inTransaction(database(), settings, (tx) =>
    tx.query<{ userId: string }>(
      `select user_id as "userId" from casebook.app_user
       where lower(email) = lower($1) and disabled_at is null and not is_demo`,
      [claims.email],
    ),
  )
  const [account] = found
  if (!account || found.length > 1) return null
  return startSession(account.userId, { address: null, agent: null }, 'oidc')
}
