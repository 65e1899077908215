import { randomBytes } from 'node:crypto'
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterEach, beforeEach, expect, inject, it } from 'vitest'
import { verifyAudit } from './audit-verify.ts'
import { migrate } from './migrate.ts'
import { databaseUrl, onServer, testAppPassword } from './testing/global-setup.ts'

const { serverUrl } = inject('testServer')
let name: string
let directory: string
let client: pg.Client
beforeEach(async () => {
  name = `casebook_test_${randomBytes(6).toString('hex')}`
  await onServer(serverUrl, `create database ${name} template template0 encoding 'UTF8'`)
  directory = await mkdtemp(join(tmpdir(), 'casebook-migrations-'))
  await cp(fileURLToPath(new URL('./migrations/', import.meta.url)), directory, { recursive: true })
  client = new pg.Client({ connectionString: databaseUrl(serverUrl, name) })
})
afterEach(async () => {
  await client.end()
  await onServer(serverUrl, `drop database if exists ${name} with (force)`)
  await rm(directory, { recursive: true, force: true })
})

const ids = {
  study: '00000000-0000-4000-8000-000000000001',
  site: '00000000-0000-4000-8000-000000000002',
}
const subject = (number: number) => `00000000-0000-4000-8000-0000000001${number}0`

it('gives withdrawals from before the day on which they were recorded, in the trail too', async () => {
  for (const file of await readdir(directory)) {
    if (file >= '0017') await rm(join(directory, file))
  }
  const url = databaseUrl(serverUrl, name)
  await migrate(url, { appRolePassword: testAppPassword, directory })
  await client.connect()
  const acts = async (command: string, text: string) => {
    await client.query(
      `begin; select set_config('app.actor', 'system', true), set_config('app.command', '${command}', true);
       ${text}; commit`,
    )
  }
  await acts(
    '',
    `insert into casebook.study (study_id, oid, name, title) values ('${ids.study}', 'OLD', '{}', '{}');
     insert into casebook.site (study_id, site_id, code, name) values ('${ids.study}', '${ids.site}', '01', 'One')`,
  )
  const states = ['screening', 'randomised', 'randomised', 'randomised']
  for (const [at, state] of states.entries()) {
    await acts(
      'subject.screen',
      `insert into casebook.subject (study_id, subject_id, site_id, subject_key, sequence, state, version_number)
       values ('${ids.study}', '${subject(at)}', '${ids.site}', '01-00${at}', ${at + 1}, '${state}', 1)`,
    )
  }
  const become = (at: number, state: string, command: string) =>
    acts(
      command,
      `update casebook.subject set state = '${state}' where subject_id = '${subject(at)}'`,
    )
  await become(1, 'withdrawn', 'subject.withdraw')
  await become(2, 'withdrawn', 'form.save')
  await become(3, 'withdrawn', 'subject.withdraw')
  await become(3, 'dead', 'form.save')

  const { applied } = await migrate(url, { appRolePassword: testAppPassword })
  expect(applied).toContain('0017_withdrawals_and_readings.sql')
  const { rows } = await client.query<{ day: string }>(
    `select to_char(max(at) at time zone 'UTC', 'YYYY-MM-DD') as day from casebook.audit_record
     where command = 'subject.withdraw'`,
  )
  const day = rows[0]?.day
  const found = await client.query(
    `select state, recorded_withdrawal::text as recorded, withdrawn_on::text as day from casebook.subject order by sequence`,
  )
  expect(found.rows).toEqual([
    { state: 'screening', recorded: null, day: null },
    { state: 'withdrawn', recorded: day, day },
    { state: 'withdrawn', recorded: null, day },
    { state: 'dead', recorded: day, day },
  ])
  const trail = await client.query(
    `select actor_name as who, action, command, changes from casebook.audit_record
     where changes ? 'withdrawn_on' and subject_id = '${subject(2)}'`,
  )
  expect(trail.rows).toEqual([
    { who: 'system', action: 'update', command: null, changes: { withdrawn_on: [null, day] } },
  ])
  expect((await verifyAudit(url)).findings).toEqual([])
  await expect(become(0, 'withdrawn', 'subject.withdraw')).rejects.toMatchObject({ code: '23514' })
})
