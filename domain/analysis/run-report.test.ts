/** Reports as a study writes them: what the checker says of a mistake, and what the sound ones give. */
import { describe, expect, it } from 'vitest'
import { subjectReader } from '#domain/casebook/evaluate.ts'
import {
  casebookOf,
  sampleFiles,
  sampleSources,
  sampleStudy,
} from '#domain/casebook/testing/sample-study.ts'
import { checkStudy } from '#domain/definition/check-study.ts'
import { parseStudy } from '#domain/definition/parse-study.ts'
import { runReport } from './run-report.ts'

const changed = (reports: string) => ({
  'analysis.yaml': `${sampleFiles['analysis.yaml']}reports: [${reports}]\n`,
})
function findings(reports: string): string[] {
  const { definition, findings } = parseStudy(sampleSources(changed(reports)), [])
  const all = definition ? [...findings, ...checkStudy(definition)] : findings
  return all.filter((one) => one.severity === 'error').map((one) => one.message)
}

const cox = (more: string) =>
  `{ kind: cox, oid: C, title: C, population: ALL, time: F_DM.AGE, event: "F_DM.SEX == 'F'", model: univariable, covariates: [${more}] }`
const visitTable = (more: string) =>
  `{ kind: visit-table, oid: V, title: V, population: ALL, visits: [W0, W4], rows: [{ label: Weight, ${more} }] }`

const table = (more: string) =>
  `{ kind: table, oid: T, title: T, population: ALL, columns: SEXES, rows: [{ label: R, ${more} }] }`

describe('a mistake in a report is an error before the study goes live', () => {
  it.each([
    [cox('{ label: A, value: F_DM.AGE }'), null],
    [cox('{ label: S, value: F_DM.SEX, codes: [M, F], reference: M }'), null],
    [cox('{ label: S, value: F_DM.SEX, codes: [M, F], reference: X }'), /reference is none/],
    [cox('{ label: S, value: F_DM.SEX, codes: [M, F] }'), /go together/],
    [cox('{ label: S, value: F_DM.SEKS }'), /SEKS/],
    [cox('{ label: A, value: F_DM.AGE }').replace('F_DM.AGE', 'F_DM.SEX'), /number/],
    [visitTable('value: "at(VISIT, F_VS.WEIGHT)", statistic: mean-sd'), null],
    [visitTable('value: "at(VISIT, F_VS.WAIT)", statistic: mean-sd'), /WAIT/],
    [visitTable('value: "at(VISIT, F_VS.WEIGHT)", statistic: mean-sd').replace('W4', 'W5'), /W5/],
    [visitTable('value: F_DM.AGE, statistic: mean-sd, test: t-test'), /pairedTest/],
    [table('value: F_DM.AGE, statistic: mean-sd, test: chi-square'), /does not fit/],
    [table('value: F_DM.SEX, statistic: count-per-code, test: t-test'), /does not fit/],
    [table('value: F_DM.SEX, statistic: count-per-code, alsoTests: [welch]'), /does not fit/],
    [table('value: F_DM.AGE, statistic: n, test: t-test'), /does not fit/],
    [
      table('value: F_DM.AGE, against: F_DM.AGE, statistic: mean, pairedTest: mcnemar'),
      /does not fit/,
    ],
    [visitTable('value: F_DM.AGE, statistic: fall'), /against/],
    [visitTable('value: F_DM.AGE, statistic: mean, pairedTest: paired-t'), /against/],
    [
      '{ kind: visit-values, oid: V, title: V, population: ALL, item: F_VS.WEIGHT, visits: [W0, W5] }',
      /W5/,
    ],
    [
      '{ kind: listing, oid: L, title: L, population: NONE, shows: [{ label: A, value: F_DM.AGE }] }',
      /NONE/,
    ],
    [
      '{ kind: listing, oid: L, title: L, population: ALL, shows: [{ label: A, value: AJE }] }',
      /AJE/,
    ],
  ])('%s', (report, expected) => {
    const found = findings(report)
    if (expected === null) expect(found).toEqual([])
    else expect(found.join('\n')).toMatch(expected)
  })
})

describe('sound reports', () => {
  const reports = [
    visitTable(
      'value: "at(VISIT, F_VS.WEIGHT)", statistic: mean-sd, against: "at(W0, F_VS.WEIGHT)", pairedTest: paired-t',
    ),
    '{ kind: listing, oid: L, title: L, population: ALL, shows: [{ label: Sex, value: F_DM.SEX }, { label: Consent, value: F_DM.CONSENT }] }',
    cox('{ label: Sex, value: F_DM.SEX, codes: [M, F], reference: M }'),
  ].join(', ')
  const study = sampleStudy(changed(reports))
  const subjects = [
    [70, 66],
    [80, 77],
    [65, 60],
  ].map(([first, later], at) => {
    const casebook = casebookOf({
      'SCR/F_DM': { SEX: 'M', BRTHDTC: '1960-01-01', CONSENT: '2020-01-01' },
      'W0/F_RAND': { RANDDTC: '2020-01-06T09:00:00+09:00' },
      'W0/F_VS': { WEIGHT: String(first) },
      'W4/F_VS': { WEIGHT: String(later) },
    })
    const reader = subjectReader(study, casebook)
    return { subjectKey: `01-${at + 1}`, value: (text: string) => reader.expression(text) }
  })
  const run = (oid: string, of = subjects) => {
    const report = study.definition.reports.find((one) => one.oid === oid)
    if (!report) throw new Error(`no report ${oid}`)
    return runReport(report, {
      definition: study.definition,
      subjects: of,
      dataAsOf: '2026-11-21T00:00:00Z',
      studyVersion: { number: 1, label: '1.0', hash: 'x' },
    })
  }

  it('a table with the visits as its columns', () => {
    const { body } = run('V')
    if (body.kind !== 'table') throw new Error(body.kind)
    expect(body.columns.map((column) => [column.key, column.n])).toEqual([
      ['W0', 3],
      ['W4', 3],
    ])
    expect(body.lines[0]?.cells.map((cell) => cell.text)).toEqual(['71.7 (7.6)', '67.7 (8.6)'])
    expect(body.lines[0]?.cells[1]?.subjects).toEqual(['01-1', '01-2', '01-3'])
    // t.test(c(66, 77, 60), c(70, 80, 65), paired = TRUE) of R 4.2.2.
    expect(body.lines[0]?.paired?.[1]?.p).toBeCloseTo(0.02020410288672876, 10)
    // A visit against itself has no differences: a sentence, not a number.
    expect(body.lines[0]?.paired?.[0]).toMatchObject({ p: null, text: '–' })
  })

  it('a listing with the labels of codes', () => {
    const { body } = run('L')
    expect(body.kind === 'listing' && body.rows[0]).toMatchObject({
      subject: '01-1',
      cells: [{ en: 'Male' }, { en: '2020-01-01' }],
    })
  })

  it.each(['V', 'L', 'C'])('%s of nobody says so', (oid) => {
    expect(run(oid, []).problem?.en).toBe('No subject is in this population yet.')
  })
})
