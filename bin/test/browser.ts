import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbedded } from '#db/embedded/server.ts'
import { findBrowser } from '#e2e/browser.ts'
import { runNode } from './child.ts'
import { noTests, type Tally, tallyFile, tallyPlaywright } from './reports.ts'

const START_WITHIN = 15 * 60_000

/**
 * The journeys in a real browser, against a Casebook that was started as a person starts it: by
 * bin/start.mjs, with the demo, on its own database, folder and port.
 */
export async function runJourneys(files: readonly string[], folder: string): Promise<Tally> {
  const stops: (() => Promise<void>)[] = []
  try {
    const browser = await findBrowser((text) => process.stdout.write(`  ${text}\n`))
    const directory = await mkdtemp(join(tmpdir(), 'casebook-journeys-'))
    await chmod(directory, 0o755)
    stops.push(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }))
    const database = await startEmbedded({ directory: join(directory, 'postgres'), durable: false })
    stops.push(database.stop)
    const port = await freePort()
    const app = await startApp(join(directory, 'app'), port, database.ownerUrl)
    stops.push(() => stopApp(app))

    const report = join(folder, 'browser.json')
    const ended = await runNode(['node_modules/@playwright/test/cli.js', 'test', ...files], {
      E2E_BASE_URL: `http://localhost:${port}`,
      E2E_OWNER_URL: database.ownerUrl,
      E2E_BROWSER: JSON.stringify(browser),
      E2E_REPORT: report,
    })
    return await tallyFile(report, 'browser', ended, tallyPlaywright)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { ...noTests(), failed: 1, failures: [`browser\n    ${why.replaceAll('\n', '\n    ')}`] }
  } finally {
    for (const stop of stops.reverse()) await stop().catch(() => undefined)
  }
}

async function startApp(data: string, port: number, ownerUrl: string): Promise<ChildProcess> {
  await mkdir(data)
  const child = spawn(process.execPath, ['bin/start.mjs'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      CASEBOOK_DATA: data,
      CASEBOOK_DEMO: '1',
      // Journeys make studies of their own; others being loaded beside would only slow them down.
      CASEBOOK_DEMO_STUDIES: 'tac-csa-rct',
      DATABASE_URL: ownerUrl,
      HOST: '127.0.0.1',
      PORT: String(port),
      NEXTAUTH_URL: '',
      NEXTAUTH_SECRET: '',
    },
  })
  let said = ''
  const ready = new Promise<void>((done, fail) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text
        if (said.includes('Casebook is ready')) done()
      })
    }
    child.once('exit', (code) => fail(new Error(`npm start ended with ${code}:\n${said.trim()}`)))
    setTimeout(
      () => fail(new Error(`npm start was not ready in 15 minutes:\n${said}`)),
      START_WITHIN,
    ).unref()
  })
  try {
    await ready
    return child
  } catch (error) {
    child.kill('SIGTERM')
    throw error
  }
}

async function stopApp(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
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
