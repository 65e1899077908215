/**
 * Puts the entries of a subject's time line into lanes on one axis. Entries that overlap within a lane go below each other;
 * partial dates stand in the middle of what they leave open.
 */
import type { TimelineEntry } from '#domain/casebook/views.ts'

export const lanes = [
  'visit',
  'dose',
  'trough',
  'medication',
  'adverseEvent',
  'admission',
  'progression',
] as const
export type Lane = (typeof lanes)[number]

export type PlacedEntry = { entry: TimelineEntry; start: number; end: number | null; row: number }
export type PlacedLane = { lane: Lane; entries: readonly PlacedEntry[]; rows: number }
export type TimelineLayout = {
  from: number
  to: number
  lanes: readonly PlacedLane[]
  /** Vertical marks over all lanes: day 1 or randomisation, and death. */
  marks: readonly { entry: TimelineEntry; at: number }[]
}

const day = 86_400_000

/** Milliseconds UTC of a possibly partial ISO date; null for other text. */
export function dateNumber(iso: string | null): number | null {
  const match = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?/.exec(iso ?? '')
  if (!match) return null
  const [, year, month, date] = match
  if (!month) return Date.UTC(Number(year), 6, 1)
  return Date.UTC(Number(year), Number(month) - 1, date ? Number(date) : 15)
}

function laneOf(kind: TimelineEntry['kind']): Lane | null {
  if (kind === 'randomisation' || kind === 'anchor') return null
  if (kind === 'death' || kind === 'relapse') return 'progression'
  return kind === 'infection' ? 'adverseEvent' : kind
}

const isMark = (kind: TimelineEntry['kind']): boolean =>
  kind === 'randomisation' || kind === 'anchor' || kind === 'death'

/** What a text takes, in units of the drawing, at its 11 px: ideographs and kana are as wide as they are high. */
export function textWidth(text: string): number {
  return [...text].reduce((sum, sign) => sum + (sign > '\u2e7f' ? 11 : 6.4), 0)
}

/**
 * @param width days that the label of an entry takes, so that labels do not collide
 */
export function layOut(
  timeline: readonly TimelineEntry[],
  today: string,
  width: (entry: TimelineEntry) => number = () => 0,
): TimelineLayout | null {
  const now = dateNumber(today) as number
  const dated = timeline.flatMap((entry) => {
    const start = dateNumber(entry.from)
    return start === null ? [] : [{ entry, start, end: dateNumber(entry.to) }]
  })
  if (dated.length === 0) return null
  const first = Math.min(...dated.map((one) => one.start))
  const last = Math.max(...dated.map((one) => one.end ?? one.start))
  const margin = Math.max(7 * day, (last - first) * 0.03)
  const bars: readonly TimelineEntry['kind'][] = ['dose', 'medication', 'adverseEvent', 'admission']
  const placed = lanes.map((lane): PlacedLane => {
    const ends: number[] = []
    const entries = dated
      .filter((one) => laneOf(one.entry.kind) === lane)
      .sort((a, b) => a.start - b.start)
      .map((one): PlacedEntry => {
        // What has begun and not ended runs to the last day that is known.
        const end = bars.includes(one.entry.kind) ? (one.end ?? Math.min(now, last)) : one.end
        // A label that its bar cannot hold stands behind the bar.
        const label = width(one.entry) * day
        const bar = (end ?? one.start) - one.start
        const occupied = one.start + (label <= bar ? bar : bar + label)
        let row = ends.findIndex((free) => free <= one.start)
        if (row === -1) row = ends.length
        ends[row] = occupied
        return { entry: one.entry, start: one.start, end, row }
      })
    return { lane, entries, rows: ends.length }
  })
  return {
    from: first - margin,
    to: last + margin,
    lanes: placed.filter((one) => one.rows > 0),
    marks: dated
      .filter((one) => isMark(one.entry.kind))
      .map((one) => ({ entry: one.entry, at: one.start })),
  }
}

/** First days of months (or of years) inside the axis, few enough to be readable. */
export function axisTicks(
  from: number,
  to: number,
  most: number,
): readonly { at: number; iso: string }[] {
  const months = (to - from) / (30.4375 * day)
  const step = [1, 2, 3, 6, 12, 24, 60].find((size) => months / size <= most) ?? 120
  const start = new Date(from)
  const ticks: { at: number; iso: string }[] = []
  let index = start.getUTCFullYear() * 12 + start.getUTCMonth() + 1
  index = Math.ceil(index / step) * step
  for (;;) {
    const at = Date.UTC(Math.floor(index / 12), index % 12, 1)
    if (at > to) return ticks
    ticks.push({ at, iso: new Date(at).toISOString().slice(0, step >= 12 ? 4 : 7) })
    index += step
  }
}
