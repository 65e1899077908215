/**
 * The demo cohort against the interim report. Counts must be exact, means and standard deviations as printed, survival within half a
 * point, hazard ratios within 0.05 on the log scale. Figures in which the report contradicts itself are never forced: the test
 * states what is printed and what follows from the data.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import type { ReportResult, SurvivalBody, TableBody } from '#domain/analysis/report-result.ts'
import { runReport } from '#domain/analysis/run-report.ts'
import type { CoxFit } from '#domain/statistics/cox-ph.ts'
import { coxPh } from '#domain/statistics/cox-ph.ts'
import { mean, median, standardDeviation } from '#domain/statistics/descriptive.ts'
import { formatNumber } from '#domain/statistics/rounding.ts'
import { analysisSubjects, fillSubject } from '#studies/demo/fill-subject.ts'
import { studyDefinition } from '#studies/demo/study-definition.ts'
import { cohort } from './demo/cohort.ts'
import {
  type Factor,
  figure2,
  table1,
  table2,
  table3,
  table3Patients,
  table3Visits,
  table4,
} from './paper-figures.ts'

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
const count = (of: typeof subjects, expression: string) =>
  of.filter((subject) => subject.value(expression) === true).length
const meanSd = (values: readonly number[], digits: number) =>
  `${formatNumber(mean(values), digits)} (${formatNumber(standardDeviation(values), digits)})`

it('179 registered, 171 forms retrieved, 170 evaluable for safety, 169 for the outcome', () => {
  const flow = results.get('R0_FLOW')?.body
  expect(flow?.kind === 'flow' && flow.steps.map((step) => step.total.text)).toEqual(
    '179 8 171 1 170 1 169'.split(' '),
  )
})

describe('Table 1', () => {
  it('every cell', () => {
    const lines = printed('R1_BASELINE')
    expect(tableOf('R1_BASELINE').columns.map((column) => column.n)).toEqual([170, 46, 124, 61, 63])
    expect(lines.slice(0, table1.length)).toEqual(table1)
  })

  it('median disease duration 90 days at initial onset and 920 at relapse', () => {
    const safety = within('SAFFL')
    const durations = (presentation: string) =>
      numbers(
        safety.filter((subject) => subject.value('F_ILD.ILDPRES') === presentation),
        'IIMDURD',
      )
    expect(median(durations('INIT'))).toBe(90)
    expect(median(durations('RELAPSE'))).toBe(920)
  })

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

describe('Figure 1: tacrolimus', () => {
  it('0.058 (0.024) mg/kg at the start and 0.067 (0.032) at week 1', () => {
    const safety = within('SAFFL')
    expect(meanSd(numbers(safety, 'TACKG_D0'), 3)).toBe('0.058 (0.024)')
    expect(meanSd(numbers(safety, 'TACKG_W1'), 3)).toBe('0.067 (0.032)')
  })

  it('mean troughs of 6 to 8 ng/mL throughout', () => {
    for (const visit of ['W1', 'M1', 'M3', 'M6', 'M12', 'M24']) {
      const trough = mean(numbers(within('SAFFL'), `TROUGH_${visit}`))
      expect(trough, visit).toBeGreaterThanOrEqual(6)
      expect(trough, visit).toBeLessThanOrEqual(8)
    }
  })
})

describe('Table 2: reactions', () => {
  const ofTable2 = (oid: string) =>
    printed(oid).filter(([label]) => table2.some((row) => row[0] === label))

  it('every cell', () => {
    expect(ofTable2('R3_ADR')).toEqual(table2.map(([label, all]) => [label, all]))
    expect(ofTable2('R3_SERIOUS')).toEqual(table2.map(([label, , serious]) => [label, serious]))
  })

  it.each([
    ['SAFFL', 301, 121],
    ["SAFFL && MSA_MDA5 == 'POS'", 45, 19],
    ["SAFFL && MSA_ARS == 'POS'", 140, 57],
  ])('%s: %i reactions in %i subjects', (population, reactions, affected) => {
    const of = within(population)
    expect(numbers(of, 'NADR').reduce((sum, n) => sum + n, 0)).toBe(reactions)
    expect(count(of, 'ADRFL')).toBe(affected)
  })

  it('pancreatic 1, thrombotic microangiopathy 1, no lymphoma', () => {
    const safety = within('SAFFL')
    expect(
      ['ADR_PANCREATIC', 'ADR_TMA', 'ADR_LYMPHOMA'].map((flag) => count(safety, flag)),
    ).toEqual([1, 1, 0])
  })
})

describe('stop and corticosteroid', () => {
  it('49 stopped for 61 reasons after a median of 55 days (2 to 1023)', () => {
    const stopped = within('SAFFL && DISCFL')
    expect(stopped).toHaveLength(49)
    expect(numbers(stopped, 'DSTNREAS').reduce((sum, n) => sum + n, 0)).toBe(61)
    const reasons = ['LTFU_MOVED', 'DEATH', 'AE', 'VISIT_CANC', 'INADEQ', 'TROUGH', 'DDI']
    expect(reasons.map((reason) => count(stopped, `STOP_${reason}`))).toEqual([
      20, 16, 12, 8, 3, 1, 1,
    ])
    const durations = numbers(stopped, 'DSTDURV')
    expect([median(durations), Math.min(...durations), Math.max(...durations)]).toEqual([
      55, 2, 1023,
    ])
  })

  it('32.4 (21.6), 13.6 (5.8) and 7.6 (4.2) mg a day; over 30 mg in 94 of 168', () => {
    const safety = within('SAFFL')
    const doses = ['GC_D0', 'GC_M6', 'GC_M24'].map((variable) => numbers(safety, variable))
    expect(doses.map((values) => values.length)).toEqual([168, 133, 90])
    expect(doses.map((values) => meanSd(values, 1))).toEqual([
      '32.4 (21.6)',
      '13.6 (5.8)',
      '7.6 (4.2)',
    ])
    expect(count(safety, 'GC_D0 > 30')).toBe(94)
  })
})

describe('Figure 2', () => {
  it.each(figure2)('%s %s: %d %% at two years', (oid, key, percent) => {
    const survival = results.get(oid)?.body as SurvivalBody
    const group = survival.parts[0]?.groups.find((one) => one.key === key)
    expect(Math.abs(100 * (group?.atHorizon?.survival as number) - percent)).toBeLessThan(0.5)
  })

  it('one death in polymyositis, with 40 at risk', () => {
    const survival = results.get('R5_OS_DX')?.body as SurvivalBody
    const pm = survival.parts[0]?.groups.find((one) => one.key === 'PM')
    expect(pm?.steps.filter((step) => step.events > 0).map((step) => step.atRisk)).toEqual([40])
  })
})

describe('deaths', () => {
  it('16: 12 CADM, 3 classic DM, 1 PM', () => {
    expect(
      printed('R6_DEATHS')[0]
        ?.slice(1)
        .map((text) => Number.parseInt(text, 10)),
    ).toEqual([16, 1, 15, 12, 3])
  })

  it('INC-1: causes printed 12 + 2 + 1 + 1 + 1 make 17; with one cause a death ILD is 11', () => {
    expect(
      printed('R6_DEATHS')
        .slice(1)
        .map((line) => line.slice(0, 2)),
    ).toEqual([
      ['ILD progression', '11'],
      ['Lung cancer', '2'],
      ['Heart failure', '1'],
      ['Myocarditis', '1'],
      ['Suicide', '1'],
    ])
  })

  it('INC-4: one death after two years, CADM, anti-MDA5 negative, anti-ARS positive', () => {
    const late = within('OUTFL && COXEV && !OSEV')
    expect(
      late.map((one) =>
        ['COXTIME', 'F_IIM.IIMTYPE', 'MSA_MDA5', 'MSA_ARS'].map((v) => one.value(v)),
      ),
    ).toEqual([[745, 'CADM', 'NEG', 'POS']])
  })
})

describe('Table 3', () => {
  it('under observation', () => {
    const outcome = within('OUTFL')
    expect(table3Visits.map((visit) => count(outcome, `SEEN_${visit}`))).toEqual([
      ...table3Patients,
    ])
  })

  const cells = Object.entries(table3).flatMap(([variable, row]) =>
    row.map(([n, average, sd], at) => [`${variable}_${table3Visits[at]}`, n, average, sd] as const),
  )
  it.each(cells)('%s: N %i, %s +/- %s', (variable, n, average, sd) => {
    const values = numbers(within('OUTFL'), variable)
    expect([values.length, meanSd(values, 1)]).toEqual([n, `${average} (${sd})`])
  })

  it('CT improved in 80 of 113 and 44 of 54', () => {
    const evaluated = (visit: string) =>
      within('OUTFL').filter((subject) =>
        ['IMPROVED', 'UNCHANGED', 'WORSENED'].includes(String(subject.value(`CT_${visit}`))),
      )
    for (const [visit, improved, all] of [
      ['M1', 80, 113],
      ['M24', 44, 54],
    ] as const) {
      const of = evaluated(visit)
      expect(of).toHaveLength(all)
      expect(count(of, `CT_${visit} == 'IMPROVED'`)).toBe(improved)
    }
  })
})

describe('Table 4: univariate Cox models over full follow-up', () => {
  const levelOf = (subject: (typeof subjects)[number], factor: Factor) => {
    const value = subject.value(factor.value)
    return value === null ? null : String(value)
  }
  const fitOf = (factor: Factor): CoxFit => {
    const outcome = within('OUTFL')
    // Levels in which nobody died have no estimate and stay out, as in the report.
    const used = [
      factor.reference[0],
      ...factor.levels.filter((level) => level[2] !== null).map((level) => level[0]),
    ]
    const kept = outcome.filter((subject) => used.includes(levelOf(subject, factor) ?? ''))
    return coxPh(
      {
        time: kept.map((subject) => subject.value('COXTIME') as number),
        event: kept.map((subject) => subject.value('COXEV') === true),
        terms: [
          {
            name: 'x',
            factor: kept.map((subject) => levelOf(subject, factor)),
            levels: used,
            reference: factor.reference[0],
          },
        ],
      },
      { ties: 'breslow' },
    )
  }

  it.each(table4.map((factor) => [factor.name, factor] as const))('%s', (_name, factor) => {
    const outcome = within('OUTFL')
    const at = (level: string) => outcome.filter((subject) => levelOf(subject, factor) === level)
    const [reference, n] = factor.reference
    expect(at(reference)).toHaveLength(n)
    for (const [level, size, ratio] of factor.levels) {
      expect(at(level), level).toHaveLength(size)
      if (ratio === null) expect(count(at(level), 'COXEV'), level).toBe(0)
    }
    if (factor.levels.every((level) => level[2] === null)) return
    const fit = fitOf(factor)
    for (const [level, , ratio] of factor.levels) {
      if (ratio === null) continue
      const estimate = fit.coefficients.find((one) => one.level === level)
      const ours = [estimate?.hazardRatio, estimate?.lower, estimate?.upper] as number[]
      // A printed limit has two digits: half of the last one is added to the tolerance.
      ratio.forEach((figure, which) => {
        const slack = 0.05 + 0.005 / figure
        expect(
          Math.abs(Math.log((ours[which] as number) / figure)),
          `${level} ${ours}`,
        ).toBeLessThan(slack)
      })
    }
  })
})
