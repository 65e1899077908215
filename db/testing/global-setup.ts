/**
 * One PostgreSQL for a run of the database tests and one migrated template in it. `TEST_DATABASE_URL` (a superuser of a
 * server that may be written to) takes the place of the embedded server; only databases made here are dropped.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '#db/embedded/server.ts'
import { migrate } from '#db/migrate.ts'

export const testAppPassword = 'casebook-test'

export type TestServer = { serverUrl: string; template: string }

declare module 'vitest' {
  interface ProvidedContext {
    testServer: TestServer
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL
  const server = given ? { serverUrl: given, stop: async () => {} } : await temporaryServer()
  const template = `casebook_template_${randomBytes(6).toString('hex')}`
  await onServer(server.serverUrl, `create database ${template} template template0 encoding 'UTF8'`)
  await migrate(databaseUrl(server.serverUrl, template), { appRolePassword: testAppPassword })
  project.provide('testServer', { serverUrl: server.serverUrl, template })
  return async () => {
    if (given) await onServer(given, `drop database if exists ${template} with (force)`)
    await server.stop()
  }
}

async function temporaryServer(): Promise<{ serverUrl: string; stop(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'casebook-test-'))
  const server = await startEmbedded({ directory, durable: false })
  return {
    serverUrl: server.ownerUrl,
    stop: async () => {
      await server.stop()
      if (server.home !== directory) await rm(server.home, { recursive: true, force: true })
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** The same server, another database. */
export function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${database}`
  return url.toString()
}

/** One statement outside any transaction. */
export async function onServer(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
