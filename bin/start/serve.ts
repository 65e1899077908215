import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { get } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { StartError } from './start-error.ts'

/** What the web server is started with. */
export interface ServeOptions {
  root: string
  host: string
  port: number
  dev: boolean
  /** A file, or `-` for this process's standard output. */
  log: string
  env: Record<string, string>
  /** Ends the wait for readiness. */
  stopped: AbortSignal
}

export interface WebServer {
  /** Resolves when the server ends, asked or not. */
  ended: Promise<void>
  stop(): Promise<void>
}

const READY_WITHIN = 120_000
const STOP_WITHIN = 10_000

/** @throws StartError when something listens on the port already, or may not listen there. */
export async function requireFreePort(host: string, port: number): Promise<void> {
  const code = await new Promise<string | undefined>((done) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message))
    probe.listen(port, host, () => probe.close(() => done(undefined)))
  })
  if (code === undefined) return
  if (code === 'EADDRINUSE') {
    throw new StartError(
      `Port ${port} is taken: stop the program that uses it, or choose another with PORT=${port + 1} npm start.`,
    )
  }
  if (code === 'EACCES') {
    throw new StartError(
      `Port ${port} may not be used by this user: choose one above 1023 with PORT=3000.`,
    )
  }
  throw new StartError(
    `HOST=${host} cannot be listened on (${code}): use an address of this machine, such as 127.0.0.1 or 0.0.0.0.`,
  )
}

/** Starts the web server as a process of its own and returns once /healthz says that it is ready. */
export async function serve(options: ServeOptions): Promise<WebServer> {
  const log = options.log === '-' ? undefined : openSync(options.log, 'a', 0o600)
  const from = log === undefined ? 0 : (await stat(options.log)).size
  const output = log ?? 'inherit'
  // The channel ends when this process does, however it ends: the web server is never left behind.
  const child = spawn(
    process.execPath,
    [
      '--import',
      new URL('./end-with-parent.mjs', import.meta.url).href,
      join(options.root, 'node_modules/next/dist/bin/next'),
      options.dev ? 'dev' : 'start',
      '--hostname',
      options.host,
      '--port',
      String(options.port),
    ],
    {
      cwd: options.root,
      detached: true,
      stdio: ['ignore', output, output, 'ipc'],
      env: {
        ...process.env,
        NODE_ENV: options.dev ? 'development' : 'production',
        ...options.env,
        CASEBOOK_PARENT: String(process.pid),
      },
    },
  )
  if (log !== undefined) closeSync(log)
  let isOver = false
  const ended = new Promise<void>((done) => {
    child.once('exit', () => {
      isOver = true
      done()
    })
    child.once('error', () => {
      isOver = true
      done()
    })
  })
  const stop = () => stopChild(child, ended, () => isOver)
  const address = `http://${reachable(options.host)}:${options.port}/healthz`
  const end = Date.now() + READY_WITHIN
  let last = 'no answer'
  while (!isOver && !options.stopped.aborted && Date.now() < end) {
    last = await healthOf(address)
    if (last === '200') return { ended, stop }
    await new Promise((done) => setTimeout(done, 50))
  }
  const wasOver = isOver
  await stop()
  options.stopped.throwIfAborted()
  const said = log === undefined ? '' : (await readFile(options.log, 'utf8')).slice(from).trim()
  if (said) process.stderr.write(`\n${said.slice(-4_000)}\n`)
  throw new StartError(
    wasOver
      ? 'The web server ended while it started: see the lines above.'
      : `The web server did not become ready (/healthz: ${last}): see ${options.log}.`,
  )
}

/** A loopback address for one that means "every address of this machine". */
export function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}

/** The status of one request; its connection is closed, for a kept one would hold up the server's end. */
function healthOf(address: string): Promise<string> {
  return new Promise((done) => {
    const question = get(address, { agent: false, timeout: 10_000 }, (answer) => {
      answer.resume()
      done(String(answer.statusCode))
    })
    question.once('timeout', () => question.destroy(new Error('no answer in 10 seconds')))
    question.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message))
  })
}

async function stopChild(
  child: ChildProcess,
  ended: Promise<void>,
  isOver: () => boolean,
): Promise<void> {
  if (isOver()) return
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN)
  await ended
  clearTimeout(timer)
}
