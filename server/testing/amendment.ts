/** A second version and a paused migration to it, for tests of what people see of amendments. */
import type { Pool } from '#db/client.ts'
import { amendmentRun } from '#db/schema/amendment.ts'
import { studyVersion } from '#db/schema/study.ts'
import { asSystem } from '#db/seed/build.ts'
import { uuidv7 } from '#db/uuid.ts'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import { fixtureDefinition } from './fixture-definition.ts'
import type { World } from './world.ts'

/** Publishes a definition as the next version; sites that follow the newest stay on the one before. */
export async function publishNext(
  owner: Pool,
  studyId: string,
  definition: StudyDefinition,
): Promise<number> {
  return asSystem(owner, { studyId }, async (tx) => {
    const [last] = await tx.query<{ number: number }>(
      'select max(number) as number from casebook.study_version where study_id = $1',
      [studyId],
    )
    const number = (last?.number ?? 0) + 1
    await tx.query(
      'update casebook.site set version_number = $2 where study_id = $1 and version_number is null',
      [studyId, number - 1],
    )
    const hash = String(number).padStart(64, 'a')
    const label = definition.version
    await tx.db.insert(studyVersion).values({ studyId, number, label, hash, definition })
    return number
  })
}

/** Version 2 of the fixture, and a run to it that covers the first site and stands still. Gives the run's id. */
export async function anAmendment(owner: Pool, world: World): Promise<string> {
  const { studyId, siteId, people } = world
  const versionNumber = await publishNext(owner, studyId, { ...fixtureDefinition, version: '2' })
  const runId = uuidv7()
  await asSystem(owner, { studyId }, (tx) =>
    tx.db.insert(amendmentRun).values({
      studyId,
      runId,
      versionNumber,
      siteIds: [siteId],
      state: 'paused',
      reason: 'second version approved',
      total: 1,
      startedBy: people['data-manager'].userId,
      startedRole: 'data-manager',
    }),
  )
  return runId
}
