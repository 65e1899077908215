import { z } from 'zod'
import { uuidv7 } from '#db/uuid.ts'
import type { RandomisationView } from '#domain/casebook/views.ts'
import { Problem } from '#domain/problem.ts'
import { reauthenticate } from '../account/sign-in.ts'
import { subjectRow } from '../casebook/load.ts'
import { command } from '../command.ts'
import { commandKey, id, plainText, reasonText } from '../input.ts'
import { publishedStudy } from '../study/published.ts'
import { allocationView, issuedTo } from '../subject/allocation-view.ts'
import { concealedFrom, concealsArms } from './sight.ts'

/**
 * Emergency unblinding: the arm of one subject, to the person who asks and to nobody else, for a reason that everybody sees. It
 * needs nobody's help, works also when data entry is closed, and cannot be undone.
 */
export const unblindSubject = command({
  name: 'subject.unblind',
  permission: 'subject.unblind',
  input: z.strictObject({
    studyId: id,
    subjectId: id,
    reason: reasonText,
    password: plainText(200),
    key: commandKey,
  }),
  states: ['open', 'locked', 'archived'],
  reason: (input) => input.reason,
  prove: (actor, input) => reauthenticate(actor.userId, input.password),
  target: (tx, input) => subjectRow(tx, input.studyId, input.subjectId, { lock: true }),
  run: async ({
    tx,
    input,
    target,
    actor,
    role,
    study,
  }): Promise<NonNullable<RandomisationView['allocation']>> => {
    const { studyId, subjectId } = input
    const { definition } = await publishedStudy(tx, studyId, target.versionNumber)
    const issued = await issuedTo(tx, studyId, subjectId)
    if (!definition.allocation || !issued) throw new Problem('not-randomised')
    if (!concealsArms(await concealedFrom({ tx, actor, study })))
      throw new Problem('nothing-concealed')
    const made = await tx.query(
      `insert into casebook.unblinding (study_id, unblinding_id, subject_id, site_id, reason, by, by_name, role)
       values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning unblinding_id`,
      [
        studyId,
        uuidv7(),
        subjectId,
        target.siteId,
        input.reason,
        actor.userId,
        actor.displayName,
        role,
      ],
    )
    if (made.length === 0) throw new Problem('already-unblinded')
    return allocationView(definition.allocation, issued, true)
  },
})
