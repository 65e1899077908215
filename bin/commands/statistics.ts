import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { StatisticsProblem } from '#domain/statistics/problem.ts'
import { parseReferenceFile } from '#domain/statistics/reference/case-format.ts'
import { type DataSet, parseCsv } from '#domain/statistics/reference/columns.ts'
import { verificationText, verifyCases } from '#domain/statistics/reference/verify.ts'
import { guides, guideText } from '#domain/statistics/verbs/guides.ts'
import { resultText } from '#domain/statistics/verbs/result-text.ts'
import type { VerbOptions } from '#domain/statistics/verbs/verb.ts'
import { runVerb, verbs } from '#domain/statistics/verbs/verbs.ts'
import { type Say, streams } from './say.ts'

class BadUse extends Error {}

function usage(): string {
  const width = Math.max(...Object.keys(verbs).map((name) => name.length)) + 2
  return [
    'casebook statistics verify <file.json> [--tolerance 1e-9] [--json]',
    '    recomputes reference cases; data sets are read from data/ beside the folder of the file',
    'casebook statistics <verb> [--data file.csv] [options] [--json | --table]',
    ...Object.entries(verbs).map(([name, verb]) => `    ${name.padEnd(width)}${verb.usage}`),
    'casebook statistics <verb> --help prints shapes, units, missing values, definition and an example of one verb.',
    'Exit status: 0 computed or all passed, 1 a difference or data that cannot be analysed, 2 bad use.',
  ].join('\n')
}

function readText(path: string): string {
  if (!existsSync(path) || !statSync(path).isFile()) throw new BadUse(`There is no file ${path}.`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))
  } catch {
    // Read as UTF-8 all the same, two labels could become one.
    throw new BadUse(`${path} is not UTF-8 text.`)
  }
}

/** JSON in which ±Infinity is text, as in the reference cases. */
function toJson(value: unknown): string {
  const plain = (_: string, v: unknown): unknown => {
    if (typeof v === 'number' && !Number.isFinite(v)) return Number.isNaN(v) ? null : String(v)
    return ArrayBuffer.isView(v) ? Array.from(v as Float64Array) : v
  }
  return JSON.stringify(value, plain, 2)
}

function verify(words: string[], say: Say): number {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: { tolerance: { type: 'string' }, json: { type: 'boolean' } },
  })
  if (positionals.length === 0) throw new BadUse('Name a file of reference cases.')
  const tolerance = values.tolerance === undefined ? undefined : Number(values.tolerance)
  if (tolerance !== undefined && !(tolerance > 0))
    throw new BadUse(`--tolerance ${values.tolerance} is not a positive number.`)
  const reports = positionals.flatMap((name) => {
    const file = resolve(name)
    let json: unknown
    try {
      json = JSON.parse(readText(file))
    } catch (error) {
      if (error instanceof BadUse) throw error
      throw new BadUse(`${name} is not JSON.`)
    }
    const folders = [join(dirname(dirname(file)), 'data'), join(dirname(file), 'data')]
    const loaded = new Map<string, DataSet>()
    const load = (set: string): DataSet => {
      const known = loaded.get(set)
      if (known) return known
      // A data set is named, never a path: a reference file must not read elsewhere.
      const path = folders
        .map((folder) => join(folder, `${basename(set)}.csv`))
        .find((candidate) => existsSync(candidate))
      if (!path || basename(set) !== set)
        throw new StatisticsProblem('bad-case', `there is no data set "${set}"`)
      const data = parseCsv(readFileSync(path, 'utf8'))
      loaded.set(set, data)
      return data
    }
    return verifyCases(parseReferenceFile(json), load, { tolerance })
  })
  say.out(values.json ? toJson(reports) : verificationText(reports))
  return reports.every((r) => r.passed) ? 0 : 1
}

function compute(name: string, words: string[], say: Say): number {
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined
  if (!verb) throw new BadUse(`Unknown verb "${name}".\n${usage()}`)
  const { values } = parseArgs({
    args: words,
    options: {
      data: { type: 'string' },
      json: { type: 'boolean' },
      table: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
      ...Object.fromEntries(verb.options.map((option) => [option, { type: 'string' as const }])),
      ...Object.fromEntries((verb.flags ?? []).map((flag) => [flag, { type: 'boolean' as const }])),
    },
  })
  const { data, json, table, help, ...options } = values as {
    help?: boolean
    data?: string
    json?: boolean
    table?: boolean
  } & VerbOptions
  const guide = guides[name]
  if (help && guide) {
    say.out(guideText(name, verb, guide))
    return 0
  }
  if (json && table) throw new BadUse('Choose --json or --table.')
  if (verb.needsData && !data)
    throw new BadUse(`Name the data with --data file.csv.\n    ${name}  ${verb.usage}`)
  const set = data ? parseCsv(readText(resolve(data))) : null
  const missing = verb.required.filter((option) => options[option] === undefined)
  if (missing.length > 0)
    throw new BadUse(
      `Missing: ${missing.map((o) => `--${o}`).join(', ')}.\n    ${name}  ${verb.usage}`,
    )
  const result = runVerb(verb, set, options)
  say.out(json ? toJson(result) : resultText(result))
  return 0
}

/**
 * `casebook statistics`: verifies reference cases or runs one procedure on a CSV file. Exit status 0, 1 (a difference,
 * or data that a procedure refuses, named), 2 (bad use).
 */
export async function statistics(args: string[], say: Say = streams): Promise<number> {
  const [verb, ...rest] = args
  if (verb === 'help' && rest[0] !== undefined) return statistics([rest[0], '--help'], say)
  if (verb === undefined || verb === 'help' || verb === '--help' || verb === '-h') {
    say.out(usage())
    return verb === undefined ? 2 : 0
  }
  if (verb === 'verify' && rest.includes('--help')) {
    say.out(usage())
    return 0
  }
  try {
    return verb === 'verify' ? verify(rest, say) : compute(verb, rest, say)
  } catch (error) {
    if (error instanceof StatisticsProblem) {
      say.error(`${error.code}: ${error.message}`)
      return ['unknown-column', 'bad-option', 'bad-case', 'unknown-procedure'].includes(error.code)
        ? 2
        : 1
    }
    if (
      error instanceof BadUse ||
      (error instanceof TypeError &&
        'code' in error &&
        String(error.code).startsWith('ERR_PARSE_ARGS'))
    ) {
      say.error(error.message)
      return 2
    }
    throw error
  }
}
