/** The work of a save, whoever is allowed to do it: what `form.save` does for sites and `form.saveReading` for readers of images. */
import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import { uuidv7 } from '#db/uuid.ts'
import { nextFormState } from '#domain/casebook/form-state.ts'
import type { FormState, RecordKey } from '#domain/casebook/record.ts'
import type { ItemChange, SaveResult } from '#domain/casebook/views.ts'
import { Problem, problemMessage } from '#domain/problem.ts'
import type { Person } from '../actor.ts'
import { type ConcealedStudy, concealsPath } from '../blinding/concealed-study.ts'
import { sameKey } from '../casebook/consequences.ts'
import { casebookOf, type StoredRecord } from '../casebook/load.ts'
import type { LoadedCasebook } from '../casebook/load-for-save.ts'
import { queriesOfRecord } from '../casebook/record-queries.ts'
import { type RecordChange, type Written, writeRecord } from '../casebook/write-record.ts'
import { commandKey, itemPathInput, reasonText, storedValue } from '../input.ts'
import { formAddress } from './address.ts'
import { type FormPlace, labelOf, sortChanges } from './apply-changes.ts'
import { beforeWithdrawal } from './before-withdrawal.ts'
import { type Decision, decide } from './decide.ts'
import { scheduledForm } from './place.ts'
import { requireOwnFiles, whoChanged } from './record-reads.ts'

export const saveInput = {
  ...formAddress,
  changes: z
    .array(
      z.strictObject({
        path: itemPathInput,
        from: storedValue.nullable(),
        to: storedValue.nullable(),
        reason: reasonText.optional(),
      }),
    )
    .min(1)
    .max(2000),
  key: commandKey,
}

export type SaveAct = {
  tx: Transaction
  input: RecordPlace & { studyId: string; changes: readonly ItemChange[] }
  loaded: LoadedCasebook
  actor: Pick<Person, 'language'>
  now: string
  concealed: ConcealedStudy | null
}
type RecordPlace = { event: string; eventRepeat: number; form: string; formRepeat: number | null }

/** Saves what can be saved and says what was refused; throws where nothing of a new record can be. */
export async function saveChanges(act: SaveAct): Promise<SaveResult> {
  const { tx, input, loaded, actor, now, concealed } = act
  const base = recordToSave(loaded, input)
  const place: FormPlace = {
    study: loaded.study,
    form: input.form,
    rowKeys: scheduledForm(loaded.study, input).rowKeys,
    language: actor.language,
  }
  const isHidden = (path: string) => concealsPath(concealed, input.form, path)
  const hidden = input.changes.filter(({ path }) => isHidden(path))
  const open = input.changes.filter(({ path }) => !isHidden(path))
  const sorted = sortChanges(place, base, open)
  await requireOwnFiles(tx, place, loaded.siteId, sorted.accepted)
  const others = loaded.records.filter((record) => !sameKey(record.key, base.key))
  const casebook = casebookOf(loaded.subject, others, loaded.references, now)
  const { taken, late } = await beforeWithdrawal(tx, loaded, base, sorted.accepted, now)
  const decision = decide(place, casebook, base, taken)
  const refused = [
    ...hidden.map(({ path }) => ({
      path,
      problem: new Problem('item-concealed', { label: labelOf(place, path) }, path),
    })),
    ...sorted.refused,
    ...late,
    ...decision.refused,
  ]
  if (decision.accepted.length === 0 && loaded.record === null) {
    throw refused[0]?.problem ?? new Problem('record-changed-meanwhile')
  }
  const written =
    decision.accepted.length === 0
      ? await unchanged(tx, input.studyId, base)
      : await writeRecord(tx, loaded, changeOf(base, decision), now)
  const result: SaveResult = {
    recordId: base.recordId,
    formRepeat: base.key.formRepeat,
    revision: written.revision,
    state: written.state,
    savedAt: now,
    data: decision.record.data,
    evaluation: decision.evaluation,
    queries: written.queries,
    conflicts: await whoChanged(tx, input.studyId, base.recordId, sorted.conflicts),
    refused: refused.map(({ path, problem }) => ({ path, problem: problemMessage(problem) })),
    alsoChanged: written.alsoChanged,
  }
  return result
}

/** The record as it stands, or a new one; throws where nothing may be entered. */
function recordToSave(loaded: LoadedCasebook, input: RecordPlace): StoredRecord {
  const { form } = scheduledForm(loaded.study, input)
  if (form.system) {
    throw new Problem('form-not-editable', { state: 'filled by the system', who: 'Nobody' })
  }
  const { record } = loaded
  if (record) {
    stateAfterSave(record.state)
    return record
  }
  if (form.repeats && input.formRepeat !== null) throw new Problem('not-found')
  const { event, eventRepeat } = input
  const key: RecordKey = { event, eventRepeat, form: input.form, formRepeat: 1 }
  return {
    recordId: uuidv7(),
    key: { ...key, formRepeat: form.repeats ? loaded.lastRepeat + 1 : 1 },
    versionNumber: loaded.study.number,
    revision: 0,
    state: 'notStarted',
    data: {},
    derived: {},
    openCount: 0,
  }
}

function stateAfterSave(state: FormState): FormState {
  const next = nextFormState(state, 'save')
  if (next instanceof Problem) throw next
  return next
}

function changeOf(base: StoredRecord, decision: Decision): RecordChange {
  const { accepted, record, evaluation, others } = decision
  return {
    before: base.revision === 0 ? null : base,
    record: { ...base, data: record.data, state: stateAfterSave(base.state) },
    evaluation,
    others,
    paths: accepted.map(({ path }) => path),
    reasons: Object.fromEntries(
      accepted.flatMap(({ path, reason }) => (reason === null ? [] : [[path, reason] as const])),
    ),
  }
}

async function unchanged(tx: Transaction, studyId: string, base: StoredRecord): Promise<Written> {
  const queries = await queriesOfRecord(tx, studyId, base.recordId)
  return { revision: base.revision, state: base.state, queries, alsoChanged: [] }
}
