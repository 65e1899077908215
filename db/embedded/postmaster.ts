import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'

/** What `postmaster.pid` says of the server that wrote it. */
export interface Postmaster {
  pid: number
  port: number
}

/** The server named in `postmaster.pid`, dead or alive; nothing when there is no such (whole) file. */
export async function readPostmaster(data: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')
  const lines = text.split('\n')
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  return { pid, port: Number(lines[3] ?? 0) || 0 }
}

/**
 * Whether a process with this number runs. A zombie counts as gone: in a container whose first
 * process reaps nobody, an ended orphan keeps its number for ever.
 */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  if (process.platform !== 'linux') return true
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return !/^[ZX]/.test(status.slice(status.lastIndexOf(')') + 2))
  } catch {
    return false
  }
}

/**
 * Whether process `pid` is the PostgreSQL of this data folder. After a crash the number in
 * postmaster.pid may belong to any other process, which must neither be stopped nor waited for.
 */
export async function isPostgresOf(pid: number, data: string): Promise<boolean> {
  if (!isAlive(pid)) return false
  const command = await commandLine(pid)
  if (command === undefined) return false
  const real = await realpath(data).catch(() => data)
  return /postgres/.test(command) && (command.includes(data) || command.includes(real))
}

async function commandLine(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined)
    return text?.replaceAll('\0', ' ')
  }
  const ask: [string, string[]] =
    process.platform === 'win32'
      ? [
          'powershell',
          [
            '-NoProfile',
            '-Command',
            `(Get-CimInstance Win32_Process -Filter 'ProcessId=${pid}').CommandLine`,
          ],
        ]
      : ['ps', ['-ww', '-p', String(pid), '-o', 'command=']]
  const answer = await promisify(execFile)(...ask).catch(() => undefined)
  return answer?.stdout
}

/** Waits until the process is gone; false when it is still there after `milliseconds`. */
export async function waitForExit(pid: number, milliseconds: number): Promise<boolean> {
  const end = Date.now() + milliseconds
  while (isAlive(pid)) {
    if (Date.now() > end) return false
    await pause(25)
  }
  return true
}

/** One connected client, or the error that the attempt ended with. */
export async function connect(url: string): Promise<Client | Error> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  // A server that goes away ends the connection; without a listener that would end this process.
  client.on('error', () => undefined)
  try {
    await client.connect()
    return client
  } catch (error) {
    await client.end().catch(() => undefined)
    return error instanceof Error ? error : new Error(String(error))
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds))
}
