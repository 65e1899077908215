import { describe, expect, it } from 'vitest'
import { sampleDefinition } from '#domain/casebook/testing/sample-study.ts'
import { tracePlaceSchema, traceTexts } from './trace-origin.ts'

const definition = sampleDefinition({
  'analysis.yaml': `
populations: [{ oid: ALL, label: All, rule: known(TZERO), exclude: [{ label: Too young, rule: F_DM.AGE < 20 }] }]
groupings: [{ oid: SEXES, label: Sex, value: F_DM.SEX, groups: [{ code: M, label: Men }, { code: F, label: Women }] }]
endpoints:
  - { oid: OS, label: Survival, kind: time-to-event, population: ALL, timeZero: TZERO, event: { any: [{ oid: D, label: Death, rule: known(F_DTH.DTHDTC), date: F_DTH.DTHDTC }] }, censor: today(), horizon: 364, competing: [{ oid: LOST, label: Lost, date: TZERO }] }
reports:
  - kind: table
    oid: T
    title: T
    population: ALL
    columns: SEXES
    rows:
      - { label: General, statistic: heading }
      - { label: Sex, value: F_DM.SEX, statistic: count-per-code, codes: [M, F], test: fisher, alsoTests: [chi-square] }
      - { label: Age, value: F_DM.AGE, statistic: mean-sd, test: t-test, against: F_DM.AGE, pairedTest: paired-t }
  - { kind: visit-table, oid: VT, title: VT, population: ALL, visits: [W0, W4], rows: [{ label: Weight, value: 'at(VISIT, F_VS.WEIGHT)', statistic: mean }] }
  - { kind: survival, oid: KM, title: KM, endpoint: OS, by: SEXES, ticks: [0], subgroups: [{ label: Old, rule: F_DM.AGE > 60 }] }
  - { kind: incidence, oid: CI, title: CI, endpoint: OS, by: SEXES, ticks: [0] }
  - { kind: visit-means, oid: VM, title: VM, population: ALL, item: F_VS.WEIGHT, visits: [W0, W4], level: 0.05, by: SEXES }
  - { kind: listing, oid: L, title: L, population: ALL, rule: F_DM.AGE > 1, shows: [{ label: Age, value: F_DM.AGE }, { label: Sex, value: F_DM.SEX }] }
  - { kind: flow, oid: FL, title: FL, by: SEXES, steps: [{ label: Old, rule: F_DM.AGE > 60 }, { population: ALL }, { excludedFrom: ALL }] }
  - { kind: cox, oid: C, title: C, population: ALL, time: F_DM.AGE, event: F_DM.AGE > 3, model: univariable, covariates: [{ label: Sex, value: F_DM.SEX, codes: [M, F], reference: M }] }
`,
})
const behind = (oid: string, line: number, column: string, exclusion?: number) => {
  const report = definition.reports.find((one) => one.oid === oid)
  if (!report) throw new Error(oid)
  const place = exclusion === undefined ? { line, column } : { line, column, exclusion }
  return traceTexts(report, definition, place)
    .filter(({ role }) => role !== 'population' || report.kind === 'flow')
    .map(({ role, text }) => `${role}: ${text}`)
}

describe('the expressions behind a number', () => {
  it('of a table are those of its row, also where a row makes several lines', () => {
    expect(behind('T', 0, 'M')).toEqual(['group: F_DM.SEX'])
    for (const line of [1, 2, 3])
      expect(behind('T', line, 'M')).toEqual(['value: F_DM.SEX', 'group: F_DM.SEX'])
    expect(behind('T', 4, 'F')).toEqual(['value: F_DM.AGE', 'against: F_DM.AGE', 'group: F_DM.SEX'])
    expect(behind('T', 5, 'F')).toEqual([])
  })

  it('of visits are read at the visit of the column', () => {
    expect(behind('VT', 0, 'W4')).toEqual(['value: at(W4, F_VS.WEIGHT)'])
    expect(behind('VM', 1, 'W0')).toEqual(['value: at(W0, F_VS.WEIGHT)'])
  })

  it('of curves are those of the endpoint, and of the subgroup', () => {
    const endpoint = [
      'time-zero: TZERO',
      'criterion: known(F_DTH.DTHDTC)',
      'competing: TZERO',
      'censor: today()',
    ]
    expect(behind('KM', 0, 'M')).toEqual([...endpoint, 'group: F_DM.SEX'])
    expect(behind('KM', 1, 'M')).toEqual([
      ...endpoint,
      'subgroup: F_DM.AGE > 60',
      'group: F_DM.SEX',
    ])
    expect(behind('CI', 1, 'M')).toEqual([...endpoint, 'group: F_DM.SEX'])
  })

  it('of listings, profiles and models', () => {
    expect(behind('L', 3, '1')).toEqual(['value: F_DM.SEX', 'rule: F_DM.AGE > 1'])
    expect(behind('L', 3, 'subject')).toEqual([
      'value: F_DM.AGE',
      'value: F_DM.SEX',
      'rule: F_DM.AGE > 1',
    ])
    expect(behind('FL', 0, 'n')).toEqual(['rule: F_DM.AGE > 60'])
    expect(behind('FL', 1, 'M')).toEqual([expect.stringContaining('population: ')])
    expect(behind('FL', 2, 'n', 0)).toEqual(['rule: F_DM.AGE < 20'])
    expect(behind('C', 0, 'F')).toEqual([
      'covariate: F_DM.SEX',
      'time: F_DM.AGE',
      'event: F_DM.AGE > 3',
    ])
  })

  it('are none at places that the report does not have', () => {
    expect(behind('FL', 99, 'n')).toEqual([])
    expect(behind('C', 99, '')).toEqual(['time: F_DM.AGE', 'event: F_DM.AGE > 3'])
    expect(behind('L', 0, 'constructor')).toEqual(['rule: F_DM.AGE > 1'])
    expect(tracePlaceSchema.safeParse({ line: -1, column: 'x' }).success).toBe(false)
    expect(tracePlaceSchema.safeParse({ line: 0, column: 'x', text: 'F_DM.AGE' }).success).toBe(
      false,
    )
  })

  it('include the population, chosen or own', () => {
    const [report] = definition.reports
    if (!report) throw new Error('no report')
    const roles = traceTexts(report, definition, { line: 4, column: 'F' }).map(({ role }) => role)
    expect(roles).toContain('population')
  })
})
