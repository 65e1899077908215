import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runJourneys } from './browser.ts'
import { endChildren, runNode } from './child.ts'
import { noTests, type Tally, tallyFile, tallyVitest } from './reports.ts'

const PARTS = ['types', 'lint', 'unit', 'database', 'browser'] as const
type Part = (typeof PARTS)[number]

/**
 * `npm test [part ...] [file ...]`: all parts in order, or the ones that are named; words that are no part
 * narrow vitest and Playwright to files. The last line is `N passed, N failed`; exit status 1 when any failed.
 */
export async function runTests(words: readonly string[]): Promise<void> {
  const named = PARTS.filter((part) => words.includes(part))
  const parts = named.length > 0 ? named : PARTS
  const files = words.filter((word) => !PARTS.some((part) => part === word))
  const folder = await mkdtemp(join(tmpdir(), 'casebook-test-'))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, endChildren)

  const total = noTests()
  for (const part of parts) {
    const begun = Date.now()
    const tally = await runPart(part, files, folder)
    const seconds = Math.round((Date.now() - begun) / 1000)
    process.stdout.write(`${part.padEnd(10)}${summary(tally)} (${seconds} s)\n`)
    for (const failure of tally.failures) process.stdout.write(`  FAILED ${failure}\n`)
    for (const place of tally.secondTries) process.stdout.write(`  ON A SECOND TRY ${place}\n`)
    total.passed += tally.passed
    total.failed += tally.failed
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  process.stdout.write(`${summary(total)}\n`)
  process.exit(total.failed > 0 ? 1 : 0)
}

function summary({ passed, failed }: Tally): string {
  return `${passed} passed, ${failed} failed`
}

async function runPart(part: Part, files: readonly string[], folder: string): Promise<Tally> {
  switch (part) {
    case 'types':
      return types()
    case 'lint':
      return single('lint', await runNode(['node_modules/@biomejs/biome/bin/biome', 'check', '.']))
    case 'unit':
    case 'database':
      return vitest(part, files, folder)
    case 'browser':
      return runJourneys(files, folder)
  }
}

/** The types of routes are generated first: a fresh clone has none, and tsc would miss them. */
async function types(): Promise<Tally> {
  const generated = await runNode(['node_modules/next/dist/bin/next', 'typegen'], {
    NEXT_TELEMETRY_DISABLED: '1',
  })
  if (generated.status !== 0) return single('types', generated)
  return single('types', await runNode(['node_modules/typescript/bin/tsc', '--noEmit']))
}

function single(part: string, ended: { status: number; output: string }): Tally {
  if (ended.status === 0) return { ...noTests(), passed: 1 }
  const lines = ended.output.split('\n').map((line) => `    ${line}`)
  return { ...noTests(), failed: 1, failures: [`${part}\n${lines.slice(0, 200).join('\n')}`] }
}

async function vitest(
  project: 'unit' | 'database',
  files: readonly string[],
  folder: string,
): Promise<Tally> {
  const report = join(folder, `${project}.json`)
  const ended = await runNode([
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    project,
    '--reporter=json',
    `--outputFile=${report}`,
    ...files,
  ])
  return tallyFile(report, project, ended, (found: Parameters<typeof tallyVitest>[0]) =>
    tallyVitest(found, process.cwd()),
  )
}
