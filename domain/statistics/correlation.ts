import { meanOf } from '#domain/statistics/descriptive.ts'
import { normalQuantile, tTwoSided } from '#domain/statistics/distributions.ts'
import { ensure, requireConfidenceLevel } from '#domain/statistics/problem.ts'
import { completePairs, midRanks, type Sample } from '#domain/statistics/samples.ts'

export interface PearsonCorrelation {
  r: number
  /** ±Infinity when |r| = 1. */
  t: number
  degreesOfFreedom: number
  p: number
  /** Fisher's z limits; null below four pairs. */
  interval: [number, number] | null
  n: number
  missing: number
}

function coefficient(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const mx = meanOf(x)
  const my = meanOf(y)
  let dx = 0
  let dy = 0
  for (let i = 0; i < x.length; i++) {
    dx = Math.max(dx, Math.abs((x[i] as number) - mx))
    dy = Math.max(dy, Math.abs((y[i] as number) - my))
  }
  ensure(dx > 0 && dy > 0, 'constant-sample', 'one of the samples is constant')
  let xx = 0
  let yy = 0
  let xy = 0
  for (let i = 0; i < x.length; i++) {
    const a = ((x[i] as number) - mx) / dx
    const b = ((y[i] as number) - my) / dy
    xx += a * a
    yy += b * b
    xy += a * b
  }
  return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)))
}

function tOf(r: number, df: number): number {
  return Math.abs(r) === 1 ? r * Infinity : r * Math.sqrt(df / ((1 - r) * (1 + r)))
}

/** Pearson correlation with t test and Fisher (1921) limits; incomplete pairs are dropped, three are needed. */
export function pearsonCorrelation(
  x: Sample,
  y: Sample,
  confidenceLevel = 0.95,
): PearsonCorrelation {
  requireConfidenceLevel(confidenceLevel)
  const pairs = completePairs(x, y)
  const n = pairs.x.length
  ensure(n > 2, 'sample-too-small', 'a correlation needs three pairs')
  const r = coefficient(pairs.x, pairs.y)
  const t = tOf(r, n - 2)
  const z = Math.atanh(r)
  const reach = normalQuantile((1 - confidenceLevel) / 2, 'upper') / Math.sqrt(n - 3)
  return {
    r,
    t,
    degreesOfFreedom: n - 2,
    p: tTwoSided(t, n - 2),
    n,
    missing: pairs.missing,
    interval: n > 3 ? [Math.tanh(z - reach), Math.tanh(z + reach)] : null,
  }
}

/** Spearman rank correlation (mid-ranks) with the t approximation. `spearmanCorrelation([1, 2, 3], [1, 3, 2]).rho` = 0.5. */
export function spearmanCorrelation(
  x: Sample,
  y: Sample,
): { rho: number; p: number; n: number; missing: number } {
  const pairs = completePairs(x, y)
  const n = pairs.x.length
  ensure(n > 2, 'sample-too-small', 'a correlation needs three pairs')
  const rho = coefficient(midRanks(pairs.x).ranks, midRanks(pairs.y).ranks)
  return { rho, p: tTwoSided(tOf(rho, n - 2), n - 2), n, missing: pairs.missing }
}
