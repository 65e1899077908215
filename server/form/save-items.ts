import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import { uuidv7 } from '#db/uuid.ts'
import { nextFormState } from '#domain/casebook/form-state.ts'
import type { FormState, RecordKey } from '#domain/casebook/record.ts'
import { acceptsData } from '#domain/casebook/subject-state.ts'
import type { SaveResult } from '#domain/casebook/views.ts'
import { Problem, problemMessage } from '#domain/problem.ts'
import { concealsPath } from '../blinding/concealed-study.ts'
import { shownSave } from '../blinding/shown-save.ts'
import { concealedFrom } from '../blinding/sight.ts'
import { sameKey } from '../casebook/consequences.ts'
import { casebookOf, type StoredRecord } from '../casebook/load.ts'
import { type LoadedCasebook, loadForSave } from '../casebook/load-for-save.ts'
import { queriesOfRecord } from '../casebook/record-queries.ts'
import { type RecordChange, type Written, writeRecord } from '../casebook/write-record.ts'
import { command } from '../command.ts'
import { commandKey, itemPathInput, reasonText, storedValue } from '../input.ts'
import { formAddress } from './address.ts'
import { type FormPlace, labelOf, sortChanges } from './apply-changes.ts'
import { type Decision, decide } from './decide.ts'
import { scheduledForm } from './place.ts'
import { requireOwnFiles, whoChanged } from './record-reads.ts'

/**
 * Saves item by item: what can be saved is, each refused change says why, a value changed by somebody else meanwhile comes
 * back as a conflict. Everything that follows from the saved values is written in the same transaction.
 */
export const saveItems = command({
  name: 'form.save',
  permission: 'casebook.enter',
  input: z.strictObject({
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
  }),
  target: (tx, input, study) => loadForSave(tx, study, input.subjectId, input),
  run: async ({ tx, input, target: loaded, actor, now, study }): Promise<SaveResult> => {
    const concealed = await concealedFrom({ tx, actor, study })
    if (concealed?.forms.has(input.form) || concealed?.events.has(input.event)) {
      throw new Problem('not-found')
    }
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
    const decision = decide(place, casebook, base, sorted.accepted)
    const refused = [
      ...hidden.map(({ path }) => ({
        path,
        problem: new Problem('item-concealed', { label: labelOf(place, path) }, path),
      })),
      ...sorted.refused,
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
    return shownSave(result, input.form, concealed)
  },
})

/** The record as it stands, or a new one; throws where nothing may be entered. */
function recordToSave(
  loaded: LoadedCasebook,
  input: { event: string; eventRepeat: number; form: string; formRepeat: number | null },
): StoredRecord {
  if (!acceptsData(loaded.subject.state)) {
    throw new Problem('subject-not-active', { state: loaded.subject.state })
  }
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
