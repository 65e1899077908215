import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aGrant } from '#db/seed/build.ts'
import type { Role } from '#domain/access/permissions.ts'
import { siteList } from '../site/reads.ts'
import { aScene, type Scene } from '../testing/scene.ts'
import { aScreenedSubject, aWorld, signedInAs, type World } from '../testing/world.ts'
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
