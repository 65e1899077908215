/*
 * Maximisation of the partial likelihood by Newton-Raphson with step halving on standardised covariates. When the
 * likelihood is monotone (a level without events) it converges while a coefficient keeps walking by a constant step:
 * such coefficients are told apart by the steps taken after the likelihood has settled, which vanish
 * quadratically for every finite maximum, and are reported as infinite, never as the number reached.
 */
import {
  type CoxRows,
  coxDerivatives,
  type Derivatives,
  exactDerivatives,
  type Ties,
} from '#domain/statistics/cox-likelihood.ts'
import {
  cholesky,
  choleskyInverse,
  choleskySolve,
  quadraticForm,
} from '#domain/statistics/matrix.ts'
import { ensure, StatisticsProblem } from '#domain/statistics/problem.ts'

export interface NewtonFit {
  beta: Float64Array
  /** −1, 0 or 1: the sign of an infinite coefficient. */
  infinite: Int8Array
  /** Inverse information; rows of infinite coefficients are 0. */
  covariance: Float64Array
  logLikelihood: number
  logLikelihoodNull: number
  /** Score statistic at β = 0. */
  scoreStatistic: number
  informationNull: Float64Array
  iterations: number
}

export function derivativesFor(
  rows: CoxRows,
  ties: Ties,
): (beta: ArrayLike<number>) => Derivatives {
  return ties === 'exact'
    ? (beta) => exactDerivatives(rows, beta)
    : (beta) => coxDerivatives(rows, beta, ties)
}

/** Names the covariates that cannot be told apart at β = 0. */
function ensureIdentified(information: Float64Array, p: number, names: readonly string[]): void {
  const diagonal = Array.from({ length: p }, (_, j) => information[j * p + j] as number)
  const largest = Math.max(...diagonal)
  const flat = names.filter((_, j) => !((diagonal[j] as number) > 1e-12 * largest))
  if (flat.length > 0)
    throw new StatisticsProblem(
      'constant-covariate',
      `${flat.join(', ')} does not vary among subjects at risk`,
    )
  const { dependent } = cholesky(information, p, 1e-10)
  if (dependent.length > 0) {
    throw new StatisticsProblem(
      'collinear-covariates',
      `${dependent.map((j) => names[j]).join(', ')} follows from the other covariates`,
    )
  }
}

/**
 * Signs of the coefficients that run away. Any of three marks is enough: the step goes on at its length; the
 * coefficient takes part in a direction without curvature; its variance is a million times that at β = 0.
 */
function divergentSigns(
  information: Float64Array,
  informationNull: Float64Array,
  beta: Float64Array,
  step: Float64Array,
): Int8Array {
  const p = beta.length
  const moving = new Set([...step.keys()].filter((j) => Math.abs(step[j] as number) > 1e-3))
  const factor = cholesky(information, p, 1e-12)
  for (const i of factor.dependent) {
    moving.add(i)
    const column = Float64Array.from({ length: p }, (_, j) =>
      factor.dependent.includes(j) ? 0 : (information[j * p + i] as number),
    )
    choleskySolve(factor, column).forEach((v, j) => {
      if (Math.abs(v) > 1e-4) moving.add(j)
    })
  }
  const variance = choleskyInverse(factor)
  const before = choleskyInverse(cholesky(informationNull, p))
  for (let j = 0; j < p; j++) {
    const at = j * p + j
    if ((variance[at] as number) > 1e6 * (before[at] as number)) moving.add(j)
  }
  return Int8Array.from(beta, (b, j) => {
    if (!moving.has(j)) return 0
    // Far out the way taken is certain, and a last step from an information near 0 is noise that can point back.
    const far = Math.abs(b) > 5
    return Math.sign(!far && Math.abs(step[j] as number) > 1e-3 ? (step[j] as number) : b)
  })
}

/** Newton-Raphson from β = 0. Throws `constant-covariate`, `collinear-covariates`, `not-converged`. */
export function maximizeCox(
  derivatives: (beta: ArrayLike<number>) => Derivatives,
  p: number,
  names: readonly string[],
): NewtonFit {
  let beta: Float64Array = new Float64Array(p)
  let current = derivatives(beta)
  ensure(Number.isFinite(current.logLikelihood), 'not-finite', 'the likelihood is not finite')
  const logLikelihoodNull = current.logLikelihood
  const informationNull = current.information
  ensureIdentified(informationNull, p, names)
  const scoreStatistic = quadraticForm(cholesky(informationNull, p), current.score)
  const scale = Math.abs(logLikelihoodNull) + 1
  let settled = 0
  let step: Float64Array = new Float64Array(p)
  let iterations = 0
  for (; iterations < 100; iterations++) {
    step = choleskySolve(cholesky(current.information, p, 1e-14), current.score)
    const length = step.reduce((most, s) => Math.max(most, Math.abs(s)), 0)
    if (settled > 0 && length < 1e-10) break
    if (settled >= 6) break
    // A first step beyond five standard deviations of a covariate only courts overflow; on the way to infinity
    // the steps may double.
    const reach = Math.max(5, 2 * beta.reduce((most, v) => Math.max(most, Math.abs(v)), 0))
    const limit = length > reach ? reach / length : 1
    let next: Float64Array = new Float64Array(p)
    let found: Derivatives | null = null
    for (let halving = 0, part = limit; halving < 40; halving++, part /= 2) {
      const factor = part
      next = beta.map((b, j) => b + factor * (step[j] as number))
      const tried = derivatives(next)
      if (
        Number.isFinite(tried.logLikelihood) &&
        tried.logLikelihood >= current.logLikelihood - 1e-13 * scale
      ) {
        found = tried
        break
      }
    }
    if (!found) {
      if (settled > 0) break
      throw new StatisticsProblem('not-converged', 'the partial likelihood could not be increased')
    }
    const gain = found.logLikelihood - current.logLikelihood
    beta = next
    current = found
    if (gain < 1e-13 * scale) settled++
  }
  if (settled === 0)
    throw new StatisticsProblem(
      'not-converged',
      `no maximum of the partial likelihood in ${iterations} steps`,
    )
  const infinite = divergentSigns(current.information, informationNull, beta, step)
  const finite = [...infinite.keys()].filter((j) => infinite[j] === 0)
  const covariance = new Float64Array(p * p)
  const size = finite.length
  const reduced = new Float64Array(size * size)
  finite.forEach((j, r) => {
    finite.forEach((k, c) => {
      reduced[r * size + c] = current.information[j * p + k] as number
    })
  })
  const inverse = choleskyInverse(cholesky(reduced, size))
  finite.forEach((j, r) => {
    finite.forEach((k, c) => {
      covariance[j * p + k] = inverse[r * size + c] as number
    })
  })
  return {
    beta,
    infinite,
    covariance,
    logLikelihood: current.logLikelihood,
    logLikelihoodNull,
    scoreStatistic,
    informationNull,
    iterations,
  }
}
