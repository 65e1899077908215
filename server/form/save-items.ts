import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import { uuidv7 } from '#db/uuid.ts'
import { nextFormState } from '#domain/casebook/form-state.ts'
import type { FormRecordData, FormState, ItemPath, RecordKey } from '#domain/casebook/record.ts'
import { acceptsData } from '#domain/casebook/subject-state.ts'
import type { QuerySummary, SaveResult } from '#domain/casebook/views.ts'
import { Problem, problemMessage } from '#domain/problem.ts'
import { Batch, json } from '../casebook/batch.ts'
import {
  type AlsoChanged,
  type Evaluated,
  type Settlement,
  sameKey,
  settleOthers,
  settleQueries,
} from '../casebook/consequences.ts'
import { casebookOf, type StoredRecord } from '../casebook/load.ts'
import { subjectFacts, visitFacts, writeFacts } from '../casebook/subject-facts.ts'
import { command } from '../command.ts'
import { commandKey, itemPathInput, reasonText, storedValue } from '../input.ts'
import { noticeSeriousEvent } from '../safety/serious-event.ts'
import { formAddress } from './address.ts'
import { type FormPlace, sortChanges } from './apply-changes.ts'
import { type Decision, decide } from './decide.ts'
import { type LoadedCasebook, loadForSave } from './load-for-save.ts'
import { scheduledForm } from './place.ts'
import { queriesOfRecord, requireOwnFiles, whoChanged } from './record-reads.ts'

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
  run: async ({ tx, input, target: loaded, actor, now }): Promise<SaveResult> => {
    const base = recordToSave(loaded, input)
    const place: FormPlace = {
      study: loaded.study,
      form: input.form,
      rowKeys: scheduledForm(loaded.study, input).rowKeys,
      language: actor.language,
    }
    const sorted = sortChanges(place, base, input.changes)
    await requireOwnFiles(tx, place, loaded.siteId, sorted.accepted)
    const others = loaded.records.filter((record) => !sameKey(record.key, base.key))
    const casebook = casebookOf(loaded.subject, others, loaded.references, now)
    const decision = decide(place, casebook, base, sorted.accepted)
    const refused = [...sorted.refused, ...decision.refused]
    if (decision.accepted.length === 0 && loaded.record === null) {
      throw refused[0]?.problem ?? new Problem('record-changed-meanwhile')
    }
    const written = await write(tx, loaded, base, decision, now)
    return {
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

type Written = {
  revision: number
  state: FormState
  queries: readonly QuerySummary[]
  alsoChanged: readonly AlsoChanged[]
}

async function write(
  tx: Transaction,
  loaded: LoadedCasebook,
  base: StoredRecord,
  decision: Decision,
  now: string,
): Promise<Written> {
  const { accepted, evaluation } = decision
  const { studyId } = loaded.study
  if (accepted.length === 0) {
    const queries = await queriesOfRecord(tx, studyId, base.recordId)
    return { revision: base.revision, state: base.state, queries, alsoChanged: [] }
  }
  const state = stateAfterSave(base.state)
  const record: StoredRecord = { ...base, ...decision.record, recordId: base.recordId, state }
  const batch = new Batch()
  writeRecord(batch, loaded, record, decision)
  const settlement: Settlement = {
    studyId,
    subjectId: loaded.subject.subjectId,
    siteId: loaded.siteId,
    language: loaded.study.definition.languages[0] ?? 'en',
    queries: loaded.queries,
    signed: loaded.signed,
    batch,
  }
  settleQueries(settlement, { record, evaluation }, 'this')
  const alsoChanged = settleOthers(settlement, existing(loaded, decision.others))
  writeSubject(batch, loaded, record, decision, now)
  noticeSeriousEvent(batch, settlement, record, base.data)
  queriesOfRecord.queue(batch, studyId, record.recordId)
  const results = await batch.run(tx)
  return {
    revision: results[0]?.[0]?.revision as number,
    state,
    queries: results.at(-1) as unknown as QuerySummary[],
    alsoChanged,
  }
}

/** Rules may also speak about forms that nobody opened yet; those have nothing to write to. */
function existing(loaded: LoadedCasebook, others: Decision['others']): Evaluated[] {
  return others.flatMap(({ key, evaluation }) => {
    const record = loaded.records.find((stored) => sameKey(stored.key, key))
    return record ? [{ record, evaluation }] : []
  })
}

function writeRecord(
  batch: Batch,
  loaded: LoadedCasebook,
  record: StoredRecord,
  { accepted, evaluation }: Decision,
) {
  const { studyId } = loaded.study
  const { recordId, key } = record
  if (loaded.record === null) {
    batch.add`insert into casebook.form_record
        (study_id, record_id, subject_id, site_id, event_oid, event_repeat, form_oid, form_repeat,
         version_number, state, data, derived, open_count)
      values (${studyId}::uuid, ${recordId}::uuid, ${loaded.subject.subjectId}::uuid, ${loaded.siteId}::uuid,
        ${key.event}, ${key.eventRepeat}, ${key.form}, ${key.formRepeat}, ${record.versionNumber},
        ${record.state}, ${json(record.data)}, ${json(evaluation.derived)}, ${evaluation.open.length})
      returning revision`
    return
  }
  const reasons: Record<ItemPath, string> = {}
  for (const { path, reason } of accepted) if (reason !== null) reasons[path] = reason
  batch.add`update casebook.form_record set data = ${json(record.data)}, derived = ${json(evaluation.derived)},
      state = ${record.state}, open_count = ${evaluation.open.length}, reason = ${json(reasons)}
    where study_id = ${studyId}::uuid and record_id = ${recordId}::uuid returning revision`
  batch.add`update casebook.verification set dropped_at = now()
    where study_id = ${studyId}::uuid and record_id = ${recordId}::uuid
      and path = any (${accepted.map(({ path }) => path)}) and dropped_at is null`
}

/** Copies to the subject's row what the matrix shows, where this form is behind any of it. */
function writeSubject(
  batch: Batch,
  loaded: LoadedCasebook,
  record: StoredRecord,
  decision: Decision,
  now: string,
) {
  const { study, subject } = loaded
  const derived = new Map(decision.others.map((other) => [JSON.stringify(other.key), other.evaluation.derived]))
  const after: FormRecordData[] = loaded.records
    .filter(({ key }) => !sameKey(key, record.key))
    .map((other) => ({ ...other, derived: derived.get(JSON.stringify(other.key)) ?? other.derived }))
  after.push({ ...record, derived: decision.evaluation.derived })
  const facts = study.subjectForms.has(record.key.form)
    ? subjectFacts(study, casebookOf(subject, after, loaded.references, now), subject)
    : null
  const visits = visitFacts(
    study,
    subject,
    record.key,
    (item) => record.data[item] ?? decision.evaluation.derived[item],
  )
  writeFacts(batch, study.studyId, subject, facts, visits)
}
