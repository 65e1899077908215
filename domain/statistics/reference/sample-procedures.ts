import {
  kendallCorrelation,
  pearsonCorrelation,
  spearmanCorrelation,
} from '#domain/statistics/correlation.ts'
import { type QuantileType, quantiles, summarize } from '#domain/statistics/descriptive.ts'
import { kruskalWallis, oneWayAnova } from '#domain/statistics/k-samples.ts'
import { hodgesLehmann, mannWhitney } from '#domain/statistics/mann-whitney.ts'
import { adjustPValues, type PAdjustment } from '#domain/statistics/p-adjust.ts'
import type { CaseReader, Recompute } from '#domain/statistics/reference/read-case.ts'
import { completeSample } from '#domain/statistics/samples.ts'
import { shapiroWilk } from '#domain/statistics/shapiro-wilk.ts'
import { pseudoMedian, signedRank } from '#domain/statistics/signed-rank.ts'
import { sortedLevels } from '#domain/statistics/survival-data.ts'
import {
  oneSampleTTest,
  pairedTTest,
  type TTest,
  tTest,
  tTestFromSummary,
} from '#domain/statistics/t-test.ts'

/** Samples x and y of a case, or x split by the two labels of `group` in the order in which R sorts them. */
function twoSamplesOf(r: CaseReader): { x: (number | null)[]; y: (number | null)[] | undefined } {
  const x = r.sample('x')
  if (!r.has('group')) return { x, y: r.has('y') ? r.sample('y') : undefined }
  const group = r.labels('group')
  const [first, second] = sortedLevels(group.filter((g) => g !== null))
  const of = (level: string | undefined) => x.filter((_, i) => group[i] === level)
  return { x: of(first), y: of(second) }
}

export const tTestCase: Recompute = (r) => {
  const options = {
    mu: r.number('mu', 0),
    alternative: r.alternative(),
    confidenceLevel: r.confidenceLevel(),
  }
  const { x, y } = twoSamplesOf(r)
  const paired = r.flag('paired')
  const equal = r.flag('var_equal')
  let result: TTest
  if (!y) result = oneSampleTTest(x, options)
  else if (paired) result = pairedTTest(x, y, options)
  else result = tTest(x, y, equal ? 'student' : 'welch', options)
  return {
    t: result.t,
    df: result.degreesOfFreedom,
    p: result.p,
    estimate: result.means,
    conf_int: [result.lower, result.upper],
    lower: result.lower,
    upper: result.upper,
    difference: result.difference,
    std_err: result.standardError,
  }
}

export const tSummaryCase: Recompute = (r) => {
  const group = (i: 1 | 2) => ({
    mean: r.number(`mean${i}`),
    standardDeviation: r.number(`sd${i}`),
    n: r.number(`n${i}`),
  })
  const run = (kind: 'student' | 'welch') => {
    const result = tTestFromSummary(group(1), group(2), kind, {
      confidenceLevel: r.confidenceLevel(),
      alternative: r.alternative(),
    })
    return {
      t: result.t,
      df: result.degreesOfFreedom,
      p: result.p,
      conf_int: [result.lower, result.upper],
    }
  }
  return { student: run('student'), welch: run('welch') }
}

/** Computes a result only when the reference asks for it: exact distributions of large samples are not free. */
function asked<T>(r: CaseReader, names: string[], compute: () => T): T | undefined {
  return names.some((name) => r.wants(name)) ? compute() : undefined
}

const limitNames = ['conf_int', 'conf.int', 'confint', 'ci']

/** Limits of a shift from the hypothesis, as limits of the shift. */
function moved(limits: { lower: number; upper: number } | undefined, mu: number) {
  return limits && [limits.lower + mu, limits.upper + mu]
}

export const mannWhitneyCase: Recompute = (r) => {
  const samples = twoSamplesOf(r)
  const mu = r.number('mu', 0)
  const x = samples.x.map((v) => (v === null ? null : v - mu))
  const y = samples.y ?? r.sample('y')
  const alternative = r.alternative()
  const correction = r.flag('correct', true)
  const plain = mannWhitney(x, y, { method: 'normal', correction: false })
  const corrected = (alternative: 'two-sided' | 'less' | 'greater') =>
    mannWhitney(x, y, { method: 'normal', correction: true, alternative }).p
  const exact = asked(
    r,
    [
      'p_exact',
      'p_exact_coin_two_sided',
      'p_exact_R_wilcox.test',
      'p_exact_less',
      'p_exact_greater',
    ],
    () => ({
      two: mannWhitney(x, y, { method: 'exact' }).p,
      less: mannWhitney(x, y, { method: 'exact', alternative: 'less' }).p,
      greater: mannWhitney(x, y, { method: 'exact', alternative: 'greater' }).p,
    }),
  )
  const confidenceLevel = r.confidenceLevel()
  const shift = asked(r, ['hodges_lehmann', 'hl_ci_exact', 'estimate'], () =>
    hodgesLehmann(x, y, { confidenceLevel }),
  )
  // As wilcox.test chooses: exact below 50 values each, never with ties.
  const small = completeSample(x).values.length < 50 && completeSample(y).values.length < 50
  const method = r.flag('exact', small) && !plain.ties ? 'exact' : 'normal'
  const limits = asked(r, limitNames, () =>
    hodgesLehmann(x, y, { confidenceLevel, method, alternative, correction }),
  )
  return {
    W: plain.u,
    statistic: plain.u,
    p: asked(r, ['p', 'p_value', 'p.value'], () =>
      mannWhitney(x, y, { method, correction, alternative }),
    )?.p,
    estimate: shift && shift.estimate + mu,
    conf_int: moved(limits, mu),
    U_other: plain.uOther,
    has_ties: plain.ties,
    z_no_cc: plain.z,
    p_normal_no_cc: plain.p,
    p_normal_cc: corrected('two-sided'),
    p_normal_cc_less: corrected('less'),
    p_normal_cc_greater: corrected('greater'),
    p_exact: exact?.two,
    p_exact_coin_two_sided: exact?.two,
    'p_exact_R_wilcox.test': exact?.two,
    p_exact_less: exact?.less,
    p_exact_greater: exact?.greater,
    hodges_lehmann: shift && shift.estimate + mu,
    hl_ci_exact: moved(shift, mu),
  }
}

export const signedRankCase: Recompute = (r) => {
  const mu = r.number('mu', 0)
  const alternative = r.alternative()
  const correction = r.flag('correct', true)
  r.flag('paired')
  const x = r.sample('x').map((v) => (v === null ? null : v - mu))
  const y = r.has('y') ? r.sample('y') : undefined
  // R's wilcox.test ranks the raw binary differences.
  const raw = { roundDifferences: false } as const
  const plain = signedRank(x, y, { ...raw, method: 'normal', correction: false })
  const pratt = signedRank(x, y, { ...raw, method: 'normal', correction: false, zeros: 'pratt' })
  const exact = signedRank(x, y, { ...raw, method: 'exact' }).p
  const confidenceLevel = r.confidenceLevel()
  const shift = asked(r, ['hodges_lehmann', 'hl_ci_exact', 'estimate'], () =>
    pseudoMedian(x, y, { confidenceLevel, method: 'exact' }),
  )
  // As wilcox.test chooses: exact below 50 differences, never with ties or zeros.
  const exactly = r.flag('exact', plain.nonZero + plain.zeros < 50) && !plain.ties && !plain.zeros
  const method = exactly ? 'exact' : 'normal'
  const limits = asked(r, limitNames, () =>
    pseudoMedian(x, y, { confidenceLevel, method, alternative, correction }),
  )
  return {
    V: plain.v,
    statistic: plain.v,
    p: signedRank(x, y, { ...raw, method, correction, alternative }).p,
    estimate: shift && shift.estimate + mu,
    conf_int: moved(limits, mu),
    n_nonzero: plain.nonZero,
    n_zero: plain.zeros,
    has_ties: plain.ties,
    p_normal_no_cc_zeros_dropped: plain.p,
    p_normal_cc_zeros_dropped: signedRank(x, y, { ...raw, method: 'normal', correction: true }).p,
    p_exact_zeros_dropped_midranks: exact,
    p_exact_R: exact,
    hodges_lehmann: shift && shift.estimate + mu,
    hl_ci_exact: moved(shift, mu),
    pratt_z: pratt.z,
    pratt_p_asymptotic: pratt.p,
    pratt_p_exact: signedRank(x, y, { ...raw, method: 'exact', zeros: 'pratt' }).p,
  }
}

export const kruskalWallisCase: Recompute = (r) => {
  const result = kruskalWallis(r.sample('x'), r.labels('group'))
  return { H: result.h, df: result.degreesOfFreedom, p: result.p }
}

export const anovaCase: Recompute = (r) => {
  const result = oneWayAnova(r.sample('x'), r.labels('group'))
  return {
    F: result.f,
    df1: result.betweenDegreesOfFreedom,
    df2: result.withinDegreesOfFreedom,
    p: result.p,
  }
}

export const shapiroWilkCase: Recompute = (r) => {
  const result = shapiroWilk(r.sample('x'))
  return { W: result.w, p: result.p }
}

/** A third that was printed with 15 digits is a third again: quantiles jump where n·p is whole. */
function unprinted(p: number): number {
  for (let d = 2; d <= 100; d++) {
    const fraction = Math.round(p * d) / d
    if (Math.abs(fraction - p) < 2e-15) return fraction
  }
  return p
}

/** What R says of a sample without values: nothing is estimable, and the range is turned inside out. */
function emptyDescriptives(missing: number, probabilities: readonly number[]) {
  const nothing = probabilities.map(() => null)
  return {
    n: 0,
    n_missing: missing,
    ...Object.fromEntries(
      ['mean', 'sd', 'var', 'sem', 'median', 'iqr_type7', 'iqr', 'mad', 'q1', 'q3'].map((k) => [
        k,
        null,
      ]),
    ),
    min: Infinity,
    max: -Infinity,
    tukey_fivenum: [null, null, null, null, null],
    quantile_probs: probabilities,
    quantile_types: Object.fromEntries(
      Array.from({ length: 9 }, (_, i) => [`type${i + 1}`, nothing]),
    ),
    mean_ci95: [null, null],
  }
}

export const descriptivesCase: Recompute = (r) => {
  const x = r.sample('x')
  const level = r.confidenceLevel()
  const { expected } = r.case
  const given =
    expected.quantile_probs ?? expected.probs ?? r.value('probs') ?? r.value('quantile_probs')
  const printed = Array.isArray(given) ? given.map(Number) : []
  const probabilities = printed.map(unprinted)
  const { values, missing } = completeSample(x)
  if (values.length === 0) return emptyDescriptives(missing, printed)
  const s = summarize(x, { confidenceLevel: level })
  const of = (type: number) => quantiles(values, probabilities, type as QuantileType)
  const types = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`type${i + 1}`, of(i + 1)]))
  const own = r.number(r.named('quantile_type', 'type'), 7)
  const [first, third] = quantiles(values, [0.25, 0.75], own as QuantileType) as [number, number]
  r.flag('na.rm')
  const interval = s.meanInterval ?? [null, null]
  const quartiles = { q1: s.lowerQuartile, q3: s.upperQuartile }
  return {
    n: s.n,
    n_missing: s.missing,
    mean: s.mean,
    sd: s.standardDeviation,
    var: s.variance,
    sem: s.standardError,
    median: s.median,
    min: s.minimum,
    max: s.maximum,
    range: [s.minimum, s.maximum],
    ...quartiles,
    iqr: third - first,
    iqr_type7: s.interquartileRange,
    mad: s.medianAbsoluteDeviation,
    tukey_fivenum: s.fiveNumbers,
    fivenum: s.fiveNumbers,
    quantile_probs: printed,
    probs: printed,
    quantiles: of(own),
    quantile: of(own),
    quantile_types: types,
    ...types,
    mean_ci95: interval,
    mean_ci: interval,
  }
}

export const pAdjustCase: Recompute = (r) => {
  const given = r.sample('p')
  // `n` counts comparisons whose p is not given; they count as p = 1.
  const present = given.filter((value) => value !== null).length
  const more = Math.max(0, r.number('n', 0) - present)
  const p = [...given, ...new Array<number>(more).fill(1)]
  const methods: PAdjustment[] = ['bonferroni', 'holm', 'hochberg', 'hommel', 'BH', 'BY']
  const all = Object.fromEntries(
    methods.map((method) => [method, adjustPValues(p, method).slice(0, given.length)]),
  )
  const named = r.text('method', 'holm')
  const asked = named === 'none' ? given : all[named === 'fdr' ? 'BH' : named]
  const adjusted = { adjusted: asked, p_adjusted: asked, p_adjust: asked }
  return { ...all, fdr: all.BH, none: given, ...adjusted }
}

export const correlationCase: Recompute = (r) => {
  const x = r.sample('x')
  const y = r.sample('y')
  const alternative = r.alternative()
  const continuity = r.flag('continuity')
  const pearson = pearsonCorrelation(x, y, r.confidenceLevel(), alternative)
  const spearman = spearmanCorrelation(x, y, { alternative, continuity })
  const exactly = r.flag('exact', true)
  const kendall = kendallCorrelation(x, y, { alternative, continuity, exact: exactly })
  const exact = exactly && spearman.pExact !== null
  const results = {
    pearson: {
      r: pearson.r,
      estimate: pearson.r,
      cor: pearson.r,
      t: pearson.t,
      df: pearson.degreesOfFreedom,
      p: pearson.p,
      ci: pearson.interval,
    },
    spearman: {
      rho: spearman.rho,
      estimate: spearman.rho,
      p: exact ? spearman.pExact : spearman.p,
      p_exact: spearman.pExact,
      p_t_approx: spearman.p,
    },
    kendall: {
      tau: kendall.tau,
      estimate: kendall.tau,
      z: kendall.z,
      p: kendall.p,
      p_exact: kendall.method === 'exact' ? kendall.p : undefined,
    },
  }
  const method = r.text('method', 'pearson')
  const own = Object.hasOwn(results, method) ? results[method as keyof typeof results] : {}
  return { ...results, ...own }
}
