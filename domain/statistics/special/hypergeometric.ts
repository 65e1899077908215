import { logBinomialTerm } from '#domain/statistics/special/log-gamma.ts'

/** Support and log probabilities of the number of white balls among `draws` from `white` + `black`. */
export interface HypergeometricTerms {
  /** Smallest possible count; `logTerms[i]` belongs to the count `from + i`. */
  from: number
  logTerms: Float64Array
}

/**
 * log P(X = x) of the hypergeometric distribution, by Loader’s saddle-point form; −Infinity outside the support.
 * Input: x white balls among `draws` from `white` + `black`, whole numbers. Missing: NaN is refused by the callers in
 * distributions.ts and the reference cases. Source: Loader (2000).
 * Example: `logHypergeometric(1, 3, 3, 3)` = -0.798507696218.
 */
export function logHypergeometric(x: number, white: number, black: number, draws: number): number {
  if (x < 0 || x > white || x > draws || draws - x > black) return -Infinity
  const total = white + black
  if (draws === 0 || draws === total) return 0
  const p = draws / total
  const q = (total - draws) / total
  return (
    logBinomialTerm(x, white, p, q) +
    logBinomialTerm(draws - x, black, p, q) -
    logBinomialTerm(draws, total, p, q)
  )
}

/** All log probabilities over the support. `hypergeometricTerms(3, 3, 3).logTerms.length` = 4. */
export function hypergeometricTerms(
  white: number,
  black: number,
  draws: number,
): HypergeometricTerms {
  const from = Math.max(0, draws - black)
  const to = Math.min(draws, white)
  const logTerms = new Float64Array(to - from + 1)
  for (let x = from; x <= to; x++) logTerms[x - from] = logHypergeometric(x, white, black, draws)
  return { from, logTerms }
}

/**
 * P(X ≤ q) or P(X > q), summed from the far end of the asked tail so that small tails keep their digits.
 * Input: q white balls among `draws` from `white` + `black`, whole numbers, and the tail. Missing: NaN is refused by
 * the callers in distributions.ts and the reference cases. Source: Loader (2000).
 * Example: `hypergeometricCdf(1, 3, 3, 3)` = 0.5.
 */
export function hypergeometricCdf(
  q: number,
  white: number,
  black: number,
  draws: number,
  tail: 'lower' | 'upper' = 'lower',
): number {
  const { from, logTerms } = hypergeometricTerms(white, black, draws)
  const last = Math.floor(q + 1e-7) - from
  let sum = 0
  if (tail === 'lower')
    for (let i = 0; i <= last && i < logTerms.length; i++) sum += Math.exp(logTerms[i] as number)
  else
    for (let i = logTerms.length - 1; i > last && i >= 0; i--)
      sum += Math.exp(logTerms[i] as number)
  return Math.min(1, sum)
}
