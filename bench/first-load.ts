/** JavaScript that a first visit to each route fetches, in kB as it travels (gzip). See bench/README.md. */
import { type Browser, chromium } from '@playwright/test'
import { findBrowser } from '#e2e/browser.ts'
import { layStudy, laySubjects } from './bench-study.ts'
import { startSystem } from './running-system.ts'
import { signIn, type Visitor } from './visitor.ts'

const port = Number(process.env.PORT || 4620)
const goal = { 'sign-in': 130, other: 200 }

type Load = { route: string; initial: number; all: number; files: number }

const system = await startSystem(port)
const found = await findBrowser((text) => process.stdout.write(`${text}\n`))
const browser = await chromium.launch({
  executablePath: found.executablePath,
  env: { ...process.env, ...found.env } as Record<string, string>,
})
try {
  const study = await layStudy(system.ownerPool)
  await laySubjects(system.ownerPool, study, 1, 20)
  const visitor = await signIn(system.baseUrl, study)
  const base = '/studies/bench'
  const loads = [await load(browser, system.baseUrl, '/sign-in', null)]
  for (const rest of [
    '',
    '/subjects',
    '/subjects/01-00001',
    '/subjects/01-00001/V1/F_FORTY',
    '/subjects/01-00001/randomise',
    '/adverse-events',
    '/queries',
    '/reports',
    '/export',
    '/people',
    '/audit',
    '/definition',
  ]) {
    loads.push(await load(browser, system.baseUrl, `${base}${rest}`, visitor))
  }
  print(loads)
} finally {
  await browser.close()
  await system.stop()
}

/** Scripts of the document itself (`initial`), and all that were fetched until the network was quiet. */
async function load(
  browser: Browser,
  baseUrl: string,
  route: string,
  visitor: Visitor | null,
): Promise<Load> {
  const context = await browser.newContext()
  if (visitor) await context.addCookies(visitor.cookies.map((one) => ({ ...one, url: baseUrl })))
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  await devtools.send('Network.enable')
  const scripts = new Map<string, string>()
  const sizes = new Map<string, number>()
  devtools.on('Network.responseReceived', ({ requestId, response }) => {
    if (/javascript/.test(response.mimeType)) scripts.set(requestId, new URL(response.url).pathname)
  })
  // Bodies alone, as they travel; headers are not JavaScript.
  devtools.on('Network.dataReceived', ({ requestId, encodedDataLength }) => {
    sizes.set(requestId, (sizes.get(requestId) ?? 0) + encodedDataLength)
  })
  await page.goto(`${baseUrl}${route}`)
  await page.waitForLoadState('networkidle')
  const html = await page.context().request.get(`${baseUrl}${route}`)
  const source = await html.text()
  let initial = 0
  let all = 0
  for (const [requestId, path] of scripts) {
    const size = (sizes.get(requestId) ?? 0) / 1000
    all += size
    if (source.includes(path)) initial += size
  }
  await context.close()
  return { route, initial, all, files: scripts.size }
}

function print(loads: readonly Load[]): void {
  process.stdout.write(
    `\n${'route'.padEnd(44)}${'in the document, kB'.padStart(22)}${'until quiet, kB'.padStart(18)}${'files'.padStart(8)}${'goal'.padStart(8)}\n`,
  )
  for (const { route, initial, all, files } of loads) {
    const most = route === '/sign-in' ? goal['sign-in'] : goal.other
    const verdict = all <= most ? 'met' : 'missed'
    process.stdout.write(
      `${route.padEnd(44)}${initial.toFixed(0).padStart(22)}${all.toFixed(0).padStart(18)}${String(files).padStart(8)}${verdict.padStart(8)}\n`,
    )
  }
}
