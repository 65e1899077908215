import { maximizeCox } from '#domain/statistics/cox-fit.ts'
import {
  type CoxRows,
  coxDerivatives,
  exactDerivatives,
} from '#domain/statistics/cox-likelihood.ts'
import type { CoxModel } from '#domain/statistics/cox-model.ts'
import { chiSquareQuantile } from '#domain/statistics/distributions.ts'
import { ensure, requireConfidenceLevel, StatisticsProblem } from '#domain/statistics/problem.ts'
import { findRoot } from '#domain/statistics/special/root.ts'

/** Profile log-likelihood with one coefficient held at a value (internal scale): an offset, and a fit of the others. */
function profile(model: CoxModel, index: number, value: number): number {
  const { rows, ties, names } = model
  const { n, p, x } = rows
  const offset = Float64Array.from(
    { length: n },
    (_, i) => (rows.offset?.[i] ?? 0) + value * (x[i * p + index] as number),
  )
  if (p === 1) {
    const held: CoxRows = { ...rows, offset }
    return ties === 'exact'
      ? exactDerivatives(held, [0]).logLikelihood
      : coxDerivatives(held, [0], ties).logLikelihood
  }
  const rest = new Float64Array(n * (p - 1))
  for (let i = 0; i < n; i++) {
    for (let j = 0, k = 0; j < p; j++)
      if (j !== index) rest[i * (p - 1) + k++] = x[i * p + j] as number
  }
  const reduced: CoxRows = { ...rows, p: p - 1, x: rest, offset }
  const derivatives =
    ties === 'exact'
      ? (b: ArrayLike<number>) => exactDerivatives(reduced, b)
      : (b: ArrayLike<number>) => coxDerivatives(reduced, b, ties)
  return maximizeCox(
    derivatives,
    p - 1,
    names.filter((_, j) => j !== index),
  ).logLikelihood
}

/**
 * Profile-likelihood limits of a hazard ratio, which exist on one side even when the estimate is 0 or Infinity. Throws
 * `unknown-column`, and `not-converged` when a limit cannot be reached: the profile stays above it as far as the other
 * coefficients can be estimated (few events).
 * Input: a coefficient by its name; limits are hazard ratios per unit of the covariate. Missing: decided when the model
 * was fitted: incomplete rows are dropped there. Source: Venzon and Moolgavkar (1988).
 * Example: `coxProfileLimits(coxPh({ time: [1, 2, 3, 4, 5], event: [1, 1, 0, 1, 1], terms: [{ name: 'x', values: [1, 0,
 * 2, 1, 0] }] }).model, 'x').lower` = 0.1449, `coxProfileLimits(coxPh({ time: [1, 2, 3, 4, 5], event: [1, 1, 0, 1, 1],
 * terms: [{ name: 'x', values: [1, 0, 2, 1, 0] }] }).model, 'x').upper` = 4.91.
 */
export function coxProfileLimits(
  model: CoxModel,
  name: string,
  confidenceLevel = 0.95,
): { lower: number; upper: number } {
  requireConfidenceLevel(confidenceLevel)
  const { fit, names, scale } = model
  const index = names.indexOf(name)
  ensure(index >= 0, 'unknown-column', `the model has no coefficient "${name}"`)
  const target = fit.logLikelihood - chiSquareQuantile(confidenceLevel, 1) / 2
  const estimate = fit.beta[index] as number
  const sign = fit.infinite[index] as number
  const outOfReach = () =>
    new StatisticsProblem(
      'not-converged',
      `no profile limit of ${name} in reach: with it held far from its estimate the other coefficients make up for it or cannot be estimated (too few events or subjects at risk)`,
    )
  const gap = (value: number) => {
    // Thirty standard deviations of log hazard ratio are no estimate of anything, and the fit of the others is lost there.
    if (Math.abs(value) > 30 + Math.abs(sign === 0 ? estimate : 0)) throw outOfReach()
    try {
      return profile(model, index, value) - target
    } catch (problem) {
      // The fit itself succeeded: what fails here is the value held, not a constant or collinear covariate.
      if (problem instanceof StatisticsProblem) throw outOfReach()
      throw problem
    }
  }
  /** Walks from `start` until the gap has the other sign and solves it there. */
  const cross = (start: number, direction: number) => {
    const side = gap(start) > 0
    let near = start
    let far = start + direction
    for (let width = 2; gap(far) > 0 === side; width *= 2) {
      near = far
      far = start + direction * width
    }
    return findRoot(gap, near, far, 1e-11) / (scale[index] as number)
  }
  const limit = (direction: 1 | -1) => {
    if (sign === direction) return direction * Infinity
    if (sign === 0) return cross(estimate, direction)
    // The finite limit of an infinite estimate lies on either side of 0, where the fit of the others is tame.
    return gap(0) > 0 ? cross(0, direction) : cross(0, sign)
  }
  return { lower: Math.exp(limit(-1)), upper: Math.exp(limit(1)) }
}
