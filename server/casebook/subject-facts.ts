/** What lists show of a subject, worked out from the casebook by the definition's expressions and copied to the subject's row. */
import { json } from '#db/statement.ts'
import { subjectReader } from '#domain/casebook/evaluate.ts'
import type { Casebook, RecordKey } from '#domain/casebook/record.ts'
import { earliestDate, isFullDate } from '#domain/values/partial-date.ts'
import type { PublishedStudy } from '../study/published.ts'
import type { Batch } from './batch.ts'
import type { SubjectRow } from './load.ts'

export type SubjectFacts = Pick<
  SubjectRow,
  'state' | 'anchor' | 'columns' | 'visits' | 'withdrawnOn'
>

/** Needs the records of `study.subjectForms` in the casebook. */
export function subjectFacts(
  study: PublishedStudy,
  casebook: Casebook,
  subject: Pick<SubjectRow, 'visits' | 'recordedWithdrawal' | 'withdrawnOn'>,
): SubjectFacts {
  const reader = subjectReader(study.compiled, casebook)
  const anchor = reader.anchor()
  const state = reader.state()
  return {
    anchor: anchor !== null && isFullDate(anchor) ? anchor : null,
    columns: reader.columns(),
    visits: withEventFacts(study, reader, subject.visits),
    // A withdrawal recorded as an act stays, until a death ends it.
    state: subject.recordedWithdrawal !== null && state !== 'dead' ? 'withdrawn' : state,
    withdrawnOn: dayOfWithdrawal(reader, casebook.today, subject),
  }
}

/** The earlier of what the step and the forms say; where forms tell a withdrawal without its day, the day that became known. */
function dayOfWithdrawal(
  reader: ReturnType<typeof subjectReader>,
  today: string,
  { recordedWithdrawal, withdrawnOn }: Pick<SubjectRow, 'recordedWithdrawal' | 'withdrawnOn'>,
): string | null {
  const told = reader.withdrawal()
  if (!told) return recordedWithdrawal
  return earliestDate([recordedWithdrawal, told.on]) ?? withdrawnOn ?? today
}

/** Adds, for events with a condition or an anchor of their own, what these come to. */
function withEventFacts(
  { definition }: PublishedStudy,
  reader: ReturnType<typeof subjectReader>,
  visits: SubjectRow['visits'],
): SubjectRow['visits'] {
  const all = { ...visits }
  for (const event of definition.events) {
    if (event.when === undefined && event.anchor === undefined) continue
    const { applies, anchor } = reader.event(event.oid)
    all[event.oid] = {
      ...all[event.oid],
      ...(event.when === undefined ? {} : { applies: applies === true }),
      ...(event.anchor === undefined ? {} : { anchor }),
    }
  }
  return all
}

/** `W4`, or `UNS#2` for a further unscheduled visit. */
export const visitKey = (key: Pick<RecordKey, 'event' | 'eventRepeat'>): string =>
  key.eventRepeat === 1 ? key.event : `${key.event}#${key.eventRepeat}`

/**
 * The visit facts after a change of the form that carries the visit date; null when it is another form. In a study without
 * visit dates the first date of a visit's forms stands for it, so every dated form counts.
 */
export function visitFacts(
  study: PublishedStudy,
  casebook: Casebook,
  subject: Pick<SubjectRow, 'visits'>,
  key: RecordKey,
): SubjectRow['visits'] | null {
  const { visitDate, visitOccurred } = study.compiled.index
  const dates = visitDate ? visitDate.form === key.form : isDatedVisit(study, key)
  if (!dates && visitOccurred?.form !== key.form) return null
  const reader = subjectReader(study.compiled, casebook)
  return {
    ...subject.visits,
    [visitKey(key)]: {
      ...subject.visits[visitKey(key)],
      date: reader.visitDate(key.event, key.eventRepeat),
      occurred: reader.visitOccurred(key.event, key.eventRepeat),
    },
  }
}

/** Whether a form of this record gives its visit a date where the study has no visit date of its own. */
export function isDatedVisit(study: PublishedStudy, key: RecordKey): boolean {
  return (
    study.forms.get(key.form)?.date !== undefined && study.events.get(key.event)?.kind !== 'log'
  )
}

/** The facts of every visit worked out anew, for a casebook that has come under another version. */
export function visitsAnew(study: PublishedStudy, casebook: Casebook): SubjectRow['visits'] {
  const { visitDate, visitOccurred } = study.compiled.index
  const reader = subjectReader(study.compiled, casebook)
  const visits: SubjectRow['visits'] = {}
  for (const { key } of casebook.records) {
    const dates = visitDate ? visitDate.form === key.form : isDatedVisit(study, key)
    if (!dates && visitOccurred?.form !== key.form) continue
    visits[visitKey(key)] = {
      date: reader.visitDate(key.event, key.eventRepeat),
      occurred: reader.visitOccurred(key.event, key.eventRepeat),
    }
  }
  return withEventFacts(study, reader, visits)
}

/** Queues the subject's row where something of it changed. */
export function writeFacts(
  batch: Batch,
  studyId: string,
  subject: SubjectRow,
  facts: Partial<SubjectRow> | null,
  visits: SubjectRow['visits'] | null,
): void {
  const next = { ...subject, ...facts, ...(visits ? { visits } : {}) }
  const same =
    next.state === subject.state &&
    next.anchor === subject.anchor &&
    next.withdrawnOn === subject.withdrawnOn &&
    next.recordedWithdrawal === subject.recordedWithdrawal &&
    isSame(next.columns, subject.columns) &&
    isSame(next.visits, subject.visits)
  if (same) return
  batch.add`update casebook.subject set state = ${next.state}, anchor_date = ${next.anchor}::date,
      recorded_withdrawal = ${next.recordedWithdrawal}::date, withdrawn_on = ${next.withdrawnOn}::date,
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
