/*
 * Competing risks: the Aalen-Johansen cumulative incidence with its delta-method (infinitesimal jackknife) variance,
 * which is carried forward as the covariance of
 * (incidence, survival), updated at each event time by the multinomial covariance of the increments.
 */
import {
  type CodedRisks,
  type CompetingRisksData,
  causesOf,
  codeRisks,
} from '#domain/statistics/competing-risks-data.ts'
import { normalQuantile } from '#domain/statistics/distributions.ts'
import { type SurvivalLimits, survivalLimits } from '#domain/statistics/kaplan-meier.ts'
import { ensure, requireConfidenceLevel } from '#domain/statistics/problem.ts'

export interface IncidenceReading {
  incidence: number
  standardError: number
  /** While the incidence is 0: 0 before the first follow-up time and on the plain scale, else null (log 0). */
  lower: number | null
  upper: number | null
}

export interface IncidenceCurve {
  group: string
  n: number
  causes: string[]
  time: Float64Array
  atRisk: Float64Array
  /** Column per cause: cumulative incidence and its standard error at each time. */
  incidence: Float64Array[]
  standardError: Float64Array[]
  /** Probability of no event of any cause. */
  eventFree: Float64Array
  at: (times: readonly number[]) => { time: number; atRisk: number; causes: IncidenceReading[] }[]
}

/**
 * Cumulative incidence of each cause by group with limits. Throws `empty-sample`, `negative-time`, `bad-option` (an
 * unknown state).
 * Input: columns of equal length: time, state (one label is the censoring), group; a result is a proportion at each
 * time, in the unit of the times. Missing: a row with a missing value in any given column is dropped and counted; NaN
 * is refused. Source: Aalen and Johansen (1978).
 * Example: `cumulativeIncidence({ time: [1, 2, 3, 4], state: ['relapse', 'death', 'none', 'relapse'] }, { censoring:
 * 'none' }).curves[0].incidence` = [[0.00, 0.25, 0.25, 0.25], [0.25, 0.25, 0.25, 0.75]].
 */
export function cumulativeIncidence(
  data: CompetingRisksData,
  options: {
    censoring: string
    causes?: readonly string[]
    levels?: readonly string[]
    confidenceLevel?: number
    /** Scale of the limits; 'log' is R's default. */
    limits?: SurvivalLimits
  },
): { curves: IncidenceCurve[]; missing: number } {
  const { censoring, confidenceLevel = 0.95, limits = 'log' } = options
  requireConfidenceLevel(confidenceLevel)
  const causes = causesOf(data, censoring, options.causes)
  const all = codeRisks(data, censoring, causes, options.levels)
  const z = normalQuantile((1 - confidenceLevel) / 2, 'upper')
  const curves = all.levels.map((group, g) => {
    const rows: number[] = []
    for (let i = 0; i < all.time.length; i++) if (all.group[i] === g) rows.push(i)
    ensure(rows.length > 0, 'empty-sample', `group "${group}" has no subjects`)
    return curveOf(all, rows, group, causes, z, limits)
  })
  return { curves, missing: all.missing }
}

function curveOf(
  all: CodedRisks,
  rows: readonly number[],
  group: string,
  causes: string[],
  z: number,
  limits: SurvivalLimits,
): IncidenceCurve {
  const times = [...new Set(rows.map((i) => all.time[i] as number))]
  const m = times.length
  const k = causes.length
  const time = Float64Array.from(times)
  const atRisk = new Float64Array(m)
  const eventFree = new Float64Array(m)
  const incidence = causes.map(() => new Float64Array(m))
  const standardError = causes.map(() => new Float64Array(m))
  const p = new Float64Array(k)
  const pp = new Float64Array(k)
  const ps = new Float64Array(k)
  let ss = 0
  let s = 1
  let y = rows.length
  let at = 0
  for (let t = 0; t < m; t++) {
    atRisk[t] = y
    const d = new Float64Array(k)
    let left = 0
    for (; at < rows.length && all.time[rows[at] as number] === time[t]; at++) {
      const cause = all.cause[rows[at] as number] as number
      if (cause > 0) d[cause - 1] = (d[cause - 1] as number) + 1
      left++
    }
    const events = d.reduce((sum, x) => sum + x, 0)
    if (events > 0) {
      const any = events / y
      for (let c = 0; c < k; c++) {
        const a = (d[c] as number) / y
        const own = ((d[c] as number) / y - a * a) / y
        const cross = (a - a * any) / y
        const oldPs = ps[c] as number
        pp[c] = (pp[c] as number) + 2 * a * oldPs + a * a * ss + s * s * own
        ps[c] = (1 - any) * (oldPs + a * ss) - s * s * cross
        p[c] = (p[c] as number) + s * a
      }
      ss = (1 - any) ** 2 * ss + (s * s * (any - any * any)) / y
      s *= (y - events) / y
    }
    for (let c = 0; c < k; c++) {
      ;(incidence[c] as Float64Array)[t] = p[c] as number
      ;(standardError[c] as Float64Array)[t] = Math.sqrt(
        (pp[c] as number) < 1e-16 ? 0 : (pp[c] as number),
      )
    }
    eventFree[t] = s
    y -= left
  }
  const readings = (asked: readonly number[]) =>
    asked.map((when) => {
      let index = m
      while (index > 0 && (time[index - 1] as number) > when) index--
      const exact = index > 0 && time[index - 1] === when
      const risk = exact ? (atRisk[index - 1] as number) : index < m ? (atRisk[index] as number) : 0
      return {
        time: when,
        atRisk: risk,
        causes: causes.map((_, c): IncidenceReading => {
          const value = index === 0 ? 0 : ((incidence[c] as Float64Array)[index - 1] as number)
          const error = index === 0 ? 0 : ((standardError[c] as Float64Array)[index - 1] as number)
          if (value === 0) {
            const limit = index === 0 || limits === 'plain' ? 0 : null
            return { incidence: 0, standardError: error, lower: limit, upper: limit }
          }
          const [lower, upper] = survivalLimits(value, error / value, z, limits)
          return { incidence: value, standardError: error, lower, upper }
        }),
      }
    })
  return {
    group,
    n: rows.length,
    causes,
    time,
    atRisk,
    incidence,
    standardError,
    eventFree,
    at: readings,
  }
}
