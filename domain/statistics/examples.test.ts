import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import vm from 'node:vm'
import { describe, expect, it } from 'vitest'

/*
 * The documentation of a procedure is its docstring: meaning, `Input:` (shapes and units), `Missing:`, `Source:` (paper)
 * and `Example:`. An example is a call in backticks, then = and a value; it is run here, and the value compared at the
 * digits printed. What this test does not see as public is named below with the reason.
 */

const folder = fileURLToPath(new URL('.', import.meta.url))

/** Files that hold no procedure a user would call. */
const internalFiles: Readonly<Record<string, string>> = {
  'competing-risks-data.ts': 'checks and codes the data of cumulativeIncidence and grayTest',
  'cox-design.ts': 'design columns of coxPh',
  'cox-fit.ts': 'the maximisation within coxPh',
  'cox-likelihood.ts': 'the likelihood within coxPh',
  'cox-model.ts': 'rows and model on the internal scale of coxPh',
  'fisher-network.ts': 'a step of fisherFreemanHalton',
  'matrix.ts': 'linear algebra on row-major matrices',
  'problem.ts': 'the errors that procedures throw',
  'survival-jackknife.ts': 'the robust variance within kaplanMeier',
  'special/normal-quantile.ts': 'the algorithm behind normalQuantile of distributions.ts',
  'special/quadrature.ts': 'numerical integration',
  'special/root.ts': 'root finding',
  'special/tails.ts': 'the pair of tails that the distributions pass around',
}

/** Functions of the other files that serve their neighbours only. */
const internalFunctions: Readonly<Record<string, string>> = {
  tableMargins: 'checks a table for the procedures of tables',
  scoreResiduals: 'internal scale, for the robust variance of coxPh',
  clusterCovariance: 'internal scale, for the robust variance of coxPh',
  robustScore: 'internal scale, for the robust score test of coxPh',
  hazardSteps: 'sums for the curves of cox-curves.ts',
  causesOf: 'labels of cumulativeIncidence',
  meanOf: 'mean of values that are checked already',
  sumOfSquares: 'spread of values that are checked already',
  standardDeviationOf: 'SD of values that are checked already',
  sortedMedian: 'median of values that are sorted already',
  shiftLimits: 'limits among differences that are sorted already',
  ensureCount: 'checks k of n',
  wilsonInterval: 'takes a normal quantile; proportionInterval is the procedure',
  rankTails: 'reads a distribution of rank-distribution.ts',
  rankQuantile: 'reads a distribution of rank-distribution.ts',
  wholeSubjects: 'the ceiling that the sample sizes share',
  completeSample: 'drops missing values for the procedures',
  completePairs: 'drops incomplete pairs for the procedures',
  gather: 'picks positions of a column',
  midRanks: 'ranks within the rank tests',
  sortedOrder: 'the sort within the survival procedures',
  prepareSurvival: 'checks and sorts the data of the survival procedures',
  hypergeometricTerms: 'all terms at once, for fisherExact',
  stirlingError: 'a part of logGamma',
  deviancePart: 'a part of the binomial and Poisson terms',
  logBinomialTerm: 'binomialDensity is the procedure',
  logBetaPrefix: 'a part of incompleteBeta',
  logPoissonTerm: 'a part of incompleteGamma',
}

interface Documented {
  file: string
  name: string
  text: string
}

/** Text of a docstring in one line, without the comment marks. */
function plain(docstring: string): string {
  return docstring
    .replace(/^\/\*\*|\*\/\s*$/g, '')
    .replace(/^\s*\* ?/gm, '')
    .replace(/\s+/g, ' ')
    .trim()
}

/** Exported functions of a file with their docstrings; an arrow function counts as well. */
function functionsOf(file: string): Documented[] {
  const source = readFileSync(`${folder}${file}`, 'utf8')
  const pattern =
    /(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?export (?:async )?(?:function (\w+)|const (\w+)(?:: [^=\n]+)? = (?:async )?\()/g
  return [...source.matchAll(pattern)].map((match) => ({
    file,
    name: (match[2] ?? match[3]) as string,
    text: plain(match[1] ?? ''),
  }))
}

const sourcesIn = (path: string) =>
  readdirSync(`${folder}${path}`)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => `${path}${name}`)
const files = [...sourcesIn(''), ...sourcesIn('special/')]
const documented = files.flatMap(functionsOf)
const isPublic = ({ file, name }: Documented) =>
  !(file in internalFiles) && !(name in internalFunctions)
const publicFunctions = documented.filter(isPublic)

interface Example {
  code: string
  value: string
}

/** The value that a text begins with: a list to its closing bracket, a quoted text, else up to a space or comma. */
function valueAt(text: string): string {
  if (!text.startsWith('['))
    return (/^(?:'[^']*'|[^\s,;]+)/.exec(text)?.[0] ?? '').replace(/\.$/, '')
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '[') depth++
    if (text[i] === ']' && --depth === 0) return text.slice(0, i + 1)
  }
  return ''
}

/** The calls in backticks of a docstring, each with the value behind its = ; '' when there is none. */
function examplesOf({ text }: Documented): Example[] {
  return [...text.matchAll(/`(\w+\([^`]*)`( = )?/g)].map((match) => ({
    code: match[1] as string,
    value: match[2] === undefined ? '' : valueAt(text.slice(match.index + match[0].length)),
  }))
}

type Value = number | string | boolean | null | readonly Value[]

/** Parts of a list at its own level. */
function partsOf(list: string): string[] {
  const parts: string[] = []
  let depth = 0
  for (const piece of list.split(',')) {
    if (depth === 0) parts.push(piece)
    else parts[parts.length - 1] += `,${piece}`
    depth += piece.split('[').length - piece.split(']').length
  }
  return parts.filter((part) => part.trim() !== '')
}

/** Whether a computed value is the printed one: numbers at the digits printed, everything else exactly. */
function agrees(actual: unknown, printed: string): boolean {
  const text = printed.trim().replace(/^−/, '-')
  if (text.startsWith('[')) {
    const list = ArrayBuffer.isView(actual) ? Array.from(actual as Float64Array) : actual
    const parts = partsOf(text.slice(1, -1))
    return (
      Array.isArray(list) &&
      list.length === parts.length &&
      parts.every((part, i) => agrees((list as Value[])[i], part))
    )
  }
  if (text.startsWith("'")) return actual === text.slice(1, -1)
  if (text === 'null') return actual === null
  if (text === 'true' || text === 'false') return actual === (text === 'true')
  if (typeof actual !== 'number') return false
  const [over = '', under = '1'] = text.split('/')
  const expected = Number(over) / Number(under)
  if (!Number.isFinite(expected)) return actual === expected
  const [mantissa = '', exponent = '0'] = text.split('e')
  const decimals = mantissa.split('.')[1]?.length
  // Half a unit of the last digit printed; a whole number or a fraction is printed with all its digits.
  const slack =
    decimals === undefined
      ? 1e-12 * Math.max(1, Math.abs(expected))
      : 0.5 * 10 ** (Number(exponent) - decimals) + 1e-15 * Math.abs(expected)
  return Math.abs(actual - expected) <= slack
}

const exportsOf = async (file: string) =>
  (await import(pathToFileURL(`${folder}${file}`).href)) as Record<string, unknown>

/** All exports of the folder by name; those of the file itself come last and win. */
async function scopeFor(file: string): Promise<Record<string, unknown>> {
  const scope: Record<string, unknown> = {}
  for (const other of [...sourcesIn('special/'), ...sourcesIn(''), file])
    Object.assign(scope, await exportsOf(other))
  return scope
}

describe('examples in docstrings', () => {
  const withExamples = documented.filter((f) => examplesOf(f).length > 0)

  it.each(withExamples)('$file $name', async (f) => {
    const scope = await scopeFor(f.file)
    for (const { code, value } of examplesOf(f)) {
      expect(value, `${code} is followed by = and its value`).not.toBe('')
      const actual: unknown = vm.runInNewContext(code, scope)
      expect(agrees(actual, value), `${code} gives ${String(actual)}, printed ${value}`).toBe(true)
    }
  })

  it('refuses a value that is off by one unit of the last digit, and a list of another length', () => {
    expect(agrees(0.2549, '0.2549')).toBe(true)
    expect(agrees(0.25, '0.2549')).toBe(false)
    expect(agrees(0.25496, '0.2549')).toBe(false)
    expect(agrees(10.4, '10')).toBe(false)
    expect(agrees(1 / 3, '1/3')).toBe(true)
    expect(agrees(-1254.831, '−1254.83')).toBe(true)
    expect(agrees(4.7e-9, '4.71e-9')).toBe(false)
    expect(agrees(Float64Array.of(1, 2), '[1, 2]')).toBe(true)
    expect(agrees([[1], [2, 3]], '[[1], [2, 3]]')).toBe(true)
    expect(agrees([[1], [2, 3]], '[[1], [2, 4]]')).toBe(false)
    expect(agrees([1, 2], '[1]')).toBe(false)
    expect(agrees(null, '0')).toBe(false)
    expect(agrees(0, 'null')).toBe(false)
  })
})

describe('documentation of the procedures', () => {
  it.each(publicFunctions)('$file $name', (f) => {
    expect(f.text, 'shapes and units').toMatch(/ Input: \S/)
    expect(f.text, 'rule for missing values').toMatch(/ Missing: \S/)
    expect(f.text, 'paper or definition').toMatch(/ Source: \S/)
    const own = examplesOf(f).filter(({ code }) => code.includes(`${f.name}(`))
    expect(f.text).toMatch(/ Example: `/)
    expect(own.length, 'an example that calls it').toBeGreaterThan(0)
  })

  it('is asked of every function that a verb of the statistics command calls', () => {
    const called = readdirSync(`${folder}verbs`)
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .flatMap((name) => {
        const source = readFileSync(`${folder}verbs/${name}`, 'utf8')
        const imports = /import \{([^}]*)\} from '#domain\/statistics\/([\w-]+\.ts)'/g
        return [...source.matchAll(imports)].flatMap(([, names = '', file = '']) =>
          names
            .split(',')
            .map((part) => part.trim())
            .filter((part) => part !== '' && !part.startsWith('type '))
            .map((part) => ({ file, name: part.split(' as ')[0] as string })),
        )
      })
      .filter(({ file }) => file !== 'problem.ts')
    expect(called.length).toBeGreaterThan(50)
    const missing = called.filter(
      (c) => !publicFunctions.some((f) => f.file === c.file && f.name === c.name),
    )
    expect(missing).toEqual([])
  })

  it('names as internal only what exists', () => {
    for (const file of Object.keys(internalFiles)) expect(files).toContain(file)
    for (const name of Object.keys(internalFunctions))
      expect(documented.filter((f) => f.name === name).map((f) => f.name)).toEqual([name])
  })
})
