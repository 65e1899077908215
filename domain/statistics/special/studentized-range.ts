import { ensure } from '#domain/statistics/problem.ts'
import { logGamma } from '#domain/statistics/special/log-gamma.ts'
import { normalTails } from '#domain/statistics/special/normal-tails.ts'
import { integrate } from '#domain/statistics/special/quadrature.ts'

/** P(range of k standard normals ≤ w) = k ∫ φ(z) (Φ(z) − Φ(z − w))^(k−1) dz. */
function normalRangeCdf(w: number, k: number): number {
  if (w <= 0) return 0
  const density = (z: number) => {
    const left = normalTails(z)
    const right = normalTails(z - w)
    const inside = z < w / 2 ? left.lower - right.lower : right.upper - left.upper
    return (Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI)) * inside ** (k - 1)
  }
  return Math.min(1, k * integrate(density, -8.5, 8.5 + Math.min(w, 8.5), 12))
}

/**
 * Studentized range probability of k means on df degrees of freedom (Tukey), by Gauss-Legendre quadrature over the chi
 * distribution of the pooled SD; absolute error about 1e-13.
 * Input: q ≥ 0, k ≥ 2 means, df ≥ 1 and the tail. Missing: NaN is refused by the callers in distributions.ts and the
 * reference cases. Source: Copenhaver and Holland (1988); R’s ptukey().
 * Example: `studentizedRangeCdf(3.5, 3, 20)` = 0.944108.
 */
export function studentizedRangeCdf(
  q: number,
  k: number,
  df: number,
  tail: 'lower' | 'upper' = 'lower',
): number {
  ensure(Number.isInteger(k) && k > 1, 'bad-option', `${k} means`)
  ensure(df >= 1, 'bad-option', `${df} degrees of freedom`)
  const finish = (p: number) => (tail === 'lower' ? p : 1 - p)
  if (q <= 0) return finish(0)
  if (df === Infinity || df > 1e7) return finish(normalRangeCdf(q, k))
  // s = √(χ²/df) has log density c + (df − 1) log s − df s²/2, concentrated around 1.
  const c = (df / 2) * Math.log(df / 2) - logGamma(df / 2) + Math.LN2
  const spread = 1 / Math.sqrt(2 * df)
  const density = (s: number) =>
    Math.exp(c + (df - 1) * Math.log(s) - (df * s * s) / 2) * normalRangeCdf(q * s, k)
  const low = Math.max(0, 1 - 9 * spread)
  return finish(Math.min(1, integrate(density, low, 1 + 10 * spread, 8)))
}
