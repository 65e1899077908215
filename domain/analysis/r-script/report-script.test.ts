import { describe, expect, it } from 'vitest'
import type { AnalysisSubject } from '#domain/analysis/analysis-subject.ts'
import { type ReportContext, runReport } from '#domain/analysis/run-report.ts'
import {
  hostileCohorts,
  hostileDefinition,
  hostileReports,
  randomCohort,
} from '#domain/analysis/testing/hostile-cohorts.ts'
import type { ReportDef } from '#domain/definition/definition.ts'
import { csvRows } from '#domain/exchange/csv.ts'
import { printedNumbers } from './printed-numbers.ts'
import { rComment, rString } from './r-text.ts'
import { reportData } from './report-data.ts'
import { isNotComputed, runAllScript, scriptFiles } from './script-files.ts'

const definition = { ...hostileDefinition, oid: 'HOSTILE' }
const contextOf = (subjects: readonly AnalysisSubject[], more = {}): ReportContext => ({
  definition,
  subjects,
  dataAsOf: '2026-11-21T00:00:00Z',
  studyVersion: { number: 1, label: '1', hash: 'x' },
  ...more,
})
const hoped = contextOf(hostileCohorts['as hoped'] ?? [])

function filesOf(
  report: ReportDef,
  context = hoped,
  conceals: (expression: string) => boolean = () => false,
): Record<string, string> {
  const result = runReport(report, context)
  const data = reportData(report, context, conceals)
  const files = scriptFiles(report, result, data, context.definition, { withData: true })
  return Object.fromEntries(files.map(({ name, text }) => [name, [...text].join('')]))
}
const named = (oid: string) => hostileReports.find((one) => one.oid === oid) as ReportDef
/** The part of a script that is about its report. */
const callsOf = (text: string | undefined) => text?.split('---- the report').at(1) ?? ''

describe('texts of R', () => {
  it.each([
    ['plain', '"plain"'],
    ['say "no"', '"say \\"no\\""'],
    ['back\\slash', '"back\\\\slash"'],
    ['two\nlines', '"two\\u000alines"'],
    ['%FVC – 肺', '"%FVC \\u2013 \\u80ba"'],
    ['𠮷', '"\\U00020bb7"'],
    ['nul\u0000', '"nul"'],
  ])('%j is a string', (text, written) => {
    expect(rString(text)).toBe(written)
  })

  it('a comment is one line of ASCII', () => {
    expect(rComment('one\nsystem("rm")\r\u2028two 肺')).toBe('# one system("rm")  two ?')
  })
})

describe('a script', () => {
  it.each(hostileReports.map((report) => [report.oid, report] as const))(
    '%s computes every printed number',
    (_, report) => {
      const files = filesOf(report)
      const name = report.oid.toLowerCase()
      const text = files[`${name}.R`] as string
      expect(text).toMatch(/^[\x20-\x7e\n]*$/)
      expect(text.trimEnd().endsWith('finish()')).toBe(true)
      const [head, ...rows] = csvRows(files[`${name}.csv`] as string)
      expect(rows).toHaveLength(hoped.subjects.length)
      for (const [, variable] of callsOf(text).matchAll(/\bd\$([A-Z][A-Z0-9]*)/g))
        expect(head).toContain(variable)
      const [, ...printed] = csvRows(files[`${name}_printed.csv`] as string)
      const numbers = printedNumbers(runReport(report, hoped))
      expect(printed).toHaveLength(numbers.length)
      // Each place once: R finds it by row and column.
      const places = numbers.map(({ at, column }) => `${at}/${column}`)
      expect(new Set(places).size).toBe(places.length)
    },
  )

  it('is made for every cohort, however broken', () => {
    const cohorts = [
      ...Object.values(hostileCohorts),
      ...Array.from({ length: 25 }, (_, seed) => randomCohort(seed)),
    ]
    for (const subjects of cohorts)
      for (const report of hostileReports) {
        const files = filesOf(report, contextOf(subjects))
        const rows = csvRows(files[`${report.oid.toLowerCase()}.csv`] as string)
        expect(rows).toHaveLength(subjects.length + 1)
        for (const text of Object.values(files)) expect(text).not.toMatch(/NaN|Infinity|undefined/)
      }
  })

  it('cannot be made to run what a definition says', () => {
    const evil = '"); system("touch /tmp/x"); ("'
    const table = named('BY_ARM') as Extract<ReportDef, { kind: 'table' }>
    const report: ReportDef = {
      ...table,
      title: { en: `x\nsystem("title")` },
      rows: [
        {
          label: { en: `x\nsystem("label")` },
          value: 'CODE',
          statistic: 'count-per-code',
          codes: ['X', evil],
          test: 'none',
          indent: 0,
        },
      ],
    }
    const text = filesOf(report)['by_arm.R'] as string
    expect(text).toContain('c("X", "\\"); system(\\"touch /tmp/x\\"); (\\"")')
    for (const line of text.split('\n'))
      if (line.includes('system(')) expect(line).toMatch(/^(# |code_rows\()/)
  })

  it('and its data tell no answer that is concealed', () => {
    const conceals = (expression: string) => /CODE|FLAG/.test(expression)
    const shown = filesOf(named('BY_GROUP'))
    const files = filesOf(named('BY_GROUP'), hoped, conceals)
    expect(shown['by_group_variables.csv']).toMatch(/,CODE,/)
    expect(files['by_group_variables.csv']).not.toMatch(/CODE|FLAG/)
    expect(callsOf(files['by_group.R'])).toMatch(/left_out\(\d+(:\d+)?\)/)
    expect(callsOf(shown['by_group.R'])).not.toContain('left_out')
    for (const oid of ['COX', 'LISTING', 'SURVIVAL', 'FLOW'])
      expect(
        filesOf(named(oid), hoped, conceals)[`${oid.toLowerCase()}_variables.csv`],
      ).not.toMatch(/CODE|FLAG2?,/)
  })

  it('of a report that was not computed says why', () => {
    const report = named('COX')
    const why = 'It does not fit version 2.'
    const body = { kind: 'listing', columns: [], rows: [] } as const
    const result = { ...runReport(report, hoped), body, problem: { en: why } }
    expect(isNotComputed(result)).toBe(true)
    const data = reportData(report, hoped)
    const files = scriptFiles(report, result, data, definition, { withData: true })
    expect(files.map(({ name }) => name)).toEqual(['cox.R'])
    expect([...(files[0]?.text ?? [])].join('')).toContain(`cat("${why}"`)
  })

  it('without data has no line on subjects', () => {
    const report = named('LISTING')
    const result = runReport(report, hoped)
    const data = reportData(report, hoped)
    const files = scriptFiles(report, result, data, definition, { withData: false })
    expect(files.map(({ name }) => name)).toEqual(['listing.R'])
    const table = named('BY_ARM')
    const own = scriptFiles(table, runReport(table, hoped), reportData(table, hoped), definition, {
      withData: false,
    })
    expect(own.map(({ name }) => name)).toEqual(['by_arm.R', 'by_arm_printed.csv'])
  })

  it('has the population, subgroup and columns of the run', () => {
    const parameters = { subgroup: { grouping: 'SPLIT', code: 'A' } }
    const context = contextOf(hoped.subjects, { parameters })
    const rows = csvRows(filesOf(named('BY_ARM'), context)['by_arm.csv'] as string)
    const [head, ...subjects] = rows
    const at = head?.indexOf('POPFL') as number
    expect(subjects.map((row) => row[at])).toEqual(
      hoped.subjects.map(({ value }) => (value('GROUP') === 'A' ? 'Y' : 'N')),
    )
  })

  it('of a folder is run with all others', () => {
    expect(runAllScript(['a.R', 'b.R'])).toContain('scripts <- c("a.R", "b.R")')
  })
})
