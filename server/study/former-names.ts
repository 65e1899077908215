/** What the parts of one version are called in an older one, back along the renames that the versions between declare. */
import type { Transaction } from '#db/client.ts'
import { type Named, pairsOf } from '#domain/definition/renames.ts'
import { type PublishedStudy, publishedStudy } from './published.ts'

type Part = 'events' | 'forms'

/** By the OID in `newer`: the OID in version `older`; parts that the older version does not have are left out. */
export async function formerNames(
  tx: Transaction,
  newer: PublishedStudy,
  older: number,
  part: Part,
): Promise<ReadonlyMap<string, string>> {
  let names = new Map(newer.definition[part].map(({ oid }) => [oid, oid]))
  let above = newer
  for (let number = newer.number - 1; number >= older; number -= 1) {
    const below = await publishedStudy(tx, newer.studyId, number)
    const before: readonly Named[] = below.definition[part]
    const former = new Map(
      pairsOf(before, above.definition[part]).flatMap((pair) =>
        pair.before && pair.after ? [[pair.after.oid, pair.before.oid] as const] : [],
      ),
    )
    names = new Map(
      [...names].flatMap(([oid, name]) => {
        const known = former.get(name)
        return known === undefined ? [] : [[oid, known] as const]
      }),
    )
    above = below
  }
  return names
}

/** Numbers of the versions that subjects of the study are on. */
export async function versionsInUse(tx: Transaction, studyId: string): Promise<number[]> {
  // From one to the next by the index: whatever the number of subjects, as many steps as versions.
  const next = 'select min(version_number) from casebook.subject where study_id = $1'
  const rows = await tx.query<{ version: number }>(
    `with recursive used(version) as (
       (${next}) union all select (${next} and version_number > used.version) from used where used.version is not null)
     select version from used where version is not null order by version`,
    [studyId],
  )
  return rows.map(({ version }) => version)
}

/** The versions that subjects of the study are on, the oldest first. */
export async function studiesInUse(tx: Transaction, studyId: string): Promise<PublishedStudy[]> {
  const studies: PublishedStudy[] = []
  for (const number of await versionsInUse(tx, studyId)) {
    studies.push(await publishedStudy(tx, studyId, number))
  }
  return studies
}
