import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { figure } from '#bin/commands/figure.ts'
import { textFaults, xmlFault } from '#domain/analysis/figures/testing/read-svg.ts'

const root = join(import.meta.dirname, '..', '..')
const trial = join(root, 'domain/statistics/reference/data/trial.csv')
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'figure-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function run(...args: string[]) {
  let out = ''
  let error = ''
  const status = await figure(args, {
    out: (text) => {
      out += text
    },
    error: (text) => {
      error += text
    },
  })
  return { status, out, error }
}

/** Words of a shell line, quotes taken off; files of the project and files to write get their place. */
function wordsOf(line: string): string[] {
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '')
  return words.slice(2).map((word, at, all) => {
    if (all[at - 1] === '--out') return join(folder, word)
    return /\.(json|csv)$/.test(word) && !isAbsolute(word) ? join(root, word) : word
  })
}

const documentation = readFileSync(join(root, 'docs/figures.md'), 'utf8')
const examples = documentation.split('\n').filter((line) => line.startsWith('casebook figure '))

describe('docs/figures.md', () => {
  it.each(examples)('%s', async (line) => {
    const words = wordsOf(line)
    const { status, out, error } = await run(...words)
    expect(error).toBe('')
    expect(status).toBe(0)
    expect(out).not.toMatch(/NaN|undefined|\[object/)
    const file = words[words.indexOf('--out') + 1]
    if (words.includes('--out') && file) {
      const svg = readFileSync(file, 'utf8').replace(/<style>.*?<\/style>/, '')
      expect(xmlFault(svg.trim())).toBeNull()
      expect(svg).not.toMatch(/NaN|undefined/)
      expect(textFaults(svg)).toEqual([])
    }
  })

  it('has an example of every verb, and its smallest specification is one', async () => {
    const verbs = new Set(examples.map((line) => line.split(' ')[2]))
    expect(verbs).toEqual(
      new Set([
        'draw',
        'km',
        'cuminc',
        'forest',
        'visitmeans',
        'box',
        'spaghetti',
        'waterfall',
        'swimmer',
      ]),
    )
    const [, json = ''] = /```json\n([\s\S]*?)```/.exec(documentation) ?? []
    const file = join(folder, 'smallest.json')
    writeFileSync(file, json)
    const { status, out } = await run('draw', file, '--language', 'ja')
    expect(status).toBe(0)
    expect(out).toContain('全生存')
  })
})

describe('casebook figure', () => {
  it('draws the published numbers of the trial', async () => {
    const { out } = await run(
      'km',
      '--data',
      trial,
      '--time',
      'pfs_day',
      '--status',
      'pfs_event',
      '--group',
      'arm',
      '--out',
      join(folder, 'km.svg'),
    )
    expect(out).toContain('CsA: n = 28, 8 events')
    expect(out).toContain('TAC: n = 30, 4 events')
    expect(out).toContain('log-rank p = 0.16')
  })

  it('prints the numbers drawn as CSV, and a specification that draws the same', async () => {
    const words = [
      'km',
      '--data',
      trial,
      '--time',
      'os_day',
      '--status',
      'os_event',
      '--group',
      'arm',
    ]
    const table = (await run(...words, '--table')).out.split('\n')
    expect(table[0]).toBe('group,time,value,lower limit,upper limit,events,censored,at risk')
    expect(table).toContainEqual(expect.stringMatching(/^TAC,.*,0\.9666/))
    const file = join(folder, 'os.json')
    writeFileSync(file, (await run(...words, '--spec')).out)
    expect((await run('draw', file)).out).toBe((await run(...words)).out)
  })

  it('embeds fonts as data, nothing from elsewhere', async () => {
    const file = join(folder, 'ja.svg')
    await run(
      'draw',
      join(root, 'domain/analysis/figures/examples/trial-pfs.json'),
      '--language',
      'ja',
      '--embed-fonts',
      '--out',
      file,
    )
    const svg = readFileSync(file, 'utf8')
    expect(svg).toContain("font-family:'Noto Sans JP Variable'")
    expect(svg).not.toContain('Noto Sans SC Variable')
    expect(
      [...svg.matchAll(/url\(([^)]{0,20})/g)].every(([, to]) => /^(data:font|#)/.test(to ?? '')),
    ).toBe(true)
  })

  it.each([
    ['nothing', [], 2, /casebook figure draw/],
    ['an unknown verb', ['pie'], 2, /Unknown verb/],
    ['no file', ['draw'], 2, /Name one specification/],
    ['a file that is not there', ['draw', '/nowhere.json'], 2, /There is no file/],
    ['a folder', ['draw', tmpdir()], 2, /is not a file/],
    ['no data', ['km', '--time', 'a', '--status', 'b'], 2, /--data/],
    ['no column named', ['km', '--data', trial], 2, /Missing: --time, --status/],
    [
      'a column that is not there',
      ['km', '--data', trial, '--time', 'x', '--status', 'pfs_event'],
      2,
      /unknown-column: there is no column "x"/,
    ],
    [
      'text for a time',
      ['km', '--data', trial, '--time', 'arm', '--status', 'pfs_event'],
      2,
      /not a number/,
    ],
    [
      'a status of many values',
      ['km', '--data', trial, '--time', 'pfs_day', '--status', 'age'],
      2,
      /--event/,
    ],
    [
      'an unknown option',
      ['km', '--data', trial, '--time', 'pfs_day', '--status', 'pfs_event', '--colour', 'red'],
      2,
      /colour/,
    ],
    [
      'an unknown language',
      ['draw', join(root, 'domain/analysis/figures/examples/trial-pfs.json'), '--language', 'de'],
      2,
      /en, ja, zh/,
    ],
    [
      'a width of nothing',
      ['draw', join(root, 'domain/analysis/figures/examples/trial-pfs.json'), '--width', 'x'],
      2,
      /--width/,
    ],
    [
      'a place that cannot be written',
      [
        'draw',
        join(root, 'domain/analysis/figures/examples/trial-pfs.json'),
        '--out',
        '/nowhere/x.svg',
      ],
      2,
      /cannot be written \(ENOENT\)/,
    ],
    [
      'a unit of time that is none',
      ['km', '--data', trial, '--time', 'pfs_day', '--status', 'pfs_event', '--unit', 'fortnight'],
      2,
      /--unit is one of/,
    ],
    [
      'division by zero',
      ['km', '--data', trial, '--time', 'pfs_day', '--status', 'pfs_event', '--per-unit', '0'],
      2,
      /must be positive/,
    ],
    [
      'a baseline that is no visit',
      [
        'visitmeans',
        '--data',
        trial,
        '--subject',
        'id',
        '--value',
        'age',
        '--visit',
        'iim',
        '--baseline',
        'W0',
      ],
      2,
      /is no visit/,
    ],
  ])('%s: a reason and status 2', async (_, args, status, message) => {
    const result = await run(...args)
    expect(result.status).toBe(status)
    expect(result.out + result.error).toMatch(message)
    expect(result.out).not.toContain('<svg')
  })

  it.each([
    ['negative times', 'time,status\n-1,1\n2,0\n', /negative-time/],
    ['not JSON', '{', /not-json/],
    ['ragged rows', 'time,status\n1\n', /bad-case/],
    ['a header only', 'time,status\n', /empty-sample|bad-case/],
    ['an endless time', 'time,status\nInf,1\n2,0\n', /not-finite|not a number|bad-spec/],
  ])('%s', async (_, text, message) => {
    const file = join(folder, 'bad.csv')
    writeFileSync(file, text)
    const words =
      text === '{' ? ['draw', file] : ['km', '--data', file, '--time', 'time', '--status', 'status']
    const result = await run(...words)
    expect(result.status).toBe(2)
    expect(result.error).toMatch(message)
  })

  it('keeps hostile names of columns and groups as text', async () => {
    const file = join(folder, 'hostile.csv')
    writeFileSync(
      file,
      'time,status,group\n1,1,<script>alert(1)</script>\n2,0,"a & b"\n3,1,"a & b"\n',
    )
    const svg = join(folder, 'hostile.svg')
    expect(
      (
        await run(
          'km',
          '--data',
          file,
          '--time',
          'time',
          '--status',
          'status',
          '--group',
          'group',
          '--out',
          svg,
        )
      ).status,
    ).toBe(0)
    expect(existsSync(svg)).toBe(true)
    expect(readFileSync(svg, 'utf8')).not.toContain('<script')
    expect(xmlFault(readFileSync(svg, 'utf8').trim())).toBeNull()
  })

  it('says that a test cannot be done where nobody had an event', async () => {
    const file = join(folder, 'censored.csv')
    writeFileSync(file, 'time,status,group\n1,0,a\n2,0,b\n')
    const { status, out } = await run(
      'km',
      '--data',
      file,
      '--time',
      'time',
      '--status',
      'status',
      '--group',
      'group',
      '--out',
      join(folder, 'c.svg'),
    )
    expect(status).toBe(0)
    expect(out).toContain('log-rank p NA')
  })
})
