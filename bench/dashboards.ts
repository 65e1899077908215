/**
 * Every dashboard with 500, 5,000 and 50,000 subjects by 12 visits: the answer over HTTP to a person who counts every site, and the
 * survival curve also as the first question to a new process, with answers kept and with none. See bench/README.md.
 */
import { engineVersion } from '#domain/analysis/run-report.ts'
import { aPersonOf, layCasework, layDashboardStudy } from './dashboard-study.ts'
import { quantile, surroundings } from './measure.ts'
import { startSystem } from './running-system.ts'
import { signIn, type Visitor } from './visitor.ts'

const port = Number(process.env.PORT || 4620)
const sizes = (process.env.SUBJECTS ?? '500,5000,50000').split(',').map(Number)
/** With two arms that none of those who ask may tell apart. */
const blinded = process.env.BLINDED === '1'
const questions = 40
/** A question to a large study is asked less often. */
const fewQuestions = 10

const system = await startSystem(port)
try {
  const { ownerPool, baseUrl } = system
  const study = await layDashboardStudy(ownerPool, { blinded })
  const manager = await signIn(baseUrl, await aPersonOf(ownerPool, study, 'data-manager'))
  const statistician = await signIn(baseUrl, await aPersonOf(ownerPool, study, 'statistician'))
  const asked: readonly (readonly [string, string, Visitor])[] = [
    ['recruitment', 'recruitment', manager],
    ['visits due and overdue', 'visits', manager],
    ['completeness', 'completeness', manager],
    ['query ageing', 'queries', manager],
    ['safety', 'safety', manager],
    ['survival', 'survival', statistician],
  ]
  const results = new Map<string, number[][]>()
  const cold: number[] = []
  const keeping: number[] = []
  const first: number[] = []
  const records: number[] = []
  let laid = 0
  for (const size of sizes) {
    await layCasework(ownerPool, study, laid + 1, size)
    laid = size
    const { rows } = await ownerPool.query<{ count: number }>(
      'select count(*)::int as count from casebook.form_record where study_id = $1',
      [study.studyId],
    )
    records.push(rows[0]?.count ?? 0)
    await forgetKept()
    cold.push(await timed(() => ask('survival', statistician)))
    await forgetKept()
    keeping.push(await timed(answersKept))
    await system.restart()
    // The framework loads a route when it is first asked: that is no matter of subjects.
    await ask('recruitment', manager)
    first.push(await timed(() => ask('survival', statistician)))
    for (const [name, dashboard, visitor] of asked) {
      for (let warm = 0; warm < 3; warm += 1) await ask(dashboard, visitor)
      const times: number[] = []
      for (let at = 0; at < (size > 5000 ? fewQuestions : questions); at += 1) {
        times.push(await timed(() => ask(dashboard, visitor)))
      }
      const before = results.get(name) ?? []
      results.set(name, [...before, times.sort((a, b) => a - b)])
    }
  }
  print(results, { cold, keeping, first }, records)

  /** The timetable's own round may have kept answers meanwhile: those of another engine are nobody's. */
  async function forgetKept(): Promise<void> {
    await ownerPool.query(
      `update casebook.kept_answers set engine = 'another' where study_id = $1`,
      [study.studyId],
    )
  }

  /** Runs the job at once instead of at its next round, and waits until it is through. */
  async function answersKept(): Promise<void> {
    await ownerPool.query(
      `select graphile_worker.add_job('keep-answers', job_key => 'keep-answers')`,
    )
    for (;;) {
      const { rows } = await ownerPool.query(
        'select from casebook.studies_to_keep_answers_of($1)',
        [engineVersion],
      )
      if (rows.length === 0) return
      await new Promise((done) => setTimeout(done, 100))
    }
  }

  async function ask(dashboard: string, { cookie }: Visitor): Promise<void> {
    const input = encodeURIComponent(JSON.stringify({ studyId: study.studyId }))
    const answer = await fetch(`${baseUrl}/api/trpc/dashboard.${dashboard}?input=${input}`, {
      headers: { cookie },
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${dashboard}: ${text}`)
  }
} finally {
  await system.stop()
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await act()
  return performance.now() - begun
}

function print(
  results: ReadonlyMap<string, readonly (readonly number[])[]>,
  { cold, keeping, first }: Record<'cold' | 'keeping' | 'first', readonly number[]>,
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
  const once = [
    ['survival, first after a start, ms', first],
    ['survival, nothing kept yet, ms', cold],
    ['the job that keeps answers, all anew, ms', keeping],
  ] as const
  for (const [name, times] of once) {
    line(name, [...times.map((time) => time.toFixed(0)), growth(times)])
  }
  process.stdout.write(`${surroundings()}\n`)
}
