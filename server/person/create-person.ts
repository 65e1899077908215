import { z } from 'zod'
import { uuidv7 } from '#db/uuid.ts'
import { hashPassword, requireStrongPassword } from '../account/password.ts'
import { command, wholeStudy } from '../command.ts'
import { commandKey, id, plainText } from '../input.ts'

/** A named account with a temporary password; it has no right anywhere until a role is granted. */
export const createPerson = command({
  name: 'person.create',
  permission: 'person.manage',
  input: z.strictObject({
    studyId: id,
    userName: z.string().regex(/^[a-z0-9][a-z0-9._-]{1,39}$/),
    displayName: plainText(120).min(1),
    email: z.email().max(200).nullable(),
    /** Handed over in person or by phone, never by mail; must be changed at the first sign-in. */
    temporaryPassword: plainText(200),
    key: commandKey,
  }),
  states: ['draft', 'open', 'locked'],
  target: wholeStudy,
  run: async ({ tx, input, actor }): Promise<{ userId: string }> => {
    requireStrongPassword(input.temporaryPassword, input.userName)
    const userId = uuidv7()
    await tx.query(
      `insert into casebook.app_user
         (user_id, user_name, display_name, email, password_hash, must_change_password, is_demo)
       values ($1, $2, $3, $4, $5, true, $6)`,
      [
        userId,
        input.userName,
        input.displayName.trim(),
        input.email,
        await hashPassword(input.temporaryPassword),
        // Whom a demo account invited ends with the demo: anybody could have done it.
        actor.isDemo,
      ],
    )
    return { userId }
  },
})
