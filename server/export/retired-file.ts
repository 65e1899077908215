/** Values that the version of their subject has no item for, in a file of their own: an amendment never takes data out of an export. */
import type { Transaction } from '#db/client.ts'
import { retiredPaths } from '#domain/casebook/migrate-subject.ts'
import { setAside } from '#domain/casebook/migrate-values.ts'
import { type FormValues, isMissingValue, type StoredValue } from '#domain/casebook/record.ts'
import type { Language } from '#domain/definition/definition.ts'
import { csvLine } from '#domain/exchange/csv.ts'
import { lastPlace } from '../amendment/former-places.ts'
import { inLanguage } from '../display.ts'
import { publishedStudy } from '../study/published.ts'

export const retiredFileName = 'retired-items.csv'

const columns = [
  'SUBJECT',
  'SITE',
  'EVENT',
  'EVENT_REPEAT',
  'FORM',
  'FORM_REPEAT',
  'ITEM',
  'LABEL',
  'VALUE',
  'MISSING',
  'FROM_VERSION',
  'STUDY_VERSION',
]

type Row = {
  subjectKey: string
  siteCode: string
  event: string
  eventRepeat: number
  form: string
  formRepeat: number
  versionNumber: number
  data: FormValues
}

/** Whether any data are on a later version than the first; before that nothing can be retired. */
export async function hasAmendedData(tx: Transaction, studyId: string): Promise<boolean> {
  const [row] = await tx.query<{ amended: boolean }>(
    `select exists (select from casebook.form_record where study_id = $1 and version_number > 1) as amended`,
    [studyId],
  )
  return row?.amended ?? false
}

const pageSize = 500

export async function* retiredLines(
  tx: Transaction,
  studyId: string,
  language: Language,
  bom: string,
): AsyncGenerator<string> {
  yield bom + csvLine(columns)
  await tx.query(
    `declare retired_records no scroll cursor for
     select b.subject_key as "subjectKey", s.code as "siteCode", r.event_oid as event, r.event_repeat as "eventRepeat",
       r.form_oid as form, r.form_repeat as "formRepeat", r.version_number as "versionNumber", r.data
     from casebook.form_record r
     join casebook.subject b on b.study_id = r.study_id and b.subject_id = r.subject_id
     join casebook.site s on s.study_id = r.study_id and s.site_id = r.site_id
     where r.study_id = $1 and r.version_number > 1 and r.state <> 'removed'
     order by b.subject_key, r.event_oid, r.event_repeat, r.form_oid, r.form_repeat`,
    [studyId],
  )
  for (;;) {
    const page = await tx.query<Row>(`fetch ${pageSize} from retired_records`)
    let text = ''
    for (const row of page) text += await linesOf(tx, studyId, row, language)
    if (text !== '') yield text
    if (page.length < pageSize) break
  }
  await tx.query('close retired_records')
}

async function linesOf(
  tx: Transaction,
  studyId: string,
  row: Row,
  language: Language,
): Promise<string> {
  const study = await publishedStudy(tx, studyId, row.versionNumber)
  const { event, eventRepeat, form, formRepeat } = row
  const key = { event, eventRepeat, form, formRepeat }
  let text = ''
  for (const path of retiredPaths(study.compiled, key, row.data)) {
    const place = await lastPlace(tx, study, key, path)
    const value = row.data[path] as StoredValue
    text += csvLine([
      row.subjectKey,
      row.siteCode,
      event,
      String(eventRepeat),
      form,
      String(formRepeat),
      setAside(path)?.path ?? path,
      place ? inLanguage(place.label, language) : '',
      isMissingValue(value) ? '' : typeof value === 'string' ? value : value.join(';'),
      isMissingValue(value) ? value.missing : '',
      String(place?.study.number ?? row.versionNumber),
      String(row.versionNumber),
    ])
  }
  return text
}
