/*
 * Cox regression with Firth's penalty (Heinze and Schemper 2001): the log-likelihood plus half the log determinant of
 * the information, which keeps every estimate finite when a level has no events. The modified score adds half the
 * trace of I⁻¹ ∂I/∂β, taken from the third central moments of the covariates over the risk sets.
 */
import { type CoxRows, riskScores } from '#domain/statistics/cox-likelihood.ts'
import { type CoxData, coxRows, type ModelTest, modelTest } from '#domain/statistics/cox-model.ts'
import { chiSquareCdf, chiSquareQuantile } from '#domain/statistics/distributions.ts'
import {
  cholesky,
  choleskyInverse,
  choleskySolve,
  logDeterminant,
} from '#domain/statistics/matrix.ts'
import { ensure, requireConfidenceLevel, StatisticsProblem } from '#domain/statistics/problem.ts'
import { findRoot } from '#domain/statistics/special/root.ts'

export interface FirthCoefficient {
  name: string
  estimate: number
  /** From the inverse information at the penalised maximum. */
  standardError: number
  hazardRatio: number
  /** Profile penalised-likelihood limits and test. */
  lower: number
  upper: number
  p: number
}

export interface FirthFit {
  n: number
  events: number
  missing: number
  coefficients: FirthCoefficient[]
  penalizedLogLikelihood: number
  likelihoodRatioTest: ModelTest
}

interface Penalized {
  value: number
  score: Float64Array
  information: Float64Array
}

/** Penalised likelihood (Breslow ties) with score and information. Risk sets are summed directly: data here are small. */
function penalized(rows: CoxRows, beta: ArrayLike<number>): Penalized {
  const { n, p, time, event, entry, weight, x, starts } = rows
  const { eta, risk } = riskScores(rows, beta)
  const score = new Float64Array(p)
  const information = new Float64Array(p * p)
  const third = new Float64Array(p * p * p)
  let logLikelihood = 0
  for (let s = 0; s + 1 < starts.length; s++) {
    const first = starts[s] as number
    const end = starts[s + 1] as number
    for (let i = first; i < end; ) {
      const t = time[i] as number
      let deaths = 0
      let next = i
      for (; next < end && time[next] === t; next++) {
        if (!event[next]) continue
        const w = weight ? (weight[next] as number) : 1
        deaths += w
        logLikelihood += w * (eta[next] as number)
        for (let j = 0; j < p; j++)
          score[j] = (score[j] as number) + w * (x[next * p + j] as number)
      }
      if (deaths > 0) {
        const from = i
        const atRisk = (row: number) => !entry || (entry[row] as number) < t
        let s0 = 0
        const mean = new Float64Array(p)
        for (let row = from; row < end; row++) {
          if (!atRisk(row)) continue
          s0 += risk[row] as number
          for (let j = 0; j < p; j++)
            mean[j] = (mean[j] as number) + (risk[row] as number) * (x[row * p + j] as number)
        }
        for (let j = 0; j < p; j++) mean[j] = (mean[j] as number) / s0
        logLikelihood -= deaths * Math.log(s0)
        const c = new Float64Array(p)
        for (let row = from; row < end; row++) {
          if (!atRisk(row)) continue
          const share = (deaths * (risk[row] as number)) / s0
          for (let j = 0; j < p; j++) c[j] = (x[row * p + j] as number) - (mean[j] as number)
          for (let j = 0; j < p; j++) {
            for (let k = 0; k < p; k++) {
              const jk = share * (c[j] as number) * (c[k] as number)
              information[j * p + k] = (information[j * p + k] as number) + jk
              for (let l = 0; l < p; l++)
                third[(j * p + k) * p + l] =
                  (third[(j * p + k) * p + l] as number) + jk * (c[l] as number)
            }
          }
        }
        for (let j = 0; j < p; j++) score[j] = (score[j] as number) - deaths * (mean[j] as number)
      }
      i = next
    }
  }
  ensure(n > 0, 'empty-sample', 'no rows')
  const factor = cholesky(information, p, 1e-13)
  const inverse = choleskyInverse(factor)
  for (let l = 0; l < p; l++) {
    let trace = 0
    for (let jk = 0; jk < p * p; jk++)
      trace += (inverse[jk] as number) * (third[jk * p + l] as number)
    score[l] = (score[l] as number) + trace / 2
  }
  return { value: logLikelihood + logDeterminant(factor) / 2, score, information }
}

/** Minus the derivative of the penalised score, by central differences: it holds the penalty's own curvature. */
function curvature(rows: CoxRows, beta: Float64Array): Float64Array {
  const { p } = rows
  const matrix = new Float64Array(p * p)
  const width = 1e-4
  for (let j = 0; j < p; j++) {
    const at = (side: 1 | -1) => {
      const moved = Float64Array.from(beta)
      moved[j] = (moved[j] as number) + side * width
      return penalized(rows, moved).score
    }
    const up = at(1)
    const down = at(-1)
    for (let k = 0; k < p; k++) {
      const slope = ((down[k] as number) - (up[k] as number)) / (4 * width)
      matrix[j * p + k] = (matrix[j * p + k] as number) + slope
      matrix[k * p + j] = (matrix[k * p + j] as number) + slope
    }
  }
  return matrix
}

/** Maximum with the coefficient `held` (if any) kept at its value. */
function maximize(
  rows: CoxRows,
  start: Float64Array,
  held: number,
): { beta: Float64Array; at: Penalized } {
  const { p } = rows
  let beta = Float64Array.from(start)
  let at = penalized(rows, beta)
  let flat = 0
  for (let iteration = 0; iteration < 200; iteration++) {
    const score = at.score.slice()
    if (held >= 0) score[held] = 0
    const stepBy = (matrix: Float64Array) => {
      if (held >= 0) {
        for (let j = 0; j < p; j++) {
          matrix[held * p + j] = j === held ? 1 : 0
          matrix[j * p + held] = j === held ? 1 : 0
        }
      }
      const factor = cholesky(matrix, p, 1e-14)
      return factor.rank === p ? choleskySolve(factor, score) : null
    }
    const longest = (s: Float64Array) => s.reduce((most, v) => Math.max(most, Math.abs(v)), 0)
    let step = stepBy(at.information.slice()) ?? score
    // Without the penalty's curvature the last steps only converge linearly, or swing.
    if (longest(step) < 0.5) step = stepBy(curvature(rows, beta)) ?? step
    const length = longest(step)
    if (length < 1e-10 || flat >= 3) return { beta, at }
    let part = Math.min(1, 1 / length)
    let moved = false
    for (let halving = 0; halving < 40; halving++, part /= 2) {
      const factor = part
      const next = beta.map((b, j) => b + factor * (step[j] as number))
      const tried = penalized(rows, next)
      if (tried.value >= at.value - 1e-12 * Math.abs(at.value)) {
        flat = tried.value - at.value < 1e-14 * (1 + Math.abs(at.value)) ? flat + 1 : 0
        beta = next
        at = tried
        moved = true
        break
      }
    }
    if (!moved) return { beta, at }
  }
  throw new StatisticsProblem('not-converged', 'the penalised likelihood found no maximum')
}

/**
 * Cox regression with Firth’s penalty (finite estimates where a level has no events), Breslow ties, with profile
 * penalised-likelihood limits and tests. Every term is penalised. Meant for up to some thousand rows. Throws as `coxPh`
 * does, `bad-option` with clusters, `sample-too-large`.
 * Input: as `coxPh`; estimates are log hazard ratios per unit of the covariate. Missing: a row with a missing value in
 * any given column is dropped and counted; NaN is refused. Source: Firth (1993), Heinze and Schemper (2001).
 * Example: `coxFirth({ time: [1, 2, 3, 4], event: [1, 1, 0, 0], terms: [{ name: 'x', values: [1, 1, 0, 0] }]
 * }).coefficients[0].estimate` = 2.0223.
 */
export function coxFirth(data: CoxData, options: { confidenceLevel?: number } = {}): FirthFit {
  const { confidenceLevel = 0.95 } = options
  requireConfidenceLevel(confidenceLevel)
  ensure(data.cluster === undefined, 'bad-option', 'the penalised fit has no robust variance')
  const { rows, scale, names, missing } = coxRows(data)
  const { p, n } = rows
  ensure(n * p ** 3 <= 5e7, 'sample-too-large', `${n} rows and ${p} coefficients`)
  const zero = new Float64Array(p)
  const dependent = cholesky(penalized(rows, zero).information, p, 1e-10).dependent
  ensure(
    dependent.length === 0,
    'collinear-covariates',
    `${dependent.map((j) => names[j]).join(', ')} follows from the other covariates`,
  )
  const { beta, at } = maximize(rows, zero, -1)
  const inverse = choleskyInverse(cholesky(at.information, p))
  const quantile = chiSquareQuantile(confidenceLevel, 1) / 2
  const coefficients = names.map((name, j): FirthCoefficient => {
    const profile = (value: number) => {
      const start = Float64Array.from(beta)
      start[j] = value
      return maximize(rows, start, j).at.value
    }
    const estimate = beta[j] as number
    const gap = (value: number) => profile(value) - at.value + quantile
    const limit = (direction: 1 | -1) => {
      let far = estimate + direction * 2 * Math.sqrt(inverse[j * p + j] as number)
      for (let width = 1; gap(far) > 0; width *= 2) {
        if (width > 64) return direction * Infinity
        far += direction * width
      }
      return findRoot(gap, estimate, far, 1e-9) / (scale[j] as number)
    }
    const unit = scale[j] as number
    return {
      name,
      estimate: estimate / unit,
      standardError: Math.sqrt(inverse[j * p + j] as number) / unit,
      hazardRatio: Math.exp(estimate / unit),
      lower: Math.exp(limit(-1)),
      upper: Math.exp(limit(1)),
      p: chiSquareCdf(Math.max(0, 2 * (at.value - profile(0))), 1, 'upper'),
    }
  })
  // The determinant of the information knows the units of the covariates.
  const units = scale.reduce((sum, unit) => sum + Math.log(unit), 0)
  const unrestricted = 2 * (at.value - penalized(rows, zero).value)
  return {
    n,
    events: rows.event.reduce((sum, e) => sum + e, 0),
    missing,
    coefficients,
    penalizedLogLikelihood: at.value + units,
    likelihoodRatioTest: modelTest(unrestricted, p),
  }
}
