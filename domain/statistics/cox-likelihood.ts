/*
 * The partial likelihood and its derivatives. Rows come sorted by stratum and ascending time; each stratum is walked
 * from its last time to its first, subjects join the risk set at their time and (with late entry) leave it again at
 * their entry. Sums S0 = Σ r, S1 = Σ r x, S2 = Σ r x xᵀ are carried along, so a pass costs O(n p²) whatever the
 * number of event times. Efron's ties average over the deaths of a time as if each left the risk set in turn.
 */
import { ensure } from '#domain/statistics/problem.ts'

export type Ties = 'efron' | 'breslow' | 'exact'

export interface CoxRows {
  n: number
  p: number
  time: Float64Array
  event: Uint8Array
  entry: Float64Array | null
  weight: Float64Array | null
  offset: Float64Array | null
  /** Row-major n × p, centred and scaled. */
  x: Float64Array
  /** First row of each stratum, and n at the end. */
  starts: number[]
  /** Rows of each stratum by descending entry; null without late entry. */
  byEntry: Uint32Array[] | null
}

export interface Derivatives {
  logLikelihood: number
  score: Float64Array
  /** Full symmetric p × p. */
  information: Float64Array
}

/** One tie step of one event time: risk-set sums after part of the deaths has left; `weight` is its share of events. */
export interface RiskStep {
  time: number
  stratum: number
  weight: number
  /** Part of the deaths' own risk that has left: 0 for the first step. */
  share: number
  s0: number
  /** Index of the event time within the walk, and whether this is its last step. */
  deaths: number
}

/** Risk scores w·exp(xβ + offset). */
export function riskScores(
  rows: CoxRows,
  beta: ArrayLike<number>,
): { eta: Float64Array; risk: Float64Array } {
  const { n, p, x, offset, weight } = rows
  const eta = new Float64Array(n)
  const risk = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    let sum = offset ? (offset[i] as number) : 0
    const base = i * p
    for (let j = 0; j < p; j++) sum += (x[base + j] as number) * (beta[j] as number)
    eta[i] = sum
    const r = Math.exp(sum)
    risk[i] = weight ? r * (weight[i] as number) : r
  }
  return { eta, risk }
}

/**
 * Walks all event times backwards and calls `visit` once per tie step with mean x̄ and (when asked for) the variance
 * matrix V of the covariates over the risk set, both valid only during the call.
 */
export function walkRiskSets(
  rows: CoxRows,
  risk: Float64Array,
  ties: Ties,
  visit: (step: RiskStep, mean: Float64Array, variance: Float64Array) => void,
  second = true,
): void {
  const { p, time, event, entry, weight, x, starts, byEntry } = rows
  const s1 = new Float64Array(p)
  const s2 = new Float64Array(p * p)
  const d1 = new Float64Array(p)
  const d2 = new Float64Array(p * p)
  const mean = new Float64Array(p)
  const variance = new Float64Array(p * p)
  const addRow = (row: number, sum1: Float64Array, sum2: Float64Array): number => {
    const r = risk[row] as number
    for (let j = 0; j < p; j++) {
      const rx = r * (x[row * p + j] as number)
      sum1[j] = (sum1[j] as number) + rx
      if (!second) continue
      for (let k = 0; k <= j; k++)
        sum2[j * p + k] = (sum2[j * p + k] as number) + rx * (x[row * p + k] as number)
    }
    return r
  }
  for (let stratum = 0; stratum + 1 < starts.length; stratum++) {
    const first = starts[stratum] as number
    const end = starts[stratum + 1] as number
    let i = end - 1
    const leaving = byEntry?.[stratum]
    let leave = 0
    let s0 = 0
    let peak = 0
    let count = 0
    s1.fill(0)
    s2.fill(0)
    while (i >= first) {
      const t = time[i] as number
      let deaths = 0
      let deathWeight = 0
      let d0 = 0
      for (; i >= first && time[i] === t; i--) {
        const r = risk[i] as number
        const base = i * p
        const dies = event[i] === 1
        s0 += r
        count++
        if (s0 > peak) peak = s0
        if (dies) {
          if (deaths === 0) {
            d1.fill(0)
            d2.fill(0)
          }
          deaths++
          deathWeight += weight ? (weight[i] as number) : 1
          d0 += r
        }
        for (let j = 0; j < p; j++) {
          const rx = r * (x[base + j] as number)
          s1[j] = (s1[j] as number) + rx
          if (dies) d1[j] = (d1[j] as number) + rx
          if (!second) continue
          for (let k = 0; k <= j; k++) {
            const rxx = rx * (x[base + k] as number)
            const at = j * p + k
            s2[at] = (s2[at] as number) + rxx
            if (dies) d2[at] = (d2[at] as number) + rxx
          }
        }
      }
      if (leaving && entry) {
        for (; leave < leaving.length; leave++) {
          const row = leaving[leave] as number
          if ((entry[row] as number) < t) break
          const r = risk[row] as number
          const base = row * p
          s0 -= r
          count--
          for (let j = 0; j < p; j++) {
            const rx = r * (x[base + j] as number)
            s1[j] = (s1[j] as number) - rx
            if (second)
              for (let k = 0; k <= j; k++)
                s2[j * p + k] = (s2[j * p + k] as number) - rx * (x[base + k] as number)
          }
        }
        // Taking away what was most of a sum leaves its rounding: then the sums are made anew.
        if (s0 > peak) peak = s0
        if (count === 0 || s0 < 1e-5 * peak) {
          s0 = 0
          s1.fill(0)
          s2.fill(0)
          for (let row = i + 1; count > 0 && row < end; row++) {
            if ((entry[row] as number) < t) s0 += addRow(row, s1, s2)
          }
          peak = s0
        }
      }
      if (deaths === 0) continue
      const steps = ties === 'efron' ? deaths : 1
      for (let step = 0; step < steps; step++) {
        const share = step / steps
        const total = s0 - share * d0
        for (let j = 0; j < p; j++)
          mean[j] = ((s1[j] as number) - share * (d1[j] as number)) / total
        if (second) {
          for (let j = 0; j < p; j++) {
            for (let k = 0; k <= j; k++) {
              const at = j * p + k
              const value =
                ((s2[at] as number) - share * (d2[at] as number)) / total -
                (mean[j] as number) * (mean[k] as number)
              variance[at] = value
              variance[k * p + j] = value
            }
          }
        }
        visit(
          { time: t, stratum, weight: deathWeight / steps, share, s0: total, deaths },
          mean,
          variance,
        )
      }
    }
  }
}

/** Log partial likelihood, score and information at β (Efron or Breslow). */
export function coxDerivatives(
  rows: CoxRows,
  beta: ArrayLike<number>,
  ties: 'efron' | 'breslow',
): Derivatives {
  const { n, p, event, weight, x } = rows
  const { eta, risk } = riskScores(rows, beta)
  const score = new Float64Array(p)
  const information = new Float64Array(p * p)
  let logLikelihood = 0
  for (let i = 0; i < n; i++) {
    if (event[i] !== 1) continue
    const w = weight ? (weight[i] as number) : 1
    logLikelihood += w * (eta[i] as number)
    for (let j = 0; j < p; j++) score[j] = (score[j] as number) + w * (x[i * p + j] as number)
  }
  walkRiskSets(rows, risk, ties, (step, mean, variance) => {
    logLikelihood -= step.weight * Math.log(step.s0)
    for (let j = 0; j < p; j++) score[j] = (score[j] as number) - step.weight * (mean[j] as number)
    for (let at = 0; at < information.length; at++)
      information[at] = (information[at] as number) + step.weight * (variance[at] as number)
  })
  return { logLikelihood, score, information }
}

/**
 * The exact (discrete, conditional logistic) likelihood: at a time with d deaths the denominator sums over all sets of
 * d subjects at risk, by the recursion of Gail, Lubin and Rubinstein (1981). Cost grows with n·d·p² per time.
 */
export function exactDerivatives(rows: CoxRows, beta: ArrayLike<number>): Derivatives {
  const { p, time, event, entry, x, starts, weight } = rows
  ensure(weight === null, 'bad-option', 'exact ties take no case weights')
  const { eta, risk } = riskScores(rows, beta)
  const score = new Float64Array(p)
  const information = new Float64Array(p * p)
  let logLikelihood = 0
  for (let stratum = 0; stratum + 1 < starts.length; stratum++) {
    const first = starts[stratum] as number
    const end = starts[stratum + 1] as number
    for (let i = end - 1; i >= first; ) {
      const t = time[i] as number
      let from = i
      let d = 0
      for (; from >= first && time[from] === t; from--) {
        if (event[from] !== 1) continue
        d++
        logLikelihood += eta[from] as number
        for (let j = 0; j < p; j++) score[j] = (score[j] as number) + (x[from * p + j] as number)
      }
      i = from
      if (d === 0) continue
      ensure(
        (end - from) * d * p * p < 5e8,
        'sample-too-large',
        `exact ties of ${d} events at time ${t}`,
      )
      let largest = 0
      for (let k = from + 1; k < end; k++) {
        if (!entry || (entry[k] as number) < t) largest = Math.max(largest, risk[k] as number)
      }
      const b0 = new Float64Array(d + 1)
      const b1 = new Float64Array((d + 1) * p)
      const b2 = new Float64Array((d + 1) * p * p)
      b0[0] = 1
      for (let row = from + 1; row < end; row++) {
        if (entry && (entry[row] as number) >= t) continue
        const r = (risk[row] as number) / largest
        const base = row * p
        for (let m = d; m >= 1; m--) {
          const lower = b0[m - 1] as number
          b0[m] = (b0[m] as number) + r * lower
          for (let j = 0; j < p; j++) {
            const xj = x[base + j] as number
            const lower1 = b1[(m - 1) * p + j] as number
            for (let k = 0; k < p; k++) {
              const xk = x[base + k] as number
              const at = m * p * p + j * p + k
              b2[at] =
                (b2[at] as number) +
                r *
                  ((b2[at - p * p] as number) +
                    xj * (b1[(m - 1) * p + k] as number) +
                    xk * lower1 +
                    xj * xk * lower)
            }
          }
          for (let j = 0; j < p; j++) {
            const at = m * p + j
            b1[at] =
              (b1[at] as number) + r * ((b1[at - p] as number) + (x[base + j] as number) * lower)
          }
        }
      }
      const total = b0[d] as number
      ensure(
        Number.isFinite(total) && total > 0,
        'sample-too-large',
        `exact ties of ${d} events at time ${t}`,
      )
      logLikelihood -= Math.log(total) + d * Math.log(largest)
      for (let j = 0; j < p; j++) {
        const ej = (b1[d * p + j] as number) / total
        score[j] = (score[j] as number) - ej
        for (let k = 0; k < p; k++) {
          const at = j * p + k
          information[at] =
            (information[at] as number) +
            (b2[d * p * p + at] as number) / total -
            (ej * (b1[d * p + k] as number)) / total
        }
      }
    }
  }
  return { logLikelihood, score, information }
}
