/**
 * What the reports of the demo cohort show beyond the printed cells of the publication (Fujisawa et al., Respirology
 * 2021;26:370-7); those stand in `demo/paper.yaml` and are compared by `casebook report check`.
 */
import { beforeAll, expect, it } from 'vitest'
import type { ReportBody, ReportResult, TableBody } from '#domain/analysis/report-result.ts'
import { runReport } from '#domain/analysis/run-report.ts'
import { analysisSubjects, fillSubject } from '#studies/demo/fill-subject.ts'
import { studyDefinition } from '#studies/demo/study-definition.ts'
import { trialCorrections } from './demo/cleaning.ts'
import { cohort } from './demo/whole-cohort.ts'

let results: ReadonlyMap<string, ReportResult>
const body = <Kind extends ReportBody['kind']>(oid: string) =>
  results.get(oid)?.body as Extract<ReportBody, { kind: Kind }>

beforeAll(() => {
  const study = studyDefinition('tac-csa-rct')
  const { definition } = study
  const filled = cohort().map((plan, index) =>
    fillSubject(study, plan, {
      corrections: trialCorrections,
      subjectKey: `${plan.site}-${String(index + 1).padStart(3, '0')}`,
    }),
  )
  const subjects = analysisSubjects(study.compiled, filled)
  const context = {
    definition,
    subjects,
    dataAsOf: '2026-11-21T00:00:00Z',
    studyVersion: { number: 1, label: '1.0', hash: 'x' },
  }
  results = new Map(definition.reports.map((report) => [report.oid, runReport(report, context)]))
}, 60_000)

/** Label, cells and p-value of each printed line. */
const printed = (table: TableBody) =>
  table.lines.map((line) => [
    line.label.en,
    ...line.cells.map((cell) => cell.text),
    line.test?.text ?? '',
  ])

it('stratum as randomised and verified diagnosis differ by one ciclosporin subject', () => {
  expect(printed(body<'table'>('R2_STRATA')).map((line) => line.slice(1, 3))).toEqual([
    [''],
    ['6 (20)', '4 (14)'],
    ['10 (33)', '12 (43)'],
    ['14 (47)', '12 (43)'],
    [''],
    ['6 (20)', '4 (14)'],
    ['10 (33)', '13 (46)'],
    ['14 (47)', '11 (39)'],
    ['0 (0)', '1 (4)'],
  ])
})

it('progression-free survival: log-rank to four digits, numbers at risk at the end, the planned threshold', () => {
  const pfs = body<'survival'>('R3_PFS')
  expect(pfs.parts[0]?.test?.p).toBeCloseTo(0.1604, 4)
  expect(pfs.parts[0]?.groups.map((group) => [group.n, group.events, group.atRisk.at(-1)])).toEqual(
    [
      [30, 4, 26],
      [28, 8, 20],
    ],
  )
  expect(pfs.threshold).toBe(0.2)
  expect(body<'survival'>('R3_OS').parts[0]?.test?.p).toBeCloseTo(0.5029, 4)
})

it('tests that the publication left blank: liver dysfunction and rare events', () => {
  const lines = printed(body<'table'>('R7_AE'))
  const p = (label: string) => lines.find((line) => line[0] === label)?.at(-1)
  expect(p('Liver dysfunction')).toBe('> 0.99')
  expect(p('Hyperglycaemia')).toBe('0.11')
  expect(p('Pneumomediastinum')).toBe('0.48')
  expect(p('Deep vein thrombosis')).toBe('0.48')
})
