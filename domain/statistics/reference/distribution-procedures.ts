/* R's distribution functions p…, q… and d… by their names and arguments, with lower.tail, log.p and log. */
import * as d from '#domain/statistics/distributions.ts'
import { ensure, StatisticsProblem } from '#domain/statistics/problem.ts'
import {
  rankSumDistribution,
  signedRankDistribution,
} from '#domain/statistics/rank-distribution.ts'
import type { CaseReader, Recompute } from '#domain/statistics/reference/read-case.ts'
import { hypergeometricCdf, logHypergeometric } from '#domain/statistics/special/hypergeometric.ts'
import { logBinomialTerm, logGamma, logPoissonTerm } from '#domain/statistics/special/log-gamma.ts'
import {
  noncentralBetaCdf,
  noncentralChiSquareCdf,
} from '#domain/statistics/special/noncentral-chi-square.ts'
import { noncentralTCdf } from '#domain/statistics/special/noncentral-t.ts'
import { findRoot } from '#domain/statistics/special/root.ts'
import { studentizedRangeCdf } from '#domain/statistics/special/studentized-range.ts'

/** One family: cumulative probability, quantile and log density or mass, for the parameters of a case. */
interface Family {
  cdf: (x: number, tail: d.Tail) => number
  /** Logarithm of a tail where the tail itself may underflow. */
  logCdf?: (x: number, tail: d.Tail) => number
  quantile?: (p: number, tail: d.Tail) => number
  logDensity?: (x: number) => number
}

/** Smallest count k with P(X ≤ k) ≥ p, or P(X > k) ≤ p for the upper tail, searched outward from `start`. */
function countQuantile(cdf: Family['cdf'], start: number, most = Infinity) {
  return (p: number, tail: d.Tail): number => {
    if (p === (tail === 'lower' ? 1 : 0)) return most
    const reached = (k: number) =>
      tail === 'lower' ? cdf(k, 'lower') >= p * (1 - 1e-13) : cdf(k, 'upper') <= p * (1 + 1e-13)
    let low = -1
    let high = Math.max(0, Math.min(most, Math.round(start)))
    while (!reached(high)) {
      low = high
      high = Math.min(most, 2 * high + 1)
      ensure(high < 1e15, 'not-converged', 'no quantile in reach')
    }
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (reached(middle)) high = middle
      else low = middle
    }
    return high
  }
}

const flip = (tail: d.Tail): d.Tail => (tail === 'lower' ? 'upper' : 'lower')
const whole = (x: number) => Math.floor(x + 1e-7)
const massAt = (logMass: (k: number) => number) => (k: number) =>
  Number.isInteger(k) && k >= 0 ? logMass(k) : -Infinity

function gammaFamily(shape: number, scale: number): Family {
  return {
    cdf: (x, tail) => d.gammaCdf(x / scale, shape, tail),
    logCdf: (x, tail) => d.logTail({ kind: 'gamma', shape }, x / scale, tail),
    quantile: (p, tail) => d.gammaQuantile(p, shape, tail) * scale,
    logDensity: (x) => {
      if (x < 0) return -Infinity
      if (x === 0) return shape < 1 ? Infinity : shape === 1 ? -Math.log(scale) : -Infinity
      return logPoissonTerm(shape, x / scale) + Math.log(shape / x)
    },
  }
}

function normalFamily(mean: number, sd: number): Family {
  ensure(sd > 0, 'bad-option', `sd is ${sd}`)
  const z = (x: number) => (x - mean) / sd
  return {
    cdf: (x, tail) => d.normalCdf(z(x), tail),
    logCdf: (x, tail) => d.logTail({ kind: 'normal' }, z(x), tail),
    quantile: (p, tail) => mean + sd * d.normalQuantile(p, tail),
    logDensity: (x) => -0.5 * z(x) ** 2 - Math.log(sd) - 0.5 * Math.log(2 * Math.PI),
  }
}

function chiSquareFamily(df: number, ncp: number): Family {
  if (ncp > 0) return { cdf: (x, tail) => noncentralChiSquareCdf(x, df, ncp, tail) }
  return gammaFamily(df / 2, 2)
}

function tFamily(df: number, ncp: number): Family {
  if (ncp !== 0) return { cdf: (x, tail) => noncentralTCdf(x, df, ncp, tail) }
  return {
    cdf: (x, tail) => d.tCdf(x, df, tail),
    logCdf: (x, tail) => d.logTail({ kind: 't', df }, x, tail),
    quantile: (p, tail) => d.tQuantile(p, df, tail),
    logDensity: (x) =>
      df === Infinity
        ? -0.5 * x * x - 0.5 * Math.log(2 * Math.PI)
        : logGamma((df + 1) / 2) -
          logGamma(df / 2) -
          0.5 * Math.log(df * Math.PI) -
          ((df + 1) / 2) *
            (Math.abs(x) > 1e100
              ? 2 * Math.log(Math.abs(x)) - Math.log(df)
              : Math.log1p((x * x) / df)),
  }
}

function fFamily(df1: number, df2: number, ncp: number): Family {
  if (ncp > 0)
    return {
      cdf: (x, tail) => noncentralBetaCdf((df1 * x) / (df1 * x + df2), df1 / 2, df2 / 2, ncp, tail),
    }
  return {
    cdf: (x, tail) => d.fCdf(x, df1, df2, tail),
    logCdf: (x, tail) => d.logTail({ kind: 'f', df1, df2 }, x, tail),
    quantile: (p, tail) => d.fQuantile(p, df1, df2, tail),
    logDensity: (x) => Math.log(d.fDensity(x, df1, df2)),
  }
}

function betaFamily(a: number, b: number, ncp: number): Family {
  if (ncp > 0) return { cdf: (x, tail) => noncentralBetaCdf(x, a, b, ncp, tail) }
  return {
    cdf: (x, tail) => d.betaCdf(x, a, b, tail),
    logCdf: (x, tail) => d.logTail({ kind: 'beta', a, b }, x, tail),
    quantile: (p, tail) => d.betaQuantile(p, a, b, tail),
    logDensity: (x) => Math.log(d.betaDensity(x, a, b)),
  }
}

function binomialFamily(size: number, prob: number): Family {
  const cdf: Family['cdf'] = (x, tail) => d.binomialCdf(x, size, prob, tail)
  return {
    cdf,
    logCdf: (x, tail) => {
      const k = whole(x)
      if (k < 0 || k >= size) return Math.log(cdf(x, tail))
      return d.logTail({ kind: 'beta', a: size - k, b: k + 1 }, 1 - prob, tail)
    },
    quantile: (p, tail) => d.binomialQuantile(p, size, prob, tail),
    logDensity: massAt((k) => (k > size ? -Infinity : logBinomialTerm(k, size, prob, 1 - prob))),
  }
}

function poissonFamily(lambda: number): Family {
  const cdf: Family['cdf'] = (x, tail) =>
    whole(x) < 0 ? Number(tail === 'upper') : d.gammaCdf(lambda, whole(x) + 1, flip(tail))
  return {
    cdf,
    quantile: countQuantile(cdf, lambda),
    logDensity: massAt((k) => logPoissonTerm(k, lambda)),
  }
}

function negativeBinomialFamily(size: number, prob: number): Family {
  const cdf: Family['cdf'] = (x, tail) =>
    whole(x) < 0 ? Number(tail === 'upper') : d.betaCdf(prob, size, whole(x) + 1, tail)
  return {
    cdf,
    quantile: countQuantile(cdf, (size * (1 - prob)) / prob),
    logDensity: massAt(
      (k) => logBinomialTerm(size, k + size, prob, 1 - prob) + Math.log(size / (k + size)),
    ),
  }
}

function hypergeometricFamily(m: number, n: number, k: number): Family {
  const cdf: Family['cdf'] = (x, tail) => hypergeometricCdf(x, m, n, k, tail)
  return {
    cdf,
    quantile: countQuantile(cdf, (k * m) / (m + n), Math.min(k, m)),
    logDensity: massAt((x) => logHypergeometric(x, m, n, k)),
  }
}

/** A distribution given by the probabilities of 0, 1, 2, … */
function tabulated(p: Float64Array): Family {
  const cdf: Family['cdf'] = (x, tail) => {
    const last = whole(x)
    let sum = 0
    if (tail === 'lower') for (let s = 0; s <= last && s < p.length; s++) sum += p[s] as number
    else for (let s = p.length - 1; s > last && s >= 0; s--) sum += p[s] as number
    return Math.min(1, sum)
  }
  return {
    cdf,
    quantile: countQuantile(cdf, (p.length - 1) / 2, p.length - 1),
    logDensity: massAt((k) => Math.log(p[k] ?? 0)),
  }
}

/** Mann-Whitney’s U of m against n values: rank sums counted from 0. */
function rankSums(m: number, n: number): Float64Array {
  const size = Math.min(m, n)
  const ranks = Array.from({ length: m + n }, (_, i) => i)
  return rankSumDistribution(ranks, size).subarray((size * (size - 1)) / 2)
}

function signedRanks(n: number): Float64Array {
  return signedRankDistribution(Array.from({ length: n }, (_, i) => i + 1))
}

function tukeyFamily(nmeans: number, df: number): Family {
  const cdf: Family['cdf'] = (x, tail) => studentizedRangeCdf(x, nmeans, df, tail)
  return {
    cdf,
    quantile: (p, tail) => {
      if (p === 0 || p === 1) return (p === 0) === (tail === 'lower') ? 0 : Infinity
      let high = 4
      while (cdf(high, tail) < p === (tail === 'lower') && high < 1e6) high *= 2
      return findRoot((x) => cdf(x, tail) - p, 0, high)
    },
  }
}

/** Families whose functions are closed forms of a log survival function. */
function closedForm(
  logUpper: (x: number) => number,
  fromLogUpper: (logP: number) => number,
  logDensity: (x: number) => number,
): Family {
  const lower = (x: number) => -Math.expm1(logUpper(x))
  return {
    cdf: (x, tail) => (tail === 'upper' ? Math.exp(logUpper(x)) : lower(x)),
    logCdf: (x, tail) => (tail === 'upper' ? logUpper(x) : Math.log(lower(x))),
    quantile: (p, tail) => fromLogUpper(tail === 'upper' ? Math.log(p) : Math.log1p(-p)),
    logDensity,
  }
}

function weibullFamily(shape: number, scale: number): Family {
  return closedForm(
    (x) => (x <= 0 ? 0 : -((x / scale) ** shape)),
    (log) => scale * (-log) ** (1 / shape),
    (x) =>
      x < 0
        ? -Infinity
        : Math.log(shape / scale) +
          (shape === 1 ? 0 : (shape - 1) * Math.log(x / scale)) -
          (x / scale) ** shape,
  )
}

function logisticFamily(location: number, scale: number): Family {
  const z = (x: number) => (x - location) / scale
  const log = (v: number) => (v > 0 ? -Math.log1p(Math.exp(-v)) : v - Math.log1p(Math.exp(v)))
  return {
    cdf: (x, tail) => Math.exp(log(tail === 'lower' ? z(x) : -z(x))),
    logCdf: (x, tail) => log(tail === 'lower' ? z(x) : -z(x)),
    quantile: (p, tail) =>
      location + scale * (tail === 'lower' ? 1 : -1) * (Math.log(p) - Math.log1p(-p)),
    logDensity: (x) => log(z(x)) + log(-z(x)) - Math.log(scale),
  }
}

function cauchyFamily(location: number, scale: number): Family {
  const tailOf = (v: number) => (v > 0 ? Math.atan(1 / v) / Math.PI : 0.5 - Math.atan(v) / Math.PI)
  return {
    cdf: (x, tail) => tailOf((tail === 'upper' ? 1 : -1) * ((x - location) / scale)),
    quantile: (p, tail) => {
      const small = Math.min(p, 1 - p)
      const size = p === 0.5 ? 0 : 1 / Math.tan(Math.PI * small)
      return location + scale * size * (p < 0.5 === (tail === 'upper') ? 1 : -1)
    },
    logDensity: (x) => -Math.log(Math.PI * scale * (1 + ((x - location) / scale) ** 2)),
  }
}

function logNormalFamily(mean: number, sd: number): Family {
  const normal = normalFamily(mean, sd)
  return {
    cdf: (x, tail) => normal.cdf(x <= 0 ? -Infinity : Math.log(x), tail),
    logCdf: (x, tail) => normal.logCdf?.(x <= 0 ? -Infinity : Math.log(x), tail) ?? 0,
    quantile: (p, tail) => Math.exp(normal.quantile?.(p, tail) ?? 0),
    logDensity: (x) => (x <= 0 ? -Infinity : (normal.logDensity?.(Math.log(x)) ?? 0) - Math.log(x)),
  }
}

function uniformFamily(min: number, max: number): Family {
  const part = (x: number) => Math.min(1, Math.max(0, x / (max - min)))
  return {
    cdf: (x, tail) => part(tail === 'lower' ? x - min : max - x),
    quantile: (p, tail) => (tail === 'lower' ? min + p * (max - min) : max - p * (max - min)),
    logDensity: (x) => (x < min || x > max ? -Infinity : -Math.log(max - min)),
  }
}

/** Families by R's name, each read from the arguments of the case. */
const families: Readonly<Record<string, (r: CaseReader) => Family>> = {
  norm: (r) => normalFamily(r.number('mean', 0), r.number('sd', 1)),
  chisq: (r) => chiSquareFamily(r.number('df'), r.number('ncp', 0)),
  t: (r) => tFamily(r.number('df'), r.number('ncp', 0)),
  f: (r) => fFamily(r.number('df1'), r.number('df2'), r.number('ncp', 0)),
  beta: (r) => betaFamily(r.number('shape1'), r.number('shape2'), r.number('ncp', 0)),
  gamma: (r) =>
    gammaFamily(r.number('shape'), r.has('scale') ? r.number('scale') : 1 / r.number('rate', 1)),
  exp: (r) => weibullFamily(1, 1 / r.number('rate', 1)),
  weibull: (r) => weibullFamily(r.number('shape'), r.number('scale', 1)),
  lnorm: (r) => logNormalFamily(r.number('meanlog', 0), r.number('sdlog', 1)),
  logis: (r) => logisticFamily(r.number('location', 0), r.number('scale', 1)),
  cauchy: (r) => cauchyFamily(r.number('location', 0), r.number('scale', 1)),
  unif: (r) => uniformFamily(r.number('min', 0), r.number('max', 1)),
  binom: (r) => binomialFamily(r.number('size'), r.number('prob')),
  pois: (r) => poissonFamily(r.number('lambda')),
  nbinom: (r) =>
    negativeBinomialFamily(
      r.number('size'),
      r.has('mu') ? r.number('size') / (r.number('size') + r.number('mu')) : r.number('prob'),
    ),
  geom: (r) => negativeBinomialFamily(1, r.number('prob')),
  hyper: (r) => hypergeometricFamily(r.number('m'), r.number('n'), r.number('k')),
  signrank: (r) => tabulated(signedRanks(r.number('n'))),
  wilcox: (r) => tabulated(rankSums(r.number('m'), r.number('n'))),
  tukey: (r) => tukeyFamily(r.number('nmeans'), r.number('df', Infinity)),
}

/** Quantile for a probability that may be given as its logarithm; the smaller tail keeps the digits. */
function quantileOf(family: Family, given: number, logged: boolean, tail: d.Tail): number {
  const quantile = family.quantile ?? inverted(family)
  if (!logged) return quantile(given, tail)
  ensure(given <= 0, 'bad-option', `${given} is not the logarithm of a probability`)
  if (given > -Math.LN2) return quantile(-Math.expm1(given), flip(tail))
  const p = Math.exp(given)
  const log = family.logCdf
  if (p > 1e-290 || !log) return quantile(p, tail)
  // Beyond the doubles: from the quantile of 1e-290 outward on the logarithm.
  const near = quantile(1e-290, tail)
  let far = near
  let step = Math.max(1, Math.abs(near))
  while (log(far, tail) > given && step < 1e300) {
    far = near + (tail === 'lower' ? -step : step)
    step *= 2
  }
  return findRoot((x) => log(x, tail) - given, Math.min(near, far), Math.max(near, far))
}

function inverted(family: Family) {
  return (p: number, tail: d.Tail): number => {
    let reach = 1
    const gap = (x: number) => family.cdf(x, tail) - p
    while (gap(-reach) > 0 === gap(reach) > 0 && reach < 1e12) reach *= 2
    return findRoot(gap, -reach, reach)
  }
}

/** Recomputes one call of a distribution function of R, such as `pt(q=-2.5, df=17, lower.tail=FALSE)`. */
export const distribution: Recompute = (r) => {
  const name = r.text('fn')
  const [, kind = '', family = ''] = /^([pqd])([a-z]+)$/.exec(name) ?? []
  const of = Object.hasOwn(families, family) ? families[family] : undefined
  if (!of)
    throw new StatisticsProblem('unknown-procedure', `unknown distribution function "${name}"`)
  const law = of(r)
  const tail: d.Tail = r.flag('lower.tail', true) ? 'lower' : 'upper'
  const logged = r.flag('log.p') || r.flag('log')
  if (kind === 'd') {
    ensure(law.logDensity !== undefined, 'unknown-procedure', `no density "${name}"`)
    const log = law.logDensity(r.number('x'))
    return { value: logged ? log : Math.exp(log) }
  }
  if (kind === 'q') return { value: quantileOf(law, r.number('p'), logged, tail) }
  const q = r.number('q')
  if (!logged) return { value: law.cdf(q, tail) }
  return { value: law.logCdf?.(q, tail) ?? Math.log(law.cdf(q, tail)) }
}
