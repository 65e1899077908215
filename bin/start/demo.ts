import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dropEverything, withClient } from './database.ts'
import { StartError } from './start-error.ts'

/** One demo sign-in, as the last lines of a start show it. */
export interface DemoAccount {
  role: string
  userName: string
  password: string
}

interface DemoModule {
  demoAccounts: readonly DemoAccount[]
  loadDemo(options: {
    ownerUrl: string
    appUrl: string
    onProgress(detail: string): void
  }): Promise<unknown>
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

/** Whether a load was begun and not ended: the demo is then half there and must be made again. */
export function isHalfLoaded(data: string): boolean {
  return existsSync(marker(data))
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
  data: string,
  urls: { ownerUrl: string; appUrl: string },
  onProgress: (detail: string) => void,
): Promise<void> {
  const { loadDemo: load } = await demoModule()
  await writeFile(marker(data), '')
  await load({ ...urls, onProgress })
  await rm(marker(data))
}

export async function demoAccounts(): Promise<readonly DemoAccount[]> {
  return (await demoModule()).demoAccounts
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

async function demoModule(): Promise<DemoModule> {
  const specifier = '#bin/demo/load-demo.ts'
  try {
    return (await import(specifier)) as DemoModule
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new StartError('This copy of Casebook holds no demo: start it with CASEBOOK_DEMO=0.')
  }
}
