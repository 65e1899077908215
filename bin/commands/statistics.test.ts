import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { statistics } from '#bin/commands/statistics.ts'

const reference = join(import.meta.dirname, '..', '..', 'domain', 'statistics', 'reference')
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
    expect((await run('logrank', ...followUp, '--group', 'arm')).out).toContain('0.1603884')
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
