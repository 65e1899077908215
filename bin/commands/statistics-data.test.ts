/** Files as people have them, options that exclude one another, and labels whose order matters. Numbers are those of R 4.2.2. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { statistics } from '#bin/commands/statistics.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'statistics-data-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs a verb on a file of this content. */
async function on(content: string | Buffer, ...args: string[]) {
  const file = join(folder, 'data.csv')
  writeFileSync(file, content)
  let out = ''
  let error = ''
  const [verb = '', ...rest] = args
  const status = await statistics([verb, '--data', file, ...rest, '--json'], {
    out: (text) => {
      out += text
    },
    error: (text) => {
      error += text
    },
  })
  return { status, error, json: status === 0 ? JSON.parse(out) : null }
}

const european = [
  '\ufeffid;time;status;arm;age;grade',
  '1;10,5;1;"A;x";60,25;low',
  '2;12;0;B;55;medium',
  '3;NA;1;B;70;high',
  '4;.;0;"A;x";;low',
  '5;7,25;1;"A;x";61,5;high',
  '6;9;1;B;58;medium',
  '7;20;0;B;49;low',
  '8;3;1;"A;x";66;high',
].join('\r\n')

describe('a file of data', () => {
  it('may come with a byte order mark, semicolons, decimal commas and missing values of every kind', async () => {
    const columns = ['--time', 'time', '--status', 'status', '--group', 'arm']
    const { json, error } = await on(european, 'rmst', ...columns, '--horizon', '9')
    expect(error).toBe('')
    expect(json.missing).toBe(2)
    expect(json.restrictedMeans[0].group).toBe('A;x')
    expect(json.restrictedMeans[0].mean).toBeCloseTo(6.416667, 6)
    expect(json.restrictedMeans[0].standardError).toBeCloseTo(1.454559, 6)
    const cox = await on(european, 'cox', ...columns.slice(0, 4), '--covariates', 'arm=B')
    expect(cox.json.coefficients[0].estimate).toBeCloseTo(1.687846, 6)
    const age = await on(european, 'describe', '--value', 'age')
    expect(age.json).toMatchObject({ n: 7, missing: 1 })
    expect(age.json.mean).toBeCloseTo(59.96428571, 8)
  })

  it('keeps commas that are quoted, and numbers that are quoted where a number is asked for', async () => {
    const text = 'g,x\n"Drug, high","1.50"\n"Drug, high",2\nplacebo,4\nplacebo,"03"\n'
    const { json } = await on(text, 'ttest', '--value', 'x', '--group', 'g')
    expect(json.samples).toEqual(['Drug, high', 'placebo'])
    expect(json.means).toEqual([1.75, 3.5])
  })

  it.each([
    ['a decimal comma between commas', 'x,g\n"1,5",a\n2,b\n', /holds "1,5", not a number/],
    ['1.234 beside 1,5', 'x;g\n1,5;a\n1.234;b\n', /not a number/],
    ['tabulators', 'x\tg\n1\ta\n', /there is no column "x"/],
    ['a short row', 'x,g\n1\n2,b\n', /row 2 has 1 cells/],
    ['letters of Latin-1', Buffer.from('x,g\n1,M\xe4nn\n2,b\n', 'latin1'), /not UTF-8/],
    ['a word among numbers', 'x,g\n1,a\n<5,b\n', /holds "<5", not a number/],
  ])('names %s and ends with 2', async (_, content, message) => {
    const { status, error } = await on(content, 'describe', '--value', 'x')
    expect(error).toMatch(message)
    expect(status).toBe(2)
  })

  it('takes groups that are numbers in their order', async () => {
    const text = 'x,g\n1,2\n5,2\n3,10\n4,10\n9,10\n,2\nNA,10\n7,.\n'
    const one = ['--alternative', 'less', '--level', '0.8']
    const { json } = await on(text, 'mannwhitney', '--value', 'x', '--group', 'g', ...one)
    expect(json.samples).toEqual(['2', '10'])
    expect(json.p).toBeCloseTo(0.4, 12)
    // The limits are one-sided as the test is.
    expect(json.hodgesLehmann).toMatchObject({ lower: '-Infinity', upper: 2 })
  })
})

describe('labels whose order or set matters', () => {
  const ratings = 'a,b\n1,1\n2,3\n4,3\n1,1\n4,4\n2,1\n1,1\n4,4\n'
  const grades =
    'a,b\nlow,low\nmedium,high\nhigh,high\nlow,medium\nhigh,high\nmedium,low\nlow,low\nhigh,high\n'
  const table = ['--row', 'a', '--column', 'b']
  const improved = ['s', 1, 1, 0, 0, 1, 1, 1, 0]

  it('tabulates two raters on the categories of both', async () => {
    const { json } = await on(ratings, 'kappa', ...table)
    expect(json.columnLevels).toEqual(['1', '2', '3', '4'])
    expect(json.kappa).toBeCloseTo(0.4782608696, 10)
    expect(json.standardError).toBeCloseTo(0.1713253695, 10)
    // The second of each pair is always 1, and so are two of the first: three changed.
    const pairs = await on('a,b\n0,1\n0,1\n1,1\n1,1\n0,1\n', 'mcnemar', ...table)
    expect(pairs.json.chiSquare).toBeCloseTo(3, 12)
    expect(pairs.json.p).toBeCloseTo(0.08326452, 8)
  })

  it('asks for the order of texts where a weight or a trend depends on it', async () => {
    const unordered = await on(grades, 'kappa', ...table, '--weights', 'linear')
    expect(unordered.status).toBe(2)
    expect(unordered.error).toMatch(/--levels high,low,medium in their order/)
    const levels = ['--levels', 'low,medium,high']
    const { json } = await on(grades, 'kappa', ...table, '--weights', 'linear', ...levels)
    expect(json.kappa).toBeCloseTo(0.6129032258, 10)
    expect(json.standardError).toBeCloseTo(0.184033167, 9)
    const text = grades
      .trimEnd()
      .split('\n')
      .map((line, i) => `${improved[i]},${line}\n`)
      .join('')
    const trend = ['trend', '--row', 's', '--column', 'a'] as const
    expect((await on(text, ...trend)).error).toMatch(/a trend needs the order/)
    const found = await on(text, ...trend, ...levels)
    expect(found.json.columnLevels).toEqual(['low', 'medium', 'high'])
    expect(found.json.chiSquare).toBeCloseTo(0.7111111111, 10)
    const short = await on(text, ...trend, '--levels', 'low,high')
    expect(short.error).toMatch(/does not list "medium"/)
  })

  it('and of groups in a trend of survival', async () => {
    const text = 't,s,g\n1,1,low\n2,1,medium\n3,1,high\n4,1,low\n5,1,high\n6,1,medium\n'
    const call = ['logrank', '--time', 't', '--status', 's', '--group', 'g', '--trend'] as const
    expect((await on(text, ...call)).error).toMatch(/--trend needs the order of the labels/)
    const { json } = await on(text, ...call, '--levels', 'low,medium,high')
    expect(json.groups.map((one: { group: string }) => one.group)).toEqual([
      'low',
      'medium',
      'high',
    ])
    expect(json.trend.scores).toEqual([0, 1, 2])
  })
})

describe('options', () => {
  const text = 't,s,g,x,y\n1,1,a,1,2\n2,1,b,2,1\n3,0,a,4,3\n5,1,b,3,6\n'
  const times = ['--time', 't', '--status', 's']
  it.each([
    [['ttest', '--x', 'x', '--group', 'g'], /--group has no meaning beside --x alone/],
    [['ttest', '--value', 'x', '--group', 'g', '--paired'], /beside --paired/],
    [['ttest', '--x', 'x', '--y', 'y', '--group', 'g'], /beside --x and --y/],
    [['km', ...times, '--strata', 'g'], /strata/],
    [['rmst', ...times, '--strata', 'g', '--horizon', '3'], /strata/],
    [
      ['logrank', ...times, '--group', 'g', '--weights', 'tarone-ware', '--rho', '1'],
      /--rho has no meaning beside --weights/,
    ],
    [
      ['cox', ...times, '--covariates', 'x', '--firth', '--cluster', 'g'],
      /--cluster has no meaning beside --firth/,
    ],
    [['cox', ...times, '--covariates', 'x', '--firth', '--ties', 'efron'], /--ties is one of/],
    [['cox', ...times, '--covariates', 'x', '--factors', 'g'], /--factors g is not among/],
    [['cif', '--time', 't', '--state', 'g', '--censoring', 'nobody'], /does not occur in --state/],
    [
      ['icc', '--raters', 'x,y', '--model', 'one-way', '--type', 'consistency'],
      /no meaning beside --model one-way/,
    ],
    [['describe', '--value', 'x', '--quantile-type', '10'], /quantile type 10 is not 1 to 9/],
    [['fisher', '--counts', '1,2;3,4', '--row', 'g'], /--row has no meaning beside --counts/],
  ])('that would be left out in silence are refused: %j', async (args, message) => {
    const { status, error } = await on(text, ...args)
    expect(error).toMatch(message)
    expect(status).toBe(2)
  })

  it('name the ties of Firth’s correction', async () => {
    const { json } = await on(text, 'cox', ...times, '--covariates', 'x', '--firth')
    expect(json.ties).toBe('breslow')
  })

  it('test common odds on one side without --exact as well', async () => {
    const rows = [
      ...['a,x', 'a,x', 'a,y', 'b,x', 'b,y', 'b,y', 'b,y'].map((row) => `${row},1`),
      ...['a,x', 'a,y', 'a,y', 'b,x', 'b,y', 'b,y'].map((row) => `${row},2`),
    ]
    const cmh = ['cmh', '--row', 'g', '--column', 'h', '--strata', 'z'] as const
    const data = `g,h,z\n${rows.join('\n')}\n`
    const both = (await on(data, ...cmh)).json
    const less = (await on(data, ...cmh, '--alternative', 'less')).json
    const greater = (await on(data, ...cmh, '--alternative', 'greater')).json
    expect(both.oddsRatio).toBeGreaterThan(1)
    expect(greater.p).toBeCloseTo(both.p / 2, 12)
    expect(less.p).toBeCloseTo(1 - both.p / 2, 12)
    expect(less.lower).toBe(0)
    expect(greater.upper).toBe('Infinity')
    expect(greater.lower).toBeGreaterThan(both.lower)
  })
})
