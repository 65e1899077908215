/** What lists show of a subject, worked out from the casebook by the definition's expressions and copied to the subject's row. */
import { subjectExpression } from '#domain/casebook/evaluate.ts'
import type { Casebook, RecordKey, StoredValue } from '#domain/casebook/record.ts'
import type { SubjectState } from '#domain/casebook/views.ts'
import type { Value } from '#domain/expression/types.ts'
import { isFullDate } from '#domain/values/partial-date.ts'
import { storedText } from '#domain/values/format.ts'
import type { PublishedStudy } from '../study/published.ts'
import type { Batch } from './batch.ts'
import { json } from './batch.ts'
import type { SubjectRow } from './load.ts'

export type SubjectFacts = Pick<SubjectRow, 'state' | 'anchor' | 'columns'>

/** Needs the records of `study.subjectForms` in the casebook. */
export function subjectFacts(
  study: PublishedStudy,
  casebook: Casebook,
  subject: Pick<SubjectRow, 'state'>,
): SubjectFacts {
  const value = (text: string): Value => subjectExpression(study.compiled, casebook, text)
  const anchor = value(study.definition.anchor)
  const columns = Object.fromEntries(
    study.definition.subjectColumns.map((column) => [column.oid, asText(value(column.value))]),
  )
  return {
    anchor: typeof anchor === 'string' && isFullDate(anchor.slice(0, 10)) ? anchor.slice(0, 10) : null,
    columns,
    state: stateOf(study, value, subject.state, anchor !== null),
  }
}

/** The first true rule decides. A withdrawal recorded as an act stays, until a death ends it. */
function stateOf(
  study: PublishedStudy,
  value: (text: string) => Value,
  before: SubjectState,
  isAnchored: boolean,
): SubjectState {
  const rules = study.definition.subjectStates ?? []
  const ruled = rules.find(({ rule }) => value(rule) === true)?.state
  const found = ruled ?? (isAnchored ? 'randomised' : 'screening')
  return before === 'withdrawn' && found !== 'dead' ? before : found
}

function asText(value: Value): string | null {
  const text = storedText({ type: 'text' }, value)
  return text === null ? null : typeof text === 'string' ? text : text.join(', ')
}

/** `W4`, or `UNS#2` for a further unscheduled visit. */
export const visitKey = (key: Pick<RecordKey, 'event' | 'eventRepeat'>): string =>
  key.eventRepeat === 1 ? key.event : `${key.event}#${key.eventRepeat}`

/** The visit facts after a change of the form that carries the visit date; null when it is another form. */
export function visitFacts(
  study: PublishedStudy,
  subject: Pick<SubjectRow, 'visits'>,
  key: RecordKey,
  read: (item: string) => StoredValue | undefined,
): SubjectRow['visits'] | null {
  const { visitDate, visitOccurred } = study.compiled.index
  if (visitDate?.form !== key.form && visitOccurred?.form !== key.form) return null
  const text = (item: string | undefined) => {
    const value = item === undefined ? undefined : read(item)
    return typeof value === 'string' ? value : null
  }
  const date = text(visitDate?.form === key.form ? visitDate.item : undefined)
  const occurred = text(visitOccurred?.form === key.form ? visitOccurred.item : undefined)
  const before = subject.visits[visitKey(key)]
  return {
    ...subject.visits,
    [visitKey(key)]: {
      date: visitDate?.form === key.form ? date : (before?.date ?? null),
      occurred: occurred === null ? null : occurred !== 'N',
    },
  }
}

/** Queues the subject's row where something of it changed. */
export function writeFacts(
  batch: Batch,
  studyId: string,
  subject: SubjectRow,
  facts: SubjectFacts | null,
  visits: SubjectRow['visits'] | null,
): void {
  const next = { ...subject, ...facts, ...(visits ? { visits } : {}) }
  const same =
    next.state === subject.state &&
    next.anchor === subject.anchor &&
    isSame(next.columns, subject.columns) &&
    isSame(next.visits, subject.visits)
  if (same) return
  batch.add`update casebook.subject set state = ${next.state}, anchor_date = ${next.anchor}::date,
      columns = ${json(next.columns)}, visits = ${json(next.visits)}
    where study_id = ${studyId}::uuid and subject_id = ${subject.subjectId}::uuid`
}

/** Objects of jsonb come back with their keys in another order. */
function isSame(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>) {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...keys].every((key) => stable(a[key]) === stable(b[key]))
}

function stable(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null)
  return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
