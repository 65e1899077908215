/** What lists show of a subject, worked out from the casebook by the definition's expressions and copied to the subject's row. */
import { json } from '#db/statement.ts'
import { subjectReader } from '#domain/casebook/evaluate.ts'
import type { Casebook, RecordKey } from '#domain/casebook/record.ts'
import { isFullDate } from '#domain/values/partial-date.ts'
import type { PublishedStudy } from '../study/published.ts'
import type { Batch } from './batch.ts'
import type { SubjectRow } from './load.ts'

export type SubjectFacts = Pick<SubjectRow, 'state' | 'anchor' | 'columns'>

/** Needs the records of `study.subjectForms` in the casebook. */
export function subjectFacts(
  study: PublishedStudy,
  casebook: Casebook,
  subject: Pick<SubjectRow, 'state'>,
): SubjectFacts {
  const reader = subjectReader(study.compiled, casebook)
  const anchor = reader.anchor()
  const state = reader.state()
  return {
    anchor: anchor !== null && isFullDate(anchor) ? anchor : null,
    columns: reader.columns(),
    // A withdrawal recorded as an act stays, until a death ends it.
    state: subject.state === 'withdrawn' && state !== 'dead' ? subject.state : state,
  }
}

/** `W4`, or `UNS#2` for a further unscheduled visit. */
export const visitKey = (key: Pick<RecordKey, 'event' | 'eventRepeat'>): string =>
  key.eventRepeat === 1 ? key.event : `${key.event}#${key.eventRepeat}`

/** The visit facts after a change of the form that carries the visit date; null when it is another form. */
export function visitFacts(
  study: PublishedStudy,
  casebook: Casebook,
  subject: Pick<SubjectRow, 'visits'>,
  key: RecordKey,
): SubjectRow['visits'] | null {
  const { visitDate, visitOccurred } = study.compiled.index
  if (visitDate?.form !== key.form && visitOccurred?.form !== key.form) return null
  const reader = subjectReader(study.compiled, casebook)
  return {
    ...subject.visits,
    [visitKey(key)]: {
      date: reader.visitDate(key.event, key.eventRepeat),
      occurred: reader.visitOccurred(key.event, key.eventRepeat),
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
