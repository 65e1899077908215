/**
 * Every number of every report of the demo cohorts, computed again by R from the files that statisticians take away. Where R is
 * not installed only the shape of the scripts is looked at, and no test of R is registered.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { reportData } from '#domain/analysis/r-script/report-data.ts'
import { runAllScript, scriptFiles } from '#domain/analysis/r-script/script-files.ts'
import { runReport } from '#domain/analysis/run-report.ts'
import {
  hostileCohorts,
  hostileDefinition,
  hostileReports,
} from '#domain/analysis/testing/hostile-cohorts.ts'
import { csvRows } from '#domain/exchange/csv.ts'
import { report } from './report.ts'
import { studiesWithCohort } from './report-cohort.ts'
import { cohortScripts, writeFiles } from './report-script.ts'

const root = mkdtempSync(join(tmpdir(), 'casebook-r-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const folderOf = (name: string): string => {
  const folder = join(root, name)
  if (!existsSync(folder)) writeFiles(folder, cohortScripts(name))
  return folder
}
const read = (folder: string, file: string) => readFileSync(join(folder, file), 'utf8')

describe('the scripts of a study', () => {
  it.each(studiesWithCohort)(
    '%s: one per report, with its data and what was printed',
    (name) => {
      const folder = folderOf(name)
      const scripts = readdirSync(folder).filter(
        (file) => file.endsWith('.R') && file !== 'run-all.R',
      )
      expect(scripts.length).toBeGreaterThanOrEqual(10)
      for (const script of scripts) {
        const text = read(folder, script)
        const oid = script.slice(0, -2)
        expect(text).toContain(`d <- read_set("${oid}.csv")`)
        expect(text.trimEnd().endsWith('finish()')).toBe(true)
        // Only ASCII, so that no locale can misread it.
        expect(text).toMatch(/^[\x20-\x7e\n]*$/)
        const [head, ...rows] = csvRows(read(folder, `${oid}.csv`))
        expect(rows.length).toBeGreaterThan(0)
        const [, own = ''] = text.split('---- the report')
        const printed = csvRows(read(folder, `${oid}_printed.csv`))
        expect(printed.length).toBeGreaterThan(1)
        // Every variable that the script reads is there, and every row of the report is computed.
        for (const [, variable] of own.matchAll(/\bd\$([A-Z][A-Z0-9]*)/g))
          expect(head, `${script}: ${variable}`).toContain(variable)
      }
    },
    120_000,
  )
})

describe('casebook report script', () => {
  const say = () => {
    const said: string[] = []
    const hear = (text: string) => void said.push(text)
    return { said, say: { out: hear, error: hear } }
  }
  it('writes scripts and data into a folder', async () => {
    const out = join(root, 'cli', 'deeper')
    const { said, say: heard } = say()
    const study = join(import.meta.dirname, '..', '..', 'studies', 'us-ma-ild')
    expect(await report(['script', study, '--out', out], heard)).toBe(0)
    expect(said[0]).toMatch(/^\d+ scripts with their data in /)
    expect(readdirSync(out)).toContain('run-all.R')
  }, 60_000)

  it.each([
    [['script']],
    [['script', 'studies/us-ma-ild']],
    [['script', 'studies/us-ma-ild', '--out']],
    [['script', 'studies/us-ma-ild', '--to', 'x']],
    [['script', 'studies/library', '--out', '/nowhere']],
    [['script', '/elsewhere/us-ma-ild', '--out', '/nowhere']],
  ])('refuses %j with exit status 2', async (words) => {
    const { said, say: heard } = say()
    expect(await report(words, heard)).toBe(2)
    expect(said).toHaveLength(1)
    expect(existsSync('/nowhere')).toBe(false)
  })
})

const survival = spawnSync('Rscript', ['-e', 'library(survival); cat("here")'], {
  encoding: 'utf8',
})
const hasR = survival.status === 0 && survival.stdout === 'here'

/** Output lines that say something differs or broke, and the last lines of all scripts. */
function ran(folder: string): { status: number | null; wrong: string[]; totals: string[] } {
  const { status, stdout, stderr } = spawnSync('Rscript', ['run-all.R', 'quiet'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  const lines = `${stdout}\n${stderr}`.split('\n')
  return {
    status,
    wrong: lines.filter((line) => /^(different|error|Error|Execution)/.test(line)),
    totals: lines.filter((line) => /^\d+ equal, \d+ different$/.test(line)),
  }
}

if (hasR) {
  describe('R computes the same', () => {
    it.each(studiesWithCohort)(
      '%s',
      (name) => {
        const folder = folderOf(name)
        const scripts = readdirSync(folder).filter((file) => file.endsWith('.R')).length - 1
        const { status, wrong, totals } = ran(folder)
        expect(wrong).toEqual([])
        expect(totals).toHaveLength(scripts)
        for (const line of totals) expect(line).toMatch(/^[1-9]\d* equal, 0 different$/)
        expect(status).toBe(0)
      },
      120_000,
    )

    it('where every report meets hostile data', () => {
      const folder = join(root, 'hostile')
      const scripts: string[] = []
      for (const [at, subjects] of Object.values(hostileCohorts).entries()) {
        const studyVersion = { number: 1, label: '1', hash: 'x' }
        const dataAsOf = '2026-11-21T00:00:00Z'
        const context = { definition: hostileDefinition, subjects, dataAsOf, studyVersion }
        for (const one of hostileReports) {
          const named = { ...one, oid: `C${at}_${one.oid}` }
          const result = runReport(named, context)
          const data = reportData(named, context)
          const files = scriptFiles(named, result, data, hostileDefinition, { withData: true })
          writeFiles(folder, files)
          scripts.push(...files.map((file) => file.name).filter((file) => file.endsWith('.R')))
        }
      }
      writeFiles(folder, [{ name: 'run-all.R', text: [runAllScript(scripts)] }])
      const { status, wrong, totals } = ran(folder)
      expect(wrong).toEqual([])
      expect(totals).toHaveLength(scripts.length)
      expect(status).toBe(0)
    }, 180_000)

    it('and says so where a printed number, a value or a whole row is another one', () => {
      const folder = join(root, 'changed')
      writeFiles(folder, cohortScripts('us-ma-ild'))
      const oid = readdirSync(folder).find((file) => file.endsWith('_printed.csv')) as string
      const name = oid.replace('_printed.csv', '')
      const one = () => {
        const done = spawnSync('Rscript', [`${name}.R`], { cwd: folder, encoding: 'utf8' })
        return { status: done.status, last: done.stdout.trimEnd().split('\n').at(-1) }
      }
      expect(one()).toMatchObject({ status: 0, last: expect.stringMatching(/ 0 different$/) })
      const lines = read(folder, oid).split('\r\n')
      const at = lines.findIndex((line) => /,ALL,|,n,/.test(line))
      const [number] = /\d+(?=,)/.exec(lines[at]?.split(',').slice(3).join(',') ?? '') ?? []
      expect(number).toBeDefined()
      const changed = lines.with(
        at,
        (lines[at] as string).replaceAll(`,${number},`, `,${Number(number) + 1},`),
      )
      writeFileSync(join(folder, oid), changed.join('\r\n'))
      expect(one()).toMatchObject({ status: 1, last: expect.stringMatching(/ 1 different$/) })
      // A number that the script computes and the report does not print.
      writeFileSync(join(folder, oid), lines.toSpliced(at, 1).join('\r\n'))
      expect(one()).toMatchObject({ status: 1, last: expect.stringMatching(/ 1 different$/) })
      // A number that the report prints and the script does not compute.
      const extra = (lines[at] as string).replace(/^\d+/, '999')
      writeFileSync(join(folder, oid), lines.toSpliced(at, 0, extra).join('\r\n'))
      expect(one()).toMatchObject({ status: 1, last: expect.stringMatching(/ 1 different$/) })
      // Other data.
      writeFileSync(join(folder, oid), lines.join('\r\n'))
      const data = read(folder, `${name}.csv`).split('\r\n')
      writeFileSync(join(folder, `${name}.csv`), data.toSpliced(1, 5).join('\r\n'))
      expect(one().status).toBe(1)
    }, 60_000)
  })
}
