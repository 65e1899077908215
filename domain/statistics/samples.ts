import { ensure } from '#domain/statistics/problem.ts'

/** A sample as it comes from a casebook: `null` (or undefined) is missing. NaN and ±Infinity are refused. */
export type Sample = ArrayLike<number | null | undefined>

/** The values that are present, and how many are missing. */
export interface CompleteSample {
  values: Float64Array
  missing: number
}

/** Drops missing values and counts them; refuses values that are not finite numbers. */
export function completeSample(sample: Sample, name = 'sample'): CompleteSample {
  const values = new Float64Array(sample.length)
  let n = 0
  for (let i = 0; i < sample.length; i++) {
    const value = sample[i]
    if (value === null || value === undefined) continue
    ensure(Number.isFinite(value), 'not-finite', () => `${name}: value ${i + 1} is ${value}`)
    values[n++] = value
  }
  return { values: values.subarray(0, n), missing: sample.length - n }
}

/** The pairs of which both members are present, and how many pairs are dropped. */
export function completePairs(
  x: Sample,
  y: Sample,
): { x: Float64Array; y: Float64Array; missing: number } {
  ensure(
    x.length === y.length,
    'length-mismatch',
    `paired samples of ${x.length} and ${y.length} values`,
  )
  const xs: number[] = []
  const ys: number[] = []
  for (let i = 0; i < x.length; i++) {
    const a = x[i]
    const b = y[i]
    if (a === null || a === undefined || b === null || b === undefined) continue
    ensure(
      Number.isFinite(a) && Number.isFinite(b),
      'not-finite',
      () => `pair ${i + 1} is ${a}, ${b}`,
    )
    xs.push(a)
    ys.push(b)
  }
  return { x: Float64Array.from(xs), y: Float64Array.from(ys), missing: x.length - xs.length }
}

/** Values split by a group label, in order of first appearance or in the order of `levels`; missing in either drops the row. */
export interface GroupedSample {
  levels: string[]
  groups: Float64Array[]
  missing: number
}

/**
 * Splits a sample by group labels, in order of first appearance or of `levels`, of which those without a value keep an
 * empty group. Throws `length-mismatch`, `not-finite`, `bad-option`.
 * Input: a column of values in any unit and a column of labels, equally long. Missing: a row with a missing value or
 * label is dropped and counted; NaN and ±Infinity are refused. Source: R’s split().
 * Example: `groupedSample([1, 2, null, 4], ['b', 'a', 'a', 'b']).groups` = [[1, 4], [2]], `groupedSample([1, 2, null,
 * 4], ['b', 'a', 'a', 'b']).missing` = 1.
 */
export function groupedSample(
  sample: Sample,
  labels: ArrayLike<string | number | null | undefined>,
  levels?: readonly string[],
): GroupedSample {
  ensure(
    sample.length === labels.length,
    'length-mismatch',
    `${sample.length} values, ${labels.length} group labels`,
  )
  const parts = new Map<string, number[]>((levels ?? []).map((level) => [level, []]))
  let missing = 0
  for (let i = 0; i < sample.length; i++) {
    const value = sample[i]
    const label = labels[i]
    if (value === null || value === undefined || label === null || label === undefined) {
      missing++
      continue
    }
    ensure(Number.isFinite(value), 'not-finite', () => `value ${i + 1} is ${value}`)
    const key = String(label)
    let part = parts.get(key)
    if (!part) {
      ensure(levels === undefined, 'bad-option', `"${key}" is not among the levels`)
      part = []
      parts.set(key, part)
    }
    part.push(value)
  }
  return {
    levels: [...parts.keys()],
    groups: [...parts.values()].map((part) => Float64Array.from(part)),
    missing,
  }
}

/** The values at the given positions. */
export function gather(values: ArrayLike<number>, positions: Uint32Array): Float64Array {
  const result = new Float64Array(positions.length)
  for (let i = 0; i < result.length; i++) result[i] = values[positions[i] as number] as number
  return result
}

/** Mid-ranks (1-based, ties share their mean rank) and the sum of t³ − t over tie groups of size t. */
export function midRanks(values: ArrayLike<number>): { ranks: Float64Array; tieSum: number } {
  const n = values.length
  const order = sortedOrder(values)
  const ranks = new Float64Array(n)
  let tieSum = 0
  for (let i = 0; i < n; ) {
    let j = i + 1
    while (j < n && values[order[j] as number] === values[order[i] as number]) j++
    const t = j - i
    tieSum += t * t * t - t
    for (let k = i; k < j; k++) ranks[order[k] as number] = (i + 1 + j) / 2
    i = j
  }
  return { ranks, tieSum }
}

/**
 * Indices that sort the values ascending, stable. Radix sort on the bits of the doubles: linear time, which a million
 * survival times need.
 */
export function sortedOrder(values: ArrayLike<number>): Uint32Array {
  const n = values.length
  const order = new Uint32Array(n)
  for (let i = 0; i < n; i++) order[i] = i
  if (n < 1024) return order.sort((a, b) => (values[a] as number) - (values[b] as number) || a - b)
  // + 0 turns −0 into 0, so that the two tie.
  const keys = new Float64Array(n)
  for (let i = 0; i < n; i++) keys[i] = (values[i] as number) + 0
  const bits = new Uint32Array(keys.buffer)
  for (let i = 0; i < n; i++) {
    const high = bits[2 * i + 1] as number
    if (high >>> 31) {
      bits[2 * i] = ~(bits[2 * i] as number)
      bits[2 * i + 1] = ~high
    } else bits[2 * i + 1] = (high | 0x80000000) >>> 0
  }
  let from = order
  let to = new Uint32Array(n)
  const counts = new Uint32Array(65536)
  for (let pass = 0; pass < 4; pass++) {
    const word = pass >> 1
    const shift = (pass & 1) * 16
    counts.fill(0)
    for (let i = 0; i < n; i++) {
      const digit = ((bits[2 * i + word] as number) >>> shift) & 0xffff
      counts[digit] = (counts[digit] as number) + 1
    }
    // A digit that all keys share needs no pass; whole days make the low words all zero.
    if ((counts[((bits[word] as number) >>> shift) & 0xffff] as number) === n) continue
    let total = 0
    for (let d = 0; d < 65536; d++) {
      const count = counts[d] as number
      counts[d] = total
      total += count
    }
    for (let i = 0; i < n; i++) {
      const index = from[i] as number
      const digit = ((bits[2 * index + word] as number) >>> shift) & 0xffff
      const place = counts[digit] as number
      counts[digit] = place + 1
      to[place] = index
    }
    const swap = from
    from = to
    to = swap
  }
  return from
}
