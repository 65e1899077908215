/* What is read off a survival curve: quantiles, survival at landmark times, numbers at risk, restricted mean. */
import { normalCdf, normalQuantile } from '#domain/statistics/distributions.ts'
import type { SurvivalCurve } from '#domain/statistics/kaplan-meier.ts'
import { ensure, requireConfidenceLevel } from '#domain/statistics/problem.ts'

const tolerance = 1.4901161193847656e-8

/** Index of the last curve time ≤ t, −1 before the first. */
function lastAtOrBefore(time: ArrayLike<number>, t: number): number {
  let lo = 0
  let hi = time.length
  while (lo < hi) {
    const mid = (lo + hi) >> 1
    if ((time[mid] as number) <= t) lo = mid + 1
    else hi = mid
  }
  return lo - 1
}

/** A time on the curve's own scale: one that differs from a curve time by rounding only is that curve time. */
function snap(curve: SurvivalCurve, t: number): number {
  const k = lastAtOrBefore(curve.time, t)
  const slack = tolerance * Math.max(1, Math.abs(t))
  for (const i of [k, k + 1]) {
    const candidate = curve.time[i]
    if (candidate !== undefined && Math.abs(candidate - t) <= slack) return candidate
  }
  return t
}

/** First time at which a falling step function is at or below 1 − p; the midpoint of the plateau when it equals 1 − p. */
function stepQuantile(
  time: ArrayLike<number>,
  values: ArrayLike<number | null>,
  p: number,
): number | null {
  if (p === 0) return null
  const target = 1 - p
  for (let k = 0; k < time.length; k++) {
    const value = values[k]
    if (value === null || value === undefined) continue
    if (value < target - tolerance) return time[k] as number
    if (value <= target + tolerance) {
      for (let next = k + 1; next < time.length; next++) {
        const later = values[next]
        if (later !== null && later !== undefined && later < target - tolerance) {
          return ((time[k] as number) + (time[next] as number)) / 2
        }
      }
      const end = values[time.length - 1]
      if (end === null || end === undefined) return null
      return ((time[k] as number) + (time[time.length - 1] as number)) / 2
    }
  }
  return null
}

export interface SurvivalQuantile {
  p: number
  /** Time at which a share p has had the event; null when the curve does not get there. */
  time: number | null
  lower: number | null
  upper: number | null
}

/**
 * Quantiles of the survival time with limits: the times at which the limits of the curve first reach 1 − p, or the
 * midpoint of a plateau at 1 − p; null when not reached. Limits of few subjects can rise again; R then reads the
 * crossing nearest in probability, this the first. Throws `bad-option`.
 * Input: a curve and probabilities between 0 and 1; times in the unit of the curve. Missing: decided when the curve was
 * made. Source: Brookmeyer and Crowley (1982).
 * Example: `survivalQuantiles(kaplanMeier({ time: [2, 3, 5, 8, 9], event: [1, 1, 0, 1, 0] }).curves[0],
 * [0.25])[0].time` = 3.
 */
export function survivalQuantiles(
  curve: SurvivalCurve,
  probabilities: readonly number[],
): SurvivalQuantile[] {
  return probabilities.map((p) => {
    ensure(p > 0 && p < 1, 'bad-option', `${p} is not a probability between 0 and 1`)
    return {
      p,
      time: stepQuantile(curve.time, curve.survival, p),
      lower: stepQuantile(curve.time, curve.lower, p),
      upper: stepQuantile(curve.time, curve.upper, p),
    }
  })
}

/**
 * Median survival time with limits; null when not reached.
 * Input: a curve; times in its unit. Missing: decided when the curve was made. Source: Brookmeyer and Crowley (1982).
 * Example: `medianSurvival(kaplanMeier({ time: [2, 3, 5, 8, 9], event: [1, 1, 0, 1, 0] }).curves[0]).time` = 8,
 * `medianSurvival(kaplanMeier({ time: [2, 3, 5, 8, 9], event: [1, 1, 0, 1, 0] }).curves[0]).upper` = null.
 */
export function medianSurvival(curve: SurvivalCurve): SurvivalQuantile {
  return survivalQuantiles(curve, [0.5])[0] as SurvivalQuantile
}

/**
 * Numbers at risk just before each of the given times (weighted when weights are given).
 * Input: a curve and times in its unit; one number of subjects for each. Missing: decided when the curve was made.
 * Source: Kaplan and Meier (1958).
 * Example: `numbersAtRisk(kaplanMeier({ time: [2, 3, 5, 8, 9], event: [1, 1, 0, 1, 0] }).curves[0], [0, 3, 6, 10])` =
 * [5, 4, 2, 0].
 */
export function numbersAtRisk(curve: SurvivalCurve, times: readonly number[]): number[] {
  return times.map((asked) => {
    const t = snap(curve, asked)
    const first = lastAtOrBefore(curve.time, t)
    const index = first >= 0 && curve.time[first] === t ? first : first + 1
    if (!curve.entries) return index < curve.time.length ? (curve.atRisk[index] as number) : 0
    let count = 0
    for (let k = index; k < curve.time.length; k++)
      count += (curve.eventCount[k] as number) + (curve.censored[k] as number)
    const { time, weight } = curve.entries
    for (let i = time.length - 1; i >= 0 && (time[i] as number) >= t; i--)
      count -= weight[i] as number
    return count
  })
}

export interface SurvivalAtTime {
  time: number
  atRisk: number
  /** null beyond the last follow-up when the curve has not reached 0 there (unless `carryForward`). */
  survival: number | null
  standardError: number | null
  lower: number | null
  upper: number | null
  cumulativeHazard: number | null
  /** Events and censorings up to and including the time. */
  events: number
  censored: number
  beyondFollowUp: boolean
}

/**
 * Survival with limits at landmark times. `carryForward` keeps the last value after the last follow-up, else it is null
 * there unless the curve has reached 0. Throws `not-finite`.
 * Input: a curve and times in its unit; proportions. Missing: decided when the curve was made. Source: Kaplan and Meier
 * (1958), Greenwood (1926).
 * Example: `survivalAt(kaplanMeier({ time: [2, 3, 5, 8, 9], event: [1, 1, 0, 1, 0] }).curves[0], [4])[0].survival` =
 * 0.6, `survivalAt(kaplanMeier({ time: [2, 3, 5, 8, 9], event: [1, 1, 0, 1, 0] }).curves[0], [4])[0].lower` = 0.2933.
 */
export function survivalAt(
  curve: SurvivalCurve,
  times: readonly number[],
  options: { carryForward?: boolean } = {},
): SurvivalAtTime[] {
  const risks = numbersAtRisk(curve, times)
  const last = curve.time[curve.time.length - 1] as number
  return times.map((asked, i) => {
    ensure(Number.isFinite(asked), 'not-finite', `landmark time ${asked}`)
    const t = snap(curve, asked)
    const k = lastAtOrBefore(curve.time, t)
    let events = 0
    let censored = 0
    for (let j = 0; j <= k; j++) {
      events += curve.eventCount[j] as number
      censored += curve.censored[j] as number
    }
    const counted = { time: asked, atRisk: risks[i] as number, events, censored }
    if (k < 0) {
      return {
        ...counted,
        survival: 1,
        standardError: 0,
        lower: 1,
        upper: 1,
        cumulativeHazard: 0,
        beyondFollowUp: false,
      }
    }
    const survival = curve.survival[k] as number
    const beyondFollowUp = t > last
    if (beyondFollowUp && survival > 0 && !options.carryForward) {
      return {
        ...counted,
        survival: null,
        standardError: null,
        lower: null,
        upper: null,
        cumulativeHazard: null,
        beyondFollowUp,
      }
    }
    return {
      ...counted,
      survival,
      standardError: curve.standardError[k] as number | null,
      lower: curve.lower[k] as number | null,
      upper: curve.upper[k] as number | null,
      cumulativeHazard: curve.cumulativeHazard[k] as number,
      beyondFollowUp,
    }
  })
}

export interface RestrictedMean {
  group: string
  horizon: number
  mean: number
  standardError: number
  lower: number
  upper: number
  /** The horizon lies after the last follow-up: the last survival value was carried on to it. */
  beyondFollowUp: boolean
}

/**
 * Restricted mean survival time up to a horizon: the area under the curve. Variance Σ A² d/(n(n−d)), A the area from
 * the event time to the horizon, without small-sample factor, as survfit prints it. Throws `bad-option`.
 * Input: a curve and a horizon in its unit; the mean is in the same. Missing: decided when the curve was made. Source:
 * Irwin (1949); variance of Klein and Moeschberger (2003, 4.5.2).
 * Example: `restrictedMean(kaplanMeier({ time: [2, 3, 5, 8, 9], event: [1, 1, 0, 1, 0] }).curves[0], 8).mean` = 5.8,
 * `restrictedMean(kaplanMeier({ time: [2, 3, 5, 8, 9], event: [1, 1, 0, 1, 0] }).curves[0], 8).standardError` = 1.2133.
 */
export function restrictedMean(
  curve: SurvivalCurve,
  horizon: number,
  confidenceLevel = 0.95,
): RestrictedMean {
  ensure(
    Number.isFinite(horizon) && horizon > 0,
    'bad-option',
    `horizon ${horizon} must be positive`,
  )
  requireConfidenceLevel(confidenceLevel)
  const tau = snap(curve, horizon)
  const count = lastAtOrBefore(curve.time, tau) + 1
  let mean = 0
  // The mean is a point on the time axis: a scale that starts below 0 is entered from its first time.
  let start = Math.min(0, curve.time[0] as number)
  mean += start
  let s = 1
  for (let k = 0; k < count; k++) {
    mean += s * ((curve.time[k] as number) - start)
    start = curve.time[k] as number
    s = curve.survival[k] as number
  }
  mean += s * (tau - start)
  let area = 0
  let right = tau
  let variance = 0
  for (let k = count - 1; k >= 0; k--) {
    area += (curve.survival[k] as number) * (right - (curve.time[k] as number))
    right = curve.time[k] as number
    const d = curve.eventCount[k] as number
    const y = curve.atRisk[k] as number
    if (d > 0 && (curve.survival[k] as number) > 0) variance += (area * area * d) / (y * (y - d))
  }
  const standardError = Math.sqrt(variance)
  const z = normalQuantile((1 - confidenceLevel) / 2, 'upper')
  return {
    group: curve.group,
    horizon,
    mean,
    standardError,
    lower: mean - z * standardError,
    upper: mean + z * standardError,
    beyondFollowUp: tau > (curve.time[curve.time.length - 1] as number),
  }
}

/** Difference of two restricted means (second minus first) with limits and a normal test. */
export interface RestrictedMeanDifference {
  difference: number
  standardError: number
  lower: number
  upper: number
  z: number | null
  p: number | null
}

/**
 * Restricted mean survival time of `second` minus `first` up to the same horizon, with limits and a normal test. z and
 * p are null when both variances are 0. Throws `bad-option`.
 * Input: two curves and a horizon in one unit; the difference is in the same. Missing: decided when the curve was made.
 * Source: Royston and Parmar (2013).
 * Example: `restrictedMeanDifference(kaplanMeier({ time: [3, 7, 11], event: [1, 0, 1] }).curves[0], kaplanMeier({ time:
 * [2, 3, 5, 8, 9], event: [1, 1, 0, 1, 0] }).curves[0], 8).difference` = -0.5333.
 */
export function restrictedMeanDifference(
  first: SurvivalCurve,
  second: SurvivalCurve,
  horizon: number,
  confidenceLevel = 0.95,
): RestrictedMeanDifference {
  const a = restrictedMean(first, horizon, confidenceLevel)
  const b = restrictedMean(second, horizon, confidenceLevel)
  const difference = b.mean - a.mean
  const standardError = Math.hypot(a.standardError, b.standardError)
  const q = normalQuantile((1 - confidenceLevel) / 2, 'upper')
  const z = standardError > 0 ? difference / standardError : null
  return {
    difference,
    standardError,
    lower: difference - q * standardError,
    upper: difference + q * standardError,
    z,
    p: z === null ? null : 2 * normalCdf(-Math.abs(z)),
  }
}
