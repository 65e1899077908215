import { requireShown } from '../blinding/sight.ts'
import { command } from '../command.ts'
import { loadRecord } from './load-record.ts'
import { reopenInput, reopenRecord } from './reopen-record.ts'
import type { FormStep } from './take-form-step.ts'

/** Opens a complete form for corrections; a signature on it falls, visibly and with the reason. */
export const reopenForm = command({
  name: 'form.reopen',
  permission: 'form.complete',
  input: reopenInput,
  reason: (input) => input.reason,
  target: loadRecord,
  run: async ({ tx, input, target, actor, study }): Promise<FormStep> => {
    await requireShown({ tx, actor, study }, target.record.key)
    return reopenRecord(tx, target, input.reason)
  },
})
