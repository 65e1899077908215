import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { StatisticsProblem } from '#domain/statistics/problem.ts'
import { parseReferenceFile, type ReferenceCase } from '#domain/statistics/reference/case-format.ts'
import { parseCsv } from '#domain/statistics/reference/columns.ts'
import { differences } from '#domain/statistics/reference/compare.ts'
import {
  arithmetic,
  conditionOf,
  eventOf,
  resolveDataSet,
} from '#domain/statistics/reference/data-set.ts'
import { readFormula } from '#domain/statistics/reference/formula.ts'
import { verificationText, verifyCases } from '#domain/statistics/reference/verify.ts'

const own = import.meta.dirname
const casesOf = (folder: string, file: string): ReferenceCase[] =>
  parseReferenceFile(JSON.parse(readFileSync(join(folder, 'cases', file), 'utf8'))).map((c) => {
    if ('fault' in c) throw new Error(`${c.id}: ${c.fault}`)
    return c
  })
const loaderOf = (folder: string) => (name: string) =>
  parseCsv(readFileSync(join(folder, 'data', `${name}.csv`), 'utf8'))

function registerFolder(title: string, folder: string): void {
  describe(title, () => {
    for (const file of readdirSync(join(folder, 'cases'))) {
      it(`${file} passes at 1e-9 wherever the procedure is not iterative`, () => {
        const reports = verifyCases(casesOf(folder, file), loaderOf(folder), { tolerance: 1e-9 })
        expect(reports.length).toBeGreaterThan(0)
        expect(reports.filter((r) => !r.passed)).toEqual([])
      })
    }
  })
}

registerFolder('the reference cases of the project', own)

// A larger collection may lie beside the checkout; a clone without it has nothing to register.
const beside = join(own, '..', '..', '..', '..', 'shared', 'reference', 'statistics')
if (existsSync(beside)) registerFolder('the reference cases beside the checkout', beside)

describe('verification', () => {
  const cases = casesOf(own, 'trial.json')

  it('finds a wrong digit, a missing result and a wrong number of rows', () => {
    const wrong = structuredClone(
      cases.find((c) => c.id === 'lr-fujisawa-pfs') as (typeof cases)[number],
    )
    wrong.expected.p = 0.16039
    wrong.expected.surprise = 1
    wrong.expected.observed = [8, 4, 0]
    const [report] = verifyCases([wrong], loaderOf(own))
    expect(report?.passed).toBe(false)
    expect(report?.differences.map((d) => d.path).sort()).toEqual([
      'observed.length',
      'p',
      'surprise',
    ])
    expect(verificationText(report ? [report] : [])).toMatch(/0 passed, 1 failed$/)
  })

  it('names what it does not know instead of passing it', () => {
    const base = cases[0] as (typeof cases)[number]
    const [unknown, column, set] = verifyCases(
      [
        { ...base, procedure: 'oracle' },
        { ...base, data: { ...base.data, time: 'nowhere' } },
        { ...base, data: { ...base.data, dataset: 'trial (by magic)' } },
      ],
      loaderOf(own),
    )
    expect(unknown?.problem).toMatch(/unknown procedure/)
    expect(column?.problem).toMatch(/unknown-column/)
    expect(set?.problem).toMatch(/by magic/)
  })

  it('finds results by R’s names and columns by theirs, and knows what cannot be estimated', () => {
    const t = {
      id: 't',
      procedure: 't_test',
      data: { dataset: 'trial', x: 'age', group: 'arm' },
      options: { 'var.equal': true, 'conf.level': 0.9 },
      expected: {
        statistic: -0.755661404046,
        parameter: 56,
        'p.value': 0.453019113095,
        stderr: 3.157120732831,
      },
      rel_tol: 1e-11,
    }
    const constant = {
      id: 'constant',
      procedure: 'correlation',
      data: { x: [1, 1, 1, 1], y: [1, 2, 3, 4] },
      options: {},
      expected: { pearson: { r: null, p: 'NaN' } },
      rel_tol: 1e-9,
    }
    const counted = {
      id: 'counted',
      procedure: 'chisq_test',
      data: { dataset: 'trial', row: 'arm', column: 'female' },
      options: { correct: false },
      expected: { 'X-squared': 1.62306483569037, df: 1 },
      rel_tol: 1e-11,
    }
    const [one, two, three, four] = verifyCases(
      [t, constant, counted, { ...constant, expected: { pearson: { r: 0.3 } } }],
      loaderOf(own),
    )
    expect(one?.differences).toEqual([])
    expect(one?.problem).toBeNull()
    expect(two?.passed).toBe(true)
    expect(three?.differences).toEqual([])
    expect(four).toMatchObject({
      passed: false,
      problem: expect.stringContaining('constant-sample'),
    })
  })

  it('refuses a file that is not one of cases', () => {
    expect(() => parseReferenceFile({ cases: 3 })).toThrow(StatisticsProblem)
    expect(() => parseReferenceFile('no')).toThrow(StatisticsProblem)
    expect(() => parseReferenceFile({ n_cases: 2, cases: [] })).toThrow(/announces 2/)
  })

  it('compares tiny probabilities by ratio and other values near zero absolutely', () => {
    expect(differences({ p: 1e-150 }, { p: 1.1e-150 }, 1e-9)).toHaveLength(1)
    expect(differences({ chisq: 7e-32 }, { chisq: 0 }, 1e-11)).toHaveLength(0)
    expect(
      differences(
        { upper: 'Infinity', lower: null, se: 'NaN' },
        { upper: Infinity, lower: null, se: null },
        1e-9,
      ),
    ).toHaveLength(0)
    expect(differences({ upper: 'Infinity' }, { upper: 1e300 }, 1e-9)).toHaveLength(1)
    expect(differences({ x: [1, 2] }, { x: [1, Number.NaN] }, 1e-9)).toHaveLength(1)
    expect(differences({ note: 'text', r_default_estimate: 3 }, {}, 1e-9)).toHaveLength(0)
  })
})

describe('data sets', () => {
  const csv = '\ufeff"id","arm",x,y\r\n1,"A, old",3,\r\n2,"B ""new""",NA,2.5\n3,B,-1e3,4\n'
  const data = parseCsv(csv)
  const load = () => data

  it('reads quotes, line ends and missing values', () => {
    expect(data.columns.get('arm')).toEqual(['A, old', 'B "new"', 'B'])
    expect(data.columns.get('x')).toEqual([3, null, -1000])
    expect(data.columns.get('y')).toEqual([null, 2.5, 4])
    expect(() => parseCsv('a,b\n1\n')).toThrow(/row 2/)
  })

  it('builds what the brackets say', () => {
    expect(resolveDataSet('d (rows with x)', load).columns.get('id')).toEqual([1, 3])
    expect(resolveDataSet('d (rows where id>=2 & x==-1000)', load).columns.get('id')).toEqual([3])
    expect(resolveDataSet('d (side=pos if arm==B)', load).columns.get('side')).toEqual([
      'neg',
      'neg',
      'pos',
    ])
    expect(
      resolveDataSet('d (side=left if id<2 else right; z=log(id)*2)', load).columns.get('z')?.[2],
    ).toBeCloseTo(2 * Math.log(3), 14)
    expect(() => resolveDataSet('d (sorted)', load)).toThrow(/sorted/)
  })

  it('evaluates conditions and arithmetic with missing values', () => {
    expect(conditionOf(data, 'x==3')).toEqual([true, null, false])
    expect(arithmetic(data, '-(x + 1)^2 / 2')).toEqual([-8, null, -499000.5])
    expect(() => arithmetic(data, 'x +')).toThrow(StatisticsProblem)
    expect(() => arithmetic(data, 'system("x")')).toThrow(StatisticsProblem)
  })

  it('takes 2 as the event of a status of 1 and 2, as R does', () => {
    const coded = parseCsv('s,d\n1,0\n2,1\n,1\n')
    expect(eventOf(coded, 's')).toEqual([false, true, null])
    expect(eventOf(coded, 'd')).toEqual([false, true, true])
    expect(eventOf(coded, 's==1')).toEqual([true, false, null])
  })

  it('reads model formulas', () => {
    const formula = readFormula(
      'Surv(x, y == 4) ~ factor(id) * y + strata(arm) + offset(log(id)) + I(x/10)',
      data,
      ['factor(id)3', 'factor(id)1'],
    )
    expect(formula.terms.map((t) => t.name)).toEqual(['factor(id)', 'y', 'I(x/10)', 'factor(id):y'])
    expect(formula.terms[0]).toMatchObject({ levels: ['2', '3', '1'] })
    expect(formula.strata).toHaveLength(3)
    const other = readFormula('Surv(x, y) ~ relevel(arm, ref = "B")', data, [
      'relevel(arm, ref = "B")A, old',
      'relevel(arm, ref = "B")B "new"',
    ])
    expect(other.terms[0]).toMatchObject({ levels: ['B', 'A, old', 'B "new"'] })
    expect(formula.event).toEqual([null, false, true])
  })
})
