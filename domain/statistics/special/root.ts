import { StatisticsProblem } from '#domain/statistics/problem.ts'

/**
 * Root of a continuous function between two points of opposite sign (Brent 1973), to the last bits of x.
 * Returns the end point whose value is 0 if there is one; throws `not-converged` when the signs agree.
 */
export function findRoot(
  f: (x: number) => number,
  lower: number,
  upper: number,
  tolerance = 0,
): number {
  let a = lower
  let b = upper
  let fa = f(a)
  let fb = f(b)
  if (fa === 0) return a
  if (fb === 0) return b
  if (!(fa < 0 !== fb < 0) || Number.isNaN(fa) || Number.isNaN(fb)) {
    throw new StatisticsProblem('not-converged', `no sign change between ${lower} and ${upper}`)
  }
  let c = a
  let fc = fa
  let step = b - a
  let previous = step
  for (let i = 0; i < 400; i++) {
    if (Math.abs(fc) < Math.abs(fb)) {
      a = b
      b = c
      c = a
      fa = fb
      fb = fc
      fc = fa
    }
    const tol = 2.2e-16 * Math.abs(b) + tolerance / 2
    const half = (c - b) / 2
    if (Math.abs(half) <= tol || fb === 0) return b
    if (Math.abs(previous) >= tol && Math.abs(fa) > Math.abs(fb)) {
      const s = fb / fa
      let num: number
      let den: number
      if (a === c) {
        num = 2 * half * s
        den = 1 - s
      } else {
        const u = fa / fc
        const r = fb / fc
        num = s * (2 * half * u * (u - r) - (b - a) * (r - 1))
        den = (u - 1) * (r - 1) * (s - 1)
      }
      if (num > 0) den = -den
      else num = -num
      if (2 * num < Math.min(3 * half * den - Math.abs(tol * den), Math.abs(previous * den))) {
        previous = step
        step = num / den
      } else {
        step = half
        previous = half
      }
    } else {
      step = half
      previous = half
    }
    a = b
    fa = fb
    b += Math.abs(step) > tol ? step : Math.sign(half) * tol
    fb = f(b)
    if (fb > 0 === fc > 0) {
      c = a
      fc = fa
      step = b - a
      previous = step
    }
  }
  return b
}

/** Widens a bracket around a start until an increasing or decreasing function changes sign, then solves it. */
export function solveMonotone(
  f: (x: number) => number,
  start: number,
  step = 1,
  tolerance = 0,
): number {
  const f0 = f(start)
  if (f0 === 0) return start
  let width = step
  for (let i = 0; i < 80; i++) {
    const hi = start + width
    const lo = start - width
    if (f(hi) > 0 !== f0 > 0) return findRoot(f, start, hi, tolerance)
    if (f(lo) > 0 !== f0 > 0) return findRoot(f, lo, start, tolerance)
    width *= 2
  }
  throw new StatisticsProblem('not-converged', 'no root in reach')
}
