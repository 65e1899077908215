/**
 * Brings a database to the schema of this code: roles, schemas, the numbered SQL files in `migrations/` and the job queue's
 * own tables. All files run in one transaction under an advisory lock, so that of two starts one waits and finds nothing to
 * do, and a file that fails leaves nothing behind. The journal keeps the hash of each file: code that is older than the
 * database, or files that were edited after they ran, are refused before anything is changed.
 */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { runMigrations } from 'graphile-worker'
import pg from 'pg'

export const ownerRole = 'casebook_owner'
export const appRole = 'casebook_app'
export const jobSchema = 'graphile_worker'
const oldestServer = 14
const newestServer = 18
const defaultDirectory = fileURLToPath(new URL('./migrations/', import.meta.url))

export type MigrationProblem =
  | 'server-version'
  | 'not-the-owner'
  | 'database-newer'
  | 'file-edited'
  | 'file-unknown'
  | 'out-of-order'
  | 'file-failed'

/** A database that cannot be brought to this schema; the message says what to do. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError'
  readonly problem: MigrationProblem

  constructor(problem: MigrationProblem, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.problem = problem
  }
}

export type MigrationFile = { name: string; sha256: string; sql: string }

/** The migration files in order. Line ends are read as LF, so that a checkout on Windows has the same hashes. */
export async function readMigrations(directory = defaultDirectory): Promise<MigrationFile[]> {
  const names = (await readdir(directory)).filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name))
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = (await readFile(`${directory}/${name}`, 'utf8')).replaceAll('\r\n', '\n')
      return { name, sha256: createHash('sha256').update(sql).digest('hex'), sql }
    }),
  )
}

export type MigrationResult = {
  /** Names of the files that ran now, in order; empty when the database was current. */
  applied: string[]
  /** For the running application: the role that owns nothing. */
  appUrl: string
}

/**
 * Migrates the database of `ownerUrl`, a direct connection (no pooler) of a superuser, or of a role with CREATEROLE and
 * CREATE on the database. The runtime role gets `appRolePassword` unless it can sign in with it already.
 * @throws MigrationError
 */
export async function migrate(
  ownerUrl: string,
  options: { appRolePassword: string; directory?: string },
): Promise<MigrationResult> {
  const files = await readMigrations(options.directory)
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'casebook migrate' })
  // a connection that breaks fails the query at hand; unheard, it would end the process as well
  client.on('error', () => undefined)
  await client.connect()
  try {
    await checkServer(client)
    await client.query(`select pg_advisory_lock(hashtextextended('casebook.migrate', 0))`)
    const applied = await runFiles(client, files)
    const appUrl = urlAs(ownerUrl, appRole, options.appRolePassword)
    await admitAppRole(client, appUrl, options.appRolePassword)
    await installJobQueue(client, appUrl)
    return { applied, appUrl }
  } finally {
    await client.end()
  }
}

/** The URL of the same database for another role. */
export function urlAs(url: string, user: string, password: string): string {
  const address = new URL(url)
  if (address.hostname === '') {
    // a socket given as `?host=`: such a URL cannot carry a user before its empty host
    address.searchParams.set('user', user)
    address.searchParams.set('password', password)
  } else {
    address.username = encodeURIComponent(user)
    address.password = encodeURIComponent(password)
  }
  return address.toString()
}

async function checkServer(client: pg.Client): Promise<void> {
  const [row] = (
    await client.query(`select current_setting('server_version_num')::int / 10000 as major,
      current_user::text as who`)
  ).rows
  if (row.major < oldestServer || row.major > newestServer) {
    throw new MigrationError(
      'server-version',
      `PostgreSQL ${row.major} is not supported; Casebook runs on ${oldestServer} to ${newestServer}.`,
    )
  }
  if (row.who === appRole) {
    throw new MigrationError(
      'not-the-owner',
      `${appRole} is the role of the running application; migrate with the owner of the database.`,
    )
  }
}

async function runFiles(client: pg.Client, files: readonly MigrationFile[]): Promise<string[]> {
  await client.query('begin')
  try {
    await prepareRoles(client)
    await client.query(`set local role ${ownerRole}`)
    const pending = await pendingFiles(client, files)
    for (const file of pending) await runFile(client, file)
    await client.query('commit')
    return pending.map((file) => file.name)
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

/** Roles belong to the whole server, so another database's migration may be making them at this moment. */
async function prepareRoles(client: pg.Client): Promise<void> {
  try {
    for (const [role, login] of [
      [ownerRole, 'nologin'],
      [appRole, 'login'],
    ] as const) {
      const found = await client.query('select from pg_roles where rolname = $1', [role])
      if (found.rowCount) continue
      await client.query(`do $$ begin create role ${role} ${login};
        exception when duplicate_object or unique_violation then null; end $$`)
    }
    await client.query(`do $$ begin
      if not pg_has_role(current_user, '${ownerRole}', 'member') then grant ${ownerRole} to current_user; end if;
      if not has_database_privilege('${appRole}', current_database(), 'connect') then
        execute format('grant connect on database %I to ${appRole}', current_database());
      end if;
      revoke create on schema public from public;
    end $$`)
    await client.query(`create schema if not exists casebook authorization ${ownerRole};
      create schema if not exists allocation authorization ${ownerRole}`)
  } catch (error) {
    if (stateOf(error) !== '42501') throw error
    throw new MigrationError(
      'not-the-owner',
      `The migrating role may not make roles or schemas. Let an administrator run: ` +
        `create role ${ownerRole} nologin; create role ${appRole} login; ` +
        `grant ${ownerRole} to <this role>; grant create on database <this database> to <this role>;`,
      error,
    )
  }
}

async function pendingFiles(
  client: pg.Client,
  files: readonly MigrationFile[],
): Promise<MigrationFile[]> {
  await client.query(`create table if not exists casebook.migration (
    name text primary key, sha256 text not null, at timestamptz(3) not null default now())`)
  const journal = (
    await client.query<{ name: string; sha256: string }>(
      'select name, sha256 from casebook.migration order by name',
    )
  ).rows
  const newestFile = files.at(-1)?.name ?? ''
  for (const entry of journal) {
    const file = files.find((candidate) => candidate.name === entry.name)
    if (!file) {
      throw entry.name > newestFile
        ? new MigrationError(
            'database-newer',
            `The database was migrated by a newer Casebook (${entry.name}). Run that version.`,
          )
        : new MigrationError(
            'file-unknown',
            `The database knows ${entry.name}, this code does not.`,
          )
    }
    if (file.sha256 !== entry.sha256) {
      throw new MigrationError(
        'file-edited',
        `${entry.name} was edited after it ran here. Restore the file; put changes in a new one.`,
      )
    }
  }
  const newestRun = journal.at(-1)?.name ?? ''
  const pending = files.filter((file) => !journal.some((entry) => entry.name === file.name))
  const early = pending.find((file) => file.name < newestRun)
  if (early) {
    throw new MigrationError('out-of-order', `${early.name} comes before ${newestRun}, which ran.`)
  }
  return pending
}

async function runFile(client: pg.Client, file: MigrationFile): Promise<void> {
  try {
    await client.query(file.sql)
    await client.query('insert into casebook.migration (name, sha256) values ($1, $2)', [
      file.name,
      file.sha256,
    ])
  } catch (error) {
    const { message, position } = error as { message: string; position?: string }
    const line = position ? `:${file.sql.slice(0, Number(position)).split('\n').length}` : ''
    throw new MigrationError('file-failed', `${file.name}${line}: ${message}`, error)
  }
}

async function admitAppRole(client: pg.Client, appUrl: string, password: string): Promise<void> {
  const refused = await signInProblem(appUrl)
  if (refused === null) return
  // 28P01 and 28000: no password yet, or another one
  if (!['28P01', '28000'].includes(stateOf(refused) ?? '')) throw refused
  try {
    await client.query(
      `alter role ${appRole} login password ${pg.escapeLiteral(scramVerifier(password))}`,
    )
  } catch (error) {
    // the role is the server's: another database's migration may have set it at this moment
    if (!/concurrently updated/.test(String(error))) throw error
  }
  const still = await signInProblem(appUrl)
  if (still) throw still
}

async function signInProblem(url: string): Promise<unknown> {
  const probe = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  probe.on('error', () => undefined)
  try {
    await probe.connect()
    return null
  } catch (error) {
    return error
  } finally {
    await probe.end().catch(() => undefined)
  }
}

/** The password as PostgreSQL stores it (RFC 5803), so that the password itself is in no server log. */
function scramVerifier(password: string): string {
  const salt = randomBytes(16)
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, 4096, 32, 'sha256')
  const key = (name: string) => createHmac('sha256', salted).update(name).digest()
  const stored = createHash('sha256').update(key('Client Key')).digest('base64')
  return `SCRAM-SHA-256$4096:${salt.toString('base64')}$${stored}:${key('Server Key').toString('base64')}`
}

/**
 * The job queue holds no clinical data and deletes what is done, so its schema is the runtime role's own. Its installer asks
 * for CREATE on the database, which the role has for that moment only.
 */
async function installJobQueue(client: pg.Client, appUrl: string): Promise<void> {
  const database = (await client.query('select quote_ident(current_database()) as name')).rows[0]
    .name as string
  await client.query(`grant create on database ${database} to ${appRole}`)
  // A pool of ours, because the library's own is still closing when it says that it is done.
  const pool = new pg.Pool({
    connectionString: appUrl,
    max: 1,
    application_name: 'casebook migrate',
  })
  pool.on('error', () => undefined)
  pool.on('connect', (connected) => connected.on('error', () => undefined))
  try {
    await runMigrations({ pgPool: pool, schema: jobSchema })
  } finally {
    await pool.end()
    await client.query(`revoke create on database ${database} from ${appRole}`)
  }
}

function stateOf(error: unknown): string | undefined {
  return (error as { code?: string } | null)?.code
}
