import { riskScores, walkRiskSets } from '#domain/statistics/cox-likelihood.ts'
import { type CoxModel, modelTest } from '#domain/statistics/cox-model.ts'
import { kaplanMeier } from '#domain/statistics/kaplan-meier.ts'
import { cholesky, quadraticForm } from '#domain/statistics/matrix.ts'
import { ensure } from '#domain/statistics/problem.ts'
import { midRanks } from '#domain/statistics/samples.ts'

/** Time scale of the test: 1 − Kaplan-Meier just before the event, the time, its logarithm, or its rank among all times. */
export type ZphTransform = 'km' | 'identity' | 'log' | 'rank'

export interface ProportionalHazardsTest {
  transform: ZphTransform
  /** One row per term (a factor has the degrees of freedom of its levels), then the global test. */
  terms: { name: string; chiSquare: number; degreesOfFreedom: number; p: number }[]
  global: { chiSquare: number; degreesOfFreedom: number; p: number }
}

/** Value of the time scale at each death of the rows, null for the others. */
function deathScale(model: CoxModel, transform: ZphTransform): Float64Array {
  const { time, event, entry, n } = model.rows
  const g = new Float64Array(n)
  const deaths: number[] = []
  for (let i = 0; i < n; i++) if (event[i]) deaths.push(i)
  const times = deaths.map((i) => time[i] as number)
  if (transform === 'rank') {
    const { ranks } = midRanks(time)
    for (const i of deaths) g[i] = ranks[i] as number
  } else if (transform === 'km') {
    const curve = kaplanMeier({ time, event, entry: entry ?? undefined }).curves[0]
    const before = new Map<number, number>()
    curve?.time.forEach((t, k) => {
      before.set(t, 1 - (k === 0 ? 1 : (curve.survival[k - 1] as number)))
    })
    for (const i of deaths) g[i] = before.get(time[i] as number) as number
  } else {
    ensure(
      transform !== 'log' || times.every((t) => t > 0),
      'bad-option',
      'an event at time 0 has no logarithm',
    )
    for (const i of deaths)
      g[i] = transform === 'log' ? Math.log(time[i] as number) : (time[i] as number)
  }
  const mean = deaths.reduce((sum, i) => sum + (g[i] as number), 0) / deaths.length
  for (const i of deaths) g[i] = (g[i] as number) - mean
  return g
}

/**
 * Test of proportional hazards: the score test of an interaction of each term with the transformed time (as in cox.zph
 * of the survival package from version 3.0; older programs approximate it). Not for exact ties (`bad-option`) or
 * infinite coefficients (`not-converged`). Throws `constant-sample` when all events share one time.
 * Input: the model of a fit and the time scale; one row per term, and the global test. Missing: decided when the model
 * was fitted: incomplete rows are dropped there. Source: Grambsch and Therneau (1994).
 * Example: `proportionalHazardsTest(coxPh({ time: [1, 2, 3, 4, 5], event: [1, 1, 0, 1, 1], terms: [{ name: 'x', values:
 * [1, 0, 2, 1, 0] }] }).model, 'identity').global.chiSquare` = 0.4102, `proportionalHazardsTest(coxPh({ time: [1, 2, 3,
 * 4, 5], event: [1, 1, 0, 1, 1], terms: [{ name: 'x', values: [1, 0, 2, 1, 0] }] }).model).global.p` = 0.7367.
 */
export function proportionalHazardsTest(
  model: CoxModel,
  transform: ZphTransform = 'km',
): ProportionalHazardsTest {
  const { rows, fit, ties, design } = model
  ensure(ties !== 'exact', 'bad-option', 'the test is not defined for exact ties')
  ensure(
    fit.infinite.every((s) => s === 0),
    'not-converged',
    'a coefficient is infinite: the test has no meaning',
  )
  const { n, p, event, weight, x, time } = rows
  const g = deathScale(model, transform)
  const q = 2 * p
  const u = new Float64Array(p)
  const information = new Float64Array(q * q)
  const scaleAt = new Map<number, number>()
  for (let i = 0; i < n; i++) {
    if (!event[i]) continue
    const gi = g[i] as number
    scaleAt.set(time[i] as number, gi)
    const w = weight ? (weight[i] as number) : 1
    for (let j = 0; j < p; j++) u[j] = (u[j] as number) + w * gi * (x[i * p + j] as number)
  }
  ensure(
    [...scaleAt.values()].some((v) => Math.abs(v) > 1e-14),
    'constant-sample',
    'all events share one time',
  )
  const { risk } = riskScores(rows, fit.beta)
  walkRiskSets(rows, risk, ties, (step, mean, variance) => {
    const at = scaleAt.get(step.time) as number
    for (let j = 0; j < p; j++) {
      u[j] = (u[j] as number) - step.weight * at * (mean[j] as number)
      for (let k = 0; k < p; k++) {
        const v = step.weight * (variance[j * p + k] as number)
        information[j * q + k] = (information[j * q + k] as number) + v
        information[j * q + p + k] = (information[j * q + p + k] as number) + at * v
        information[(p + j) * q + k] = (information[(p + j) * q + k] as number) + at * v
        information[(p + j) * q + p + k] =
          (information[(p + j) * q + p + k] as number) + at * at * v
      }
    }
  })
  const test = (columns: readonly number[]) => {
    const size = p + columns.length
    const index = [...Array.from({ length: p }, (_, j) => j), ...columns.map((j) => p + j)]
    const matrix = new Float64Array(size * size)
    index.forEach((a, r) => {
      index.forEach((b, c) => {
        matrix[r * size + c] = information[a * q + b] as number
      })
    })
    const score = Float64Array.from(index, (a) => (a < p ? 0 : (u[a - p] as number)))
    const {
      statistic,
      degreesOfFreedom,
      p: value,
    } = modelTest(quadraticForm(cholesky(matrix, size), score), columns.length)
    return { chiSquare: statistic, degreesOfFreedom, p: value }
  }
  const terms = design.terms.map((name, t) => {
    const columns = design.columns.flatMap((c, j) => (c.term === t ? [j] : []))
    return { name, ...test(columns) }
  })
  return { transform, terms, global: test(design.columns.map((_, j) => j)) }
}
