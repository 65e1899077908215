/** The pool of this process, made at first use from the environment; tests put their own in its place. */
import { databasePool, type Pool } from '#db/client.ts'
import { environment } from './environment.ts'
import { log } from './log.ts'

/** Kept on `globalThis` because a bundler may load this module once per route. */
const holder = globalThis as typeof globalThis & { casebookPool?: Pool }

export function database(): Pool {
  if (!holder.casebookPool) {
    const { DATABASE_URL, DATABASE_POOL } = environment()
    if (!DATABASE_URL) throw new Error('DATABASE_URL is not set')
    holder.casebookPool = databasePool(DATABASE_URL, {
      max: DATABASE_POOL,
      onIdleError: () => log('warning', { event: 'database.connection-lost' }),
    })
  }
  return holder.casebookPool
}

export function useDatabase(pool: Pool): void {
  holder.casebookPool = pool
}
