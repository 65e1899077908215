import type { Transaction } from '#db/client.ts'
import type { StoredRecord } from '../casebook/load.ts'
import { type LoadedCasebook, loadForSave } from '../casebook/load-for-save.ts'
import type { StudyRow } from '../command.ts'

export type LoadedRecord = LoadedCasebook & { record: StoredRecord }

type Place = {
  subjectId: string
  event: string
  eventRepeat: number
  form: string
  formRepeat: number
}

const mostPlaces = 50_000
/** A record keeps its place but for amendments. Whoever asks must still be able to reach the subject, which is read every time. */
const places = new Map<string, Place>()

/** The casebook around a record by its id, the subject locked; null when it is out of reach. */
export async function loadRecord(
  tx: Transaction,
  input: { studyId: string; recordId: string },
  study: StudyRow,
): Promise<LoadedRecord | null> {
  const name = `${input.studyId}/${input.recordId}`
  const known = places.get(name)
  if (known) {
    const loaded = await loadForSave(tx, study, known.subjectId, known)
    if (loaded?.record?.recordId === input.recordId) return { ...loaded, record: loaded.record }
  }
  // Not seen before, or moved by an amendment that renamed its form or visit.
  const place = await placeOf(tx, input)
  if (!place) return null
  if (places.size >= mostPlaces) places.clear()
  places.set(name, place)
  const loaded = await loadForSave(tx, study, place.subjectId, place)
  return loaded?.record ? { ...loaded, record: loaded.record } : null
}

async function placeOf(
  tx: Transaction,
  input: { studyId: string; recordId: string },
): Promise<Place | undefined> {
  const [found] = await tx.query<Place>(
    `select subject_id as "subjectId", event_oid as event, event_repeat as "eventRepeat",
       form_oid as form, form_repeat as "formRepeat"
     from casebook.form_record where study_id = $1 and record_id = $2`,
    [input.studyId, input.recordId],
  )
  return found
}
