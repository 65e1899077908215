/**
 * Axes on d3 scales: round ticks, powers and their halves on log scales, names in real widths. Labels that would touch
 * are thinned evenly, names of visits go down to a second row first.
 */
import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from 'd3-scale'
import { plainType, type Sheet, smallType } from './sheet.ts'
import { rounded } from './svg.ts'
import { textWidth, widest, wrapText } from './text-metrics.ts'

export type NumberScale = ScaleContinuousNumeric<number, number>
export type Axis = {
  scale: NumberScale
  ticks: number[]
  text: (value: number) => string
}

export type AxisOptions = {
  log?: boolean
  /** Ends that are asked for; others are rounded outwards. */
  min?: number
  max?: number
  ticks?: readonly number[]
  count?: number
  percent?: boolean
  /** The ends stay as they are. */
  exact?: boolean
}

/** An axis over the values; without values it goes from 0 to 1, with equal ones around them. */
export function numberAxis(
  values: readonly number[],
  range: readonly [number, number],
  options: AxisOptions = {},
): Axis {
  const { log = false, count = 6 } = options
  const usable = log ? values.filter((value) => value > 0) : values
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const value of usable) {
    if (value < low) low = value
    if (value > high) high = value
  }
  if (low > high) {
    low = log ? 0.1 : 0
    high = 1
  }
  low = options.min ?? low
  high = options.max ?? high
  if (low >= high) {
    const room = log ? 0 : Math.max(Math.abs(low), Math.abs(high)) * 0.1 || 1
    // An asked end stays; the other one makes room.
    if (options.min === undefined) low = log ? Math.min(low, high) / 2 : Math.min(low, high) - room
    if (options.max === undefined || low >= high) high = log ? low * 4 : Math.max(low, high) + room
  }
  if (log && !options.exact) {
    // Room at both ends, as rounding outwards gives a linear axis.
    const room = (high / low) ** 0.06
    if (options.min === undefined) low /= room
    if (options.max === undefined) high *= room
  }
  if (!log && !options.exact) {
    // What lies at the very end of the axis is hard to see; 0 stays the end of what cannot be negative.
    const room = (high - low) * 0.03
    if (options.min === undefined) low = low >= 0 ? Math.max(0, low - room) : low - room
    if (options.max === undefined) high = high <= 0 ? Math.min(0, high + room) : high + room
  }
  const scale: NumberScale = log
    ? scaleLog([low, high], [range[0], range[1]])
    : scaleLinear([low, high], [range[0], range[1]])
  if (!options.exact && !log) {
    scale.nice(count)
    const [niceLow, niceHigh] = scale.domain() as [number, number]
    scale.domain([options.min ?? niceLow, options.max ?? niceHigh])
  }
  const asked = options.ticks?.filter((tick) => within(scale, tick))
  const ticks =
    asked && asked.length > 0 ? [...asked] : log ? logTicks(scale, count) : scale.ticks(count)
  return { scale, ticks, text: options.percent ? percentTick : tickText(ticks) }
}

export function within(scale: NumberScale, value: number): boolean {
  const [low, high] = scale.domain() as [number, number]
  const slack = (high - low) * 1e-9
  return value >= low - slack && value <= high + slack
}

/** 1, 2 and 5 of each decade, whole decades when there are many; plain ticks when the span is less than one. */
function logTicks(scale: NumberScale, count: number): number[] {
  const all = scale.ticks(count * 4)
  // Narrow axes have ticks such as 4.8, which are no whole share of a decade.
  const mantissa = (value: number) =>
    Math.round((value / 10 ** Math.floor(Math.log10(value) + 1e-9)) * 1e6) / 1e6
  for (const wanted of [[1, 2, 5], [1, 3], [1]]) {
    const some = all.filter((tick) => wanted.includes(mantissa(tick)))
    if (some.length <= count + 3 && some.length >= 2) return some
  }
  const decades = all.filter((tick) => mantissa(tick) === 1)
  if (decades.length >= 2) {
    const step = Math.ceil(decades.length / (count + 1))
    return decades.filter((_, at) => at % step === 0)
  }
  const [low, high] = scale.domain() as [number, number]
  return scaleLinear([low, high], [0, 1])
    .ticks(count)
    .filter((tick) => tick > 0)
}

function percentTick(value: number): string {
  return `${trimmed(100 * value, 2)} %`
}

function trimmed(value: number, digits: number): string {
  return minus(String(Number(value.toFixed(digits))))
}

/** The typographic minus sign. */
export function minus(text: string): string {
  return text.replace(/^-/, '−').replace('e-', 'e−')
}

/** As many decimals as the ticks need, alike for all on linear steps; powers for the very large and small. */
export function tickText(ticks: readonly number[]): (value: number) => string {
  const largest = Math.max(...ticks.map(Math.abs), 0)
  const smallest = Math.min(...ticks.filter((tick) => tick !== 0).map(Math.abs), largest || 1)
  if (largest >= 1e7 || (smallest > 0 && smallest < 1e-4))
    return (value) =>
      value === 0 ? '0' : minus(Number(value.toPrecision(6)).toExponential().replace('e+', 'e'))
  return (value) => trimmed(value, 6)
}

/** Type size of a text beside an axis, and its distance from the axis. */
const tickLength = 5
const gap = 4

export function leftAxisWidth(axis: Axis, label: string, height: number): number {
  const lines = wrapText(label, height, { maxLines: 2 })
  return tickLength + gap + widest(axis.ticks.map(axis.text)) + 10 + lines.length * 16
}

export function drawLeftAxis(
  sheet: Sheet,
  axis: Axis,
  x: number,
  label: string,
  options: { grid?: number } = {},
): void {
  const [bottom, top] = axis.scale.range() as [number, number]
  sheet.part('axis-y', () => {
    for (const tick of axis.ticks) {
      const y = axis.scale(tick)
      if (options.grid !== undefined)
        sheet.path(`M${rounded(x)},${rounded(y)}H${rounded(options.grid)}`, {
          stroke: sheet.theme.faint,
          'stroke-width': 0.8,
        })
      sheet.path(`M${rounded(x - tickLength)},${rounded(y)}h${tickLength}`)
      sheet.text(axis.text(tick), x - tickLength - gap, y + 4, { anchor: 'end' })
    }
    sheet.path(`M${rounded(x)},${rounded(top)}V${rounded(bottom)}`)
    const lines = wrapText(label, Math.abs(bottom - top), { maxLines: 2 })
    const outer = x - tickLength - gap - widest(axis.ticks.map(axis.text)) - 10
    lines.forEach((line, at) => {
      sheet.text(line, outer - (lines.length - 1 - at) * 16, (top + bottom) / 2, {
        anchor: 'middle',
        rotate: -90,
      })
    })
  })
}

/** Every k-th of even ticks, the smallest k with which no two texts touch. */
export function thinned<T>(
  ticks: readonly T[],
  place: (tick: T) => number,
  width: (tick: T) => number,
  room = 8,
): T[] {
  const places = ticks.map(place)
  const steps = places.slice(1).map((at, index) => at - (places[index] as number))
  if (Math.max(...steps, 0) > 1.5 * Math.min(...steps, Number.POSITIVE_INFINITY)) {
    // Uneven ticks were chosen one by one: each that has room is kept.
    const kept: T[] = []
    for (const tick of ticks) {
      const before = kept.at(-1)
      if (
        before === undefined ||
        place(tick) - place(before) >= (width(tick) + width(before)) / 2 + room
      )
        kept.push(tick)
    }
    return kept
  }
  for (let step = 1; step < ticks.length; step++) {
    const some = ticks.filter((_, at) => at % step === 0)
    const fits = some.every((tick, at) => {
      const before = some[at - 1]
      if (before === undefined) return true
      return place(tick) - place(before) >= (width(tick) + width(before)) / 2 + room
    })
    if (fits) return some
  }
  return ticks.slice(0, 1)
}

export function shownTicks(axis: Axis, width?: (tick: number) => number): number[] {
  return thinned(axis.ticks, axis.scale, width ?? ((tick) => textWidth(axis.text(tick))))
}

/** The axis below a plot; gives the lower edge of its name. */
export function drawBottomAxis(
  sheet: Sheet,
  axis: Axis,
  y: number,
  label: string,
  ticks: readonly number[] = shownTicks(axis),
): number {
  const [left, right] = axis.scale.range() as [number, number]
  const lines = wrapText(label, right - left, { maxLines: 2 })
  sheet.part('axis-x', () => {
    sheet.path(`M${rounded(left)},${rounded(y)}H${rounded(right)}`)
    for (const tick of axis.ticks)
      sheet.path(`M${rounded(axis.scale(tick))},${rounded(y)}v${tickLength}`)
    for (const tick of ticks)
      sheet.text(axis.text(tick), axis.scale(tick), y + 19, { anchor: 'middle' })
    sheet.lines(lines, (left + right) / 2, y + 38, { anchor: 'middle' })
  })
  return y + 42 + Math.max(0, lines.length - 1) * plainType * 1.3
}

export type Place = { x: number; label: string }

/**
 * Names of visits under the axis, wrapped in the room to their neighbours. Where a row is too crowded they alternate in
 * two rows; what still does not fit is left out. Gives the lower edge and which were named.
 */
export function drawPlaces(
  sheet: Sheet,
  places: readonly Place[],
  span: readonly [number, number],
  y: number,
  name: string,
): { bottom: number; shown: boolean[] } {
  const shown = places.map(() => false)
  const nearest = places.reduce(
    (least, place, at) =>
      at === 0 ? least : Math.min(least, place.x - (places[at - 1] as Place).x),
    span[1] - span[0],
  )
  let depth = 1
  sheet.part('axis-x', () => {
    sheet.path(`M${rounded(span[0])},${rounded(y)}H${rounded(span[1])}`)
    for (const place of places) sheet.path(`M${rounded(place.x)},${rounded(y)}v${tickLength}`)
    const wrapped = places.map((place) => {
      const edge = 2 * Math.min(place.x, sheet.width - place.x) - 8
      return wrapText(place.label, Math.max(Math.min(nearest - 8, edge), 10), { maxLines: 2 })
    })
    const whole = wrapped.every(
      (lines, at) => lines.join('').replace(/\s/g, '') === places[at]?.label.replace(/\s/g, ''),
    )
    if (nearest >= 56 || (whole && wrapped.every((lines) => lines.length === 1))) {
      depth = Math.max(1, ...wrapped.map((lines) => lines.length))
      places.forEach((place, at) => {
        sheet.lines(wrapped[at] as string[], place.x, y + 19, { anchor: 'middle' })
        shown[at] = true
      })
      return
    }
    const ends = [span[0] - 40, span[0] - 40]
    places.forEach((place, at) => {
      const text = wrapText(place.label, 110, { maxLines: 1, size: smallType })[0] ?? ''
      const half = textWidth(text, smallType) / 2
      const left = Math.max(span[0] - 36, Math.min(place.x - half, sheet.width - 2 * half - 4))
      const row = ends.findIndex((end) => left >= end + 6)
      if (row < 0) return
      ends[row] = left + 2 * half
      shown[at] = true
      depth = Math.max(depth, row + 1)
      sheet.text(text, left + half, y + 19 + row * 15, { anchor: 'middle', size: smallType })
    })
  })
  const lines = name === '' ? [] : wrapText(name, span[1] - span[0], { maxLines: 2 })
  const below = y + 19 + (depth - 1) * 15.6
  if (lines.length > 0)
    sheet.lines(lines, (span[0] + span[1]) / 2, below + 20, { anchor: 'middle' })
  return { bottom: below + (lines.length === 0 ? 4 : 24 + (lines.length - 1) * 15.6), shown }
}
