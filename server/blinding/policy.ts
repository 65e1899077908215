/** What the published versions of a study say about blinding, and whether the study was unblinded. */
import type { Transaction } from '#db/client.ts'
import { type ArmSight, armSightOf, type Blinding, isBlinded } from '#domain/access/blinding.ts'
import type { AllocationDef } from '#domain/definition/definition.ts'
import type { Person } from '../actor.ts'

/** Whose view it is: the context of a reading or command has all of it. */
export type Asker = {
  tx: Transaction
  actor: Pick<Person, 'grants'>
  study: { studyId: string; latestVersion: number }
}

/** Versions never change, so what versions 1 to n say together is kept by study and n. */
const known = new Map<string, readonly Blinding[]>()
const mostStudies = 500

/** Blinding of every published version that has an allocation. */
export async function blindingOf(
  tx: Transaction,
  { studyId, latestVersion }: Asker['study'],
): Promise<readonly Blinding[]> {
  const key = `${studyId}/${latestVersion}`
  const before = known.get(key)
  if (before) return before
  const rows = await tx.query<{ allocation: AllocationDef }>(
    `select definition -> 'allocation' as allocation from casebook.study_version
     where study_id = $1 and number <= $2 and definition ? 'allocation' order by number`,
    [studyId, latestVersion],
  )
  const versions = rows.map(({ allocation }): Blinding => allocation)
  if (known.size >= mostStudies) known.clear()
  known.set(key, versions)
  return versions
}

export async function isUnblinded(tx: Transaction, studyId: string): Promise<boolean> {
  const rows = await tx.query(
    'select from casebook.unblinding where study_id = $1 and subject_id is null',
    [studyId],
  )
  return rows.length > 0
}

/** What the asking person may know of arms in this study. */
export async function armSightFor({ tx, actor, study }: Asker): Promise<ArmSight> {
  const roles = actor.grants
    .filter((grant) => grant.studyId === study.studyId)
    .map((grant) => grant.role)
  const versions = await blindingOf(tx, study)
  const lifted = versions.some(isBlinded) && (await isUnblinded(tx, study.studyId))
  return armSightOf(roles, versions, lifted)
}
