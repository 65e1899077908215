import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { cuminc, forest, km } from '#bin/commands/figure-curves.ts'
import { box, spaghetti, swimmer, visitmeans, waterfall } from '#bin/commands/figure-values.ts'
import type { FigureVerb } from '#bin/commands/figure-verb.ts'
import { FigureProblem } from '#domain/analysis/figures/figure-problem.ts'
import { type FigureSpec, parseFigureSpec } from '#domain/analysis/figures/figure-spec.ts'
import { type DrawOptions, renderFigure } from '#domain/analysis/figures/render-figure.ts'
import { csvLine } from '#domain/analysis/take-away.ts'
import { type Language, languages } from '#domain/definition/definition.ts'
import { StatisticsProblem } from '#domain/statistics/problem.ts'
import { parseCsv } from '#domain/statistics/reference/columns.ts'
import { VerbInput, type VerbOptions } from '#domain/statistics/verbs/verb.ts'
import { figureFonts } from '#server/report/figure-fonts.ts'
import { type Say, streams } from './say.ts'

class BadUse extends Error {}

const figureVerbs: Readonly<Record<string, FigureVerb>> = {
  km,
  cuminc,
  forest,
  visitmeans,
  box,
  swimmer,
  waterfall,
  spaghetti,
}

const drawing = {
  out: { type: 'string' },
  language: { type: 'string' },
  width: { type: 'string' },
  'embed-fonts': { type: 'boolean' },
  'black-and-white': { type: 'boolean' },
  table: { type: 'boolean' },
  spec: { type: 'boolean' },
} as const
const drawingUsage =
  '[--out file.svg] [--language en|ja|zh] [--width 760] [--embed-fonts] [--black-and-white] [--table | --spec]'

function usage(): string {
  return [
    `casebook figure draw <spec.json> ${drawingUsage}`,
    'casebook figure <verb> --data file.csv [--title "..."] [--labels "code=name;code=name"] [options] [as for draw]',
    ...Object.entries(figureVerbs).map(([name, verb]) => `    ${name.padEnd(11)}${verb.usage}`),
    'Without --out the SVG goes to standard output; --table prints the numbers drawn as CSV, --spec the specification as JSON.',
    'Exit status: 0 drawn, 2 bad use, or data or a specification that cannot be drawn (named).',
  ].join('\n')
}

function readText(path: string): string {
  const file = resolve(path)
  if (!existsSync(file)) throw new BadUse(`There is no file ${path}.`)
  if (!statSync(file).isFile()) throw new BadUse(`${path} is not a file.`)
  return readFileSync(file, 'utf8')
}

function specFromFile(path: string): FigureSpec {
  let input: unknown
  const text = readText(path)
  try {
    input = JSON.parse(text)
  } catch {
    throw new FigureProblem('not-json', `${path} is not JSON`)
  }
  return parseFigureSpec(input)
}

function specFromData(
  verb: FigureVerb,
  name: string,
  options: VerbOptions & { data?: string },
): FigureSpec {
  if (!options.data)
    throw new BadUse(`Name the data with --data file.csv.\n    ${name}  ${verb.usage}`)
  const missing = verb.required.filter((option) => options[option] === undefined)
  if (missing.length > 0)
    throw new BadUse(
      `Missing: ${missing.map((option) => `--${option}`).join(', ')}.\n    ${name}  ${verb.usage}`,
    )
  return parseFigureSpec(verb.spec(new VerbInput(parseCsv(readText(options.data)), options)))
}

type Drawing = {
  out?: string
  language?: string
  width?: string
  'embed-fonts'?: boolean
  'black-and-white'?: boolean
  table?: boolean
  spec?: boolean
}

function optionsOf(values: Drawing): DrawOptions & { language: Language } {
  const language = languages.find((one) => one === (values.language ?? 'en'))
  if (!language) throw new BadUse(`--language is one of ${languages.join(', ')}.`)
  const width = values.width === undefined ? undefined : Number(values.width)
  if (width !== undefined && !(width >= 320 && width <= 2400))
    throw new BadUse('--width lies between 320 and 2400.')
  return { language, width, theme: 'file', blackAndWhite: values['black-and-white'] ?? false }
}

function finish(spec: FigureSpec, values: Drawing, say: Say): number {
  if (values.table && values.spec) throw new BadUse('Choose --table or --spec.')
  const options = optionsOf(values)
  let drawn = renderFigure(spec, options)
  if (values['embed-fonts'])
    drawn = renderFigure(spec, { ...options, fonts: figureFonts(drawn.svg, options.language) })
  if (values.out !== undefined) {
    try {
      writeFileSync(resolve(values.out), `${drawn.svg}\n`)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
      throw new BadUse(`${values.out} cannot be written (${code}).`)
    }
  }
  if (values.spec) say.out(JSON.stringify(spec, null, 2))
  else if (values.table) {
    const lines = [drawn.table.columns.map((column) => column.label), ...drawn.table.rows]
    say.out(lines.map(csvLine).join('\n'))
  } else say.out(values.out === undefined ? drawn.svg : drawn.textAlternative)
  return 0
}

function run(verb: string, words: string[], say: Say): number {
  if (verb === 'draw') {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: drawing,
    })
    const [file, ...others] = positionals
    if (file === undefined || others.length > 0)
      throw new BadUse('Name one specification: casebook figure draw <spec.json>.')
    return finish(specFromFile(file), values, say)
  }
  const own = Object.hasOwn(figureVerbs, verb) ? figureVerbs[verb] : undefined
  if (!own) throw new BadUse(`Unknown verb "${verb}".\n${usage()}`)
  const { values } = parseArgs({
    args: words,
    options: {
      ...drawing,
      data: { type: 'string' },
      title: { type: 'string' },
      labels: { type: 'string' },
      ...Object.fromEntries(own.options.map((option) => [option, { type: 'string' as const }])),
      ...Object.fromEntries((own.flags ?? []).map((flag) => [flag, { type: 'boolean' as const }])),
    },
  })
  return finish(
    specFromData(own, verb, values as VerbOptions & { data?: string }),
    values as Drawing,
    say,
  )
}

/**
 * `casebook figure`: draws a specification, or a figure from a CSV file. Exit status 0, or 2 when the use, the data or the
 * specification do not allow a figure; the reason is named on standard error.
 */
export async function figure(args: string[], say: Say = streams): Promise<number> {
  const [verb, ...rest] = args
  if (verb === undefined || verb === 'help' || verb === '--help') {
    say.out(usage())
    return verb === undefined ? 2 : 0
  }
  try {
    return run(verb, rest, say)
  } catch (error) {
    if (error instanceof StatisticsProblem || error instanceof FigureProblem) {
      say.error(`${error.code}: ${error.message}`)
      return 2
    }
    const isParse =
      error instanceof TypeError &&
      'code' in error &&
      String(error.code).startsWith('ERR_PARSE_ARGS')
    if (error instanceof BadUse || isParse) {
      say.error((error as Error).message)
      return 2
    }
    throw error
  }
}
