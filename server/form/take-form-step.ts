/** A step in the life of a form that changes its state and no value. */
import type { Transaction } from '#db/client.ts'
import { type FormEvent, nextFormState } from '#domain/casebook/form-state.ts'
import type { FormState } from '#domain/casebook/record.ts'
import { Problem } from '#domain/problem.ts'
import type { LoadedRecord } from './load-record.ts'

export type FormStep = { recordId: string; revision: number; state: FormState }

/** Throws where the state machine has no such step, or the system fills the form. */
export function stateAfter(loaded: LoadedRecord, event: FormEvent): FormState {
  const { record, study } = loaded
  if (study.forms.get(record.key.form)?.system) {
    throw new Problem('form-not-editable', { state: 'filled by the system', who: 'Nobody' })
  }
  const next = nextFormState(record.state, event)
  if (next instanceof Problem) throw next
  return next
}

/** Throws when the person looked at another state of the record than the one stored. */
export function requireRevision(loaded: LoadedRecord, revision: number): void {
  if (loaded.record.revision !== revision) throw new Problem('record-changed-meanwhile')
}

export async function setState(
  tx: Transaction,
  loaded: LoadedRecord,
  state: FormState,
): Promise<FormStep> {
  const { recordId } = loaded.record
  const [row] = await tx.query<{ revision: number }>(
    `update casebook.form_record set state = $3 where study_id = $1 and record_id = $2 returning revision`,
    [loaded.study.studyId, recordId, state],
  )
  return { recordId, revision: row?.revision ?? loaded.record.revision, state }
}
