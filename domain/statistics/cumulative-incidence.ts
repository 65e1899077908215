/*
 * Competing risks: the Aalen-Johansen cumulative incidence with its delta-method (infinitesimal jackknife) variance,
 * and Gray's (1988) test of equal subdistribution hazards. The variance is carried forward as the covariance of
 * (incidence, survival), updated at each event time by the multinomial covariance of the increments.
 */
import { chiSquareCdf, normalQuantile } from '#domain/statistics/distributions.ts'
import { type SurvivalLimits, survivalLimits } from '#domain/statistics/kaplan-meier.ts'
import { cholesky, quadraticForm } from '#domain/statistics/matrix.ts'
import { ensure, requireConfidenceLevel } from '#domain/statistics/problem.ts'
import { prepareSurvival, sortedLevels } from '#domain/statistics/survival-data.ts'

/** Follow-up with the state reached at `time`: a cause, or the label of censoring. Missing in any column drops the row. */
export interface CompetingRisksData {
  time: ArrayLike<number | null | undefined>
  state: ArrayLike<string | number | null | undefined>
  group?: ArrayLike<string | number | null | undefined>
}

export interface IncidenceReading {
  incidence: number
  standardError: number
  /** null while the incidence is 0. */
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

interface Coded {
  time: Float64Array
  /** 0 censored, k for cause k. */
  cause: Int32Array
  group: Int32Array
  levels: string[]
  missing: number
}

function coded(
  data: CompetingRisksData,
  censoring: string,
  causes: readonly string[],
  levels?: readonly string[],
): Coded {
  const { time, state, group } = data
  ensure(
    state.length === time.length,
    'length-mismatch',
    `${time.length} times but ${state.length} states`,
  )
  const event = Array.from(state, (s) =>
    s === null || s === undefined ? null : String(s) !== censoring,
  )
  const prepared = prepareSurvival({ time, event, group }, { levels })
  const cause = new Int32Array(prepared.n)
  for (let i = 0; i < prepared.n; i++) {
    if (!prepared.event[i]) continue
    const label = String(state[prepared.row[i] as number])
    const index = causes.indexOf(label)
    ensure(index >= 0, 'bad-option', `state "${label}" is neither a cause nor "${censoring}"`)
    cause[i] = index + 1
  }
  return {
    time: prepared.time,
    cause,
    group: prepared.group,
    levels: prepared.levels,
    missing: prepared.missing,
  }
}

function causesOf(
  data: CompetingRisksData,
  censoring: string,
  causes?: readonly string[],
): string[] {
  if (causes) return [...causes]
  const labels = Array.from(data.state, (s) =>
    s === null || s === undefined ? censoring : String(s),
  )
  return sortedLevels(labels).filter((label) => label !== censoring)
}

/**
 * Cumulative incidence of each cause by group with limits.
 * `cumulativeIncidence({ time: [1, 2, 3], state: ['relapse', 'death', 'none'] }, { censoring: 'none' })`.
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
  const all = coded(data, censoring, causes, options.levels)
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
  all: Coded,
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
      ;(standardError[c] as Float64Array)[t] = Math.sqrt(Math.max(0, pp[c] as number))
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
          if (value === 0) return { incidence: 0, standardError: 0, lower: null, upper: null }
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

export interface GrayTest {
  cause: string
  chiSquare: number
  degreesOfFreedom: number
  p: number
  levels: string[]
  missing: number
}

/**
 * Gray's k-sample test (1988, Annals of Statistics 16:1141) of equal cumulative incidence of one cause; the weight is
 * (1 − F)^rho. Events of other causes compete, everything equal to `censoring` is censored.
 */
export function grayTest(
  data: CompetingRisksData,
  options: { censoring: string; cause: string; rho?: number; levels?: readonly string[] },
): GrayTest {
  const { censoring, cause, rho = 0 } = options
  ensure(data.group !== undefined, 'single-group', 'Gray’s test needs a group')
  const causes = causesOf(data, censoring)
  const own = causes.indexOf(cause) + 1
  ensure(own > 0, 'no-events', `there is no event "${cause}"`)
  const all = coded(data, censoring, causes, options.levels)
  const { levels } = all
  const k = levels.length
  ensure(k > 1, 'single-group', 'all subjects are in one group')
  const score = new Float64Array(k)
  const variance = new Float64Array(k * k)
  const risk = new Float64Array(k)
  for (const g of all.group) risk[g] = (risk[g] as number) + 1
  for (const [g, level] of levels.entries()) {
    ensure((risk[g] as number) > 0, 'empty-sample', `group "${level}" has no subjects`)
  }
  const survival = new Float64Array(k).fill(1)
  const incidence = new Float64Array(k)
  // c, v2 and v3 are the running integrals of Gray's variance; a is the martingale coefficient at the current time.
  const a = new Float64Array(k * k)
  const c = new Float64Array(k * k)
  const v2 = new Float64Array(k * k)
  const v3 = new Float64Array(k)
  let pooled = 0
  const n = all.time.length
  const first = new Float64Array(k)
  const other = new Float64Array(k)
  const gone = new Float64Array(k)
  for (let i = 0; i < n; ) {
    first.fill(0)
    other.fill(0)
    gone.fill(0)
    const t = all.time[i]
    for (; i < n && all.time[i] === t; i++) {
      const g = all.group[i] as number
      const kind = all.cause[i] as number
      gone[g] = (gone[g] as number) + 1
      if (kind === own) first[g] = (first[g] as number) + 1
      else if (kind > 0) other[g] = (other[g] as number) + 1
    }
    const d1 = first.reduce((sum, x) => sum + x, 0)
    const d2 = other.reduce((sum, x) => sum + x, 0)
    if (d1 + d2 > 0) {
      const next = survival.slice()
      const nextIncidence = incidence.slice()
      let tr = 0
      let tq = 0
      for (let g = 0; g < k; g++) {
        const y = risk[g] as number
        if (y <= 0) continue
        const s = survival[g] as number
        next[g] = (s * (y - (first[g] as number) - (other[g] as number))) / y
        nextIncidence[g] = (incidence[g] as number) + (s * (first[g] as number)) / y
        tr += y / s
        tq += (y * (1 - (incidence[g] as number))) / s
      }
      const after = pooled + d1 / tr
      const weight = (1 - pooled) ** rho
      a.fill(0)
      for (let g = 0; g < k; g++) {
        if ((risk[g] as number) <= 0) continue
        const share = (risk[g] as number) / (survival[g] as number)
        for (let h = 0; h < k; h++) {
          if ((risk[h] as number) <= 0) continue
          const otherShare = (risk[h] as number) / (survival[h] as number)
          const value = weight * (g === h ? share * (1 - share / tr) : (-share * otherShare) / tr)
          a[g * k + h] = value
          c[g * k + h] = (c[g * k + h] as number) + (value * d1) / (tr * (1 - pooled))
        }
        score[g] =
          (score[g] as number) +
          weight *
            ((first[g] as number) -
              (d1 * (risk[g] as number) * (1 - (incidence[g] as number))) /
                ((survival[g] as number) * tq))
      }
      for (let h = 0; h < k; h++) {
        const y = risk[h] as number
        if (y <= 0) continue
        const s = survival[h] as number
        if (d1 > 0) {
          const t4 = (next[h] as number) > 0 ? 1 - (1 - after) / (next[h] as number) : 1
          const t5 = d1 > 1 ? 1 - (d1 - 1) / (tr * s - 1) : 1
          const t3 = (t5 * s * d1) / (tr * y)
          v3[h] = (v3[h] as number) + t4 * t4 * t3
          for (let g = 0; g < k; g++) {
            const t1 = (a[g * k + h] as number) - t4 * (c[g * k + h] as number)
            v2[g * k + h] = (v2[g * k + h] as number) + t1 * t4 * t3
            for (let j = 0; j < k; j++) {
              const t2 = (a[j * k + h] as number) - t4 * (c[j * k + h] as number)
              variance[g * k + j] = (variance[g * k + j] as number) + t1 * t2 * t3
            }
          }
        }
        const e = other[h] as number
        if (e > 0 && (next[h] as number) > 0) {
          const t4 = (1 - after) / (next[h] as number)
          const t5 = e > 1 ? 1 - (e - 1) / (y - 1) : 1
          const t3 = (t5 * s * s * e) / (y * y)
          v3[h] = (v3[h] as number) + t4 * t4 * t3
          for (let g = 0; g < k; g++) {
            const t1 = t4 * (c[g * k + h] as number)
            v2[g * k + h] = (v2[g * k + h] as number) - t1 * t4 * t3
            for (let j = 0; j < k; j++) {
              variance[g * k + j] =
                (variance[g * k + j] as number) + t1 * t4 * (c[j * k + h] as number) * t3
            }
          }
        }
      }
      pooled = after
      survival.set(next)
      incidence.set(nextIncidence)
    }
    for (let g = 0; g < k; g++) risk[g] = (risk[g] as number) - (gone[g] as number)
  }
  for (let g = 0; g < k; g++) {
    for (let j = 0; j < k; j++) {
      let sum = 0
      for (let h = 0; h < k; h++) {
        sum += (c[g * k + h] as number) * (c[j * k + h] as number) * (v3[h] as number)
        sum +=
          (c[g * k + h] as number) * (v2[j * k + h] as number) +
          (c[j * k + h] as number) * (v2[g * k + h] as number)
      }
      variance[g * k + j] = (variance[g * k + j] as number) + sum
    }
  }
  const size = k - 1
  const reduced = new Float64Array(size * size)
  for (let g = 0; g < size; g++)
    for (let j = 0; j < size; j++) reduced[g * size + j] = variance[g * k + j] as number
  const decomposed = cholesky(reduced, size)
  const chiSquare = decomposed.rank === 0 ? 0 : quadraticForm(decomposed, score.subarray(0, size))
  return {
    cause,
    chiSquare,
    degreesOfFreedom: decomposed.rank,
    p: decomposed.rank === 0 ? 1 : chiSquareCdf(chiSquare, decomposed.rank, 'upper'),
    levels,
    missing: all.missing,
  }
}
