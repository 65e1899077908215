import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { rm, stat, truncate } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { Client } from 'pg'
import { type Binaries, usableBinaries } from './binaries.ts'
import {
  asUser,
  codeOf,
  initialise,
  type Place,
  passwordOf,
  preparePlace,
  refuseOtherVersion,
  run,
  SUPERUSER,
} from './cluster.ts'
import { EmbeddedServerError } from './embedded-error.ts'
import { connect, isAlive, isPostgresOf, pause, readPostmaster, waitForExit } from './postmaster.ts'

// The embedded PostgreSQL: initdb and postgres from npm, started here rather than by the package's
// own wrapper, because that one cannot run as root, cannot run from a folder that is closed to
// others, and leaves an orphan behind a killed Node which it then cannot start beside.
//
// Who owns a data folder is decided inside the database: the one launcher that holds the advisory
// lock. The lock falls with its connection, so a killed launcher never leaves a stale lock, and
// its orphaned PostgreSQL is simply taken over by the next start.

const LAUNCHER_LOCK = 720_901_443
const READY_WITHIN = 300_000
const STOP_WITHIN = 60_000

export interface EmbeddedOptions {
  /** Folder for everything the server keeps: data, password, log. Made when missing. */
  directory: string
  /** TCP port on 127.0.0.1; a free one is chosen when absent. */
  port?: number
  /** Database that `ownerUrl` names, made when missing. Default `casebook`. */
  database?: string
  /** False gives up crash safety for speed. For tests only. Default true. */
  durable?: boolean
  /** Stop the server when this process gets SIGINT, SIGTERM or SIGHUP. Default true. */
  handleSignals?: boolean
  /** Called when the server ends although nobody here stopped it. */
  onLost?: () => void
}

export interface EmbeddedServer {
  /** Superuser URL: for migrations and administration, never for the running application. */
  ownerUrl: string
  port: number
  /** Where the data really live: `directory`, unless the user of PostgreSQL cannot reach that. */
  home: string
  /** Fast shutdown: sessions are ended, data are flushed. Safe to call more than once. */
  stop(): Promise<void>
}

/**
 * Starts PostgreSQL on a data folder, making the folder on first use, and returns once it answers.
 * A server that is still running there without a launcher (its Node was killed) is taken over.
 * @throws EmbeddedServerError in one line with the remedy; problem `in-use` when another launcher
 *   runs on the same folder.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const durable = options.durable ?? true
  const place = await preparePlace(resolve(options.directory))
  const binaries = await usableBinaries(place.home, place.uid)
  const password = await passwordOf(place.home)
  await initialise(place, binaries, password, durable)
  await refuseOtherVersion(place.data, binaries.major)

  const { port, pid, lock } = await runningServer(place, binaries, password, durable, options.port)
  const database = options.database ?? 'casebook'
  await createDatabase(lock, database)

  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= (async () => {
      for (const signal of SIGNALS) process.off(signal, onSignal)
      process.off('exit', onExit)
      await stopServer(pid, place, binaries)
      await lock.end().catch(() => undefined)
      if (!durable && place.relocated) await rm(place.home, { recursive: true, force: true })
    })()
    return stopping
  }
  const onExit = () => {
    if (isAlive(pid)) process.kill(pid, 'SIGINT')
  }
  const onSignal = (signal: NodeJS.Signals) => {
    void stop().finally(() => {
      // With nobody else listening the signal must still end the process, as it would have.
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
    })
  }
  process.on('exit', onExit)
  if (options.handleSignals ?? true) for (const signal of SIGNALS) process.on(signal, onSignal)
  lock.on('end', () => {
    if (!stopping) options.onLost?.()
  })
  return { ownerUrl: urlOf(password, port, database), port, home: place.home, stop }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

async function runningServer(
  place: Place,
  binaries: Binaries,
  password: string,
  durable: boolean,
  wishedPort: number | undefined,
): Promise<{ pid: number; port: number; lock: Client }> {
  const end = Date.now() + READY_WITHIN
  for (;;) {
    const before = await readPostmaster(place.data)
    if (before && (await isPostgresOf(before.pid, place.data))) {
      const taken = await takeOver(before.pid, before.port, password, place)
      if (taken) return taken
      if (Date.now() > end) throw new EmbeddedServerError('failed', notReady(place))
      await pause(50)
      continue
    }
    // PostgreSQL itself refuses to start while the number in the file belongs to any process.
    if (before && isAlive(before.pid)) await rm(join(place.data, 'postmaster.pid'), { force: true })
    const port = wishedPort ?? (await freePort())
    const started = await launch(place, binaries, port, durable, password)
    if (typeof started === 'object') return started
    if (started === 'port-taken' && wishedPort !== undefined) {
      throw new EmbeddedServerError(
        'failed',
        `Port ${port} for the embedded database is taken: free it or choose another.`,
      )
    }
    if (Date.now() > end) throw new EmbeddedServerError('failed', notReady(place))
    await pause(100)
  }
}

/** The lock on a server that already runs; nothing while it is still starting or stopping. */
async function takeOver(
  pid: number,
  port: number,
  password: string,
  place: Place,
): Promise<{ pid: number; port: number; lock: Client } | undefined> {
  if (port === 0) return undefined
  const client = await connect(urlOf(password, port, 'postgres'))
  if (client instanceof Client) {
    if (await holdsLock(client)) return { pid, port, lock: client }
    await client.end().catch(() => undefined)
    throw inUse(place)
  }
  if (codeOf(client) === '28P01') {
    throw new EmbeddedServerError(
      'not-ours',
      `A PostgreSQL with another password runs on ${place.data}: stop process ${pid}, or set CASEBOOK_DATA to another folder.`,
    )
  }
  return undefined
}

/** Starts postgres and waits until it answers; a word when the attempt may be repeated. */
async function launch(
  place: Place,
  binaries: Binaries,
  port: number,
  durable: boolean,
  password: string,
): Promise<{ pid: number; port: number; lock: Client } | 'port-taken' | 'busy'> {
  const log = join(place.home, 'postgres.log')
  const size = await stat(log).then(
    (found) => found.size,
    () => 0,
  )
  if (size > 20_000_000) await truncate(log)
  const from = size > 20_000_000 ? 0 : size
  const file = openSync(log, 'a', 0o600)
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'timezone=UTC',
    'log_timezone=UTC',
    'lc_messages=C',
    ...(durable
      ? ['fsync=on', 'synchronous_commit=on', 'full_page_writes=on']
      : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
  ]
  let child: ChildProcess
  try {
    // Detached: Ctrl-C reaches the whole foreground group, and the database must be the last to go.
    child = spawn(
      binaries.postgres,
      ['-D', place.data, ...settings.flatMap((setting) => ['-c', setting])],
      { ...asUser(place.uid), cwd: place.home, detached: true, stdio: ['ignore', file, file] },
    )
  } finally {
    closeSync(file)
  }
  let ended: string | undefined
  child.once('exit', (code, signal) => {
    ended = `exit ${code ?? signal}`
  })
  child.once('error', (error) => {
    ended = error.message
  })
  child.unref()

  const end = Date.now() + READY_WITHIN
  while (ended === undefined && Date.now() < end) {
    const client = await connect(urlOf(password, port, 'postgres'))
    if (client instanceof Client && child.pid !== undefined) {
      if (ended === undefined && (await holdsLock(client))) {
        return { pid: child.pid, port, lock: client }
      }
      await client.end().catch(() => undefined)
      throw inUse(place)
    }
    await pause(20)
  }
  if (ended === undefined && child.pid !== undefined) process.kill(child.pid, 'SIGINT')

  const said = readFileSync(log, 'utf8').slice(from)
  if (/Address already in use/i.test(said)) return 'port-taken'
  if (/lock file .* already exists|shared memory block .* still in use/i.test(said)) return 'busy'
  throw new EmbeddedServerError(
    'failed',
    `The embedded database did not start (${fatalLine(said) ?? ended ?? 'no answer'}): see ${log}.`,
  )
}

async function holdsLock(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>(
    'select pg_try_advisory_lock($1::bigint) as held',
    [LAUNCHER_LOCK],
  )
  return rows[0]?.held === true
}

async function createDatabase(client: Client, name: string): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name])
  if (rowCount === 0) await client.query(`create database "${name.replaceAll('"', '""')}"`)
}

async function stopServer(pid: number, place: Place, binaries: Binaries): Promise<void> {
  if (!isAlive(pid)) return
  if (process.platform === 'win32') {
    await run(binaries.pgCtl, ['stop', '-D', place.data, '-m', 'fast'], place.uid, place.home)
  } else {
    process.kill(pid, 'SIGINT')
  }
  if (await waitForExit(pid, STOP_WITHIN)) return
  process.kill(pid, 'SIGQUIT')
  await waitForExit(pid, 5_000)
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer()
    probe.once('error', fail)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address ? address.port : 0
      probe.close(() => done(port))
    })
  })
}

function urlOf(password: string, port: number, database: string): string {
  return `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`
}

function inUse(place: Place): EmbeddedServerError {
  return new EmbeddedServerError(
    'in-use',
    `Casebook already runs on the data folder ${place.home}: stop it first, or set CASEBOOK_DATA to another folder.`,
  )
}

function notReady(place: Place): string {
  return `The embedded database does not become ready: see ${join(place.home, 'postgres.log')}.`
}

function fatalLine(text: string): string | undefined {
  return text.split('\n').findLast((line) => /\b(FATAL|PANIC|error)\b/i.test(line))
}
