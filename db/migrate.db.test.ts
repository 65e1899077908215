import { randomBytes } from 'node:crypto'
import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { appRole, migrate, readMigrations, urlAs } from './migrate.ts'
import { databaseUrl, onServer, testAppPassword } from './testing/global-setup.ts'

const { serverUrl } = inject('testServer')
const appRolePassword = testAppPassword
const shipped = await readMigrations()
let name: string
let ownerUrl: string
let directory: string
beforeEach(async () => {
  name = `casebook_test_${randomBytes(6).toString('hex')}`
  await onServer(serverUrl, `create database ${name} template template0 encoding 'UTF8'`)
  ownerUrl = databaseUrl(serverUrl, name)
  directory = await mkdtemp(join(tmpdir(), 'casebook-migrations-'))
  await cp(fileURLToPath(new URL('./migrations/', import.meta.url)), directory, { recursive: true })
})
afterEach(async () => {
  await onServer(serverUrl, `drop database if exists ${name} with (force)`)
  await rm(directory, { recursive: true, force: true })
})

const run = () => migrate(ownerUrl, { appRolePassword, directory })
const addFile = (file: string, sql: string) => writeFile(join(directory, file), sql)
async function rowsOf<Row>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows as Row[]
  } finally {
    await client.end()
  }
}

describe('migrate', () => {
  it('runs every file once, in order, and gives the URL of a role that can sign in', async () => {
    const first = await run()
    expect(first.applied).toEqual(shipped.map((file) => file.name))
    expect(await rowsOf(first.appUrl, 'select current_user::text as who')).toEqual([
      { who: appRole },
    ])
    expect(await run()).toEqual({ applied: [], appUrl: first.appUrl })
    expect(
      await rowsOf(ownerUrl, 'select name, sha256 from casebook.migration order by 1'),
    ).toEqual(shipped.map(({ name, sha256 }) => ({ name, sha256 })))
  })

  it('lets two starts at once both succeed, one of them with nothing to do', async () => {
    const results = await Promise.all([run(), run(), run()])
    expect(results.map((result) => result.applied.length).sort()).toEqual([0, 0, shipped.length])
  })

  it('installs the job queue for the runtime role, which cannot make schemas afterwards', async () => {
    const { appUrl } = await run()
    await rowsOf(appUrl, `select graphile_worker.add_job('mail', '{}')`)
    await expect(rowsOf(appUrl, 'create schema mine')).rejects.toMatchObject({ code: '42501' })
  })

  it('runs a new file, and keeps nothing of a file that fails', async () => {
    await run()
    await addFile('0805_more.sql', 'create table casebook.more (a int)')
    expect((await run()).applied).toEqual(['0805_more.sql'])
    await addFile('0806_broken.sql', 'create table casebook.half (a int);\nselect * from nowhere')
    await expect(run()).rejects.toMatchObject({
      problem: 'file-failed',
      message: expect.stringMatching(/^0806_broken\.sql:2: relation "nowhere" does not exist$/),
    })
    expect(await rowsOf(ownerUrl, `select to_regclass('casebook.half') as half`)).toEqual([
      { half: null },
    ])
  })

  it('refuses a database of a newer version', async () => {
    await addFile('0809_later.sql', 'select 1')
    await run()
    await rm(join(directory, '0809_later.sql'))
    await expect(run()).rejects.toMatchObject({ problem: 'database-newer' })
  })

  it('refuses a file that was edited, was taken away, or comes too late', async () => {
    await run()
    const file = join(directory, '0004_allocation.sql')
    const original = await readFile(file, 'utf8')
    await writeFile(file, original.replaceAll('\n', '\r\n'))
    expect((await run()).applied).toEqual([])
    await appendFile(file, '-- one more remark\n')
    await expect(run()).rejects.toMatchObject({ problem: 'file-edited' })
    await writeFile(file, original)
    await addFile('0003_again.sql', 'select 1')
    await expect(run()).rejects.toMatchObject({ problem: 'out-of-order' })
    await rm(join(directory, '0003_again.sql'))
    await rm(join(directory, '0002_audit.sql'))
    await expect(run()).rejects.toMatchObject({ problem: 'file-unknown' })
  })

  it('refuses to migrate as the runtime role', async () => {
    const { appUrl } = await run()
    await expect(migrate(appUrl, { appRolePassword })).rejects.toMatchObject({
      problem: 'not-the-owner',
    })
  })

  it('works for an owner who is no superuser, and tells one who may not what is needed', async () => {
    const owner = `casebook_test_owner_${randomBytes(4).toString('hex')}`
    const password = 'owner-password'
    await onServer(serverUrl, `create role ${owner} login password '${password}'`)
    try {
      const url = urlAs(ownerUrl, owner, password)
      await expect(migrate(url, { appRolePassword })).rejects.toMatchObject({
        problem: 'not-the-owner',
        message: expect.stringContaining('grant casebook_owner'),
      })
      await onServer(serverUrl, `grant casebook_owner to ${owner}`)
      await onServer(serverUrl, `alter database ${name} owner to ${owner}`)
      expect((await migrate(url, { appRolePassword })).applied).toHaveLength(shipped.length)
    } finally {
      await onServer(serverUrl, `drop database if exists ${name} with (force)`)
      await onServer(serverUrl, `drop role ${owner}`)
    }
  })
})

describe('urlAs', () => {
  it('names another role, also where the URL is a socket', () => {
    expect(urlAs('postgres://a:b@db:5432/c', 'x', 'p@ss')).toBe('postgres://x:p%40ss@db:5432/c')
    expect(urlAs('postgres:///c?host=/run', 'x', 'y')).toBe(
      'postgres:///c?host=%2Frun&user=x&password=y',
    )
  })
})
