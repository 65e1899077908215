import { incompleteBeta } from '#domain/statistics/special/incomplete-beta.ts'
import { incompleteGamma } from '#domain/statistics/special/incomplete-gamma.ts'
import { logPoissonTerm } from '#domain/statistics/special/log-gamma.ts'

/** Σ Poisson(j; λ) · part(j), summed outward from the mode until both sides are spent. */
function poissonMixture(lambda: number, part: (j: number) => number): number {
  const mode = Math.floor(lambda)
  let sum = 0
  for (let j = mode; ; j++) {
    const weight = Math.exp(logPoissonTerm(j, lambda))
    sum += weight * part(j)
    if (weight < 1e-18 && j > mode) break
  }
  for (let j = mode - 1; j >= 0; j--) {
    const weight = Math.exp(logPoissonTerm(j, lambda))
    sum += weight * part(j)
    if (weight < 1e-18) break
  }
  return Math.min(1, sum)
}

/**
 * Non-central chi-square probability: a Poisson mixture of central ones; absolute error about 1e-14.
 * Input: x ≥ 0, df > 0, ncp ≥ 0 and the tail. Missing: NaN is refused by the callers in distributions.ts and the
 * reference cases. Source: Johnson, Kotz and Balakrishnan (1995, ch. 29).
 * Example: `noncentralChiSquareCdf(5, 3, 2)` = 0.5934051801.
 */
export function noncentralChiSquareCdf(
  x: number,
  df: number,
  ncp: number,
  tail: 'lower' | 'upper' = 'lower',
): number {
  if (x <= 0) return tail === 'lower' ? 0 : 1
  return poissonMixture(ncp / 2, (j) => incompleteGamma(df / 2 + j, x / 2)[tail])
}

/**
 * Non-central beta probability (type I), with which the non-central F is written; absolute error about 1e-14.
 * Input: 0 ≤ x ≤ 1, a, b > 0, ncp ≥ 0 and the tail. Missing: NaN is refused by the callers in distributions.ts and the
 * reference cases. Source: Johnson, Kotz and Balakrishnan (1995, ch. 30).
 * Example: `noncentralBetaCdf(0.5, 2, 3, 1)` = 0.5977904448.
 */
export function noncentralBetaCdf(
  x: number,
  a: number,
  b: number,
  ncp: number,
  tail: 'lower' | 'upper' = 'lower',
): number {
  if (x <= 0) return tail === 'lower' ? 0 : 1
  if (x >= 1) return tail === 'lower' ? 1 : 0
  return poissonMixture(ncp / 2, (j) => incompleteBeta(a + j, b, x)[tail])
}
