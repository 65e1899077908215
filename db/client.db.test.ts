import { is } from 'drizzle-orm'
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databasePool, inTransaction, SilentRollback } from './client.ts'
import { databaseError, mayRetry } from './errors.ts'
import * as allocation from './schema/allocation.ts'
import * as attestation from './schema/attestation.ts'
import * as audit from './schema/audit.ts'
import * as form from './schema/form.ts'
import * as identity from './schema/identity.ts'
import * as operation from './schema/operation.ts'
import * as query from './schema/query.ts'
import * as study from './schema/study.ts'
import * as subject from './schema/subject.ts'
import { aStudy, asSystem } from './seed/build.ts'
import { type TestDatabase, testDatabase } from './testing/test-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

const read = (text: string, settings = {}) =>
  inTransaction(database.pool, { actor: 'system', ...settings }, (tx) => tx.query(text))

describe('inTransaction', () => {
  it('tells the database its settings, quoted, for this transaction only', async () => {
    const reason = `it's "5 > 3" \\ 理由 ; select 1`
    const settings = {
      actor: 'anonymous',
      role: 'monitor',
      studyId: '0192a000-0000-7000-8000-000000000001',
      siteIds: ['0192a000-0000-7000-8000-000000000002', '0192a000-0000-7000-8000-000000000003'],
      reason: `${reason}\0`,
      command: 'query.raise',
      version: 3,
    }
    const pool = databasePool(database.url, { max: 1 })
    const shown = (name: string) => `current_setting('app.${name}', true) as ${name}`
    const text = `select ${['actor', 'role', 'study', 'sites', 'reason', 'command', 'version'].map(shown).join(', ')}`
    const [inside] = await inTransaction(pool, settings, (tx) => tx.query(text))
    expect(inside).toEqual({
      actor: 'anonymous',
      role: 'monitor',
      study: settings.studyId,
      sites: settings.siteIds.join(','),
      reason,
      command: 'query.raise',
      version: '3',
    })
    const after = await pool.query(text)
    expect(Object.values(after.rows[0]).every((value) => value === '')).toBe(true)
    const [all] = await inTransaction(pool, { actor: 'system', siteIds: null }, (tx) =>
      tx.query(text),
    )
    expect(all).toMatchObject({ sites: '*', study: '' })
    await pool.end()
  })

  it('commits what ran, and rolls back what threw', async () => {
    const mark = (id: string, then: () => void) =>
      inTransaction(database.ownerPool, { actor: 'system' }, async (tx) => {
        await tx.query(`insert into casebook.setup_link (token_hash) values ($1)`, [id.repeat(64)])
        then()
      })
    await mark('a', () => undefined)
    await expect(
      mark('b', () => {
        throw new RangeError('on purpose')
      }),
    ).rejects.toThrow(RangeError)
    expect(
      (await read('select left(token_hash, 1) as id from casebook.setup_link')).map(
        (row) => row.id,
      ),
    ).toEqual(['a'])
  })

  it('does not report success when an error inside was swallowed', async () => {
    await expect(
      inTransaction(database.pool, { actor: 'system' }, async (tx) => {
        await tx.query('select 1/0').catch(() => undefined)
        return 'done'
      }),
    ).rejects.toThrow(SilentRollback)
  })

  it('stops a statement that takes too long, and a write when it is read-only', async () => {
    await expect(read('select pg_sleep(5)', { statementTimeout: 50 })).rejects.toMatchObject({
      code: '57014',
    })
    await expect(
      read(`insert into casebook.setup_link (token_hash) values ('x')`, { readOnly: true }),
    ).rejects.toMatchObject({ code: '25006' })
  })

  it('survives a connection that breaks, and uses a new one', async () => {
    const pool = databasePool(database.url, { max: 1 })
    await expect(
      inTransaction(pool, { actor: 'system' }, async (tx) => {
        const [own] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid')
        await database.ownerPool.query('select pg_terminate_backend($1)', [own?.pid])
        await tx.query('select 1')
      }),
    ).rejects.toThrow()
    expect(
      await inTransaction(pool, { actor: 'system' }, (tx) => tx.query('select 1 as one')),
    ).toEqual([{ one: 1 }])
    await pool.end()
  })

  it('gives instants as ISO text with milliseconds and days as text, through drizzle and without', async () => {
    const { studyId } = await aStudy(database.ownerPool)
    await asSystem(database.ownerPool, { studyId }, async (tx) => {
      expect(tx.now).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      const [row] = await tx.query(
        `select '2026-03-29 02:30:00.12+02'::timestamptz as instant, '2026-03-29'::date as day, 7::bigint as n`,
      )
      expect(row).toEqual({ instant: '2026-03-29T00:30:00.120Z', day: '2026-03-29', n: 7 })
      const [made] = await tx.db.select().from(study.study)
      expect(made?.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    })
  })
})

describe('databaseError', () => {
  it('finds the SQLSTATE inside what drizzle wraps', async () => {
    const { studyId, oid } = await aStudy(database.ownerPool)
    const failure = await aStudy(database.ownerPool, { oid }).catch((error: unknown) => error)
    expect(databaseError(failure)).toMatchObject({ code: '23505', constraint: 'study_oid_unique' })
    expect(databaseError(new Error(studyId))).toBeNull()
    expect(mayRetry(Object.assign(new Error(), { code: '40P01' }))).toBe(true)
    expect(mayRetry(failure)).toBe(false)
  })
})

describe('the drizzle tables', () => {
  const modules = [allocation, attestation, audit, form, identity, operation, query, study, subject]
  const tables = modules.flatMap((module) =>
    Object.values(module).filter((value): value is PgTable => is(value, PgTable)),
  )

  it.each(tables.map((table) => [getTableConfig(table).name, table] as const))(
    '%s has the columns of the database: names, types, nulls and defaults',
    async (name, table) => {
      const { rows } = await database.ownerPool.query(
        `select attname as name, format_type(atttypid, atttypmod) as type, attnotnull as "notNull", atthasdef as "hasDefault"
         from pg_attribute where attrelid = ('casebook.' || $1)::regclass and attnum > 0 and not attisdropped order by 1`,
        [name],
      )
      const declared = getTableConfig(table)
        .columns.map((column) => ({
          name: column.name,
          type: column.getSQLType(),
          notNull: column.notNull,
          hasDefault: column.hasDefault,
        }))
        .sort((a, b) => (a.name < b.name ? -1 : 1))
      const settledByTable: Record<string, string[]> = { subject: ['screened_at'] }
      expect(declared).toEqual(
        rows.map((row) =>
          settledByTable[name]?.includes(row.name) ? { ...row, hasDefault: false } : row,
        ),
      )
    },
  )
})
