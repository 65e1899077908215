import { z } from 'zod'
import { nextSubjectState } from '#domain/casebook/subject-state.ts'
import type { SubjectState } from '#domain/casebook/views.ts'
import { Problem } from '#domain/problem.ts'
import { subjectRow } from '../casebook/load.ts'
import { command } from '../command.ts'
import { commandKey, id, reasonText } from '../input.ts'

/** Records that a subject withdrew from the study: nothing more is entered, what was entered stays. */
export const withdrawSubject = command({
  name: 'subject.withdraw',
  permission: 'casebook.enter',
  input: z.strictObject({ studyId: id, subjectId: id, reason: reasonText, key: commandKey }),
  reason: (input) => input.reason,
  target: (tx, input) => subjectRow(tx, input.studyId, input.subjectId, { lock: true }),
  run: async ({ tx, input, target }): Promise<{ state: SubjectState }> => {
    const state = nextSubjectState(target.state, 'withdraw')
    if (state instanceof Problem) throw state
    await tx.query(
      'update casebook.subject set state = $3 where study_id = $1 and subject_id = $2',
      [input.studyId, input.subjectId, state],
    )
    return { state }
  },
})
