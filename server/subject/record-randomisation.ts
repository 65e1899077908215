import { z } from 'zod'
import { subjectReader } from '#domain/casebook/evaluate.ts'
import { Problem } from '#domain/problem.ts'
import { casebookOf } from '../casebook/load.ts'
import { command } from '../command.ts'
import { commandKey, id, isoDateTime, reasonText } from '../input.ts'
import { allocateSubject, loadWithAllocation } from './allocate.ts'

/**
 * Records an allocation that was made by telephone while the system could not be reached (requirement 58). It takes the same
 * next row of the same frozen list under the same preconditions; only the time is that of the telephone call. The audit
 * trail keeps the time of recording and the reason.
 */
export const recordRandomisation = command({
  name: 'subject.recordRandomisation',
  permission: 'subject.recordRandomisation',
  input: z.strictObject({
    studyId: id,
    subjectId: id,
    performedAt: isoDateTime,
    reason: reasonText,
    key: commandKey,
  }),
  reason: (input) => input.reason,
  target: loadWithAllocation,
  run: async (context) => {
    const { input, target, now } = context
    if (Date.parse(input.performedAt) > Date.parse(now)) {
      throw new Problem(
        'future-date',
        { label: 'Time of the allocation', value: input.performedAt },
        'performedAt',
      )
    }
    const casebook = casebookOf(target.subject, target.records, target.references, now)
    const consent = subjectReader(target.study.compiled, casebook).consent()
    if (consent !== null && input.performedAt.slice(0, 10) < consent) {
      throw new Problem(
        'invalid-input',
        { where: 'performedAt', what: `lies before the consent of ${consent}` },
        'performedAt',
      )
    }
    return allocateSubject({
      ...context,
      performedAt: input.performedAt,
      recordedBecause: input.reason,
    })
  },
})
