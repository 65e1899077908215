/**
 * The reports of the demo cohort against the published tables (Fujisawa et al., Respirology 2021;26:370-7). Cells in which the
 * paper contradicts itself are given as they follow from the data: never-smokers 86 % (printed 88), DM 46 % (47), crackles
 * 93 % (91), renal dysfunction p = 0.32 (0.16).
 */
import { beforeAll, describe, expect, it } from 'vitest'
import type {
  ReportBody,
  ReportResult,
  SurvivalBody,
  TableBody,
  VisitMeansBody,
} from '#domain/analysis/report-result.ts'
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

it('Figure 1: trial profile', () => {
  const flow = body<'flow'>('R1_FLOW')
  expect(
    flow.steps.map((step) => [
      step.label.en,
      step.total.text,
      ...step.byArm.map((arm) => arm.cell.text),
    ]),
  ).toEqual([
    ['Screened', '60'],
    ['Not eligible', '2'],
    ['Randomised', '58'],
    ['Allocated', '58', '30', '28'],
    ['Disease progression', '12', '4', '8'],
    ['Per protocol', '46', '26', '20'],
  ])
})

it('Table 1: baseline', () => {
  expect(printed(body<'table'>('R2_BASELINE'))).toEqual([
    ['Age, years', '61.6 (11.0)', '59.2 (13.0)', '0.45'],
    ['Sex, female', '19 (63)', '22 (79)', '0.25'],
    ['Smoking, never', '24 (80)', '24 (86)', '0.73'],
    ['IIM', '0.58'],
    ['Polymyositis', '6 (20)', '4 (14)', ''],
    ['Dermatomyositis (classic)', '10 (33)', '13 (46)', ''],
    ['Clinically amyopathic DM', '14 (47)', '11 (39)', ''],
    ['ILD form', '0.18'],
    ['Acute/subacute', '16 (53)', '20 (71)', ''],
    ['Chronic', '14 (47)', '8 (29)', ''],
    ['Dyspnoea on exertion', '24 (80)', '21 (75)', '0.76'],
    ['Fine crackles', '28 (93)', '25 (89)', '0.67'],
    ['Anti-ARS positive', '15 (50)', '14 (50)', '> 0.99'],
    ['Anti-MDA5 positive', '8 (27)', '10 (36)', '0.57'],
    ['Ferritin, ng/mL', '476 (806)', '255 (265)', '0.30'],
    ['CPK, IU/L', '1283 (2824)', '633 (1697)', '0.69'],
    ['Aldolase, U/L', '16.6 (29.8)', '18.2 (44.7)', '0.66'],
    ['KL-6, U/mL', '1265 (917)', '1177 (1189)', '0.35'],
    ['SP-D, ng/mL', '200 (230)', '249 (290)', '0.46'],
    ['%FVC', '74.8 (20.4)', '76.4 (17.8)', '0.59'],
    ['%DLCO', '64.1 (21.6)', '68.5 (22.4)', '0.31'],
    ['PaO2, Torr', '79.4 (11.7)', '77.3 (17.0)', '0.50'],
  ])
})

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

describe('Figure 2 and S1: survival', () => {
  const rates = (survival: SurvivalBody, at: number) =>
    survival.parts[at]?.groups.map((group) => group.atHorizon?.text)

  it('progression-free 87 % v 71 % at 52 weeks, log-rank p = 0.16', () => {
    const pfs = body<'survival'>('R3_PFS')
    expect(rates(pfs, 0)).toEqual(['87 %', '71 %'])
    expect(pfs.parts[0]?.test?.text).toBe('0.16')
    expect(pfs.parts[0]?.test?.p).toBeCloseTo(0.1604, 4)
    expect(
      pfs.parts[0]?.groups.map((group) => [group.n, group.events, group.atRisk.at(-1)]),
    ).toEqual([
      [30, 4, 26],
      [28, 8, 20],
    ])
    expect(pfs.threshold).toBe(0.2)
  })

  it('overall 97 % v 93 %, log-rank p = 0.50', () => {
    const os = body<'survival'>('R3_OS')
    expect(rates(os, 0)).toEqual(['97 %', '93 %'])
    expect(os.parts[0]?.test?.text).toBe('0.50')
    expect(os.parts[0]?.test?.p).toBeCloseTo(0.5029, 4)
  })

  it('by antibody', () => {
    const pfs = body<'survival'>('R4_PFS')
    expect([1, 2, 3].map((at) => rates(pfs, at))).toEqual([
      ['93 %', '93 %'],
      ['63 %', '40 %'],
      ['100 %', '75 %'],
    ])
    const os = body<'survival'>('R4_OS')
    expect([1, 2].map((at) => rates(os, at))).toEqual([
      ['100 %', '100 %'],
      ['88 %', '80 %'],
    ])
  })
})

it('progressions and deaths', () => {
  expect(printed(body<'table'>('R3_EVENTS')).map((line) => line.slice(1, 3))).toEqual([
    ['4', '8'],
    ['2', '6'],
    ['2', '0'],
    ['0', '2'],
    ['3', '6'],
    ['1', '2'],
    ['1', '2'],
  ])
})

it('Figure 3: %FVC differs from baseline at every visit in both arms, p < 0.01', () => {
  const fvc = body<'visit-means'>('R5_FVC') as VisitMeansBody
  expect(fvc.groups.map((group) => group.points[0]?.cell.n)).toEqual([26, 20])
  for (const group of fvc.groups) {
    for (const point of group.points.slice(1)) expect(point.test?.p).toBeLessThan(0.01)
  }
})

it('Table 2: change from baseline to 52 weeks', () => {
  expect(printed(body<'table'>('R6_PFT'))).toEqual([
    ['FVC, % predicted', '16.9 (12.1)', '19.7 (14.5)', '0.64'],
    ['DLCO, % predicted', '14.7 (23.3)', '9.7 (23.3)', '0.39'],
  ])
})

it('Table 3: adverse events', () => {
  expect(printed(body<'table'>('R7_AE'))).toEqual([
    ['Infection', '7 (23.3)', '3 (10.7)', '0.30'],
    ['bacterial', '2', '0', ''],
    ['cytomegalovirus', '2', '3', ''],
    ['herpes zoster', '1', '0', ''],
    ['pulmonary aspergillosis', '1', '0', ''],
    ['tuberculosis', '1', '0', ''],
    ['Renal dysfunction', '4 (13.3)', '7 (25.0)', '0.32'],
    ['Liver dysfunction', '2 (6.7)', '2 (7.1)', '> 0.99'],
    ['Hyperglycaemia', '4 (13.3)', '0 (0.0)', '0.11'],
    ['Pneumomediastinum', '0 (0.0)', '1 (3.6)', '0.48'],
    ['Deep vein thrombosis', '0 (0.0)', '1 (3.6)', '0.48'],
  ])
})

it('treatment: initial prednisolone, pulses, troughs inside the target, nobody stopped for an adverse event', () => {
  const lines = printed(body<'table'>('R8_TREATMENT'))
  expect(lines.slice(0, 3).map((line) => line.slice(1, 3))).toEqual([
    ['40.2', '43.6'],
    ['7 (23.3)', '9 (32.1)'],
    ['0 (0.0)', '0 (0.0)'],
  ])
  for (const [, tac, csa] of lines.slice(4)) {
    expect(Number.parseFloat(tac as string)).toBeGreaterThanOrEqual(5)
    expect(Number.parseFloat(tac as string)).toBeLessThanOrEqual(10)
    expect(Number.parseFloat(csa as string)).toBeGreaterThanOrEqual(100)
    expect(Number.parseFloat(csa as string)).toBeLessThanOrEqual(150)
  }
})
