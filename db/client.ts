/**
 * The only place that opens connections. A unit of work is one transaction whose first round trip is `begin` together with
 * the settings that row security and audit triggers read; all of them are transaction-local and no statement is named, so
 * any number of processes work behind a pooler in transaction mode.
 */
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { isoInstant } from './schema/columns.ts'
import { quoted, type Statement } from './statement.ts'

export type { Pool, PoolClient } from 'pg'

const builtins = pg.types.builtins
/** Instants as ISO text with milliseconds, dates as text, bigint as number; all else as node-postgres does. */
const parsers: Record<number, (text: string) => unknown> = {
  [builtins.TIMESTAMPTZ]: isoInstant,
  [builtins.DATE]: (text) => text,
  [builtins.INT8]: Number,
}

const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (format === 'binary' ? undefined : parsers[oid]) ??
    pg.types.getTypeParser(oid, format as 'text')) as pg.CustomTypesConfig['getTypeParser'],
}

export type PoolOptions = {
  /** Most connections held; default 10. */
  max?: number
  applicationName?: string
  /** Told of errors of idle connections (a restarted server); the pool has dropped the connection already. */
  onIdleError?: (error: Error) => void
}

/** A pool for `url`. Connections that break while idle are dropped and opened anew, never an uncaught error. */
export function databasePool(url: string, options: PoolOptions = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    application_name: options.applicationName ?? 'casebook',
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    types,
  })
  pool.on('error', (error) => options.onIdleError?.(error))
  return pool
}

/** What row security and the audit triggers are told; it ends with the transaction. */
export type TransactionSettings = {
  /** A user id, or `system` (jobs, seeding) or `anonymous` (a sign-in that failed). */
  actor: string
  /** The role he acts in, for the audit record. */
  role?: string
  /** The one study whose rows exist in this transaction; absent: none. */
  studyId?: string
  /** Sites whose rows exist: null all of the study, a list only these, absent or empty none. */
  siteIds?: readonly string[] | null
  /** Reason for the whole command (removal, unlock); item changes carry their own. */
  reason?: string
  /** Name of the verb, for the audit record. */
  command?: string
  /** Number of the study version that is worked with. */
  version?: number
  readOnly?: boolean
  isolation?: 'read committed' | 'repeatable read' | 'serializable'
  /** Default 15 000 ms. */
  statementTimeout?: number
  /** Longest wait for a row another transaction holds; default 10 000 ms. */
  lockTimeout?: number
}

export type Database = NodePgDatabase<Record<string, never>>

/** Tables of which a concealing transaction reads less, each by a function of its own (migration 0011). */
const concealing =
  /\bcasebook\.(form_record|subject|query_message|query|audit_record|allocation_issued|signature|verification|stored_file|notice)\b(?! *\()/g
const concealed = (sql: string) =>
  sql
    .replace(concealing, 'casebook.blinded_$1()')
    .replaceAll('casebook.record_queries(', 'casebook.blinded_record_queries(')

/** Names of what a transaction leaves out, by kind; items as `FORM.ITEM`, of `arms` one name where they are left out, too. */
export type LeftOut = Readonly<
  Record<
    | 'items'
    | 'forms'
    | 'events'
    | 'checks'
    | 'columns'
    | 'variables'
    | 'populations'
    | 'endpoints'
    | 'arms',
    ReadonlySet<string>
  >
>

export class Transaction {
  readonly client: pg.PoolClient
  /** The transaction's time from the database's clock, ISO with milliseconds: the one `now` of a command. */
  readonly now: string
  readonly settings: TransactionSettings
  /** Rows of the statement that opened the transaction. */
  readonly opened: readonly unknown[]
  #database: Database | undefined
  #leftOut: LeftOut | null = null
  #last: Statement | undefined

  constructor(
    client: pg.PoolClient,
    now: string,
    settings: TransactionSettings,
    opened: readonly unknown[],
  ) {
    this.client = client
    this.now = now
    this.settings = settings
    this.opened = opened
  }

  /** A last write, sent together with the commit; its failure rolls all back. */
  closeWith(last: Statement): void {
    this.#last = last
  }

  /** What ends the transaction. */
  get closing(): string {
    return this.#last ? `${this.#last.text};commit` : 'commit'
  }

  /** From here on nothing concealed is read through this object: neither values nor rows that would betray it. */
  async conceal(leftOut: LeftOut): Promise<void> {
    this.#leftOut = leftOut
    const names = Object.fromEntries(Object.entries(leftOut).map(([kind, set]) => [kind, [...set]]))
    await this.client.query(`select set_config('app.concealed', $1, true)`, [JSON.stringify(names)])
  }

  /** What this object leaves out; null when it reads whole rows. */
  get leftOut(): LeftOut | null {
    return this.#leftOut
  }

  /**
   * The same transaction, reading whole rows: for work whose result is concealed afterwards (analysis by arm). What it reads
   * must never be handed on as it is.
   */
  get knowing(): Transaction {
    if (!this.#leftOut) return this
    return new Transaction(this.client, this.now, this.settings, this.opened)
  }

  /** drizzle on this transaction's connection. Never call `.prepare()` on it: named statements break behind a pooler. */
  get db(): Database {
    if (this.#leftOut) throw new Error('A concealing transaction reads by plain SQL only')
    this.#database ??= drizzle(this.client)
    return this.#database
  }

  /** Plain SQL with `$1` parameters; instants arrive as ISO text. */
  async query<Row = Record<string, unknown>>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<Row[]> {
    const result = await this.client.query(this.#allowed(text), values as unknown[])
    return result.rows as Row[]
  }

  /** Several statements without parameters in one message; the rows of each. */
  async send(statements: readonly string[]): Promise<Record<string, unknown>[][]> {
    const results = (await this.client.query(this.#allowed(statements.join(';')))) as unknown as
      | pg.QueryResult
      | pg.QueryResult[]
    return (Array.isArray(results) ? results : [results]).map((result) => result.rows)
  }

  #allowed(sql: string): string {
    return this.#leftOut ? concealed(sql) : sql
  }
}

/** The transaction ended in a rollback although nothing was thrown: an error inside it was caught and swallowed. */
export class SilentRollback extends Error {
  override readonly name = 'SilentRollback'
}

/**
 * Runs `run` in one transaction and commits; any error rolls back and is thrown on. Round trips: one to begin, together with
 * the `opening` read, and one to commit. Serialisation failures and deadlocks (40001, 40P01) are the caller's to retry.
 */
export async function inTransaction<T>(
  pool: pg.Pool,
  settings: TransactionSettings,
  run: (tx: Transaction) => Promise<T>,
  opening?: Statement,
): Promise<T> {
  const begin = beginStatement(settings)
  const client = await pool.connect()
  let broken: Error | undefined
  const noteBreak = (error: Error) => {
    broken = error
  }
  client.on('error', noteBreak)
  try {
    const text = opening ? `${begin};${opening.text}` : begin
    const results = (await client.query(text)) as unknown as [
      unknown,
      pg.QueryResult,
      pg.QueryResult?,
    ]
    const { now } = results[1].rows[0] as { now: string }
    const tx = new Transaction(client, now, settings, results[2]?.rows ?? [])
    const result = await run(tx)
    const answer = (await client.query(tx.closing)) as unknown as pg.QueryResult | pg.QueryResult[]
    const closed = Array.isArray(answer) ? answer.at(-1) : answer
    if (closed?.command !== 'COMMIT') {
      throw new SilentRollback('The transaction was rolled back by an error that was not thrown on')
    }
    return result
  } catch (error) {
    if (!broken) await client.query('rollback').catch(noteBreak)
    throw error
  } finally {
    client.removeListener('error', noteBreak)
    client.release(broken)
  }
}

const allSites = '*'

function beginStatement(settings: TransactionSettings): string {
  const mode = `${settings.isolation ? ` isolation level ${settings.isolation}` : ''}${
    settings.readOnly ? ' read only' : ''
  }`
  const sites = settings.siteIds === null ? allSites : (settings.siteIds ?? []).join(',')
  const values: readonly (readonly [string, string])[] = [
    ['app.actor', settings.actor],
    ['app.role', settings.role ?? ''],
    ['app.study', settings.studyId ?? ''],
    ['app.sites', sites],
    ['app.reason', settings.reason ?? ''],
    ['app.command', settings.command ?? ''],
    ['app.version', settings.version === undefined ? '' : String(settings.version)],
    ['statement_timeout', String(Math.trunc(settings.statementTimeout ?? 15_000))],
    ['lock_timeout', String(Math.trunc(settings.lockTimeout ?? 10_000))],
  ]
  const calls = values.map(([name, value]) => `set_config('${name}',${quoted(value)},true)`)
  return `begin${mode};select ${calls.join(',')},date_trunc('milliseconds',now()) as now`
}
