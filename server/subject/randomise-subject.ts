import { z } from 'zod'
import { command } from '../command.ts'
import { commandKey, id } from '../input.ts'
import { momentOf } from '../today.ts'
import { allocateSubject, loadWithAllocation } from './allocate.ts'

/** Randomises now: the time of the allocation is the database's clock. */
export const randomiseSubject = command({
  name: 'subject.randomise',
  permission: 'subject.randomise',
  input: z.strictObject({ studyId: id, subjectId: id, key: commandKey }),
  target: loadWithAllocation,
  run: (context) =>
    allocateSubject({ ...context, performedAt: momentOf(context.now), recordedBecause: null }),
})
