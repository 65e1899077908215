import { describe, expect, it } from 'vitest'
import { concealingStudy } from '#domain/casebook/testing/concealing-study.ts'
import { type ReportDef, reportSchema } from '#domain/definition/analysis-schema.ts'
import type { AnalysisSubject } from './analysis-subject.ts'
import { reportChoices, studyChoices } from './report-choices.ts'
import type { ArmView, ReportParameters } from './report-parameters.ts'
import type { FlowBody, ReportResult, TableBody } from './report-result.ts'
import { runReport } from './run-report.ts'

const label = (en: string) => ({ en })
const report = (def: object): ReportDef => reportSchema.parse(def)
const age = { label: label('Age'), value: 'F_LB.CREAT', statistic: 'mean-sd', test: 't-test' }
const table = (over: object = {}) =>
  report({
    kind: 'table',
    oid: 'R',
    title: label('R'),
    population: 'ALL_P',
    columns: 'arm',
    rows: [age],
    ...over,
  })

const groupings = [
  {
    oid: 'BY_ARM',
    label: label('By arm'),
    value: 'F_RAND.ARMCD',
    groups: [{ code: 'Z', label: label('Z') }],
  },
  {
    oid: 'BY_CREAT',
    label: label('By value'),
    value: 'F_LB.CREAT',
    groups: [{ code: '1', label: label('1') }],
  },
]
const definition = concealingStudy({ groupings })

/** Ten subjects: even numbers in arm Z, odd ones in L, one not randomised. */
const subjects = Array.from({ length: 10 }, (_, n): AnalysisSubject => {
  const arm = n === 9 ? null : n % 2 === 0 ? 'Z' : 'L'
  const answers: Record<string, unknown> = { 'F_RAND.ARMCD': arm, 'F_LB.CREAT': n, true: true }
  return {
    subjectKey: `07-00${n}`,
    value: (expression) => (answers[expression] ?? null) as ReturnType<AnalysisSubject['value']>,
  }
})

function run(
  def: ReportDef,
  arms: ArmView,
  given: { maskSeed?: string; parameters?: ReportParameters } = {},
): ReportResult {
  return runReport(def, {
    definition,
    subjects,
    dataAsOf: '2026-01-01T00:00:00Z',
    studyVersion: { number: 1, label: '1', hash: 'h' },
    arms,
    ...given,
  })
}
const body = (result: ReportResult) => result.body as TableBody

describe('a report with arms pooled', () => {
  it('has one column of all who are in an arm, and no test', () => {
    const result = run(table(), 'pooled')
    expect(result).toMatchObject({ arms: 'pooled', problem: null })
    expect(body(result).columns).toMatchObject([{ key: 'ALL', label: label('All arms'), n: 9 }])
    const [line] = body(result).lines
    expect(line?.cells).toHaveLength(1)
    expect(line?.cells[0]?.subjects).toHaveLength(9)
    expect(line?.test).toBeNull()
    const shown = body(run(table(), 'shown'))
    expect(shown.columns.map(({ key, n }) => [key, n])).toEqual([
      ['Z', 5],
      ['L', 4],
    ])
    expect(shown.lines[0]?.test?.p).toBeGreaterThan(0)
  })

  it('tests nothing, whatever the test', () => {
    for (const test of ['mann-whitney', 'fisher', 'chi-square']) {
      const count = { label: label('Old'), value: 'F_LB.CREAT', statistic: 'count', test }
      const number = { ...age, test }
      const rows = [test === 'mann-whitney' ? { ...number, alsoTests: ['t-test'] } : count]
      for (const line of body(run(table({ rows }), 'pooled')).lines) {
        expect(line.test).toBeNull()
        expect(line.also).toBeUndefined()
      }
    }
    // A grouping that tells nothing is compared as ever.
    const byValue = { oid: 'BY_CREAT', columns: 'BY_CREAT' }
    expect(run(table(byValue), 'pooled').body).toEqual(run(table(byValue), 'shown').body)
  })

  it('gives a profile no branches by arm', () => {
    const flow = report({
      kind: 'flow',
      oid: 'F',
      title: label('F'),
      steps: [{ label: label('All'), rule: 'true', byArm: true }],
    })
    const [step] = (run(flow, 'pooled').body as FlowBody).steps
    expect(step?.byArm.map(({ key, cell }) => [key, cell.text])).toEqual([['ALL', '9']])
  })

  it('is the mean of everybody, whatever arm', () => {
    const [cell] = body(run(table(), 'pooled')).lines[0]?.cells ?? []
    expect(cell?.values?.[0]).toBe((0 + 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8) / 9)
  })
})

describe('a report with arms under letters', () => {
  const masked = (maskSeed: string) => run(table(), 'masked', { maskSeed })

  it('keeps columns and tests, without names', () => {
    const result = masked('one secret')
    expect(body(result).columns.map(({ key, label: { en } }) => [key, en])).toEqual([
      ['A', 'Arm A'],
      ['B', 'Arm B'],
    ])
    const shown = body(run(table(), 'shown')).lines[0]
    const line = body(result).lines[0]
    expect(line?.test?.p).toBe(shown?.test?.p)
    expect(line?.cells.map(({ text }) => text).sort()).toEqual(
      shown?.cells.map(({ text }) => text).sort(),
    )
  })

  it('links letter and arm by the secret alone, the same in every report', () => {
    const order = (seed: string, def: ReportDef) =>
      body(run(def, 'masked', { maskSeed: seed })).columns.map(({ n }) => n)
    const seeds = Array.from({ length: 24 }, (_, n) => `secret ${n}`)
    const found = seeds.map((seed) => order(seed, table()).join())
    expect(new Set(found)).toEqual(new Set(['5,4', '4,5']))
    seeds.forEach((seed, at) => {
      expect(order(seed, table({ oid: 'OTHER', rows: [age, age] })).join()).toBe(found[at])
    })
  })

  it('names no subject, neither by name nor by place in an order', () => {
    const text = JSON.stringify([masked('one secret'), masked('another')])
    expect(text).not.toMatch(/07-00/)
    const keys = (seed: string) => body(masked(seed)).columns.flatMap((column) => column.subjects)
    expect(new Set(keys('one secret')).size).toBe(9)
    expect(keys('one secret').some((key) => keys('another').includes(key))).toBe(false)
    for (const { subjects: own } of body(masked('one secret')).columns)
      expect(own).toEqual([...own].sort())
  })

  it('is pooled where there is no secret', () => {
    const result = run(table(), 'masked')
    expect(result.arms).toBe('pooled')
    expect(body(result).columns).toHaveLength(1)
  })
})

describe('what would tell the arm', () => {
  const telling = [
    table({ columns: 'BY_ARM' }),
    table({ population: 'Z_SUB' }),
    table({ rows: [{ ...age, value: 'F_LB.TROUGH', statistic: 'count', test: 'none' }] }),
    table({ rows: [{ ...age, value: 'VVZ', statistic: 'count', test: 'none' }] }),
    report({
      kind: 'listing',
      oid: 'L',
      title: label('L'),
      population: 'ALL_P',
      rule: 'true',
      shows: [{ label: label('Again'), value: 'F_LB.AGAIN' }],
    }),
  ]

  it.each(telling)('is withheld with a sentence, never computed (%#)', (def) => {
    for (const [arms, maskSeed] of [
      ['pooled', undefined],
      ['masked', 'a secret'],
    ] as const) {
      const result = run(def, arms, maskSeed === undefined ? {} : { maskSeed })
      expect(result.problem?.en).toContain('would tell who received what')
      expect(result.body).toEqual({ kind: 'listing', columns: [], rows: [] })
      expect(result.population).toBeNull()
    }
  })

  it('is as ever for who may know', () => {
    for (const def of telling.slice(0, 1)) expect(run(def, 'shown').problem).toBeNull()
  })

  it('can be chosen by no parameter', () => {
    const bySubgroup = { subgroup: { grouping: 'BY_ARM', code: 'Z' } }
    for (const parameters of [bySubgroup, { population: 'Z_P' }])
      expect(run(table(), 'pooled', { parameters }).problem?.en).toContain('would tell')
    const other = { subgroup: { grouping: 'BY_CREAT', code: '1' } }
    expect(run(table(), 'pooled', { parameters: other }).problem).toBeNull()
    const choices = reportChoices(table(), definition, 'pooled')
    expect(choices.populations.map(({ oid }) => oid)).toEqual(['ALL_P'])
    expect(choices.groupings.map(({ oid }) => oid)).toEqual(['BY_CREAT'])
    expect(reportChoices(table(), definition).groupings).toHaveLength(2)
    const ofCut = studyChoices(definition, 'masked')
    expect(ofCut).toEqual({ ...choices, ownPopulation: null })
  })
})
