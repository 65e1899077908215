/** Whole casebooks of several subjects in a handful of statements, for previews and migrations. */
import type { Transaction } from '#db/client.ts'
import type { FormValues, ReferenceRange } from '#domain/casebook/record.ts'
import {
  type RawRecord,
  recordColumnsSql,
  referencesFor,
  type StoredRecord,
  type SubjectRow,
  subjectColumnsSql,
} from '../casebook/load.ts'
import type { KnownQuery } from '../casebook/query-changes.ts'

export type SignatureRow = {
  signatureId: string
  recordId: string
  signer: string
  signedAt: string
  versionNumber: number | null
}

export type WholeSubject = {
  subject: SubjectRow
  /** All, removed ones too. */
  records: readonly StoredRecord[]
  queries: readonly KnownQuery[]
  /** Valid ones. */
  signatures: readonly SignatureRow[]
  references: readonly ReferenceRange[]
}

/** In the order of `subjectIds`; subjects out of reach are left out. */
export async function loadSubjects(
  tx: Transaction,
  studyId: string,
  subjectIds: readonly string[],
): Promise<WholeSubject[]> {
  const of = [studyId, subjectIds]
  const subjects = await tx.query<SubjectRow>(
    `select ${subjectColumnsSql} from casebook.subject b
     join casebook.site s on s.study_id = b.study_id and s.site_id = b.site_id
     where b.study_id = $1 and b.subject_id = any ($2::uuid[])`,
    of,
  )
  const records = await tx.query<RawRecord & { subjectId: string }>(
    `select ${recordColumnsSql}, r.subject_id as "subjectId" from casebook.form_record r
     where r.study_id = $1 and r.subject_id = any ($2::uuid[])
     order by r.event_oid, r.event_repeat, r.form_oid, r.form_repeat`,
    of,
  )
  const queries = await tx.query<KnownQuery & { subjectId: string }>(
    `select q.query_id as "queryId", q.record_id as "recordId", q.path, q.check_id as "check", q.state, q.text,
       q.value_then as "valueThen", q.updated_by as "updatedBy", q.subject_id as "subjectId"
     from casebook.query q
     where q.study_id = $1 and q.subject_id = any ($2::uuid[]) and q.check_id is not null
     order by q.opened_at, q.query_id`,
    of,
  )
  const signatures = await tx.query<SignatureRow & { subjectId: string }>(
    `select g.signature_id as "signatureId", g.record_id as "recordId", g.signer_name as signer,
       g.signed_at as "signedAt", g.version_number as "versionNumber", g.subject_id as "subjectId"
     from casebook.signature g
     where g.study_id = $1 and g.subject_id = any ($2::uuid[]) and g.revoked_at is null`,
    of,
  )
  const references = await referencesFor(tx, studyId, null)
  const byId = new Map(subjects.map((subject) => [subject.subjectId, subject]))
  const grouped = {
    records: bySubject(records),
    queries: bySubject(queries),
    signatures: bySubject(signatures),
  }
  return subjectIds.flatMap((id): WholeSubject[] => {
    const subject = byId.get(id)
    if (!subject) return []
    return [
      {
        subject,
        records: (grouped.records.get(id) ?? []).map(recordOf),
        queries: grouped.queries.get(id) ?? [],
        signatures: grouped.signatures.get(id) ?? [],
        references: references.filter(({ siteId }) => siteId === null || siteId === subject.siteId),
      },
    ]
  })
}

function bySubject<Row extends { subjectId: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const group = groups.get(row.subjectId)
    if (group) group.push(row)
    else groups.set(row.subjectId, [row])
  }
  return groups
}

/** Read here and not through the store of known values: a whole study would push out what saves are about to read. */
function recordOf(raw: RawRecord): StoredRecord {
  const { recordId, versionNumber, revision, state, openCount } = raw
  const { event, eventRepeat, form, formRepeat } = raw
  return {
    recordId,
    key: { event, eventRepeat, form, formRepeat },
    versionNumber,
    revision,
    state,
    openCount,
    data: JSON.parse(raw.data) as FormValues,
    derived: JSON.parse(raw.derived) as FormValues,
  }
}
