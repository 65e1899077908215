import {
  cohenKappa,
  type IccOptions,
  intraclassCorrelation,
  type KappaWeights,
} from '#domain/statistics/agreement.ts'
import { chiSquareTest, goodnessOfFit, trendTest } from '#domain/statistics/chi-square.ts'
import { tableMargins } from '#domain/statistics/contingency.ts'
import { betaQuantile, normalCdf, normalQuantile } from '#domain/statistics/distributions.ts'
import { fisherExact } from '#domain/statistics/fisher-exact.ts'
import { fisherFreemanHalton } from '#domain/statistics/fisher-freeman-halton.ts'
import { mantelHaenszel } from '#domain/statistics/mantel-haenszel.ts'
import { exactMantelHaenszel } from '#domain/statistics/mantel-haenszel-exact.ts'
import { bowkerTest, mcNemarTest } from '#domain/statistics/mcnemar.ts'
import { StatisticsProblem } from '#domain/statistics/problem.ts'
import { binomialTest, proportionInterval } from '#domain/statistics/proportion.ts'
import type { CaseReader, Recompute } from '#domain/statistics/reference/read-case.ts'
import { sortedLevels } from '#domain/statistics/survival-data.ts'
import { compareProportions } from '#domain/statistics/two-proportions.ts'

export const chiSquareCase: Recompute = (r) => {
  if (!r.hasMatrix('matrix') && r.has('x')) return goodnessOfFitCase(r)
  const table = r.matrix('matrix')
  const result = chiSquareTest(table, {
    correction: r.flag(r.named('yates', 'correct', 'correction')),
  })
  const { rows, columns, total } = tableMargins(table)
  const share = (margin: readonly number[], i: number) => 1 - (margin[i] as number) / total
  return {
    statistic: result.statistic,
    df: result.degreesOfFreedom,
    p: result.p,
    expected: result.expected,
    pearson_residuals: result.residuals,
    residuals: result.residuals,
    stdres: result.residuals.map((row, i) =>
      row.map((x, j) => x / Math.sqrt(share(rows, i) * share(columns, j))),
    ),
    min_expected: result.minimumExpected,
  }
}

export const goodnessOfFitCase: Recompute = (r) => {
  const probabilities = r.has('p') ? (r.sample('p') as number[]) : undefined
  r.flag('rescale.p')
  const result = goodnessOfFit(r.sample('x') as number[], probabilities)
  return {
    statistic: result.statistic,
    df: result.degreesOfFreedom,
    p: result.p,
    expected: result.expected,
    residuals: result.residuals,
    pearson_residuals: result.residuals,
  }
}

/** prop.trend.test: `matrix` of 2 × k, or events `x` of `n` at each of the ordered groups. */
export const trendCase: Recompute = (r) => {
  const table = r.hasMatrix('matrix')
    ? r.matrix('matrix')
    : [
        r.sample('x') as number[],
        (r.sample('n') as number[]).map((n, i) => n - Number(r.sample('x')[i])),
      ]
  const scores = r.named('scores', 'score')
  const result = trendTest(
    table,
    r.has(scores) ? { columns: r.sample(scores) as number[] } : undefined,
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
    conf_int: [result.lower, result.upper],
    estimate: result.oddsRatio,
    odds_ratio_cmle: result.oddsRatio,
    lower: result.lower,
    upper: result.upper,
    mid_p_two_sided: result.midP,
    p_less: result.less,
    p_greater: result.greater,
  }
}

export const fisherTableCase: Recompute = (r) => {
  const matrix = r.matrix('matrix')
  const square = matrix.length === 2 && matrix[0]?.length === 2
  return square ? fisherCase(r) : { p: fisherFreemanHalton(matrix).p }
}

export const proportionCase: Recompute = (r) => {
  const k = r.number(r.named('k', 'x'))
  const n = r.number('n')
  const level = r.confidenceLevel()
  const limits = (method: Parameters<typeof proportionInterval>[2]) => {
    const { lower, upper } = proportionInterval(k, n, method, level)
    return [lower, upper]
  }
  const alternative = r.alternative()
  // One-sided, binom.test spends all of the risk on the one limit.
  const sided = {
    'two-sided': limits('clopper-pearson'),
    less: [0, k === n ? 1 : betaQuantile(1 - level, k + 1, n - k, 'upper')],
    greater: [k === 0 ? 0 : betaQuantile(1 - level, k, n - k + 1), 1],
  }[alternative]
  return {
    p_hat: k / n,
    estimate: k / n,
    p: binomialTest(k, n, r.number(r.named('p0', 'p', 'null'), 0.5), alternative).p,
    conf_int: sided,
    exact: limits('clopper-pearson'),
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

/** What prop.test says of two groups; R corrects unless told not to. */
function propTest(k: readonly number[], n: readonly number[], r: CaseReader) {
  const [k1, k2, n1, n2] = [...k, ...n] as [number, number, number, number]
  const corrected = r.flag(r.named('correct', 'yates', 'correction'), true)
  const alternative = r.alternative()
  const risk = (1 - r.confidenceLevel()) / (alternative === 'two-sided' ? 2 : 1)
  const estimate = [k1 / n1, k2 / n2] as const
  const difference = estimate[0] - estimate[1]
  const inverse = 1 / n1 + 1 / n2
  const yates = corrected ? Math.min(0.5, Math.abs(difference) / inverse) : 0
  const error = Math.sqrt(
    (estimate[0] * (1 - estimate[0])) / n1 + (estimate[1] * (1 - estimate[1])) / n2,
  )
  const reach = normalQuantile(risk, 'upper') * error + yates * inverse
  const lower = alternative === 'less' ? -1 : Math.max(-1, difference - reach)
  const upper = alternative === 'greater' ? 1 : Math.min(1, difference + reach)
  const varies = k1 + k2 > 0 && k1 + k2 < n1 + n2
  const test = varies
    ? chiSquareTest(
        [
          [k1, n1 - k1],
          [k2, n2 - k2],
        ],
        { correction: corrected },
      )
    : null
  const root = test && Math.sign(difference) * Math.sqrt(test.statistic)
  const p =
    alternative === 'two-sided'
      ? test?.p
      : root !== null && normalCdf(root, alternative === 'less' ? 'lower' : 'upper')
  return { estimate, statistic: test?.statistic, df: 1, p, conf_int: [lower, upper] }
}

/** Events and sizes of two groups: by four names, or as R's `x` and `n`. */
function twoProportionsOf(r: CaseReader): [readonly number[], readonly number[]] {
  if (!r.has('x'))
    return [
      [r.number('k1'), r.number('k2')],
      [r.number('n1'), r.number('n2')],
    ]
  const [k, n] = [r.sample('x'), r.sample('n')]
  if (k.length !== 2 || n.length !== 2 || [...k, ...n].includes(null))
    throw new StatisticsProblem('bad-case', '"x" and "n" must hold the counts of two groups')
  return [k as number[], n as number[]]
}

export const twoProportionsCase: Recompute = (r) => {
  const [k, n] = twoProportionsOf(r)
  const [k1, k2, n1, n2] = [...k, ...n] as [number, number, number, number]
  const result = compareProportions(k1, n1, k2, n2, r.confidenceLevel())
  const d = result.differenceIntervals
  return {
    ...propTest(k, n, r),
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
  const matrix = r.matrix('matrix')
  if (matrix.length > 2) {
    const bowker = bowkerTest(matrix)
    return {
      chisq: bowker.chiSquare,
      statistic: bowker.chiSquare,
      df: bowker.degreesOfFreedom,
      p: bowker.p,
    }
  }
  const result = mcNemarTest(matrix)
  if (r.flag('exact')) return { p: result.pExact, p_exact: result.pExact }
  const corrected = r.flag('correct')
  return {
    chisq: corrected ? result.chiSquareCorrected : result.chiSquare,
    df: 1,
    p: corrected ? result.pCorrected : result.p,
    chisq_cc: result.chiSquareCorrected,
    p_cc: result.pCorrected,
    p_exact_binomial: result.pExact,
    p_exact: result.pExact,
  }
}

export const mantelHaenszelCase: Recompute = (r) => {
  const strata = r.matrices(r.named('strata', 'matrices'))
  const alternative = r.alternative()
  const level = r.confidenceLevel()
  const exact = () => exactMantelHaenszel(strata, { alternative, confidenceLevel: level })
  if (r.flag('exact')) {
    const result = exact()
    return {
      statistic: result.statistic,
      S: result.statistic,
      estimate: result.oddsRatio,
      p: result.p,
      p_exact: result.p,
      common_odds_ratio: result.oddsRatio,
      lower: result.lower,
      upper: result.upper,
      conf_int: [result.lower, result.upper],
    }
  }
  const result = mantelHaenszel(strata, level, alternative)
  const corrected = r.flag('correct')
  return {
    chisq: corrected ? result.chiSquareCorrected : result.chiSquare,
    df: 1,
    p: corrected ? result.pCorrected : result.p,
    chisq_cc: result.chiSquareCorrected,
    p_cc: result.pCorrected,
    p_exact: r.wants('p_exact') ? exact().p : undefined,
    common_odds_ratio: result.oddsRatio,
    estimate: result.oddsRatio,
    lower: result.lower,
    upper: result.upper,
    conf_int: [result.lower, result.upper],
  }
}

/** A square table, or the ratings x and y of two raters. */
function ratingTable(r: CaseReader): number[][] {
  if (r.hasMatrix('matrix') || r.has('row')) return r.matrix('matrix')
  const [x, y] = [r.labels('x'), r.labels('y')]
  const levels = r.has('levels')
    ? r.list('levels').map(String)
    : sortedLevels([...x, ...y].filter((v) => v !== null))
  return levels.map((a) => levels.map((b) => x.filter((v, i) => v === a && y[i] === b).length))
}

const kappaWeights: Readonly<Record<string, KappaWeights>> = {
  unweighted: 'none',
  none: 'none',
  linear: 'linear',
  equal: 'linear',
  'equal-spacing': 'linear',
  quadratic: 'quadratic',
  squared: 'quadratic',
  'fleiss-cohen': 'quadratic',
}

export const kappaCase: Recompute = (r) => {
  const name = r.text(r.named('weights', 'weight'), 'none').toLowerCase()
  const weights = Object.hasOwn(kappaWeights, name) ? kappaWeights[name] : undefined
  if (!weights) throw new StatisticsProblem('bad-case', `kappa has no weights "${name}"`)
  const table = ratingTable(r)
  const level = r.confidenceLevel()
  const of = (kind: KappaWeights) => {
    const result = cohenKappa(table, kind, level)
    return {
      kappa: result.kappa,
      value: result.kappa,
      estimate: result.kappa,
      se: result.standardError,
      ase: result.standardError,
      z: result.z,
      p: result.p,
      lower: result.lower,
      upper: result.upper,
      ci: [result.lower, result.upper],
      n: result.n,
    }
  }
  return {
    ...of(weights),
    unweighted: of('none'),
    linear: of('linear'),
    quadratic: of('quadratic'),
  }
}

/** Names of the six forms: Shrout and Fleiss 1979 (`ICC(2,1)`), psych (`ICC2k`) and McGraw and Wong (`ICC(A,1)`). */
function iccForm(name: string): IccOptions | undefined {
  const [, form, unit] = /^ICC\s*\(?([123AC])(?:\s*,\s*)?([1k])?\)?$/i.exec(name) ?? []
  if (form === undefined) return undefined
  return {
    model: form === '1' ? 'one-way' : 'two-way',
    type: form === '3' || form.toUpperCase() === 'C' ? 'consistency' : 'agreement',
    unit: unit === 'k' ? 'average' : 'single',
  }
}

export const iccCase: Recompute = (r) => {
  const ratings = r.ratings(r.named('matrix', 'ratings'))
  const level = r.confidenceLevel()
  const of = (form: IccOptions) => {
    const result = intraclassCorrelation(ratings, { ...form, confidenceLevel: level })
    return {
      icc: result.icc,
      value: result.icc,
      estimate: result.icc,
      F: result.f,
      df1: result.df1,
      df2: result.df2,
      p: result.p,
      lower: result.lower,
      upper: result.upper,
      ci: [result.lower, result.upper],
    }
  }
  const named = r.text('type', 'agreement')
  const form = iccForm(named) ??
    iccForm(r.text('form', '')) ?? {
      model: /^one/.test(r.text('model', 'twoway')) ? ('one-way' as const) : ('two-way' as const),
      type: named === 'consistency' ? ('consistency' as const) : ('agreement' as const),
      unit: r.text('unit', 'single') === 'average' ? ('average' as const) : ('single' as const),
    }
  const six = ['ICC1', 'ICC2', 'ICC3', 'ICC1k', 'ICC2k', 'ICC3k'].filter((name) => r.wants(name))
  return {
    ...of(form),
    ...Object.fromEntries(six.map((name) => [name, of(iccForm(name) as IccOptions)])),
  }
}
