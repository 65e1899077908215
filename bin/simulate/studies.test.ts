/** The hints of the studies without allocation: most simulated subjects are eligible and the main reports come out filled. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { ReportBody, TableBody } from '#domain/analysis/report-result.ts'
import { runReport } from '#domain/analysis/run-report.ts'
import { evaluateForm, subjectReader } from '#domain/casebook/evaluate.ts'
import { plannedVisit } from '#domain/casebook/schedule.ts'
import { populationRule } from '#domain/definition/population-rule.ts'
import { daysBetween } from '#domain/values/partial-date.ts'
import { type ReadStudy, studyDefinition } from '#studies/demo/study-definition.ts'
import { type Hints, readHints } from './hints.ts'
import { SimulatedSubject } from './simulate-subject.ts'
import { unknownHints } from './unknown-hints.ts'

const today = '2026-01-01'
const seed = 7
const count = 16

/** The course of one subject in memory, with everything derived at its end. */
function simulated({ study, hints }: Made, index: number, of = seed): SimulatedSubject {
  const sites = study.definition.plannedSites.slice(0, 5)
  const site = sites[index % sites.length]?.code ?? '01'
  const subject = new SimulatedSubject({ study, hints, seed: of, index, site, today })
  subject.screen()
  subject.follow()
  for (const record of subject.casebook.records)
    record.derived = evaluateForm(study.compiled, subject.casebook, record.key).derived
  return subject
}

type Made = { study: ReadStudy; hints: Hints }
const filledLines = ({ lines }: TableBody) =>
  lines.filter(({ heading, cells }) => !heading && cells.some(({ n }) => n > 0))

describe.each([
  {
    name: 'tac-pms',
    population: 'OUTCOME',
    tables: ['R1_BASELINE', 'R3_ADR', 'R4_STEROID'],
    survival: ['R5_OS', 'R5_PFS'],
    // Registry: the visits stand in the bins of the tables.
    dated: ['D0', 'M6', 'M12', 'M24'],
  },
  {
    name: 'us-ma-ild',
    population: 'INCLUDED',
    tables: ['R2_TABLE1', 'R3_TABLE2', 'R4_TABLE3', 'R5_TAC'],
    survival: [],
    dated: ['IDX', 'M6', 'TAC0', 'TAC12'],
  },
  {
    name: 'mda5-tof-tac',
    population: 'ANALYSED',
    tables: ['R1_TABLE1', 'R5_AE'],
    survival: ['R2_KM12'],
    dated: ['HRCT0', 'TX0', 'M6', 'M12'],
  },
])('$name', ({ name, population, tables, survival, dated }) => {
  let made: Made
  let subjects: SimulatedSubject[]
  const bodyOf = (oid: string): ReportBody => {
    const { definition, compiled } = made.study
    const report = definition.reports.find((one) => one.oid === oid)
    if (!report) throw new Error(`${name} has no report ${oid}`)
    const { body, problem } = runReport(report, {
      definition,
      subjects: subjects.map(({ casebook }) => {
        const reader = subjectReader(compiled, casebook)
        const { subjectKey } = casebook.subject
        return { subjectKey, value: (expression) => reader.expression(expression) }
      }),
      dataAsOf: `${today}T00:00:00Z`,
      studyVersion: { number: 1, label: definition.version, hash: 'simulated' },
    })
    expect(problem, oid).toBeNull()
    return body
  }
  beforeAll(() => {
    const study = studyDefinition(name, { asDemo: false })
    made = { study, hints: readHints(`studies/${name}`) }
    subjects = Array.from({ length: count }, (_, index) => simulated(made, index))
  }, 60_000)

  it('names forms, items and rows that the study has, and codes of their lists', () => {
    expect(unknownHints(made.study.definition, made.hints)).toEqual([])
  })

  it('makes most subjects eligible', () => {
    const { definition, compiled } = made.study
    const rule = populationRule(definition, population)
    const eligible = subjects.filter(
      ({ casebook }) => subjectReader(compiled, casebook).expression(rule) === true,
    )
    expect(eligible.length).toBeGreaterThan(count * 0.6)
    const failed = subjects.filter(
      ({ casebook }) => subjectReader(compiled, casebook).state() === 'screenFailure',
    )
    expect(failed.length).toBeLessThan(count * 0.3)
  })

  it.each(tables)('fills the rows of %s', (oid) => {
    const body = bodyOf(oid) as TableBody
    expect(body.columns.every(({ n }) => n > 0)).toBe(true)
    const lines = body.lines.filter(({ heading }) => !heading)
    expect(filledLines(body).length).toBeGreaterThan(lines.length * 0.8)
  })

  it('has events and survivors in its survival reports', () => {
    for (const oid of survival) {
      const body = bodyOf(oid)
      if (body.kind !== 'survival') throw new Error(`${oid} is no survival report`)
      const groups = body.parts.flatMap((part) => part.groups)
      const events = groups.reduce((sum, group) => sum + group.events, 0)
      expect(events, oid).toBeGreaterThan(0)
      expect(events, oid).toBeLessThan(groups.reduce((sum, { n }) => sum + n, 0))
      expect(groups.some(({ atHorizon }) => atHorizon !== null)).toBe(true)
    }
  })

  it('dates visits near their targets, and nothing in the future', () => {
    const { compiled } = made.study
    const near = subjects.flatMap(({ casebook }) => {
      const reader = subjectReader(compiled, casebook)
      return dated.flatMap((event) => {
        const planned = made.study.compiled.index.events.get(event)
        if (!planned) throw new Error(`${name} has no ${event}`)
        const { target } = plannedVisit(planned, reader.anchor(), reader.event(event).anchor)
        const date = reader.visitDate(event)
        return target && date ? [Math.abs(daysBetween(target, date) ?? 0)] : []
      })
    })
    expect(near.length).toBeGreaterThan(count)
    expect(Math.max(...near)).toBeLessThanOrEqual(60)
    for (const { casebook } of subjects) {
      const { today: latest } = casebook
      for (const { data } of casebook.records)
        for (const value of Object.values(data))
          if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value))
            expect(value <= latest).toBe(true)
    }
  })

  it('is the same again with the same seed, and another with another', () => {
    const formsOf = (index: number, of?: number) => simulated(made, index, of).forms
    expect(formsOf(3)).toEqual(subjects[3]?.forms)
    expect(formsOf(3, 8)).not.toEqual(subjects[3]?.forms)
  })
})
