/** Both tails of a distribution at one point, each exact in its own right, and their logarithms, which do not underflow. */
export interface Tails {
  lower: number
  upper: number
  logLower: number
  logUpper: number
}

/** Tails from the smaller one, given as a number and as its logarithm. */
export function tailsFrom(side: 'lower' | 'upper', small: number, logSmall: number): Tails {
  const value = Math.min(1, small)
  const log = Math.min(0, logSmall)
  const rest = value < 0.5 ? Math.log1p(-value) : Math.log(-Math.expm1(log))
  return side === 'lower'
    ? { lower: value, upper: 1 - value, logLower: log, logUpper: rest }
    : { lower: 1 - value, upper: value, logLower: rest, logUpper: log }
}

/** All probability on one side. */
export function certainTail(side: 'lower' | 'upper'): Tails {
  return side === 'lower'
    ? { lower: 1, upper: 0, logLower: 0, logUpper: -Infinity }
    : { lower: 0, upper: 1, logLower: -Infinity, logUpper: 0 }
}
