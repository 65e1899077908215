/**
 * The report book of the trial, report by report, on the demo cohort and on thousands of subjects: from nothing, with everything
 * known, and after one changed value. Each size runs in a process of its own, so that its memory is its own. See bench/README.md.
 */
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type CopiedStudy, layCopiedStudy } from '#bin/multiply/lay-copies.ts'
import { type BookTime, bookOf, reportAlone } from '#bin/multiply/measure-book.ts'
import { databasePool, type Pool } from '#db/client.ts'
import { startEmbedded } from '#db/embedded/server.ts'
import { migrate } from '#db/migrate.ts'
import { asSystem } from '#db/seed/build.ts'
import { surroundings } from './measure.ts'

const study = process.env.STUDY || 'tac-csa-rct'
const sizes = (process.env.SUBJECTS || '58,500,5000,50000').split(',').map(Number)

type Measured = {
  first: BookTime
  again: BookTime
  changed: BookTime
  alone: { oid: string; first: number; again: number; changed: number }
  idle: number
  peak: number
}

const [job] = process.argv.slice(2)
if (job) await measure(JSON.parse(job))
else await compare()

/** Lays study after study into one database and measures each size from a new process. */
async function compare(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'casebook-reports-'))
  const server = await startEmbedded({ directory, handleSignals: false })
  const ownerPool = databasePool(server.ownerUrl, { max: 2 })
  try {
    const { appUrl } = await migrate(server.ownerUrl, { appRolePassword: 'bench' })
    const { copied, add } = await layCopiedStudy(ownerPool, study)
    const results: { subjects: number; records: number; measured: Measured }[] = []
    let subjects = 0
    let records = 0
    for (const size of sizes) {
      records += await add(subjects + 1, size)
      subjects = size
      const job = JSON.stringify({ copied, appUrl, ownerUrl: server.ownerUrl })
      const child = spawnSync(
        process.execPath,
        [...process.execArgv, fileURLToPath(import.meta.url), job],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1e8 },
      )
      if (child.status !== 0) throw new Error(`The measurement of ${size} subjects failed`)
      results.push({ subjects, records, measured: JSON.parse(child.stdout) as Measured })
      process.stderr.write(`${size} subjects done\n`)
    }
    print(results)
  } finally {
    await ownerPool.end()
    await server.stop()
    if (server.home !== directory) await rm(server.home, { recursive: true, force: true })
    await rm(directory, { recursive: true, force: true })
  }
}

type Job = { copied: CopiedStudy; appUrl: string; ownerUrl: string }

async function measure({ copied, appUrl, ownerUrl }: Job): Promise<void> {
  const appPool = databasePool(appUrl, { max: 2 })
  const ownerPool = databasePool(ownerUrl, { max: 1 })
  const idle = process.memoryUsage().rss
  const first = await bookOf(appPool, copied)
  const again = await bookOf(appPool, copied)
  await changeOneValue(ownerPool, copied)
  const changed = await bookOf(appPool, copied)
  const survival = first.reports.find(({ kind }) => kind === 'survival') ?? first.reports[0]
  const oid = survival?.oid as string
  const known = await reportAlone(appPool, copied, oid)
  await changeOneValue(ownerPool, copied)
  const alone = { oid, first: 0, again: known, changed: await reportAlone(appPool, copied, oid) }
  await appPool.end()
  await ownerPool.end()
  const peak = process.resourceUsage().maxRSS * 1024
  process.stdout.write(JSON.stringify({ first, again, changed, alone, idle, peak }))
}

/** The weight of one subject, so that everything that hangs on it is worked out anew. */
async function changeOneValue(ownerPool: Pool, { studyId }: CopiedStudy): Promise<void> {
  await asSystem(ownerPool, { studyId }, (tx) =>
    tx.query(
      `update casebook.form_record set data = jsonb_set(data, '{WEIGHT}', to_jsonb((50 + random() * 20)::numeric(4, 1)::text)),
         reason = '{"WEIGHT": "typing error"}'
       where (study_id, record_id) = (select study_id, record_id from casebook.form_record
         where study_id = $1 and data ? 'WEIGHT' order by record_id limit 1)`,
      [studyId],
    ),
  )
}

function print(results: { subjects: number; records: number; measured: Measured }[]): void {
  const ms = (value: number) => value.toFixed(0)
  const mb = (bytes: number) => (bytes / 2 ** 20).toFixed(0)
  const table = (head: string[], rows: string[][]) => {
    const widths = head.map((text, at) =>
      Math.max(text.length, ...rows.map((row) => (row[at] ?? '').length)),
    )
    for (const row of [head, ...rows])
      console.log(
        row
          .map((text, at) =>
            at === 0 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0),
          )
          .join('  '),
      )
    console.log()
  }
  console.log(`Report book of ${study}, ms\n`)
  const base = results[0]
  table(
    [
      'subjects',
      'records',
      'from nothing',
      'all known',
      'one value changed',
      'changed / nothing',
      'a subject',
      'x first row',
      'peak MB',
      'idle MB',
    ],
    results.map(({ subjects, records, measured: { first, again, changed, peak, idle } }) => [
      String(subjects),
      String(records),
      ms(first.total),
      ms(again.total),
      ms(changed.total),
      (changed.total / first.total).toFixed(3),
      (first.total / subjects).toFixed(2),
      base ? (first.total / base.measured.first.total).toFixed(1) : '',
      mb(peak),
      mb(idle),
    ]),
  )
  console.log('Each report, all known, ms (first line: who there is, what changed, and answers)\n')
  const oids = base?.measured.again.reports ?? []
  table(
    ['report', 'kind', ...results.map(({ subjects }) => String(subjects))],
    [
      ['answers', 'from nothing', ...results.map(({ measured }) => ms(measured.first.prepare))],
      ['answers', 'all known', ...results.map(({ measured }) => ms(measured.again.prepare))],
      ['answers', 'one changed', ...results.map(({ measured }) => ms(measured.changed.prepare))],
      ...oids.map(({ oid, kind }, at) => [
        oid,
        kind,
        ...results.map(({ measured }) => ms(measured.again.reports[at]?.ms ?? Number.NaN)),
      ]),
    ],
  )
  console.log('One page, ms\n')
  table(
    ['subjects', 'report', 'all known', 'one value changed'],
    results.map(({ subjects, measured: { alone } }) => [
      String(subjects),
      alone.oid,
      ms(alone.again),
      ms(alone.changed),
    ]),
  )
  console.log(surroundings())
}
