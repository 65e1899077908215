import type { Transaction } from '#db/client.ts'
import type { StoredRecord } from '../casebook/load.ts'
import { type LoadedCasebook, loadForSave } from '../casebook/load-for-save.ts'
import type { StudyRow } from '../command.ts'

export type LoadedRecord = LoadedCasebook & { record: StoredRecord }

/** The casebook around a record by its id, the subject locked; null when it is out of reach. */
export async function loadRecord(
  tx: Transaction,
  input: { studyId: string; recordId: string },
  study: StudyRow,
): Promise<LoadedRecord | null> {
  const [found] = await tx.query<{
    subjectId: string
    event: string
    eventRepeat: number
    form: string
    formRepeat: number
  }>(
    `select subject_id as "subjectId", event_oid as event, event_repeat as "eventRepeat",
       form_oid as form, form_repeat as "formRepeat"
     from casebook.form_record where study_id = $1 and record_id = $2`,
    [input.studyId, input.recordId],
  )
  if (!found) return null
  const loaded = await loadForSave(tx, study, found.subjectId, found)
  return loaded?.record ? { ...loaded, record: loaded.record } : null
}
