/*
 * The gamma function is only ever used through logarithms and, for probabilities, through the saddle-point
 * decomposition of Loader (2000): x·log(x/m) + m − x and the error of Stirling's formula are computed directly,
 * so that binomial, Poisson, beta and hypergeometric terms keep 14 digits where differences of log-gammas keep 11.
 */

const halfLogTwoPi = 0.9189385332046728
const logTwoPi = 2 * halfLogTwoPi

function stirlingSeries(n: number): number {
  const nn = n * n
  return (
    (1 / 12 -
      (1 / 360 -
        (1 / 1260 - (1 / 1680 - (1 / 1188 - (691 / 360360 - 1 / 156 / nn) / nn) / nn) / nn) / nn) /
        nn) /
    n
  )
}

function stirlingErrorDirect(n: number): number {
  let correction = 0
  let m = n
  while (m < 16) {
    correction += (m + 0.5) * Math.log1p(1 / m) - 1
    m += 1
  }
  return stirlingSeries(m) + correction
}

const integerStirlingError = Float64Array.from({ length: 16 }, (_, n) =>
  n === 0 ? 0 : stirlingErrorDirect(n),
)

/** log(n!) minus Stirling's approximation (n + 1/2) log n − n + log √(2π), for real n > 0. */
export function stirlingError(n: number): number {
  if (n >= 16) return stirlingSeries(n)
  return Number.isInteger(n) && n > 0 ? (integerStirlingError[n] as number) : stirlingErrorDirect(n)
}

/**
 * log Γ(x); absolute error about 1e-15 for small x, relative 1e-15 for large x.
 * Input: x > 0. Missing: NaN is refused by the callers in distributions.ts and the reference cases. Source: Stirling’s
 * series as in Loader (2000).
 * Example: `logGamma(5)` = 3.1780538303479.
 */
export function logGamma(x: number): number {
  if (x === 1 || x === 2) return 0
  if (!(x > 0)) return x === 0 ? Infinity : Number.NaN
  if (x < 1e-300) return -Math.log(x)
  // Γ(x) = x!/x, so Stirling's expansion of x! serves every argument.
  return (x - 0.5) * Math.log(x) - x + halfLogTwoPi + stirlingError(x)
}

/**
 * log of n factorial.
 * Input: n ≥ 0. Missing: NaN is refused by the callers in distributions.ts and the reference cases. Source: Stirling’s
 * series as in Loader (2000).
 * Example: `logFactorial(5)` = 4.7874917427820.
 */
export function logFactorial(n: number): number {
  return n < 2 && Number.isInteger(n) ? 0 : logGamma(n + 1)
}

/**
 * log of the binomial coefficient n over k.
 * Input: 0 ≤ k ≤ n. Missing: NaN is refused by the callers in distributions.ts and the reference cases. Source:
 * Stirling’s series as in Loader (2000).
 * Example: `logChoose(10, 3)` = 4.7874917427820.
 */
export function logChoose(n: number, k: number): number {
  if (k === 0 || k === n) return 0
  return (
    stirlingError(n) -
    stirlingError(k) -
    stirlingError(n - k) -
    k * Math.log(k / n) -
    (n - k) * Math.log1p(-k / n) -
    0.5 * (logTwoPi + Math.log(k) + Math.log1p(-k / n))
  )
}

/**
 * x·log(x/m) + m − x without cancellation when x is near m (Loader's deviance part). Give `gap` = x − m where it is
 * known more exactly than the difference of two large numbers.
 */
export function deviancePart(x: number, m: number, gap: number = x - m): number {
  if (Math.abs(gap) < 0.1 * (x + m)) {
    const v = gap / (x + m)
    let s = gap * v
    let ej = 2 * x * v
    const v2 = v * v
    for (let j = 1; j < 1000; j++) {
      ej *= v2
      const next = s + ej / (2 * j + 1)
      if (next === s) return next
      s = next
    }
  }
  return x * Math.log(x / m) + m - x
}

/** log of x^k-type binomial term: Γ(n+1)/(Γ(x+1)Γ(n−x+1)) p^x q^(n−x) for real 0 ≤ x ≤ n, q = 1 − p given separately. */
export function logBinomialTerm(x: number, n: number, p: number, q: number): number {
  if (p === 0) return x === 0 ? 0 : -Infinity
  if (q === 0) return x === n ? 0 : -Infinity
  if (x === 0) {
    if (n === 0) return 0
    return p < 0.1 ? -deviancePart(n, n * q) - n * p : n * Math.log(q)
  }
  if (x === n) return q < 0.1 ? -deviancePart(n, n * p) - n * q : n * Math.log(p)
  if (x < 0 || x > n) return -Infinity
  const lc =
    stirlingError(n) -
    stirlingError(x) -
    stirlingError(n - x) -
    deviancePart(x, n * p) -
    deviancePart(n - x, n * q)
  return lc - 0.5 * (logTwoPi + Math.log(x) + Math.log1p(-x / n))
}

/**
 * log of Γ(a+b+1)/(Γ(a+1)Γ(b+1)) x^a y^b, y = 1 − x, for a, b > 0: the prefix of the incomplete beta function. The
 * distance from the mode is taken from a·y − b·x, so that ten digits more remain when a or b is of the order 1e10.
 */
export function logBetaPrefix(a: number, b: number, x: number, y: number): number {
  const n = a + b
  const gap = a * y - b * x
  return (
    stirlingError(n) -
    stirlingError(a) -
    stirlingError(b) -
    deviancePart(a, n * x, gap) -
    deviancePart(b, n * y, -gap) -
    0.5 * (logTwoPi + Math.log(a) + Math.log(b / n))
  )
}

/** log of λ^x e^−λ / Γ(x+1) for real x ≥ 0, λ > 0. */
export function logPoissonTerm(x: number, lambda: number): number {
  if (lambda === 0) return x === 0 ? 0 : -Infinity
  if (x === 0) return -lambda
  return -stirlingError(x) - deviancePart(x, lambda) - 0.5 * (logTwoPi + Math.log(x))
}
