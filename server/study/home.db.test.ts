import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aGrant, asSystem } from '#db/seed/build.ts'
import type { Role } from '#domain/access/permissions.ts'
import { siteList } from '../site/reads.ts'
import { aScene, type Scene } from '../testing/scene.ts'
import { aScreenedSubject, aWorld, save, signedInAs, values, type World } from '../testing/world.ts'
import { studyHome } from './home.ts'

let world: World
let scene: Scene
beforeAll(async () => {
  world = await aWorld()
  scene = await aScene(world)
  await aScreenedSubject(world, world.otherSiteId)
})
afterAll(() => world.end())

/** One role over the whole study, another at the second site alone. */
async function withRoles(wide: Role, atOtherSite: Role) {
  const { userId } = await world.person(wide, 'study')
  await aGrant(world.database.ownerPool, {
    studyId: world.studyId,
    siteId: world.otherSiteId,
    userId,
    role: atOtherSite,
  })
  return signedInAs(world.database, userId)
}

describe('a person with two roles of different reach', () => {
  it.each(['image-reader', 'study-administrator'] as const)(
    'as %s of the study and coordinator of one site sees the work of that site alone',
    async (wide) => {
      const person = await withRoles(wide, 'coordinator')
      const home = await studyHome.execute(person, { studyId: world.studyId })
      expect(home.recruitment.map(({ code }) => code)).toEqual(['02'])
      expect(home.queries).toEqual({ open: 0, answered: 0 })
      expect(home.changes.length).toBeGreaterThan(0)
      expect(JSON.stringify(home)).not.toContain(scene.subjectId)
      const sites = await siteList.execute(person, { studyId: world.studyId })
      expect(sites.rows.map(({ code, subjects }) => [code, subjects])).toEqual([
        ['01', null],
        ['02', 1],
      ])
    },
  )

  it('as statistician of the study sees subjects of all sites, and the trail of his own', async () => {
    const person = await withRoles('statistician', 'coordinator')
    const home = await studyHome.execute(person, { studyId: world.studyId })
    expect(home.recruitment.map(({ code }) => code)).toEqual(['01', '02'])
    expect(JSON.stringify(home.changes)).not.toContain(scene.subjectId)
  })
})

it('lists serious adverse events with the newest first, so that a new one is never behind the old', async () => {
  const { subjectId: first } = await aScreenedSubject(world)
  const { subjectId: last } = await aScreenedSubject(world)
  for (const [subjectId, term] of [
    [last, 'Known before'],
    [first, 'Known since today'],
  ] as const) {
    await save(
      world,
      { subjectId, event: 'LOG', form: 'F_AE', formRepeat: null },
      values({ AETERM: term, AESER: 'Y' }),
    )
  }
  const home = await studyHome.execute(world.people['data-manager'], { studyId: world.studyId })
  expect(home.recordsEvents).toBe(true)
  expect(home.serious.map(({ term }) => term)).toEqual(['Known since today', 'Known before'])
})

it('counts nobody as enrolled who turned out not to be eligible', async () => {
  const before = await studyHome.execute(world.people.coordinator, { studyId: world.studyId })
  const { subjectId } = await aScreenedSubject(world)
  const enrolled = async (state: string) => {
    await asSystem(world.database.ownerPool, { studyId: world.studyId, reason: 'test' }, (tx) =>
      tx.query(
        `update casebook.subject set anchor_date = '2026-01-05', state = $2 where subject_id = $1`,
        [subjectId, state],
      ),
    )
    const { recruitment, monthly } = await studyHome.execute(world.people.coordinator, {
      studyId: world.studyId,
    })
    return {
      sites: recruitment.reduce((sum, site) => sum + site.randomised, 0),
      months: monthly.reduce((sum, month) => sum + month.randomised, 0),
    }
  }
  const start = before.recruitment.reduce((sum, site) => sum + site.randomised, 0)
  expect(await enrolled('enrolled')).toEqual({ sites: start + 1, months: start + 1 })
  expect(await enrolled('screenFailure')).toEqual({ sites: start, months: start })
})
