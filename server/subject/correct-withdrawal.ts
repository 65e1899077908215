import { z } from 'zod'
import { nextSubjectState } from '#domain/casebook/subject-state.ts'
import type { SubjectState } from '#domain/casebook/views.ts'
import { Problem } from '#domain/problem.ts'
import { subjectRow } from '../casebook/load.ts'
import { command } from '../command.ts'
import { commandKey, id, isoDate, reasonText } from '../input.ts'
import { writeWithdrawal } from './withdrawal-row.ts'

/** Mends the day of a withdrawal that was recorded in the step, or (`on` null) takes the step back; both with a reason. */
export const correctWithdrawal = command({
  name: 'subject.correctWithdrawal',
  permission: 'casebook.enter',
  input: z.strictObject({
    studyId: id,
    subjectId: id,
    on: isoDate.nullable(),
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
    const next = nextSubjectState(target.state, 'correct')
    if (next instanceof Problem) throw next
    if (target.recordedWithdrawal === null) throw new Problem('no-withdrawal-step')
    return writeWithdrawal(tx, input.studyId, target, input.on, now)
  },
})
