/** Both tails of the standard normal distribution at x: P(Z ≤ x) and P(Z > x). */
export interface NormalTails {
  lower: number
  upper: number
}

const a = [
  2.2352520354606837, 161.02823106855587, 1067.6894854603709, 18154.98125334356,
  0.06568233791820745,
] as const
const b = [47.202581904688245, 976.0985517377767, 10260.932208618979, 45507.78933502673] as const
const c = [
  0.39894151208813466, 8.883149794388377, 93.50665613217785, 597.2702763948002, 2494.5375852903726,
  6848.190450536283, 11602.65143764735, 9842.714838383978, 1.0765576773720192e-8,
] as const
const d = [
  22.266688044328117, 235.387901782625, 1519.3775994075547, 6485.558298266761, 18615.571640885097,
  34900.95272114598, 38912.00328609327, 19685.429676859992,
] as const
const p = [
  0.215898534057957, 0.12740116116024736, 0.022235277870649807, 0.0014216191932278934,
  2.9112874951168793e-5, 0.023073441764940174,
] as const
const q = [
  1.284260096144911, 0.4682382124808651, 0.06598813786892856, 0.0037823963320275824,
  7.297515550839662e-5,
] as const

/** φ-weighted part exp(−x²/2) with x split at 1/16, so that squaring loses nothing. */
function gaussian(x: number): number {
  const head = Math.trunc(x * 16) / 16
  const rest = (x - head) * (x + head)
  return Math.exp(-head * head * 0.5) * Math.exp(-rest * 0.5)
}

/**
 * Standard normal tails by rational Chebyshev approximations, relative error about 1e-15 in both tails down to the
 * smallest double.
 * Input: x in SDs. Missing: NaN is refused by the callers in distributions.ts and the reference cases. Source: Cody
 * (1969, Math. Comp. 23:631).
 * Example: `normalTails(1.959963984540054).upper` = 0.025.
 */
export function normalTails(x: number): NormalTails {
  const y = Math.abs(x)
  if (y <= 0.67448975) {
    const xx = x * x
    let num = a[4] * xx
    let den = xx
    for (let i = 0; i < 3; i++) {
      num = (num + (a[i] as number)) * xx
      den = (den + (b[i] as number)) * xx
    }
    const half = (x * (num + a[3])) / (den + b[3])
    return { lower: 0.5 + half, upper: 0.5 - half }
  }
  let tail: number
  if (y <= 5.656854249492381) {
    let num = c[8] * y
    let den = y
    for (let i = 0; i < 7; i++) {
      num = (num + (c[i] as number)) * y
      den = (den + (d[i] as number)) * y
    }
    tail = gaussian(y) * ((num + c[7]) / (den + d[7]))
  } else {
    const xx = 1 / (x * x)
    let num = p[5] * xx
    let den = xx
    for (let i = 0; i < 4; i++) {
      num = (num + (p[i] as number)) * xx
      den = (den + (q[i] as number)) * xx
    }
    const correction = (xx * (num + p[4])) / (den + q[4])
    tail = (gaussian(y) * (0.3989422804014327 - correction)) / y
  }
  // Beyond 39 the tail is below the smallest double, and the split of x above overflows for the largest.
  if (y > 39) tail = 0
  return x > 0 ? { lower: 1 - tail, upper: tail } : { lower: tail, upper: 1 - tail }
}

/**
 * Logarithm of a normal tail, also where the tail itself underflows.
 * Input: x in SDs and the tail. Missing: NaN is refused by the callers in distributions.ts and the reference cases.
 * Source: the asymptotic series of Mills’ ratio; Cody (1969).
 * Example: `logNormalTail(50, 'upper')` = -1254.831361.
 */
export function logNormalTail(x: number, tail: 'lower' | 'upper'): number {
  const y = tail === 'upper' ? x : -x
  if (y < 0) return Math.log1p(-normalTails(y).lower)
  if (y < 30) return Math.log(normalTails(y).upper)
  const z = 1 / (y * y)
  const mills = -z * (1 - z * (3 - z * (15 - z * (105 - z * 945))))
  return -0.5 * y * y - Math.log(y) - 0.9189385332046728 + Math.log1p(mills)
}

/**
 * Complementary error function, relative error about 1e-14 down to 1e-300.
 * Input: a number. Missing: NaN is refused by the callers in distributions.ts and the reference cases. Source: Cody
 * (1969).
 * Example: `erfc(0)` = 1, `erfc(1)` = 0.1572992070503.
 */
export function erfc(x: number): number {
  return 2 * normalTails(x * Math.SQRT2).upper
}
