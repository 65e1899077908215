import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { aStudy } from '#db/seed/build.ts'
import { type TestDatabase, testDatabase } from '#db/testing/test-database.ts'
import { sampleDefinition } from '#domain/casebook/testing/sample-study.ts'
import { definitionHash } from '#domain/definition/hash.ts'
import { studyDiff } from './study-diff.ts'

let database: TestDatabase
const hashes: string[] = []
beforeAll(async () => {
  database = await testDatabase()
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
  for (const version of ['1.0', '2.0']) {
    const definition = { ...sampleDefinition(), version }
    const hash = definitionHash(definition, sha256)
    hashes.push(hash)
    await aStudy(database.ownerPool, { oid: `S${hashes.length}`, definition, hash })
  }
})
afterAll(() => database.drop())

async function run(...words: string[]) {
  const lines: string[] = []
  const say = (text: string) => void lines.push(text)
  const given = [...words, '--database', database.ownerUrl]
  const status = await studyDiff(given, { out: say, error: say })
  return { status, text: lines.join('\n') }
}

it('compares published versions by the beginning of their content hash', async () => {
  const [first = '', second = ''] = hashes
  const { status, text } = await run(first.slice(0, 12), second)
  expect(status).toBe(0)
  expect(text).toContain('Version label (version): “1.0” became “2.0”. [study-text-changed]')
  const unknown = await run(first, '0123456789abcdef')
  expect(unknown).toMatchObject({ status: 2, text: 'No version has the hash 0123456789abcdef.' })
  expect((await run(first, "x' or 1=1 --")).status).toBe(2)
})
