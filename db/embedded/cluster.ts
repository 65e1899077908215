import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, chown, link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Binaries, isReachableBy, NOBODY } from './binaries.ts'
import { EmbeddedServerError } from './embedded-error.ts'

/** The name of the superuser that initdb makes. */
export const SUPERUSER = 'postgres'

/** Where one cluster lives and which user runs its PostgreSQL. */
export interface Place {
  home: string
  data: string
  uid: number | undefined
  relocated: boolean
}

/** The folder, or, when root runs us and PostgreSQL's user cannot enter it, one that it can. */
export async function preparePlace(directory: string): Promise<Place> {
  const uid = process.getuid?.() === 0 ? NOBODY : undefined
  try {
    if ((await mkdir(directory, { recursive: true })) !== undefined) await chmod(directory, 0o755)
    let home = directory
    if (uid !== undefined && (await isReachableBy(uid, dirname(directory)))) {
      // Our own folder, made closed (as mkdtemp does): entering it gives no right to read what is in it.
      await chmod(directory, (await stat(directory)).mode | 0o011)
    }
    if (uid !== undefined && !(await isReachableBy(uid, directory))) {
      const pointer = join(directory, 'location')
      home = (await readFile(pointer, 'utf8').catch(() => '')).trim()
      if (home === '') {
        home = join('/var/lib/casebook', randomBytes(6).toString('hex'))
        await writeFile(pointer, `${home}\n`)
      }
      await mkdir(home, { recursive: true })
      await chmod(dirname(home), 0o755)
      await chmod(home, 0o755)
    }
    // Proves that the folder can be written, which a mode alone does not (read-only mounts).
    const probe = unique(join(home, '.probe'))
    await writeFile(probe, '')
    await rm(probe)
    return { home, data: join(home, 'data'), uid, relocated: home !== directory }
  } catch (error) {
    throw new EmbeddedServerError(
      'not-writable',
      `The data folder ${directory} cannot be written (${codeOf(error)}): give this user the right to it, or set CASEBOOK_DATA to another folder.`,
      { cause: error },
    )
  }
}

/** The superuser's password, made on first use and kept in a file only this user may read. */
export async function passwordOf(home: string): Promise<string> {
  const file = join(home, 'password')
  const draft = unique(join(home, '.password'))
  // Linked into place: of two first starts both read one whole password.
  await writeFile(draft, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 })
  await link(draft, file).catch(() => undefined)
  await rm(draft)
  return (await readFile(file, 'utf8')).trim()
}

/** Makes the cluster beside its place and renames it, so that half a cluster is never started. */
export async function initialise(
  { home, data, uid }: Place,
  binaries: Binaries,
  password: string,
  durable: boolean,
): Promise<void> {
  if (await stat(join(data, 'PG_VERSION')).catch(() => undefined)) {
    const { uid: owner } = await stat(data)
    const mine = uid ?? process.getuid?.()
    if (mine !== undefined && owner !== mine) {
      throw new EmbeddedServerError(
        'not-ours',
        `The database in ${data} belongs to user ${owner}: start Casebook as the user that made it, or set CASEBOOK_DATA to another folder.`,
      )
    }
    return
  }
  const half = unique(data)
  const secret = unique(join(home, '.initdb'))
  await mkdir(half, { mode: 0o700 })
  await writeFile(secret, password, { mode: 0o600 })
  if (uid !== undefined) for (const path of [half, secret]) await chown(path, uid, uid)
  // Before 17 there is no builtin C.UTF-8; C with UTF8 sorts by code point as well.
  const locale =
    binaries.major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : []
  const { code, output } = await run(
    binaries.initdb,
    [
      `--pgdata=${half}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${secret}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--no-locale',
      ...locale,
      ...(durable ? [] : ['--no-sync']),
    ],
    uid,
    home,
  )
  await rm(secret, { force: true })
  if (code !== 0) {
    await rm(half, { recursive: true, force: true })
    throw new EmbeddedServerError(
      'failed',
      `The embedded database could not be made: ${lastLine(output)}`,
    )
  }
  // When another start was faster its cluster stands, and the advisory lock decides between us.
  await rename(half, data).catch(() => rm(half, { recursive: true, force: true }))
}

/** @throws EmbeddedServerError `wrong-version` when another major version made the data. */
export async function refuseOtherVersion(data: string, major: number): Promise<void> {
  const found = (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim()
  if (found === String(major)) return
  throw new EmbeddedServerError(
    'wrong-version',
    `The database in ${data} was made by PostgreSQL ${found} and this is ${major}: use the Casebook release that made it, or set CASEBOOK_DATA to another folder.`,
  )
}

/** Runs a program to its end as `uid` and collects what it says. */
export function run(
  program: string,
  parameters: string[],
  uid: number | undefined,
  cwd: string,
): Promise<{ code: number | null; output: string }> {
  return new Promise((done) => {
    const child = spawn(program, parameters, {
      ...asUser(uid),
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    child.once('error', (error) => done({ code: null, output: output + error.message }))
    child.once('close', (code) => done({ code, output }))
  })
}

/** PG* variables of the person's shell (PGDATA, PGPORT, ...) must not reach our server. */
export function asUser(uid: number | undefined): {
  uid?: number
  gid?: number
  env: NodeJS.ProcessEnv
  windowsHide: boolean
} {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name)),
  ) as NodeJS.ProcessEnv
  env.LC_ALL = 'C'
  return { ...(uid === undefined ? {} : { uid, gid: uid }), env, windowsHide: true }
}

function unique(path: string): string {
  return `${path}.${randomBytes(6).toString('hex')}`
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? 'no message'
}

/** The short code of a system or PostgreSQL error (`EACCES`, `28P01`), else its text. */
export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error)
}
