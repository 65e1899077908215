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
import { logNormalTail, normalTails } from '#domain/statistics/special/normal-tails.ts'
import { solveMonotone } from '#domain/statistics/special/root.ts'
import { certainTail, type Tails, tailsFrom } from '#domain/statistics/special/tails.ts'

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

/** A value that the digits of doubles cannot carry (parameters at the ends of their range) is refused, not printed. */
function known(value: number): number {
  ensure(!Number.isNaN(value), 'not-converged', 'the distribution cannot be computed there')
  return value
}

/**
 * Standard normal probability.
 * Input: x in SDs and the tail that is wanted. Missing: NaN is refused (`not-finite`). Source: Cody (1969).
 * Example: `normalCdf(1.959963984540054, 'upper')` = 0.025, `normalCdf(-37, 'lower')` = 5.72557122e-300.
 */
export function normalCdf(x: number, tail: Tail = 'lower'): number {
  ensureNumber(x)
  return normalTails(x)[tail]
}

/** Distributions whose tails are also given as logarithms, because the probability itself underflows below 1e-308. */
export type LogTailOf =
  | { kind: 'normal' }
  | { kind: 't'; df: number }
  | { kind: 'gamma'; shape: number }
  | { kind: 'beta'; a: number; b: number }
  | { kind: 'f'; df1: number; df2: number }

/**
 * Natural logarithm of a tail probability, where the probability itself underflows.
 * Input: the distribution, x and the tail that is wanted. Missing: NaN is refused (`not-finite`). Source: as the
 * distribution it names.
 * Example: `logTail({ kind: 'normal' }, 50, 'upper')` = -1254.83.
 */
export function logTail(of: LogTailOf, x: number, tail: Tail = 'lower'): number {
  ensureNumber(x)
  if (of.kind === 'normal') return logNormalTail(x, tail)
  for (const [name, value] of Object.entries(of))
    if (typeof value === 'number') ensurePositive(value, name)
  const tails =
    of.kind === 't'
      ? tTails(x, of.df)
      : of.kind === 'gamma'
        ? incompleteGamma(of.shape, x)
        : of.kind === 'beta'
          ? incompleteBeta(of.a, of.b, x)
          : fTails(x, of.df1, of.df2)
  return known(tail === 'lower' ? tails.logLower : tails.logUpper)
}

/**
 * Standard normal quantile.
 * Input: a probability 0..1 and its tail. Missing: a probability outside 0..1, NaN included, is refused (`bad-option`).
 * Source: Wichura (1988, AS 241).
 * Example: `normalQuantile(0.975)` = 1.959963984540054.
 */
export function normalQuantile(p: number, tail: Tail = 'lower'): number {
  ensureProbability(p)
  return as241(p, tail)
}

/**
 * Standard normal density.
 * Input: x in SDs. Missing: NaN is refused (`not-finite`). Source: the definition.
 * Example: `normalDensity(1)` = 0.241970724519.
 */
export function normalDensity(x: number): number {
  ensureNumber(x)
  return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)
}

/**
 * Gamma probability with scale 1.
 * Input: x ≥ 0, shape > 0 and the tail that is wanted. Missing: NaN is refused (`not-finite`). Source: DiDonato and
 * Morris (1986), Loader (2000).
 * Example: `gammaCdf(25, 3, 'upper')` = 4.70106900e-9.
 */
export function gammaCdf(x: number, shape: number, tail: Tail = 'lower'): number {
  ensureNumber(x)
  ensurePositive(shape, 'shape')
  return known(incompleteGamma(shape, x)[tail])
}

/**
 * Chi-square probability; df = 0 is the point mass at 0.
 * Input: x ≥ 0, df ≥ 0 (may be fractional) and the tail that is wanted. Missing: NaN is refused (`not-finite`). Source:
 * DiDonato and Morris (1986), Loader (2000).
 * Example: `chiSquareCdf(3.841458820694124, 1, 'upper')` = 0.05, `chiSquareCdf(700, 2, 'upper')` = 9.92959040e-153.
 */
export function chiSquareCdf(x: number, df: number, tail: Tail = 'lower'): number {
  ensureNumber(x)
  ensure(df >= 0, 'bad-option', `degrees of freedom must not be negative, got ${df}`)
  if (df === 0) return (tail === 'lower') === x >= 0 ? 1 : 0
  if (df === 1 && tail === 'upper' && x > 0) return 2 * normalTails(Math.sqrt(x)).upper
  return known(incompleteGamma(df / 2, x / 2)[tail])
}

/**
 * Chi-square density.
 * Input: x, 0 below 0, and df > 0. Missing: NaN is refused (`not-finite`). Source: Loader (2000).
 * Example: `chiSquareDensity(2, 3)` = 0.207553748710.
 */
export function chiSquareDensity(x: number, df: number): number {
  ensureNumber(x)
  ensurePositive(df, 'degrees of freedom')
  if (x < 0) return 0
  if (x === 0) return df < 2 ? Infinity : df === 2 ? 0.5 : 0
  return known((0.5 * Math.exp(logPoissonTerm(df / 2, x / 2)) * (df / 2)) / (x / 2))
}

/** Solves tail(x) = e^logP for x > 0 in log x and log p, on the side of the smaller tail. */
function positiveQuantile(
  logP: number,
  tail: Tail,
  start: number,
  tails: (x: number) => Pick<Tails, 'logLower' | 'logUpper'>,
): number {
  if (logP === -Infinity) return tail === 'lower' ? 0 : Infinity
  if (logP === 0) return tail === 'lower' ? Infinity : 0
  const middle = tails(start)
  const lowerSide = tail === 'lower' ? logP < middle.logLower : logP > middle.logUpper
  const side: Tail = lowerSide ? 'lower' : 'upper'
  const target = side === tail ? logP : Math.log(-Math.expm1(logP))
  const u = solveMonotone(
    (log) => {
      const { logLower, logUpper } = tails(Math.exp(log))
      return Math.max(-1e300, side === 'lower' ? logLower : logUpper) - target
    },
    Math.log(start),
    0.5,
  )
  // At the ends of the doubles a quantile has no digits left and is given as its limit.
  known(u)
  return u < -700 ? 0 : u > 700 ? Infinity : Math.exp(u)
}

/**
 * Gamma quantile with scale 1.
 * Input: a probability 0..1, shape > 0 and the tail. Missing: a probability outside 0..1, NaN included, is refused
 * (`bad-option`). Source: DiDonato and Morris (1986), Loader (2000).
 * Example: `gammaQuantile(0.95, 3)` = 6.29579362187.
 */
export function gammaQuantile(p: number, shape: number, tail: Tail = 'lower'): number {
  ensureProbability(p)
  ensurePositive(shape, 'shape')
  return positiveQuantile(Math.log(p), tail, shape, (x) => incompleteGamma(shape, x))
}

/**
 * Chi-square quantile.
 * Input: a probability 0..1, df > 0 and the tail. Missing: a probability outside 0..1, NaN included, is refused
 * (`bad-option`). Source: DiDonato and Morris (1986), Loader (2000).
 * Example: `chiSquareQuantile(0.95, 1)` = 3.841458820694124.
 */
export function chiSquareQuantile(p: number, df: number, tail: Tail = 'lower'): number {
  ensurePositive(df, 'degrees of freedom')
  return 2 * gammaQuantile(p, df / 2, tail)
}

/**
 * Beta probability.
 * Input: 0 ≤ x ≤ 1, a, b > 0 and the tail that is wanted. Missing: NaN is refused (`not-finite`). Source: Lentz’s
 * continued fraction with the prefix of Loader (2000).
 * Example: `betaCdf(0.3, 2, 5)` = 0.579825.
 */
export function betaCdf(x: number, a: number, b: number, tail: Tail = 'lower'): number {
  ensureNumber(x)
  ensurePositive(a, 'a')
  ensurePositive(b, 'b')
  return known(incompleteBeta(a, b, x)[tail])
}

/**
 * Beta density, 0 outside 0..1; at 0 and 1 the limit, which is Infinity for a parameter below 1.
 * Input: x, a, b > 0. Missing: NaN is refused (`not-finite`). Source: Loader (2000).
 * Example: `betaDensity(0.3, 2, 5)` = 2.1609.
 */
export function betaDensity(x: number, a: number, b: number): number {
  ensurePositive(a, 'a')
  ensurePositive(b, 'b')
  ensureNumber(x)
  if (x === 0 || x === 1) {
    const [own, other] = x === 0 ? [a, b] : [b, a]
    return own < 1 ? Infinity : own === 1 ? other : 0
  }
  if (x < 0 || x > 1) return 0
  return known((Math.exp(logBinomialTerm(a, a + b, x, 1 - x)) * a * b) / ((a + b) * x * (1 - x)))
}

/**
 * Beta quantile.
 * Input: a probability 0..1, a, b > 0 and the tail. Missing: a probability outside 0..1, NaN included, is refused
 * (`bad-option`). Source: Lentz’s continued fraction with the prefix of Loader (2000).
 * Example: `betaQuantile(0.025, 26, 5)` = 0.692781649723873.
 */
export function betaQuantile(p: number, a: number, b: number, tail: Tail = 'lower'): number {
  ensureProbability(p)
  ensurePositive(a, 'a')
  ensurePositive(b, 'b')
  if (p === 0 || p === 1) return (tail === 'lower') === (p === 0) ? 0 : 1
  // Odds x/(1−x) run over 0..∞, and both x and 1−x follow from them without cancellation.
  const odds = positiveQuantile(Math.log(p), tail, a / b, (o) =>
    o === Infinity ? certainTail('lower') : incompleteBeta(a, b, o / (1 + o), 1 / (1 + o)),
  )
  return odds === Infinity ? 1 : odds / (1 + odds)
}

/** log P(|T| > t). Where t² would overflow, the leading term x^a / (a B(a, 1/2)) of the beta function is exact. */
function tLogFarTail(t: number, df: number): number {
  if (t === Infinity) return -Infinity
  if (t < 1e100) {
    const s = t * t
    return incompleteBeta(df / 2, 0.5, df / (df + s), s / (df + s)).logLower
  }
  const a = df / 2
  const logBeta = logGamma(a) + logGamma(0.5) - logGamma(a + 0.5)
  return df * (0.5 * Math.log(df) - Math.log(t)) - Math.log(a) - logBeta
}

/** From here on Hill's normal deviate (1970, algorithm 395) is exact to the last digit, and the beta function is not. */
const manyDegrees = 1e5

function hillDeviate(t: number, df: number): number {
  if (df > 1e15) return t
  const a = df - 0.5
  const b = 48 * a * a
  const y = a * Math.log1p((t * t) / df)
  const z =
    Math.sqrt(y) *
    (((((-0.4 * y - 3.3) * y - 24) * y - 85.5) / (0.8 * y * y + 100 + b) + y + 3) / b + 1)
  return t < 0 ? -z : z
}

function tTails(t: number, df: number): Tails {
  if (df >= manyDegrees && Math.abs(t) < 1e4) {
    const z = hillDeviate(t, df)
    return {
      ...normalTails(z),
      logLower: logNormalTail(z, 'lower'),
      logUpper: logNormalTail(z, 'upper'),
    }
  }
  if (df > 1e15) return certainTail(t < 0 ? 'upper' : 'lower')
  const side = t < 0 ? 'lower' : 'upper'
  if (t === 0) return tailsFrom(side, 0.5, -Math.LN2)
  // The tail itself keeps more digits than the exponential of its logarithm.
  const size = Math.abs(t)
  const s = size * size
  const log = tLogFarTail(size, df) - Math.LN2
  const small =
    size < 1e100
      ? incompleteBeta(df / 2, 0.5, df / (df + s), s / (df + s)).lower / 2
      : Math.exp(log)
  return tailsFrom(side, small, log)
}

/**
 * Student t probability.
 * Input: t, df > 0 (Infinity is the normal) and the tail that is wanted. Missing: NaN is refused (`not-finite`).
 * Source: Student (1908); Hill (1970, algorithm 395) from 1e5 degrees of freedom on.
 * Example: `tCdf(-2.5, 17)` = 0.01147390.
 */
export function tCdf(t: number, df: number, tail: Tail = 'lower'): number {
  ensureNumber(t)
  ensurePositive(df, 'degrees of freedom')
  return known(tTails(t, df)[tail])
}

/**
 * Two-sided p-value of a t statistic.
 * Input: t and df > 0. Missing: NaN is refused (`not-finite`). Source: Student (1908).
 * Example: `tTwoSided(2.228138851986274, 10)` = 0.05.
 */
export function tTwoSided(t: number, df: number): number {
  return Math.min(1, 2 * tCdf(-Math.abs(t), df))
}

/**
 * Student t density.
 * Input: t and df > 0. Missing: NaN is refused (`not-finite`). Source: Student (1908).
 * Example: `tDensity(1, 5)` = 0.219679797351.
 */
export function tDensity(t: number, df: number): number {
  ensureNumber(t)
  ensurePositive(df, 'degrees of freedom')
  if (df === Infinity) return normalDensity(t)
  const log = logGamma((df + 1) / 2) - logGamma(df / 2) - 0.5 * Math.log(df * Math.PI)
  return known(Math.exp(log - ((df + 1) / 2) * Math.log1p((t * t) / df)))
}

/**
 * Student t quantile.
 * Input: a probability 0..1, df > 0 and the tail. Missing: a probability outside 0..1, NaN included, is refused
 * (`bad-option`). Source: Student (1908).
 * Example: `tQuantile(0.975, 10)` = 2.228138851986274.
 */
export function tQuantile(p: number, df: number, tail: Tail = 'lower'): number {
  ensureProbability(p)
  ensurePositive(df, 'degrees of freedom')
  if (df === Infinity) return as241(p, tail)
  if (p === 0.5) return 0
  const sign = p < 0.5 === (tail === 'lower') ? -1 : 1
  const small = Math.min(p, 1 - p)
  if (small === 0) return sign * Infinity
  return sign * positiveQuantile(Math.log(small), 'upper', 1, (t) => tTails(t, df))
}

function fTails(x: number, df1: number, df2: number): Tails {
  if (x <= 0) return certainTail('upper')
  if (x === Infinity) return certainTail('lower')
  if (df2 === Infinity && df1 === Infinity) return certainTail(x < 1 ? 'upper' : 'lower')
  if (df2 === Infinity) return incompleteGamma(df1 / 2, (x * df1) / 2)
  if (df1 === Infinity) {
    const { lower, upper, logLower, logUpper } = incompleteGamma(df2 / 2, df2 / x / 2)
    return { lower: upper, upper: lower, logLower: logUpper, logUpper: logLower }
  }
  if (df1 === 1 && df2 >= manyDegrees) {
    const { upper, logUpper } = tTails(Math.sqrt(x), df2)
    return tailsFrom('upper', 2 * upper, Math.LN2 + logUpper)
  }
  // Of the two parts of df1·x + df2 neither may overflow.
  const ratio = x * (df1 / df2)
  if (ratio > 1)
    return incompleteBeta(df1 / 2, df2 / 2, 1 / (1 + 1 / ratio), 1 / ratio / (1 + 1 / ratio))
  return incompleteBeta(df1 / 2, df2 / 2, ratio / (1 + ratio), 1 / (1 + ratio))
}

/**
 * F probability.
 * Input: x, two degrees of freedom > 0 and the tail that is wanted. Missing: NaN is refused (`not-finite`). Source: the
 * incomplete beta function: Lentz’s continued fraction with the prefix of Loader (2000).
 * Example: `fCdf(4, 3, 17, 'upper')` = 0.02523023.
 */
export function fCdf(x: number, df1: number, df2: number, tail: Tail = 'lower'): number {
  ensureNumber(x)
  ensurePositive(df1, 'numerator degrees of freedom')
  ensurePositive(df2, 'denominator degrees of freedom')
  return known(fTails(x, df1, df2)[tail])
}

/**
 * F density, 0 below 0; at 0 the limit, which is Infinity below two numerator degrees of freedom.
 * Input: x and two degrees of freedom > 0. Missing: NaN is refused (`not-finite`). Source: Loader (2000).
 * Example: `fDensity(1.5, 3, 17)` = 0.253036260248.
 */
export function fDensity(x: number, df1: number, df2: number): number {
  ensureNumber(x)
  ensurePositive(df1, 'numerator degrees of freedom')
  ensurePositive(df2, 'denominator degrees of freedom')
  if (x < 0) return 0
  if (x === 0) return df1 < 2 ? Infinity : df1 === 2 ? 1 : 0
  if (x === Infinity) return 0
  // Both shares of the sum from their ratio, so that neither is the rounded rest of the other in a tail.
  const ratio = (x * df1) / df2
  const q = 1 / (1 + ratio)
  const p = ratio > 1 ? 1 / (1 + df2 / df1 / x) : ratio * q
  const [a, b] = [df1 / 2, df2 / 2]
  return known((Math.exp(logBinomialTerm(a, a + b, p, q)) * a * b) / ((a + b) * x))
}

/**
 * F quantile.
 * Input: a probability 0..1, two degrees of freedom > 0 and the tail. Missing: a probability outside 0..1, NaN
 * included, is refused (`bad-option`). Source: the incomplete beta function: Lentz’s continued fraction with the prefix
 * of Loader (2000).
 * Example: `fQuantile(0.95, 3, 17)` = 3.1967768409.
 */
export function fQuantile(p: number, df1: number, df2: number, tail: Tail = 'lower'): number {
  ensureProbability(p)
  ensurePositive(df1, 'numerator degrees of freedom')
  ensurePositive(df2, 'denominator degrees of freedom')
  return positiveQuantile(Math.log(p), tail, 1, (x) => fTails(x, df1, df2))
}

function ensureBinomial(n: number, p: number): void {
  ensure(Number.isInteger(n) && n >= 0, 'bad-option', `${n} is not a number of trials`)
  ensureProbability(p)
}

/**
 * Binomial probability of exactly k.
 * Input: k of n trials with probability p. Missing: NaN is refused (`not-finite`). Source: Loader (2000).
 * Example: `binomialDensity(3, 30, 0.2)` = 0.078531821242.
 */
export function binomialDensity(k: number, n: number, p: number): number {
  ensureNumber(k)
  ensureBinomial(n, p)
  return Number.isInteger(k) && k >= 0 && k <= n ? Math.exp(logBinomialTerm(k, n, p, 1 - p)) : 0
}

/**
 * Binomial P(X ≤ k) or P(X > k).
 * Input: k of n trials with probability p and the tail that is wanted. Missing: NaN is refused (`not-finite`). Source:
 * the incomplete beta function: Lentz’s continued fraction with the prefix of Loader (2000).
 * Example: `binomialCdf(3, 30, 0.2)` = 0.122710806394163.
 */
export function binomialCdf(k: number, n: number, p: number, tail: Tail = 'lower'): number {
  ensureNumber(k)
  ensureBinomial(n, p)
  const x = Math.floor(k + 1e-7)
  if (x < 0) return tail === 'lower' ? 0 : 1
  if (x >= n) return tail === 'lower' ? 1 : 0
  if (p === 0 || p === 1) return (p === 0) === (tail === 'lower') ? 1 : 0
  return known(incompleteBeta(n - x, x + 1, 1 - p, p)[tail])
}

/**
 * Smallest k with P(X ≤ k) ≥ p (or P(X > k) ≤ p for the upper tail).
 * Input: a probability 0..1, n trials with their probability, and the tail. Missing: a probability outside 0..1, NaN
 * included, is refused (`bad-option`). Source: the definition; R’s qbinom().
 * Example: `binomialQuantile(0.9, 30, 0.2)` = 9.
 */
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
