/** Writes one changed record with everything that follows from it, in one message to the database. */
import type { Transaction } from '#db/client.ts'
import { json } from '#db/statement.ts'
import type {
  FormEvaluation,
  FormRecordData,
  FormState,
  ItemPath,
  RecordKey,
} from '#domain/casebook/record.ts'
import type { QuerySummary } from '#domain/casebook/views.ts'
import { noticeSeriousEvent } from '../safety/serious-event.ts'
import { Batch } from './batch.ts'
import {
  type AlsoChanged,
  type Evaluated,
  type Settlement,
  sameKey,
  settleOthers,
  settleQueries,
} from './consequences.ts'
import { casebookOf, type StoredRecord } from './load.ts'
import type { LoadedCasebook } from './load-for-save.ts'
import { queueQueries } from './record-queries.ts'
import { isDatedVisit, subjectFacts, visitFacts, writeFacts } from './subject-facts.ts'

type Others = readonly { key: RecordKey; evaluation: FormEvaluation }[]

export type RecordChange = {
  /** The record as stored; null when it is new. */
  before: StoredRecord | null
  /** The record with its new values and state. */
  record: StoredRecord
  evaluation: FormEvaluation
  /** Other forms that the rules spoke about again. */
  others: Others
  /** Items that were changed, and why where they had been saved before. */
  paths: readonly ItemPath[]
  reasons: Readonly<Record<ItemPath, string>>
}

export type Written = {
  revision: number
  state: FormState
  queries: readonly QuerySummary[]
  alsoChanged: readonly AlsoChanged[]
}

export function settlementOf(loaded: LoadedCasebook, batch: Batch): Settlement {
  return {
    studyId: loaded.study.studyId,
    subjectId: loaded.subject.subjectId,
    siteId: loaded.siteId,
    language: loaded.study.definition.languages[0] ?? 'en',
    queries: loaded.queries,
    signed: loaded.signed,
    batch,
  }
}

export async function writeRecord(
  tx: Transaction,
  loaded: LoadedCasebook,
  change: RecordChange,
  now: string,
): Promise<Written> {
  const { record, evaluation } = change
  const { studyId } = loaded.study
  const batch = new Batch()
  queueRecord(batch, loaded, change)
  const settlement = settlementOf(loaded, batch)
  settleQueries(settlement, { record, evaluation }, 'this')
  const alsoChanged = settleOthers(settlement, existing(loaded, change.others))
  queueSubject(batch, loaded, change, now)
  noticeSeriousEvent(batch, settlement, record, change.before?.data ?? {})
  queueQueries(batch, studyId, record.recordId)
  const results = await batch.run(tx)
  return {
    revision: results[0]?.[0]?.revision as number,
    state: record.state,
    queries: results.at(-1) as unknown as QuerySummary[],
    alsoChanged,
  }
}

/** Rules may also speak about forms that nobody opened yet; those have nothing to write to. */
export function existing(loaded: LoadedCasebook, others: Others): Evaluated[] {
  return others.flatMap(({ key, evaluation }) => {
    const record = loaded.records.find((stored) => sameKey(stored.key, key))
    return record ? [{ record, evaluation }] : []
  })
}

function queueRecord(batch: Batch, loaded: LoadedCasebook, change: RecordChange) {
  const { studyId } = loaded.study
  const { record, evaluation } = change
  const { recordId, key } = record
  if (change.before === null) {
    batch.add`insert into casebook.form_record
        (study_id, record_id, subject_id, site_id, event_oid, event_repeat, form_oid, form_repeat,
         version_number, state, data, derived, open_count)
      values (${studyId}::uuid, ${recordId}::uuid, ${loaded.subject.subjectId}::uuid, ${loaded.siteId}::uuid,
        ${key.event}, ${key.eventRepeat}, ${key.form}, ${key.formRepeat}, ${record.versionNumber},
        ${record.state}, ${json(record.data)}, ${json(evaluation.derived)}, ${evaluation.open.length})
      returning revision`
    return
  }
  batch.add`update casebook.form_record set data = ${json(record.data)}, derived = ${json(evaluation.derived)},
      state = ${record.state}, open_count = ${evaluation.open.length}, reason = ${json(change.reasons)}
    where study_id = ${studyId}::uuid and record_id = ${recordId}::uuid returning revision`
  batch.add`update casebook.verification set dropped_at = now()
    where study_id = ${studyId}::uuid and record_id = ${recordId}::uuid
      and path = any (${change.paths}) and dropped_at is null`
}

/** Copies to the subject's row what the matrix shows, where this form is behind any of it. */
function queueSubject(batch: Batch, loaded: LoadedCasebook, change: RecordChange, now: string) {
  const { study, subject } = loaded
  const { key } = change.record
  const { visitDate, visitOccurred } = study.compiled.index
  const isVisitForm =
    visitOccurred?.form === key.form ||
    (visitDate ? visitDate.form === key.form : isDatedVisit(study, key))
  const isBehindFacts = study.subjectForms.has(key.form)
  if (!isVisitForm && !isBehindFacts) return
  const casebook = casebookOf(subject, recordsAfter(loaded, change), loaded.references, now)
  const facts = isBehindFacts ? subjectFacts(study, casebook, subject) : null
  const known = { ...subject, ...facts }
  writeFacts(batch, study.studyId, subject, facts, visitFacts(study, casebook, known, key))
}

function recordsAfter(
  loaded: LoadedCasebook,
  { record, evaluation, others }: RecordChange,
): FormRecordData[] {
  const records = loaded.records
    .filter(({ key }) => !sameKey(key, record.key))
    .map((other) => {
      const found = others.find(({ key }) => sameKey(key, other.key))
      return found ? { ...other, derived: found.evaluation.derived } : other
    })
  return [...records, { ...record, derived: evaluation.derived }]
}
