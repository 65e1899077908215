import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { sampleFiles, sampleSources } from '#domain/casebook/testing/sample-study.ts'
import { study } from './study.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

function folderWith(changes: Record<string, string | null> = {}): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'study-')), 'sample')
  folders.push(dirname(folder))
  for (const { path, text } of sampleSources(changes)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

async function run(...words: string[]) {
  const lines: string[] = []
  const say = { out: (text: string) => lines.push(text), error: (text: string) => lines.push(text) }
  const status = await study(words, { out: say.out, error: say.error } as never)
  return { status, text: lines.join('\n') }
}

test('a sound study: status 0, its size and hash', async () => {
  const { status, text } = await run('check', folderWith())
  expect(status).toBe(0)
  expect(text).toContain('SAMPLE 1.0: 7 forms')
  expect(text).toMatch(/Content hash [0-9a-f]{64}$/)
  const tested = await run('test', folderWith(), '--report-only')
  expect(tested.status).toBe(0)
  expect(tested.text).toContain('8 of 8 check tests pass.')
})

test('a finding: status 1, with file, line and column', async () => {
  const checks = (sampleFiles['checks.yaml'] as string).replace("LOSS == 'Y'", "LOSS == 'Q'")
  const folder = folderWith({ 'checks.yaml': checks })
  const { status, text } = await run('check', folder)
  expect(status).toBe(1)
  expect(text).toMatch(/checks\.yaml:6:\d+: error: 'Q' is not a code of CL_NY/)
  const json = JSON.parse((await run('check', folder, '--json')).text)
  expect(json.ok).toBe(false)
  expect(json.findings[0]).toMatchObject({ severity: 'error', line: 6 })
  const failed = await run('test', folder)
  expect(failed.status).toBe(1)
  expect(failed.text).toContain('failed: C-01: C-01 1 fires: It stays silent.')
})

test('a failing check test: status 1', async () => {
  const checks = (sampleFiles['checks.yaml'] as string).replace(
    'W4/F_VS.WEIGHT: 70',
    'W4/F_VS.WEIGHT: 60',
  )
  const { status, text } = await run('test', folderWith({ 'checks.yaml': checks }))
  expect(status).toBe(1)
  expect(text).toContain('C-01: just not: It fires')
  expect(text).toContain('7 of 8 check tests pass')
})

test('what no test shows: status 1, with file and line', async () => {
  const { status, text } = await run('test', folderWith())
  expect(status).toBe(1)
  expect(text).toMatch(/checks\.yaml:30:\d+: not covered: C-04: no test in which it stays silent/)
  expect(text).toMatch(
    /forms\.yaml:31:\d+: not covered: F_VS\.BMI: no test in which it is decided, undecided, missing/,
  )
  expect(text).toMatch(
    /Coverage: checks 3 of 4 \(75 %\), derivations \d+ of \d+ \(\d+ %\); \d+ states excused/,
  )
  expect(text).not.toContain('excused: ')
  const excused = await run('test', folderWith(), '--excused')
  expect(excused.text).toContain('OS.timeZero is never missing: it is the variable TZERO')
  const json = JSON.parse((await run('test', folderWith(), '--json')).text)
  expect(json.ok).toBe(false)
  expect(json.coverage.gaps[0]).toMatchObject({ name: 'C-04', lacks: ['silent'], line: 30 })
  expect(json.coverage.excused[0]).toHaveProperty('reason')
})

test('a failing derivation test: status 1 even where coverage only reports', async () => {
  const derivations =
    '- { name: wrong, given: { SCR/F_VS.WEIGHT: 70 }, expect: { F_VS.BMI: 22 } }\n'
  const { status, text } = await run(
    'test',
    folderWith({ 'derivations.yaml': derivations }),
    '--report-only',
  )
  expect(status).toBe(1)
  expect(text).toMatch(/derivations\.yaml:1:\d+: failed: wrong: F_VS\.BMI is undecided, not 22\./)
})

test('bad use: status 2', async () => {
  for (const words of [
    [],
    ['check'],
    ['test', '/no/such/folder'],
    ['check', 'a', 'b'],
    ['check', '--colour'],
  ]) {
    expect((await run(...words)).status).toBe(2)
  }
})
