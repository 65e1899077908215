/** A record as work on whole studies reads it. */
import type { FormValues } from '#domain/casebook/record.ts'
import type { RawRecord, StoredRecord } from './load.ts'

/** Without values of derived items: rules work them out anew and never read stored ones. */
export type LoadedRecord = StoredRecord & { subjectId: string }
export type LoadedRow = Omit<RawRecord, 'derived'> & { subjectId: string }

export const loadedColumnsSql = `r.subject_id as "subjectId", r.record_id as "recordId", r.event_oid as event,
  r.event_repeat as "eventRepeat", r.form_oid as form, r.form_repeat as "formRepeat",
  r.version_number as "versionNumber", r.revision, r.state, r.data::text as data, r.open_count as "openCount"`

/**
 * Past the memory of `knownValues`, which is for the few records that saves touch again and again. Values are parsed when they are
 * first read: most questions to a whole study read a few forms of many.
 */
export function loadedRecord(row: LoadedRow): LoadedRecord {
  const { subjectId, recordId, event, eventRepeat, form, formRepeat } = row
  const { versionNumber, revision, state, openCount } = row
  let text: string | null = row.data
  let values: FormValues = {}
  return {
    subjectId,
    recordId,
    key: { event, eventRepeat, form, formRepeat },
    versionNumber,
    revision,
    state,
    openCount,
    // Of the object itself, so that copies of it have the values, too.
    get data() {
      if (text !== null) {
        values = JSON.parse(text) as FormValues
        text = null
      }
      return values
    },
    derived: {},
  }
}
