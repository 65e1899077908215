/**
 * What follows from a change of values: derived values of other records, questions that rules open or close, signatures that
 * fall, the values the matrix shows. Everything is decided in memory and queued into the batch that the change itself
 * travels in, so it is written whole or not at all.
 */
import { json } from '#db/statement.ts'
import { uuidv7 } from '#db/uuid.ts'
import { isDone, nextFormState } from '#domain/casebook/form-state.ts'
import { isOpenQuery, nextQueryState } from '#domain/casebook/query-state.ts'
import {
  type Finding,
  type FormEvaluation,
  type FormValues,
  type RecordKey,
  recordKeyText,
  type StoredValue,
  sameValue,
} from '#domain/casebook/record.ts'
import type { QueryState, SaveResult } from '#domain/casebook/views.ts'
import type { Language } from '#domain/definition/definition.ts'
import { Problem } from '#domain/problem.ts'
import { inLanguage } from '../display.ts'
import type { Batch } from './batch.ts'
import type { StoredRecord } from './load.ts'

/** A question that a rule asked, in whatever state. `updatedBy` null: its last step was the system's. */
export type KnownQuery = {
  queryId: string
  recordId: string
  path: string
  check: string
  state: QueryState
  text: string
  valueThen: StoredValue | null
  updatedBy: string | null
}

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

/**
 * Opens, repeats and closes the questions that rules ask about a record; true when one changed. A question that a person
 * closed stays closed while the value is the one he judged.
 */
export function settleQueries(
  settlement: Settlement,
  { record, evaluation }: Evaluated,
  which: 'this' | 'other',
): boolean {
  const known = latestByPlace(settlement.queries, record.recordId)
  const wanted = new Map<string, Finding>()
  for (const finding of evaluation.findings) {
    if (asks(finding, record, which)) wanted.set(placeOf(finding.path, finding.check), finding)
  }
  let changed = false
  for (const [place, finding] of wanted) {
    if (askAgain(settlement, record, evaluation, finding, known.get(place))) changed = true
  }
  for (const [place, query] of known) {
    if (wanted.has(place) || !isOpenQuery(query.state)) continue
    step(settlement, query, 'settle', 'closed', settledText)
    changed = true
  }
  return changed
}

const placeOf = (path: string, check: string) => `${check}\n${path}`

function latestByPlace(queries: readonly KnownQuery[], recordId: string) {
  const latest = new Map<string, KnownQuery>()
  for (const query of queries) {
    if (query.recordId !== recordId) continue
    const place = placeOf(query.path, query.check)
    const before = latest.get(place)
    if (!before || !isOpenQuery(before.state)) latest.set(place, query)
  }
  return latest
}

/**
 * A refusal at save or completion needs no question where it can still be refused; where the form is complete already, or
 * another form's change brought it about, it would be lost without one.
 */
function asks(finding: Finding, record: StoredRecord, which: 'this' | 'other'): boolean {
  if (finding.level === 'soft') return true
  if (finding.level !== 'hard') return false
  return isDone(record.state) || (which === 'other' && finding.at === 'save')
}

/** Opens a question, or the settled one again; true when something was written. */
function askAgain(
  settlement: Settlement,
  record: StoredRecord,
  evaluation: FormEvaluation,
  finding: Finding,
  known: KnownQuery | undefined,
): boolean {
  const text = inLanguage(finding.message, settlement.language)
  const value = record.data[finding.path] ?? evaluation.derived[finding.path] ?? null
  if (known && isOpenQuery(known.state)) {
    if (known.text === text) return false
    settlement.batch.add`update casebook.query set text = ${text}, updated_at = now()
      where study_id = ${settlement.studyId}::uuid and query_id = ${known.queryId}::uuid`
    return true
  }
  if (known && sameValue(known.valueThen, value)) {
    if (known.updatedBy !== null) return false
    step(settlement, known, 'recur', 'reopened', text)
    return true
  }
  open(settlement, record, finding, text, value)
  return true
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
