/*
 * Descriptive statistics. Missing values (null) are dropped and counted; n is always the number of values used.
 * Sums run over deviations from the mean, so a large offset costs no digits, and scaled where squares would overflow.
 */
import { tQuantile } from '#domain/statistics/distributions.ts'
import { ensure, requireConfidenceLevel } from '#domain/statistics/problem.ts'
import { completeSample, type Sample } from '#domain/statistics/samples.ts'

/** The nine sample quantile definitions of Hyndman and Fan (1996). SAS's default is 2, SPSS's 6, R's 7. */
export type QuantileType = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9

/** Mean of finite values, with a second pass that removes the rounding of the first. */
export function meanOf(values: ArrayLike<number>): number {
  const n = values.length
  ensure(n > 0, 'empty-sample', 'the sample has no values')
  let mean = 0
  for (let i = 0; i < n; i++) mean += (values[i] as number) / n
  let rest = 0
  for (let i = 0; i < n; i++) rest += ((values[i] as number) - mean) / n
  return Number.isFinite(rest) ? mean + rest : mean
}

/** Largest absolute deviation d and the sum of ((x − mean)/d)². */
function scaledSquares(values: ArrayLike<number>, mean: number): { scale: number; sum: number } {
  let scale = 0
  for (let i = 0; i < values.length; i++)
    scale = Math.max(scale, Math.abs((values[i] as number) - mean))
  if (scale === 0) return { scale: 0, sum: 0 }
  ensure(Number.isFinite(scale), 'not-finite', 'the values are too far apart for their spread')
  const ordinary = scale > 1e-140 && scale < 1e140
  const unit = ordinary ? 1 : scale
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += (((values[i] as number) - mean) / unit) ** 2
  return { scale: unit, sum }
}

/** Sum of squared deviations from the mean. */
export function sumOfSquares(values: ArrayLike<number>, mean = meanOf(values)): number {
  const { scale, sum } = scaledSquares(values, mean)
  return sum * scale * scale
}

/** Standard deviation with divisor n − 1 of at least two finite values. */
export function standardDeviationOf(values: ArrayLike<number>): number {
  ensure(values.length > 1, 'sample-too-small', 'a standard deviation needs two values')
  const { scale, sum } = scaledSquares(values, meanOf(values))
  return scale * Math.sqrt(sum / (values.length - 1))
}

/**
 * Mean of a sample. Throws `empty-sample`.
 * Input: values in any unit; the mean in the same. Missing: null is dropped; NaN and ±Infinity are refused
 * (`not-finite`). Source: the definition; R’s mean().
 * Example: `mean([1, null, 3])` = 2.
 */
export function mean(sample: Sample): number {
  return meanOf(completeSample(sample).values)
}

/**
 * Standard deviation with divisor n − 1 (not an SE). Throws `sample-too-small` below two values.
 * Input: values in any unit; the SD in the same. Missing: null is dropped; NaN and ±Infinity are refused
 * (`not-finite`). Source: the definition; R’s sd().
 * Example: `standardDeviation([1, 2, 4])` = 1.5275.
 */
export function standardDeviation(sample: Sample): number {
  return standardDeviationOf(completeSample(sample).values)
}

/**
 * Standard error of the mean, SD/√n: never to be printed as a spread. Throws `sample-too-small` below two values.
 * Input: values in any unit; the SE in the same. Missing: null is dropped; NaN and ±Infinity are refused
 * (`not-finite`). Source: the definition; R’s sd(x) / sqrt(length(x)).
 * Example: `standardError([1, 2, 3, 6])` = 1.0801.
 */
export function standardError(sample: Sample): number {
  const { values } = completeSample(sample)
  return standardDeviationOf(values) / Math.sqrt(values.length)
}

/**
 * Median: middle value or the mean of the two middle values. Throws `empty-sample`.
 * Input: values in any unit; the median in the same. Missing: null is dropped; NaN and ±Infinity are refused
 * (`not-finite`). Source: the definition; R’s median().
 * Example: `median([4, 1, 3, null])` = 3.
 */
export function median(sample: Sample): number {
  return quantiles(sample, [0.5], 7)[0] as number
}

/** Constants a, b of the continuous definitions. */
const plottingPositions: Record<4 | 5 | 6 | 8 | 9, [number, number]> = {
  4: [0, 1],
  5: [0.5, 0.5],
  6: [0, 0],
  8: [1 / 3, 1 / 3],
  9: [3 / 8, 3 / 8],
}

function ensureQuantileType(type: number): void {
  const known = Number.isInteger(type) && type >= 1 && type <= 9
  ensure(known, 'bad-option', `quantile type ${type} is not 1 to 9`)
}

function sortedQuantile(x: Float64Array, p: number, type: QuantileType): number {
  const n = x.length
  const at = (k: number) => x[Math.min(n, Math.max(1, k)) - 1] as number
  const mix = (low: number, high: number, h: number) =>
    h === 0 ? low : h === 1 ? high : low === high ? low : (1 - h) * low + h * high
  const fuzz = 4 * Number.EPSILON
  if (type <= 3) {
    const nppm = type === 3 ? n * p - 0.5 : n * p
    const j = Math.floor(nppm + fuzz)
    const gap = nppm - j
    const above = gap > fuzz
    if (type === 1) return at(above ? j + 1 : j)
    if (type === 2) return above ? at(j + 1) : mix(at(j), at(j + 1), 0.5)
    return above || j % 2 !== 0 ? at(j + 1) : at(j)
  }
  if (type === 7) {
    const index = (n - 1) * p
    const low = Math.floor(index + fuzz)
    const h = Math.max(0, index - low)
    return mix(at(low + 1), at(low + 2), h < fuzz ? 0 : h)
  }
  const [a, b] = plottingPositions[type as keyof typeof plottingPositions]
  const nppm = a + p * (n + 1 - a - b)
  const j = Math.floor(nppm + fuzz)
  let h = nppm - j
  if (Math.abs(h) < fuzz) h = 0
  return mix(at(j), at(j + 1), h)
}

/**
 * Sample quantiles, types 1 to 9. Throws `empty-sample`, `bad-option`.
 * Input: values in any unit; probabilities 0..1; one quantile for each, in the unit of the values. Missing: null is
 * dropped; NaN and ±Infinity are refused (`not-finite`). Source: Hyndman and Fan (1996, American Statistician 50:361).
 * Example: `quantiles([1, 2, 3, 4], [0.25], 7)` = [1.75], `quantiles([1, 2, 3, 4], [0.25], 6)` = [1.25].
 */
export function quantiles(
  sample: Sample,
  probabilities: readonly number[],
  type: QuantileType = 7,
): number[] {
  const { values } = completeSample(sample)
  ensure(values.length > 0, 'empty-sample', 'quantiles need a value')
  ensureQuantileType(type)
  for (const p of probabilities) ensure(p >= 0 && p <= 1, 'bad-option', `${p} is not a probability`)
  const sorted = Float64Array.from(values).sort()
  return probabilities.map((p) => sortedQuantile(sorted, p, type))
}

export interface Summary {
  /** Number of values used and number of missing ones. */
  n: number
  missing: number
  mean: number
  /** null when n = 1. */
  standardDeviation: number | null
  variance: number | null
  standardError: number | null
  median: number
  minimum: number
  maximum: number
  /** First and third quartile of the asked quantile type, and their difference. */
  lowerQuartile: number
  upperQuartile: number
  interquartileRange: number
  /** Median absolute deviation times 1.4826, and Tukey's five numbers (hinges). */
  medianAbsoluteDeviation: number
  fiveNumbers: [number, number, number, number, number]
  /** t limits of the mean; null when n = 1. */
  meanInterval: [number, number] | null
}

/**
 * Everything a baseline table prints of one sample: n, missing, mean, SD, SE, median, quartiles, range, t limits of the
 * mean. Throws `empty-sample` when no value is present.
 * Input: values in any unit; the results in the same. Missing: null is dropped and counted; NaN and ±Infinity are
 * refused (`not-finite`). Source: Hyndman and Fan (1996) for quartiles, Tukey (1977) for hinges, Student (1908) for
 * limits.
 * Example: `summarize([1, 2, 3, null]).missing` = 1, `summarize([1, 2, 3, null]).meanInterval` = [-0.4841, 4.4841].
 */
export function summarize(
  sample: Sample,
  options: { quantileType?: QuantileType; confidenceLevel?: number } = {},
): Summary {
  const { quantileType = 7, confidenceLevel = 0.95 } = options
  requireConfidenceLevel(confidenceLevel)
  ensureQuantileType(quantileType)
  const { values, missing } = completeSample(sample)
  const n = values.length
  const average = meanOf(values)
  const sorted = Float64Array.from(values).sort()
  const middle = sortedQuantile(sorted, 0.5, 7)
  const deviations = sorted.map((x) => Math.abs(x - middle)).sort()
  const at = (k: number) =>
    (sorted[Math.floor(k) - 1] as number) / 2 + (sorted[Math.ceil(k) - 1] as number) / 2
  const depth = Math.floor((n + 3) / 2) / 2
  const lowerQuartile = sortedQuantile(sorted, 0.25, quantileType)
  const upperQuartile = sortedQuantile(sorted, 0.75, quantileType)
  const sd = n > 1 ? standardDeviationOf(values) : null
  const se = sd === null ? null : sd / Math.sqrt(n)
  const reach = se === null ? null : tQuantile((1 + confidenceLevel) / 2, n - 1) * se
  return {
    n,
    missing,
    mean: average,
    standardDeviation: sd,
    variance: n > 1 ? sumOfSquares(values, average) / (n - 1) : null,
    standardError: se,
    median: middle,
    minimum: sorted[0] as number,
    maximum: sorted[n - 1] as number,
    lowerQuartile,
    upperQuartile,
    interquartileRange: upperQuartile - lowerQuartile,
    medianAbsoluteDeviation: 1.4826 * sortedQuantile(deviations, 0.5, 7),
    fiveNumbers: [
      sorted[0] as number,
      at(depth),
      at((n + 1) / 2),
      at(n + 1 - depth),
      sorted[n - 1] as number,
    ],
    meanInterval: reach === null ? null : [average - reach, average + reach],
  }
}
