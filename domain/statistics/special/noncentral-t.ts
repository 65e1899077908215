import { logGamma } from '#domain/statistics/special/log-gamma.ts'
import { normalTails } from '#domain/statistics/special/normal-tails.ts'
import { integrate } from '#domain/statistics/special/quadrature.ts'

/**
 * Non-central t probability: the integral of Φ(t s − δ) over the chi distribution of s; absolute error about 1e-14.
 * Input: t, df > 0, non-centrality δ and the tail. Missing: NaN is refused by the callers in distributions.ts and the
 * reference cases. Source: Johnson, Kotz and Balakrishnan (1995, ch. 31).
 * Example: `noncentralTCdf(2, 10, 1)` = 0.8076115625.
 */
export function noncentralTCdf(
  t: number,
  df: number,
  delta: number,
  tail: 'lower' | 'upper' = 'lower',
): number {
  const c = (df / 2) * Math.log(df / 2) - logGamma(df / 2) + Math.LN2
  const spread = 1 / Math.sqrt(2 * df)
  // In u = √s the integrand stays smooth down to one degree of freedom.
  const density = (u: number) => {
    const x = u * u
    const weight = Math.exp(c + (df - 1) * Math.log(x) - (df * x * x) / 2)
    return 2 * u * weight * normalTails(t * x - delta)[tail]
  }
  const low = Math.sqrt(Math.max(0, 1 - 9 * spread))
  return integrate(density, low, Math.sqrt(1 + 10 * spread), 16)
}
