/** No cohort makes a report print what is no number, a number that is none, or nothing at all. */
import { describe, expect, it } from 'vitest'
import type { ReportDef } from '#domain/definition/definition.ts'
import type { AnalysisSubject } from './analysis-subject.ts'
import { FigureProblem } from './figures/figure-problem.ts'
import { renderFigure } from './figures/render-figure.ts'
import { reportFigureSpec } from './figures/spec-from-report.ts'
import { reportCells } from './report-cells.ts'
import type { ReportResult } from './report-result.ts'
import { runReport } from './run-report.ts'
import { reportCsv } from './take-away.ts'
import {
  hostileCohorts,
  hostileDefinition,
  hostileReports,
  manyWithoutVisits,
  randomCohort,
} from './testing/hostile-cohorts.ts'

const nonsense = /NaN|undefined|Infinity|\[object|null/

function run(report: ReportDef, subjects: readonly AnalysisSubject[]): ReportResult {
  return runReport(report, {
    definition: hostileDefinition,
    subjects,
    dataAsOf: '2026-11-21T00:00:00Z',
    studyVersion: { number: 1, label: '1', hash: 'h' },
  })
}

/** Every number in a result, wherever it stands, with its path. */
function* numbersIn(part: unknown, path: string): Generator<[string, number]> {
  if (typeof part === 'number') yield [path, part]
  else if (typeof part === 'object' && part !== null)
    for (const [key, value] of Object.entries(part)) yield* numbersIn(value, `${path}.${key}`)
}
function* textsIn(part: unknown, path: string): Generator<[string, string]> {
  if (typeof part === 'string') yield [path, part]
  else if (typeof part === 'object' && part !== null)
    for (const [key, value] of Object.entries(part)) yield* textsIn(value, `${path}.${key}`)
}

/** What is wrong with a result; empty when all is well. */
function faults(report: ReportDef, result: ReportResult): string[] {
  const found: string[] = []
  for (const [path, value] of numbersIn(result, 'result'))
    if (!Number.isFinite(value)) found.push(`${path} is ${value}`)
  for (const [path, text] of textsIn(result, 'result'))
    if (nonsense.test(text)) found.push(`${path} says ${text}`)
  if (result.problem) return found
  const cells = reportCells(result)
  if (cells.length === 0 && report.kind !== 'listing') found.push('a blank page')
  for (const cell of cells) {
    const at = `${cell.row}/${cell.column}`
    // A percentage is of somebody.
    if (/\(.*%?\)/.test(cell.text) && /^0 \(0/.test(cell.text)) {
      const own = cells.find((one) => one.at === cell.at && one.column === `${cell.column}.n`)
      if (own?.text === '0') found.push(`${at}: ${cell.text} of nobody`)
    }
  }
  try {
    const spec = reportFigureSpec(result.body, result.title)
    const drawn = spec ? renderFigure(spec).svg : ''
    if (/NaN|undefined|Infinity/.test(drawn))
      found.push(`the figure has ${/.{30}(NaN|undefined|Infinity)/.exec(drawn)?.[0]}`)
  } catch (error) {
    if (!(error instanceof FigureProblem)) found.push(`the figure fails: ${String(error)}`)
    else if (nonsense.test(error.message)) found.push(`the figure says ${error.message}`)
  }
  for (const language of ['en', 'ja', 'zh'] as const) {
    const csv = reportCsv(result, language)
    if (/NaN|undefined|Infinity|\[object/.test(csv))
      found.push(`the data have ${/.{30}(NaN|undefined|Infinity|\[object)/.exec(csv)?.[0]}`)
  }
  return found
}

describe.each(hostileReports.map((report) => [report.oid, report] as const))('%s', (_, report) => {
  it.each(Object.entries(hostileCohorts))('%s', (_name, subjects) => {
    expect(faults(report, run(report, subjects))).toEqual([])
  })

  it('any values of any type', () => {
    for (let seed = 1; seed <= 150; seed += 1) {
      const found = faults(report, run(report, randomCohort(seed)))
      expect({ seed, found }).toEqual({ seed, found: [] })
    }
  })
})

describe('a number that nobody can know is not a zero', () => {
  const result = (oid: string, cohort: string) => {
    const report = hostileReports.find((one) => one.oid === oid) as ReportDef
    return run(report, hostileCohorts[cohort] ?? [])
  }

  it('counts of members without a visit', () => {
    const { body } = result('BY_ARM', 'members without a visit')
    if (body.kind !== 'table') throw new Error('no table')
    for (const line of body.lines.filter(
      ({ label }) => label.en !== 'Size' && label.en !== 'Known',
    ))
      for (const cell of line.cells) expect(cell).toMatchObject({ text: '–', n: 0, missing: 20 })
    expect(body.lines.find(({ label }) => label.en === 'Known')?.cells[0]?.text).toBe('0')
  })

  it('tests that cannot be computed say why', () => {
    const { body } = result('BY_ARM', 'members without a visit')
    if (body.kind !== 'table') throw new Error('no table')
    const tests = body.lines
      .flatMap((line) => [line.test, ...(line.paired ?? [])])
      .filter((test) => test !== null)
    expect(tests.length).toBeGreaterThan(10)
    for (const test of tests)
      expect(test).toMatchObject({ p: null, text: '–', note: { en: expect.stringMatching(/\w/) } })
  })

  it('survival where nobody was followed to the horizon', () => {
    const { body } = result('SURVIVAL', 'followed for three days')
    if (body.kind !== 'survival') throw new Error('no curve')
    expect(body.parts[0]?.groups.map(({ n, events, atHorizon }) => [n, events, atHorizon])).toEqual(
      [
        [10, 0, null],
        [10, 0, null],
      ],
    )
    expect(body.parts[0]?.test?.note?.en).toMatch(/\w/)
  })

  it('an empty population is a sentence', () => {
    for (const cohort of ['no subject at all', 'nobody in the population', 'membership undecided'])
      expect(result('BY_ARM', cohort).problem?.en).toMatch(/^(There is no subject|No subject)/)
  })
})

it('10,000 subjects with no visits', { timeout: 60_000 }, () => {
  const subjects = manyWithoutVisits(10_000)
  for (const report of hostileReports) expect(faults(report, run(report, subjects))).toEqual([])
})
