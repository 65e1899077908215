/** The papers against the reports of the demo cohorts, cell by cell, and what the command says of it. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkPaper } from '#domain/analysis/paper-check.ts'
import { lineOf, readPaper, report } from './report.ts'
import { cohortReports, studiesWithCohort } from './report-cohort.ts'

const studies = join(import.meta.dirname, '..', '..', 'studies')
const withPaper = studiesWithCohort.filter((name) =>
  existsSync(join(studies, name, 'demo', 'paper.yaml')),
)

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
      const paper = readPaper(join(studies, name))
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
