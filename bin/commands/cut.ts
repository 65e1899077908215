/** The data cuts of a database, and the proof that they still give what they gave. */
import { parseArgs } from 'node:util'
import { databasePool, inTransaction, type Pool, type Transaction } from '#db/client.ts'
import type { CutCause, CutVerdict } from '#domain/analysis/cut-views.ts'
import { type CutRow, cutsOf } from '#server/cut/cut-row.ts'
import { verifyCut } from '#server/cut/verify-cut.ts'
import { onDatabase } from './audit.ts'
import { type Say, streams } from './say.ts'

const usage = [
  'casebook cut list [<study>] [--database URL] [--json]',
  '    the data cuts of a study (by its OID), or of all studies',
  'casebook cut verify [<study>] [--cut NUMBER]... [--database URL] [--json]',
  '    runs every report of the cuts again and compares it with the day of the cut, byte for byte',
].join('\n')

/**
 * `casebook cut list` and `casebook cut verify`, on `--database`, DATABASE_URL or the embedded database, which may be running.
 * Exit status 0 all is well, 1 a cut is not what it was, 2 bad use.
 */
export async function cut(words: string[], say: Say = streams): Promise<number> {
  const asked = readWords(words)
  if (!asked) {
    say.error(usage)
    return 2
  }
  return onDatabase(asked.database, async (database) => {
    const pool = databasePool(database, { max: 2, applicationName: 'casebook cut' })
    try {
      const studies = await studiesOf(pool, asked.study)
      if (studies.length === 0 && asked.study !== undefined) {
        say.error(`There is no study ${asked.study} in this database.`)
        return 2
      }
      return asked.verb === 'list'
        ? await list(pool, studies, asked, say)
        : await verify(pool, studies, asked, say)
    } finally {
      await pool.end()
    }
  })
}

type Asked = {
  verb: 'list' | 'verify'
  study: string | undefined
  cuts: readonly number[]
  database: string | undefined
  json: boolean
}

function readWords(words: string[]): Asked | null {
  try {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: {
        database: { type: 'string' },
        cut: { type: 'string', multiple: true },
        json: { type: 'boolean' },
      },
    })
    const [verb, study, ...more] = positionals
    const cuts = (values.cut ?? []).map(Number)
    if ((verb !== 'list' && verb !== 'verify') || more.length > 0) return null
    if (cuts.some((number) => !Number.isInteger(number) || number < 1)) return null
    if (cuts.length > 0 && (verb === 'list' || study === undefined)) return null
    return {
      verb,
      study: study?.toUpperCase(),
      cuts,
      database: values.database,
      json: values.json ?? false,
    }
  } catch {
    return null
  }
}

type Study = { studyId: string; oid: string }

function studiesOf(pool: Pool, oid: string | undefined): Promise<Study[]> {
  return inTransaction(pool, { actor: 'system', command: 'cut.list', readOnly: true }, (tx) =>
    tx.query<Study>(
      `select study_id as "studyId", oid from casebook.study where $1::text is null or upper(oid) = $1 order by oid`,
      [oid ?? null],
    ),
  )
}

/** One moment of the database, and no limit of time: nobody waits for the answer. */
function reading<T>(pool: Pool, studyId: string, run: (tx: Transaction) => Promise<T>): Promise<T> {
  const settings = { actor: 'system', studyId, siteIds: null, readOnly: true, statementTimeout: 0 }
  return inTransaction(
    pool,
    { ...settings, command: 'cut.verify', isolation: 'repeatable read' },
    run,
  )
}

async function list(pool: Pool, studies: readonly Study[], asked: Asked, say: Say) {
  const found: object[] = []
  for (const { studyId, oid } of studies) {
    for (const row of await reading(pool, studyId, (tx) => cutsOf(tx, studyId))) {
      found.push(listed(oid, row))
      if (!asked.json) say.out(lineOf(oid, row))
    }
  }
  if (asked.json) say.out(JSON.stringify(found, null, 2))
  else if (found.length === 0) say.out('No data cut was taken.')
  return 0
}

/** What a list of cuts may say: never the secret of the letters. */
function listed(study: string, row: CutRow) {
  const {
    number,
    name,
    purpose,
    asOf,
    takenAt,
    takenBy,
    version,
    engineVersion,
    subjects,
    arms,
    sha256,
  } = row
  return {
    study,
    number,
    name,
    purpose,
    asOf,
    takenAt,
    takenBy,
    version,
    engineVersion,
    subjects,
    arms,
    sha256,
  }
}

const lineOf = (study: string, row: CutRow): string =>
  `${study} cut ${row.number}: ${row.name} (${row.purpose}), data as of ${row.asOf}, definition ${row.version.label}, ` +
  `${row.subjects} subjects, ${row.sha256}`

async function verify(pool: Pool, studies: readonly Study[], asked: Asked, say: Say) {
  const verdicts: ({ study: string } & CutVerdict)[] = []
  for (const { studyId, oid } of studies) {
    const cuts = await reading(pool, studyId, (tx) => cutsOf(tx, studyId))
    const missing = asked.cuts.find((number) => !cuts.some((row) => row.number === number))
    if (missing !== undefined) {
      say.error(`The study ${oid} has no cut ${missing}.`)
      return 2
    }
    for (const row of cuts.reverse()) {
      if (asked.cuts.length > 0 && !asked.cuts.includes(row.number)) continue
      const verdict = await reading(pool, studyId, (tx) => verifyCut(tx, row))
      verdicts.push({ study: oid, ...verdict })
      if (!asked.json) for (const line of verdictLines(oid, verdict)) say.out(line)
    }
  }
  if (asked.json) say.out(JSON.stringify(verdicts, null, 2))
  else if (verdicts.length === 0) say.out('No data cut was taken.')
  return verdicts.every(({ identical }) => identical) ? 0 : 1
}

function verdictLines(study: string, verdict: CutVerdict): string[] {
  const { number, name, was, is, reports } = verdict
  const head = `${study} cut ${number}: ${name}`
  const engines = was.engine === is.engine ? '' : ` (engine ${was.engine} then, ${is.engine} now)`
  if (verdict.identical) {
    return [`${head}: identical to the day of the cut, ${reports.length} reports${engines}`]
  }
  const causes: Record<CutCause, string> = {
    engine: `the engine is another one: ${was.engine} then, ${is.engine} now`,
    redaction: 'values were lawfully taken out of the audit trail since',
    gone: 'the report can no longer be run',
    unknown: 'nothing is known that explains it; run casebook audit verify',
  }
  const different = reports.flatMap(({ oid, cause }) =>
    cause === null ? [] : [`  ${oid}: ${causes[cause]}`],
  )
  return [`${head}: NOT what it was on the day of the cut${engines}`, ...different]
}
