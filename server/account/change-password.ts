import { z } from 'zod'
import { Problem } from '#domain/problem.ts'
import { personal } from '../command.ts'
import { plainText } from '../input.ts'
import { hashPassword, isPassword, requireStrongPassword } from './password.ts'
import { endSessions } from './sessions.ts'

/** A new password ends every other session of the person. */
export const changePassword = personal({
  name: 'account.changePassword',
  access: 'write',
  beforePasswordChange: true,
  input: z.strictObject({ current: plainText(200), next: plainText(200) }),
  run: async ({ tx, input, actor }): Promise<{ changed: true }> => {
    const [account] = await tx.query<{ passwordHash: string | null }>(
      `select password_hash as "passwordHash" from casebook.app_user where user_id = $1 for update`,
      [actor.userId],
    )
    if (!(await isPassword(account?.passwordHash ?? null, input.current))) {
      throw new Problem('wrong-password', {}, 'current')
    }
    requireStrongPassword(input.next, actor.userName)
    if (input.next === input.current) throw new Problem('weak-password', {}, 'next')
    await tx.query(
      `update casebook.app_user set password_hash = $2, must_change_password = false where user_id = $1`,
      [actor.userId, await hashPassword(input.next)],
    )
    await endSessions(tx, actor.userId, { except: actor.sessionId })
    return { changed: true }
  },
})
