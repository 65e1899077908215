import { existsSync, readFileSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DemoStudy } from '#bin/demo/demo-studies.ts'
import { databasePool, type Pool } from '#db/client.ts'
import { dropEverything, withClient } from './database.ts'
import type { Settings } from './settings.ts'
import { StartError } from './start-error.ts'

/** One demo sign-in, as the last lines of a start show it. */
export interface DemoAccount {
  role: string
  userName: string
  password: string
}

/** Whose database this is: nobody's yet, the demo's, or that of people with work in it. */
export type Occupancy = 'empty' | 'demo' | 'people'

/** Looks at the accounts; a database that holds any real one is never taken for a demo. */
export async function occupancy(ownerUrl: string): Promise<Occupancy> {
  return withClient(ownerUrl, async (client) => {
    const { rows } = await client.query<{ people: boolean; demo: boolean }>(
      `select coalesce(bool_or(not is_demo), false) as people,
              coalesce(bool_or(is_demo), false) as demo
       from casebook.app_user`,
    )
    if (rows[0]?.demo) return 'demo'
    return rows[0]?.people ? 'people' : 'empty'
  })
}

/** Names the database without its secrets; a mark must not speak of another one. */
function databaseName({ databaseUrl }: Settings): string {
  if (databaseUrl === undefined) return 'embedded'
  const { host, pathname, searchParams } = new URL(databaseUrl)
  return `${searchParams.get('host') ?? host}${pathname}`
}

/**
 * Empties a demo database so that it can be made again.
 * @throws StartError when the database holds no demo, or a study beside it: work is never dropped.
 */
export async function clearDemo(ownerUrl: string): Promise<void> {
  const exists = await withClient(ownerUrl, async (client) => {
    const { rows } = await client.query<{ found: boolean }>(
      `select to_regclass('casebook.app_user') is not null and to_regclass('casebook.study') is not null as found`,
    )
    return rows[0]?.found === true
  })
  if (exists) {
    const whose = await occupancy(ownerUrl)
    if (whose === 'people' || (await hasOtherStudy(ownerUrl))) {
      throw new StartError(
        'This database holds work that is not the demo, so --reset-demo refuses: set CASEBOOK_DATA or DATABASE_URL to a place for the demo.',
      )
    }
  }
  await dropEverything(ownerUrl)
}

/**
 * The studies that a start has to load: those that were begun and not ended, and, in a database that holds nothing but the
 * demo, those it does not have yet. In the order of loading.
 */
export async function demoToLoad(
  settings: Settings,
  ownerUrl: string,
  whose: Occupancy,
): Promise<readonly DemoStudy[]> {
  if (!settings.demo || whose === 'people') return []
  const [{ demoStudies }, { missingDemoStudies }] = await Promise.all([
    import('#bin/demo/demo-studies.ts'),
    import('#bin/demo/load-demo.ts'),
  ])
  const asked = settings.demoStudies ?? demoStudies.map((study) => study.name)
  const unknown = asked.find((name) => !demoStudies.some((study) => study.name === name))
  if (unknown !== undefined) {
    const known = demoStudies.map((study) => study.name).join(', ')
    throw new StartError(`CASEBOOK_DEMO_STUDIES names ${unknown}: known are ${known}.`)
  }
  const begun = begunStudies(settings)
  const missing =
    whose === 'empty' || !(await hasOtherStudy(ownerUrl))
      ? await withPool(ownerUrl, (pool) => missingDemoStudies(pool))
      : []
  const wanted = demoStudies.filter(
    (study) =>
      asked.includes(study.name) && (begun.includes(study.name) || missing.includes(study)),
  )
  await note(
    settings,
    wanted.map((study) => study.name),
  )
  return wanted
}

/** Loads one study before the server opens. */
export async function loadBefore(
  settings: Settings,
  urls: { ownerUrl: string; appUrl: string },
  study: DemoStudy,
  onProgress: (detail: string) => void,
): Promise<void> {
  const { loadDemo } = await import('#bin/demo/load-demo.ts')
  await loadDemo({ ...urls, studies: [study], onProgress })
  await noteDone(settings, study)
}

/**
 * Loads studies beside the running server and says of each how it went; one that fails keeps no other back. Ends early, without
 * harm, when `stopped`.
 */
export async function loadRest(
  settings: Settings,
  ownerUrl: string,
  studies: readonly DemoStudy[],
  stopped: AbortSignal,
  onEnded: (study: DemoStudy, seconds: number, error?: unknown) => void,
): Promise<void> {
  const { loadDemoStudy } = await import('#bin/demo/load-demo.ts')
  await withPool(ownerUrl, async (pool) => {
    for (const study of studies) {
      const begun = Date.now()
      const seconds = () => (Date.now() - begun) / 1000
      try {
        await loadDemoStudy(study, pool, () => stopped.throwIfAborted(), 2)
        await noteDone(settings, study)
        onEnded(study, seconds())
      } catch (error) {
        if (stopped.aborted) return
        onEnded(study, seconds(), error)
      }
    }
  })
}

/** Studies whose load was begun in this database and not ended. */
function begunStudies(settings: Settings): readonly string[] {
  const file = marker(settings.data)
  if (!existsSync(file)) return []
  const noted = JSON.parse(readFileSync(file, 'utf8')) as { database: string; studies: string[] }
  return noted.database === databaseName(settings) ? noted.studies : []
}

async function note(settings: Settings, studies: readonly string[]): Promise<void> {
  if (studies.length === 0) return rm(marker(settings.data), { force: true })
  const text = JSON.stringify({ database: databaseName(settings), studies })
  await writeFile(`${marker(settings.data)}.new`, text)
  await rename(`${marker(settings.data)}.new`, marker(settings.data))
}

function noteDone(settings: Settings, study: DemoStudy): Promise<void> {
  return note(
    settings,
    begunStudies(settings).filter((name) => name !== study.name),
  )
}

async function withPool<T>(ownerUrl: string, work: (pool: Pool) => Promise<T>): Promise<T> {
  const pool = databasePool(ownerUrl, { max: 2 })
  try {
    return await work(pool)
  } finally {
    await pool.end()
  }
}

export async function demoAccounts(): Promise<readonly DemoAccount[]> {
  return (await import('#bin/demo/load-demo.ts')).demoAccounts
}

function marker(data: string): string {
  return join(data, 'demo-loading.json')
}

async function hasOtherStudy(ownerUrl: string): Promise<boolean> {
  return withClient(ownerUrl, async (client) => {
    const { rows } = await client.query<{ other: boolean }>(
      'select exists (select from casebook.study where not is_demo) as other',
    )
    return rows[0]?.other === true
  })
}
