import { command } from '../command.ts'
import { loadRecord } from './load-record.ts'
import { requireOwnReading } from './own-reading.ts'
import { reopenInput, reopenRecord } from './reopen-record.ts'
import type { FormStep } from './take-form-step.ts'

/** Opens a reader's own complete entry for corrections; what is changed then needs reasons of its own. */
export const reopenReading = command({
  name: 'form.reopenReading',
  permission: 'reading.enter',
  input: reopenInput,
  reason: (input) => input.reason,
  target: loadRecord,
  run: async ({ tx, input, target, actor }): Promise<FormStep> => {
    await requireOwnReading(tx, target, actor)
    return reopenRecord(tx, target, input.reason)
  },
})
