/*
 * Distribution functions: `…Cdf`, `…Quantile`, `…Density`. Every cdf takes the tail it should return, because
 * 1 − cdf loses every digit of a small p-value; tails hold to 1e-300. Quantiles are solved on the log of the smaller
 * tail, so they keep 12 digits from 1e-300 to 1 − 1e-16.
 */
import { ensure } from '#domain/statistics/problem.ts'
import { incompleteBeta } from '#domain/statistics/special/incomplete-beta.ts'
import { incompleteGamma } from '#domain/statistics/special/incomplete-gamma.ts'
import { logBinomialTerm, logGamma, logPoissonTerm } from '#domain/statistics/special/log-gamma.ts'
import { normalQuantile as as241 } from '#domain/statistics/special/normal-quantile.ts'
import { normalTails } from '#domain/statistics/special/normal-tails.ts'
import { solveMonotone } from '#domain/statistics/special/root.ts'

/** 'lower' is P(X ≤ x), 'upper' is P(X > x). */
export type Tail = 'lower' | 'upper'

function ensureProbability(p: number): void {
  ensure(p >= 0 && p <= 1, 'bad-option', `${p} is not a probability`)
}

function ensurePositive(value: number, name: string): void {
  ensure(value > 0, 'bad-option', `${name} must be positive, got ${value}`)
}

function ensureNumber(x: number): void {
  ensure(!Number.isNaN(x), 'not-finite', 'the argument is not a number')
}

/** Standard normal probability. `normalCdf(1.959963984540054, 'upper')` = 0.025. */
export function normalCdf(x: number, tail: Tail = 'lower'): number {
  ensureNumber(x)
  return normalTails(x)[tail]
}

/** Standard normal quantile (AS 241). `normalQuantile(0.975)` = 1.959963984540054. */
export function normalQuantile(p: number, tail: Tail = 'lower'): number {
  ensureProbability(p)
  return as241(p, tail)
}

/** Standard normal density. */
export function normalDensity(x: number): number {
  return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)
}

/** Gamma distribution with shape a and scale 1. `gammaCdf(25, 3, 'upper')` = 4.70e-9. */
export function gammaCdf(x: number, shape: number, tail: Tail = 'lower'): number {
  ensureNumber(x)
  ensurePositive(shape, 'shape')
  return incompleteGamma(shape, x)[tail]
}

/** Chi-square probability; df may be fractional, df = 0 is the point mass at 0. */
export function chiSquareCdf(x: number, df: number, tail: Tail = 'lower'): number {
  ensureNumber(x)
  ensure(df >= 0, 'bad-option', `degrees of freedom must not be negative, got ${df}`)
  if (df === 0) return (tail === 'lower') === x >= 0 ? 1 : 0
  if (df === 1 && tail === 'upper' && x > 0) return 2 * normalTails(Math.sqrt(x)).upper
  return incompleteGamma(df / 2, x / 2)[tail]
}

/** Chi-square density. */
export function chiSquareDensity(x: number, df: number): number {
  ensurePositive(df, 'degrees of freedom')
  if (x < 0) return 0
  if (x === 0) return df < 2 ? Infinity : df === 2 ? 0.5 : 0
  return (0.5 * Math.exp(logPoissonTerm(df / 2, x / 2)) * (df / 2)) / (x / 2)
}

/** Solves tail(x) = p for x > 0 in log x and log p, on the side of the smaller tail. */
function positiveQuantile(
  p: number,
  tail: Tail,
  start: number,
  tails: (x: number) => { lower: number; upper: number },
): number {
  if (p === 0) return tail === 'lower' ? 0 : Infinity
  if (p === 1) return tail === 'lower' ? Infinity : 0
  const middle = tails(start)
  const lowerSide = tail === 'lower' ? p < middle.lower : p > middle.upper
  const side: Tail = lowerSide ? 'lower' : 'upper'
  const target = Math.log(side === tail ? p : 1 - p)
  const u = solveMonotone(
    (log) => Math.max(-1e4, Math.log(tails(Math.exp(log))[side])) - target,
    Math.log(start),
    0.5,
  )
  // Below 1e-300 and above 1e300 the quantile is given as its limit.
  return u < -690 ? 0 : u > 690 ? Infinity : Math.exp(u)
}

/** Gamma quantile with scale 1. */
export function gammaQuantile(p: number, shape: number, tail: Tail = 'lower'): number {
  ensureProbability(p)
  ensurePositive(shape, 'shape')
  return positiveQuantile(p, tail, shape, (x) => incompleteGamma(shape, x))
}

/** Chi-square quantile. `chiSquareQuantile(0.95, 1)` = 3.841458820694124. */
export function chiSquareQuantile(p: number, df: number, tail: Tail = 'lower'): number {
  ensurePositive(df, 'degrees of freedom')
  return 2 * gammaQuantile(p, df / 2, tail)
}

/** Beta probability. */
export function betaCdf(x: number, a: number, b: number, tail: Tail = 'lower'): number {
  ensureNumber(x)
  ensurePositive(a, 'a')
  ensurePositive(b, 'b')
  return incompleteBeta(a, b, x)[tail]
}

/** Beta density on 0 < x < 1. */
export function betaDensity(x: number, a: number, b: number): number {
  ensurePositive(a, 'a')
  ensurePositive(b, 'b')
  if (x <= 0 || x >= 1) return 0
  return (Math.exp(logBinomialTerm(a, a + b, x, 1 - x)) * a * b) / ((a + b) * x * (1 - x))
}

/** Beta quantile. `betaQuantile(0.025, 26, 5)` = 0.692781649723873 (Clopper-Pearson lower limit of 26/30). */
export function betaQuantile(p: number, a: number, b: number, tail: Tail = 'lower'): number {
  ensureProbability(p)
  ensurePositive(a, 'a')
  ensurePositive(b, 'b')
  if (p === 0 || p === 1) return (tail === 'lower') === (p === 0) ? 0 : 1
  // Odds x/(1−x) run over 0..∞, and both x and 1−x follow from them without cancellation.
  const odds = positiveQuantile(p, tail, a / b, (o) =>
    o === Infinity ? { lower: 1, upper: 0 } : incompleteBeta(a, b, o / (1 + o), 1 / (1 + o)),
  )
  return odds === Infinity ? 1 : odds / (1 + odds)
}

/** P(|T| > t). Where t² would overflow, the leading term x^a / (a B(a, 1/2)) of the beta function is exact. */
function tFarTail(t: number, df: number): number {
  if (t === Infinity) return 0
  if (t < 1e100) return incompleteBeta(df / 2, 0.5, df / (df + t * t), (t * t) / (df + t * t)).lower
  const a = df / 2
  const logBeta = logGamma(a) + logGamma(0.5) - logGamma(a + 0.5)
  return Math.exp(df * (0.5 * Math.log(df) - Math.log(t)) - Math.log(a) - logBeta)
}

/** Student t probability, df > 0 (Infinity is the normal). `tCdf(-2.5, 17)` = 0.0114739. */
export function tCdf(t: number, df: number, tail: Tail = 'lower'): number {
  ensureNumber(t)
  ensurePositive(df, 'degrees of freedom')
  if (df === Infinity) return normalTails(t)[tail]
  if (t === 0) return 0.5
  const far = 0.5 * tFarTail(Math.abs(t), df)
  return t < 0 === (tail === 'lower') ? far : 1 - far
}

/** Two-sided p-value of a t statistic. */
export function tTwoSided(t: number, df: number): number {
  return Math.min(1, 2 * tCdf(-Math.abs(t), df))
}

/** Student t density. */
export function tDensity(t: number, df: number): number {
  ensurePositive(df, 'degrees of freedom')
  if (df === Infinity) return normalDensity(t)
  const log = logGamma((df + 1) / 2) - logGamma(df / 2) - 0.5 * Math.log(df * Math.PI)
  return Math.exp(log - ((df + 1) / 2) * Math.log1p((t * t) / df))
}

/** Student t quantile. `tQuantile(0.975, 10)` = 2.228138851986274. */
export function tQuantile(p: number, df: number, tail: Tail = 'lower'): number {
  ensureProbability(p)
  ensurePositive(df, 'degrees of freedom')
  if (df === Infinity) return as241(p, tail)
  if (p === 0.5) return 0
  const sign = p < 0.5 === (tail === 'lower') ? -1 : 1
  const small = Math.min(p, 1 - p)
  if (small === 0) return sign * Infinity
  const size = positiveQuantile(small, 'upper', 1, (t) => {
    const upper = tCdf(t, df, 'upper')
    return { lower: 1 - upper, upper }
  })
  return sign * size
}

/** F probability. `fCdf(4, 3, 17, 'upper')` = 0.02523. */
export function fCdf(x: number, df1: number, df2: number, tail: Tail = 'lower'): number {
  ensureNumber(x)
  ensurePositive(df1, 'numerator degrees of freedom')
  ensurePositive(df2, 'denominator degrees of freedom')
  if (x <= 0) return tail === 'lower' ? 0 : 1
  if (x === Infinity) return tail === 'lower' ? 1 : 0
  if (df2 === Infinity) return chiSquareCdf(x * df1, df1, tail)
  const sum = df1 * x + df2
  return incompleteBeta(df1 / 2, df2 / 2, (df1 * x) / sum, df2 / sum)[tail]
}

/** F density. */
export function fDensity(x: number, df1: number, df2: number): number {
  if (x <= 0) return 0
  const sum = df1 * x + df2
  return (betaDensity((df1 * x) / sum, df1 / 2, df2 / 2) * df1 * df2) / (sum * sum)
}

/** F quantile. */
export function fQuantile(p: number, df1: number, df2: number, tail: Tail = 'lower'): number {
  ensureProbability(p)
  return positiveQuantile(p, tail, 1, (x) => ({
    lower: fCdf(x, df1, df2),
    upper: fCdf(x, df1, df2, 'upper'),
  }))
}

function ensureBinomial(n: number, p: number): void {
  ensure(Number.isInteger(n) && n >= 0, 'bad-option', `${n} is not a number of trials`)
  ensureProbability(p)
}

/** Binomial probability of exactly k. */
export function binomialDensity(k: number, n: number, p: number): number {
  ensureBinomial(n, p)
  return Number.isInteger(k) && k >= 0 && k <= n ? Math.exp(logBinomialTerm(k, n, p, 1 - p)) : 0
}

/** Binomial P(X ≤ k) or P(X > k). `binomialCdf(3, 30, 0.2)` = 0.122710806394163. */
export function binomialCdf(k: number, n: number, p: number, tail: Tail = 'lower'): number {
  ensureNumber(k)
  ensureBinomial(n, p)
  const x = Math.floor(k + 1e-7)
  if (x < 0) return tail === 'lower' ? 0 : 1
  if (x >= n) return tail === 'lower' ? 1 : 0
  if (p === 0 || p === 1) return (p === 0) === (tail === 'lower') ? 1 : 0
  return incompleteBeta(n - x, x + 1, 1 - p, p)[tail]
}

/** Smallest k with P(X ≤ k) ≥ p (or P(X > k) ≤ p for the upper tail). */
export function binomialQuantile(
  p: number,
  n: number,
  probability: number,
  tail: Tail = 'lower',
): number {
  ensureProbability(p)
  ensureBinomial(n, probability)
  let lo = 0
  let hi = n
  while (lo < hi) {
    const mid = (lo + hi) >> 1
    const reached =
      tail === 'lower'
        ? binomialCdf(mid, n, probability) >= p * (1 - 1e-14)
        : binomialCdf(mid, n, probability, 'upper') <= p * (1 + 1e-14)
    if (reached) hi = mid
    else lo = mid + 1
  }
  return lo
}
