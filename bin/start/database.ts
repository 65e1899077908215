import pg from 'pg'
import { EmbeddedServerError } from '#db/embedded/embedded-error.ts'
import { startEmbedded } from '#db/embedded/server.ts'
import { StartError } from './start-error.ts'

const OLDEST = 14
const NEWEST = 18

/** The database a start works with. */
export interface StartedDatabase {
  /** URL of the role that owns and migrates. */
  ownerUrl: string
  /** For people: version and place, without any secret. */
  description: string
  stop(): Promise<void>
}

/** Starts the embedded PostgreSQL in `directory`. */
export async function embeddedDatabase(
  directory: string,
  onLost: () => void,
): Promise<StartedDatabase> {
  try {
    const server = await startEmbedded({ directory, handleSignals: false, onLost })
    const version = await withClient(server.ownerUrl, serverVersion)
    return {
      ownerUrl: server.ownerUrl,
      description: `${server.home} (embedded PostgreSQL ${version.major})`,
      stop: server.stop,
    }
  } catch (error) {
    if (error instanceof EmbeddedServerError) throw new StartError(error.message)
    throw error
  }
}

/** Checks the person's own PostgreSQL; makes the database that the URL names when it is missing. */
export async function ownDatabase(url: string): Promise<StartedDatabase> {
  const { host, name } = partsOf(url)
  const version = await withClient(url, serverVersion).catch(async (error: unknown) => {
    if (codeOf(error) !== '3D000') throw unreachable(host, error)
    await createDatabase(url, name, host)
    return withClient(url, serverVersion)
  })
  requireVersion(host, version)
  return {
    ownerUrl: url,
    description: `database ${name} at ${host} (PostgreSQL ${version.major})`,
    stop: async () => undefined,
  }
}

/** @throws StartError outside the majors that Casebook is made for. */
export function requireVersion(host: string, version: { major: number; text: string }): void {
  if (version.major >= OLDEST && version.major <= NEWEST) return
  throw new StartError(
    `The database at ${host} is PostgreSQL ${version.text}: Casebook works with ${OLDEST} to ${NEWEST}; point DATABASE_URL to one of these, or unset it for the embedded database.`,
  )
}

/** Drops everything Casebook keeps in the database; the caller has made sure that it is a demo. */
export async function dropEverything(ownerUrl: string): Promise<void> {
  await withClient(ownerUrl, (client) =>
    client.query('drop schema if exists casebook, allocation, graphile_worker cascade'),
  )
}

export async function withClient<T>(
  url: string,
  run: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await run(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function serverVersion(client: pg.Client): Promise<{ major: number; text: string }> {
  const { rows } = await client.query<{ number: string; text: string }>(
    `select current_setting('server_version_num') as number, current_setting('server_version') as text`,
  )
  return { major: Math.floor(Number(rows[0]?.number) / 10_000), text: rows[0]?.text ?? 'unknown' }
}

async function createDatabase(url: string, name: string, host: string): Promise<void> {
  const other = new URL(url)
  other.pathname = '/postgres'
  await withClient(other.href, (client) =>
    client.query(
      `create database ${client.escapeIdentifier(name)} encoding 'UTF8' template template0`,
    ),
  ).catch((error: unknown) => {
    throw new StartError(
      `The database ${name} does not exist at ${host} and cannot be made (${codeOf(error)}): create it, or give the role of DATABASE_URL the right CREATEDB.`,
    )
  })
}

function partsOf(url: string): { host: string; name: string } {
  try {
    const { protocol, host, pathname, searchParams } = new URL(url)
    const name = decodeURIComponent(pathname.slice(1))
    if (/^postgres(ql)?:$/.test(protocol) && name !== '') {
      return { host: searchParams.get('host') ?? host, name }
    }
  } catch {
    // Falls through: the text itself may hold a password and is not repeated.
  }
  throw new StartError(
    'DATABASE_URL is no PostgreSQL address: write postgres://user:password@host:5432/database.',
  )
}

function unreachable(host: string, error: unknown): StartError {
  const code = codeOf(error)
  if (/^28/.test(code)) {
    return new StartError(
      `The database at ${host} refuses the user or password of DATABASE_URL (${code}): correct them.`,
    )
  }
  return new StartError(
    `The database at ${host} cannot be reached (${code}): start it, or correct DATABASE_URL, or unset it for the embedded database.`,
  )
}

function codeOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string }
  return code ?? message ?? String(error)
}
