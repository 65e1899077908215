import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aGrant, aStudy, aUser } from '#db/seed/build.ts'
import type { Person } from '../actor.ts'
import { createSite } from '../site/create-site.ts'
import { siteList } from '../site/reads.ts'
import { takeVersion } from '../site/take-version.ts'
import { aWorld, key, problemOf, signedInAs, type World } from '../testing/world.ts'
import { studyHome } from './home.ts'
import { publishVersion } from './publish-version.ts'
import { studyDefinition, studyVersions } from './reads.ts'

let world: World
let studyId: string
let administrator: Person
let files: { path: string; text: string }[]

beforeAll(async () => {
  world = await aWorld()
  const owner = world.database.ownerPool
  const study = await aStudy(owner, { oid: 'TACCSA', state: 'open', definition: {} })
  studyId = study.studyId
  const user = await aUser(owner)
  await aGrant(owner, { studyId, userId: user.userId, role: 'study-administrator' })
  administrator = await signedInAs(world.database, user.userId)
  const folder = join(process.cwd(), 'studies', 'tac-csa-rct')
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml'))
  files = await Promise.all(
    names.map(async (name) => ({
      path: `tac-csa-rct/${name}`,
      text: await readFile(join(folder, name), 'utf8'),
    })),
  )
})
afterAll(() => world.end())

const publish = (given: typeof files) =>
  publishVersion.execute(administrator, { studyId, files: given, key: key() })
const changed = (change: (text: string) => string) =>
  files.map((file) =>
    file.path.endsWith('/study.yaml') ? { ...file, text: change(file.text) } : file,
  )

describe('study.publish', () => {
  it('publishes a checked definition as the next version; sites keep theirs until they take it', async () => {
    const site = await createSite.execute(administrator, {
      studyId,
      code: '01',
      name: 'One',
      planned: null,
      key: key(),
    })
    const published = await publish(files)
    expect(published.findings.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(published.number).toBe(2)
    const [newest] = await studyVersions.execute(administrator, { studyId })
    expect(newest).toMatchObject({ number: 2, hash: published.hash, sites: [] })
    const { definition } = await studyDefinition.execute(administrator, { studyId })
    expect(definition.oid).toBe('TACCSA')
    const take = (version: number) =>
      takeVersion.execute(administrator, {
        studyId,
        siteId: site.siteId,
        version,
        reason: 'approved by the ethics committee',
        key: key(),
      })
    expect(await problemOf(take(3))).toMatchObject({ code: 'not-found' })
    await take(2)
    expect(await problemOf(take(1))).toMatchObject({ code: 'invalid-input' })
    const { rows } = await siteList.execute(administrator, { studyId })
    expect(rows[0]).toMatchObject({ code: '01', versionNumber: 2 })
    expect(await problemOf(publish(files))).toMatchObject({ code: 'duplicate' })
  })

  it('publishes nothing with findings and says where they are', async () => {
    const broken = await publish(changed((text) => text.replace('F_RAND.RANDDTC', 'F_RAND.GHOST')))
    expect(broken.number).toBeNull()
    const error = broken.findings.find(({ severity }) => severity === 'error')
    expect(error).toMatchObject({ file: expect.stringContaining('study.yaml') })
    expect(error?.line).toBeGreaterThan(1)
    const other = await publish(changed((text) => text.replace('oid: TACCSA', 'oid: OTHER')))
    expect(other.findings.map(({ code }) => code)).toContain('other-study')
    expect((await studyVersions.execute(administrator, { studyId })).length).toBe(2)
  })

  it('does not run, fetch or hang on what is uploaded', async () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
      .split('')
      .map((name, at) => {
        const before = 'abcdefgh'[at]
        return `${name}: &${name} [${Array(9).fill(`*${before}`).join(',')}]`
      })
      .join('\n')}`
    for (const text of [bomb, '!!js/function "function(){}"', '{', '\t', '---\n---\n']) {
      const result = await publish([{ path: 'study.yaml', text }])
      expect(result.number).toBeNull()
      expect(result.findings.length).toBeGreaterThan(0)
    }
  })
})

describe('study.home', () => {
  it('shows each role its own part', async () => {
    const home = (person: Person) => studyHome.execute(person, { studyId: world.studyId })
    const reader = await home(world.people['image-reader'])
    expect(reader).toMatchObject({ due: [], recruitment: [], changes: [], serious: [] })
    const coordinator = await home(world.people.coordinator)
    expect(coordinator.recruitment.map(({ code }) => code)).toEqual(['01'])
  })
})
