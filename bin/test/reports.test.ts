import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tallyFile, tallyPlaywright, tallyVitest } from './reports.ts'

test('vitest: passed, failed, skipped, and a file that did not load', () => {
  const assertion = (status: string, fullName: string, message?: string) => ({
    status,
    fullName,
    failureMessages: message ? [message] : [],
  })
  const tally = tallyVitest(
    {
      numPassedTests: 1,
      numFailedTests: 1,
      testResults: [
        {
          name: '/root/domain/a.test.ts',
          status: 'failed',
          message: '',
          assertionResults: [
            assertion('passed', 'adds'),
            assertion('failed', 'subtracts', 'expected 1 to be 2'),
            assertion('skipped', 'divides'),
          ],
        },
        {
          name: '/root/domain/b.test.ts',
          status: 'failed',
          message: 'Cannot find module',
          assertionResults: [],
        },
      ],
    },
    '/root',
  )
  expect(tally).toEqual({
    passed: 1,
    failed: 3,
    failures: [
      'domain/a.test.ts: subtracts\n    expected 1 to be 2',
      'domain/a.test.ts: divides\n    not run (skipped)',
      'domain/b.test.ts\n    Cannot find module',
    ],
    secondTries: [],
  })
})

test('Playwright: a skipped journey counts as failed, one that needed a second try is named', () => {
  const spec = (title: string, status: string, message?: string) => ({
    title,
    file: 'a.e2e.ts',
    line: 7,
    tests: [{ status, results: [{ errors: message ? [{ message }] : [] }] }],
  })
  const tally = tallyPlaywright({
    errors: [],
    suites: [
      {
        specs: [spec('signs in', 'expected'), spec('signs out', 'unexpected', 'no button')],
        suites: [{ specs: [spec('saves', 'flaky', 'once late'), spec('sends', 'skipped')] }],
      },
    ],
  })
  expect(tally).toEqual({
    passed: 2,
    failed: 2,
    failures: ['e2e/a.e2e.ts:7: signs out\n    no button', 'e2e/a.e2e.ts:7: sends\n    skipped'],
    secondTries: ['e2e/a.e2e.ts:7: saves\n    once late'],
  })
})

test('an error outside every test, no report, and no test at all are failures', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'casebook-reports-'))
  const empty = join(folder, 'empty.json')
  await writeFile(empty, JSON.stringify({ testResults: [] }))
  const read = (report: Parameters<typeof tallyVitest>[0]) => tallyVitest(report, '/')
  try {
    const broken = await tallyFile(empty, 'unit', { status: 1, output: 'Unhandled' }, read)
    const absent = await tallyFile(join(folder, 'x'), 'unit', { status: 1, output: 'died' }, read)
    const nothing = await tallyFile(empty, 'unit', { status: 0, output: '' }, read)
    expect([broken, absent, nothing].map((tally) => [tally.failed, tally.failures[0]])).toEqual([
      [1, 'unit\n    Unhandled'],
      [1, 'unit\n    died'],
      [1, 'unit\n    no test was found'],
    ])
  } finally {
    await rm(folder, { recursive: true })
  }
})
