import { join } from 'node:path'
import pg from 'pg'
import { MigrationError, migrate } from '#db/migrate.ts'
import { buildIfStale } from './build.ts'
import { embeddedDatabase, ownDatabase, type StartedDatabase } from './database.ts'
import { clearDemo, demoAccounts, isHalfLoaded, loadDemo, occupancy } from './demo.ts'
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
  let wanted: string | undefined
  let wake = () => {}
  const stopAsked = new Promise<void>((done) => {
    wake = done
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      wanted ??= signal
      wake()
    })
  }
  const hold = () => {
    if (wanted) throw new StopAsked()
  }

  try {
    const settings = readSettings(words, process.env)
    const running = await run(settings, progress, started, hold, () => {
      wanted ??= 'lost'
      wake()
    })
    await Promise.race([stopAsked, running.ended])
    if (!wanted) throw new StartError(`The web server ended by itself: see ${settings.log}.`)
    if (wanted === 'lost') {
      throw new StartError(
        'The database server ended: see postgres.log in the data folder, then start again.',
      )
    }
  } catch (error) {
    progress.abandon()
    if (!(error instanceof StopAsked)) {
      process.exitCode = 1
      const text = error instanceof StartError ? error.message : describe(error)
      process.stderr.write(`${text}\n`)
    }
  }
  if (started.length > 0) progress.begin('Stopping')
  for (const stop of started.reverse()) await stop().catch(() => undefined)
  progress.end()
  process.exit()
}

class StopAsked extends Error {}

async function run(
  settings: Settings,
  progress: Progress,
  started: Stop[],
  hold: () => void,
  onLost: () => void,
): Promise<{ ended: Promise<void> }> {
  const root = process.cwd()
  await prepareFolder(settings.data)
  const secret = await sessionSecret(settings.data, process.env)

  progress.begin('Database')
  const database = await openDatabase(settings, onLost)
  started.push(database.stop)
  progress.end(database.description)
  hold()
  await requireFreePort(settings.host, settings.port)

  const isReset = settings.resetDemo || (settings.demo && isHalfLoaded(settings.data))
  if (isReset) {
    progress.begin('Clearing the demo')
    await clearDemo(database.ownerUrl)
    progress.end()
    hold()
  }
  progress.begin('Migrations')
  const appUrl = await migrateDatabase(database.ownerUrl, appPassword(secret))
  progress.end()
  hold()

  const whose = await occupancy(database.ownerUrl)
  if (settings.demo && whose === 'empty') {
    progress.begin('Demo')
    await loadDemo(settings.data, { ownerUrl: database.ownerUrl, appUrl }, (detail) => {
      progress.at(detail)
      hold()
    })
    progress.end()
    hold()
  }
  if (!settings.dev) {
    progress.begin('App')
    const isBuilt = await buildIfStale(root, (detail) => progress.at(detail))
    progress.end(isBuilt ? 'built' : 'already built')
    hold()
  }

  const address = `http://${settings.host === '127.0.0.1' ? 'localhost' : reachable(settings.host)}:${settings.port}`
  progress.begin('Server')
  const env = environmentOf(settings, { appUrl, directUrl: appUrl, secret, address })
  const server = await serve({
    root,
    host: settings.host,
    port: settings.port,
    dev: settings.dev,
    log: settings.log,
    env,
  })
  started.push(server.stop)
  hold()
  progress.end()
  hold()

  const isDemo = settings.demo && (whose === 'demo' || whose === 'empty')
  progress.line(
    finalWords({
      address,
      data: database.description,
      log: settings.log,
      accounts: isDemo ? await demoAccounts() : [],
      setupToken: settings.demo ? null : await setupToken(appUrl),
      note:
        settings.demo && whose === 'people'
          ? 'This database holds accounts of its own, so the demo was not loaded into it.'
          : undefined,
    }),
  )
  return server
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
  found: { appUrl: string; directUrl: string; secret: string; address: string },
): Record<string, string> {
  return {
    DATABASE_URL: process.env.CASEBOOK_POOLED_URL || found.appUrl,
    DATABASE_DIRECT_URL: found.directUrl,
    NEXTAUTH_SECRET: found.secret,
    NEXTAUTH_URL: process.env.NEXTAUTH_URL || found.address,
    // Without a public address of its own the app answers under each name of this machine.
    ...(process.env.NEXTAUTH_URL ? {} : { AUTH_TRUST_HOST: '1' }),
    CASEBOOK_DEMO: settings.demo ? '1' : '0',
    NEXT_TELEMETRY_DISABLED: '1',
  }
}

/** The one-time link's token while nobody administers the installation, else null. */
async function setupToken(appUrl: string): Promise<string | null> {
  const [{ useDatabase }, { newSetupToken }] = await Promise.all([
    import('#server/database.ts'),
    import('#server/account/set-up.ts'),
  ])
  const pool = new pg.Pool({ connectionString: appUrl, max: 1 })
  pool.on('error', () => undefined)
  useDatabase(pool)
  try {
    return await newSetupToken()
  } finally {
    await pool.end()
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
