import type { Transaction } from '#db/client.ts'
import type { ExportRecord } from './form-file.ts'

const pageSize = 500

/** Records of a form that are not removed, by subject and visit, a page at a time from a cursor of the transaction. */
export async function* recordsForExport(
  tx: Transaction,
  studyId: string,
  form: string,
): AsyncGenerator<ExportRecord[]> {
  await tx.query(
    `declare export_records no scroll cursor for
     select b.subject_key as "subjectKey", s.code as "siteCode", r.event_oid as event,
       r.event_repeat as "eventRepeat", r.form_repeat as "formRepeat", r.state,
       r.version_number as "versionNumber", r.data, r.derived
     from casebook.form_record r
     join casebook.subject b on b.study_id = r.study_id and b.subject_id = r.subject_id
     join casebook.site s on s.study_id = r.study_id and s.site_id = r.site_id
     where r.study_id = $1 and r.form_oid = $2 and r.state <> 'removed'
     order by b.subject_key, r.event_oid, r.event_repeat, r.form_repeat`,
    [studyId, form],
  )
  for (;;) {
    const page = await tx.query<ExportRecord>(`fetch ${pageSize} from export_records`)
    if (page.length > 0) yield page
    if (page.length < pageSize) break
  }
  await tx.query('close export_records')
}
