import { existsSync, readFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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

/** Whether a load into this database was begun and not ended: half a demo must be made again. */
export function isHalfLoaded(settings: Settings): boolean {
  const file = marker(settings.data)
  return existsSync(file) && readFileSync(file, 'utf8') === databaseName(settings)
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

/** The demo is loaded under a mark that outlives a killed start. */
export async function loadDemo(
  settings: Settings,
  urls: { ownerUrl: string; appUrl: string },
  onProgress: (detail: string) => void,
): Promise<void> {
  const { loadDemo: load } = await import('#bin/demo/load-demo.ts')
  await writeFile(marker(settings.data), databaseName(settings))
  await load({ ...urls, onProgress })
  await rm(marker(settings.data))
}

export async function demoAccounts(): Promise<readonly DemoAccount[]> {
  return (await import('#bin/demo/load-demo.ts')).demoAccounts
}

function marker(data: string): string {
  return join(data, 'demo-loading')
}

async function hasOtherStudy(ownerUrl: string): Promise<boolean> {
  return withClient(ownerUrl, async (client) => {
    const { rows } = await client.query<{ other: boolean }>(
      'select exists (select from casebook.study where not is_demo) as other',
    )
    return rows[0]?.other === true
  })
}
