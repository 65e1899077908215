/** A record as work on whole studies reads it. */
import type { FormValues } from '#domain/casebook/record.ts'
import type { RawRecord, StoredRecord } from './load.ts'

/** Without values of derived items: rules work them out anew and never read stored ones. */
export type LoadedRecord = StoredRecord & { subjectId: string }
export type LoadedRow = Omit<RawRecord, 'derived'> & { subjectId: string }

export const loadedColumnsSql = `r.subject_id as "subjectId", r.record_id as "recordId", r.event_oid as event,
  r.event_repeat as "eventRepeat", r.form_oid as form, r.form_repeat as "formRepeat",
  r.version_number as "versionNumber", r.revision, r.state, r.data::text as data, r.open_count as "openCount"`

/** Past the memory of `knownValues`, which is for the few records that saves touch again and again. */
export function loadedRecord({
  event,
  eventRepeat,
  form,
  formRepeat,
  ...row
}: LoadedRow): LoadedRecord {
  const data = JSON.parse(row.data) as FormValues
  return { ...row, key: { event, eventRepeat, form, formRepeat }, data, derived: {} }
}
