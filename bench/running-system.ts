/** A Casebook for measuring: `npm start` as people run it, on a durable embedded PostgreSQL of its own in a new folder. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { databasePool, type Pool } from '#db/client.ts'
import { startEmbedded } from '#db/embedded/server.ts'

export type RunningSystem = {
  baseUrl: string
  ownerUrl: string
  /** The runtime role: row security applies. */
  ownerPool: Pool
  /** Ends the web server and starts it anew on the same database: a process that remembers nothing. */
  restart(): Promise<void>
  stop(): Promise<void>
}

const readyWithin = 10 * 60_000

/** Starts database, schema, build (when stale) and web server; no demo. */
export async function startSystem(port: number): Promise<RunningSystem> {
  const directory = await mkdtemp(join(tmpdir(), 'casebook-bench-'))
  const database = await startEmbedded({
    directory: join(directory, 'postgres'),
    handleSignals: false,
  })
  const baseUrl = `http://localhost:${port}`
  const ownerPool = databasePool(database.ownerUrl, { max: 2 })
  const serve = () =>
    serveOn(baseUrl, {
      ...process.env,
      DATABASE_URL: database.ownerUrl,
      CASEBOOK_DEMO: '0',
      CASEBOOK_DATA: join(directory, 'data'),
      PORT: String(port),
    })
  let server: Awaited<ReturnType<typeof serve>> | undefined
  const stop = async () => {
    await server?.stop()
    await ownerPool.end()
    await database.stop()
    if (database.home !== directory) await rm(database.home, { recursive: true, force: true })
    await rm(directory, { recursive: true, force: true })
  }
  const restart = async () => {
    await server?.stop()
    server = await serve()
  }
  try {
    await restart()
  } catch (error) {
    await stop()
    throw error
  }
  return { baseUrl, ownerUrl: database.ownerUrl, ownerPool, restart, stop }
}

/** The web server alone, once it answers. */
async function serveOn(
  baseUrl: string,
  env: NodeJS.ProcessEnv,
): Promise<{ stop(): Promise<void> }> {
  const child = spawn(process.execPath, ['bin/start.mjs'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  })
  let isOver = false
  const ended = new Promise<void>((done) =>
    child.once('exit', () => {
      isOver = true
      done()
    }),
  )
  const stop = async () => {
    if (!isOver) child.kill('SIGTERM')
    await ended
  }
  const end = Date.now() + readyWithin
  while (!isOver && Date.now() < end) {
    const answer = await fetch(`${baseUrl}/healthz`).catch(() => null)
    if (answer?.ok) return { stop }
    await new Promise((done) => setTimeout(done, 200))
  }
  await stop()
  throw new Error('The system to measure did not start.')
}
