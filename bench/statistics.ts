/** Survival procedures and exact tests beside R and its survival package in one run. See bench/README.md. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { coxPh } from '#domain/statistics/cox-ph.ts'
import { fisherFreemanHalton } from '#domain/statistics/fisher-freeman-halton.ts'
import { kaplanMeier } from '#domain/statistics/kaplan-meier.ts'
import { logRankTest } from '#domain/statistics/log-rank.ts'
import { mannWhitney } from '#domain/statistics/mann-whitney.ts'

type Columns = Record<string, Float64Array>
type Measured = { first: number; median: number; peak: number; values: number[] }
type Row = { title: string; procedure: string; columns: () => Columns }

const seconds = Number(process.env.SECONDS || 2)
const hint =
  'R is not installed: no comparison. Debian and Ubuntu: apt-get install r-base-core r-cran-survival r-cran-exactranktests'

/** Numbers between 0 and 1 that are the same on every machine (Park and Miller 1988). */
function uniform(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
}

/** Exponential survival under five covariates, a third censored; times in days, whole or not. */
function followUp(n: number, whole: boolean): Columns {
  const next = uniform(20 + n)
  const names = ['time', 'event', 'group', 'x1', 'x2', 'x3', 'x4', 'x5']
  const columns: Columns = Object.fromEntries(names.map((name) => [name, new Float64Array(n)]))
  const put = (name: string, i: number, value: number) => {
    ;(columns[name] as Float64Array)[i] = value
  }
  for (let i = 0; i < n; i++) {
    const group = next() < 0.5 ? 0 : 1
    const x = [group, 20 + Math.floor(next() * 60), next() * 4 - 2, next() < 0.3 ? 1 : 0, next()]
    const eta =
      -0.3 * group + 0.02 * (x[1] as number) + 0.25 * (x[2] as number) + 0.4 * (x[3] as number)
    const death = (-Math.log(next()) * 1500) / Math.exp(eta - 1)
    const end = 200 + next() * 1800
    const time = Math.min(death, end)
    put('time', i, whole ? Math.ceil(time) : time)
    put('event', i, death <= end ? 1 : 0)
    put('group', i, group)
    x.forEach((value, j) => {
      put(`x${j + 1}`, i, value)
    })
  }
  return columns
}

function twoSamples(step: number): Columns {
  const next = uniform(7)
  const value = (shift: number) => {
    const raw = shift + 10 * (next() + next() + next())
    return step > 0 ? Math.round(raw / step) * step : raw
  }
  return {
    x: Float64Array.from({ length: 50 }, () => value(0)),
    y: Float64Array.from({ length: 50 }, () => value(2)),
  }
}

const table = (...counts: number[]) => ({ table: Float64Array.from(counts) })
const sizes = [1_000, 100_000, 1_000_000]
const shown = (n: number) => n.toLocaleString('en')

const rows: Row[] = [
  ...sizes.map((n) => ({
    title: `Kaplan-Meier and log-rank, ${shown(n)}`,
    procedure: 'km',
    columns: () => followUp(n, false),
  })),
  {
    title: 'Kaplan-Meier and log-rank, 1,000,000, whole days',
    procedure: 'km',
    columns: () => followUp(1_000_000, true),
  },
  ...sizes.map((n) => ({
    title: `Cox, five covariates, ${shown(n)}`,
    procedure: 'cox',
    columns: () => followUp(n, false),
  })),
  {
    title: 'Cox, five covariates, 1,000,000, whole days',
    procedure: 'cox',
    columns: () => followUp(1_000_000, true),
  },
  {
    title: 'exact Wilcoxon, 50 + 50',
    procedure: 'wilcoxon',
    columns: () => twoSamples(0),
  },
  {
    title: 'exact Wilcoxon, 50 + 50, ties',
    procedure: 'wilcoxon-ties',
    columns: () => twoSamples(1),
  },
  {
    title: 'Fisher 5 × 4, 40 subjects',
    procedure: 'fisher',
    columns: () => table(3, 1, 0, 2, 0, 4, 1, 1, 2, 0, 5, 1, 1, 3, 0, 4, 6, 1, 3, 2),
  },
  {
    title: 'Fisher 5 × 4, 124 subjects',
    procedure: 'fisher',
    columns: () => table(9, 4, 6, 5, 3, 10, 7, 6, 8, 5, 4, 9, 5, 7, 9, 3, 6, 8, 3, 7),
  },
]

/** The same work as in bench/statistics.R. */
function prepared(procedure: string, c: Columns): () => number[] {
  const { time, event, group, x, y } = c as Record<string, Float64Array>
  if (procedure === 'km') {
    const data = { time, event, group } as Parameters<typeof kaplanMeier>[0]
    return () => {
      const curve = kaplanMeier(data).curves[0]
      const survival = curve?.survival
      return [survival?.[survival.length - 1] ?? Number.NaN, logRankTest(data).chiSquare]
    }
  }
  if (procedure === 'cox') {
    const terms = [1, 2, 3, 4, 5].map((j) => ({
      name: `x${j}`,
      values: c[`x${j}`] as Float64Array,
    }))
    const data = { time: time as Float64Array, event: event as Float64Array, terms }
    return () => coxPh(data).coefficients.map((k) => k.estimate)
  }
  if (procedure === 'fisher') {
    const counts = Array.from(c.table as Float64Array)
    const matrix = [0, 1, 2, 3, 4].map((i) => counts.slice(4 * i, 4 * i + 4))
    return () => [fisherFreemanHalton(matrix).p]
  }
  return () => [mannWhitney(x as Float64Array, y as Float64Array, { method: 'exact' }).p]
}

/** Runs in a process of its own, so that the peak of memory belongs to one row. */
function measureHere(row: Row): Measured {
  const run = prepared(row.procedure, row.columns())
  const once = () => {
    const started = performance.now()
    const values = run()
    return { values, taken: (performance.now() - started) / 1000 }
  }
  const { taken: first, values } = once()
  const times: number[] = []
  const begun = performance.now()
  while (times.length < 3 || performance.now() - begun < seconds * 1000) times.push(once().taken)
  times.sort((a, b) => a - b)
  const median = times[Math.floor(times.length / 2)] as number
  return { first, median, peak: process.resourceUsage().maxRSS / 1024, values }
}

function child(command: string, args: string[]): string {
  const done = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1e8 })
  if (done.status !== 0) throw new Error(`${command} ${args[0]}: ${done.stderr}`)
  return done.stdout.trim().split('\n').pop() as string
}

function measureInR(row: Row): Measured | { missing: string } {
  const folder = mkdtempSync(join(tmpdir(), 'casebook-bench-'))
  try {
    for (const [name, values] of Object.entries(row.columns()))
      writeFileSync(join(folder, name), values)
    const script = join(import.meta.dirname, 'statistics.R')
    return JSON.parse(child('Rscript', ['--vanilla', script, row.procedure, folder, `${seconds}`]))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const time = (s: number) => (s < 1 ? `${(s * 1000).toPrecision(3)} ms` : `${s.toFixed(2)} s`)

function line(row: Row, index: number, withR: boolean): string {
  const args = [...process.execArgv, import.meta.filename, '--row', String(index)]
  const own: Measured = JSON.parse(child(process.execPath, args))
  const cells = [row.title, time(own.first), time(own.median), `${own.peak.toFixed(0)} MB`]
  if (!withR) return `| ${cells.join(' | ')} |`
  const r = measureInR(row)
  if ('missing' in r) return `| ${cells.join(' | ')} | package ${r.missing} not installed | | | |`
  const gap = Math.max(
    ...r.values.map((v, i) => Math.abs((own.values[i] as number) - v) / Math.abs(v)),
  )
  const ratio = own.median / r.median
  return `| ${[...cells, time(r.median), `${r.peak.toFixed(0)} MB`, ratio.toFixed(2), gap.toExponential(0)].join(' | ')} |`
}

const asked = process.argv.indexOf('--row')
if (asked >= 0) {
  const row = rows[Number(process.argv[asked + 1])] as Row
  process.stdout.write(`${JSON.stringify(measureHere(row))}\n`)
} else {
  const version = spawnSync('Rscript', ['--version'], { encoding: 'utf8' })
  const withR = version.status === 0
  const only = process.env.ROWS ? new RegExp(process.env.ROWS) : null
  const head = ['row', 'first call', 'median', 'peak memory']
  if (withR) head.push('R median', 'R peak memory', 'time ratio to R', 'largest difference')
  process.stdout.write(`${withR ? (version.stderr || version.stdout).trim() : hint}\n\n`)
  process.stdout.write(`| ${head.join(' | ')} |\n|${' --- |'.repeat(head.length)}\n`)
  for (const [index, row] of rows.entries())
    if (!only || only.test(row.title)) process.stdout.write(`${line(row, index, withR)}\n`)
}
