/*
 * The product-limit estimator (Kaplan and Meier 1958) with Greenwood's variance. All of it follows R's survfit:
 * events before censorings at equal times, limits on the log S scale by default, quantiles that fall on a plateau
 * are its midpoint (compared with a tolerance, because 1 − 0.25 − 0.25 is not 0.5 in binary). One sort, one pass.
 */
import { normalQuantile } from '#domain/statistics/distributions.ts'
import { ensure, requireConfidenceLevel } from '#domain/statistics/problem.ts'
import { gather, sortedOrder } from '#domain/statistics/samples.ts'
import {
  type PreparedSurvival,
  prepareSurvival,
  type SurvivalData,
} from '#domain/statistics/survival-data.ts'
import { jackknifeErrors } from '#domain/statistics/survival-jackknife.ts'

/** Scale of the confidence limits; 'log-log' is the exponential Greenwood formula. */
export type SurvivalLimits = 'plain' | 'log' | 'log-log' | 'logit' | 'arcsin'

export interface KaplanMeierOptions {
  confidenceLevel?: number
  limits?: SurvivalLimits
  /** 'greenwood', or 'robust' (infinitesimal jackknife), which is the default when a weight is not a whole number. */
  variance?: 'greenwood' | 'robust'
  /** Order of the groups; else numeric or alphabetical. */
  levels?: readonly string[]
}

/** One curve as columns; element i belongs to `time[i]`. null: not estimable (S = 0). */
export interface SurvivalCurve {
  /** Group label, 'all' without groups. */
  group: string
  /** Number of rows, and of events (their weights when weights are given). */
  n: number
  events: number
  /** Distinct exit times, ascending, events and censorings alike. */
  time: Float64Array
  /** Under observation just before the time. */
  atRisk: Float64Array
  eventCount: Float64Array
  censored: Float64Array
  survival: Float64Array
  /** Standard error of S(t); where S = 0 it is null (Greenwood) or 0 (robust). */
  standardError: (number | null)[]
  /** Nelson-Aalen cumulative hazard and its standard error: √Σ d/n², or robust with robust variance. */
  cumulativeHazard: Float64Array
  cumulativeHazardStandardError: Float64Array
  lower: (number | null)[]
  upper: (number | null)[]
  confidenceLevel: number
  limits: SurvivalLimits
  /** Sorted entry times of the group when left truncated, with weights. */
  entries: { time: Float64Array; weight: Float64Array } | null
}

export interface KaplanMeier {
  curves: SurvivalCurve[]
  missing: number
}

/**
 * Confidence limits of a survival probability; null where S = 0.
 * Input: S, the standard error of log S, the normal quantile z, the scale; limits are probabilities cut to 0..1.
 * Missing: none is accepted: `kaplanMeier` calls it. Source: Greenwood (1926); Kalbfleisch and Prentice (1980) for
 * log-log.
 * Example: `survivalLimits(2 / 3, Math.sqrt(1 / 6), 1.959963984540054, 'log-log')` = [0.0541, 0.9452].
 */
export function survivalLimits(
  survival: number,
  seLog: number,
  z: number,
  kind: SurvivalLimits,
): [number | null, number | null] {
  if (survival <= 0 || !Number.isFinite(seLog)) return [null, null]
  const s = survival
  if (kind === 'plain') return [Math.max(0, s - z * seLog * s), Math.min(1, s + z * seLog * s)]
  if (kind === 'log') return [s * Math.exp(-z * seLog), Math.min(1, s * Math.exp(z * seLog))]
  if (s >= 1) return [1, 1]
  if (kind === 'log-log') {
    const width = (z * seLog) / Math.log(s)
    const centre = Math.log(-Math.log(s))
    return [Math.exp(-Math.exp(centre - width)), Math.exp(-Math.exp(centre + width))]
  }
  if (kind === 'logit') {
    const width = z * seLog * (1 + s / (1 - s))
    const centre = Math.log(s / (1 - s))
    return [1 - 1 / (1 + Math.exp(centre - width)), 1 - 1 / (1 + Math.exp(centre + width))]
  }
  const width = 0.5 * z * seLog * Math.sqrt(s / (1 - s))
  const centre = Math.asin(Math.sqrt(s))
  return [
    Math.sin(Math.max(0, centre - width)) ** 2,
    Math.sin(Math.min(Math.PI / 2, centre + width)) ** 2,
  ]
}

/** Rows of one group in time order, with everything the curve needs. */
function curveOf(
  data: PreparedSurvival,
  rows: Uint32Array,
  group: string,
  options: Required<KaplanMeierOptions>,
): SurvivalCurve {
  const { time: times, event, weight, entry } = data
  const m = rows.length
  const weights = weight
  const w = (i: number) => (weights ? (weights[i] as number) : 1)
  let distinct = 0
  for (let i = 0; i < m; i++) {
    if (i === 0 || times[rows[i] as number] !== times[rows[i - 1] as number]) distinct++
  }
  const time = new Float64Array(distinct)
  const atRisk = new Float64Array(distinct)
  const eventCount = new Float64Array(distinct)
  const censored = new Float64Array(distinct)
  let index = -1
  for (let i = 0; i < m; i++) {
    const row = rows[i] as number
    if (index < 0 || times[row] !== time[index]) {
      index++
      time[index] = times[row] as number
    }
    const target = event[row] ? eventCount : censored
    target[index] = (target[index] as number) + w(row)
  }
  let running = 0
  for (let k = distinct - 1; k >= 0; k--) {
    running += (eventCount[k] as number) + (censored[k] as number)
    atRisk[k] = running
  }
  let entries: SurvivalCurve['entries'] = null
  if (entry) {
    const raw = gather(entry, rows)
    const order = sortedOrder(raw)
    entries = {
      time: gather(raw, order),
      weight: Float64Array.from(order, (i) => w(rows[i] as number)),
    }
    let notYet = 0
    let j = m - 1
    for (let k = distinct - 1; k >= 0; k--) {
      while (j >= 0 && (entries.time[j] as number) >= (time[k] as number))
        notYet += entries.weight[j--] as number
      atRisk[k] = (atRisk[k] as number) - notYet
    }
  }
  const survival = new Float64Array(distinct)
  const cumulativeHazard = new Float64Array(distinct)
  const hazardError = new Float64Array(distinct)
  const seLog = new Float64Array(distinct)
  let s = 1
  let hazard = 0
  let hazardVariance = 0
  let greenwood = 0
  let events = 0
  for (let k = 0; k < distinct; k++) {
    const d = eventCount[k] as number
    const y = atRisk[k] as number
    if (d > 0) {
      events += d
      // Weighted counts that should be equal differ in the last bit; the curve must still reach 0.
      const rest = y - d <= 1e-12 * y ? 0 : y - d
      s *= rest / y
      hazard += d / y
      hazardVariance += d / (y * y)
      greenwood += rest === 0 ? Infinity : d / (y * rest)
    }
    survival[k] = s
    cumulativeHazard[k] = hazard
    hazardError[k] = Math.sqrt(hazardVariance)
    seLog[k] = Math.sqrt(greenwood)
  }
  const robust = options.variance === 'robust'
  if (robust) {
    const increment = new Float64Array(distinct)
    const jump = new Float64Array(distinct)
    const fill = (rest: (k: number) => number) => {
      for (let k = 0; k < distinct; k++) {
        const d = eventCount[k] as number
        const left = rest(k)
        const counts = d > 0 && left > 0
        increment[k] = counts ? d / ((atRisk[k] as number) * left) : 0
        jump[k] = counts ? 1 / left : 0
      }
      return jackknifeErrors(data, rows, time, increment, jump)
    }
    hazardError.set(fill((k) => atRisk[k] as number))
    const ofLog = fill((k) =>
      (survival[k] as number) > 0 ? (atRisk[k] as number) - (eventCount[k] as number) : 0,
    )
    for (let k = 0; k < distinct; k++)
      seLog[k] = (survival[k] as number) > 0 ? (ofLog[k] as number) : Infinity
  }
  const z = normalQuantile((1 - options.confidenceLevel) / 2, 'upper')
  const standardError = new Array<number | null>(distinct)
  const lower = new Array<number | null>(distinct)
  const upper = new Array<number | null>(distinct)
  for (let k = 0; k < distinct; k++) {
    const sk = survival[k] as number
    const se = seLog[k] as number
    // The jackknife of S itself exists where S is 0, and is 0 there; Greenwood's formula does not.
    const ended = robust && sk === 0
    standardError[k] = sk > 0 && Number.isFinite(se) ? sk * se : ended ? 0 : null
    const limit: [number | null, number | null] =
      ended && options.limits === 'plain' ? [0, 0] : survivalLimits(sk, se, z, options.limits)
    lower[k] = limit[0]
    upper[k] = limit[1]
  }
  return {
    group,
    n: m,
    events,
    time,
    atRisk,
    eventCount,
    censored,
    survival,
    standardError,
    cumulativeHazard,
    cumulativeHazardStandardError: hazardError,
    lower,
    upper,
    confidenceLevel: options.confidenceLevel,
    limits: options.limits,
    entries,
  }
}

/**
 * Kaplan-Meier curves, one per group, with Greenwood’s variance. Limits default to 95 % on the log scale (R’s default;
 * SAS uses log-log). Throws `empty-sample`, `negative-time` (without entry times), `not-finite`, `entry-after-exit`.
 * Input: columns of equal length: times in one unit, event 0/1, optional entry, weight, group; a curve is columns in
 * the unit of the times. Missing: a row with a missing value in any given column is dropped and counted; NaN is
 * refused. Source: Kaplan and Meier (1958), Greenwood (1926).
 * Example: `kaplanMeier({ time: [3, 7, 11], event: [1, 0, 1] }).curves[0].survival` = [2/3, 2/3, 0], `kaplanMeier({
 * time: [3, 7, 11], event: [1, 0, 1] }).curves[0].standardError` = [0.2722, 0.2722, null].
 */
export function kaplanMeier(data: SurvivalData, options: KaplanMeierOptions = {}): KaplanMeier {
  const confidenceLevel = options.confidenceLevel ?? 0.95
  requireConfidenceLevel(confidenceLevel)
  const prepared = prepareSurvival(data, {
    levels: options.levels,
    allowNegativeTime: data.entry !== undefined,
  })
  const fractional = prepared.weight?.some((w) => !Number.isInteger(w)) ?? false
  const full: Required<KaplanMeierOptions> = {
    confidenceLevel,
    limits: options.limits ?? 'log',
    variance: options.variance ?? (fractional ? 'robust' : 'greenwood'),
    levels: prepared.levels,
  }
  const sizes = new Uint32Array(prepared.levels.length)
  for (const g of prepared.group) sizes[g] = (sizes[g] as number) + 1
  const parts = [...sizes].map((size) => new Uint32Array(size))
  sizes.fill(0)
  for (let i = 0; i < prepared.n; i++) {
    const g = prepared.group[i] as number
    const at = sizes[g] as number
    ;(parts[g] as Uint32Array)[at] = i
    sizes[g] = at + 1
  }
  prepared.levels.forEach((level, g) => {
    ensure((sizes[g] as number) > 0, 'empty-sample', `group "${level}" has no subjects`)
  })
  return {
    curves: prepared.levels.map((level, g) =>
      curveOf(prepared, parts[g] as Uint32Array, level, full),
    ),
    missing: prepared.missing,
  }
}
