import { afterAll, beforeAll, expect, it } from 'vitest'
import { inTransaction } from '#db/client.ts'
import { asSystem } from '#db/seed/build.ts'
import { publishNext } from '../testing/amendment.ts'
import { fixtureDefinition } from '../testing/fixture-definition.ts'
import { aScreenedSubject, aWorld, type World } from '../testing/world.ts'
import { versionsInUse } from './former-names.ts'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.end())

const seen = (siteIds: readonly string[] | null) =>
  inTransaction(
    world.database.pool,
    { actor: 'system', studyId: world.studyId, siteIds, readOnly: true },
    (tx) => versionsInUse(tx, world.studyId),
  )

it('names each version that a subject in reach is on, once, the oldest first', async () => {
  const { database, studyId, siteId, otherSiteId } = world
  expect(await seen(null)).toEqual([])
  const subjects: string[] = []
  for (let n = 0; n < 6; n += 1) {
    const { subjectId } = await aScreenedSubject(world, n < 4 ? siteId : otherSiteId)
    subjects.push(subjectId)
  }
  for (const version of ['2', '3', '4']) {
    await publishNext(database.ownerPool, studyId, { ...fixtureDefinition, version })
  }
  const move = (at: number, version: number) =>
    asSystem(database.ownerPool, { studyId, reason: 'amendment' }, (tx) =>
      tx.query(
        'update casebook.subject set version_number = $3 where study_id = $1 and subject_id = $2',
        [studyId, subjects[at], version],
      ),
    )
  expect(await seen(null)).toEqual([1])
  await move(1, 4)
  await move(2, 4)
  await move(4, 2)
  await move(5, 2)
  expect(await seen(null)).toEqual([1, 2, 4])
  expect(await seen([siteId])).toEqual([1, 4])
  expect(await seen([otherSiteId])).toEqual([2])
  expect(await seen([])).toEqual([])
})
