import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freezeList, generateList } from '#db/allocation.ts'
import { aGrant, aStudy, asSystem, aUser } from '#db/seed/build.ts'
import { uuidv7 } from '#db/uuid.ts'
import type { Person } from '../actor.ts'
import { approveVersion } from '../site/approve-version.ts'
import { createSite } from '../site/create-site.ts'
import { siteList } from '../site/reads.ts'
import { fixtureDefinition } from '../testing/fixture-definition.ts'
import { aWorld, key, problemOf, signedInAs, type World } from '../testing/world.ts'
import { checkDefinition } from './check-definition.ts'
import { studyHome } from './home.ts'
import { publishVersion } from './publish-version.ts'
import { studyDefinition, studyVersions } from './reads.ts'
import { versionComparison } from './version-comparison.ts'

let world: World
let studyId: string
let administrator: Person
let files: { path: string; text: string }[]

beforeAll(async () => {
  world = await aWorld()
  const owner = world.database.ownerPool
  const study = await aStudy(owner, {
    oid: 'TACCSA',
    state: 'open',
    definition: { ...fixtureDefinition, oid: 'TACCSA' },
  })
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
    const take = (version: number, goLiveOn = '2026-01-20') =>
      approveVersion.execute(administrator, {
        studyId,
        siteId: site.siteId,
        version,
        approvedOn: '2026-01-10',
        goLiveOn,
        reason: 'approved by the ethics committee',
        key: key(),
      })
    expect(await problemOf(take(3))).toMatchObject({ code: 'not-found' })
    expect(await problemOf(take(2, '2026-01-09'))).toMatchObject({ place: 'goLiveOn' })
    const bad = [
      { approvedOn: '2999-01-01', goLiveOn: '2999-01-02' },
      { approvedOn: '2026-02-30' },
      { approvedOn: "2026-01-10'; --" },
      { siteId: studyId },
      { version: 1.5 },
      { reason: '  ' },
    ]
    for (const given of bad) {
      const input = {
        studyId,
        siteId: site.siteId,
        version: 2,
        approvedOn: '2026-01-10',
        goLiveOn: '2026-01-20',
        reason: 'approved',
        key: key(),
        ...given,
      }
      const problem = await problemOf(approveVersion.execute(administrator, input))
      expect(['invalid-input', 'future-date', 'not-found']).toContain(problem.code)
    }
    expect(await take(2, '2999-01-01')).toEqual({ live: false })
    expect((await siteList.execute(administrator, { studyId })).rows[0]?.versionNumber).toBe(1)
    expect(await take(2)).toEqual({ live: true })
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

describe('study.check and study.compare', () => {
  it('tell what files would change, and what a version did change, and store nothing', async () => {
    const check = (given: typeof files) =>
      checkDefinition.execute(administrator, { studyId, files: given })
    const wider = changed((text) => text.replace('subjectKeyDigits: 3', 'subjectKeyDigits: 4'))
    const told = await check(wider)
    expect(told.hash).toMatch(/^[0-9a-f]{64}$/)
    expect(told.against?.number).toBe(2)
    expect(told.changes?.map(({ code, place }) => `${code} ${place}`)).toEqual([
      'study-text-changed subjectKeyDigits',
    ])
    expect(await check([{ path: 'study.yaml', text: 'oid: [' }])).toMatchObject({
      hash: null,
      changes: null,
    })
    expect((await studyVersions.execute(administrator, { studyId })).length).toBe(2)
    const compare = (from: number, to: number) =>
      versionComparison.execute(administrator, { studyId, from, to })
    expect((await compare(2, 2)).changes).toEqual([])
    const there = await compare(1, 2)
    expect(there.changes.length).toBeGreaterThan(20)
    expect(there.changes.map(({ code }) => code)).toContain('strata-changed')
    expect(await problemOf(compare(1, 9))).toMatchObject({ code: 'not-found' })
    expect(await problemOf(compare(0, 1))).toMatchObject({ code: 'invalid-input' })
  })

  it('refuse another allocation once a list of the study is frozen', async () => {
    const ratio = changed((text) => text.replace(/ratio: 1/, 'ratio: 2'))
    const check = () => checkDefinition.execute(administrator, { studyId, files: ratio })
    expect((await check()).changes?.map(({ code }) => code)).toEqual(['arms-changed'])
    await asSystem(world.database.ownerPool, { studyId }, async (tx) => {
      const listId = uuidv7()
      const slot = { arm: 'TAC', block: 1 }
      await generateList(tx, {
        listId,
        stratum: 'PM',
        seed: 'a seed that is long enough for a test',
        blockSizes: [2],
        slots: [
          { ...slot, position: 1, number: 'PM-1' },
          { ...slot, arm: 'CSA', position: 2, number: 'PM-2' },
        ],
      })
      await freezeList(tx, listId)
    })
    const refused = await check()
    expect(refused.hash).toBeNull()
    expect(refused.findings).toContainEqual(
      expect.objectContaining({ code: 'arms-changed', severity: 'error' }),
    )
    expect((await publish(ratio)).number).toBeNull()
  })

  it('are for who publishes, and for who belongs to the study', async () => {
    const check = checkDefinition.execute(world.people.monitor, {
      studyId: world.studyId,
      files: [{ path: 'study.yaml', text: 'oid: X' }],
    })
    expect(await problemOf(check)).toMatchObject({ code: 'not-allowed' })
    const compare = versionComparison.execute(world.people.monitor, { studyId, from: 1, to: 2 })
    expect(await problemOf(compare)).toMatchObject({ code: 'not-found' })
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
