import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { statistics } from '#bin/commands/statistics.ts'
import { verbs } from '#domain/statistics/verbs/verbs.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'statistics-fuzz-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function run(args: string[]) {
  let out = ''
  let error = ''
  const status = await statistics(args, {
    out: (text) => {
      out += text
    },
    error: (text) => {
      error += text
    },
  })
  return { status, out, error }
}

const number = fc.oneof(
  fc.constantFrom('', 'NA', 'NaN', 'Inf', '-Inf', '1e308', '-1e308', '5e-324', '0', '1', '-3'),
  fc.integer({ min: 0, max: 9 }).map(String),
)
const row = fc.tuple(
  number,
  number,
  fc.constantFrom('0', '1', '1', ''),
  fc.constantFrom('a', 'b', 'b', ''),
  fc.constantFrom('p', 'q', '"r,s"'),
)
const sheet = fc
  .array(row, { maxLength: 14 })
  .map((rows) => ['x,y,s,g,h', ...rows.map((cells) => cells.join(','))].join('\n'))

/** A value for every option that a verb has: mostly fitting ones, so that the procedures are reached. */
const values: Readonly<Record<string, fc.Arbitrary<string>>> = {
  time: fc.constantFrom('x', 'y'),
  status: fc.constant('s'),
  state: fc.constantFrom('s', 'g'),
  censoring: fc.constantFrom('0', 'a'),
  group: fc.constantFrom('g', 'h'),
  value: fc.constantFrom('x', 'y', 'g'),
  x: fc.constantFrom('x', 's'),
  y: fc.constant('y'),
  row: fc.constant('g'),
  column: fc.constantFrom('h', 's'),
  strata: fc.constantFrom('h', 's'),
  covariates: fc.constantFrom('y', 'g', 'y,g', 'y,y'),
  raters: fc.constantFrom('x,y', 'x,y,s', 'x'),
  horizon: fc.constantFrom('3', '0', '-1', '1e308', 'soon'),
  times: fc.constantFrom('1,2', '-1', 'Infinity'),
  level: fc.constantFrom('0.95', '0.9', '0.5', '1', '0', 'x'),
  counts: fc.constantFrom(
    '1,2;3,4',
    '0,0;0,0',
    '5,0;0,5',
    '1;2',
    '1,2,3;4,5,6;7,8,9',
    '1e308,1;1,1',
    'x',
    '1.5,2;3,4',
    '9,9',
  ),
  events: fc.constantFrom('3', '3', '3,4', '3,4', '0,0', '9,9', '-1'),
  n: fc.constantFrom('9', '9', '9', '9,9', '9,9', '0', '1e300', '9,x'),
  p: fc.constantFrom('0.1,0.2', '0,1', '2', 'x'),
  method: fc.constantFrom('holm', 'BY', 'exact', 'normal', 'oracle'),
  rates: fc.constantFrom('0.6,0.3', '0.6,0.3', '0.9,0.2', '0.5,0.5', '0,1', '0.3'),
  'hazard-ratio': fc.constantFrom('0.5', '0.7', '2', '1', '-1'),
  sided: fc.constantFrom('1', '2', '2', '3'),
  ratio: fc.constantFrom('1', '1', '2', '0'),
  difference: fc.constantFrom('1', '0', '1e308'),
  sd: fc.constantFrom('2', '0', '1e-308'),
  alpha: fc.constantFrom('0.2', '0.2', '0.05', '0', '1', '5e-324'),
  power: fc.constantFrom('0.8', '0.01', '1'),
  survival: fc.constantFrom('0.5,0.7', '1,1', '0.5'),
}

const tableWays = [['counts'], ['row', 'column', 'levels']]
const sampleWays = [['x', 'y'], ['value', 'group'], ['x']]

/** Options that exclude one another: a run keeps those of one way, or now and then all of them. */
const ways: Readonly<Record<string, readonly (readonly string[])[]>> = {
  samplesize: [['rates'], ['hazard-ratio', 'survival'], ['difference', 'sd']],
  power: [
    ['rates', 'n'],
    ['hazard-ratio', 'events', 'ratio'],
    ['difference', 'sd', 'n'],
  ],
  ttest: sampleWays,
  mannwhitney: sampleWays,
  fisher: tableWays,
  chisq: tableWays,
  trend: tableWays,
  mcnemar: tableWays,
  kappa: tableWays,
}

function keepWay(name: string, parts: readonly string[][], way: number): string[] {
  const all = ways[name] ?? []
  const kept = all[way % (all.length + 1)]
  const others = kept ? all.flat().filter((option) => !kept.includes(option)) : []
  return parts.filter(([option = '']) => !others.includes(option.slice(2))).flat()
}

describe('any verb on any data', () => {
  for (const [name, verb] of Object.entries(verbs)) {
    it(`${name} ends with 0, 1 or 2, says why, and prints no NaN`, async () => {
      const data = join(folder, `${name}.csv`)
      const options = [...verb.options, 'data'].map((option) => {
        const given =
          option === 'data' ? fc.constant(data) : (values[option] ?? fc.constantFrom('1', 'x'))
        const often = verb.required.includes(option) || option === 'data' || option in values
        return fc
          .option(given, { nil: undefined, freq: often ? 8 : 1 })
          .map((text) => (text === undefined ? [] : [`--${option}`, text]))
      })
      const seen = new Set<number>()
      await fc.assert(
        fc.asyncProperty(sheet, fc.tuple(...options), fc.nat(), async (text, parts, seed) => {
          writeFileSync(data, text)
          const json = seed % 2 === 0
          const words = keepWay(name, parts, Math.floor(seed / 2))
          const result = await run([name, ...words, json ? '--json' : '--table'])
          seen.add(result.status)
          expect([0, 1, 2]).toContain(result.status)
          expect(result.out).not.toMatch(/NaN|undefined|\[object/)
          expect(result.status === 0 ? result.error : result.out).toBe('')
          if (result.status !== 0) expect(result.error.length).toBeGreaterThan(10)
          else if (json) expect(() => JSON.parse(result.out)).not.toThrow()
        }),
        // A fixed seed: which exit statuses are seen must not depend on the day.
        { numRuns: 60, seed: 20261121 },
      )
      expect(seen.size).toBeGreaterThan(1)
    })
  }
})
