/** What the checker says of populations that are taken from each other, of profiles of them, and of the figures of a paper. */
import { describe, expect, test } from 'vitest'
import { sampleFiles } from '#domain/casebook/testing/sample-study.ts'
import { checkStudy } from './check-study.ts'
import { diffDefinitions } from './diff.ts'
import { itemUsage } from './item-usage.ts'
import { parseStudy } from './parse-study.ts'

function parsed(populations: string, reports = '[]', more: Readonly<Record<string, string>> = {}) {
  const files = {
    ...sampleFiles,
    'analysis.yaml': `populations: ${populations}\nreports: ${reports}\n`,
    ...more,
  }
  return parseStudy(Object.entries(files).map(([path, text]) => ({ path, text })))
}

function found(populations: string, reports?: string, more?: Readonly<Record<string, string>>) {
  const study = parsed(populations, reports, more)
  const all = [
    ...study.findings,
    ...(study.definition ? checkStudy(study.definition).map(study.locate) : []),
  ]
  return all
    .filter(({ severity }) => severity !== 'note')
    .map(({ code, file, line, message }) => `${file}:${line} ${code}: ${message}`)
}

const all = '{ oid: ALL, label: All, rule: known(TZERO) }'
const out = (rule: string) => `exclude: [{ label: Out, rule: "${rule}" }]`

describe('populations', () => {
  test('by rule, by exclusions, or by both', () => {
    expect(
      found(
        `[${all}, { oid: A, label: A, of: ALL, ${out('F_VS.exists(r, r.WEIGHT > 90)')} }, { oid: B, label: B, of: A, rule: known(TZERO) }]`,
      ),
    ).toEqual([])
  })

  test('need a rule or exclusions', () => {
    expect(found(`[${all}, { oid: A, label: A, of: ALL }]`)).toEqual([
      'analysis.yaml:1 shape: 1: a population needs `rule`, `exclude` or both',
    ])
  })

  test('are taken from what exists, and not from themselves', () => {
    expect(found(`[{ oid: A, label: A, of: NONE, rule: known(TZERO) }]`)).toEqual([
      'analysis.yaml:1 unknown-population: There is no population NONE.',
    ])
    expect(
      found(
        `[{ oid: A, label: A, of: B, rule: known(TZERO) }, { oid: B, label: B, of: A, rule: known(TZERO) }]`,
      ),
    ).toEqual([
      'analysis.yaml:1 cycle: A is taken from itself.',
      'analysis.yaml:1 cycle: B is taken from itself.',
    ])
  })

  test('a chain that is longer than an expression may be', () => {
    const exclusions = Array.from(
      { length: 40 },
      (_, at) =>
        `{ label: 'Out ${at}', rule: 'F_VS.exists(r, coalesce(r.WEIGHT > ${at} && r.WEIGHT < ${at + 50} && known(r.WEIGHT) && known(TZERO), false))' }`,
    ).join(', ')
    expect(found(`[${all}, { oid: A, label: A, of: ALL, exclude: [${exclusions}] }]`)).toEqual([
      expect.stringContaining('too-long: The rules of A'),
    ])
  })

  test('every exclusion is checked as a rule: names, types, and what can never be', () => {
    const of = (rule: string) => found(`[${all}, { oid: A, label: A, of: ALL, ${out(rule)} }]`)
    expect(of('NOPE > 1')[0]).toContain('unknown-name')
    expect(of('days(TZERO, TZERO)')[0]).toContain('result-type')
    expect(of('F_DM.AGE > 200')).toEqual([
      'analysis.yaml:1 never-excludes: The exclusion can never be true.',
    ])
    expect(of('true')).toEqual([
      'analysis.yaml:1 empty-population: No subject can ever belong to this population.',
    ])
  })

  test('exclusions are uses of an item, and a change of one is told', () => {
    const population = `[${all}, { oid: A, label: A, of: ALL, ${out('F_DM.AGE > 90')} }]`
    const { definition } = parsed(population)
    if (!definition) throw new Error('The sample does not parse')
    const use = itemUsage(definition).find(({ form, item }) => form === 'F_DM' && item === 'AGE')
    expect(use?.usages).toContainEqual({ kind: 'population', name: 'A', via: [] })
    const other = parsed(population.replace('> 90', '> 80')).definition
    if (!other) throw new Error('The sample does not parse')
    expect(diffDefinitions(definition, other).map(({ code, place }) => [code, place])).toEqual([
      ['population-changed', 'A'],
    ])
  })
})

describe('profiles and reports of populations', () => {
  const report = (text: string) => found(`[${all}]`, `[${text}]`)
  test('name what exists', () => {
    expect(
      report(
        '{ kind: flow, oid: F, title: F, steps: [{ population: NONE }, { excludedFrom: ALL }] }',
      ),
    ).toEqual([
      'analysis.yaml:2 unknown-population: There is no population NONE.',
      'analysis.yaml:2 no-exclusions: ALL excludes nobody for a reason.',
    ])
    expect(report('{ kind: populations, oid: P, title: P, populations: [ALL, NONE] }')).toEqual([
      'analysis.yaml:2 unknown-population: There is no population NONE.',
    ])
  })

  test('readings are of one kind', () => {
    const row = (text: string) =>
      report(
        `{ kind: agreement, oid: G, title: G, population: ALL, rows: [{ label: R, first: F_DM.AGE, second: F_DM.AGE, ${text} }] }`,
      )
    expect(row('statistic: icc')).toEqual([])
    expect(row('statistic: kappa')[0]).toContain('kappa needs codes')
    expect(row("statistic: icc, codes: ['1', '2']")[0]).toContain('kappa needs codes')
  })
})

describe('the figures of a paper', () => {
  const flow = '[{ kind: flow, oid: F, title: F, steps: [{ population: ALL }] }]'
  const paper = (part: string) =>
    found(`[${all}]`, flow, { 'paper.yaml': `paper: P\nparts:\n  - ${part}\n` })

  test('belong to reports, rows and columns that are there', () => {
    expect(paper("{ what: T, report: F, columns: [n], rows: [[All, '1']] }")).toEqual([])
    expect(paper("{ what: T, report: G, columns: [n], rows: [[All, '1']] }")).toEqual([
      'paper.yaml:3 unknown-report: There is no report G.',
    ])
    expect(paper("{ what: T, report: F, columns: [p], rows: [[None, '1']] }")).toEqual([
      'paper.yaml:3 paper-column: F has no column p.',
      'paper.yaml:3 paper-row: F has no row “None”.',
    ])
  })

  test('numbers are taken as texts', () => {
    const { definition } = parsed(`[${all}]`, flow, {
      'paper.yaml': 'paper: P\nparts: [{ what: T, report: F, columns: [n], rows: [[All, 7]] }]',
    })
    expect(definition?.paper?.parts[0]?.rows[0]).toEqual(['All', '7'])
  })

  test('have a file of their own', () => {
    const study = `${sampleFiles['study.yaml']}paper: { paper: P, parts: [] }\n`
    expect(found(`[${all}]`, flow, { 'study.yaml': study })).toEqual([
      expect.stringContaining('“paper” has a file of its own'),
    ])
  })

  test('a change of them is told, and asks nothing of data', () => {
    const of = (n: string) =>
      parsed(`[${all}]`, flow, {
        'paper.yaml': `paper: P\nparts: [{ what: T, report: F, columns: [n], rows: [[All, '${n}']] }]`,
      }).definition
    const [before, after] = [of('7'), of('8')]
    if (!before || !after) throw new Error('The sample does not parse')
    expect(diffDefinitions(before, after)).toMatchObject([
      { code: 'paper-changed', severity: 'none' },
    ])
  })
})
