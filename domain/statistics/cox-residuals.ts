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

/** Score residuals n × p (unweighted) and martingale residuals, on the internal scale. */
export function scoreResiduals(model: CoxModel): { score: Float64Array; martingale: Float64Array } {
  const { rows, fit, ties } = model
  ensure(ties !== 'exact', 'bad-option', 'residuals are not defined for exact ties')
  const { n, p, x, time, entry, event, starts, weight } = rows
  const { risk } = riskScores(rows, fit.beta)
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

/** Sandwich covariance on the internal scale: dfbeta residuals summed by cluster (Lin and Wei 1989), no small-sample factor. */
export function clusterCovariance(
  model: CoxModel,
  cluster: readonly (string | number)[],
): Float64Array {
  const { rows, fit } = model
  const { n, p, weight } = rows
  const { score } = scoreResiduals(model)
  const sums = new Map<string | number, Float64Array>()
  for (let i = 0; i < n; i++) {
    const key = cluster[i] as string | number
    let sum = sums.get(key)
    if (!sum) {
      sum = new Float64Array(p)
      sums.set(key, sum)
    }
    const w = weight ? (weight[i] as number) : 1
    for (let j = 0; j < p; j++) {
      let value = 0
      for (let k = 0; k < p; k++)
        value += (score[i * p + k] as number) * (fit.covariance[k * p + j] as number)
      sum[j] = (sum[j] as number) + w * value
    }
  }
  const covariance = new Float64Array(p * p)
  for (const d of sums.values()) {
    for (let j = 0; j < p; j++) {
      for (let k = 0; k < p; k++)
        covariance[j * p + k] =
          (covariance[j * p + k] as number) + (d[j] as number) * (d[k] as number)
    }
  }
  return covariance
}

/** Event times of a model with the hazard sums, for baseline and predicted curves. */
export function hazardSteps(model: CoxModel): EventTime[] {
  ensure(model.ties !== 'exact', 'bad-option', 'the baseline hazard is not defined for exact ties')
  const { risk } = riskScores(model.rows, model.fit.beta)
  return eventTimes(model.rows, risk, model.ties)
}
