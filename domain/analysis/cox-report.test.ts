import { describe, expect, it } from 'vitest'
import type { ReportDef } from '#domain/definition/definition.ts'
import type { Value } from '#domain/expression/types.ts'
import type { AnalysisSubject } from './analysis-subject.ts'
import { coxReport } from './cox-report.ts'
import { drawFigure } from './figures/draw-figure.ts'
import { reportFigureSpec } from './figures/spec-from-report.ts'

type CoxDef = Extract<ReportDef, { kind: 'cox' }>

const times = [
  5, 8, 12, 13, 16, 20, 21, 24, 27, 30, 31, 33, 36, 40, 42, 45, 47, 50, 50, 50, 9, 14, 22, 38,
]
const events = [1, 1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0]
const types =
  'CADM CADM DM PM CADM DM PM PM DM CADM DM PM DM PM CADM DM PM PM DM CADM OVL OVL OVL OVL'
const ages = [
  61, 70, 55, 48, 66, 59, 45, 63, 52, 71, 58, 49, 60, 44, 68, 57, 62, 47, 50, 56, 64, 53, 46, 67,
]

function subject(subjectKey: string, values: Readonly<Record<string, Value>>): AnalysisSubject {
  return { subjectKey, value: (expression) => values[expression] ?? null }
}
const subjects = times.map((TIME, at) =>
  subject(`01-${at + 1}`, {
    TIME,
    EVENT: events[at] === 1,
    TYPE: types.split(' ')[at] ?? null,
    AGE: ages[at] ?? null,
    OLD: (ages[at] ?? 0) >= 60,
    NEVER: false,
  }),
)

const type: CoxDef['covariates'][number] = {
  label: { en: 'Type' },
  value: 'TYPE',
  codes: ['PM', 'CADM', 'DM', 'OVL', 'HIP'],
  reference: 'PM',
}
const age: CoxDef['covariates'][number] = { label: { en: 'Age' }, value: 'AGE', per: 10 }
const report = (over: Partial<CoxDef> = {}): CoxDef => ({
  kind: 'cox',
  oid: 'C',
  title: { en: 'Factors' },
  population: 'ALL',
  time: 'TIME',
  event: 'EVENT',
  model: 'both',
  ties: 'efron',
  covariates: [type, age],
  ...over,
})
const run = (over: Partial<CoxDef> = {}, of = subjects) => coxReport(report(over), of, () => null)

describe('hazard ratios', () => {
  // survival::coxph of R 4.2.2; the level without an event was left out of the data.
  const body = run()
  const numbers = (line: (typeof body.covariates)[number]['lines'][number] | undefined) =>
    [line?.univariable, line?.multivariable].flatMap((found) => [
      found?.hazardRatio,
      found?.lower,
      found?.upper,
      found?.p,
    ])
  it.each([
    [0, 1, [3.86138987508, 0.74529247452, 20.0060141181, 0.107463512651]],
    [0, 2, [2.13342556702, 0.389102808468, 11.6974345879, 0.382794688403]],
    [1, 0, [3.39554162388, 1.33637464754, 8.6275977629, 0.0101871241309]],
  ])('covariate %i, line %i, alone', (covariate, line, expected) => {
    const found = numbers(body.covariates[covariate]?.lines[line]).slice(0, 4)
    found.forEach((value, at) => {
      expect(value).toBeCloseTo(expected[at] as number, 8)
    })
  })
  it.each([
    [0, 1, [0.783154876208, 0.100115779288, 6.12622270427, 0.8158436732559]],
    [0, 2, [3.041630641922, 0.402859193653, 22.96464151155, 0.2808113068]],
    [1, 0, [7.293968579912, 1.250452985874, 42.54616386682, 0.0272189239798]],
  ])('covariate %i, line %i, with the others', (covariate, line, expected) => {
    const found = numbers(body.covariates[covariate]?.lines[line]).slice(4)
    found.forEach((value, at) => {
      expect(value).toBeCloseTo(expected[at] as number, 6)
    })
    expect(body.multivariable).toEqual({ n: 20, events: 11, problem: null })
  })

  it('counts and traces every level, the reference too', () => {
    const [pm, cadm] = body.covariates[0]?.lines ?? []
    expect(pm).toMatchObject({ reference: true, univariable: null, multivariable: null })
    expect([pm?.n.text, pm?.events.text]).toEqual(['7', '2'])
    expect(cadm?.events.subjects).toEqual(['01-1', '01-2', '01-5', '01-10', '01-15'])
    expect(cadm?.univariable?.text).toBe('3.86 (0.75–20.01)')
  })

  it('prints NA with its reason where nobody had the event, and where nobody is', () => {
    const [, , , overlap, hip] = body.covariates[0]?.lines ?? []
    expect([overlap?.n.text, overlap?.events.text]).toEqual(['4', '0'])
    expect(overlap?.univariable).toMatchObject({
      text: 'NA',
      hazardRatio: null,
      note: { en: 'Nobody of this level had the event.' },
    })
    expect(hip?.univariable).toMatchObject({
      text: 'NA',
      note: { en: 'No subject is at this level.' },
    })
  })
})

describe('what cannot be computed is a sentence', () => {
  it('a reference level without an event', () => {
    const body = run({ covariates: [{ ...type, reference: 'OVL' }], model: 'univariable' })
    expect(body.covariates[0]?.lines[1]?.univariable).toMatchObject({
      text: 'NA',
      note: { en: 'Nobody of the reference level had the event.' },
    })
  })

  it('nobody with the event at all', () => {
    const body = run({ event: 'NEVER', covariates: [age] })
    expect(body.events).toBe(0)
    const found = body.covariates[0]?.lines[0]?.univariable
    expect(found?.text).toBe('NA')
    expect(found?.note?.en).toMatch(/event/)
  })

  it('an empty population', () => {
    const body = run({}, [])
    expect(body.covariates[0]?.lines[1]?.univariable?.text).toBe('NA')
    expect(body.covariates[1]?.lines[0]?.univariable?.note?.en).toMatch(/\w/)
  })

  it('the same covariate twice', () => {
    const body = run({ model: 'multivariable', covariates: [age, { ...age, label: { en: 'B' } }] })
    expect(body.multivariable?.problem?.en).toMatch(/\w/)
    expect(body.covariates[0]?.lines[0]?.multivariable?.text).toBe('NA')
  })
})

it('names the subjects without follow-up and counts missing covariates', () => {
  const more = [
    ...subjects,
    subject('02-1', { TIME: null, EVENT: true, TYPE: 'PM', AGE: 50 }),
    subject('02-2', { TIME: 12, EVENT: null, TYPE: 'PM', AGE: 50 }),
    subject('02-3', { TIME: 12, EVENT: false, TYPE: null, AGE: null }),
  ]
  const body = run({ model: 'univariable' }, more)
  expect(body.excluded).toEqual(['02-1', '02-2'])
  expect(body.covariates.map((covariate) => covariate.missing)).toEqual([1, 1])
  expect(body.covariates[1]?.lines[0]?.univariable?.hazardRatio).toBeCloseTo(3.39554162388, 8)
})

it('a yes or no is a factor of Y and N', () => {
  const old = { label: { en: 'Old' }, value: 'OLD', codes: ['N', 'Y'], reference: 'N' }
  const [no, yes] = run({ model: 'univariable', covariates: [old] }).covariates[0]?.lines ?? []
  expect([no?.label.en, no?.n.text, yes?.label.en, yes?.n.text]).toEqual(['No', '14', 'Yes', '10'])
})

it('is drawn as a forest of the model with all covariates', () => {
  const spec = reportFigureSpec(run(), { en: 'Factors' })
  expect(spec?.kind === 'forest' && spec.rows.map((row) => row.type)).toEqual([
    'heading',
    'reference',
    'estimate',
    'estimate',
    'estimate',
    'estimate',
    'estimate',
  ])
  expect(spec && drawFigure(spec, { language: 'en' }).svg).toContain('7.29 (1.25')
})
