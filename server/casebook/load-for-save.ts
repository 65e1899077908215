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
import { type RawRecord, type StoredRecord, type SubjectRow, storedRecord } from './load.ts'
import type { KnownQuery } from './query-changes.ts'

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
  const forms = options.allForms ? null : study.formsToLoad(form)
  const batch = new Batch()
  batch.add`select * from casebook.subject_for_save(${studyId}::uuid, ${subjectId}::uuid)`
  batch.add`select * from casebook.records_for_save(${studyId}::uuid, ${subjectId}::uuid, ${forms}::text[])`
  batch.add`select * from casebook.rule_queries(${studyId}::uuid, ${subjectId}::uuid)`
  batch.add`select * from casebook.signed_records(${studyId}::uuid, ${subjectId}::uuid)`
  batch.add`select * from casebook.reference_ranges(${studyId}::uuid)`
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
