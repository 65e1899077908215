import { StatisticsProblem } from '#domain/statistics/problem.ts'
import { logBetaPrefix } from '#domain/statistics/special/log-gamma.ts'
import { certainTail, type Tails, tailsFrom } from '#domain/statistics/special/tails.ts'

const maximumTerms = 1_000_000

function betaFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300
  const ab = a + b
  let c = 1
  let d = 1 - (ab * x) / (a + 1)
  if (Math.abs(d) < tiny) d = tiny
  d = 1 / d
  let h = d
  for (let m = 1; m < maximumTerms; m++) {
    const m2 = 2 * m
    const even = (m * (b - m) * x) / ((a + m2 - 1) * (a + m2))
    d = 1 + even * d
    if (Math.abs(d) < tiny) d = tiny
    c = 1 + even / c
    if (Math.abs(c) < tiny) c = tiny
    d = 1 / d
    h *= d * c
    const odd = (-(a + m) * (ab + m) * x) / ((a + m2) * (a + m2 + 1))
    d = 1 + odd * d
    if (Math.abs(d) < tiny) d = tiny
    c = 1 + odd / c
    if (Math.abs(c) < tiny) c = tiny
    d = 1 / d
    const factor = d * c
    h *= factor
    if (Math.abs(factor - 1) < 2e-16) return h
  }
  throw new StatisticsProblem('not-converged', `incomplete beta at a=${a}, b=${b}, x=${x}`)
}

/**
 * Regularised incomplete beta I_x(a, b) and its complement: continued fraction (modified Lentz) on the side of the
 * smaller tail; relative error about 1e-14 down to 1e-300.
 * Input: a, b > 0, 0 ≤ x ≤ 1; give `y` = 1 − x when you know it more exactly than subtraction would. Missing: NaN is
 * refused by the callers in distributions.ts and the reference cases. Source: Loader (2000) for the prefix.
 * Example: `incompleteBeta(1, 1, 0.3).lower` = 0.3, `incompleteBeta(2, 5, 0.3).upper` = 0.420175.
 */
export function incompleteBeta(a: number, b: number, x: number, y: number = 1 - x): Tails {
  if (x <= 0) return certainTail('upper')
  if (y <= 0) return certainTail('lower')
  const prefix = logBetaPrefix(a, b, x, y)
  const lower = x < (a + 1) / (a + b + 2)
  const fraction = lower
    ? (b / (a + b)) * betaFraction(a, b, x)
    : (a / (a + b)) * betaFraction(b, a, y)
  const side = lower ? 'lower' : 'upper'
  return tailsFrom(side, Math.exp(prefix) * fraction, prefix + Math.log(fraction))
}
