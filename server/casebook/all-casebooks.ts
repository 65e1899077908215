import type { Transaction } from '#db/client.ts'
import type { Casebook } from '#domain/casebook/record.ts'
import {
  casebookOf,
  type RawRecord,
  recordColumnsSql,
  referencesFor,
  type SubjectRow,
  storedRecord,
  subjectColumnsSql,
} from './load.ts'

/** Every casebook in reach, in the order of subject keys; from one snapshot when the transaction gives one. */
export async function casebooksOf(
  tx: Transaction,
  studyId: string,
  now: string,
): Promise<Casebook[]> {
  const subjects = await tx.query<SubjectRow>(
    `select ${subjectColumnsSql} from casebook.subject b
     join casebook.site s on s.study_id = b.study_id and s.site_id = b.site_id
     where b.study_id = $1 order by b.subject_key`,
    [studyId],
  )
  const raw = await tx.query<RawRecord & { subjectId: string }>(
    `select ${recordColumnsSql}, r.subject_id as "subjectId" from casebook.form_record r
     where r.study_id = $1 and r.state <> 'removed'`,
    [studyId],
  )
  const references = await referencesFor(tx, studyId, null)
  const records = new Map<string, ReturnType<typeof storedRecord>[]>()
  for (const { subjectId, ...row } of raw) {
    const list = records.get(subjectId) ?? []
    list.push(storedRecord(row))
    records.set(subjectId, list)
  }
  return subjects.map((subject) =>
    casebookOf(
      subject,
      records.get(subject.subjectId) ?? [],
      references.filter(({ siteId }) => siteId === null || siteId === subject.siteId),
      now,
    ),
  )
}
