/* Hazard and survival curves of a Cox model: at given covariates, and averaged over subjects (direct adjustment). */
import type { CoxModel } from '#domain/statistics/cox-model.ts'
import { hazardSteps } from '#domain/statistics/cox-residuals.ts'
import { normalQuantile } from '#domain/statistics/distributions.ts'
import { type SurvivalLimits, survivalLimits } from '#domain/statistics/kaplan-meier.ts'
import { ensure, requireConfidenceLevel } from '#domain/statistics/problem.ts'

export interface PredictedCurve {
  /** Event times of the stratum, ascending. */
  time: Float64Array
  cumulativeHazard: Float64Array
  /** Standard error of the cumulative hazard, including that of the coefficients. */
  standardError: Float64Array
  survival: Float64Array
  lower: (number | null)[]
  upper: (number | null)[]
}

function ensureFinite(model: CoxModel): void {
  ensure(
    model.fit.infinite.every((s) => s === 0),
    'not-converged',
    'a coefficient is infinite: no curve can be predicted',
  )
}

/**
 * Survival predicted for one set of covariates: S(t) = exp(−H0(t) e^{xβ}), H0 after Breslow, or after Efron for an
 * Efron fit. Covariates 0 give the baseline. Throws `length-mismatch`, `not-converged` with an infinite coefficient,
 * `bad-option` with exact ties.
 * Input: one value per coefficient in their order (raw units, dummies 0/1); `stratum` counts from 0 in the order of the
 * labels. Times are in the unit of the data. Missing: decided when the model was fitted: incomplete rows are dropped
 * there. Source: Breslow (1974), Efron (1977); variance as in Therneau and Grambsch (2000).
 * Example: `predictedSurvival(coxPh({ time: [1, 2, 3, 4, 5], event: [1, 1, 0, 1, 1], terms: [{ name: 'x', values: [1,
 * 0, 2, 1, 0] }] }).model, [1]).survival` = [0.8199, 0.6399, 0.3914, 0.1488].
 */
export function predictedSurvival(
  model: CoxModel,
  covariates: readonly number[],
  options: { stratum?: number; confidenceLevel?: number; limits?: SurvivalLimits } = {},
): PredictedCurve {
  const { stratum = 0, confidenceLevel = 0.95, limits = 'log' } = options
  requireConfidenceLevel(confidenceLevel)
  ensureFinite(model)
  const { centre, scale, fit, rows } = model
  const { p } = rows
  ensure(
    covariates.length === p,
    'length-mismatch',
    `the model has ${p} coefficients, ${covariates.length} values were given`,
  )
  const x = covariates.map((v, j) => (v - (centre[j] as number)) / (scale[j] as number))
  const ratio = Math.exp(x.reduce((sum, v, j) => sum + v * (fit.beta[j] as number), 0))
  const steps = hazardSteps(model).filter((s) => s.stratum === stratum)
  const z = normalQuantile((1 - confidenceLevel) / 2, 'upper')
  const m = steps.length
  const curve: PredictedCurve = {
    time: new Float64Array(m),
    cumulativeHazard: new Float64Array(m),
    standardError: new Float64Array(m),
    survival: new Float64Array(m),
    lower: new Array<number | null>(m),
    upper: new Array<number | null>(m),
  }
  let hazard = 0
  let variance = 0
  const drift = new Float64Array(p)
  steps.forEach((step, k) => {
    hazard += step.hazard
    variance += step.variance
    for (let j = 0; j < p; j++)
      drift[j] =
        (drift[j] as number) + (step.meanHazard[j] as number) - (x[j] as number) * step.hazard
    let extra = 0
    for (let a = 0; a < p; a++)
      for (let b = 0; b < p; b++)
        extra +=
          (drift[a] as number) * (drift[b] as number) * (model.covariance[a * p + b] as number)
    const error = ratio * Math.sqrt(variance + extra)
    ensure(
      Number.isFinite(error) && Number.isFinite(hazard * ratio),
      'not-finite',
      'the covariates lie too far from the data',
    )
    const survival = Math.exp(-hazard * ratio)
    const limit = survivalLimits(survival, error, z, limits)
    curve.time[k] = step.time
    curve.cumulativeHazard[k] = hazard * ratio
    curve.standardError[k] = error
    curve.survival[k] = survival
    curve.lower[k] = limit[0]
    curve.upper[k] = limit[1]
  })
  return curve
}

/**
 * Cumulative baseline hazard (covariates 0) at the given times, 0 before the first event. Throws as `predictedSurvival`
 * does.
 * Input: times in the unit of the data; the result has one element per time. Missing: decided when the model was
 * fitted: incomplete rows are dropped there. Source: Breslow (1974), Efron (1977).
 * Example: `baselineHazard(coxPh({ time: [1, 2, 3, 4, 5], event: [1, 1, 0, 1, 1], terms: [{ name: 'x', values: [1, 0,
 * 2, 1, 0] }] }).model, [1, 4])` = [0.20538, 0.97004].
 */
export function baselineHazard(model: CoxModel, times: readonly number[], stratum = 0): number[] {
  const curve = predictedSurvival(
    model,
    model.names.map(() => 0),
    { stratum },
  )
  return times.map((t) => {
    let value = 0
    for (let k = 0; k < curve.time.length && (curve.time[k] as number) <= t; k++)
      value = curve.cumulativeHazard[k] as number
    return value
  })
}

export interface AdjustedCurve {
  /** Value given to the adjusted columns. */
  label: string
  time: Float64Array
  survival: Float64Array
}

/**
 * Directly adjusted survival: what the model predicts when every subject of the data is given the same value of one
 * term, averaged over the subjects. Without strata (`bad-option`) and interactions of the term; throws `not-converged`
 * with an infinite coefficient.
 * Input: `settings` names coefficient columns and their value for each curve, e.g. `{ label: 'TAC', columns: { armTAC:
 * 1 } }`; times are in the unit of the data. Missing: decided when the model was fitted: incomplete rows are dropped
 * there. Source: Makuch (1982).
 * Example: `adjustedSurvival(coxPh({ time: [1, 2, 3, 4, 5], event: [1, 1, 0, 1, 1], terms: [{ name: 'x', values: [1, 0,
 * 2, 1, 0] }] }).model, [{ label: 'one', columns: { x: 1 } }])[0].survival` = [0.8199, 0.6399, 0.3914, 0.1488].
 */
export function adjustedSurvival(
  model: CoxModel,
  settings: readonly { label: string; columns: Readonly<Record<string, number>> }[],
): AdjustedCurve[] {
  ensureFinite(model)
  const { rows, fit, centre, scale, names } = model
  const { n, p, x, weight, offset } = rows
  ensure(rows.starts.length === 2, 'bad-option', 'adjusted curves are for models without strata')
  const steps = hazardSteps(model)
  return settings.map(({ label, columns }) => {
    const fixed = names.map((name) => columns[name])
    for (const name of Object.keys(columns))
      ensure(names.includes(name), 'unknown-column', `the model has no coefficient "${name}"`)
    const ratios = new Map<number, number>()
    let total = 0
    for (let i = 0; i < n; i++) {
      let eta = offset ? (offset[i] as number) : 0
      for (let j = 0; j < p; j++) {
        const value = fixed[j]
        const standard =
          value === undefined
            ? (x[i * p + j] as number)
            : (value - (centre[j] as number)) / (scale[j] as number)
        eta += standard * (fit.beta[j] as number)
      }
      const w = weight ? (weight[i] as number) : 1
      const ratio = Math.exp(eta)
      ratios.set(ratio, (ratios.get(ratio) ?? 0) + w)
      total += w
    }
    ensure(
      ratios.size * steps.length <= 5e8,
      'sample-too-large',
      `${ratios.size} risk scores at ${steps.length} event times`,
    )
    let hazard = 0
    const survival = Float64Array.from(steps, (step) => {
      hazard += step.hazard
      let sum = 0
      for (const [ratio, w] of ratios) sum += w * Math.exp(-hazard * ratio)
      return sum / total
    })
    return { label, time: Float64Array.from(steps, (s) => s.time), survival }
  })
}
