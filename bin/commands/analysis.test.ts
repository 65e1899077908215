/** The analysis sets of the five demo cohorts, held against the rules and reports of their studies. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Ajv2019 from 'ajv/dist/2019.js'
import { afterAll, describe, expect, it } from 'vitest'
import type {
  AnalysisSet,
  Cell,
  VariableType,
} from '#domain/analysis/analysis-sets/analysis-set.ts'
import { datasetOf, setText } from '#domain/analysis/analysis-sets/set-files.ts'
import { populationFlags } from '#domain/analysis/analysis-sets/set-names.ts'
import { runReport } from '#domain/analysis/run-report.ts'
import { populationRule } from '#domain/definition/population-rule.ts'
import { csvRows } from '#domain/exchange/csv.ts'
import { datasetJson, readDatasetJson } from '#domain/exchange/dataset-json.ts'
import { analysis, cohortSets } from './analysis.ts'
import { cohortContext, filledCohort, studiesWithCohort } from './report-cohort.ts'

const folder = mkdtempSync(join(tmpdir(), 'casebook-sets-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Row = Readonly<Record<string, Cell>>
const rowsOf = ({ variables, rows }: AnalysisSet): Row[] =>
  rows.map((row) => Object.fromEntries(variables.map(({ name }, at) => [name, row[at] as Cell])))

const known = new Map<string, ReturnType<typeof cohortSets>>()
function madeOf(name: string) {
  const { study, sets } = known.get(name) ?? cohortSets(name)
  known.set(name, { study, sets })
  const find = (set: string) => sets.find((one) => one.name === set) as AnalysisSet
  return { study, sets, rows: (set: string) => rowsOf(find(set)) }
}
function isOf(type: VariableType, length: number | null, cell: string | number): boolean {
  if (type === 'integer') return Number.isSafeInteger(cell)
  if (type === 'float') return Number.isFinite(cell)
  if (type === 'date') return /^\d{4}-\d{2}-\d{2}$/.test(String(cell))
  return typeof cell === 'string' && (type !== 'text' || [...cell].length <= (length ?? 0))
}

const source = {
  studyOid: 'S',
  studyName: 'S',
  version: { number: 1, label: '1', hash: 'h' },
  dataAsOf: '2026-11-21T00:00:00Z',
  createdAt: '2026-11-21T00:00:00Z',
  engineVersion: '1',
  hasArms: true,
  cut: null,
}

const schema = join(
  import.meta.dirname,
  '../../../shared/reference/dataset-json/dataset.schema.json',
)
const isValid = existsSync(schema)
  ? new Ajv2019({ strict: false, validateFormats: false }).compile(
      JSON.parse(readFileSync(schema, 'utf8')),
    )
  : null

describe.each(studiesWithCohort)('%s', (name) => {
  const { study, sets, rows } = madeOf(name)
  const context = cohortContext(filledCohort(name))
  const { definition } = study

  it('every set has short names, one row a key, and values of its types', () => {
    expect(new Set(sets.map((set) => set.name)).size).toBe(sets.length)
    for (const set of sets) {
      expect(set.name).toMatch(/^AD[A-Z0-9]{2,6}$/)
      const names = set.variables.map((variable) => variable.name)
      expect(new Set(names).size, set.name).toBe(names.length)
      for (const variable of names) expect(variable).toMatch(/^[A-Z][A-Z0-9_]{0,7}$/)
      const key = set.variables.flatMap((one, at) => (one.key === null ? [] : [at]))
      const keys = set.rows.map((row) => key.map((at) => row[at]).join('|'))
      expect(new Set(keys).size, set.name).toBe(keys.length)
      const wrong = set.variables.flatMap(({ type, name: variable, length }, at) =>
        set.rows
          .map((row) => row[at] ?? null)
          .filter((cell) => cell !== null && !isOf(type, length, cell))
          .map((cell) => `${set.name}.${variable}: ${cell}`),
      )
      expect(wrong).toEqual([])
    }
  })

  it('ADSL has every subject, in populations as the reports have them', () => {
    const adsl = rows('ADSL')
    expect(adsl.map((row) => row.SUBJID)).toEqual(context.subjects.map((one) => one.subjectKey))
    const flags = populationFlags(definition.populations)
    for (const { oid } of definition.populations) {
      const rule = populationRule(definition, oid)
      const members = context.subjects.filter((one) => one.value(rule) === true)
      const flagged = adsl.filter((row) => row[flags.get(oid) as string] === 'Y')
      expect(
        flagged.map((row) => row.SUBJID),
        oid,
      ).toEqual(members.map((one) => one.subjectKey))
    }
  })

  it('ADTTE gives the events and times of the survival reports', () => {
    if (definition.endpoints.length === 0) return
    const times = rows('ADTTE')
    let compared = 0
    for (const report of definition.reports) {
      if (report.kind !== 'survival') continue
      const { body } = runReport(report, context)
      if (body.kind !== 'survival') throw new Error('not a survival report')
      const label = definition.endpoints.find(({ oid }) => oid === report.endpoint)?.label.en
      const own = new Map(
        times.filter((row) => row.PARAM === label).map((row) => [row.SUBJID as string, row]),
      )
      for (const { subject, time, event } of body.data) {
        expect(own.get(subject)).toMatchObject({ AVAL: time })
        expect(own.get(subject)?.CNSR === 0, `${report.oid} ${subject}`).toBe(event)
        compared++
      }
    }
    const isSurvival = definition.reports.some(({ kind }) => kind === 'survival')
    expect(compared > 0).toBe(isSurvival)
    for (const { STARTDT, ADT, AVAL } of times) {
      if (AVAL === null) continue
      const days = (Date.parse(ADT as string) - Date.parse(STARTDT as string)) / 86_400_000
      expect(days).toBe(AVAL)
    }
  })

  it('values by visit have one baseline a parameter, and changes that follow from it', () => {
    for (const set of sets) {
      if (!set.variables.some((one) => one.name === 'ABLFL')) continue
      const bases = new Map<string, number>()
      for (const row of rowsOf(set)) {
        const key = `${row.SUBJID}|${row.PARAMCD}`
        if (row.ABLFL === 'Y') {
          bases.set(key, (bases.get(key) ?? 0) + 1)
          expect(row.AVAL, `${set.name} ${key}`).toBe(row.BASE)
        }
        if (row.CHG !== null) {
          const change = (row.AVAL as number) - (row.BASE as number)
          expect(row.CHG as number).toBeCloseTo(change, 9)
        }
        expect(row.AVAL !== null || row.AVALC !== null || row.AVALMISS !== null).toBe(true)
        expect((row.AVAL !== null || row.AVALC !== null) && row.AVALMISS !== null).toBe(false)
      }
      for (const [key, count] of bases) expect(count, `${set.name} ${key}`).toBe(1)
    }
  })

  it('is the same as CSV and as Dataset-JSON', () => {
    for (const set of sets) {
      const [head, ...cells] = csvRows([...setText(set, 'csv', source)].join(''))
      expect(head).toEqual(set.variables.map((variable) => variable.name))
      expect(cells).toHaveLength(set.rows.length)
      expect(cells).toEqual(set.rows.map((row) => row.map((cell) => String(cell ?? ''))))
      const dataset = datasetOf(set, source)
      const text = [...datasetJson(dataset)].join('')
      expect(readDatasetJson(text)).toEqual(dataset)
      if (isValid) expect(isValid(JSON.parse(text)), JSON.stringify(isValid.errors)).toBe(true)
    }
  })
})

describe('what the sets say of single values', () => {
  it('baseline is base() of the definition', () => {
    const { rows } = madeOf('tac-csa-rct')
    const base = new Map(
      rows('ADPFT')
        .filter((row) => row.PARAMCD === 'FVCPP')
        .map((row) => [row.SUBJID, row.BASE]),
    )
    const adsl = rows('ADSL').filter((row) => row.ITTFL === 'Y')
    expect(adsl).toHaveLength(58)
    for (const row of adsl) expect(base.get(row.SUBJID)).toBe(row.BL_FVCPP)
  })

  it('the analysis visit of a registry is that of nearest()', () => {
    const { rows } = madeOf('tac-pms')
    const values = new Map(
      rows('ADPFT')
        .filter((row) => row.PARAMCD === 'FVCPP' && row.ANL01FL === 'Y')
        .map((row) => [`${row.SUBJID}|${row.AVISIT}`, row.AVAL]),
    )
    for (const [variable, visit] of [
      ['FVC_M6', 'Month 6'],
      ['FVC_M12', 'Month 12'],
      ['FVC_M24', 'Month 24'],
    ] as const) {
      const known = rows('ADSL').filter((row) => row[variable] !== null)
      expect(known.length, variable).toBeGreaterThan(10)
      for (const row of rows('ADSL'))
        expect(values.get(`${row.SUBJID}|${visit}`) ?? null, `${row.SUBJID} ${visit}`).toBe(
          row[variable],
        )
    }
  })

  it('adverse events are those of the log', () => {
    const { rows } = madeOf('tac-csa-rct')
    const adae = rows('ADAE')
    expect(adae.length).toBeGreaterThan(40)
    for (const row of adae) {
      expect(row.AETERM ?? row.AETERMR).not.toBeNull()
      if (row.AETOXGR !== null) expect(String(row.AETOXGRN)).toBe(row.AETOXGR)
      if (row.ASTDTF === null && row.AESTDTC !== null) expect(row.ASTDT).toBe(row.AESTDTC)
    }
    const infected = new Set(
      adae
        .filter((row) => row.AESI === 'INFECTION' && row.TRTEMFL === 'Y')
        .map((row) => row.SUBJID),
    )
    const [table] = rows('ADSL').filter((row) => row.AEINFECT === 'Y')
    expect(table).toBeDefined()
    expect([...infected].sort()).toEqual(
      rows('ADSL')
        .filter((row) => row.AEINFECT === 'Y')
        .map((row) => row.SUBJID)
        .sort(),
    )
  })
})

describe('casebook analysis sets', () => {
  const hear = () => {
    const said: string[] = []
    const say = (text: string) => void said.push(text)
    return { said, say: { out: say, error: say } }
  }
  const us = join(import.meta.dirname, '..', '..', 'studies', 'us-ma-ild')

  it.each(['csv', 'json', 'ndjson'])(
    'writes %s',
    async (format) => {
      const { said, say } = hear()
      const out = join(folder, format)
      expect(await analysis(['sets', us, '--out', out, '--format', format], say)).toBe(0)
      expect(said[0]).toMatch(/^\d+ sets with \d+ rows in /)
      expect(readdirSync(out)).toEqual(
        expect.arrayContaining(['README.txt', 'variables.csv', `adsl.${format}`, `adlb.${format}`]),
      )
    },
    60_000,
  )

  it.each([
    [[]],
    [['sets']],
    [['sets', us]],
    [['sets', us, '--out', '/nowhere', '--format', 'xpt']],
    [['get', us, '--out', '/nowhere']],
    [['sets', us, 'more', '--out', '/nowhere']],
    [['sets', '/elsewhere', '--out', '/nowhere']],
  ])('refuses %j with exit status 2', async (words) => {
    const { said, say } = hear()
    expect(await analysis(words, say)).toBe(2)
    expect(said).toHaveLength(1)
    expect(existsSync('/nowhere')).toBe(false)
  })
})
