/**
 * An image as its reader meets it: by its key and the id of the record in which a site entered it. Neither subject, site nor visit
 * are part of it, and of the readings only his own.
 */
import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import { evaluateForm } from '#domain/casebook/evaluate.ts'
import { isDone } from '#domain/casebook/form-state.ts'
import {
  imageForms,
  ownFindings,
  type ReaderForm,
  readerForms,
  resolvedIn,
} from '#domain/casebook/image-readings.ts'
import {
  type Casebook,
  type FormEvaluation,
  type FormRecordData,
  formStates,
  type RecordKey,
} from '#domain/casebook/record.ts'
import { Problem } from '#domain/problem.ts'
import { id, oid } from '../input.ts'
import { type PublishedStudy, publishedStudy } from '../study/published.ts'
import { dayOf } from '../today.ts'

export const readingAddress = { studyId: id, image: id, form: oid }
export const readingAddressInput = z.strictObject(readingAddress)

export type ReaderImage = {
  study: PublishedStudy
  siteId: string
  subjectId: string
  /** The key of the image, as entered. */
  imageKey: string
  readerForm: ReaderForm
  /** Where readings of the image are kept. */
  place: Pick<RecordKey, 'event' | 'eventRepeat' | 'form'>
}

/** Throws `not-found` for what is no image, or no form that readers fill. */
export async function readerImage(
  tx: Transaction,
  input: { studyId: string; image: string; form: string },
): Promise<ReaderImage> {
  const [row] = await tx.query<{
    subjectId: string
    siteId: string
    version: number
    event: string
    form: string
    data: Record<string, unknown>
  }>(
    `select r.subject_id as "subjectId", r.site_id as "siteId", b.version_number as version, r.event_oid as event,
       r.form_oid as form, r.data
     from casebook.form_record r
     join casebook.subject b on b.study_id = r.study_id and b.subject_id = r.subject_id
     where r.study_id = $1 and r.record_id = $2 and r.state <> 'removed'`,
    [input.studyId, input.image],
  )
  if (!row) throw new Problem('not-found')
  const study = await publishedStudy(tx, input.studyId, row.version)
  const readerForm = readerForms(study.definition).find(({ form }) => form.oid === input.form)
  const entered = imageForms(study.definition).find(
    ({ form, item }) => form === row.form && item === readerForm?.imageItem,
  )
  const imageKey = entered ? row.data[entered.item] : undefined
  if (!readerForm || typeof imageKey !== 'string') throw new Problem('not-found')
  const event = eventOf(study, input.form, row.event)
  const place = { event, eventRepeat: 1, form: input.form }
  return { study, siteId: row.siteId, subjectId: row.subjectId, imageKey, readerForm, place }
}

/** The image's own visit where the reading is scheduled there, else the first place that has it. */
function eventOf(study: PublishedStudy, form: string, own: string): string {
  const holds = (event: string) =>
    study.events.get(event)?.forms.some((entry) => entry.form === form) === true
  const found = holds(own) ? own : [...study.events.keys()].find(holds)
  if (found === undefined) throw new Problem('not-found')
  return found
}

/** A place for the screen, the same for every image: the visit of one would tell when it was made. */
export function shownPlace({ study, place: { form } }: ReaderImage): RecordKey {
  return { event: eventOf(study, form, ''), eventRepeat: 1, form, formRepeat: 1 }
}

export type ReadingRow = {
  recordId: string
  formRepeat: number
  state: string
  mine: boolean
  data: Record<string, unknown>
}

/** What is entered of an image in a form, the oldest first; of removed entries nothing. */
export async function readingsOf(
  tx: Transaction,
  image: ReaderImage,
  reader: string,
): Promise<ReadingRow[]> {
  return tx.query<ReadingRow>(
    `select record_id as "recordId", form_repeat as "formRepeat", state, created_by = $6 as mine, data
     from casebook.form_record
     where study_id = $1 and subject_id = $2 and event_oid = $3 and form_oid = $4 and data ->> $5 = $7 and state <> 'removed'
     order by form_repeat`,
    [
      image.study.studyId,
      image.subjectId,
      image.place.event,
      image.place.form,
      image.readerForm.imageItem,
      reader,
      image.imageKey,
    ],
  )
}

/** Whether so many readings of the image are complete that their differences can be resolved. */
export async function enoughReadings(
  tx: Transaction,
  image: ReaderImage,
  readers: number,
): Promise<boolean> {
  const { study, subjectId, imageKey, readerForm } = image
  const [row] = await tx.query<{ done: number }>(
    `select count(*)::int as done from casebook.form_record
     where study_id = $1 and subject_id = $2 and form_oid = any ($3) and data ->> $4 = $5
       and state = any ($6)`,
    [
      study.studyId,
      subjectId,
      [...resolvedIn(study.definition, readerForm.form.oid)],
      readerForm.imageItem,
      imageKey,
      formStates.filter(isDone),
    ],
  )
  return (row?.done ?? 0) >= readers
}

/** What the rules say when nothing but the reader's own values is known. */
export function ownEvaluation(
  image: ReaderImage,
  {
    data,
    recordId,
    state,
    revision,
  }: Pick<FormRecordData, 'data' | 'recordId' | 'state' | 'revision'>,
  now: string,
): FormEvaluation {
  const { study } = image
  const key = shownPlace(image)
  const versionNumber = study.number
  const record = { recordId, key, versionNumber, revision, state, data, derived: {} }
  const evaluation = evaluateForm(study.compiled, readersCasebook([record], now), key)
  return ownFindings(study.compiled, key.form, evaluation)
}

/** A casebook of nobody: only what a reader entered himself. */
export const readersCasebook = (records: readonly FormRecordData[], now: string): Casebook => ({
  subject: { subjectId: '', subjectKey: '', siteCode: '', siteId: '' },
  records,
  references: [],
  today: dayOf(now),
})
