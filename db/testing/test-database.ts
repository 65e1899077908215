import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { databasePool, type Pool } from '#db/client.ts'
import { appRole, urlAs } from '#db/migrate.ts'
import { databaseUrl, onServer, testAppPassword } from './global-setup.ts'

export type TestDatabase = {
  name: string
  /** As the running application: row security applies, owns nothing. */
  pool: Pool
  /** As the superuser of the test server: row security does not apply, audit triggers do. */
  ownerPool: Pool
  url: string
  ownerUrl: string
  /** Closes both pools, so that the database can be copied. */
  close(): Promise<void>
  /** Closes both pools and drops the database; for `afterAll`. */
  drop(): Promise<void>
}

/**
 * A database of its own for a test file: a copy of the migrated template, empty of studies, or of the database `copyOf`,
 * which must have no open connection. Call it in `beforeAll`.
 */
export async function testDatabase(
  options: { max?: number; copyOf?: string } = {},
): Promise<TestDatabase> {
  const { serverUrl, template } = inject('testServer')
  const name = `casebook_test_${randomBytes(6).toString('hex')}`
  await onServer(serverUrl, `create database ${name} template ${options.copyOf ?? template}`)
  // privileges on the database itself are not part of a template
  await onServer(serverUrl, `grant connect on database ${name} to ${appRole}`)
  const ownerUrl = databaseUrl(serverUrl, name)
  const url = urlAs(ownerUrl, appRole, testAppPassword)
  const pool = databasePool(url, { max: options.max ?? 10, applicationName: 'casebook test' })
  const ownerPool = databasePool(ownerUrl, { max: 5, applicationName: 'casebook test owner' })
  const close = async () => {
    await Promise.all([pool, ownerPool].map((each) => (each.ended ? null : each.end())))
  }
  return {
    name,
    pool,
    ownerPool,
    url,
    ownerUrl,
    close,
    drop: async () => {
      await close()
      await onServer(serverUrl, `drop database if exists ${name} with (force)`)
    },
  }
}
