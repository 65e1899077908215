/**
 * What the demo cohort must hold beyond the printed cells of the interim report; those stand in `demo/paper.yaml` and are
 * compared by `casebook report check`.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import type { ReportResult, SurvivalBody, TableBody } from '#domain/analysis/report-result.ts'
import { runReport } from '#domain/analysis/run-report.ts'
import { analysisSubjects, fillSubject } from '#studies/demo/fill-subject.ts'
import { studyDefinition } from '#studies/demo/study-definition.ts'
import { cohort } from './demo/cohort.ts'

let subjects: ReturnType<typeof analysisSubjects>
let results: ReadonlyMap<string, ReportResult>

beforeAll(() => {
  const study = studyDefinition('tac-pms')
  const perSite = new Map<string, number>()
  const filled = cohort().map((plan) => {
    const number = (perSite.get(plan.site) ?? 0) + 1
    perSite.set(plan.site, number)
    return fillSubject(study, plan, {
      subjectKey: `${plan.site}-${String(number).padStart(3, '0')}`,
    })
  })
  subjects = analysisSubjects(study.compiled, filled)
  const context = {
    definition: study.definition,
    subjects,
    dataAsOf: '2026-11-21T00:00:00Z',
    studyVersion: { number: 1, label: '1.0', hash: 'x' },
  }
  results = new Map(
    study.definition.reports.map((report) => [report.oid, runReport(report, context)]),
  )
}, 180_000)

const tableOf = (oid: string) => results.get(oid)?.body as TableBody
/** Label and cells of the lines that carry numbers. */
const printed = (oid: string) =>
  tableOf(oid)
    .lines.filter((line) => line.cells.some((cell) => cell.text !== ''))
    .map((line) => [line.label.en, ...line.cells.map((cell) => cell.text)])
const within = (population: string) =>
  subjects.filter((subject) => subject.value(population) === true)
const numbers = (of: typeof subjects, expression: string) =>
  of.map((subject) => subject.value(expression)).filter((value) => typeof value === 'number')

describe('baseline', () => {
  it('the subject of the safety set without an outcome is the one that the two tables leave out', () => {
    const [only, ...others] = within('SAFFL && !OUTFL')
    expect(others).toEqual([])
    const facts = [
      'F_DM.SEX',
      'F_IIM.IIMTYPE',
      'F_ILD.ILDPRES',
      'F_ILD.ILDCRS4',
      'F_ILD.IPHIST',
      'MSA_ARS',
      'MSA_JO1',
      'MSA_MDA5',
    ]
    expect(facts.map((fact) => only?.value(fact))).toEqual([
      'M',
      'DM',
      'RELAPSE',
      'AECHR',
      'UIP',
      'NEG',
      null,
      'POS',
    ])
  })

  it('INC-2: high dose and cyclophosphamide cannot be the printed 28 (3 in PM, where 2 had the drug)', () => {
    const lines = printed('R1_BASELINE')
    expect(lines.at(-1)?.[0]).toBe('High-dose corticosteroids and cyclophosphamide')
    expect(Number.parseInt(lines.at(-1)?.[2] as string, 10)).toBeLessThanOrEqual(2)
  })

  it('before tacrolimus: methotrexate 3 and etanercept 1, all with rheumatoid arthritis, azathioprine 1', () => {
    const safety = within('SAFFL')
    const prior = (drug: string) =>
      safety.filter(
        (subject) =>
          subject.value(
            `F_IS.exists(r, coalesce(r.ISTRT == '${drug}' && r.ISPURP == 'PRIOR', false))`,
          ) === true,
      )
    expect(prior('METHOTREXATE')).toHaveLength(3)
    expect(prior('ETANERCEPT')).toHaveLength(1)
    for (const subject of [...prior('METHOTREXATE'), ...prior('ETANERCEPT')])
      expect(subject.value("F_MH.MH['RA'].MHOCCUR")).toBe('Y')
    const [azathioprine] = prior('AZATHIOPRINE')
    expect(
      azathioprine?.value(
        "days(F_IS.filter(r, r.ISTRT == 'AZATHIOPRINE').max(r, r.ISENDTC), TZERO)",
      ),
    ).toBe(21)
  })
})

describe('Figure 2', () => {
  it('one death in polymyositis, with 40 at risk', () => {
    const survival = results.get('R5_OS_DX')?.body as SurvivalBody
    const pm = survival.parts[0]?.groups.find((one) => one.key === 'PM')
    expect(pm?.steps.filter((step) => step.events > 0).map((step) => step.atRisk)).toEqual([40])
  })
})

describe('deaths', () => {
  it('INC-4: one death after two years, CADM, anti-MDA5 negative, anti-ARS positive', () => {
    const late = within('OUTFL && COXEV && !OSEV')
    expect(
      late.map((one) =>
        ['COXTIME', 'F_IIM.IIMTYPE', 'MSA_MDA5', 'MSA_ARS'].map((v) => one.value(v)),
      ),
    ).toEqual([[745, 'CADM', 'NEG', 'POS']])
  })
})

it('61 reasons to stop in the 49 who stopped', () => {
  const stopped = within('SAFFL && DISCFL')
  expect(stopped).toHaveLength(49)
  expect(numbers(stopped, 'DSTNREAS').reduce((sum, n) => sum + n, 0)).toBe(61)
})
