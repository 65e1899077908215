/** The papers against the reports of the demo cohorts, cell by cell, and what the command says of it. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkPaper } from '#domain/analysis/paper-check.ts'
import { lineOf, paperOf, readPaper, report } from './report.ts'
import { cohortReports, studiesWithCohort } from './report-cohort.ts'

const studies = join(import.meta.dirname, '..', '..', 'studies')
const withPaper = studiesWithCohort.filter((name) => existsSync(paperOf(join(studies, name))))

function listener() {
  const said = { out: [] as string[], error: [] as string[] }
  const say = {
    out: (text: string) => void said.out.push(text),
    error: (text: string) => void said.error.push(text),
  }
  return { said, say }
}

it('four studies have a paper', () => {
  expect(withPaper).toEqual(
    expect.arrayContaining(['tac-csa-rct', 'tac-pms', 'us-ma-ild', 'tac-pirfenidone']),
  )
})

describe('every printed cell', () => {
  it.each(withPaper)(
    '%s',
    (name) => {
      const paper = readPaper(paperOf(join(studies, name)))
      const results = cohortReports(name)
      const cells = checkPaper(paper, results)
      expect(cells.filter((cell) => !cell.passed).map(lineOf)).toEqual([])
      expect(cells.length).toBeGreaterThan(100)
      // Nothing may come out as NaN or Infinity, whether a paper prints it or not.
      expect(JSON.stringify(results)).not.toMatch(/NaN|Infinity/)
    },
    120_000,
  )
})

describe('casebook report check', () => {
  it('prints a line a cell and the count, exit status 0', async () => {
    const { said, say } = listener()
    expect(await report(['check', join(studies, 'tac-csa-rct')], say)).toBe(0)
    expect(said.out).toContain('OK   Table 1 | Sex, female | TAC: 19 (63)')
    expect(said.out).toContain(
      'BAD  Table 1 | Smoking, never | CSA: printed 24 (88), ours 24 (86) (24 of 28 are 85.7 %)',
    )
    expect(said.out.at(-1)).toMatch(/^\d+ passed, 0 failed$/)
  }, 60_000)

  it('as JSON', async () => {
    const { said, say } = listener()
    expect(await report(['check', join(studies, 'tac-csa-rct'), '--json'], say)).toBe(0)
    const answer = JSON.parse(said.out.join('')) as { failed: number; cells: { class: string }[] }
    expect(answer.failed).toBe(0)
    expect(new Set(answer.cells.map((cell) => cell.class))).toEqual(new Set(['OK', 'SLD', 'BAD']))
  }, 60_000)

  it('a changed figure fails: exit status 1, named with ours', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'casebook-paper-'))
    try {
      const path = join(folder, 'paper.yaml')
      const own = join(studies, 'us-ma-ild')
      const text = readFileSync(paperOf(own), 'utf8')
      expect(text).toContain("['Identified with MA-ILD', '67']")
      writeFileSync(
        path,
        text.replace("['Identified with MA-ILD', '67']", "['Identified with MA-ILD', '68']"),
      )
      const { said, say } = listener()
      expect(await report(['check', own, '--failed', '--paper', path], say)).toBe(1)
      expect(said.out[0]).toBe(
        'FAILED OK   Figure 1 | Identified with MA-ILD | n: printed 68, ours 67 (differs from the print)',
      )
      expect(said.out.at(-1)).toMatch(/^\d+ passed, 1 failed$/)
      writeFileSync(path, 'paper: P\nparts: [{ report: R1 }]\n')
      expect(await report(['check', own, '--paper', path], say)).toBe(2)
      expect(said.error.at(-1)).toContain('parts.0.')
      expect(await report(['check', own, '--paper', join(folder, 'none.yaml')], say)).toBe(2)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }, 60_000)

  it.each([
    [[], 'casebook report check'],
    [['check'], 'casebook report check'],
    [['check', 'studies/library'], 'no demo/paper.yaml'],
    [['check', 'studies/tac-pms', '--unknown'], 'casebook report check'],
  ])('%j is bad use', async (words, expected) => {
    const { said, say } = listener()
    expect(await report(words, say)).toBe(2)
    expect(said.error.join('\n')).toContain(expected)
  })
})
