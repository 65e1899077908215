import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { startEmbedded } from '#db/embedded/server.ts'
import { migrate } from '#db/migrate.ts'
import { aStudy } from '#db/seed/build.ts'
import { type TestDatabase, testDatabase } from '#db/testing/test-database.ts'
import { audit } from './audit.ts'

let database: TestDatabase
let said: string[]
let complained: string[]
const say = {
  out: (text: string) => said.push(text),
  error: (text: string) => complained.push(text),
}
beforeAll(async () => {
  database = await testDatabase()
  await aStudy(database.ownerPool)
})
afterAll(() => database.drop())
beforeEach(() => {
  said = []
  complained = []
})
afterEach(() => {
  vi.unstubAllEnvs()
})

const run = (...words: string[]) => audit([...words, '--database', database.ownerUrl], say)

describe('casebook audit', () => {
  it('verifies a whole trail with status 0, in words and as JSON', async () => {
    expect(await run('verify')).toBe(0)
    expect(said[0]).toMatch(/^The audit trail is whole: \d+ audit records in \d+ chains/)
    expect(await run('verify', '--json')).toBe(0)
    expect(JSON.parse(said[1] as string)).toMatchObject({ ok: true, findings: [] })
  })

  it('prints seals that a later verification asks for, and names one that is gone', async () => {
    expect(await run('anchor', '--json')).toBe(0)
    const [seal] = JSON.parse(said[0] as string) as { digest: string; number: number }[]
    expect(seal).toMatchObject({ number: 1 })
    expect(await run('anchor')).toBe(0)
    expect(said[1]).toContain(seal?.digest)
    expect(await run('verify', '--kept', seal?.digest as string)).toBe(0)
    expect(await run('verify', '--kept', 'f'.repeat(64))).toBe(1)
    expect(said.at(-1)).toContain(`The seal ${'f'.repeat(64)}, which was kept outside`)
  })

  it('ends with status 1 and names the row when one was changed', async () => {
    const copy = await testDatabase()
    const study = await aStudy(copy.ownerPool, { oid: 'REAL' })
    await copy.ownerPool.query(
      `set session_replication_role = replica; update casebook.study set oid = 'FORGED'`,
    )
    expect(await audit(['verify', '--database', copy.ownerUrl], say)).toBe(1)
    expect(said[0]).toContain(
      `value: study ${study.studyId}, study ${study.studyId}, audit record 1: oid is "FORGED"; by its history it is "REAL".`,
    )
    await copy.drop()
  })

  it.each([[[]], [['prove']], [['verify', 'twice']], [['verify', '--fast']]])(
    'says how it is used, status 2: %j',
    async (words) => {
      expect(await audit(words, say)).toBe(2)
      expect(complained[0]).toContain('casebook audit verify')
    },
  )

  it('says so when the database holds no Casebook', async () => {
    const elsewhere = new URL(database.ownerUrl)
    elsewhere.pathname = '/postgres'
    await expect(audit(['verify', '--database', elsewhere.href], say)).rejects.toThrow(
      /holds no Casebook/,
    )
  })

  it('reaches the embedded database, running or not', async () => {
    const data = await mkdtemp(join(tmpdir(), 'casebook-audit-'))
    const directory = join(data, 'postgres')
    vi.stubEnv('CASEBOOK_DATA', data)
    vi.stubEnv('DATABASE_URL', '')
    const server = await startEmbedded({ directory })
    await migrate(server.ownerUrl, { appRolePassword: 'not-a-secret' })
    expect(await audit(['verify'], say)).toBe(0)
    await server.stop()
    expect(await audit(['verify'], say)).toBe(0)
    if (server.home !== directory) await rm(server.home, { recursive: true, force: true })
    await rm(data, { recursive: true, force: true })
  })
})
