import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'

/** What one part of the tests came to. */
export interface Tally {
  passed: number
  failed: number
  /** One entry for each failure: where, and what was said. */
  failures: string[]
  /** Journeys that passed only when they were done again: where, and what stood in the way. Each is a race to be found. */
  secondTries: string[]
}

/** A tally before anything ran. */
export function noTests(): Tally {
  return { passed: 0, failed: 0, failures: [], secondTries: [] }
}

interface VitestReport {
  numPassedTests: number
  numFailedTests: number
  testResults: {
    name: string
    status: string
    message: string
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[]
  }[]
}

interface PlaywrightSuite {
  suites?: PlaywrightSuite[]
  specs?: {
    title: string
    file: string
    line: number
    tests: {
      status: string
      results: { errors?: { message?: string }[] }[]
    }[]
  }[]
}

interface PlaywrightReport {
  suites: PlaywrightSuite[]
  errors: { message?: string }[]
}

/** Counts a report of vitest; a file that could not even be loaded is one failure. */
export function tallyVitest(report: VitestReport, root: string): Tally {
  const tally: Tally = noTests()
  for (const file of report.testResults) {
    const place = relative(root, file.name)
    for (const test of file.assertionResults) {
      if (test.status === 'passed') tally.passed += 1
      else {
        const why = test.failureMessages.join('\n') || `not run (${test.status})`
        fail(tally, `${place}: ${test.fullName}`, why)
      }
    }
    const hasFailed = file.assertionResults.some((test) => test.status !== 'passed')
    if (file.status === 'failed' && !hasFailed) fail(tally, place, file.message)
  }
  return tally
}

/**
 * Counts a report of Playwright; a skipped journey has not been proved and counts as failed. One that passed when it was done
 * again counts as passed and is named.
 */
export function tallyPlaywright(report: PlaywrightReport): Tally {
  const tally: Tally = noTests()
  for (const error of report.errors) fail(tally, 'journeys', error.message ?? 'unknown error')
  const visit = (suite: PlaywrightSuite): void => {
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        const place = `e2e/${spec.file}:${spec.line}: ${spec.title}`
        const errors = test.results.flatMap((result) => result.errors ?? [])
        const why = errors.map((error) => error.message ?? '').join('\n') || test.status
        if (test.status === 'expected') tally.passed += 1
        else if (test.status === 'flaky') {
          tally.passed += 1
          tally.secondTries.push(`${place}\n${shorten(why)}`)
        } else fail(tally, place, why)
      }
    }
    for (const inner of suite.suites ?? []) visit(inner)
  }
  for (const suite of report.suites) visit(suite)
  return tally
}

/** Reads a report file; when there is none, the part itself has failed with what it said. */
export async function tallyFile<Report>(
  file: string,
  part: string,
  ended: { status: number; output: string },
  read: (report: Report) => Tally,
): Promise<Tally> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  const tally = text === undefined ? noTests() : read(JSON.parse(text))
  // An error outside every test (a set-up, an unhandled rejection) is in the exit status alone.
  if (ended.status !== 0 && tally.failed === 0) fail(tally, part, ended.output)
  if (ended.status === 0 && tally.passed + tally.failed === 0)
    fail(tally, part, 'no test was found')
  return tally
}

function fail(tally: Tally, place: string, why: string): void {
  tally.failed += 1
  tally.failures.push(`${place}\n${shorten(why)}`)
}

function shorten(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours are control characters
  const plain = text.replace(/\u001b\[[0-9;]*m/g, '').trimEnd()
  const lines = plain.split('\n').filter((line) => !/^\s+at .*node_modules/.test(line))
  const shown = lines.length > 40 ? [...lines.slice(0, 25), '...', ...lines.slice(-14)] : lines
  return shown.map((line) => `    ${line.slice(0, 400)}`).join('\n')
}
