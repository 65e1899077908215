import { derivativesFor, maximizeCox } from '#domain/statistics/cox-fit.ts'
import type { Ties } from '#domain/statistics/cox-likelihood.ts'
import {
  type CoxData,
  type CoxModel,
  coxRows,
  type ModelTest,
  modelTest,
} from '#domain/statistics/cox-model.ts'
import { clusterCovariance, robustScore } from '#domain/statistics/cox-residuals.ts'
import { normalCdf, normalQuantile } from '#domain/statistics/distributions.ts'
import { cholesky, quadraticForm, toRows } from '#domain/statistics/matrix.ts'
import { requireConfidenceLevel } from '#domain/statistics/problem.ts'

export interface CoxOptions {
  /** Efron is the default (as in R; SAS and SPSS default to Breslow). */
  ties?: Ties
  confidenceLevel?: number
  /**
   * Sandwich variance of Lin and Wei (1989), by cluster or else by row. The default, as in R: with clusters, or when a
   * weight is not a whole number (such weights are not counts of subjects).
   */
  robust?: boolean
}

export interface CoxCoefficient {
  name: string
  /** Name of the term, and the level of a factor. */
  term: string
  level: string | null
  /** log hazard ratio; ±Infinity when the likelihood is monotone. */
  estimate: number
  infinite: boolean
  /** null for an infinite coefficient, as are z, p and the Wald limits. */
  standardError: number | null
  naiveStandardError: number | null
  z: number | null
  p: number | null
  hazardRatio: number
  lower: number | null
  upper: number | null
}

export interface CoxFit {
  ties: Ties
  n: number
  events: number
  missing: number
  coefficients: CoxCoefficient[]
  /** Covariance of the finite estimates (rows of infinite ones are 0), robust if `robust`. */
  covariance: number[][]
  robust: boolean
  /** True when any coefficient is infinite: then there is no Wald test; LR and score tests hold. */
  monotone: boolean
  logLikelihoodNull: number
  /** The maximum, or its limit when the likelihood is monotone. */
  logLikelihood: number
  likelihoodRatioTest: ModelTest
  waldTest: ModelTest | null
  scoreTest: ModelTest
  /** Score test of the robust fit (Lin and Wei 1989); null without robust variance. */
  robustScoreTest: ModelTest | null
  confidenceLevel: number
  iterations: number
  /** For the functions that go on from a fit (baseline, residuals, proportional hazards, profile limits). */
  model: CoxModel
}

/**
 * Cox proportional hazards regression; ties by Efron, Breslow or exactly; strata, case weights, offset, late entry
 * (entry, time], robust variance by cluster. A monotone likelihood gives ±Infinity without a standard error. Throws
 * `no-events`, `constant-covariate`, `collinear-covariates`, `not-converged`, `bad-option`.
 * Input: columns with one element per row: times in one unit, event 0/1, terms as numbers or factors with a reference
 * level. Coefficients are log hazard ratios per unit of the covariate. Missing: a row with a missing value in any given
 * column is dropped and counted; NaN is refused. Source: Cox (1972), Breslow (1974), Efron (1977), Lin and Wei (1989).
 * Example: `coxPh({ time: [1, 2, 3, 4, 5], event: [1, 1, 0, 1, 1], terms: [{ name: 'x', values: [1, 0, 2, 1, 0] }]
 * }).coefficients[0].estimate` = -0.0336, `coxPh({ time: [1, 2, 3, 4, 5], event: [1, 1, 0, 1, 1], terms: [{ name: 'x',
 * values: [1, 0, 2, 1, 0] }] }).likelihoodRatioTest.p` = 0.9674.
 */
export function coxPh(data: CoxData, options: CoxOptions = {}): CoxFit {
  const { ties = 'efron', confidenceLevel = 0.95 } = options
  requireConfidenceLevel(confidenceLevel)
  const { missing, cluster, ...base } = coxRows(data)
  const { rows, names, scale, design } = base
  const { p } = rows
  const fit = maximizeCox(derivativesFor(rows, ties), p, names)
  const fractional = rows.weight?.some((w) => !Number.isInteger(w)) ?? false
  const robust = options.robust ?? (cluster !== null || fractional)
  const model: CoxModel = { ...base, ties, fit, covariance: fit.covariance }
  if (robust) model.covariance = clusterCovariance(model, cluster)
  const standard = model.covariance
  const covariance = standard.map(
    (v, at) => v / ((scale[Math.floor(at / p)] as number) * (scale[at % p] as number)),
  )
  const z = normalQuantile((1 - confidenceLevel) / 2, 'upper')
  const coefficients = design.columns.map((column, j): CoxCoefficient => {
    const sign = fit.infinite[j] as number
    const label = {
      name: column.name,
      term: design.terms[column.term] as string,
      level: column.level,
    }
    if (sign !== 0) {
      return {
        ...label,
        estimate: sign * Infinity,
        infinite: true,
        standardError: null,
        naiveStandardError: null,
        z: null,
        p: null,
        hazardRatio: sign < 0 ? 0 : Infinity,
        lower: null,
        upper: null,
      }
    }
    const estimate = (fit.beta[j] as number) / (scale[j] as number)
    const standardError = Math.sqrt(covariance[j * p + j] as number)
    const statistic = estimate / standardError
    return {
      ...label,
      estimate,
      infinite: false,
      standardError,
      naiveStandardError: Math.sqrt(fit.covariance[j * p + j] as number) / (scale[j] as number),
      z: statistic,
      p: 2 * normalCdf(-Math.abs(statistic)),
      hazardRatio: Math.exp(estimate),
      lower: Math.exp(estimate - z * standardError),
      upper: Math.exp(estimate + z * standardError),
    }
  })
  const monotone = coefficients.some((c) => c.infinite)
  const wald = monotone ? null : quadraticForm(cholesky(standard, p), fit.beta)
  return {
    ties,
    n: rows.n,
    events: rows.event.reduce((sum, e) => sum + e, 0),
    missing,
    coefficients,
    covariance: toRows(covariance, p),
    robust,
    monotone,
    logLikelihoodNull: fit.logLikelihoodNull,
    logLikelihood: fit.logLikelihood,
    likelihoodRatioTest: modelTest(2 * (fit.logLikelihood - fit.logLikelihoodNull), p),
    waldTest: wald === null ? null : modelTest(wald, p),
    scoreTest: modelTest(fit.scoreStatistic, p),
    robustScoreTest: robust ? modelTest(robustScore(model, cluster), p) : null,
    confidenceLevel,
    iterations: fit.iterations,
    model,
  }
}
