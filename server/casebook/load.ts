/** Reads a casebook as rules see it. A save reads and locks it in one message; reads take what they need. */
import type { Transaction } from '#db/client.ts'
import type {
  Casebook,
  FormRecordData,
  FormState,
  ReferenceRange,
} from '#domain/casebook/record.ts'
import type { SubjectState } from '#domain/casebook/views.ts'
import { dayOf } from '../today.ts'
import { knownValues } from './known-values.ts'

/** What lists know of a visit without its casebook. */
export type VisitFacts = {
  date?: string | null
  occurred?: boolean | null
  /** Of an event with a condition: whether it is known to be true of the subject. */
  applies?: boolean
  /** Day 1 of an event that counts from an anchor of its own. */
  anchor?: string | null
}

export type SubjectRow = {
  subjectId: string
  subjectKey: string
  siteId: string
  siteCode: string
  siteName: string
  siteOpen: boolean
  state: SubjectState
  /** Day of a withdrawal of consent as recorded in the step, ISO; null: none was recorded so. */
  recordedWithdrawal: string | null
  /** Day of the withdrawal that counts, from the step or from forms, the earlier; data up to it are taken. Null: none. */
  withdrawnOn: string | null
  anchor: string | null
  columns: Record<string, string | null>
  visits: Record<string, VisitFacts>
  versionNumber: number
}

/** A stored record: never without its id. */
export type StoredRecord = FormRecordData & { recordId: string; openCount: number }

export const subjectColumnsSql = `b.subject_id as "subjectId", b.subject_key as "subjectKey",
  b.site_id as "siteId", s.code as "siteCode", s.name as "siteName", s.open as "siteOpen", b.state,
  b.anchor_date as anchor, b.columns, b.visits, b.version_number as "versionNumber",
  b.recorded_withdrawal as "recordedWithdrawal", b.withdrawn_on as "withdrawnOn"`
export const recordColumnsSql = `r.record_id as "recordId", r.event_oid as event,
  r.event_repeat as "eventRepeat", r.form_oid as form, r.form_repeat as "formRepeat",
  r.version_number as "versionNumber", r.revision, r.state, r.data::text as data, r.derived::text as derived,
  r.open_count as "openCount"`
export const rangeColumnsSql = `g.site_id as "siteId", g.test, g.unit, g.sex, g.age_from as "ageFrom",
  g.age_to as "ageTo", g.valid_from as "validFrom", g.valid_to as "validTo", g.low, g.high`

export type RawRecord = {
  recordId: string
  event: string
  eventRepeat: number
  form: string
  formRepeat: number
  versionNumber: number
  revision: number
  state: FormState
  /** jsonb as text. */
  data: string
  derived: string
  openCount: number
}

export function storedRecord(raw: RawRecord): StoredRecord {
  const { recordId, versionNumber, revision, state, openCount } = raw
  const { event, eventRepeat, form, formRepeat } = raw
  return {
    recordId,
    key: { event, eventRepeat, form, formRepeat },
    versionNumber,
    revision,
    state,
    openCount,
    ...knownValues(recordId, raw.data, raw.derived),
  }
}

export function casebookOf(
  subject: SubjectRow,
  records: readonly FormRecordData[],
  references: readonly ReferenceRange[],
  now: string,
): Casebook {
  const { subjectId, subjectKey, siteCode, siteId } = subject
  return {
    subject: { subjectId, subjectKey, siteCode, siteId },
    records,
    references,
    today: dayOf(now),
  }
}

/** A subject the transaction may see; null for all others. */
export async function subjectRow(
  tx: Transaction,
  studyId: string,
  subjectId: string,
  options: { lock?: boolean } = {},
): Promise<SubjectRow | null> {
  const [row] = await tx.query<SubjectRow>(
    `select ${subjectColumnsSql} from casebook.subject b
     join casebook.site s on s.study_id = b.study_id and s.site_id = b.site_id
     where b.study_id = $1 and b.subject_id = $2 ${options.lock ? 'for update of b' : ''}`,
    [studyId, subjectId],
  )
  return row ?? null
}

/** Records of a subject that are not removed; of the named forms, or (null) of all. */
export async function recordsOf(
  tx: Transaction,
  studyId: string,
  subjectId: string,
  forms: readonly string[] | null = null,
): Promise<StoredRecord[]> {
  const rows = await tx.query<RawRecord>(
    `select ${recordColumnsSql} from casebook.form_record r
     where r.study_id = $1 and r.subject_id = $2 and r.state <> 'removed'
       and ($3::text[] is null or r.form_oid = any ($3))
     order by r.event_oid, r.event_repeat, r.form_oid, r.form_repeat`,
    [studyId, subjectId, forms],
  )
  return rows.map(storedRecord)
}

/** Reference ranges of the study and of one site (null: of every site in reach). */
export function referencesFor(
  tx: Transaction,
  studyId: string,
  siteId: string | null,
): Promise<ReferenceRange[]> {
  return tx.query<ReferenceRange>(
    `select ${rangeColumnsSql} from casebook.reference_range g
     where g.study_id = $1 and ($2::uuid is null or g.site_id is null or g.site_id = $2)`,
    [studyId, siteId],
  )
}
