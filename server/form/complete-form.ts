import { z } from 'zod'
import { requireShown } from '../blinding/sight.ts'
import { command } from '../command.ts'
import { completeInput, completeRecord } from './complete-record.ts'
import { loadRecord } from './load-record.ts'
import type { FormStep } from './take-form-step.ts'

/** Marks a form complete; refused, with a list, while something required is empty or a rule forbids it. */
export const completeForm = command({
  name: 'form.complete',
  permission: 'form.complete',
  input: z.strictObject(completeInput),
  target: loadRecord,
  run: async ({ tx, input, target, actor, now, study }): Promise<FormStep> => {
    await requireShown({ tx, actor, study }, target.record.key)
    return completeRecord(tx, input.revision, target, actor, now)
  },
})
