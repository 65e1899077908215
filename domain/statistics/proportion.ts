/* One proportion: interval methods by name, and the exact binomial test. */
import {
  betaQuantile,
  binomialCdf,
  binomialDensity,
  normalQuantile,
} from '#domain/statistics/distributions.ts'
import type { Alternative } from '#domain/statistics/fisher-exact.ts'
import { ensure, requireConfidenceLevel } from '#domain/statistics/problem.ts'
import { logBinomialTerm } from '#domain/statistics/special/log-gamma.ts'
import { findRoot } from '#domain/statistics/special/root.ts'

export type ProportionMethod =
  | 'clopper-pearson'
  | 'wilson'
  | 'wilson-corrected'
  | 'wald'
  | 'agresti-coull'
  | 'jeffreys'
  | 'mid-p'

export interface Interval {
  lower: number
  upper: number
}

export function ensureCount(k: number, n: number): void {
  ensure(Number.isSafeInteger(n) && n > 0, 'bad-option', `${n} is not a number of subjects`)
  ensure(Number.isSafeInteger(k) && k >= 0 && k <= n, 'bad-option', `${k} of ${n} is not a count`)
}

/** Wilson's score interval with a continuity correction of `yates` observations (0 or 1/2). */
export function wilsonInterval(k: number, n: number, z: number, yates = 0): Interval {
  const z2 = (z * z) / (2 * n)
  const limit = (p: number, sign: 1 | -1) =>
    (p + z2 + sign * z * Math.sqrt(Math.max(0, (p * (1 - p)) / n + z2 / (2 * n)))) / (1 + 2 * z2)
  const low = (k - yates) / n
  const high = (k + yates) / n
  return {
    lower: low <= 0 ? 0 : Math.max(0, limit(low, -1)),
    upper: high >= 1 ? 1 : Math.min(1, limit(high, 1)),
  }
}

function midP(k: number, n: number, alpha: number): Interval {
  const at = (p: number, tail: 'lower' | 'upper') =>
    (tail === 'upper' ? binomialCdf(k, n, p, 'upper') : k > 0 ? binomialCdf(k - 1, n, p) : 0) +
    binomialDensity(k, n, p) / 2 -
    alpha / 2
  return {
    lower: k === 0 ? 0 : findRoot((p) => at(p, 'upper'), 0, k / n),
    upper: k === n ? 1 : findRoot((p) => at(p, 'lower'), k / n, 1),
  }
}

/**
 * Confidence limits of a proportion k/n: Clopper-Pearson, Wilson without and with continuity correction (as R’s
 * prop.test: min(1/2, |k − n/2|)), Wald, Agresti-Coull (these two may leave 0..1), Jeffreys, mid-P. Throws
 * `bad-option`.
 * Input: k of n subjects; limits are proportions. Missing: counts cannot be missing; what is not a count is refused
 * (`bad-option`). Source: Clopper and Pearson (1934), Wilson (1927), Agresti and Coull (1998), Brown, Cai and DasGupta
 * (2001).
 * Example: `proportionInterval(26, 30, 'clopper-pearson').lower` = 0.69278, `proportionInterval(26, 30,
 * 'wilson').lower` = 0.70319, `proportionInterval(26, 30, 'wilson').upper` = 0.94690.
 */
export function proportionInterval(
  k: number,
  n: number,
  method: ProportionMethod,
  confidenceLevel = 0.95,
): Interval {
  ensureCount(k, n)
  requireConfidenceLevel(confidenceLevel)
  const alpha = 1 - confidenceLevel
  const z = normalQuantile(alpha / 2, 'upper')
  switch (method) {
    case 'clopper-pearson':
      return {
        lower: k === 0 ? 0 : betaQuantile(alpha / 2, k, n - k + 1),
        upper: k === n ? 1 : betaQuantile(alpha / 2, k + 1, n - k, 'upper'),
      }
    case 'wilson':
      return wilsonInterval(k, n, z)
    case 'wilson-corrected':
      return wilsonInterval(k, n, z, Math.min(0.5, Math.abs(k - n / 2)))
    case 'wald': {
      const reach = z * Math.sqrt(((k / n) * (1 - k / n)) / n)
      return { lower: k / n - reach, upper: k / n + reach }
    }
    case 'agresti-coull': {
      const size = n + z * z
      const p = (k + (z * z) / 2) / size
      const reach = z * Math.sqrt((p * (1 - p)) / size)
      return { lower: p - reach, upper: p + reach }
    }
    case 'jeffreys':
      return {
        lower: k === 0 ? 0 : betaQuantile(alpha / 2, k + 0.5, n - k + 0.5),
        upper: k === n ? 1 : betaQuantile(alpha / 2, k + 0.5, n - k + 0.5, 'upper'),
      }
    case 'mid-p':
      return midP(k, n, alpha)
  }
}

/**
 * Exact binomial test of k successes in n against the probability p0; the two-sided p-value sums outcomes no more
 * probable than the observed one (relative tolerance 1e-7, as R’s binom.test). Throws `bad-option`, `sample-too-large`.
 * Input: k of n subjects and a probability 0..1. Missing: counts cannot be missing; what is not a count is refused
 * (`bad-option`). Source: Clopper and Pearson (1934); R’s binom.test().
 * Example: `binomialTest(20, 28, 0.5).p` = 0.03570, `binomialTest(20, 28, 0.5, 'greater').p` = 0.01785.
 */
export function binomialTest(
  k: number,
  n: number,
  p0: number,
  alternative: Alternative = 'two-sided',
): { p: number; estimate: number } {
  ensureCount(k, n)
  ensure(p0 >= 0 && p0 <= 1, 'bad-option', `${p0} is not a probability`)
  const estimate = k / n
  if (alternative === 'less') return { p: binomialCdf(k, n, p0), estimate }
  if (alternative === 'greater')
    return { p: k === 0 ? 1 : binomialCdf(k - 1, n, p0, 'upper'), estimate }
  if (p0 === 0 || p0 === 1) return { p: k === n * p0 ? 1 : 0, estimate }
  ensure(n <= 1e8, 'sample-too-large', `${n} trials`)
  const limit = logBinomialTerm(k, n, p0, 1 - p0) + Math.log(1 + 1e-7)
  const mode = Math.min(n, Math.floor((n + 1) * p0))
  const below = (i: number) => logBinomialTerm(i, n, p0, 1 - p0) <= limit
  if (below(mode)) return { p: 1, estimate }
  // The probabilities rise to the mode and fall after it: find the last small one on the left, the first on the right.
  let left = -1
  for (let lo = -1, hi = mode; hi - lo > 1; ) {
    const mid = Math.floor((lo + hi) / 2)
    if (below(mid)) lo = mid
    else hi = mid
    left = lo
  }
  let right = n + 1
  for (let lo = mode, hi = n + 1; hi - lo > 1; ) {
    const mid = Math.floor((lo + hi) / 2)
    if (below(mid)) hi = mid
    else lo = mid
    right = hi
  }
  const p =
    (left >= 0 ? binomialCdf(left, n, p0) : 0) +
    (right <= n ? binomialCdf(right - 1, n, p0, 'upper') : 0)
  return { p: Math.min(1, p), estimate }
}
