import { normalCdf, normalQuantile } from '#domain/statistics/distributions.ts'
import { ensure } from '#domain/statistics/problem.ts'
import { completeSample, type Sample } from '#domain/statistics/samples.ts'

const weightCorrections = {
  first: [0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056],
  second: [0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633],
}
const smallSample = {
  gamma: [-2.273, 0.459],
  mean: [0.544, -0.39978, 0.025054, -6.714e-4],
  logSd: [1.3822, -0.77857, 0.062767, -0.0020322],
}
const largeSample = {
  mean: [-1.5861, -0.31082, -0.083751, 0.0038915],
  logSd: [-0.4803, -0.082676, 0.0030302],
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, c) => sum * x + c, 0)
}

/** Weights of the upper half of the order statistics, largest first. */
function weights(n: number): number[] {
  if (n === 3) return [Math.SQRT1_2]
  const half = Math.floor(n / 2)
  const m = Array.from({ length: half }, (_, i) => normalQuantile((i + 1 - 0.375) / (n + 0.25)))
  const sum = 2 * m.reduce((total, x) => total + x * x, 0)
  const root = Math.sqrt(sum)
  const rsn = 1 / Math.sqrt(n)
  const m0 = m[0] as number
  const m1 = m[1] as number
  const a0 = polynomial(weightCorrections.first, rsn) - m0 / root
  if (n <= 5) {
    const scale = Math.sqrt((sum - 2 * m0 * m0) / (1 - 2 * a0 * a0))
    return m.map((x, i) => (i === 0 ? a0 : -x / scale))
  }
  const a1 = polynomial(weightCorrections.second, rsn) - m1 / root
  const scale = Math.sqrt((sum - 2 * m0 * m0 - 2 * m1 * m1) / (1 - 2 * a0 * a0 - 2 * a1 * a1))
  return m.map((x, i) => (i === 0 ? a0 : i === 1 ? a1 : -x / scale))
}

/**
 * Shapiro-Wilk test of normality by algorithm AS R94, 3 to 5000 values. Throws `sample-too-small`, `sample-too-large`,
 * `constant-sample`.
 * Input: values in any unit; W has none. Missing: null is dropped and counted; NaN and ±Infinity are refused
 * (`not-finite`). Source: Shapiro and Wilk (1965), Royston (1995).
 * Example: `shapiroWilk([1, 2, 4]).w` = 0.9643, `shapiroWilk([1, 2, 4, 7, 15]).p` = 0.2722.
 */
export function shapiroWilk(sample: Sample): { w: number; p: number; n: number; missing: number } {
  const { values, missing } = completeSample(sample)
  const n = values.length
  ensure(n >= 3, 'sample-too-small', 'the test needs three values')
  ensure(n <= 5000, 'sample-too-large', 'the approximation holds up to 5000 values')
  const sorted = Float64Array.from(values).sort()
  const range = (sorted[n - 1] as number) / 2 - (sorted[0] as number) / 2
  ensure(range > 0, 'constant-sample', 'all values are equal')
  const origin = sorted[n >> 1] as number
  const x = sorted.map((v) => (v / 2 - origin / 2) / range)
  const a = weights(n)
  const at = (i: number) => {
    const mirror = n - 1 - i
    return i === mirror ? 0 : i > mirror ? (a[mirror] as number) : -(a[i] as number)
  }
  let mean = 0
  for (const v of x) mean += v / n
  let ssa = 0
  let ssx = 0
  let sax = 0
  for (let i = 0; i < n; i++) {
    const d = (x[i] as number) - mean
    ssa += at(i) ** 2
    ssx += d * d
    sax += at(i) * d
  }
  const norm = Math.sqrt(ssa * ssx)
  const deficit = ((norm - sax) * (norm + sax)) / (ssa * ssx)
  const w = 1 - deficit
  if (n === 3) {
    const p = (6 / Math.PI) * (Math.asin(Math.sqrt(w)) - Math.asin(Math.sqrt(0.75)))
    return { w, p: Math.min(1, Math.max(0, p)), n, missing }
  }
  let y = Math.log(deficit)
  const log = Math.log(n)
  let mu: number
  let sigma: number
  if (n <= 11) {
    const gamma = polynomial(smallSample.gamma, n)
    if (y >= gamma) return { w, p: 1e-99, n, missing }
    y = -Math.log(gamma - y)
    mu = polynomial(smallSample.mean, n)
    sigma = Math.exp(polynomial(smallSample.logSd, n))
  } else {
    mu = polynomial(largeSample.mean, log)
    sigma = Math.exp(polynomial(largeSample.logSd, log))
  }
  return { w, p: deficit <= 0 ? 1 : normalCdf((y - mu) / sigma, 'upper'), n, missing }
}
