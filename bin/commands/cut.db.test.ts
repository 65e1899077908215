import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { asSystem } from '#db/seed/build.ts'
import { aCut, aCutScene, cutDefinition } from '#server/testing/cuts.ts'
import { aWorld, save, type World } from '#server/testing/world.ts'
import { cut } from './cut.ts'

let world: World
let said: string[]
let complained: string[]
const say = {
  out: (text: string) => said.push(text),
  error: (text: string) => complained.push(text),
}
let hash = ''
beforeAll(async () => {
  world = await aWorld({ definition: cutDefinition })
  const { statistician, subjectIds } = await aCutScene(world)
  hash = (await aCut(world, statistician, { name: 'First', arms: 'masked' })).sha256
  const [subjectId = ''] = subjectIds
  await save(world, { subjectId, event: 'W4', form: 'F_VS' }, [
    { path: 'WEIGHT', from: '60', to: '61', reason: 'read again' },
  ])
  await aCut(world, statistician, { name: 'Second' })
})
afterAll(() => world.end())
beforeEach(() => {
  said = []
  complained = []
})

const run = (...words: string[]) => cut([...words, '--database', world.database.ownerUrl], say)

describe('casebook cut', () => {
  it('lists cuts in words and as JSON, without the secret of their letters', async () => {
    expect(await run('list')).toBe(0)
    expect(said[0]).toContain(`${world.study.oid} cut 2: Second (interim)`)
    expect(said[1]).toContain(hash)
    expect(await run('list', world.study.oid.toLowerCase(), '--json')).toBe(0)
    expect(JSON.parse(said[2] as string)).toMatchObject([
      { number: 2 },
      { number: 1, sha256: hash },
    ])
    const [seed] = await asSystem(world.database.ownerPool, { studyId: world.studyId }, (tx) =>
      tx.query<{ seed: string }>(
        'select mask_seed as seed from casebook.data_cut where number = 1',
      ),
    )
    expect(said.join()).not.toContain(seed?.seed)
  })

  it('proves every cut, or the named ones, with status 0', async () => {
    expect(await run('verify')).toBe(0)
    expect(said).toEqual([
      `${world.study.oid} cut 1: First: identical to the day of the cut, 5 reports`,
      `${world.study.oid} cut 2: Second: identical to the day of the cut, 5 reports`,
    ])
    expect(await run('verify', world.study.oid, '--cut', '1', '--json')).toBe(0)
    expect(JSON.parse(said[2] as string)).toMatchObject([
      { study: world.study.oid, number: 1, identical: true, was: { sha256: hash } },
    ])
  })

  it('ends with status 1 and names the report that is not what it was', async () => {
    await asSystem(world.database.ownerPool, { studyId: world.studyId }, async (tx) => {
      await tx.query('alter table casebook.data_cut disable trigger immutable')
      await tx.query(
        `update casebook.data_cut set reports = jsonb_set(reports, '{1,sha256}', to_jsonb(repeat('0', 64))) where number = 1`,
      )
      await tx.query('alter table casebook.data_cut enable trigger immutable')
    })
    expect(await run('verify')).toBe(1)
    expect(said[0]).toContain('cut 1: First: NOT what it was on the day of the cut')
    expect(said[1]).toBe('  R2: nothing is known that explains it; run casebook audit verify')
    expect(said[2]).toContain('cut 2: Second: identical')
  })

  it.each([
    [[]],
    [['show']],
    [['verify', 'A', 'B']],
    [['verify', '--cut', '1']],
    [['verify', 'A', '--cut', 'one']],
    [['list', '--what']],
  ])('answers %j with its usage and status 2', async (words) => {
    expect(await cut(words, say)).toBe(2)
    expect(complained[0]).toContain('casebook cut verify')
  })

  it('says that a study or a cut is not there, with status 2', async () => {
    expect(await run('verify', 'NOWHERE')).toBe(2)
    expect(await run('verify', world.study.oid, '--cut', '9')).toBe(2)
    expect(complained).toEqual([
      'There is no study NOWHERE in this database.',
      `The study ${world.study.oid} has no cut 9.`,
    ])
  })
})
