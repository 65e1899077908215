import { cohenKappa } from '#domain/statistics/agreement.ts'
import { chiSquareTest, trendTest } from '#domain/statistics/chi-square.ts'
import { crossTabulate } from '#domain/statistics/contingency.ts'
import { fisherExact } from '#domain/statistics/fisher-exact.ts'
import { fisherFreemanHalton } from '#domain/statistics/fisher-freeman-halton.ts'
import { mantelHaenszel } from '#domain/statistics/mantel-haenszel.ts'
import { mcNemarTest } from '#domain/statistics/mcnemar.ts'
import { adjustPValues } from '#domain/statistics/p-adjust.ts'
import { ensure } from '#domain/statistics/problem.ts'
import { proportionInterval } from '#domain/statistics/proportion.ts'
import { sampleSizeLogRank, sampleSizeTwoProportions } from '#domain/statistics/sample-size.ts'
import { sortedLevels } from '#domain/statistics/survival-data.ts'
import { compareProportions } from '#domain/statistics/two-proportions.ts'
import type { Verb, VerbInput } from '#domain/statistics/verbs/verb.ts'

/** `--counts "19,11;22,6"`, or columns --row and --column of the data. */
function tableOf(v: VerbInput): {
  table: number[][]
  rowLevels?: string[]
  columnLevels?: string[]
  missing?: number
} {
  if (v.has('counts'))
    return {
      table: v
        .text('counts')
        .split(';')
        .map((row) => row.split(',').map(Number)),
    }
  return crossTabulate(v.labels('row') ?? [], v.labels('column') ?? [], sortedLevels)
}

function tableVerb(
  usage: string,
  options: string[],
  flags: string[],
  run: (v: VerbInput, table: number[][]) => object,
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
      const source = tableOf(v)
      return { ...source, ...run(v, source.table) }
    },
  }
}

export const fisher = tableVerb(
  '[--alternative two-sided|less|greater] [--level 0.95]',
  ['alternative', 'level'],
  [],
  (v, table) => {
    const alternative = v.choice('alternative', ['two-sided', 'less', 'greater'], 'two-sided')
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
export const trend = tableVerb('', [], [], (_, table) => trendTest(table))
export const mcnemar = tableVerb('', [], [], (_, table) => mcNemarTest(table))

export const kappa = tableVerb(
  '[--weights none|linear|quadratic] [--level 0.95]',
  ['weights', 'level'],
  [],
  (v, table) =>
    cohenKappa(
      table,
      v.choice('weights', ['none', 'linear', 'quadratic'], 'none'),
      v.confidenceLevel(),
    ),
)

export const cmh: Verb = {
  usage: '--data file.csv --row R --column C --strata S [--level 0.95]',
  options: ['row', 'column', 'strata', 'level'],
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
    return {
      ...mantelHaenszel(tables, v.confidenceLevel()),
      rowLevels: whole.rowLevels,
      columnLevels: whole.columnLevels,
      strata: levels,
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
  usage: '--events 26 --n 30 [--level 0.95]',
  options: ['events', 'n', 'level'],
  required: ['events', 'n'],
  needsData: false,
  run: (v) => ({
    proportion: v.number('events') / v.number('n'),
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

export const samplesize: Verb = {
  usage:
    '--rates 0.65,0.35 | --hazard-ratio 0.5 [--survival 0.5,0.7]  --alpha 0.2 --power 0.8 [--sided 2] [--ratio 1]',
  options: ['rates', 'hazard-ratio', 'survival', 'alpha', 'power', 'sided', 'ratio'],
  required: ['alpha', 'power'],
  needsData: false,
  run: (v) => {
    const design = {
      alpha: v.number('alpha'),
      power: v.number('power'),
      sided: v.number('sided', 2) as 1 | 2,
      ratio: v.number('ratio', 1),
    }
    if (v.has('rates')) {
      const [p1 = Number.NaN, p2 = Number.NaN] = v.numbers('rates')
      const all = ['unpooled', 'pooled', 'unpooled-corrected', 'fleiss', 'arcsine'] as const
      return all.map((method) => {
        const { perGroup, n } = sampleSizeTwoProportions(p1, p2, method, design)
        return { method, perGroup, n1: n[0], n2: n[1] }
      })
    }
    const survival = v.has('survival') ? (v.numbers('survival') as [number, number]) : undefined
    const hazardRatio = v.number('hazard-ratio')
    return (['schoenfeld', 'freedman'] as const).map((method) => ({
      method,
      ...sampleSizeLogRank({ ...design, hazardRatio, survival }, method),
    }))
  },
}
