/*
 * The log-rank family: observed minus expected events per group, summed over event times and strata with weights,
 * and the hypergeometric covariance (Mantel 1966; Harrington and Fleming 1982 for G-rho). One pass from the last
 * time to the first when nobody enters late; expected values and covariance are those of R's survdiff.
 */
import { chiSquareCdf } from '#domain/statistics/distributions.ts'
import { cholesky, quadraticForm, toRows } from '#domain/statistics/matrix.ts'
import { ensure } from '#domain/statistics/problem.ts'
import { sortedOrder } from '#domain/statistics/samples.ts'
import {
  type PreparedSurvival,
  prepareSurvival,
  type SurvivalData,
} from '#domain/statistics/survival-data.ts'

/**
 * Weight of an event time. 'g-rho': S(t−)^rho (1 − S(t−))^gamma of the pooled Kaplan-Meier of the stratum; rho 0 is
 * the log-rank, rho 1 the Peto-Peto test. 'gehan-breslow' weighs with the number at risk, 'tarone-ware' with its root.
 */
export type LogRankWeights =
  | { kind: 'g-rho'; rho: number; gamma?: number }
  | { kind: 'gehan-breslow' }
  | { kind: 'tarone-ware' }

export interface LogRankOptions {
  weights?: LogRankWeights
  /** Events after this time are not used: everybody is censored at the horizon at the latest. */
  horizon?: number
  levels?: readonly string[]
}

export interface LogRankResult {
  levels: string[]
  n: number[]
  /** Weighted observed and expected events per group. */
  observed: number[]
  expected: number[]
  /** Covariance matrix of observed minus expected. */
  variance: number[][]
  chiSquare: number
  degreesOfFreedom: number
  p: number
  missing: number
}

interface Accumulator {
  groups: number
  observed: Float64Array
  expected: Float64Array
  variance: Float64Array
}

/** Adds one event time: d events of which dg per group, y at risk of which yg per group, weight w. */
function addTime(
  a: Accumulator,
  w: number,
  d: number,
  y: number,
  dg: Float64Array,
  yg: Float64Array,
): void {
  const k = a.groups
  const tied = y > 1 ? (w * w * d * (y - d)) / (y * y * (y - 1)) : 0
  for (let i = 0; i < k; i++) {
    const yi = yg[i] as number
    a.observed[i] = (a.observed[i] as number) + w * (dg[i] as number)
    if (yi === 0) continue
    a.expected[i] = (a.expected[i] as number) + (w * d * yi) / y
    if (tied === 0) continue
    for (let j = 0; j < k; j++) {
      const share = i === j ? yi * (y - yi) : -yi * (yg[j] as number)
      a.variance[i * k + j] = (a.variance[i * k + j] as number) + tied * share
    }
  }
}

function addStratum(
  a: Accumulator,
  data: PreparedSurvival,
  rows: Uint32Array,
  weights: LogRankWeights,
  horizon: number,
): void {
  const { time, event, group, entry } = data
  const k = a.groups
  const m = rows.length
  const yg = new Float64Array(k)
  const dg = new Float64Array(k)
  let y = 0
  let survival = 1
  let next = 0
  let order: Uint32Array | null = null
  if (entry) order = sortedOrder(Float64Array.from(rows, (row) => entry[row] as number))
  else {
    for (let i = 0; i < m; i++) {
      const g = group[rows[i] as number] as number
      yg[g] = (yg[g] as number) + 1
    }
    y = m
  }
  for (let i = 0; i < m; ) {
    const t = time[rows[i] as number] as number
    if (t > horizon) return
    if (order && entry) {
      while (next < m) {
        const row = rows[order[next] as number] as number
        if ((entry[row] as number) >= t) break
        const g = group[row] as number
        yg[g] = (yg[g] as number) + 1
        y++
        next++
      }
    }
    dg.fill(0)
    let d = 0
    let j = i
    for (; j < m && time[rows[j] as number] === t; j++) {
      const row = rows[j] as number
      if (event[row]) {
        const g = group[row] as number
        dg[g] = (dg[g] as number) + 1
        d++
      }
    }
    if (d > 0) {
      let w: number
      if (weights.kind === 'g-rho')
        w = survival ** weights.rho * (weights.gamma ? (1 - survival) ** weights.gamma : 1)
      else w = weights.kind === 'gehan-breslow' ? y : Math.sqrt(y)
      addTime(a, w, d, y, dg, yg)
      survival *= (y - d) / y
    }
    for (; i < j; i++) {
      const g = group[rows[i] as number] as number
      yg[g] = (yg[g] as number) - 1
      y--
    }
  }
}

/**
 * Test of equal hazards in k ≥ 2 groups, stratified when `data.stratum` is given; weights make it Gehan’s, Tarone and
 * Ware’s or Fleming and Harrington’s. A group in which no event could be expected is left out of the degrees of
 * freedom, as survdiff does. Throws `bad-option` (case weights, horizon), `single-group`, `no-events` (before the
 * horizon).
 * Input: columns of equal length: times in one unit, event 0/1, group, optional stratum and entry; horizon in the unit
 * of the times. Missing: a row with a missing value in any given column is dropped and counted; NaN is refused. Source:
 * Mantel (1966), Gehan (1965), Peto and Peto (1972), Tarone and Ware (1977), Harrington and Fleming (1982).
 * Example: `logRankTest({ time: [1, 2, 3, 4, 5, 6], event: [1, 1, 1, 1, 0, 1], group: ['a', 'a', 'b', 'a', 'b', 'b']
 * }).chiSquare` = 2.5567, `logRankTest({ time: [1, 2, 3, 4, 5, 6], event: [1, 1, 1, 1, 0, 1], group: ['a', 'a', 'b',
 * 'a', 'b', 'b'] }, { weights: { kind: 'g-rho', rho: 1 } }).chiSquare` = 2.4500.
 */
export function logRankTest(data: SurvivalData, options: LogRankOptions = {}): LogRankResult {
  const weights = options.weights ?? { kind: 'g-rho', rho: 0 }
  if (weights.kind === 'g-rho') {
    const gamma = weights.gamma ?? 0
    ensure(
      Number.isFinite(weights.rho) && Number.isFinite(gamma),
      'bad-option',
      'rho and gamma must be numbers',
    )
    // A negative rho is defined, S before an event being above 0; a negative gamma is not where S is still 1.
    ensure(gamma >= 0, 'bad-option', 'gamma must not be negative')
  }
  const horizon = options.horizon ?? Infinity
  ensure(horizon > 0, 'bad-option', `horizon ${horizon} must be positive`)
  ensure(data.group !== undefined, 'single-group', 'a log-rank test needs a group')
  ensure(data.weight === undefined, 'bad-option', 'the log-rank test takes no case weights')
  const prepared = prepareSurvival(data, {
    levels: options.levels,
    allowNegativeTime: data.entry !== undefined,
  })
  const k = prepared.levels.length
  ensure(k > 1, 'single-group', 'all subjects are in one group')
  const a: Accumulator = {
    groups: k,
    observed: new Float64Array(k),
    expected: new Float64Array(k),
    variance: new Float64Array(k * k),
  }
  const sizes = new Uint32Array(prepared.strata.length)
  for (const s of prepared.stratum) sizes[s] = (sizes[s] as number) + 1
  const parts = [...sizes].map((size) => new Uint32Array(size))
  sizes.fill(0)
  for (let i = 0; i < prepared.n; i++) {
    const s = prepared.stratum[i] as number
    const at = sizes[s] as number
    ;(parts[s] as Uint32Array)[at] = i
    sizes[s] = at + 1
  }
  for (const rows of parts) addStratum(a, prepared, rows, weights, horizon)
  const n = new Array<number>(k).fill(0)
  for (const g of prepared.group) n[g] = (n[g] as number) + 1
  for (const [g, level] of prepared.levels.entries()) {
    ensure((n[g] as number) > 0, 'empty-sample', `group "${level}" has no subjects`)
  }
  ensure(
    a.expected.some((e) => e > 0),
    'no-events',
    'no event was observed that has a weight',
  )
  const used = [...a.expected.keys()].filter((i) => (a.expected[i] as number) > 0).slice(1)
  const size = used.length
  const covariance = new Float64Array(size * size)
  const difference = new Float64Array(size)
  used.forEach((i, r) => {
    difference[r] = (a.observed[i] as number) - (a.expected[i] as number)
    used.forEach((j, c) => {
      covariance[r * size + c] = a.variance[i * k + j] as number
    })
  })
  const decomposed = cholesky(covariance, size)
  const degreesOfFreedom = decomposed.rank
  const chiSquare = degreesOfFreedom === 0 ? 0 : quadraticForm(decomposed, difference)
  return {
    levels: prepared.levels,
    n,
    observed: [...a.observed],
    expected: [...a.expected],
    variance: toRows(a.variance, k),
    chiSquare,
    degreesOfFreedom,
    p: degreesOfFreedom === 0 ? 1 : chiSquareCdf(chiSquare, degreesOfFreedom, 'upper'),
    missing: prepared.missing,
  }
}

export interface LogRankTrend {
  scores: number[]
  /** Σ s (O − E) over its standard error; positive when groups of higher score have more events than expected. */
  z: number | null
  chiSquare: number
  p: number
}

/**
 * Test for trend over ordered groups from a log-rank result, one degree of freedom. z is null and p is 1 when the
 * scores cannot differ at any event.
 * Input: a result of `logRankTest` and one score per group in the order of `levels` (any unit; 0, 1, 2, … unless
 * given). Missing: decided when the log-rank test was made. Source: Tarone (1975).
 * Example: `logRankTrend(logRankTest({ time: [1, 2, 3, 4, 5, 6], event: [1, 1, 1, 1, 0, 1], group: [0, 0, 1, 1, 2, 2]
 * })).p` = 0.0098.
 */
export function logRankTrend(result: LogRankResult, scores?: readonly number[]): LogRankTrend {
  const { observed, expected, variance } = result
  const s = scores ? [...scores] : observed.map((_, g) => g)
  ensure(
    s.length === observed.length && s.every(Number.isFinite),
    'bad-option',
    `${observed.length} groups need as many finite scores`,
  )
  const mean = s.reduce((sum, x) => sum + x, 0) / s.length
  let difference = 0
  let spread = 0
  s.forEach((a, i) => {
    difference += (a - mean) * ((observed[i] as number) - (expected[i] as number))
    s.forEach((b, j) => {
      spread += (a - mean) * (b - mean) * (variance[i]?.[j] as number)
    })
  })
  if (!(spread > 0)) return { scores: s, z: null, chiSquare: 0, p: 1 }
  const z = difference / Math.sqrt(spread)
  return { scores: s, z, chiSquare: z * z, p: chiSquareCdf(z * z, 1, 'upper') }
}
