import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { databasePool } from '#db/client.ts'
import { MigrationError, migrate } from '#db/migrate.ts'
import { buildIfStale } from './build.ts'
import { embeddedDatabase, ownDatabase, type StartedDatabase } from './database.ts'
import { clearDemo, demoAccounts, demoToLoad, loadBefore, loadRest, occupancy } from './demo.ts'
import { Progress } from './progress.ts'
import { reachable, requireFreePort, serve } from './serve.ts'
import {
  appPassword,
  prepareFolder,
  readSettings,
  type Settings,
  sessionSecret,
} from './settings.ts'
import { StartError } from './start-error.ts'
import { finalWords } from './words.ts'

// `npm start`, phase by phase. What a phase starts is put on a stack, and every way out of the process
// (Ctrl-C, SIGTERM, an error, a server that ended) goes down this stack: web server and jobs first, the
// database last.

type Stop = () => Promise<void>

/** Runs the whole start and stays until the person or the system stops it. Sets the exit status. */
export async function start(words: readonly string[]): Promise<void> {
  const progress = new Progress()
  const started: Stop[] = []
  const stopping = new AbortController()
  const stop = () => stopping.abort('asked')
  const lost = () => stopping.abort('lost')
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  // A terminal or npm that is gone must not keep the rest from stopping in order.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  const leave = whenNpmEnds(stop)

  try {
    const settings = readSettings(words, process.env)
    const running = await run(settings, progress, started, stopping.signal, lost)
    const stopped = new Promise<void>((done) => {
      // A signal that came while the last words were made has been and gone: no event follows it.
      if (stopping.signal.aborted) done()
      stopping.signal.addEventListener('abort', () => done())
    })
    await Promise.race([stopped, running.ended])
    if (!stopping.signal.aborted) {
      throw new StartError(`The web server ended by itself: see ${settings.log}.`)
    }
  } catch (error) {
    progress.abandon()
    if (!stopping.signal.aborted) {
      process.exitCode = 1
      const text = error instanceof StartError ? error.message : describe(error)
      process.stderr.write(`${text}\n`)
    }
  }
  if (stopping.signal.reason === 'lost') {
    process.exitCode = 1
    process.stderr.write(
      'The database server ended: see postgres.log in the data folder, then start again.\n',
    )
  }
  leave()
  if (started.length > 0) progress.begin('Stopping')
  for (const end of started.reverse()) await end().catch(() => undefined)
  progress.end()
  process.exit()
}

/** npm passes SIGTERM to its shell alone, which ends without us; a changed parent is how we learn of it. */
function whenNpmEnds(stop: () => void): () => void {
  if (process.env.npm_lifecycle_event === undefined) return () => undefined
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid !== parent) stop()
  }, 200)
  timer.unref()
  return () => clearInterval(timer)
}

async function run(
  settings: Settings,
  progress: Progress,
  started: Stop[],
  stopped: AbortSignal,
  onLost: () => void,
): Promise<{ ended: Promise<void> }> {
  const hold = () => stopped.throwIfAborted()
  const root = process.cwd()
  await prepareFolder(settings.data)
  const secret = await sessionSecret(settings.data, process.env)

  progress.begin('Database')
  const database = await openDatabase(settings, onLost)
  started.push(database.stop)
  progress.end(database.description)
  hold()
  await requireFreePort(settings.host, settings.port)

  if (settings.resetDemo) {
    progress.begin('Clearing the demo')
    await clearDemo(database.ownerUrl)
    progress.end()
    hold()
  }
  progress.begin('Migrations')
  const appUrl = await migrateDatabase(database.ownerUrl, appPassword(secret))
  const address = `http://${settings.host === '127.0.0.1' ? 'localhost' : reachable(settings.host)}:${settings.port}`
  const env = environmentOf(settings, { appUrl, secret, address })
  // What of the server runs in this process reads the same environment as the web server.
  Object.assign(process.env, env)
  progress.end()
  hold()

  const whose = await occupancy(database.ownerUrl)
  const toLoad = await demoToLoad(settings, database.ownerUrl, whose)
  // An empty system would greet people with nothing, so the first study is whole before the doors open.
  const [first, ...rest] = toLoad
  const isFirstMissing = first !== undefined && whose === 'empty'
  const later = isFirstMissing ? rest : toLoad
  if (isFirstMissing) {
    progress.begin('Demo')
    await loadBefore(settings, { ownerUrl: database.ownerUrl, appUrl }, first, (detail) => {
      progress.at(detail)
      hold()
    })
    progress.end()
    hold()
  }
  if (!settings.dev) {
    progress.begin('App')
    const isBuilt = await buildIfStale(root, (detail) => progress.at(detail), stopped)
    progress.end(isBuilt ? 'built' : 'already built')
    hold()
  }

  progress.begin('Server')
  const server = await serve({
    root,
    host: settings.host,
    port: settings.port,
    dev: settings.dev,
    log: settings.log,
    env,
    stopped,
  })
  started.push(server.stop)
  hold()
  const parts = await serverParts(appUrl, settings.log)
  started.push(parts.end)
  const jobs = await parts.startJobs(env.DATABASE_DIRECT_URL ?? appUrl)
  started.push(jobs.stop)
  progress.end()
  hold()

  const isDemo = settings.demo && (whose === 'demo' || whose === 'empty')
  progress.line(
    finalWords({
      address,
      data: database.description,
      log: settings.log,
      accounts: isDemo ? await demoAccounts() : [],
      setupToken: settings.demo ? null : await parts.newSetupToken(),
      note:
        settings.demo && whose === 'people'
          ? 'This database holds accounts of its own, so the demo was not loaded into it.'
          : later.length > 0
            ? `${later.length === 1 ? 'One more demo study is' : `${later.length} more demo studies are`} being loaded beside; this takes some minutes and can be used meanwhile.`
            : undefined,
    }),
  )
  if (later.length > 0) {
    const ending = new AbortController()
    const loading = loadBeside(settings, database.ownerUrl, later, ending.signal, progress)
    started.push(async () => {
      ending.abort()
      await loading
    })
  }
  return server
}

/** A study that cannot be loaded must not take the running server with it. */
async function loadBeside(
  settings: Settings,
  ownerUrl: string,
  studies: Parameters<typeof loadRest>[2],
  ending: AbortSignal,
  progress: Progress,
): Promise<void> {
  try {
    await loadRest(settings, ownerUrl, studies, ending, (study, seconds, error) => {
      if (error === undefined)
        progress.line(`Demo study ${study.name} is loaded (${Math.round(seconds)} s).`)
      else process.stderr.write(`The demo study ${study.name} was not loaded: ${describe(error)}\n`)
    })
  } catch (error) {
    if (!ending.aborted)
      process.stderr.write(`The rest of the demo was not loaded: ${describe(error)}\n`)
  }
}

function openDatabase(settings: Settings, onLost: () => void): Promise<StartedDatabase> {
  return settings.databaseUrl
    ? ownDatabase(settings.databaseUrl)
    : embeddedDatabase(join(settings.data, 'postgres'), onLost)
}

/** The schema of this code, and the URL of the role that runs the app on it. */
async function migrateDatabase(ownerUrl: string, appRolePassword: string): Promise<string> {
  try {
    return (await migrate(ownerUrl, { appRolePassword })).appUrl
  } catch (error) {
    if (error instanceof MigrationError) throw new StartError(error.message)
    throw error
  }
}

function environmentOf(
  settings: Settings,
  found: { appUrl: string; secret: string; address: string },
): Record<string, string> {
  return {
    DATABASE_URL: process.env.CASEBOOK_POOLED_URL || found.appUrl,
    DATABASE_DIRECT_URL: found.appUrl,
    NEXTAUTH_SECRET: found.secret,
    NEXTAUTH_URL: process.env.NEXTAUTH_URL || found.address,
    // Without a public address of its own the app answers under each name of this machine.
    ...(process.env.NEXTAUTH_URL ? {} : { AUTH_TRUST_HOST: '1' }),
    CASEBOOK_DEMO: settings.demo ? '1' : '0',
    NEXT_TELEMETRY_DISABLED: '1',
  }
}

/** Jobs and the set-up link run in this process, on the verbs of the server and with its environment. */
async function serverParts(
  url: string,
  logFile: string,
): Promise<{
  newSetupToken(): Promise<string | null>
  startJobs(url: string): Promise<{ stop(): Promise<void> }>
  end: Stop
}> {
  const [{ logTo }, { useDatabase }, { newSetupToken }, { startJobs }] = await Promise.all([
    import('#server/log.ts'),
    import('#server/database.ts'),
    import('#server/account/set-up.ts'),
    import('#server/job/start-jobs.ts'),
  ])
  if (logFile !== '-') logTo(createWriteStream(logFile, { flags: 'a', mode: 0o600 }))
  // A pool of its own: the one that the demo was loaded through is closed.
  const pool = databasePool(url, { max: 4 })
  useDatabase(pool)
  return { newSetupToken, startJobs, end: () => pool.end() }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
