/** A small seeded generator for plausible detail in the demo cohort; nothing clinical or statistical rests on it. */
export type Chance = {
  /** Uniform in [0, 1). */
  next: () => number
  /** Whole number from low to high, both included. */
  whole: (low: number, high: number) => number
  /** A number in [low, high] with this many digits, as text. */
  decimal: (low: number, high: number, digits: number) => string
  pick: <T>(list: readonly T[]) => T
}

/** Mulberry32: same seed, same numbers on every machine. */
export function chance(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  return {
    next,
    whole: (low, high) => low + Math.floor(next() * (high - low + 1)),
    decimal: (low, high, digits) => (low + next() * (high - low)).toFixed(digits),
    pick: (list) => list[Math.floor(next() * list.length)] as (typeof list)[number],
  }
}

/** Adds days to an ISO date. */
export function plusDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}
