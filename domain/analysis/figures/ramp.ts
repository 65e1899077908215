/** Tints of one colour from light to strong, told apart by lightness alone, and what can be read on them. */
import type { Attributes } from './svg.ts'
import type { Theme } from './theme.ts'

const strengths: readonly (readonly number[])[] = [
  [0.75],
  [0.3, 1],
  [0.16, 0.45, 1],
  [0.12, 0.28, 0.5, 1],
  [0.1, 0.22, 0.36, 0.52, 1],
]

/** Strength of a class among `count`, 0 to 1. Above a half text on it is printed in the colour of the paper. */
export function strengthOf(at: number, count: number): number {
  const known = strengths[count - 1]
  if (known) return known[at] ?? 1
  return at === count - 1 ? 1 : 0.1 + (0.45 * at) / Math.max(1, count - 2)
}

/** A tinted area with its edge in the full colour. */
export function tint(theme: Theme, tone: number, strength: number): Attributes {
  const { colour } = theme.series(tone)
  return { fill: colour, 'fill-opacity': strength, stroke: colour, 'stroke-width': 0.8 }
}

/** What text on a tint is printed in. */
export const inkOn = (theme: Theme, strength: number): string =>
  strength > 0.6 ? theme.paper : theme.ink
