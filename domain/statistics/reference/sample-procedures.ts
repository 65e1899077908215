import { pearsonCorrelation, spearmanCorrelation } from '#domain/statistics/correlation.ts'
import { type QuantileType, quantiles, summarize } from '#domain/statistics/descriptive.ts'
import { kruskalWallis, oneWayAnova } from '#domain/statistics/k-samples.ts'
import { hodgesLehmann, mannWhitney } from '#domain/statistics/mann-whitney.ts'
import { adjustPValues, type PAdjustment } from '#domain/statistics/p-adjust.ts'
import type { CaseReader, Recompute } from '#domain/statistics/reference/read-case.ts'
import { completeSample } from '#domain/statistics/samples.ts'
import { shapiroWilk } from '#domain/statistics/shapiro-wilk.ts'
import { pseudoMedian, signedRank } from '#domain/statistics/signed-rank.ts'
import {
  oneSampleTTest,
  pairedTTest,
  type TTest,
  tTest,
  tTestFromSummary,
} from '#domain/statistics/t-test.ts'

export const tTestCase: Recompute = (r) => {
  const options = {
    mu: r.number('mu', 0),
    alternative: r.alternative(),
    confidenceLevel: r.confidenceLevel(),
  }
  let result: TTest
  if (!r.has('y')) result = oneSampleTTest(r.sample('x'), options)
  else if (r.flag('paired')) result = pairedTTest(r.sample('x'), r.sample('y'), options)
  else
    result = tTest(r.sample('x'), r.sample('y'), r.flag('var_equal') ? 'student' : 'welch', options)
  return {
    t: result.t,
    df: result.degreesOfFreedom,
    p: result.p,
    estimate: result.means,
    conf_int: [result.lower, result.upper],
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

export const mannWhitneyCase: Recompute = (r) => {
  const x = r.sample('x')
  const y = r.sample('y')
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
  const shift = asked(r, ['hodges_lehmann', 'hl_ci_exact'], () =>
    hodgesLehmann(x, y, { confidenceLevel: r.confidenceLevel() }),
  )
  return {
    W: plain.u,
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
    hodges_lehmann: shift?.estimate,
    hl_ci_exact: shift && [shift.lower, shift.upper],
  }
}

export const signedRankCase: Recompute = (r) => {
  const x = r.sample('x')
  const y = r.has('y') ? r.sample('y') : undefined
  // R's wilcox.test ranks the raw binary differences.
  const raw = { roundDifferences: false } as const
  const plain = signedRank(x, y, { ...raw, method: 'normal', correction: false })
  const pratt = signedRank(x, y, { ...raw, method: 'normal', correction: false, zeros: 'pratt' })
  const exact = signedRank(x, y, { ...raw, method: 'exact' }).p
  const shift = asked(r, ['hodges_lehmann', 'hl_ci_exact'], () =>
    pseudoMedian(x, y, { confidenceLevel: r.confidenceLevel(), method: 'exact' }),
  )
  return {
    V: plain.v,
    n_nonzero: plain.nonZero,
    n_zero: plain.zeros,
    has_ties: plain.ties,
    p_normal_no_cc_zeros_dropped: plain.p,
    p_normal_cc_zeros_dropped: signedRank(x, y, { ...raw, method: 'normal', correction: true }).p,
    p_exact_zeros_dropped_midranks: exact,
    p_exact_R: exact,
    hodges_lehmann: shift?.estimate,
    hl_ci_exact: shift && [shift.lower, shift.upper],
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

export const descriptivesCase: Recompute = (r) => {
  const x = r.sample('x')
  const s = summarize(x, { confidenceLevel: r.confidenceLevel() })
  const printed = (r.case.expected.quantile_probs as number[] | undefined) ?? []
  const probabilities = printed.map(unprinted)
  const { values } = completeSample(x)
  const types = Array.from({ length: 9 }, (_, i) => [
    `type${i + 1}`,
    quantiles(values, probabilities, (i + 1) as QuantileType),
  ])
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
    iqr_type7: s.interquartileRange,
    mad: s.medianAbsoluteDeviation,
    tukey_fivenum: s.fiveNumbers,
    quantile_probs: printed,
    quantile_types: Object.fromEntries(types),
    mean_ci95: s.meanInterval ?? [null, null],
  }
}

export const pAdjustCase: Recompute = (r) => {
  const p = r.sample('p') as number[]
  const methods: PAdjustment[] = ['bonferroni', 'holm', 'hochberg', 'hommel', 'BH', 'BY']
  return Object.fromEntries(methods.map((method) => [method, adjustPValues(p, method)]))
}

export const correlationCase: Recompute = (r) => {
  const pearson = pearsonCorrelation(r.sample('x'), r.sample('y'), r.confidenceLevel())
  const spearman = spearmanCorrelation(r.sample('x'), r.sample('y'))
  return {
    pearson: {
      r: pearson.r,
      t: pearson.t,
      df: pearson.degreesOfFreedom,
      p: pearson.p,
      ci: pearson.interval,
    },
    spearman: { rho: spearman.rho, p_t_approx: spearman.p },
  }
}
