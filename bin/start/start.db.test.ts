import { spawn } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { startEmbedded } from '#db/embedded/server.ts'
import { migrate } from '#db/migrate.ts'
import { ownDatabase, requireVersion, withClient } from './database.ts'
import { clearDemo } from './demo.ts'

// What ends a start before anything is built: each is the real command, one line and exit status 1.

let data: string
let busy: Server | undefined

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'casebook-start-'))
  await chmod(data, 0o755)
})

afterEach(async () => {
  await new Promise<void>((done) => (busy ? busy.close(() => done()) : done()))
  busy = undefined
  await rm(data, { recursive: true, force: true, maxRetries: 5 })
})

interface Outcome {
  status: number | null
  error: string
}

/** Runs `node bin/start.mjs` to its end; `loader` is a module that runs before it. */
function start(env: Record<string, string>, words: string[] = [], loader = ''): Promise<Outcome> {
  const preload = loader ? ['--import', `data:text/javascript,${encodeURIComponent(loader)}`] : []
  const child = spawn(process.execPath, [...preload, 'bin/start.mjs', ...words], {
    env: {
      NODE_ENV: 'production',
      PATH: process.env.PATH,
      CASEBOOK_DATA: data,
      CASEBOOK_DEMO: '0',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let error = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    error += text
  })
  return new Promise((done) => child.once('close', (status) => done({ status, error })))
}

function refusal(line: RegExp): unknown {
  return { status: 1, error: expect.stringMatching(new RegExp(`^${line.source}\\n$`)) }
}

async function listen(): Promise<number> {
  busy = createServer()
  await new Promise<void>((done) => busy?.listen(0, '127.0.0.1', done))
  return (busy.address() as { port: number }).port
}

test('a Node that is too old is told before anything else', async () => {
  const older = `Object.defineProperty(process.versions, 'node', { value: '18.20.4' })`
  expect(await start({}, [], older)).toEqual(
    refusal(/Casebook needs Node 20\.19 or newer and this is 18\.20\.4: install .*/),
  )
})

test('a port that is taken, and the database is stopped again', async () => {
  const port = await listen()
  expect(await start({ PORT: String(port) })).toEqual(
    refusal(new RegExp(`Port ${port} is taken: stop .* PORT=${port + 1} npm start\\.`)),
  )
  const left = await stat(join(data, 'postgres', 'data', 'postmaster.pid')).catch(() => 'none')
  expect(left).toBe('none')
})

test('a folder that cannot be written', async () => {
  const file = join(data, 'file')
  await writeFile(file, '')
  expect(await start({ CASEBOOK_DATA: join(file, 'inside') })).toEqual(
    refusal(/The data folder .* cannot be written \(ENOTDIR\): .* CASEBOOK_DATA .*/),
  )
})

test('a second start on the same folder', async () => {
  const first = await startEmbedded({
    directory: join(data, 'postgres'),
    durable: false,
    handleSignals: false,
  })
  try {
    expect(await start({})).toEqual(refusal(/Casebook already runs on the data folder .*: stop .*/))
  } finally {
    await first.stop()
  }
})

test('a database that is not there, and none of its password in the message', async () => {
  const port = await listen()
  await new Promise((done) => busy?.close(done))
  const outcome = await start({ DATABASE_URL: `postgres://me:hush-hush@127.0.0.1:${port}/x` })
  expect(outcome).toEqual(
    refusal(/The database at 127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\): .*/),
  )
  expect(outcome.error).not.toContain('hush')
})

test('a database address that is none, a port that is none, an option that is none', async () => {
  const [address, port, option] = await Promise.all([
    start({ DATABASE_URL: 'mysql://me:hush-hush@db/x' }),
    start({ PORT: 'http' }),
    start({}, ['--rest-demo']),
  ])
  expect(address).toEqual(refusal(/DATABASE_URL is no PostgreSQL address: write .*/))
  expect(port).toEqual(refusal(/PORT=http is no port: use a number from 1 to 65535\./))
  expect(option).toEqual(refusal(/Unknown option --rest-demo: known are --reset-demo and --dev\./))
})

test('a database that a newer Casebook has migrated', async () => {
  const server = await startEmbedded({ directory: join(data, 'postgres'), handleSignals: false })
  await migrate(server.ownerUrl, { appRolePassword: 'password-of-this-test' })
  await withClient(server.ownerUrl, (client) =>
    client.query(`insert into casebook.migration (name, sha256) values ('9999_later.sql', 'x')`),
  )
  await server.stop()
  expect(await start({})).toEqual(
    refusal(/The database was migrated by a newer Casebook \(9999_later\.sql\)\. .*/),
  )
})

test('the session secret is made once, for this user alone', async () => {
  const port = await listen()
  await start({ PORT: String(port) })
  const secret = await readFile(join(data, 'secret'), 'utf8')
  expect(secret.trim().length).toBeGreaterThanOrEqual(64)
  expect((await stat(join(data, 'secret'))).mode & 0o777).toBe(0o600)
  await start({ PORT: String(port) })
  expect(await readFile(join(data, 'secret'), 'utf8')).toBe(secret)
})

test('a database of ours that does not exist yet is made; a wrong password is refused', async () => {
  const url = new URL(inject('testServer').serverUrl)
  url.pathname = `/casebook_made_${process.pid}`
  try {
    const made = await ownDatabase(url.href)
    expect(made.description).toMatch(/^database casebook_made_\d+ at .* \(PostgreSQL \d+\)$/)
    const { rows } = await withClient(made.ownerUrl, (client) =>
      client.query<{ encoding: string }>(`select current_setting('server_encoding') as encoding`),
    )
    expect(rows).toEqual([{ encoding: 'UTF8' }])
  } finally {
    await withClient(inject('testServer').serverUrl, (client) =>
      client.query(`drop database if exists ${client.escapeIdentifier(url.pathname.slice(1))}`),
    )
  }
  url.password = 'wrong'
  await expect(ownDatabase(url.href)).rejects.toThrow(/refuses the user or password .* \(28P01\)/)
})

test.each([
  [13, false],
  [14, true],
  [18, true],
  [19, false],
])('PostgreSQL %i: accepted is %s', (major, isAccepted) => {
  const check = () => requireVersion('db', { major, text: `${major}.1` })
  if (isAccepted) expect(check).not.toThrow()
  else expect(check).toThrow(/Casebook works with 14 to 18; point DATABASE_URL .*/)
})

test('--reset-demo empties a demo, and refuses a database with anybody else in it', async () => {
  const server = await startEmbedded({
    directory: join(data, 'postgres'),
    durable: false,
    handleSignals: false,
  })
  try {
    const addUser = (isDemo: boolean) =>
      withClient(server.ownerUrl, async (client) => {
        await client.query(`select set_config('app.actor', 'system', false)`)
        await client.query(
          `insert into casebook.app_user (user_id, user_name, display_name, is_demo)
           values (gen_random_uuid(), $1, 'Somebody', $2)`,
          [isDemo ? 'demo' : 'real', isDemo],
        )
      })
    await clearDemo(server.ownerUrl)
    await migrate(server.ownerUrl, { appRolePassword: 'password-of-this-test' })
    await addUser(true)
    await clearDemo(server.ownerUrl)
    const left = await withClient(server.ownerUrl, (client) =>
      client.query(`select to_regclass('casebook.app_user') as found`),
    )
    expect(left.rows).toEqual([{ found: null }])

    await migrate(server.ownerUrl, { appRolePassword: 'password-of-this-test' })
    await addUser(false)
    await expect(clearDemo(server.ownerUrl)).rejects.toThrow(/holds work that is not the demo/)
  } finally {
    await server.stop()
  }
})
