/** Populations taken from each other, the reasons of exclusions, and what reports make of them. */
import { describe, expect, it, test } from 'vitest'
import { populationSchema, reportSchema } from '#domain/definition/analysis-schema.ts'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import { populationRule } from '#domain/definition/population-rule.ts'
import type { Value } from '#domain/expression/types.ts'
import type { AnalysisSubject } from './analysis-subject.ts'
import { flowReportSpec } from './figures/spec-from-report.ts'
import { flowReport } from './flow-report.ts'
import { populationStanding, populationStandings } from './population-standing.ts'
import { populationsReport } from './populations-report.ts'
import type { Arm } from './table-report.ts'

const label = (en: string) => ({ en })
const definition = {
  populations: [
    { oid: 'SCREENED', label: label('Screened'), rule: 's' },
    {
      oid: 'ITT',
      label: label('ITT'),
      of: 'SCREENED',
      exclude: [
        { label: label('Not eligible'), rule: 'bad' },
        { label: label('Not randomised'), rule: 'open' },
      ],
    },
    {
      oid: 'PP',
      label: label('PP'),
      of: 'ITT',
      exclude: [
        { label: label('Progression'), rule: 'prog' },
        { label: label('Deviation'), rule: 'dev' },
      ],
    },
    { oid: 'POS', label: label('Positive'), of: 'ITT', rule: 'pos' },
  ],
  endpoints: [],
} as unknown as StudyDefinition

/** Answers of single names; `populationRule` puts them together with `&&`, `!` and brackets, which are worked out here. */
function subject(subjectKey: string, names: Record<string, boolean | null>): AnalysisSubject {
  const value = (expression: string): Value => {
    const parts = topLevel(expression)
    if (parts.length > 1) {
      const answers = parts.map(value)
      return answers.includes(false) ? false : answers.includes(null) ? null : true
    }
    const inner = /^!\((.*)\)$/.exec(expression)?.[1]
    if (inner !== undefined) {
      const answer = value(inner)
      return answer === null ? null : !answer
    }
    const bracket = /^\((.*)\)$/.exec(expression)?.[1]
    if (bracket !== undefined) return value(bracket)
    return names[expression] === undefined ? false : (names[expression] as boolean | null)
  }
  return { subjectKey, value }
}

function topLevel(expression: string): string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at < expression.length; at++) {
    if (expression[at] === '(') depth++
    if (expression[at] === ')') depth--
    if (depth === 0 && expression.startsWith(' && ', at)) {
      parts.push(expression.slice(from, at))
      from = at + 4
    }
  }
  return [...parts, expression.slice(from)]
}

const subjects = [
  subject('01', { s: true, pos: true }),
  subject('02', { s: true, bad: true, open: true }),
  subject('03', { s: true, open: true }),
  subject('04', { s: true, prog: true, dev: true }),
  subject('05', { s: true, dev: null }),
  subject('06', { s: true, prog: null, dev: true }),
  subject('07', { s: false }),
  subject('08', { s: null }),
]

describe('a population taken from another one', () => {
  test('is one rule, each part in brackets', () => {
    expect(populationRule(definition, 'SCREENED')).toBe('s')
    expect(populationRule(definition, 'PP')).toBe('((s) && !(bad) && !(open)) && !(prog) && !(dev)')
    expect(populationRule(definition, 'POS')).toBe('((s) && !(bad) && !(open)) && (pos)')
    expect(populationRule(definition, 'NONE')).toBe('false')
  })

  test('of itself has nobody, and asking does not hang', () => {
    const round = {
      populations: [
        { oid: 'A', label: label('A'), of: 'B', rule: 'a' },
        { oid: 'B', label: label('B'), of: 'A', rule: 'b' },
      ],
    }
    expect(populationRule(round, 'A')).toBe('((false) && (b)) && (a)')
    const one = subject('1', { a: true, b: true })
    expect(populationStanding(round, 'A', one.value).state).toBe('outside')
  })

  test('needs a rule or exclusions', () => {
    const read = (text: object) =>
      populationSchema.safeParse({ oid: 'A', label: 'A', ...text }).success
    expect(read({ rule: 'true' })).toBe(false) // a label is in languages here; short texts are spelt out by the parser
    const full = { label: { en: 'A' } }
    expect(read({ ...full, rule: 'true' })).toBe(true)
    expect(read({ ...full, of: 'B' })).toBe(false)
    expect(read({ ...full, of: 'B', exclude: [] })).toBe(false)
    expect(read({ ...full, of: 'B', exclude: [{ label: { en: 'x' }, rule: 'true' }] })).toBe(true)
  })
})

describe('where a subject stands', () => {
  const of = (key: string, oid: string) => {
    const found = subjects.find(({ subjectKey }) => subjectKey === key)
    if (!found) throw new Error(key)
    const { state, because, by } = populationStanding(definition, oid, found.value)
    return [state, because?.en ?? null, by]
  }
  test.each([
    ['01', 'PP', 'member', null, null],
    ['02', 'ITT', 'excluded', 'Not eligible', 'ITT'],
    ['03', 'ITT', 'excluded', 'Not randomised', 'ITT'],
    ['02', 'PP', 'excluded', 'Not eligible', 'ITT'],
    ['04', 'PP', 'excluded', 'Progression', 'PP'],
    ['05', 'PP', 'undecided', 'Deviation', 'PP'],
    ['06', 'PP', 'excluded', 'Deviation', 'PP'],
    ['07', 'PP', 'outside', null, 'SCREENED'],
    ['08', 'PP', 'undecided', null, 'SCREENED'],
    ['04', 'POS', 'outside', null, 'POS'],
  ])('%s in %s: %s because of %s', (key, oid, ...expected) => {
    expect(of(key, oid)).toEqual(expected)
  })

  it('agrees with the rule for every subject and population', () => {
    for (const { value } of subjects) {
      for (const standing of populationStandings(definition, value)) {
        const answer = value(populationRule(definition, standing.oid))
        const expected =
          answer === true ? ['member'] : answer === null ? ['undecided'] : ['excluded', 'outside']
        expect(expected).toContain(standing.state)
      }
    }
  })
})

const arms: Arm[] = [
  { key: 'A', label: label('A'), subjects: subjects.filter((_, at) => at % 2 === 0) },
  { key: 'B', label: label('B'), subjects: subjects.filter((_, at) => at % 2 === 1) },
]

describe('the report of populations', () => {
  const body = populationsReport(
    { kind: 'populations', oid: 'P', title: label('P') },
    definition,
    subjects,
    arms,
  )
  const rows = body.lines.map((line) => [line.label.en, ...line.cells.map(({ text }) => text)])

  it('has a line for each population and reason, and everybody once', () => {
    expect(rows).toEqual([
      ['Screened', '6', '3', '3'],
      ['Undecided: values are missing', '1', '0', '1'],
      ['ITT', '4', '2', '2'],
      ['Not eligible', '1', '0', '1'],
      ['Not randomised', '1', '1', '0'],
      ['PP', '1', '1', '0'],
      ['Progression', '1', '0', '1'],
      ['Deviation', '1', '0', '1'],
      ['Undecided: values are missing', '1', '1', '0'],
      ['Positive', '1', '1', '0'],
      ['Not of this subset', '3', '1', '2'],
    ])
    expect(body.lines[6]?.cells[0]?.subjects).toEqual(['04'])
  })

  it('without groups has one column, and shows only what was asked', () => {
    const one = populationsReport(
      { kind: 'populations', oid: 'P', title: label('P'), populations: ['ITT', 'GONE'] },
      definition,
      subjects,
      [{ key: 'ALL', label: label('All'), subjects }],
    )
    expect(one.columns.map(({ key }) => key)).toEqual(['ALL'])
    expect(one.lines.map((line) => line.label.en)).toEqual([
      'ITT',
      'Not eligible',
      'Not randomised',
    ])
  })
})

describe('the trial profile', () => {
  const read = (steps: object[]) =>
    reportSchema.parse({ kind: 'flow', oid: 'F', title: label('F'), steps })
  const flow = (steps: object[]) => {
    const report = read(steps)
    if (report.kind !== 'flow') throw new Error(report.kind)
    return flowReport(report, subjects, arms, definition)
  }

  it('counts members and reasons; a reason that took nobody is not drawn', () => {
    const { steps, standard } = flow([
      { population: 'SCREENED' },
      { excludedFrom: 'ITT' },
      { label: label('Randomised'), population: 'ITT', byArm: true },
      { label: label('Not analysed'), excludedFrom: 'PP' },
      { population: 'PP' },
    ])
    expect(standard).toBe('strobe')
    expect(
      steps.map((step) => [step.label.en, step.total.text, step.exclusion, step.detail ?? false]),
    ).toEqual([
      ['Screened', '6', false, false],
      ['Not eligible', '1', true, false],
      ['Not randomised', '1', true, false],
      ['Randomised', '4', false, false],
      ['Not analysed', '2', true, false],
      ['Progression', '1', true, true],
      ['Deviation', '1', true, true],
      ['PP', '1', false, false],
    ])
    expect(steps.map(({ origin }) => [origin?.step, origin?.exclusion])).toEqual([
      [0, null],
      [1, 0],
      [1, 1],
      [2, null],
      [3, null],
      [3, 0],
      [3, 1],
      [4, null],
    ])
    expect(steps[3]?.byArm.map(({ cell }) => cell.text)).toEqual(['2', '2'])
  })

  it('draws reasons inside the box of their exclusion', () => {
    const body = flow([{ population: 'ITT' }, { label: label('Not analysed'), excludedFrom: 'PP' }])
    const drawn = flowReportSpec(body, label('F'))
    expect(drawn.root.excluded).toEqual([
      {
        label: label('Not analysed'),
        n: 2,
        details: [
          { label: label('Progression'), n: 1 },
          { label: label('Deviation'), n: 1 },
        ],
      },
    ])
  })

  it('says of a population that is concealed that it is not known, not that nobody is in it', () => {
    const report = read([{ population: 'GONE' }, { excludedFrom: 'GONE' }])
    if (report.kind !== 'flow') throw new Error(report.kind)
    const { steps } = flowReport(report, subjects, arms, definition)
    expect(steps.map(({ total }) => [total.text, total.subjects.length, total.missing])).toEqual([
      ['–', 0, 8],
      ['–', 0, 8],
    ])
  })

  it('takes one of rule, population and exclusions', () => {
    expect(() => read([{ label: label('x') }])).toThrow()
    expect(() => read([{ rule: 's' }])).toThrow()
    expect(() => read([{ label: label('x'), rule: 's', population: 'ITT' }])).toThrow()
  })
})
