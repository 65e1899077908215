/*
 * Sample size and power. No formula is "the" sample size: method, rates, alpha, sides and power are inputs, and the
 * unrounded number is returned beside the ceiling, so that a protocol's figure can be traced to its formula.
 */

import {
  chiSquareCdf,
  normalCdf,
  normalQuantile,
  tQuantile,
} from '#domain/statistics/distributions.ts'
import { fisherByMargins } from '#domain/statistics/fisher-exact.ts'
import { ensure } from '#domain/statistics/problem.ts'
import { logBinomialTerm } from '#domain/statistics/special/log-gamma.ts'
import { noncentralTCdf } from '#domain/statistics/special/noncentral-t.ts'
import { solveMonotone } from '#domain/statistics/special/root.ts'

export interface DesignOptions {
  alpha: number
  /** Number of sides over which alpha is split. */
  sided?: 1 | 2
}

/**
 * unpooled: (zα + zβ)² Σpq/d². pooled: variance pooled under the null (R's power.prop.test). fleiss: pooled with
 * Fleiss's continuity correction. unpooled-corrected: the same correction of the unpooled number. arcsine: variance-
 * stabilised.
 */
export type TwoProportionsMethod =
  | 'unpooled'
  | 'pooled'
  | 'unpooled-corrected'
  | 'fleiss'
  | 'arcsine'

export interface SampleSize {
  /** Exact solution of the formula, first group (group 2 is `ratio` times as large). */
  perGroup: number
  /** Whole subjects in groups 1 and 2. */
  n: [number, number]
}

function ensureDesign(
  { alpha, sided = 2 }: DesignOptions,
  power?: number,
): { zAlpha: number; zBeta: number } {
  ensure(alpha > 0 && alpha < 1, 'bad-option', `alpha is ${alpha}`)
  ensure(sided === 1 || sided === 2, 'bad-option', `${String(sided)} sides`)
  if (power !== undefined) ensure(power > 0 && power < 1, 'bad-option', `power is ${power}`)
  return {
    zAlpha: normalQuantile(alpha / sided, 'upper'),
    zBeta: power === undefined ? 0 : normalQuantile(power),
  }
}

function ensureRates(p1: number, p2: number): void {
  ensure(
    p1 > 0 && p1 < 1 && p2 > 0 && p2 < 1,
    'bad-option',
    `rates ${p1} and ${p2} must lie between 0 and 1`,
  )
  ensure(p1 !== p2, 'bad-option', 'the rates are equal')
}

/** Whole subjects: the ceiling, where a number that is whole but for rounding stays. */
export function wholeSubjects(n: number): number {
  ensure(Number.isFinite(n), 'bad-option', 'no number of subjects is large enough for this design')
  return Math.ceil(n - 1e-9 * n)
}

function withContinuity(n: number, d: number, ratio: number): number {
  return (n / 4) * (1 + Math.sqrt(1 + (2 * (ratio + 1)) / (n * ratio * d))) ** 2
}

/**
 * Subjects per group to detect rates p1 against p2. Throws `bad-option`.
 * Input: two rates 0..1, alpha, power, sides, `ratio` n2/n1; the result is subjects, exact and whole. Missing: a design
 * has no missing values; NaN is refused (`bad-option`). Source: Fleiss, Levin and Paik (2003, ch. 4); arcsine: Cohen
 * (1988).
 * Example: `sampleSizeTwoProportions(0.65, 0.35, 'pooled', { alpha: 0.2, power: 0.8 }).perGroup` = 24.1375,
 * `sampleSizeTwoProportions(0.65, 0.35, 'pooled', { alpha: 0.2, power: 0.8 }).n` = [25, 25],
 * `sampleSizeTwoProportions(0.65, 0.35, 'arcsine', { alpha: 0.2, power: 0.8 }).perGroup` = 24.2782.
 */
export function sampleSizeTwoProportions(
  p1: number,
  p2: number,
  method: TwoProportionsMethod,
  design: DesignOptions & { power: number; ratio?: number },
): SampleSize {
  const { zAlpha, zBeta } = ensureDesign(design, design.power)
  ensureRates(p1, p2)
  const { ratio = 1 } = design
  ensure(ratio > 0 && Number.isFinite(ratio), 'bad-option', `ratio is ${ratio}`)
  const d = Math.abs(p1 - p2)
  const mean = (p1 + ratio * p2) / (1 + ratio)
  const own = p1 * (1 - p1) + (p2 * (1 - p2)) / ratio
  const unpooled = ((zAlpha + zBeta) ** 2 * own) / (d * d)
  const pooled =
    (zAlpha * Math.sqrt((1 + 1 / ratio) * mean * (1 - mean)) + zBeta * Math.sqrt(own)) ** 2 /
    (d * d)
  const h = 2 * (Math.asin(Math.sqrt(p1)) - Math.asin(Math.sqrt(p2)))
  const perGroup = {
    unpooled,
    pooled,
    'unpooled-corrected': withContinuity(unpooled, d, ratio),
    fleiss: withContinuity(pooled, d, ratio),
    arcsine: ((zAlpha + zBeta) ** 2 * (1 + 1 / ratio)) / (h * h),
  }[method]
  return { perGroup, n: [wholeSubjects(perGroup), wholeSubjects(perGroup * ratio)] }
}

/**
 * Power of `n1` against `n2` subjects by the same formulae, solved for power; the far tail is not counted. Throws
 * `bad-option`.
 * Input: subjects of two groups, two rates 0..1, alpha, sides; the power is a probability. Missing: a design has no
 * missing values; NaN is refused (`bad-option`). Source: Fleiss, Levin and Paik (2003, ch. 4).
 * Example: `powerTwoProportions(25, 25, 0.65, 0.35, 'pooled', { alpha: 0.2 })` = 0.810656.
 */
export function powerTwoProportions(
  n1: number,
  n2: number,
  p1: number,
  p2: number,
  method: TwoProportionsMethod,
  design: DesignOptions,
): number {
  const { zAlpha } = ensureDesign(design)
  ensureRates(p1, p2)
  ensure(n1 > 0 && n2 > 0, 'bad-option', 'both groups need subjects')
  const ratio = n2 / n1
  const d = Math.abs(p1 - p2)
  const mean = (p1 + ratio * p2) / (1 + ratio)
  const own = Math.sqrt(p1 * (1 - p1) + (p2 * (1 - p2)) / ratio)
  const corrected = method === 'fleiss' || method === 'unpooled-corrected'
  // Inverse of the continuity correction n′ → n.
  const n = corrected
    ? Math.max(0, n1 - (ratio + 1) / (ratio * d) + (ratio + 1) ** 2 / (4 * n1 * (ratio * d) ** 2))
    : n1
  if (method === 'arcsine') {
    const h = 2 * Math.abs(Math.asin(Math.sqrt(p1)) - Math.asin(Math.sqrt(p2)))
    return normalCdf(h * Math.sqrt(n / (1 + 1 / ratio)) - zAlpha)
  }
  const unpooled = method === 'unpooled' || method === 'unpooled-corrected'
  const null0 = unpooled ? own : Math.sqrt((1 + 1 / ratio) * mean * (1 - mean))
  return normalCdf((d * Math.sqrt(n) - zAlpha * null0) / own)
}

/**
 * Exact power by enumeration of all outcomes: the probability that Pearson’s uncorrected chi-square and Fisher’s
 * two-sided test reach p ≤ alpha. Throws `bad-option`, `sample-too-large`.
 * Input: subjects of two groups, two rates 0..1, alpha; powers are probabilities. Missing: a design has no missing
 * values; NaN is refused (`bad-option`). Source: Pearson (1900), Fisher (1935).
 * Example: `exactPowerTwoProportions(25, 25, 0.9, 0.6, 0.2).fisher` = 0.842189.
 */
export function exactPowerTwoProportions(
  n1: number,
  n2: number,
  p1: number,
  p2: number,
  alpha: number,
): { chiSquare: number; fisher: number } {
  ensure(
    Number.isInteger(n1) && Number.isInteger(n2) && n1 > 0 && n2 > 0,
    'bad-option',
    `groups of ${n1} and ${n2}`,
  )
  ensure(n1 * n2 <= 1e6, 'sample-too-large', `${n1} × ${n2} outcomes`)
  ensure(
    p1 >= 0 && p1 <= 1 && p2 >= 0 && p2 <= 1 && alpha > 0 && alpha < 1,
    'bad-option',
    'rates and alpha must be probabilities',
  )
  let chiSquare = 0
  let fisher = 0
  const total = n1 + n2
  const chance = (n: number, p: number) =>
    Float64Array.from({ length: n + 1 }, (_, k) => Math.exp(logBinomialTerm(k, n, p, 1 - p)))
  const first = chance(n1, p1)
  const second = chance(n2, p2)
  for (let events = 1; events < total; events++) {
    const { from, p } = fisherByMargins(events, total - events, n1)
    for (let x = from; x < from + p.length; x++) {
      const weight = (first[x] as number) * (second[events - x] as number)
      if ((p[x - from] as number) <= alpha) fisher += weight
      const deviation = x * total - events * n1
      const statistic = (deviation * deviation) / (events * (total - events) * n1) / (n2 / total)
      if (chiSquareCdf(statistic, 1, 'upper') <= alpha) chiSquare += weight
    }
  }
  return { chiSquare, fisher }
}

export interface LogRankDesign extends DesignOptions {
  /** Hazard ratio of group 2 against group 1, not 1. */
  hazardRatio: number
  power: number
  /** n2/n1. */
  ratio?: number
  /** Survival of both groups at the end of follow-up, to turn events into subjects. */
  survival?: [number, number]
}

export interface LogRankSampleSize {
  events: number
  eventsCeiling: number
  /** Both groups together; null without survival probabilities. */
  total: number | null
}

/**
 * Events and subjects for the log-rank test. Throws `bad-option`.
 * Input: hazard ratio, alpha, power, sides, `ratio` n2/n1, survival of both groups at the end of follow-up
 * (proportions); the result is events and subjects. Missing: a design has no missing values; NaN is refused
 * (`bad-option`). Source: Schoenfeld (1981, 1983), Freedman (1982).
 * Example: `sampleSizeLogRank({ hazardRatio: 0.67, alpha: 0.05, power: 0.9 }, 'schoenfeld').events` = 262.0594,
 * `sampleSizeLogRank({ hazardRatio: 0.67, alpha: 0.05, power: 0.9 }, 'freedman').events` = 269.0923.
 */
export function sampleSizeLogRank(
  design: LogRankDesign,
  method: 'schoenfeld' | 'freedman',
): LogRankSampleSize {
  const { zAlpha, zBeta } = ensureDesign(design, design.power)
  const { hazardRatio: hr, ratio = 1, survival } = design
  ensure(hr > 0 && hr !== 1 && Number.isFinite(hr), 'bad-option', `hazard ratio ${hr}`)
  ensure(ratio > 0 && Number.isFinite(ratio), 'bad-option', `ratio is ${ratio}`)
  const z2 = (zAlpha + zBeta) ** 2
  const events =
    method === 'schoenfeld'
      ? (z2 * (1 + ratio) ** 2) / (ratio * Math.log(hr) ** 2)
      : (z2 * (1 + ratio * hr) ** 2) / (ratio * (1 - hr) ** 2)
  let total: number | null = null
  if (survival) {
    const [s1, s2] = survival
    const share = 1 - (s1 + ratio * s2) / (1 + ratio)
    ensure(
      share > 0 && share <= 1,
      'bad-option',
      'no event is expected with these survival probabilities',
    )
    total = events / share
  }
  return { events, eventsCeiling: wholeSubjects(events), total }
}

/**
 * Power of the log-rank test given a number of events (the same approximations). Throws `bad-option`.
 * Input: events of both groups, hazard ratio, alpha, sides, `ratio` n2/n1; the power is a probability. Missing: a
 * design has no missing values; NaN is refused (`bad-option`). Source: Schoenfeld (1981, 1983), Freedman (1982).
 * Example: `powerLogRank(60, 0.5, 'schoenfeld', { alpha: 0.05 })` = 0.765646.
 */
export function powerLogRank(
  events: number,
  hazardRatio: number,
  method: 'schoenfeld' | 'freedman',
  design: DesignOptions & { ratio?: number },
): number {
  const { zAlpha } = ensureDesign(design)
  const { ratio = 1 } = design
  ensure(
    events > 0 && hazardRatio > 0 && hazardRatio !== 1,
    'bad-option',
    `${events} events, hazard ratio ${hazardRatio}`,
  )
  ensure(ratio > 0 && Number.isFinite(ratio), 'bad-option', `ratio is ${ratio}`)
  const effect =
    method === 'schoenfeld'
      ? (Math.sqrt(ratio) * Math.abs(Math.log(hazardRatio))) / (1 + ratio)
      : (Math.sqrt(ratio) * Math.abs(1 - hazardRatio)) / (1 + ratio * hazardRatio)
  return normalCdf(Math.sqrt(events) * effect - zAlpha)
}

/**
 * Power of the two-sample t test; both tails count when two-sided (R: strict = TRUE). Throws `bad-option`.
 * Input: subjects per group, difference and SD in one unit, alpha, sides; the power is a probability. Missing: a design
 * has no missing values; NaN is refused (`bad-option`). Source: the non-central t distribution (Johnson, Kotz and
 * Balakrishnan 1995, ch. 31).
 * Example: `powerTTest(64, 1, 2, { alpha: 0.05 })` = 0.801460.
 */
export function powerTTest(n: number, delta: number, sd: number, design: DesignOptions): number {
  const { alpha, sided = 2 } = design
  ensureDesign(design)
  ensure(
    n > 1 && sd > 0 && Number.isFinite(n) && Number.isFinite(delta / sd),
    'bad-option',
    `n ${n}, difference ${delta}, SD ${sd}`,
  )
  const df = 2 * (n - 1)
  const shift = Math.abs(delta / sd) * Math.sqrt(n / 2)
  const q = tQuantile(alpha / sided, df, 'upper')
  return noncentralTCdf(q, df, shift, 'upper') + (sided === 2 ? noncentralTCdf(-q, df, shift) : 0)
}

/**
 * Subjects per group for the two-sample t test by the non-central t distribution, and the normal approximation. Throws
 * `bad-option`.
 * Input: difference and SD in one unit, alpha, power, sides; the result is subjects, exact and whole. Missing: a design
 * has no missing values; NaN is refused (`bad-option`). Source: the non-central t distribution (Johnson, Kotz and
 * Balakrishnan 1995, ch. 31).
 * Example: `sampleSizeTTest(1, 2, { alpha: 0.05, power: 0.8 }).perGroup` = 63.7656, `sampleSizeTTest(1, 2, { alpha:
 * 0.05, power: 0.8 }).n` = [64, 64].
 */
export function sampleSizeTTest(
  delta: number,
  sd: number,
  design: DesignOptions & { power: number },
): SampleSize & { normal: number } {
  const { zAlpha, zBeta } = ensureDesign(design, design.power)
  ensure(
    Number.isFinite(delta) && delta !== 0 && sd > 0,
    'bad-option',
    `difference ${delta}, SD ${sd}`,
  )
  const normal = (2 * (zAlpha + zBeta) ** 2 * sd * sd) / (delta * delta)
  // In log(n − 1) the whole range above one subject is reachable without a bound.
  const u = solveMonotone(
    (log) => powerTTest(1 + Math.exp(log), delta, sd, design) - design.power,
    Math.log(Math.max(0.1, normal - 1)),
    0.1,
  )
  const perGroup = 1 + Math.exp(u)
  return { perGroup, n: [wholeSubjects(perGroup), wholeSubjects(perGroup)], normal }
}
