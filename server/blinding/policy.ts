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

type VersionBlinding = Blinding & { number: number }

/** Versions never change, so what versions 1 to n say is kept by study and n. */
const known = new Map<string, readonly VersionBlinding[]>()
const mostStudies = 500

/**
 * Blinding of the versions that count: those since the first subject was allocated, and the newest. Before that nothing is to be
 * concealed yet, and a study that is still being built may change its mind.
 */
export async function blindingOf(
  tx: Transaction,
  study: Asker['study'],
): Promise<readonly VersionBlinding[]> {
  const versions = await publishedBlinding(tx, study)
  if (!versions.some(isBlinded)) return versions
  const [row] = await tx.knowing.query<{ first: number | null }>(
    `select min((snapshot -> 'version' ->> 'number')::int) as first
     from casebook.allocation_issued where study_id = $1`,
    [study.studyId],
  )
  const newest = versions.at(-1)?.number ?? 0
  const from = Math.min(row?.first ?? newest, newest)
  return versions.filter(({ number }) => number >= from)
}

async function publishedBlinding(
  tx: Transaction,
  { studyId, latestVersion }: Asker['study'],
): Promise<readonly VersionBlinding[]> {
  const key = `${studyId}/${latestVersion}`
  const before = known.get(key)
  if (before) return before
  const rows = await tx.query<{ number: number; allocation: AllocationDef }>(
    `select number, definition -> 'allocation' as allocation from casebook.study_version
     where study_id = $1 and number <= $2 and definition ? 'allocation' order by number`,
    [studyId, latestVersion],
  )
  const versions = rows.map(
    ({ number, allocation: { openLabel, blinding } }): VersionBlinding => ({
      number,
      openLabel,
      blinding,
    }),
  )
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
