/**
 * Everything a save needs, in one message: the subject (locked, so that saves of one subject take turns), the records that
 * rules read, open questions, signatures. The lock comes first and each statement takes its own snapshot, so what is read
 * after it cannot be older than the save before.
 */
import type { Transaction } from '#db/client.ts'
import type { ReferenceRange } from '#domain/casebook/record.ts'
import type { StudyRow } from '../command.ts'
import { type PublishedStudy, publishedStudy } from '../study/published.ts'
import { Batch } from './batch.ts'
import type { KnownQuery } from './consequences.ts'
import { type RawRecord, type StoredRecord, type SubjectRow, storedRecord } from './load.ts'

export type Place = { event: string; eventRepeat: number; form: string; formRepeat: number | null }

export type LoadedCasebook = {
  siteId: string
  study: PublishedStudy
  subject: SubjectRow
  /** Not removed, of the forms that rules of the changed form read or reach. */
  records: readonly StoredRecord[]
  /** The record at the place, removed or not; null when nothing was saved there yet. */
  record: StoredRecord | null
  /** Highest FormRepeatKey ever given at the place; keys are never used again. */
  lastRepeat: number
  queries: readonly KnownQuery[]
  signed: ReadonlySet<string>
  references: readonly ReferenceRange[]
}

/** Versions seen last for a subject: which forms to read depends on it, and it hardly ever changes. */
const mostSubjects = 20_000
const versionOf = new Map<string, number>()

export async function loadForSave(
  tx: Transaction,
  study: StudyRow,
  subjectId: string,
  place: Place,
  options: { allForms?: boolean } = {},
): Promise<LoadedCasebook | null> {
  const guess = versionOf.get(subjectId) ?? study.latestVersion
  const guessed = await publishedStudy(tx, study.studyId, guess)
  const loaded = await load(tx, guessed, subjectId, place, options)
  if (!loaded || loaded.subject.versionNumber === guess) return loaded
  if (versionOf.size >= mostSubjects) versionOf.clear()
  versionOf.set(subjectId, loaded.subject.versionNumber)
  const right = await publishedStudy(tx, study.studyId, loaded.subject.versionNumber)
  return load(tx, right, subjectId, place, options)
}

async function load(
  tx: Transaction,
  study: PublishedStudy,
  subjectId: string,
  place: Place,
  options: { allForms?: boolean },
): Promise<LoadedCasebook | null> {
  const { studyId } = study
  const { event, eventRepeat, form, formRepeat } = place
  const forms = study.formsToLoad(form)
  const batch = new Batch()
  batch.add`select b.subject_id as "subjectId", b.subject_key as "subjectKey", b.site_id as "siteId",
      s.code as "siteCode", s.name as "siteName", s.open as "siteOpen", b.state, b.anchor_date as anchor,
      b.columns, b.visits, b.version_number as "versionNumber"
    from casebook.subject b join casebook.site s on s.study_id = b.study_id and s.site_id = b.site_id
    where b.study_id = ${studyId}::uuid and b.subject_id = ${subjectId}::uuid for update of b`
  batch.add`select r.record_id as "recordId", r.event_oid as event, r.event_repeat as "eventRepeat",
      r.form_oid as form, r.form_repeat as "formRepeat", r.version_number as "versionNumber", r.revision,
      r.state, r.data::text as data, r.derived::text as derived, r.open_count as "openCount"
    from casebook.form_record r
    where r.study_id = ${studyId}::uuid and r.subject_id = ${subjectId}::uuid 
      and (${options.allForms ?? false} or r.form_oid = any (${forms}))`
  batch.add`select q.query_id as "queryId", q.record_id as "recordId", q.path, q.check_id as "check", q.state,
      q.text, q.value_then as "valueThen", q.updated_by as "updatedBy"
    from casebook.query q
    where q.study_id = ${studyId}::uuid and q.subject_id = ${subjectId}::uuid and q.check_id is not null
    order by q.opened_at, q.query_id`
  batch.add`select g.record_id as "recordId" from casebook.signature g
    where g.study_id = ${studyId}::uuid and g.subject_id = ${subjectId}::uuid and g.revoked_at is null`
  batch.add`select g.site_id as "siteId", g.test, g.unit, g.sex, g.age_from as "ageFrom", g.age_to as "ageTo",
      g.valid_from as "validFrom", g.valid_to as "validTo", g.low, g.high
    from casebook.reference_range g where g.study_id = ${studyId}::uuid`
  const [subjects, raw, queries, signatures, ranges] = (await batch.run(tx)) as unknown as [
    SubjectRow[],
    RawRecord[],
    KnownQuery[],
    { recordId: string }[],
    ReferenceRange[],
  ]
  const [subject] = subjects
  if (!subject) return null
  const all = raw.map(storedRecord)
  const here = all.filter(
    ({ key }) => key.event === event && key.eventRepeat === eventRepeat && key.form === form,
  )
  const repeats = here.map(({ key }) => key.formRepeat)
  const repeat = formRepeat ?? (study.forms.get(form)?.repeats ? null : 1)
  return {
    siteId: subject.siteId,
    study,
    subject,
    records: all.filter(({ state }) => state !== 'removed'),
    record: here.find(({ key }) => key.formRepeat === repeat) ?? null,
    lastRepeat: Math.max(0, ...repeats),
    queries,
    signed: new Set(signatures.map(({ recordId }) => recordId)),
    references: ranges.filter(({ siteId }) => siteId === null || siteId === subject.siteId),
  }
}
