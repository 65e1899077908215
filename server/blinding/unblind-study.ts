import { z } from 'zod'
import { uuidv7 } from '#db/uuid.ts'
import { isBlinded } from '#domain/access/blinding.ts'
import { Problem } from '#domain/problem.ts'
import { reauthenticate } from '../account/sign-in.ts'
import { command, wholeStudy } from '../command.ts'
import { commandKey, id, plainText, reasonText } from '../input.ts'
import { blindingOf } from './policy.ts'

/** Ends the blinding of the whole study, once and for ever: from then on roles see arms as the permission page says. */
export const unblindStudy = command({
  name: 'study.unblind',
  permission: 'arm.unblind',
  input: z.strictObject({
    studyId: id,
    reason: reasonText,
    password: plainText(200),
    key: commandKey,
  }),
  states: ['open', 'locked', 'archived'],
  reason: (input) => input.reason,
  prove: (actor, input) => reauthenticate(actor.userId, input.password),
  target: wholeStudy,
  run: async ({ tx, input, actor, role, study, now }): Promise<{ at: string }> => {
    if (!(await blindingOf(tx, study)).some(isBlinded)) throw new Problem('nothing-concealed')
    const made = await tx.query(
      `insert into casebook.unblinding (study_id, unblinding_id, reason, by, by_name, role)
       values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning unblinding_id`,
      [input.studyId, uuidv7(), input.reason, actor.userId, actor.displayName, role],
    )
    if (made.length === 0) throw new Problem('already-unblinded')
    return { at: now }
  },
})
