import { createHmac, randomBytes } from 'node:crypto'
import { access, chmod, constants, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { StartError } from './start-error.ts'

/** What a start was asked for, by environment and words of the command line. */
export interface Settings {
  /** Folder that keeps everything of this installation. */
  data: string
  port: number
  /** Address that is listened on: by default this machine alone. */
  host: string
  /** The person's own PostgreSQL; absent: the embedded one. */
  databaseUrl: string | undefined
  demo: boolean
  /** Folders of the demo studies to load; null: all of them. */
  demoStudies: readonly string[] | null
  resetDemo: boolean
  dev: boolean
  /** Where the server's log goes: a file, or `-` for standard output. */
  log: string
}

const KNOWN_WORDS = ['--reset-demo', '--dev']

/** @throws StartError for an unknown word or a value that is none. */
export function readSettings(words: readonly string[], env: NodeJS.ProcessEnv): Settings {
  const unknown = words.find((word) => !KNOWN_WORDS.includes(word))
  if (unknown !== undefined) {
    throw new StartError(`Unknown option ${unknown}: known are ${KNOWN_WORDS.join(' and ')}.`)
  }
  const port = Number(env.PORT || 3000)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new StartError(`PORT=${env.PORT} is no port: use a number from 1 to 65535.`)
  }
  const demo = readFlag('CASEBOOK_DEMO', env.CASEBOOK_DEMO)
  const resetDemo = words.includes('--reset-demo')
  if (resetDemo && !demo) {
    throw new StartError(
      '--reset-demo needs the demo: leave CASEBOOK_DEMO unset, or drop the option.',
    )
  }
  const data = resolve(env.CASEBOOK_DATA || '.casebook')
  return {
    data,
    port,
    host: env.HOST || '127.0.0.1',
    databaseUrl: env.DATABASE_URL || undefined,
    demo,
    demoStudies: readNames(env.CASEBOOK_DEMO_STUDIES),
    resetDemo,
    dev: words.includes('--dev'),
    log: env.CASEBOOK_LOG || join(data, 'casebook.log'),
  }
}

function readFlag(name: string, text: string | undefined): boolean {
  if (text === undefined || text === '' || text === '1' || text === 'true') return true
  if (text === '0' || text === 'false') return false
  throw new StartError(`${name}=${text} is neither 0 nor 1: use one of them, or leave it unset.`)
}

function readNames(text: string | undefined): readonly string[] | null {
  const names = (text ?? '').split(',').flatMap((name) => name.trim() || [])
  return names.length > 0 ? names : null
}

/** Makes the data folder and proves that it can be written. */
export async function prepareFolder(data: string): Promise<void> {
  try {
    if ((await mkdir(data, { recursive: true })) !== undefined) await chmod(data, 0o755)
    await access(data, constants.W_OK | constants.X_OK)
    const probe = join(data, `.probe-${process.pid}`)
    await writeFile(probe, '')
    await rm(probe)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new StartError(
      `The data folder ${data} cannot be written (${code}): give this user the right to it, or set CASEBOOK_DATA to another folder.`,
    )
  }
}

/** The key that signs sessions: from the environment, else made once and kept for this user alone. */
export async function sessionSecret(data: string, env: NodeJS.ProcessEnv): Promise<string> {
  if (env.NEXTAUTH_SECRET) {
    if (env.NEXTAUTH_SECRET.length >= 32) return env.NEXTAUTH_SECRET
    throw new StartError(
      'NEXTAUTH_SECRET is too short: use at least 32 characters, such as those of "openssl rand -base64 32".',
    )
  }
  const file = join(data, 'secret')
  const fresh = `${randomBytes(48).toString('base64url')}\n`
  await writeFile(file, fresh, { mode: 0o600, flag: 'wx' }).catch(() => undefined)
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch {
    throw new StartError(`${file} cannot be read: start Casebook as the user that made it.`)
  }
}

/**
 * The password of the runtime role, derived from the session secret: every instance that shares the secret
 * knows it, and it is stored nowhere.
 */
export function appPassword(secret: string): string {
  return createHmac('sha256', secret).update('casebook_app database password').digest('base64url')
}
