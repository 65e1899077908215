import { StatisticsProblem } from '#domain/statistics/problem.ts'
import { logPoissonTerm } from '#domain/statistics/special/log-gamma.ts'
import { certainTail, type Tails, tailsFrom } from '#domain/statistics/special/tails.ts'

const maximumTerms = 2_000_000

/**
 * Regularised incomplete gamma functions P(a, x) and Q(a, x): series below the mean, continued fraction (modified
 * Lentz) above it; relative error about 1e-14 down to 1e-300.
 * Input: a > 0, x ≥ 0. Missing: NaN is refused by the callers in distributions.ts and the reference cases. Source:
 * DiDonato and Morris (1986) for the split.
 * Example: `incompleteGamma(1, 2).upper` = 0.1353352832366.
 */
export function incompleteGamma(a: number, x: number): Tails {
  if (x <= 0) return certainTail('upper')
  if (x === Infinity) return certainTail('lower')
  const prefix = logPoissonTerm(a, x)
  const term = Math.exp(prefix)
  if (x < a + 1) {
    let sum = 1
    let step = 1
    for (let k = 1; k < maximumTerms; k++) {
      step *= x / (a + k)
      sum += step
      if (step < sum * 1e-17) {
        return tailsFrom('lower', term * sum, prefix + Math.log(sum))
      }
    }
    throw new StatisticsProblem('not-converged', `incomplete gamma series at a=${a}, x=${x}`)
  }
  const tiny = 1e-300
  let b = x + 1 - a
  let c = 1 / tiny
  let d = 1 / b
  let h = d
  for (let k = 1; k < maximumTerms; k++) {
    const an = -k * (k - a)
    b += 2
    d = an * d + b
    if (Math.abs(d) < tiny) d = tiny
    c = b + an / c
    if (Math.abs(c) < tiny) c = tiny
    d = 1 / d
    const factor = d * c
    h *= factor
    if (Math.abs(factor - 1) < 2e-16) {
      // term is x^a e^-x / Γ(a+1), the fraction wants x^a e^-x / Γ(a).
      return tailsFrom('upper', term * a * h, prefix + Math.log(a * h))
    }
  }
  throw new StatisticsProblem('not-converged', `incomplete gamma fraction at a=${a}, x=${x}`)
}
