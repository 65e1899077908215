import { z } from 'zod'
import { nextSubjectState } from '#domain/casebook/subject-state.ts'
import type { SubjectState } from '#domain/casebook/views.ts'
import { Problem } from '#domain/problem.ts'
import { subjectRow } from '../casebook/load.ts'
import { command } from '../command.ts'
import { commandKey, id, isoDate, reasonText } from '../input.ts'
import { writeWithdrawal } from './withdrawal-row.ts'

/**
 * Records that a subject withdrew consent on a day: what was entered stays, data up to that day may still be entered and
 * corrected, later ones may not.
 */
export const withdrawSubject = command({
  name: 'subject.withdraw',
  permission: 'casebook.enter',
  input: z.strictObject({
    studyId: id,
    subjectId: id,
    on: isoDate,
    reason: reasonText,
    key: commandKey,
  }),
  reason: (input) => input.reason,
  target: (tx, input) => subjectRow(tx, input.studyId, input.subjectId, { lock: true }),
  run: async ({
    tx,
    input,
    target,
    now,
  }): Promise<{ state: SubjectState; withdrawnOn: string | null }> => {
    const next = nextSubjectState(target.state, 'withdraw')
    if (next instanceof Problem) throw next
    return writeWithdrawal(tx, input.studyId, target, input.on, now)
  },
})
