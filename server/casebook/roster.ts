/** Who is in reach of a transaction, and the casebooks of some of them, now or at a moment; for work on whole studies. */
import type { Transaction } from '#db/client.ts'
import type { Casebook, ReferenceRange } from '#domain/casebook/record.ts'
import { referencesFor, type StoredRecord } from './load.ts'
import {
  type LoadedRecord,
  type LoadedRow,
  loadedColumnsSql,
  loadedRecord,
} from './loaded-record.ts'
import { pastRecords, pastReferences, pastSubjects } from './past-casebooks.ts'

export type RosterSubject = {
  subjectId: string
  subjectKey: string
  siteId: string
  siteCode: string
  /** Text that is another one after any change of what rules read in the subject's records: values, states, places, versions. */
  stamp: string
}
export type Roster = {
  studyId: string
  /** Null: the present. */
  asOf: string | null
  /** In the order of subject keys, by code units: the same on every host. */
  subjects: readonly RosterSubject[]
  references: readonly ReferenceRange[]
}

/** The subjects that the transaction may see, by row security; those entered by `asOf` where it is given. */
export async function rosterOf(
  tx: Transaction,
  studyId: string,
  asOf: string | null = null,
): Promise<Roster> {
  const subjects =
    asOf === null ? await presentSubjects(tx, studyId) : await pastSubjects(tx, studyId, asOf)
  const references =
    asOf === null ? await referencesFor(tx, studyId, null) : await pastReferences(tx, studyId, asOf)
  return {
    studyId,
    asOf,
    subjects: subjects.sort((a, b) => compare(a.subjectKey, b.subjectKey)),
    references,
  }
}

/** The number of changes is raised by triggers in the transaction that changes something, so what is seen of both is of one moment. */
function presentSubjects(tx: Transaction, studyId: string): Promise<RosterSubject[]> {
  return tx.query<RosterSubject>(
    `select b.subject_id as "subjectId", b.subject_key as "subjectKey", b.site_id as "siteId",
       s.code as "siteCode", concat(coalesce(c.changes, 0), '/', s.code) as stamp
     from casebook.subject b
     join casebook.site s on s.study_id = b.study_id and s.site_id = b.site_id
     left join casebook.subject_changes c on c.study_id = b.study_id and c.subject_id = b.subject_id
     where b.study_id = $1`,
    [studyId],
  )
}

/** The casebooks of some subjects of the roster, in the order asked for. */
export async function casebooksFor(
  tx: Transaction,
  { studyId, asOf, references }: Roster,
  subjects: readonly RosterSubject[],
  today: string,
): Promise<Casebook[]> {
  const ids = subjects.map(({ subjectId }) => subjectId)
  const loaded =
    asOf === null
      ? await presentRecords(tx, studyId, ids)
      : await pastRecords(tx, studyId, ids, asOf)
  const records = new Map<string, StoredRecord[]>(ids.map((subjectId) => [subjectId, []]))
  for (const record of loaded) records.get(record.subjectId)?.push(record)
  const bySite = new Map<string, ReferenceRange[]>()
  return subjects.map(({ subjectId, subjectKey, siteId, siteCode }) => {
    let own = bySite.get(siteId)
    if (!own) {
      own = references.filter((range) => range.siteId === null || range.siteId === siteId)
      bySite.set(siteId, own)
    }
    return {
      subject: { subjectId, subjectKey, siteCode, siteId },
      records: (records.get(subjectId) ?? []).sort(byPlace),
      references: own,
      today,
    }
  })
}

async function presentRecords(
  tx: Transaction,
  studyId: string,
  subjectIds: readonly string[],
): Promise<LoadedRecord[]> {
  const rows = await tx.query<LoadedRow>(
    `select ${loadedColumnsSql} from casebook.form_record r
     where r.study_id = $1 and r.subject_id = any ($2::uuid[]) and r.state <> 'removed'`,
    [studyId, subjectIds],
  )
  return rows.map(loadedRecord)
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

function byPlace({ key: a }: StoredRecord, { key: b }: StoredRecord): number {
  return (
    compare(a.event, b.event) ||
    a.eventRepeat - b.eventRepeat ||
    compare(a.form, b.form) ||
    a.formRepeat - b.formRepeat
  )
}
