import { ensure } from '#domain/statistics/problem.ts'

const maximumWork = 3e9

/**
 * Null distribution of a rank sum by the shift algorithm: element s of the result is P(sum = s) of `size` of the scores
 * drawn without replacement. Exact but for rounding, with ties. Throws `sample-too-large`.
 * Input: non-negative whole scores (twice the mid-ranks). Missing: the caller leaves missing values out. Source:
 * Streitberg and Röhmel (1986).
 * Example: `rankSumDistribution([1, 2, 2, 3], 2)` = [0, 0, 0, 1/3, 1/3, 1/3].
 */
export function rankSumDistribution(scores: readonly number[], size: number): Float64Array {
  const total = scores.reduce((sum, s) => sum + s, 0)
  const n = scores.length
  ensure(
    n * size * total <= maximumWork,
    'sample-too-large',
    `the exact distribution of ${size} of ${n} ranks is too large`,
  )
  const sorted = [...scores].sort((a, b) => b - a)
  let reach = 0
  for (let i = 0; i < size; i++) reach += sorted[i] as number
  const width = reach + 1
  const ways = Array.from({ length: size + 1 }, () => new Float64Array(width))
  ;(ways[0] as Float64Array)[0] = 1
  const bound = new Array<number>(size + 1).fill(-1)
  bound[0] = 0
  scores.forEach((score, used) => {
    // After i scores, P(j of them chosen) is folded in: choosing has probability (size − j)/(n − i) along the way.
    for (let j = Math.min(size, used + 1); j >= 1; j--) {
      const from = ways[j - 1] as Float64Array
      const to = ways[j] as Float64Array
      const end = Math.min(bound[j - 1] as number, width - 1 - score)
      if (end < 0) continue
      for (let s = 0; s <= end; s++) to[s + score] = (to[s + score] as number) + (from[s] as number)
      bound[j] = Math.max(bound[j] as number, end + score)
    }
  })
  const counts = ways[size] as Float64Array
  let sum = 0
  for (const c of counts) sum += c
  ensure(
    Number.isFinite(sum),
    'sample-too-large',
    `the exact distribution of ${size} of ${n} ranks overflows`,
  )
  return counts.map((c) => c / sum)
}

const recent = new Map<string, Float64Array>()

/**
 * P(U = u), u from 0 to mn, of the Mann-Whitney statistic without ties: the Gaussian binomial ∏ (1 − q^(n+i))/(1 − q^i)
 * term by term, O(m² n). The lower half is computed, the upper is its mirror. Throws `sample-too-large`.
 * Input: two numbers of subjects. Missing: the caller leaves missing values out. Source: Mann and Whitney (1947).
 * Example: `rankSumWithoutTies(2, 2)` = [1/6, 1/6, 1/3, 1/6, 1/6].
 */
export function rankSumWithoutTies(m: number, n: number): Float64Array {
  const few = Math.min(m, n)
  const many = Math.max(m, n)
  const known = recent.get(`${few},${many}`)
  if (known) return known
  const last = m * n
  ensure(
    few * last <= maximumWork,
    'sample-too-large',
    `the exact distribution of ${m} and ${n} ranks is too large`,
  )
  const half = last >> 1
  const p = new Float64Array(last + 1)
  p[0] = 1
  for (let i = 1; i <= few; i++) {
    const step = many + i
    for (let s = half; s >= step; s--) p[s] = (p[s] as number) - (p[s - step] as number)
    for (let s = i; s <= half; s++) p[s] = (p[s] as number) + (p[s - i] as number)
    // Divided along the way, so that the counts become probabilities and never overflow.
    const share = i / step
    for (let s = 0; s <= half; s++) p[s] = (p[s] as number) * share
  }
  for (let s = 0; s <= half; s++) p[last - s] = p[s] as number
  // A report asks for few sizes again and again.
  if (recent.size >= 8) recent.clear()
  if (last <= 10_000) recent.set(`${few},${many}`, p)
  return p
}

/**
 * P(sum = s) when every score is in or out with probability 1/2 (signed ranks). Throws `sample-too-large`.
 * Input: non-negative whole scores. Missing: the caller leaves missing values out. Source: Streitberg and Röhmel
 * (1986).
 * Example: `signedRankDistribution([1, 2])` = [0.25, 0.25, 0.25, 0.25].
 */
export function signedRankDistribution(scores: readonly number[]): Float64Array {
  const total = scores.reduce((sum, s) => sum + s, 0)
  ensure(
    scores.length * total <= maximumWork,
    'sample-too-large',
    `the exact distribution of ${scores.length} signed ranks is too large`,
  )
  const p = new Float64Array(total + 1)
  p[0] = 1
  let reach = 0
  for (const score of scores) {
    if (score === 0) continue
    for (let s = reach; s >= 0; s--) {
      const half = (p[s] as number) / 2
      p[s] = half
      p[s + score] = (p[s + score] as number) + half
    }
    reach += score
  }
  return p
}

/** Tails of a discrete distribution at an observed value, and the two-sided tail by distance from the mean. */
export function rankTails(
  p: Float64Array,
  observed: number,
  mean: number,
): { less: number; greater: number; twoSided: number } {
  let less = 0
  let greater = 0
  let twoSided = 0
  const distance = Math.abs(observed - mean) * (1 - 1e-12)
  for (let s = 0; s < p.length; s++) {
    const probability = p[s] as number
    if (probability === 0) continue
    if (s <= observed) less += probability
    if (s >= observed) greater += probability
    if (Math.abs(s - mean) >= distance) twoSided += probability
  }
  return { less: Math.min(1, less), greater: Math.min(1, greater), twoSided: Math.min(1, twoSided) }
}

/** Smallest value whose lower probability reaches `alpha`. */
export function rankQuantile(p: Float64Array, alpha: number): number {
  let sum = 0
  for (let s = 0; s < p.length; s++) {
    sum += p[s] as number
    if (sum * (1 + 1e-14) >= alpha) return s
  }
  return p.length - 1
}
