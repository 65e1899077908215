import type { Transaction } from '#db/client.ts'
import type { UnblindingView } from '#domain/casebook/views.ts'

/** As it is told to everybody who may see the subject (or, without one, the study); `mine`: the asking person did it. */
export type Unblinding = UnblindingView

const columns = (person: string) => `at, by_name as by, role, reason, by = ${person}::uuid as mine`

/** Emergency unblindings of a subject, the oldest first. */
export function unblindingsOf(
  tx: Transaction,
  studyId: string,
  subjectId: string,
  userId: string,
): Promise<Unblinding[]> {
  return tx.query<Unblinding>(
    `select ${columns('$3')} from casebook.unblinding where study_id = $1 and subject_id = $2
     order by at, unblinding_id`,
    [studyId, subjectId, userId],
  )
}

/** The unblinding of the whole study; null while it stands. */
export async function studyUnblinding(
  tx: Transaction,
  studyId: string,
  userId: string,
): Promise<Unblinding | null> {
  const [row] = await tx.query<Unblinding>(
    `select ${columns('$2')} from casebook.unblinding where study_id = $1 and subject_id is null`,
    [studyId, userId],
  )
  return row ?? null
}
