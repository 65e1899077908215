import { cohenKappa, intraclassCorrelation } from '#domain/statistics/agreement.ts'
import { chiSquareTest, goodnessOfFit, trendTest } from '#domain/statistics/chi-square.ts'
import { crossTabulate } from '#domain/statistics/contingency.ts'
import { fisherExact } from '#domain/statistics/fisher-exact.ts'
import { fisherFreemanHalton } from '#domain/statistics/fisher-freeman-halton.ts'
import { fisherMonteCarlo } from '#domain/statistics/fisher-monte-carlo.ts'
import { mantelHaenszel } from '#domain/statistics/mantel-haenszel.ts'
import { exactMantelHaenszel } from '#domain/statistics/mantel-haenszel-exact.ts'
import { bowkerTest, mcNemarTest } from '#domain/statistics/mcnemar.ts'
import { adjustPValues } from '#domain/statistics/p-adjust.ts'
import { ensure } from '#domain/statistics/problem.ts'
import { binomialTest, proportionInterval } from '#domain/statistics/proportion.ts'
import { sortedLevels } from '#domain/statistics/survival-data.ts'
import { compareProportions } from '#domain/statistics/two-proportions.ts'
import type { Verb, VerbInput } from '#domain/statistics/verbs/verb.ts'

interface CountedTable {
  table: number[][]
  rowLevels?: string[]
  columnLevels?: string[]
  missing?: number
}

type Labels = (string | number | null)[]
type Tabulate = (v: VerbInput, rows: Labels, columns: Labels) => CountedTable

const plainTable: Tabulate = (_, rows, columns) => crossTabulate(rows, columns, sortedLevels)

/** Pairs are judged on one scale: a category that one of the two never used is a row or column of zeros. */
const squareTable: Tabulate = (v, rows, columns) => {
  const weighted = v.has('weights') && v.text('weights') !== 'none'
  const levels = v.ordered([...rows, ...columns], weighted ? '--weights' : undefined)
  return crossTabulate(rows, columns, () => levels)
}

/** A trend is one over columns in their order. */
const orderedTable: Tabulate = (v, rows, columns) => {
  const plain = crossTabulate(rows, columns, sortedLevels)
  const columnLevels = v
    .ordered(columns, 'a trend')
    .filter((level) => plain.columnLevels.includes(level))
  const table = plain.table.map((row) =>
    columnLevels.map((level) => row[plain.columnLevels.indexOf(level)] as number),
  )
  return { ...plain, columnLevels, table }
}

function tableVerb(
  usage: string,
  options: string[],
  flags: string[],
  run: (v: VerbInput, table: number[][]) => object,
  tabulate: Tabulate = plainTable,
): Verb {
  return {
    usage: `--counts "19,11;22,6" | --data file.csv --row R --column C ${usage}`.trim(),
    options: ['counts', 'row', 'column', ...options],
    flags,
    required: [],
    needsData: false,
    run: (v) => {
      ensure(
        v.has('counts') || (v.has('row') && v.has('column')),
        'bad-option',
        'give --counts, or --data with --row and --column',
      )
      if (v.has('counts')) v.refuse(['row', 'column', 'levels'], '--counts')
      const source: CountedTable = v.has('counts')
        ? { table: v.table('counts') }
        : tabulate(v, v.labels('row') ?? [], v.labels('column') ?? [])
      return { ...source, ...run(v, source.table) }
    },
  }
}

export const fisher = tableVerb(
  '[--alternative two-sided|less|greater] [--level 0.95] [--simulate 100000 --seed 1]',
  ['alternative', 'level', 'simulate', 'seed'],
  [],
  (v, table) => {
    const alternative = v.choice('alternative', ['two-sided', 'less', 'greater'], 'two-sided')
    if (v.has('simulate')) {
      v.refuse(['alternative', 'level'], '--simulate')
      return fisherMonteCarlo(table, {
        seed: v.number('seed', 1),
        replicates: v.number('simulate'),
      })
    }
    if (table.length === 2 && table[0]?.length === 2)
      return fisherExact(table, { alternative, confidenceLevel: v.confidenceLevel() })
    ensure(
      alternative === 'two-sided',
      'bad-option',
      'a table larger than 2 × 2 has no one-sided test',
    )
    return { p: fisherFreemanHalton(table).p }
  },
)

export const chisq = tableVerb('[--correction]', [], ['correction'], (v, table) =>
  chiSquareTest(table, { correction: v.flag('correction') }),
)
export const trend = tableVerb(
  '[--levels low,medium,high]',
  ['levels'],
  [],
  (_, table) => trendTest(table),
  orderedTable,
)
export const mcnemar = tableVerb(
  '',
  [],
  [],
  (_, table) => (table.length > 2 ? bowkerTest(table) : mcNemarTest(table)),
  squareTable,
)

export const gof: Verb = {
  usage: '--counts 10,20,30 [--p 0.2,0.3,0.5]',
  options: ['counts', 'p'],
  required: ['counts'],
  needsData: false,
  run: (v) => goodnessOfFit(v.numbers('counts'), v.has('p') ? v.numbers('p') : undefined),
}

export const icc: Verb = {
  usage:
    '--raters A,B,C [--model two-way|one-way] [--type agreement|consistency] [--unit single|average] [--level 0.95]',
  options: ['raters', 'model', 'type', 'unit', 'level'],
  required: ['raters'],
  needsData: true,
  run: (v) => {
    const model = v.choice('model', ['two-way', 'one-way'], 'two-way')
    const type = v.choice('type', ['agreement', 'consistency'], 'agreement')
    ensure(
      model === 'two-way' || type === 'agreement',
      'bad-option',
      '--type consistency has no meaning beside --model one-way',
    )
    const columns = v.names('raters').map((name) => v.numeric(name))
    ensure(columns.length > 1, 'bad-option', '--raters names two columns at least')
    const subjects = (columns[0] as (number | null)[]).map((_, i) =>
      columns.map((column) => column[i] ?? null),
    )
    return intraclassCorrelation(subjects, {
      model,
      type,
      unit: v.choice('unit', ['single', 'average'], 'single'),
      confidenceLevel: v.confidenceLevel(),
    })
  },
}

export const kappa = tableVerb(
  '[--weights none|linear|quadratic] [--levels low,medium,high] [--level 0.95]',
  ['weights', 'levels', 'level'],
  [],
  (v, table) =>
    cohenKappa(
      table,
      v.choice('weights', ['none', 'linear', 'quadratic'], 'none'),
      v.confidenceLevel(),
    ),
  squareTable,
)

export const cmh: Verb = {
  usage:
    '--data file.csv --row R --column C --strata S [--exact] [--alternative two-sided|less|greater] [--level 0.95]',
  options: ['row', 'column', 'strata', 'alternative', 'level'],
  flags: ['exact'],
  required: ['row', 'column', 'strata'],
  needsData: true,
  run: (v) => {
    const row = v.labels('row') ?? []
    const column = v.labels('column') ?? []
    const strata = v.labels('strata') ?? []
    const whole = crossTabulate(row, column, sortedLevels)
    ensure(
      whole.rowLevels.length === 2 && whole.columnLevels.length === 2,
      'bad-table',
      'rows and columns need two labels each',
    )
    const levels = sortedLevels(strata.filter((s) => s !== null).map(String))
    const tables = levels.map((level) =>
      whole.rowLevels.map((r) =>
        whole.columnLevels.map(
          (c) =>
            row.filter(
              (x, i) =>
                String(x) === r &&
                column[i] !== null &&
                String(column[i]) === c &&
                strata[i] !== null &&
                String(strata[i]) === level,
            ).length,
        ),
      ),
    )
    const alternative = v.choice('alternative', ['two-sided', 'less', 'greater'], 'two-sided')
    return {
      ...(v.flag('exact')
        ? exactMantelHaenszel(tables, { alternative, confidenceLevel: v.confidenceLevel() })
        : mantelHaenszel(tables, v.confidenceLevel(), alternative)),
      rowLevels: whole.rowLevels,
      columnLevels: whole.columnLevels,
      strata: levels,
      missing: row.filter((x, i) => x === null || column[i] === null || strata[i] === null).length,
    }
  },
}

const methods = [
  'clopper-pearson',
  'wilson',
  'wilson-corrected',
  'wald',
  'agresti-coull',
  'jeffreys',
  'mid-p',
] as const

export const proportion: Verb = {
  usage: '--events 26 --n 30 [--null 0.5] [--level 0.95]',
  options: ['events', 'n', 'null', 'level'],
  required: ['events', 'n'],
  needsData: false,
  run: (v) => ({
    proportion: binomialTest(v.number('events'), v.number('n'), 0.5).estimate,
    binomialTest: v.has('null')
      ? {
          null: v.number('null'),
          ...binomialTest(v.number('events'), v.number('n'), v.number('null')),
        }
      : undefined,
    intervals: methods.map((method) => ({
      method,
      ...proportionInterval(v.number('events'), v.number('n'), method, v.confidenceLevel()),
    })),
  }),
}

export const proportions: Verb = {
  usage: '--events 26,20 --n 30,28 [--level 0.95]',
  options: ['events', 'n', 'level'],
  required: ['events', 'n'],
  needsData: false,
  run: (v) => {
    const events = v.numbers('events')
    const n = v.numbers('n')
    ensure(
      events.length === 2 && n.length === 2,
      'bad-option',
      '--events and --n take two numbers each',
    )
    const [k1, k2] = events as [number, number]
    const [n1, n2] = n as [number, number]
    return compareProportions(k1, n1, k2, n2, v.confidenceLevel())
  },
}

export const padjust: Verb = {
  usage: '--p 0.01,0.02,0.03 --method bonferroni|holm|hochberg|hommel|BH|BY',
  options: ['p', 'method'],
  required: ['p', 'method'],
  needsData: false,
  run: (v) => {
    const p = v.numbers('p')
    const adjusted = adjustPValues(
      p,
      v.choice('method', ['bonferroni', 'holm', 'hochberg', 'hommel', 'BH', 'BY']),
    )
    return p.map((value, i) => ({ p: value, adjusted: adjusted[i] }))
  },
}
