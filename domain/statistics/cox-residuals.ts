/*
 * What follows from a fitted model by one more walk over the risk sets: baseline hazard, score residuals (for the
 * robust variance) and martingale residuals. Under Efron's ties a subject who dies at a time is exposed to the
 * steps of that time only in part (1 − share), everybody else at risk in full.
 */
import {
  type CoxRows,
  riskScores,
  type Ties,
  walkRiskSets,
} from '#domain/statistics/cox-likelihood.ts'
import type { CoxModel } from '#domain/statistics/cox-model.ts'
import { cholesky, quadraticForm } from '#domain/statistics/matrix.ts'
import { ensure } from '#domain/statistics/problem.ts'

/** Sums of one event time over its tie steps, on the internal (standardised) scale. */
interface EventTime {
  time: number
  stratum: number
  /** Σ dΛ, and the part to which the deaths of the time are exposed. */
  hazard: number
  deathHazard: number
  /** Σ x̄ dΛ, the same for deaths, and the mean of x̄ over the steps. */
  meanHazard: Float64Array
  deathMeanHazard: Float64Array
  mean: Float64Array
  /** Σ dΛ / S0: variance of the hazard increment. */
  variance: number
}

/** Event times of all strata, ascending within stratum. */
function eventTimes(rows: CoxRows, risk: Float64Array, ties: Ties): EventTime[] {
  const { p } = rows
  const list: EventTime[] = []
  let current: EventTime | null = null
  walkRiskSets(
    rows,
    risk,
    ties,
    (step, mean) => {
      if (step.share === 0) {
        current = {
          time: step.time,
          stratum: step.stratum,
          hazard: 0,
          deathHazard: 0,
          variance: 0,
          meanHazard: new Float64Array(p),
          deathMeanHazard: new Float64Array(p),
          mean: new Float64Array(p),
        }
        list.push(current)
      }
      const at = current as EventTime
      const increment = step.weight / step.s0
      const own = increment * (1 - step.share)
      const part = ties === 'efron' ? 1 / step.deaths : 1
      at.hazard += increment
      at.deathHazard += own
      at.variance += increment / step.s0
      for (let j = 0; j < p; j++) {
        const m = mean[j] as number
        at.meanHazard[j] = (at.meanHazard[j] as number) + m * increment
        at.deathMeanHazard[j] = (at.deathMeanHazard[j] as number) + m * own
        at.mean[j] = (at.mean[j] as number) + m * part
      }
    },
    false,
  )
  return list.reverse().sort((a, b) => a.stratum - b.stratum || a.time - b.time)
}

/** Score residuals n × p (unweighted) and martingale residuals, on the internal scale, at the estimate or another β. */
export function scoreResiduals(
  model: CoxModel,
  beta: ArrayLike<number> = model.fit.beta,
): { score: Float64Array; martingale: Float64Array } {
  const { rows, ties } = model
  ensure(ties !== 'exact', 'bad-option', 'residuals are not defined for exact ties')
  const { n, p, x, time, entry, event, starts, weight } = rows
  const { risk } = riskScores(rows, beta)
  const events = eventTimes(rows, risk, ties)
  const score = new Float64Array(n * p)
  const martingale = new Float64Array(n)
  for (let stratum = 0; stratum + 1 < starts.length; stratum++) {
    const own = events.filter((e) => e.stratum === stratum)
    const m = own.length
    const hazard = new Float64Array(m + 1)
    const meanHazard = new Float64Array((m + 1) * p)
    own.forEach((e, k) => {
      hazard[k + 1] = (hazard[k] as number) + e.hazard
      for (let j = 0; j < p; j++)
        meanHazard[(k + 1) * p + j] =
          (meanHazard[k * p + j] as number) + (e.meanHazard[j] as number)
    })
    const upTo = (t: number) => {
      let lo = 0
      let hi = m
      while (lo < hi) {
        const mid = (lo + hi) >> 1
        if ((own[mid] as EventTime).time <= t) lo = mid + 1
        else hi = mid
      }
      return lo
    }
    for (let i = starts[stratum] as number; i < (starts[stratum + 1] as number); i++) {
      const last = upTo(time[i] as number)
      const first = entry ? upTo(entry[i] as number) : 0
      const dies = event[i] === 1
      const at = dies ? (own[last - 1] as EventTime) : null
      const whole = at ? last - 1 : last
      const r = (risk[i] as number) / (weight ? (weight[i] as number) : 1)
      const exposure =
        (hazard[whole] as number) - (hazard[first] as number) + (at ? at.deathHazard : 0)
      martingale[i] = (dies ? 1 : 0) - r * exposure
      for (let j = 0; j < p; j++) {
        const xj = x[i * p + j] as number
        const means =
          (meanHazard[whole * p + j] as number) -
          (meanHazard[first * p + j] as number) +
          (at ? (at.deathMeanHazard[j] as number) : 0)
        score[i * p + j] = (at ? xj - (at.mean[j] as number) : 0) - r * (xj * exposure - means)
      }
    }
  }
  return { score, martingale }
}

/** Weighted score residuals summed by cluster (each row for itself without clusters), one array of p per cluster. */
function clusterScores(
  model: CoxModel,
  score: Float64Array,
  cluster: readonly (string | number)[] | null,
): Float64Array[] {
  const { n, p, weight } = model.rows
  const slots = new Map<string | number, number>()
  const sums: Float64Array[] = []
  for (let i = 0; i < n; i++) {
    const key = cluster ? (cluster[i] as string | number) : i
    let slot = slots.get(key)
    if (slot === undefined) {
      slot = sums.push(new Float64Array(p)) - 1
      slots.set(key, slot)
    }
    const sum = sums[slot] as Float64Array
    const w = weight ? (weight[i] as number) : 1
    for (let j = 0; j < p; j++) sum[j] = (sum[j] as number) + w * (score[i * p + j] as number)
  }
  return sums
}

/** Σ s sᵀ over clusters. */
function outerSum(sums: readonly Float64Array[], p: number): Float64Array {
  const total = new Float64Array(p * p)
  for (const s of sums) {
    for (let j = 0; j < p; j++) {
      for (let k = 0; k < p; k++)
        total[j * p + k] = (total[j * p + k] as number) + (s[j] as number) * (s[k] as number)
    }
  }
  return total
}

/** Sandwich covariance on the internal scale: dfbeta residuals summed by cluster (Lin and Wei 1989), no small-sample factor. */
export function clusterCovariance(
  model: CoxModel,
  cluster: readonly (string | number)[] | null,
): Float64Array {
  const { p } = model.rows
  const { covariance } = model.fit
  const dfbeta = clusterScores(model, scoreResiduals(model).score, cluster).map((s) => {
    const d = new Float64Array(p)
    for (let j = 0; j < p; j++) {
      for (let k = 0; k < p; k++)
        d[j] = (d[j] as number) + (s[k] as number) * (covariance[k * p + j] as number)
    }
    return d
  })
  return outerSum(dfbeta, p)
}

/** Robust score statistic: the score at β = 0 against the spread of the clusters' scores. */
export function robustScore(model: CoxModel, cluster: readonly (string | number)[] | null): number {
  const { p } = model.rows
  const sums = clusterScores(model, scoreResiduals(model, new Float64Array(p)).score, cluster)
  const total = new Float64Array(p)
  for (const s of sums)
    for (let j = 0; j < p; j++) total[j] = (total[j] as number) + (s[j] as number)
  return quadraticForm(cholesky(outerSum(sums, p), p), total)
}

export interface SchoenfeldResiduals {
  /** Coefficient names: the columns. */
  names: string[]
  /** One row per event, by stratum and time: the input row, its time, x − x̄, and the scaled residual. */
  row: Uint32Array
  time: Float64Array
  residuals: number[][]
  /** Residual × covariance × number of events + β: its trend over time shows how the coefficient changes. */
  scaled: number[][]
}

/**
 * Schoenfeld residuals and scaled ones: the covariates of each subject with an event minus their weighted mean at risk
 * (under Efron’s ties the mean over the tie steps). Not for exact ties (`bad-option`) or infinite coefficients
 * (`not-converged`).
 * Input: the model of a fit; one row per event, one column per coefficient, in the units of the covariates. Missing:
 * decided when the model was fitted: incomplete rows are dropped there. Source: Schoenfeld (1982), Grambsch and
 * Therneau (1994).
 * Example: `schoenfeldResiduals(coxPh({ time: [1, 2, 3, 4, 5], event: [1, 1, 0, 1, 1], terms: [{ name: 'x', values: [1,
 * 0, 2, 1, 0] }] }).model).residuals` = [[0.2187], [-0.7271], [0.5084], [0.0000]].
 */
export function schoenfeldResiduals(model: CoxModel): SchoenfeldResiduals {
  const { rows, fit, scale, names, source } = model
  const { p, x, time, event, starts } = rows
  ensure(
    fit.infinite.every((s) => s === 0),
    'not-converged',
    'a coefficient is infinite: there are no residuals',
  )
  const events = hazardSteps(model)
  const row: number[] = []
  const residuals: number[][] = []
  let at = 0
  for (let stratum = 0; stratum + 1 < starts.length; stratum++) {
    for (let i = starts[stratum] as number; i < (starts[stratum + 1] as number); i++) {
      if (!event[i]) continue
      while (events[at]?.stratum !== stratum || events[at]?.time !== time[i]) at++
      const mean = (events[at] as EventTime).mean
      row.push(i)
      residuals.push(
        names.map(
          (_, j) => ((x[i * p + j] as number) - (mean[j] as number)) * (scale[j] as number),
        ),
      )
    }
  }
  const d = residuals.length
  const scaled = residuals.map((r) =>
    names.map((_, j) => {
      let sum = 0
      for (let k = 0; k < p; k++)
        sum += ((r[k] as number) / (scale[k] as number)) * (fit.covariance[k * p + j] as number)
      return (sum * d + (fit.beta[j] as number)) / (scale[j] as number)
    }),
  )
  return {
    names,
    row: Uint32Array.from(row, (i) => source[i] as number),
    time: Float64Array.from(row, (i) => time[i] as number),
    residuals,
    scaled,
  }
}

/** Event times of a model with the hazard sums, for baseline and predicted curves. */
export function hazardSteps(model: CoxModel): EventTime[] {
  ensure(model.ties !== 'exact', 'bad-option', 'the baseline hazard is not defined for exact ties')
  const { risk } = riskScores(model.rows, model.fit.beta)
  return eventTimes(model.rows, risk, model.ties)
}
