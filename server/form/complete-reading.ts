import { z } from 'zod'
import { command } from '../command.ts'
import { completeInput, completeRecord } from './complete-record.ts'
import { loadRecord } from './load-record.ts'
import { requireOwnReading } from './own-reading.ts'
import type { FormStep } from './take-form-step.ts'

/** Marks a reader's own entry complete. Whoever made no entry of that id finds nothing there. */
export const completeReading = command({
  name: 'form.completeReading',
  permission: 'reading.enter',
  input: z.strictObject(completeInput),
  target: loadRecord,
  run: async ({ tx, input, target, actor, now }): Promise<FormStep> => {
    await requireOwnReading(tx, target, actor)
    return completeRecord(tx, input.revision, target, actor, now)
  },
})
