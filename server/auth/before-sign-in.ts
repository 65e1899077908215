/** What pages may know before anybody is signed in: single sign-on, the demo's accounts, whether a set-up link still works. */
import { inTransaction } from '#db/client.ts'
import { demoPassword } from '#domain/access/demo-password.ts'
import { isSetupToken } from '../account/set-up.ts'
import { database } from '../database.ts'
import { environment } from '../environment.ts'

/** Demo accounts that get a card, in this order; the key names the sentence under it. */
const cards: readonly { userName: string; key: string }[] = [
  { userName: 'coordinator', key: 'coordinator' },
  { userName: 'investigator', key: 'investigator' },
  { userName: 'monitor', key: 'monitor' },
  { userName: 'data.manager', key: 'data-manager' },
  { userName: 'medical.monitor', key: 'medical-monitor' },
  { userName: 'image.reader', key: 'image-reader' },
  { userName: 'statistician', key: 'statistician' },
  { userName: 'allocation', key: 'allocation-statistician' },
  { userName: 'auditor', key: 'auditor' },
  { userName: 'study.administrator', key: 'study-administrator' },
]

export type DemoSignIn = { userName: string; displayName: string; key: string; password: string }

/** The demo accounts of this installation; none where the demo is closed. */
export async function demoSignIns(): Promise<readonly DemoSignIn[]> {
  if (!environment().CASEBOOK_DEMO) return []
  const accounts = await inTransaction(
    database(),
    { actor: 'system', command: 'account.demo-sign-ins', readOnly: true },
    (tx) =>
      tx.query<{ userName: string; displayName: string }>(
        `select user_name as "userName", display_name as "displayName" from casebook.app_user
         where is_demo and disabled_at is null and user_name = any ($1::text[])`,
        [cards.map((card) => card.userName)],
      ),
  )
  return cards.flatMap((card) => {
    const account = accounts.find((one) => one.userName === card.userName)
    return account ? [{ ...card, displayName: account.displayName, password: demoPassword }] : []
  })
}

/** What the button for single sign-on says; null where none is set up. */
export function singleSignOnName(): string | null {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME } = environment()
  return OIDC_ISSUER && OIDC_CLIENT_ID && OIDC_CLIENT_SECRET ? OIDC_NAME : null
}

/** Whether a set-up link is unused and younger than its 24 hours. */
export function isSetupLinkOpen(token: string): Promise<boolean> {
  return isSetupToken(token)
}
