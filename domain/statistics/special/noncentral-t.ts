import { logGamma } from '#domain/statistics/special/log-gamma.ts'
import { normalTails } from '#domain/statistics/special/normal-tails.ts'
import { integrate } from '#domain/statistics/special/quadrature.ts'

/**
 * Non-central t probability with df degrees of freedom and non-centrality δ: the integral of Φ(t s − δ) over the chi
 * distribution of s. Absolute error about 1e-14.
 */
export function noncentralTCdf(
  t: number,
  df: number,
  delta: number,
  tail: 'lower' | 'upper' = 'lower',
): number {
  const c = (df / 2) * Math.log(df / 2) - logGamma(df / 2) + Math.LN2
  const spread = 1 / Math.sqrt(2 * df)
  const density = (s: number) =>
    Math.exp(c + (df - 1) * Math.log(s) - (df * s * s) / 2) * normalTails(t * s - delta)[tail]
  return integrate(density, Math.max(0, 1 - 9 * spread), 1 + 10 * spread, 12)
}
