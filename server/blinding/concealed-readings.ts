/** What is concealed from the sites of a study because blinded readers fill it; kept, since versions never change. */
import type { Transaction } from '#db/client.ts'
import type { Role } from '#domain/access/permissions.ts'
import { publishedStudy } from '../study/published.ts'
import { type ConcealedStudy, keptByVersions, readingsAcross } from './concealed-study.ts'
import type { Asker } from './policy.ts'

/** Who fills casebooks at a site; scores must not reach them whatever else they are. */
const siteRoles: readonly Role[] = ['investigator', 'coordinator']

const kept = keptByVersions<ConcealedStudy | null>()

/** Null where the study has no such form, or the person no role at a site. */
export async function concealedReadings({
  tx,
  actor,
  study,
}: Asker): Promise<ConcealedStudy | null> {
  const atSite = actor.grants.some(
    ({ studyId, role }) => studyId === study.studyId && siteRoles.includes(role),
  )
  if (!atSite || study.latestVersion === 0) return null
  const { studyId, latestVersion } = study
  return kept(`${studyId}/${latestVersion}`, () => read(tx.knowing, studyId, latestVersion))
}

async function read(
  tx: Transaction,
  studyId: string,
  latest: number,
): Promise<ConcealedStudy | null> {
  const withReaders = await tx.query(
    `select from casebook.study_version where study_id = $1 and number <= $2
       and jsonb_path_exists(definition, '$.forms[*].for') limit 1`,
    [studyId, latest],
  )
  if (withReaders.length === 0) return null
  const definitions = []
  for (let number = 1; number <= latest; number += 1)
    definitions.push((await publishedStudy(tx, studyId, number)).definition)
  return readingsAcross(definitions)
}
