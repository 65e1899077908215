import {
  kendallCorrelation,
  pearsonCorrelation,
  spearmanCorrelation,
} from '#domain/statistics/correlation.ts'
import { type QuantileType, quantiles, summarize } from '#domain/statistics/descriptive.ts'
import { kruskalWallis, oneWayAnova } from '#domain/statistics/k-samples.ts'
import { hodgesLehmann, mannWhitney } from '#domain/statistics/mann-whitney.ts'
import { groupedSample } from '#domain/statistics/samples.ts'
import { shapiroWilk } from '#domain/statistics/shapiro-wilk.ts'
import { pseudoMedian, signedRank } from '#domain/statistics/signed-rank.ts'
import { sortedLevels } from '#domain/statistics/survival-data.ts'
import { oneSampleTTest, pairedTTest, tTest } from '#domain/statistics/t-test.ts'
import type { Verb, VerbInput } from '#domain/statistics/verbs/verb.ts'

const alternatives = ['two-sided', 'less', 'greater'] as const
const rankMethods = ['auto', 'exact', 'normal'] as const

export const describe: Verb = {
  usage: '--value X [--group G] [--quantiles 0.1,0.9] [--quantile-type 7] [--level 0.95]',
  options: ['value', 'group', 'quantiles', 'quantile-type', 'level'],
  required: ['value'],
  needsData: true,
  run: (v) => {
    const options = {
      quantileType: v.number('quantile-type', 7) as QuantileType,
      confidenceLevel: v.confidenceLevel(),
    }
    const probabilities = v.has('quantiles') ? v.numbers('quantiles') : []
    const of = (values: (number | null)[]) => ({
      ...summarize(values, options),
      ...Object.fromEntries(
        quantiles(values, probabilities, options.quantileType).map((q, i) => [
          `quantile ${probabilities[i]}`,
          q,
        ]),
      ),
    })
    const labels = v.labels('group')
    const values = v.values('value')
    if (!labels) return of(values)
    const { levels } = groupedSample(values, labels)
    return sortedLevels(levels).map((group) => ({
      group,
      ...of(values.filter((_, i) => labels[i] !== null && String(labels[i]) === group)),
    }))
  },
}

export const ttest: Verb = {
  usage:
    '--value X --group G | --x A [--y B [--paired]] [--kind welch|student] [--mu 0] [--alternative two-sided|less|greater] [--level 0.95]',
  options: ['value', 'group', 'x', 'y', 'kind', 'mu', 'alternative', 'level'],
  flags: ['paired'],
  required: [],
  needsData: true,
  run: (v) => {
    const options = {
      mu: v.number('mu', 0),
      alternative: v.choice('alternative', alternatives, 'two-sided'),
      confidenceLevel: v.confidenceLevel(),
    }
    if (v.flag('paired')) v.refuse(['value', 'group', 'kind'], '--paired')
    if (v.has('x') && !v.has('y')) {
      v.refuse(['value', 'group', 'kind', 'paired'], '--x alone')
      return oneSampleTTest(v.values('x'), options)
    }
    const { names, x, y } = v.twoSamples()
    return {
      samples: names,
      ...(v.flag('paired')
        ? pairedTTest(x, y, options)
        : tTest(x, y, v.choice('kind', ['welch', 'student'], 'welch'), options)),
    }
  },
}

export const mannwhitney: Verb = {
  usage:
    '--value X --group G | --x A --y B [--method auto|exact|normal] [--no-correction] [--alternative two-sided|less|greater] [--level 0.95]',
  options: ['value', 'group', 'x', 'y', 'method', 'alternative', 'level'],
  flags: ['no-correction'],
  required: [],
  needsData: true,
  run: (v) => {
    const { names, x, y } = v.twoSamples()
    const method = v.choice('method', rankMethods, 'auto')
    const options = {
      method,
      correction: !v.flag('no-correction'),
      alternative: v.choice('alternative', alternatives, 'two-sided'),
    }
    const test = mannWhitney(x, y, options)
    // Exact limits are those of samples without ties; an exact test with ties has normal ones beside it.
    const shift = { ...options, method: method === 'exact' && test.ties ? 'auto' : method } as const
    return {
      samples: names,
      ...test,
      hodgesLehmann: hodgesLehmann(x, y, { ...shift, confidenceLevel: v.confidenceLevel() }),
    }
  },
}

export const signedrank: Verb = {
  usage:
    '--x A [--y B] [--method auto|exact|normal] [--zeros drop|pratt] [--no-correction] [--alternative two-sided|less|greater] [--level 0.95]',
  options: ['x', 'y', 'method', 'zeros', 'alternative', 'level'],
  flags: ['no-correction'],
  required: ['x'],
  needsData: true,
  run: (v) => {
    const y = v.has('y') ? v.values('y') : undefined
    const method = v.choice('method', rankMethods, 'auto')
    const options = {
      correction: !v.flag('no-correction'),
      alternative: v.choice('alternative', alternatives, 'two-sided'),
    }
    const test = signedRank(v.values('x'), y, {
      ...options,
      method,
      zeros: v.choice('zeros', ['drop', 'pratt'], 'drop'),
    })
    const shift = { ...options, method: method === 'exact' && test.ties ? 'auto' : method } as const
    return {
      ...test,
      pseudoMedian: pseudoMedian(v.values('x'), y, {
        ...shift,
        confidenceLevel: v.confidenceLevel(),
      }),
    }
  },
}

function grouped(
  run: (values: (number | null)[], labels: (string | number | null)[]) => unknown,
): Verb {
  return {
    usage: '--value X --group G',
    options: ['value', 'group'],
    required: ['value', 'group'],
    needsData: true,
    run: (v: VerbInput) => run(v.values('value'), v.labels('group') ?? []),
  }
}

export const kruskal = grouped(kruskalWallis)
export const anova = grouped(oneWayAnova)

export const shapiro: Verb = {
  usage: '--value X',
  options: ['value'],
  required: ['value'],
  needsData: true,
  run: (v) => shapiroWilk(v.values('value')),
}

export const correlation: Verb = {
  usage: '--x A --y B [--level 0.95]',
  options: ['x', 'y', 'level'],
  required: ['x', 'y'],
  needsData: true,
  run: (v) => ({
    pearson: pearsonCorrelation(v.values('x'), v.values('y'), v.confidenceLevel()),
    spearman: spearmanCorrelation(v.values('x'), v.values('y')),
    kendall: kendallCorrelation(v.values('x'), v.values('y')),
  }),
}
