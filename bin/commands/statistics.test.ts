import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { statistics } from '#bin/commands/statistics.ts'
import { procedures } from '#domain/statistics/reference/procedures.ts'
import { guides, proceduresTable } from '#domain/statistics/verbs/guides.ts'
import { verbs } from '#domain/statistics/verbs/verbs.ts'

const root = join(import.meta.dirname, '..', '..')
const reference = join(root, 'domain', 'statistics', 'reference')
const trial = join(reference, 'data', 'trial.csv')

async function run(...args: string[]) {
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

const followUp = ['--data', trial, '--time', 'pfs_day', '--status', 'pfs_event']
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'statistics-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('casebook statistics', () => {
  it('verifies reference cases and says how many passed', async () => {
    const result = await run('verify', join(reference, 'cases', 'trial.json'))
    expect(result.out).toMatch(/^33 passed, 0 failed$/)
    expect(result.status).toBe(0)
  })

  it('reports each difference and ends with 1', async () => {
    const file = join(folder, 'wrong.json')
    writeFileSync(
      file,
      JSON.stringify({
        cases: [
          {
            id: 'wrong',
            procedure: 'fisher_2x2',
            data: {
              matrix: [
                [3, 0],
                [0, 3],
              ],
            },
            options: [],
            expected: { p: 0.11 },
            rel_tol: 1e-9,
          },
        ],
      }),
    )
    const result = await run('verify', file)
    expect(result.out).toContain('p: expected 0.11, computed 0.1')
    expect(result.out).toMatch(/0 passed, 1 failed$/)
    expect(result.status).toBe(1)
  })

  it('reads no data set from outside its folder', async () => {
    const file = join(folder, 'outside.json')
    writeFileSync(
      file,
      JSON.stringify({
        cases: [
          {
            id: 'o',
            procedure: 'logrank',
            data: { dataset: '../../secret', time: 't', event: 'e', group: 'g' },
            expected: { p: 1 },
            rel_tol: 1e-9,
          },
        ],
      }),
    )
    expect((await run('verify', file)).out).toContain('there is no data set')
  })

  it('computes the log-rank test of the trial', async () => {
    const result = await run('logrank', ...followUp, '--group', 'arm', '--json')
    expect(JSON.parse(result.out).p).toBeCloseTo(0.160388421001455, 12)
    const text = (await run('logrank', ...followUp, '--group', 'arm', '--table')).out
    expect(text).toMatch(/^p +0\.16$/m)
    expect(text).toMatch(/^chi-square +1\.97056$/m)
  })

  it.each([
    [
      [
        'km',
        ...followUp,
        '--group',
        'arm',
        '--times',
        '91,182,364',
        '--limits',
        'log-log',
        '--quantiles',
        '0.25',
      ],
    ],
    [['rmst', ...followUp, '--group', 'arm', '--horizon', '364']],
    [['cox', ...followUp, '--covariates', 'arm=CsA,age', '--zph', 'km']],
    [['cox', ...followUp, '--covariates', 'arm', '--firth']],
    [['fisher', '--data', trial, '--row', 'arm', '--column', 'female']],
    [['fisher', '--counts', '6,10,14;4,13,11']],
    [['chisq', '--counts', '6,10,14;4,13,11']],
    [['trend', '--counts', '6,10,14;4,13,11']],
    [['mcnemar', '--counts', '20,5;15,60']],
    [['cmh', '--data', trial, '--row', 'arm', '--column', 'female', '--strata', 'iim']],
    [['kappa', '--counts', '20,5;10,15', '--weights', 'linear']],
    [['proportion', '--events', '26', '--n', '30']],
    [['proportions', '--events', '26,20', '--n', '30,28']],
    [['padjust', '--p', '0.01,0.02', '--method', 'holm']],
    [['samplesize', '--rates', '0.65,0.35', '--alpha', '0.2', '--power', '0.8']],
    [
      [
        'samplesize',
        '--hazard-ratio',
        '0.5',
        '--survival',
        '0.5,0.7',
        '--alpha',
        '0.2',
        '--power',
        '0.8',
      ],
    ],
    [['describe', '--data', trial, '--value', 'age', '--group', 'arm']],
    [['ttest', '--data', trial, '--value', 'age', '--group', 'arm', '--kind', 'student']],
    [
      [
        'mannwhitney',
        '--data',
        trial,
        '--value',
        'age',
        '--group',
        'arm',
        '--no-correction',
        '--method',
        'normal',
      ],
    ],
    [['signedrank', '--data', trial, '--x', 'd_fvc_pct_52wk']],
    [['kruskal', '--data', trial, '--value', 'age', '--group', 'iim']],
    [['anova', '--data', trial, '--value', 'age', '--group', 'iim']],
    [['shapiro', '--data', trial, '--value', 'age']],
    [['correlation', '--data', trial, '--x', 'age', '--y', 'ferritin']],
    [
      [
        'cif',
        '--data',
        trial,
        '--time',
        'pfs_day',
        '--state',
        'pfs_event',
        '--censoring',
        '0',
        '--group',
        'arm',
        '--times',
        '91',
      ],
    ],
  ])('runs %j as text and as JSON without NaN', async (args) => {
    const text = await run(...args)
    expect(text.error).toBe('')
    expect(text.status).toBe(0)
    expect(text.out).not.toMatch(/NaN|undefined|\[object/)
    const json = await run(...args, '--json')
    expect(() => JSON.parse(json.out)).not.toThrow()
  })

  it.each(Object.keys(verbs))('documents %s with an example that runs', async (name) => {
    const guide = guides[name]
    expect(guide).toBeDefined()
    if (!guide) return
    const help = await run(name, '--help')
    expect(help.status).toBe(0)
    for (const part of [guide.input, guide.missing, guide.reference, guide.r, guide.example])
      expect(help.out).toContain(part)
    expect(await run('help', name)).toEqual(help)
    const words = (guide.example.match(/"[^"]*"|\S+/g) ?? []).map((word) => {
      const bare = word.replace(/^"(.*)"$/, '$1')
      return bare.endsWith('.csv') ? join(root, bare) : bare
    })
    const text = await run(name, ...words)
    expect(text.error).toBe('')
    expect(text.out).toContain(guide.shows)
    expect(text.out).not.toMatch(/NaN|undefined|\[object/)
    const json = await run(name, ...words, '--json')
    expect(JSON.stringify(JSON.parse(json.out))).not.toMatch(/NaN/)
  })

  it('keeps the page of the procedures as the verbs are', async () => {
    const page = readFileSync(join(root, 'docs', 'statistics.md'), 'utf8')
    expect(page).toContain(proceduresTable(verbs))
    for (const procedure of Object.keys(procedures)) expect(page).toContain(`\`${procedure}\``)
  })

  it('names every statistic in a table and prints p-values by the rule', async () => {
    const described = (await run('describe', '--data', trial, '--value', 'age', '--table')).out
    expect(described).toMatch(/^SD +11\.9/m)
    expect(described).toMatch(/^SE +1\.57/m)
    expect((await run('fisher', '--counts', '200,3;5,180')).out).toMatch(/^p +< 0\.001$/m)
    expect((await run('fisher', '--counts', '5,5;5,5')).out).toMatch(/^p +> 0\.99$/m)
    expect((await run('proportions', '--events', '0,0', '--n', '5,6')).out).toMatch(
      /^risk ratio +-$/m,
    )
  })

  it('ends with 2 and a sentence on files and columns that are not there', async () => {
    const bad: string[][] = [
      ['describe', '--data', folder, '--value', 'age'],
      ['describe', '--data', join(folder, 'no.csv'), '--value', 'age'],
      ['describe', '--data', trial, '--value', 'arm'],
      ['describe', '--data', trial, '--value', 'nothing'],
      ['describe', '--data', trial, '--value', 'age', '--level', 'high'],
      ['describe', '--data', trial, '--value', 'age', '--level', '2'],
      ['samplesize', '--rates', '0.6', '--alpha', '0.2', '--power', '0.8'],
      ['samplesize', '--rates', '0.6,0.3', '--alpha', '0.2', '--power', '0.8', '--sided', '3'],
      ['fisher', '--counts', 'a,b;c,d'],
      ['ttest', '--data', trial, '--value', 'age'],
      ['constructor'],
    ]
    for (const args of bad) {
      const result = await run(...args)
      expect([args.join(' '), result.status]).toEqual([args.join(' '), 2])
      expect(result.error).toMatch(/\w+ \w+/)
      expect(result.out).toBe('')
    }
  })

  it('counts a case that it cannot read or compute as failed, never more', async () => {
    const file = join(folder, 'mixed.json')
    const good = {
      id: 'good',
      procedure: 'fisher_2x2',
      data: {
        matrix: [
          [3, 0],
          [0, 3],
        ],
      },
      options: [],
      expected: { p: 0.1, odds_ratio_cmle: 'Infinity' },
      rel_tol: 1e-9,
    }
    const cases = [
      good,
      { ...good, id: 'r names', expected: { 'p.value': 0.1, conf_int: undefined } },
      { ...good, id: 'unknown', procedure: 'constructor' },
      { ...good, id: 'empty', expected: [] },
      { ...good, id: 'no data', data: [] },
      { ...good, id: 'strange', data: { matrix: 'x' } },
      { id: 7 },
      null,
      {
        ...good,
        id: 'option',
        procedure: 'chisq_test',
        options: { lambda: 2 },
        expected: { p: 0.5 },
      },
    ]
    writeFileSync(file, JSON.stringify({ n_cases: cases.length, cases }))
    const result = await run('verify', file)
    expect(result.status).toBe(1)
    expect(result.out).toMatch(/2 passed, 7 failed$/)
    expect(result.out).toContain('the procedure has no option "lambda"')
    expect(result.out).toContain('unknown procedure "constructor"')
  })

  it('ends with 2 on bad use and with 1 on data that cannot be analysed', async () => {
    expect((await run()).status).toBe(2)
    expect((await run('--help')).status).toBe(0)
    expect((await run('horoscope')).status).toBe(2)
    expect((await run('verify')).status).toBe(2)
    expect((await run('verify', join(folder, 'none.json'))).status).toBe(2)
    expect((await run('km', '--time', 'pfs_day', '--status', 'pfs_event')).status).toBe(2)
    expect((await run('km', ...followUp, '--bogus', '1')).status).toBe(2)
    expect((await run('km', ...followUp, '--limits', 'wide')).status).toBe(2)
    expect(await run('logrank', ...followUp, '--group', 'nobody')).toMatchObject({
      status: 2,
      error: expect.stringContaining('unknown-column'),
    })
    const file = join(folder, 'flat.csv')
    writeFileSync(file, 't,e,g\n1,0,a\n2,0,b\n')
    expect(
      await run('logrank', '--data', file, '--time', 't', '--status', 'e', '--group', 'g'),
    ).toMatchObject({ status: 1, error: expect.stringContaining('no-events') })
  })
})
