import { z } from 'zod'
import { Batch } from '../casebook/batch.ts'
import { fallSignatures } from '../casebook/consequences.ts'
import { settlementOf } from '../casebook/write-record.ts'
import { command } from '../command.ts'
import { commandKey, id, reasonText } from '../input.ts'
import { loadRecord } from './load-record.ts'
import { type FormStep, setState, stateAfter } from './take-form-step.ts'

/** Opens a complete form for corrections; a signature on it falls, visibly and with the reason. */
export const reopenForm = command({
  name: 'form.reopen',
  permission: 'form.complete',
  input: z.strictObject({ studyId: id, recordId: id, reason: reasonText, key: commandKey }),
  reason: (input) => input.reason,
  target: loadRecord,
  run: async ({ tx, input, target }): Promise<FormStep> => {
    const state = stateAfter(target, 'reopen')
    if (target.signed.has(target.record.recordId)) {
      const batch = new Batch()
      fallSignatures(settlementOf(target, batch), target.record.recordId, input.reason)
      await batch.run(tx)
    }
    return setState(tx, target, state)
  },
})
