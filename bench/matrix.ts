/** The subject matrix with 500 and with 5,000 subjects by 12 visits: the server's first page, first painted rows, nodes. See bench/README.md. */
import { type Browser, chromium } from '@playwright/test'
import { findBrowser } from '#e2e/browser.ts'
import { type BenchStudy, layStudy, laySubjects } from './bench-study.ts'
import { quantile, surroundings } from './measure.ts'
import { type RunningSystem, startSystem } from './running-system.ts'
import { signIn, type Visitor } from './visitor.ts'

const port = Number(process.env.PORT || 4620)
const sizes = [500, 5000]
const questions = 40
const visitsOfPage = 7

type Result = {
  subjects: number
  firstPage: number[]
  nextPage: number[]
  kilobytes: number
  painted: number[]
  nodes: number
  rows: number
}

const system = await startSystem(port)
const found = await findBrowser((text) => process.stdout.write(`${text}\n`))
const browser = await chromium.launch({
  executablePath: found.executablePath,
  env: { ...process.env, ...found.env } as Record<string, string>,
})
try {
  const study = await layStudy(system.ownerPool)
  const results: Result[] = []
  let laid = 0
  for (const size of sizes) {
    await laySubjects(system.ownerPool, study, laid + 1, size)
    laid = size
    const visitor = await signIn(system.baseUrl, study)
    const server = await askServer(system, study, visitor)
    results.push({ subjects: size, ...server, ...(await look(browser, system, visitor)) })
  }
  print(results)
} finally {
  await browser.close()
  await system.stop()
}

/** Pages of 100 rows as the screen asks for them, in milliseconds; the second starts in the middle of the list. */
async function askServer({ baseUrl }: RunningSystem, { studyId }: BenchStudy, { cookie }: Visitor) {
  const ask = async (cursor?: string) => {
    const input = { studyId, limit: 100, filter: {}, ...(cursor ? { cursor } : {}) }
    const begun = performance.now()
    const answer = await fetch(
      `${baseUrl}/api/trpc/subject.matrix?input=${encodeURIComponent(JSON.stringify(input))}`,
      { headers: { cookie } },
    )
    const text = await answer.text()
    if (!answer.ok) throw new Error(text)
    const { next } = (JSON.parse(text) as { result: { data: { next: string | null } } }).result.data
    return { taken: performance.now() - begun, text, next }
  }
  const first: number[] = []
  const second: number[] = []
  let kilobytes = 0
  for (let at = 0; at < questions; at += 1) {
    const page = await ask()
    const after = await ask(page.next ?? undefined)
    kilobytes = page.text.length / 1000
    // The first answers compile routes and plans.
    if (at < 5) continue
    first.push(page.taken)
    second.push(after.taken)
  }
  return { firstPage: sorted(first), nextPage: sorted(second), kilobytes }
}

/** From the start of the navigation to the frame after the first subject row, in a browser with a warm cache. */
async function look(browser: Browser, { baseUrl }: RunningSystem, visitor: Visitor) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  await context.addCookies(visitor.cookies.map((one) => ({ ...one, url: baseUrl })))
  const page = await context.newPage()
  await page.addInitScript(() => {
    const seen = new MutationObserver(() => {
      if (!document.querySelector('[data-row]')) return
      seen.disconnect()
      requestAnimationFrame(() =>
        setTimeout(() => {
          document.documentElement.dataset.painted = String(performance.now())
        }),
      )
    })
    seen.observe(document, { childList: true, subtree: true })
  })
  const painted: number[] = []
  let nodes = 0
  let rows = 0
  for (let at = 0; at < visitsOfPage; at += 1) {
    await page.goto(`${baseUrl}/studies/bench/subjects`)
    const text = await page.waitForFunction(() => document.documentElement.dataset.painted)
    await page.waitForLoadState('networkidle')
    nodes = await page.evaluate(() => document.querySelectorAll('*').length)
    rows = await page.evaluate(() => document.querySelectorAll('[data-row]').length)
    if (at > 0) painted.push(Number(await text.jsonValue()))
  }
  await context.close()
  return { painted: sorted(painted), nodes, rows }
}

function sorted(times: number[]): number[] {
  return times.sort((a, b) => a - b)
}

function print(results: readonly Result[]): void {
  const line = (name: string, cells: readonly string[]) =>
    process.stdout.write(`${name.padEnd(52)}${cells.map((cell) => cell.padStart(22)).join('')}\n`)
  const times = (of: (result: Result) => number[]) => {
    const middle = results.map((result) => quantile(of(result), 0.5))
    const cells = results.map(
      (result, at) => `${middle[at]?.toFixed(0)} / ${quantile(of(result), 0.95).toFixed(0)}`,
    )
    return [...cells, `x ${((middle.at(-1) ?? 0) / (middle[0] ?? 1)).toFixed(2)}`]
  }
  const counts = (of: (result: Result) => number) => [
    ...results.map((result) => of(result).toFixed(0)),
    `x ${(of(results.at(-1) as Result) / of(results[0] as Result)).toFixed(2)}`,
  ]
  process.stdout.write('\n')
  line('subjects by 12 visits', [...results.map(({ subjects }) => String(subjects)), 'growth'])
  line(
    'first page of 100 over HTTP, ms (p50 / p95)',
    times(({ firstPage }) => firstPage),
  )
  line(
    'second page, ms (p50 / p95)',
    times(({ nextPage }) => nextPage),
  )
  line(
    'answer of the first page, kB',
    counts(({ kilobytes }) => kilobytes),
  )
  line(
    'navigation to first painted rows, ms (p50 / p95)',
    times(({ painted }) => painted),
  )
  line(
    'DOM nodes',
    counts(({ nodes }) => nodes),
  )
  line(
    'rows in the DOM',
    counts(({ rows }) => rows),
  )
  process.stdout.write(`${surroundings()}\n`)
}
