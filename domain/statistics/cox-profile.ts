import { maximizeCox } from '#domain/statistics/cox-fit.ts'
import {
  type CoxRows,
  coxDerivatives,
  exactDerivatives,
} from '#domain/statistics/cox-likelihood.ts'
import type { CoxModel } from '#domain/statistics/cox-model.ts'
import { chiSquareQuantile } from '#domain/statistics/distributions.ts'
import { ensure, requireConfidenceLevel } from '#domain/statistics/problem.ts'
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
 * Profile-likelihood limits of a hazard ratio (Venzon and Moolgavkar 1988), which exist on one side even when the
 * estimate is 0 or Infinity. `coxProfileLimits(fit.model, 'groupB')`.
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
  const gap = (value: number) => profile(model, index, value) - target
  const estimate = fit.beta[index] as number
  const sign = fit.infinite[index] as number
  const limit = (direction: 1 | -1) => {
    if (sign === direction) return direction * Infinity
    // An infinite estimate is walked back from 0, where the likelihood is far below its limit or not.
    const start = sign === 0 ? estimate : gap(0) > 0 ? 0 : estimate
    let far = start + direction
    for (let width = 1; gap(far) > 0; width *= 2) {
      ensure(width < 1e4, 'not-converged', `no profile limit of ${name} in reach`)
      far = start + direction * width
    }
    return findRoot(gap, start, far, 1e-11) / (scale[index] as number)
  }
  return { lower: Math.exp(limit(-1)), upper: Math.exp(limit(1)) }
}
