/** Which questions a rule's verdict opens, repeats, rewords or closes about a record; decided here and written elsewhere. */
import { isDone } from '#domain/casebook/form-state.ts'
import { isOpenQuery } from '#domain/casebook/query-state.ts'
import {
  type Finding,
  type FormEvaluation,
  type FormRecordData,
  type StoredValue,
  sameValue,
} from '#domain/casebook/record.ts'
import type { QueryState } from '#domain/casebook/views.ts'
import { inLanguage } from '../display.ts'

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

export type QueryChange =
  | { kind: 'open'; finding: Finding; text: string; value: StoredValue | null }
  | { kind: 'reopen' | 'reword'; query: KnownQuery; finding: Finding; text: string }
  | { kind: 'close'; query: KnownQuery }

/**
 * What a verdict does to the questions about a record. A question that a person closed stays closed while the value is the
 * one he judged. `which`: whether this record was changed itself, or is only touched by another one's change.
 */
export function queryChanges(
  queries: readonly KnownQuery[],
  record: Pick<FormRecordData, 'state' | 'data'> & { recordId: string },
  evaluation: FormEvaluation,
  which: 'this' | 'other',
  language: string,
): QueryChange[] {
  const known = latestByPlace(queries, record.recordId)
  const wanted = new Map<string, Finding>()
  for (const finding of evaluation.findings) {
    if (asks(finding, record, which)) wanted.set(placeOf(finding.path, finding.check), finding)
  }
  const changes: QueryChange[] = []
  for (const [place, finding] of wanted) {
    const text = inLanguage(finding.message, language)
    const value = record.data[finding.path] ?? evaluation.derived[finding.path] ?? null
    const query = known.get(place)
    if (query && isOpenQuery(query.state)) {
      if (query.text !== text) changes.push({ kind: 'reword', query, finding, text })
    } else if (query && sameValue(query.valueThen, value)) {
      if (query.updatedBy === null) changes.push({ kind: 'reopen', query, finding, text })
    } else {
      changes.push({ kind: 'open', finding, text, value })
    }
  }
  for (const [place, query] of known) {
    if (!wanted.has(place) && isOpenQuery(query.state)) changes.push({ kind: 'close', query })
  }
  return changes
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
function asks(
  finding: Finding,
  record: Pick<FormRecordData, 'state'>,
  which: 'this' | 'other',
): boolean {
  if (finding.level === 'soft') return true
  if (finding.level !== 'hard') return false
  return isDone(record.state) || (which === 'other' && finding.at === 'save')
}
