import { spawnSync } from 'node:child_process'
import { accessSync, constants, mkdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from '@playwright/test'

/** The browser that the journeys run in. */
export interface Browser {
  executablePath: string
  /** What the browser's process needs in its environment to find its own libraries. */
  env: Record<string, string>
}

const SYSTEM_NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
const MAC_PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/**
 * A real Chromium, found or installed: CHROMIUM_PATH, the system's, Playwright's own, the one that npm
 * installed with the packages (linux-x64), a download by Playwright, at last Debian's package as root.
 * @throws Error in one line when there is none and none can be installed.
 */
export async function findBrowser(say: (text: string) => void): Promise<Browser> {
  const given = process.env.CHROMIUM_PATH
  if (given) {
    if (runs(given)) return { executablePath: given, env: {} }
    throw new Error(`CHROMIUM_PATH=${given} does not run: correct it, or unset it.`)
  }
  return (
    ready([...systemPlaces(), chromium.executablePath()]) ??
    (await fromPackage()) ??
    download(say) ??
    fromDebian(say) ??
    none()
  )
}

function ready(places: readonly string[]): Browser | undefined {
  const executablePath = places.find((place) => runs(place))
  return executablePath ? { executablePath, env: {} } : undefined
}

function systemPlaces(): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const found = SYSTEM_NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
  return process.platform === 'darwin' ? [...found, ...MAC_PLACES] : found
}

/** A name alone proves nothing: distributions put stubs there that only ask to install a snap. */
function runs(path: string, env: Record<string, string> = {}): boolean {
  try {
    accessSync(path, constants.X_OK)
  } catch {
    return false
  }
  const answer = spawnSync(path, ['--version'], {
    encoding: 'utf8',
    timeout: 30_000,
    env: { ...process.env, ...env },
  })
  return answer.status === 0 && /chrom/i.test(answer.stdout)
}

/** The package unpacks into TMPDIR; its default arguments switch web security off and are not used. */
async function fromPackage(): Promise<Browser | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined
  const cache = resolve('.cache', 'chromium')
  const before = process.env.TMPDIR
  process.env.TMPDIR = cache
  try {
    // The second time from nothing: an unpacking that was interrupted is never completed by the package.
    const found = await unpack(cache)
    if (found) return found
    rmSync(cache, { recursive: true, force: true })
    return await unpack(cache)
  } catch {
    return undefined
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
}

async function unpack(cache: string): Promise<Browser | undefined> {
  mkdirSync(cache, { recursive: true })
  const { default: packaged } = await import('@sparticuz/chromium')
  const executablePath = await packaged.executablePath()
  if (runs(executablePath)) return { executablePath, env: {} }
  // A bare system lacks NSS and its kin, and perhaps any font; the package brings them beside.
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  const root = join(dirname(entry), '..', '..')
  const place = pathToFileURL(join(root, 'build/esm/lambdafs.js')).href
  const { inflate } = (await import(place)) as { inflate(archive: string): Promise<string> }
  const libraries = join(await inflate(join(root, 'bin/al2023.tar.br')), 'lib')
  const env = {
    LD_LIBRARY_PATH: [libraries, process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter),
    FONTCONFIG_PATH: process.env.FONTCONFIG_PATH ?? join(cache, 'fonts'),
  }
  return runs(executablePath, env) ? { executablePath, env } : undefined
}

function download(say: (text: string) => void): Browser | undefined {
  say('fetching Chromium')
  const cli = join(
    createRequire(import.meta.url).resolve('@playwright/test/package.json'),
    '..',
    'cli.js',
  )
  const done = spawnSync(process.execPath, [cli, 'install', 'chromium'], {
    encoding: 'utf8',
    timeout: 10 * 60_000,
    env: { ...process.env, PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '' },
  })
  return done.status === 0 ? ready([chromium.executablePath()]) : undefined
}

function fromDebian(say: (text: string) => void): Browser | undefined {
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) return undefined
  say("installing Debian's Chromium")
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync('apt-get', ['update', '-qq'], { env, timeout: 5 * 60_000 })
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
    env,
    timeout: 10 * 60_000,
  })
  return ready(systemPlaces())
}

function none(): never {
  throw new Error(
    'No Chromium was found and none could be installed: install one and set CHROMIUM_PATH to it.',
  )
}
