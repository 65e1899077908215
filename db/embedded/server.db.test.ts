import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { installedPackage, usableBinaries } from './binaries.ts'
import { isAlive } from './postmaster.ts'
import { type EmbeddedServer, startEmbedded } from './server.ts'

let directory: string
let running: EmbeddedServer[]
let launchers: ChildProcess[]

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'casebook-embedded-'))
  await chmod(directory, 0o755)
  running = []
  launchers = []
})

afterEach(async () => {
  for (const launcher of launchers) launcher.kill('SIGKILL')
  for (const server of running) await server.stop()
  const pid = await postmasterPid().catch(() => undefined)
  if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGQUIT')
  await rm(directory, { recursive: true, force: true, maxRetries: 5 })
})

async function start(options: { durable?: boolean; onLost?: () => void } = {}) {
  const server = await startEmbedded({ directory, handleSignals: false, ...options })
  running.push(server)
  return server
}

async function ask<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function postmasterPid(): Promise<number> {
  const text = await readFile(join(directory, 'data', 'postmaster.pid'), 'utf8')
  return Number(text.split('\n')[0])
}

/** A launcher in a process of its own, which can be killed; resolves once its server answers. */
async function launchElsewhere(): Promise<ChildProcess> {
  const program = `
    import { startEmbedded } from ${JSON.stringify(new URL('./server.ts', import.meta.url).href)}
    await startEmbedded({ directory: ${JSON.stringify(directory)} })
    process.stdout.write('ready')
    setInterval(() => {}, 1000)`
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', program],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  launchers.push(child)
  await once(child.stdout, 'data')
  return child
}

test('a cold start makes a database that only the password opens, durable and in UTC', async () => {
  const server = await start()
  const settings = await ask<{ name: string; setting: string }>(
    server.ownerUrl,
    `select name, setting from pg_settings
     where name in ('fsync', 'synchronous_commit', 'TimeZone', 'server_encoding', 'listen_addresses')`,
  )
  expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
    fsync: 'on',
    synchronous_commit: 'on',
    TimeZone: 'UTC',
    server_encoding: 'UTF8',
    listen_addresses: '127.0.0.1',
  })
  const [identity] = await ask<{ database: string; superuser: string }>(
    server.ownerUrl,
    `select current_database() as database, current_setting('is_superuser') as superuser`,
  )
  expect(identity).toEqual({ database: 'casebook', superuser: 'on' })

  const wrong = new URL(server.ownerUrl)
  wrong.password = 'guess'
  await expect(ask(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' })
  expect((await stat(join(directory, 'password'))).mode & 0o777).toBe(0o600)
})

test('text sorts by code point, whatever the machine is set to', async () => {
  const { ownerUrl } = await start({ durable: false })
  const rows = await ask<{ word: string }>(
    ownerUrl,
    `select word from (values ('b'), ('B'), ('a'), ('é'), ('A')) as t(word) order by word`,
  )
  expect(rows.map((row) => row.word)).toEqual(['A', 'B', 'a', 'b', 'é'])
})

test('a warm start keeps the data', async () => {
  const first = await start()
  await ask(first.ownerUrl, 'create table kept as select 42 as value')
  await first.stop()
  await expect(ask(first.ownerUrl, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })

  const second = await start()
  expect(await ask(second.ownerUrl, 'select value from kept')).toEqual([{ value: 42 }])
})

test('stopping ends sessions that are still open, and may be asked twice', async () => {
  const server = await start()
  const pid = await postmasterPid()
  const open = new Client({ connectionString: server.ownerUrl })
  const ended = new Promise<Error>((done) => open.on('error', done))
  await open.connect()
  await Promise.all([server.stop(), server.stop()])
  expect((await ended).message).toMatch(/terminat/i)
  expect(isAlive(pid)).toBe(false)
})

test('after kill -9 of PostgreSQL the next start has every committed row, and the loss is told', async () => {
  let lost = 0
  const first = await start({ onLost: () => lost++ })
  await ask(first.ownerUrl, 'create table kept as select generate_series(1, 500) as value')
  process.kill(await postmasterPid(), 'SIGKILL')

  const second = await start()
  expect(await ask(second.ownerUrl, 'select count(*)::int as n from kept')).toEqual([{ n: 500 }])
  expect(lost).toBe(1)
})

test('a number in postmaster.pid that now belongs to another process is not in the way', async () => {
  const first = await start()
  await first.stop()
  const stale = `${process.pid}\n${join(directory, 'data')}\n1700000000\n5432\n\n127.0.0.1\n\nready   \n`
  await writeFile(join(directory, 'data', 'postmaster.pid'), stale)

  const second = await start()
  expect(await ask(second.ownerUrl, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('a second start on the same folder is refused and leaves the first alone', async () => {
  const first = await start()
  await expect(start()).rejects.toMatchObject({
    problem: 'in-use',
    message: expect.stringMatching(/already runs on the data folder .*: stop it first/),
  })
  expect(await ask(first.ownerUrl, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('of two first starts at the same moment exactly one wins', async () => {
  const outcomes = await Promise.allSettled([start(), start()])
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
  expect(refused.map((outcome) => outcome.reason.problem)).toEqual(['in-use'])
})

test('the server of a killed launcher is taken over, and stopped with its new owner', async () => {
  const launcher = await launchElsewhere()
  await expect(start()).rejects.toMatchObject({ problem: 'in-use' })
  launcher.kill('SIGKILL')
  await once(launcher, 'exit')
  const orphan = await postmasterPid()
  expect(isAlive(orphan)).toBe(true)

  const server = await start()
  expect(await postmasterPid()).toBe(orphan)
  expect(await ask(server.ownerUrl, 'select 1 as one')).toEqual([{ one: 1 }])
  await server.stop()
  expect(await stat(join(directory, 'data', 'postmaster.pid')).catch(() => 'gone')).toBe('gone')
})

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s to the launcher shuts the database down',
  async (signal) => {
    const launcher = await launchElsewhere()
    const pid = await postmasterPid()
    launcher.kill(signal)
    const [, killedBy] = (await once(launcher, 'exit')) as [number | null, string | null]
    expect(killedBy).toBe(signal)
    expect(isAlive(pid)).toBe(false)
    const log = await readFile(join(directory, 'postgres.log'), 'utf8')
    expect(log).toContain('database system is shut down')
  },
)

test('data of another major version are refused with the remedy', async () => {
  const first = await start()
  await first.stop()
  await writeFile(join(directory, 'data', 'PG_VERSION'), '12\n')
  await expect(start()).rejects.toMatchObject({
    problem: 'wrong-version',
    message: expect.stringMatching(/made by PostgreSQL 12 .* CASEBOOK_DATA/),
  })
})

test('a folder that cannot be made is refused with the remedy', async () => {
  const file = join(directory, 'file')
  await writeFile(file, '')
  await expect(startEmbedded({ directory: join(file, 'inside') })).rejects.toMatchObject({
    problem: 'not-writable',
    message: expect.stringMatching(/CASEBOOK_DATA/),
  })
})

if (process.getuid?.() === 0) {
  test('as root, under a folder closed to others, the data go where PostgreSQL can reach', async () => {
    const closed = join(directory, 'closed')
    await mkdir(closed, { mode: 0o700 })
    const options = { directory: join(closed, 'data'), handleSignals: false }
    const first = await startEmbedded(options)
    running.push(first)
    try {
      await ask(first.ownerUrl, 'create table kept as select 7 as value')
      await first.stop()
      const second = await startEmbedded(options)
      running.push(second)
      expect(second.home).toBe(first.home)
      expect(await ask(second.ownerUrl, 'select value from kept')).toEqual([{ value: 7 }])
      await second.stop()
    } finally {
      if (first.home.startsWith('/var/lib/casebook/')) await rm(first.home, { recursive: true })
    }
  })
}

test('programs that cannot be read where they lie, or lack their links, are copied and run', async () => {
  const uid = process.getuid?.() === 0 ? 65_534 : undefined
  const source = join(directory, 'installed')
  const { native } = await installedPackage()
  await cp(native, join(source, 'native'), { recursive: true, verbatimSymlinks: true })
  for (const name of await readdir(join(source, 'native', 'lib'), { withFileTypes: true })) {
    if (name.isSymbolicLink()) await rm(join(source, 'native', 'lib', name.name))
  }
  await chmod(join(source, 'native', 'lib'), 0o555)
  await chmod(source, uid === undefined ? 0o755 : 0o700)

  const { postgres } = await usableBinaries(join(directory, 'cache'), uid, {
    native: join(source, 'native'),
    version: '18.4.0',
  }).finally(() => chmod(join(source, 'native', 'lib'), 0o755))
  const { stdout } = await promisify(execFile)(postgres, ['--version'], {
    cwd: directory,
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  expect(stdout).toContain('PostgreSQL) 18')
  expect(postgres).toContain(join(directory, 'cache'))
})
