import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { StartError } from '#bin/start/start-error.ts'
import { type AuditFinding, type AuditVerification, verifyAudit } from '#db/audit-verify.ts'
import { databasePool, inTransaction } from '#db/client.ts'
import { passwordOf, preparePlace, SUPERUSER } from '#db/embedded/cluster.ts'
import { EmbeddedServerError } from '#db/embedded/embedded-error.ts'
import { readPostmaster } from '#db/embedded/postmaster.ts'
import { startEmbedded } from '#db/embedded/server.ts'
import { databaseError } from '#db/errors.ts'

const usage = [
  'casebook audit verify [--database URL] [--kept DIGEST]... [--json]',
  '    proves the audit trail and names the first wrong row; --kept: digests of seals kept outside',
  'casebook audit anchor [--database URL] [--json]',
  '    seals all chains and prints the digests, to be kept outside',
].join('\n')

export type Output = { out(text: string): void; error(text: string): void }
const terminal: Output = {
  out: (text) => process.stdout.write(`${text}\n`),
  error: (text) => process.stderr.write(`${text}\n`),
}

/**
 * `casebook audit verify` and `casebook audit anchor`, on `--database`, DATABASE_URL or the embedded database, which may be
 * running. Exit status 0 all is well, 1 findings, 2 bad use.
 */
export async function audit(words: string[], say: Output = terminal): Promise<number> {
  const asked = readWords(words)
  if (!asked) {
    say.error(usage)
    return 2
  }
  return onDatabase(asked.database, (database) =>
    asked.verb === 'verify' ? verify(database, asked, say) : anchor(database, asked, say),
  )
}

/** Runs on a database (see `openDatabase`) and lets go of it; one that holds no Casebook is a StartError that says so. */
export async function onDatabase<T>(
  named: string | undefined,
  run: (database: string) => Promise<T>,
): Promise<T> {
  const { database, stop } = await openDatabase(named)
  try {
    return await run(database)
  } catch (error) {
    if (databaseError(error)?.code !== '42P01') throw error
    throw new StartError('This database holds no Casebook: name another one with --database.')
  } finally {
    await stop()
  }
}

type Asked = {
  verb: 'verify' | 'anchor'
  database: string | undefined
  kept: string[]
  json: boolean
}

function readWords(words: string[]): Asked | null {
  try {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: {
        database: { type: 'string' },
        kept: { type: 'string', multiple: true },
        json: { type: 'boolean' },
      },
    })
    const [verb, ...more] = positionals
    if ((verb !== 'verify' && verb !== 'anchor') || more.length > 0) return null
    return {
      verb,
      database: values.database,
      kept: values.kept ?? [],
      json: values.json ?? false,
    }
  } catch {
    return null
  }
}

async function verify(database: string, asked: Asked, say: Output): Promise<number> {
  const result = await verifyAudit(database, { keptAnchors: asked.kept })
  say.out(asked.json ? JSON.stringify(result, null, 2) : report(result))
  return result.ok ? 0 : 1
}

function report(result: AuditVerification): string {
  const counts = `${result.records} audit records in ${result.chains} chains, ${result.anchors} seals`
  if (result.ok) return `The audit trail is whole: ${counts}.`
  return [
    `The audit trail is NOT whole: ${result.findings.length} findings in ${counts}.`,
    ...result.findings.map(findingLine),
  ].join('\n')
}

function findingLine(finding: AuditFinding): string {
  const place = [
    finding.studyId && `study ${finding.studyId}`,
    `${finding.entity} ${finding.entityId}`,
    finding.seq !== null && `audit record ${finding.seq}`,
  ]
  return `${finding.kind}: ${place.filter(Boolean).join(', ')}: ${finding.message}`
}

type Seal = { studyId: string; number: number; at: string; heads: number; digest: string }

async function anchor(database: string, asked: Asked, say: Output): Promise<number> {
  const pool = databasePool(database, { max: 1, applicationName: 'casebook audit anchor' })
  try {
    const newest = await inTransaction(
      pool,
      { actor: 'system', command: 'audit.anchor', statementTimeout: 0 },
      async (tx) => {
        await tx.query('select casebook.anchor()')
        return tx.query<Seal>(
          `select distinct on (study_id) study_id as "studyId", number, at, heads, digest
           from casebook.audit_anchor order by study_id, number desc`,
        )
      },
    )
    say.out(
      asked.json
        ? JSON.stringify(newest, null, 2)
        : newest
            .map((seal) => `${seal.at} study ${seal.studyId} seal ${seal.number} ${seal.digest}`)
            .join('\n'),
    )
    return 0
  } finally {
    await pool.end()
  }
}

/** The database that is meant: named, from the environment, or the embedded one, started only when it does not run. */
export async function openDatabase(
  named: string | undefined,
): Promise<{ database: string; stop(): Promise<void> }> {
  const url = named ?? (process.env.DATABASE_URL || undefined)
  if (url !== undefined) return { database: url, stop: async () => undefined }
  const directory = join(resolve(process.env.CASEBOOK_DATA || '.casebook'), 'postgres')
  try {
    const server = await startEmbedded({ directory })
    return { database: server.ownerUrl, stop: server.stop }
  } catch (error) {
    if (!(error instanceof EmbeddedServerError) || error.problem !== 'in-use') throw error
    const place = await preparePlace(directory)
    const running = await readPostmaster(place.data)
    if (!running) throw error
    const password = encodeURIComponent(await passwordOf(place.home))
    return {
      database: `postgres://${SUPERUSER}:${password}@127.0.0.1:${running.port}/casebook`,
      stop: async () => undefined,
    }
  }
}
