/** Both tails of the standard normal distribution at x: P(Z ≤ x) and P(Z > x). */
export interface NormalTails {
  lower: number
  upper: number
}

const a = [2.2352520354606839287, 161.02823106855587881, 1067.6894854603709582, 18154.981253343561249, 0.065682337918207449113] as const
const b = [47.20258190468824187, 976.09855173777669322, 10260.932208618978205, 45507.789335026729956] as const
const c = [
  0.39894151208813466764, 8.8831497943883759412, 93.506656132177855979, 597.27027639480026226, 2494.5375852903726711,
  6848.1904505362823326, 11602.651437647350124, 9842.7148383839780218, 1.0765576773720192317e-8,
] as const
const d = [
  22.266688044328115691, 235.38790178262499861, 1519.377599407554805, 6485.558298266760755, 18615.571640885098091,
  34900.952721145977266, 38912.003286093271411, 19685.429676859990727,
] as const
const p = [0.21589853405795699, 0.1274011611602473639, 0.022235277870649807, 0.001421619193227893466, 2.9112874951168792e-5, 0.02307344176494017303] as const
const q = [1.28426009614491121, 0.468238212480865118, 0.0659881378689285515, 0.00378239633202758244, 7.29751555083966205e-5] as const

/** φ-weighted part exp(−x²/2) with x split at 1/16, so that squaring loses nothing. */
function gaussian(x: number): number {
  const head = Math.trunc(x * 16) / 16
  const rest = (x - head) * (x + head)
  return Math.exp(-head * head * 0.5) * Math.exp(-rest * 0.5)
}

/**
 * Standard normal tails by the rational Chebyshev approximations of Cody (1969, Math. Comp. 23:631), relative error
 * about 1e-15 in both tails down to the smallest double. `normalTails(1.959963984540054).upper` = 0.025.
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
  if (y <= 5.656854249492380195) {
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
    tail = (gaussian(y) * (0.39894228040143267794 - correction)) / y
  }
  if (y === Infinity) tail = 0
  return x > 0 ? { lower: 1 - tail, upper: tail } : { lower: tail, upper: 1 - tail }
}

/** Complementary error function, relative error about 1e-14 down to 1e-300. `erfc(0)` = 1. */
export function erfc(x: number): number {
  return 2 * normalTails(x * Math.SQRT2).upper
}
