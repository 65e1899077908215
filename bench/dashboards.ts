/**
 * Every dashboard with 500, 5,000 and 50,000 subjects by 12 visits: the server's answer from a signed-in person's question to the
 * counts, under row security, on one connection. The survival curve also the first time in a process. See bench/README.md.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { databasePool } from '#db/client.ts'
import { startEmbedded } from '#db/embedded/server.ts'
import { migrate } from '#db/migrate.ts'
import { personOfSession } from '#server/account/sessions.ts'
import type { Person } from '#server/actor.ts'
import { completenessDashboard } from '#server/dashboard/completeness.ts'
import { queryDashboard } from '#server/dashboard/queries.ts'
import { recruitmentDashboard } from '#server/dashboard/recruitment.ts'
import { safetyDashboard } from '#server/dashboard/safety.ts'
import { survivalDashboard } from '#server/dashboard/survival.ts'
import { visitsDashboard } from '#server/dashboard/visits.ts'
import { useDatabase } from '#server/database.ts'
import { forgetAnswers } from '#server/report/answers.ts'
import { layCasework, layDashboardStudy, sessionOf } from './dashboard-study.ts'
import { quantile, surroundings } from './measure.ts'

const sizes = (process.env.SUBJECTS ?? '500,5000,50000').split(',').map(Number)
const questions = Number(process.env.QUESTIONS ?? 40)

const directory = await mkdtemp(join(tmpdir(), 'casebook-bench-'))
const server = await startEmbedded({ directory: join(directory, 'postgres') })
const { appUrl } = await migrate(server.ownerUrl, { appRolePassword: 'a bench needs a password' })
const ownerPool = databasePool(server.ownerUrl, { max: 2 })
const pool = databasePool(appUrl, { max: 4 })
useDatabase(pool)
try {
  const study = await layDashboardStudy(ownerPool)
  const { studyId } = study
  const manager = await personWith('data-manager')
  const statistician = await personWith('statistician')
  async function personWith(role: 'data-manager' | 'statistician'): Promise<Person> {
    const person = await personOfSession(await sessionOf(ownerPool, studyId, role))
    if (!person) throw new Error(`The ${role} is not signed in`)
    return person
  }
  const asked: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['recruitment', () => recruitmentDashboard.execute(manager, { studyId })],
    ['visits due and overdue', () => visitsDashboard.execute(manager, { studyId })],
    ['completeness', () => completenessDashboard.execute(manager, { studyId })],
    ['query ageing', () => queryDashboard.execute(manager, { studyId })],
    ['safety', () => safetyDashboard.execute(manager, { studyId })],
    ['survival', () => survivalDashboard.execute(statistician, { studyId })],
  ]
  const results = new Map<string, number[][]>()
  const first: number[] = []
  const records: number[] = []
  let laid = 0
  for (const size of sizes) {
    await layCasework(ownerPool, study, laid + 1, size)
    laid = size
    const { rows } = await ownerPool.query<{ count: number }>(
      'select count(*)::int as count from casebook.form_record where study_id = $1',
      [studyId],
    )
    records.push(rows[0]?.count ?? 0)
    forgetAnswers()
    first.push(await timed(() => survivalDashboard.execute(statistician, { studyId })))
    for (const [name, ask] of asked) {
      for (let warm = 0; warm < 3; warm += 1) await ask()
      const times: number[] = []
      const most = size > 5000 ? Math.min(questions, 10) : questions
      for (let at = 0; at < most; at += 1) times.push(await timed(ask))
      const before = results.get(name) ?? []
      results.set(name, [...before, times.sort((a, b) => a - b)])
    }
  }
  print(results, first, records)
} finally {
  await pool.end()
  await ownerPool.end()
  await server.stop()
  if (server.home !== directory) await rm(server.home, { recursive: true, force: true })
  await rm(directory, { recursive: true, force: true })
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await act()
  return performance.now() - begun
}

function print(
  results: ReadonlyMap<string, readonly (readonly number[])[]>,
  first: readonly number[],
  records: readonly number[],
): void {
  const line = (name: string, cells: readonly string[]) =>
    process.stdout.write(`${name.padEnd(44)}${cells.map((cell) => cell.padStart(18)).join('')}\n`)
  const growth = (values: readonly number[]) =>
    `x ${((values.at(-1) ?? 0) / (values[0] ?? 1)).toFixed(1)}`
  process.stdout.write('\n')
  line('subjects by 12 visits', [...sizes.map(String), 'growth'])
  line('form records', [...records.map(String), growth(records)])
  for (const [name, runs] of results) {
    const middle = runs.map((times) => quantile(times, 0.5))
    line(`${name}, ms (p50 / p95)`, [
      ...runs.map((times, at) => `${middle[at]?.toFixed(0)} / ${quantile(times, 0.95).toFixed(0)}`),
      growth(middle),
    ])
  }
  line('survival, first time in a process, ms', [
    ...first.map((time) => time.toFixed(0)),
    growth(first),
  ])
  process.stdout.write(`${surroundings()}\n`)
}
