import { cohenKappa, intraclassCorrelation } from '#domain/statistics/agreement.ts'
import { chiSquareTest, trendTest } from '#domain/statistics/chi-square.ts'
import { fisherExact } from '#domain/statistics/fisher-exact.ts'
import { fisherFreemanHalton } from '#domain/statistics/fisher-freeman-halton.ts'
import { mantelHaenszel } from '#domain/statistics/mantel-haenszel.ts'
import { mcNemarTest } from '#domain/statistics/mcnemar.ts'
import { binomialTest, proportionInterval } from '#domain/statistics/proportion.ts'
import type { Recompute } from '#domain/statistics/reference/read-case.ts'
import { compareProportions } from '#domain/statistics/two-proportions.ts'

export const chiSquareCase: Recompute = (r) => {
  const result = chiSquareTest(r.matrix('matrix'), {
    correction: r.flag('yates', r.flag('correct')),
  })
  return {
    statistic: result.statistic,
    df: result.degreesOfFreedom,
    p: result.p,
    expected: result.expected,
    pearson_residuals: result.residuals,
    min_expected: result.minimumExpected,
  }
}

export const trendCase: Recompute = (r) => {
  const result = trendTest(
    r.matrix('matrix'),
    r.has('scores') ? { columns: r.sample('scores') as number[] } : undefined,
  )
  return { statistic: result.chiSquare, chisq: result.chiSquare, z: result.z, df: 1, p: result.p }
}

export const fisherCase: Recompute = (r) => {
  const result = fisherExact(r.matrix('matrix'), {
    alternative: r.alternative(),
    confidenceLevel: r.confidenceLevel(),
  })
  return {
    p: result.p,
    odds_ratio_cmle: result.oddsRatio,
    lower: result.lower,
    upper: result.upper,
    mid_p_two_sided: result.midP,
    p_less: result.less,
    p_greater: result.greater,
  }
}

export const fisherTableCase: Recompute = (r) => ({ p: fisherFreemanHalton(r.matrix('matrix')).p })

export const proportionCase: Recompute = (r) => {
  const k = r.number('k')
  const n = r.number('n')
  const level = r.confidenceLevel()
  const limits = (method: Parameters<typeof proportionInterval>[2]) => {
    const { lower, upper } = proportionInterval(k, n, method, level)
    return [lower, upper]
  }
  return {
    p_hat: k / n,
    clopper_pearson: limits('clopper-pearson'),
    wilson: limits('wilson'),
    wilson_cc: limits('wilson-corrected'),
    wald: limits('wald'),
    agresti_coull: limits('agresti-coull'),
    jeffreys: limits('jeffreys'),
    mid_p_exact: limits('mid-p'),
    binom_test_p_vs_half: binomialTest(k, n, 0.5).p,
  }
}

export const twoProportionsCase: Recompute = (r) => {
  const result = compareProportions(
    r.number('k1'),
    r.number('n1'),
    r.number('k2'),
    r.number('n2'),
    r.confidenceLevel(),
  )
  const d = result.differenceIntervals
  return {
    risk1: result.risk1,
    risk2: result.risk2,
    risk_difference: result.difference,
    wald: d.wald,
    newcombe_method10: d.newcombe,
    newcombe_method11_cc: d.newcombeCorrected,
    agresti_caffo: d.agrestiCaffo,
    miettinen_nurminen: d.miettinenNurminen,
    farrington_manning: d.farringtonManning,
    risk_ratio: result.riskRatio,
    risk_ratio_katz_log: result.riskRatioInterval,
    odds_ratio: result.oddsRatio,
    odds_ratio_woolf: result.oddsRatioInterval,
  }
}

export const mcNemarCase: Recompute = (r) => {
  const result = mcNemarTest(r.matrix('matrix'))
  return {
    chisq: result.chiSquare,
    p: result.p,
    chisq_cc: result.chiSquareCorrected,
    p_cc: result.pCorrected,
    p_exact_binomial: result.pExact,
  }
}

export const mantelHaenszelCase: Recompute = (r) => {
  const result = mantelHaenszel(r.matrices('strata'), r.confidenceLevel())
  return {
    chisq: result.chiSquare,
    df: 1,
    p: result.p,
    chisq_cc: result.chiSquareCorrected,
    p_cc: result.pCorrected,
    common_odds_ratio: result.oddsRatio,
    lower: result.lower,
    upper: result.upper,
  }
}

export const kappaCase: Recompute = (r) => {
  const weights = {
    unweighted: 'none',
    none: 'none',
    linear: 'linear',
    equal: 'linear',
    quadratic: 'quadratic',
    squared: 'quadratic',
  } as const
  const result = cohenKappa(
    r.matrix('matrix'),
    weights[r.text('weights', 'none') as keyof typeof weights] ?? 'none',
    r.confidenceLevel(),
  )
  return {
    kappa: result.kappa,
    se: result.standardError,
    z: result.z,
    p: result.p,
    lower: result.lower,
    upper: result.upper,
    ci: [result.lower, result.upper],
  }
}

export const iccCase: Recompute = (r) => {
  const result = intraclassCorrelation(r.matrix('matrix'), {
    model: r.text('model', 'twoway') === 'oneway' ? 'one-way' : 'two-way',
    type: r.text('type', 'agreement') as 'agreement' | 'consistency',
    unit: r.text('unit', 'single') as 'single' | 'average',
    confidenceLevel: r.confidenceLevel(),
  })
  return {
    icc: result.icc,
    F: result.f,
    df1: result.df1,
    df2: result.df2,
    p: result.p,
    lower: result.lower,
    upper: result.upper,
    ci: [result.lower, result.upper],
  }
}
