import * as d from '#domain/statistics/distributions.ts'
import { StatisticsProblem } from '#domain/statistics/problem.ts'
import {
  rankSumDistribution,
  signedRankDistribution,
} from '#domain/statistics/rank-distribution.ts'
import type { CaseReader, Recompute } from '#domain/statistics/reference/read-case.ts'
import { hypergeometricCdf, logHypergeometric } from '#domain/statistics/special/hypergeometric.ts'
import { studentizedRangeCdf } from '#domain/statistics/special/studentized-range.ts'

function cumulated(p: Float64Array, q: number, tail: d.Tail): number {
  let sum = 0
  const last = Math.floor(q + 1e-7)
  if (tail === 'lower') for (let s = 0; s <= last && s < p.length; s++) sum += p[s] as number
  else for (let s = p.length - 1; s > last && s >= 0; s--) sum += p[s] as number
  return Math.min(1, sum)
}

function wilcoxonDistribution(m: number, n: number): Float64Array {
  const size = Math.min(m, n)
  const ranks = Array.from({ length: m + n }, (_, i) => i)
  return rankSumDistribution(ranks, size).subarray((size * (size - 1)) / 2)
}

function discreteQuantile(p: Float64Array, probability: number, tail: d.Tail): number {
  const target = tail === 'lower' ? probability : 1 - probability
  let sum = 0
  for (let s = 0; s < p.length; s++) {
    sum += p[s] as number
    if (sum * (1 + 1e-14) >= target) return s
  }
  return p.length - 1
}

function signedRanks(n: number): Float64Array {
  return signedRankDistribution(Array.from({ length: n }, (_, i) => i + 1))
}

type Compute = (r: CaseReader, tail: d.Tail) => number

/** R's names of the functions, with R's arguments. */
const byName: Record<string, Compute> = {
  pnorm: (r, tail) => d.normalCdf((r.number('q') - r.number('mean', 0)) / r.number('sd', 1), tail),
  qnorm: (r, tail) =>
    r.number('mean', 0) + r.number('sd', 1) * d.normalQuantile(r.number('p'), tail),
  dnorm: (r) =>
    d.normalDensity((r.number('x') - r.number('mean', 0)) / r.number('sd', 1)) / r.number('sd', 1),
  pchisq: (r, tail) => d.chiSquareCdf(r.number('q'), r.number('df'), tail),
  qchisq: (r, tail) => d.chiSquareQuantile(r.number('p'), r.number('df'), tail),
  dchisq: (r) => d.chiSquareDensity(r.number('x'), r.number('df')),
  pt: (r, tail) => d.tCdf(r.number('q'), r.number('df'), tail),
  qt: (r, tail) => d.tQuantile(r.number('p'), r.number('df'), tail),
  dt: (r) => d.tDensity(r.number('x'), r.number('df')),
  pf: (r, tail) => d.fCdf(r.number('q'), r.number('df1'), r.number('df2'), tail),
  qf: (r, tail) => d.fQuantile(r.number('p'), r.number('df1'), r.number('df2'), tail),
  df: (r) => d.fDensity(r.number('x'), r.number('df1'), r.number('df2')),
  pbeta: (r, tail) => d.betaCdf(r.number('q'), r.number('shape1'), r.number('shape2'), tail),
  qbeta: (r, tail) => d.betaQuantile(r.number('p'), r.number('shape1'), r.number('shape2'), tail),
  dbeta: (r) => d.betaDensity(r.number('x'), r.number('shape1'), r.number('shape2')),
  pgamma: (r, tail) => d.gammaCdf(r.number('q') * r.number('rate', 1), r.number('shape'), tail),
  qgamma: (r, tail) =>
    d.gammaQuantile(r.number('p'), r.number('shape'), tail) / r.number('rate', 1),
  pbinom: (r, tail) => d.binomialCdf(r.number('q'), r.number('size'), r.number('prob'), tail),
  qbinom: (r, tail) => d.binomialQuantile(r.number('p'), r.number('size'), r.number('prob'), tail),
  dbinom: (r) => d.binomialDensity(r.number('x'), r.number('size'), r.number('prob')),
  phyper: (r, tail) =>
    hypergeometricCdf(r.number('q'), r.number('m'), r.number('n'), r.number('k'), tail),
  dhyper: (r) =>
    Math.exp(logHypergeometric(r.number('x'), r.number('m'), r.number('n'), r.number('k'))),
  ppois: (r, tail) =>
    d.gammaCdf(
      r.number('lambda'),
      Math.floor(r.number('q') + 1e-7) + 1,
      tail === 'lower' ? 'upper' : 'lower',
    ),
  psignrank: (r, tail) => cumulated(signedRanks(r.number('n')), r.number('q'), tail),
  qsignrank: (r, tail) => discreteQuantile(signedRanks(r.number('n')), r.number('p'), tail),
  dsignrank: (r) => signedRanks(r.number('n'))[r.number('x')] ?? 0,
  pwilcox: (r, tail) =>
    cumulated(wilcoxonDistribution(r.number('m'), r.number('n')), r.number('q'), tail),
  qwilcox: (r, tail) =>
    discreteQuantile(wilcoxonDistribution(r.number('m'), r.number('n')), r.number('p'), tail),
  dwilcox: (r) => wilcoxonDistribution(r.number('m'), r.number('n'))[r.number('x')] ?? 0,
  ptukey: (r, tail) =>
    studentizedRangeCdf(r.number('q'), r.number('nmeans'), r.number('df', Infinity), tail),
}

export const distribution: Recompute = (r) => {
  const name = r.text('fn')
  const compute = byName[name]
  if (!compute)
    throw new StatisticsProblem('unknown-procedure', `unknown distribution function "${name}"`)
  const value = compute(r, r.flag('lower.tail', true) ? 'lower' : 'upper')
  return { value: r.flag('log.p') || r.flag('log') ? Math.log(value) : value }
}
