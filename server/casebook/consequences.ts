/**
 * What follows from a change of values: derived values of other records, questions that rules open or close, signatures that
 * fall, the values the matrix shows. Everything is decided in memory and queued into the batch that the change itself
 * travels in, so it is written whole or not at all.
 */
import { json } from '#db/statement.ts'
import { uuidv7 } from '#db/uuid.ts'
import { nextFormState } from '#domain/casebook/form-state.ts'
import { nextQueryState } from '#domain/casebook/query-state.ts'
import {
  type Finding,
  type FormEvaluation,
  type FormValues,
  type RecordKey,
  recordKeyText,
  type StoredValue,
  sameValue,
} from '#domain/casebook/record.ts'
import type { SaveResult } from '#domain/casebook/views.ts'
import type { Language } from '#domain/definition/definition.ts'
import { Problem } from '#domain/problem.ts'
import type { Batch } from './batch.ts'
import type { StoredRecord } from './load.ts'
import { type KnownQuery, type QueryChange, queryChanges } from './query-changes.ts'

export type Settlement = {
  studyId: string
  subjectId: string
  siteId: string
  language: Language
  queries: readonly KnownQuery[]
  signed: ReadonlySet<string>
  batch: Batch
}

export type AlsoChanged = SaveResult['alsoChanged'][number]

/** The record as it is after the change, with what rules say about it. */
export type Evaluated = {
  record: StoredRecord
  evaluation: FormEvaluation
}

/** Follows up on records other than the changed one. */
export function settleOthers(settlement: Settlement, others: readonly Evaluated[]): AlsoChanged[] {
  const changed: AlsoChanged[] = []
  for (const { record, evaluation } of others) {
    const note = (what: AlsoChanged['what']) =>
      changed.push({ recordId: record.recordId, key: record.key, what })
    const derivedChanged = !sameValues(record.derived, evaluation.derived)
    let { state } = record
    if (derivedChanged && settlement.signed.has(record.recordId)) {
      state = afterFall(record)
      fallSignatures(settlement, record.recordId, 'A derived value changed with another form.')
      note('signature')
    }
    if (derivedChanged || record.openCount !== evaluation.open.length || state !== record.state) {
      settlement.batch.add`update casebook.form_record set derived = ${json(evaluation.derived)},
        open_count = ${evaluation.open.length}, state = ${state}
        where study_id = ${settlement.studyId}::uuid and record_id = ${record.recordId}::uuid`
      if (derivedChanged) note('derived')
    }
    if (settleQueries(settlement, { record, evaluation }, 'other')) note('query')
  }
  return changed
}

function afterFall(record: StoredRecord) {
  const next = nextFormState(record.state, 'fallSignature')
  return next instanceof Problem ? record.state : next
}

export function fallSignatures(settlement: Settlement, recordId: string, why: string): void {
  settlement.batch.add`update casebook.signature set revoked_at = now(), revoked_why = ${why}
    where study_id = ${settlement.studyId}::uuid and record_id = ${recordId}::uuid and revoked_at is null`
}

/** Opens, repeats and closes the questions that rules ask about a record; true when one changed. */
export function settleQueries(
  settlement: Settlement,
  { record, evaluation }: Evaluated,
  which: 'this' | 'other',
): boolean {
  const { queries, language } = settlement
  const changes = queryChanges(queries, record, evaluation, which, language)
  writeQueryChanges(settlement, record, changes)
  return changes.length > 0
}

/** Queues what was decided about the questions of a record. */
export function writeQueryChanges(
  settlement: Settlement,
  record: StoredRecord,
  changes: readonly QueryChange[],
): void {
  for (const change of changes) {
    switch (change.kind) {
      case 'open':
        open(settlement, record, change.finding, change.text, change.value)
        break
      case 'reopen':
        step(settlement, change.query, 'recur', 'reopened', change.text)
        break
      case 'reword':
        settlement.batch.add`update casebook.query set text = ${change.text}, updated_at = now()
          where study_id = ${settlement.studyId}::uuid and query_id = ${change.query.queryId}::uuid`
        break
      case 'close':
        step(settlement, change.query, 'settle', 'closed', settledText)
    }
  }
}

function open(
  settlement: Settlement,
  record: StoredRecord,
  finding: Finding,
  text: string,
  value: StoredValue | null,
) {
  const { studyId, subjectId, siteId, batch } = settlement
  const queryId = uuidv7()
  batch.add`insert into casebook.query
      (study_id, query_id, subject_id, site_id, record_id, path, check_id, text, value_then, opened_by, updated_by)
    values (${studyId}::uuid, ${queryId}::uuid, ${subjectId}::uuid, ${siteId}::uuid, ${record.recordId}::uuid,
      ${finding.path}, ${finding.check}, ${text}, ${value === null ? null : json(value)}, null, null)`
  say(settlement, queryId, 'opened', text)
}

const settledText = 'The values no longer give rise to this question.'

function step(
  settlement: Settlement,
  query: KnownQuery,
  event: 'settle' | 'recur',
  said: 'closed' | 'reopened',
  text: string,
) {
  const state = nextQueryState(query.state, event)
  if (state instanceof Problem) return
  settlement.batch
    .add`update casebook.query set state = ${state}, updated_at = now(), updated_by = null
    where study_id = ${settlement.studyId}::uuid and query_id = ${query.queryId}::uuid`
  say(settlement, query.queryId, said, text)
}

function say(settlement: Settlement, queryId: string, said: string, text: string) {
  const { studyId, siteId, batch } = settlement
  batch.add`insert into casebook.query_message (study_id, message_id, query_id, site_id, step, text, by, role)
    values (${studyId}::uuid, ${uuidv7()}::uuid, ${queryId}::uuid, ${siteId}::uuid, ${said}, ${text}, null, 'system')`
}

/** Questions about a record that is taken out of the casebook have nothing left to ask. */
export function cancelQueries(settlement: Settlement, recordId: string): void {
  settlement.batch
    .add`update casebook.query set state = 'cancelled', updated_at = now(), updated_by = null
    where study_id = ${settlement.studyId}::uuid and record_id = ${recordId}::uuid and state in ('open', 'answered')`
}

/** The same paths with the same values, whatever their order. */
export function sameValues(a: FormValues, b: FormValues): boolean {
  const paths = Object.keys(a)
  return (
    paths.length === Object.keys(b).length && paths.every((path) => sameValue(a[path], b[path]))
  )
}

export const sameKey = (a: RecordKey, b: RecordKey): boolean =>
  recordKeyText(a) === recordKeyText(b)
