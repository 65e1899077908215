/** What it takes to open a complete form for corrections, whoever filled it. */
import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import { Batch } from '../casebook/batch.ts'
import { fallSignatures } from '../casebook/consequences.ts'
import { settlementOf } from '../casebook/write-record.ts'
import { commandKey, id, reasonText } from '../input.ts'
import type { LoadedRecord } from './load-record.ts'
import { type FormStep, setState, stateAfter } from './take-form-step.ts'

export const reopenInput = z.strictObject({
  studyId: id,
  recordId: id,
  reason: reasonText,
  key: commandKey,
})

/** A signature on the form falls, visibly and with the reason. */
export async function reopenRecord(
  tx: Transaction,
  target: LoadedRecord,
  reason: string,
): Promise<FormStep> {
  const state = stateAfter(target, 'reopen')
  if (target.signed.has(target.record.recordId)) {
    const batch = new Batch()
    fallSignatures(settlementOf(target, batch), target.record.recordId, reason)
    await batch.run(tx)
  }
  return setState(tx, target, state)
}
