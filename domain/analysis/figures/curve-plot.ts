/** Step curves over time: frame, bands, censoring ticks, names at the end of each curve, a free corner for the test. */
import { area, curveStepAfter, line } from 'd3-shape'
import {
  type Axis,
  drawBottomAxis,
  drawLeftAxis,
  leftAxisWidth,
  numberAxis,
  shownTicks,
} from './axes.ts'
import type { FigureLabel } from './figure-label.ts'
import { type CountRow, countsWidth, drawCounts } from './legend.ts'
import { plainType, type Sheet } from './sheet.ts'
import type { CurveStep } from './spec-curves.ts'
import type { TimeAxis } from './spec-parts.ts'
import { rounded } from './svg.ts'
import { textWidth, widest, wrapText } from './text-metrics.ts'

export type CurveFrame = {
  x: Axis
  y: Axis
  left: number
  right: number
  top: number
  bottom: number
}

/** Last time that the axis shows. */
export function lastTime(time: TimeAxis, steps: readonly (readonly CurveStep[])[]): number {
  if (time.max !== undefined) return time.max
  const last = steps.reduce((most, own) => Math.max(most, own.at(-1)?.time ?? 0), 0)
  return Math.max(last, ...(time.ticks ?? [])) || 1
}

export type FrameOptions = {
  time: TimeAxis
  last: number
  valueLabel: string
  valueMax: number
  percent: boolean
  left: number
  right: number
  top: number
  height: number
}

export function curveFrame(options: FrameOptions): CurveFrame {
  const { left, right, top, height } = options
  const bottom = top + height
  const x = numberAxis([0, options.last], [left, right], {
    ticks: options.time.ticks,
    exact: true,
    count: Math.max(3, Math.round((right - left) / 90)),
  })
  const y = numberAxis([0, options.valueMax], [bottom, top], {
    percent: options.percent,
    exact: true,
    count: 5,
  })
  return { x, y, left, right, top, bottom }
}

/** Left margin for the value axis and the names in the rows below. */
export function curveMargin(
  sheet: Sheet,
  options: {
    valueMax: number
    percent: boolean
    label: string
    height: number
    rows: readonly CountRow[]
    heading: string
  },
): { left: number; labelWidth: number } {
  const axis = numberAxis([0, options.valueMax], [options.height, 0], {
    percent: options.percent,
    exact: true,
    count: 5,
  })
  const labelWidth =
    options.rows.length === 0 ? 0 : countsWidth(options.rows, options.heading, sheet.width * 0.24)
  const firstCount =
    widest(
      options.rows.map((row) => row.counts[0] ?? ''),
      11,
    ) / 2
  return {
    left: Math.max(
      leftAxisWidth(axis, options.label, options.height) + 6,
      8 + labelWidth + firstCount + 8,
    ),
    labelWidth,
  }
}

export function drawCurveAxes(
  sheet: Sheet,
  frame: CurveFrame,
  labels: { time: string; value: string },
  counts: readonly CountRow[],
): { bottom: number; ticks: number[] } {
  drawLeftAxis(sheet, frame.y, frame.left, labels.value)
  const widthAt = (tick: number) => {
    const at = frame.x.ticks.indexOf(tick)
    return Math.max(
      textWidth(frame.x.text(tick)),
      ...counts.map((row) => textWidth(row.counts[at] ?? '', 11)),
    )
  }
  const ticks = shownTicks(frame.x, widthAt)
  return { bottom: drawBottomAxis(sheet, frame.x, frame.bottom, labels.time, ticks), ticks }
}

/** Numbers at risk under those ticks that are named. */
export function drawRiskTable(
  sheet: Sheet,
  frame: CurveFrame,
  rows: readonly CountRow[],
  ticks: readonly number[],
  options: { labelWidth: number; top: number },
): number {
  const at = ticks.map((tick) => frame.x.ticks.indexOf(tick))
  return drawCounts(
    sheet,
    rows.map((row) => ({ ...row, counts: at.map((index) => row.counts[index] ?? null) })),
    ticks.map((tick) => frame.x.scale(tick)),
    { ...options, heading: sheet.words.atRisk, left: 8, part: 'risk-table' },
  )
}

export type CurveDrawing = {
  steps: readonly CurveStep[]
  start: number
  index: number
  name: string
  bands: boolean
  censorMarks: boolean
}

/** One curve; gives its corners in the units of the figure, for whoever looks for free room. */
export function drawCurve(
  sheet: Sheet,
  frame: CurveFrame,
  clip: string,
  drawing: CurveDrawing,
): [number, number][][] {
  const { x, y } = frame
  const style = sheet.theme.series(drawing.index)
  const points: CurveStep[] = [{ time: 0, value: drawing.start }, ...drawing.steps]
  sheet.part('curve', () => {
    if (drawing.bands) drawBand(sheet, frame, clip, drawing)
    sheet.path(
      line<CurveStep>(
        (step) => x.scale(step.time),
        (step) => y.scale(step.value),
      ).curve(curveStepAfter)(points) ?? '',
      {
        stroke: style.colour,
        'stroke-width': style.width,
        'stroke-dasharray': style.dash,
        'clip-path': clip,
        'data-curve': drawing.name,
      },
    )
    const end = x.scale.domain()[1] as number
    const marks = drawing.steps.filter(
      (step) => drawing.censorMarks && (step.censored ?? 0) > 0 && step.time <= end,
    )
    // Hundreds of ticks would fatten the curve: those nearer than two and a half units to the last are left out.
    const room = marks.length > 150 ? 2.5 : 0
    let last = Number.NEGATIVE_INFINITY
    const ticks: string[] = []
    for (const step of marks) {
      const place = x.scale(step.time)
      if (place - last < room) continue
      last = place
      ticks.push(
        `M${rounded(place)},${rounded(y.scale(step.value) - (room > 0 ? 3 : 4.5))}v${room > 0 ? 6 : 9}`,
      )
    }
    if (ticks.length > 0)
      sheet.path(ticks.join(''), {
        stroke: style.colour,
        'stroke-width': 1.3,
        'data-censored': drawing.name,
      })
  })
  const outline = (height: (step: CurveStep) => number | null | undefined) => {
    const corners: [number, number][] = []
    points.forEach((step, at) => {
      const value = height(step)
      if (typeof value !== 'number') return
      const before = points[at - 1]
      const level = before && height(before)
      if (typeof level === 'number') corners.push([x.scale(step.time), y.scale(level)])
      corners.push([x.scale(step.time), y.scale(value)])
    })
    return corners
  }
  const own = [outline((step) => step.value)]
  if (drawing.bands)
    own.push(
      outline((step) => step.lower),
      outline((step) => step.upper),
    )
  return own
}

function drawBand(sheet: Sheet, { x, y }: CurveFrame, clip: string, drawing: CurveDrawing): void {
  const { colour, dash } = sheet.theme.series(drawing.index)
  const steps: CurveStep[] = [
    { time: 0, value: drawing.start, lower: drawing.start, upper: drawing.start },
    ...drawing.steps,
  ]
  const known = (step: CurveStep) =>
    typeof step.lower === 'number' && typeof step.upper === 'number'
  const at = (step: CurveStep) => x.scale(step.time)
  const low = (step: CurveStep) => y.scale(step.lower ?? 0)
  const high = (step: CurveStep) => y.scale(step.upper ?? 0)
  sheet.path(area<CurveStep>(at, low, high).defined(known).curve(curveStepAfter)(steps) ?? '', {
    stroke: 'none',
    fill: colour,
    'fill-opacity': 0.13,
    'clip-path': clip,
    'data-band': drawing.name,
  })
  for (const edge of [low, high])
    sheet.path(line<CurveStep>(at, edge).defined(known).curve(curveStepAfter)(steps) ?? '', {
      stroke: colour,
      'stroke-width': 0.8,
      'stroke-opacity': 0.7,
      'stroke-dasharray': dash,
      'clip-path': clip,
    })
}

/** Names beside the ends of the curves, pushed apart; null when they do not fit beside the plot. */
export function placeEndLabels(
  labels: readonly string[],
  heights: readonly number[],
  span: readonly [number, number],
  room: number,
): { lines: string[]; y: number }[] | null {
  const wrapped = labels.map((label) => wrapText(label, room, { maxLines: 3, weight: 600 }))
  const size = (index: number) => (wrapped[index] as string[]).length * 15 + 3
  const total = wrapped.reduce((sum, _, index) => sum + size(index), 0)
  if (total > span[1] - span[0]) return null
  const order = labels
    .map((_, index) => index)
    .sort((a, b) => (heights[a] as number) - (heights[b] as number))
  const tops: number[] = []
  let from = span[0]
  for (const index of order) {
    tops[index] = Math.max(from, (heights[index] as number) - size(index) / 2)
    from = (tops[index] as number) + size(index)
  }
  let until = span[1]
  for (const index of order.reverse()) {
    tops[index] = Math.min(tops[index] as number, until - size(index))
    until = tops[index] as number
  }
  return labels.map((_, index) => ({
    lines: wrapped[index] as string[],
    y: (tops[index] as number) + 13,
  }))
}

/** Lines of text in a corner where no curve runs; above the plot is the caller's answer to null. */
export function freeCorner(
  frame: CurveFrame,
  curves: readonly (readonly [number, number][])[],
  width: number,
  height: number,
): { x: number; y: number } | null {
  const left = frame.left + 10
  const right = frame.right - 10 - width
  const top = frame.top + 6
  const bottom = frame.bottom - 8 - height
  if (right < left || bottom < top) return null
  const middle = (left + right) / 2
  const places: [number, number][] = [
    [left, bottom],
    [right, top],
    [right, bottom],
    [left, top],
    [middle, bottom],
    [middle, top],
  ]
  const free = places.find(([x, y]) =>
    curves.every((corners) =>
      corners.every((corner, at) => {
        const before = corners[at - 1] ?? corner
        const [x0, x1] = [Math.min(before[0], corner[0]), Math.max(before[0], corner[0])]
        const [y0, y1] = [Math.min(before[1], corner[1]), Math.max(before[1], corner[1])]
        return x1 < x - 4 || x0 > x + width + 4 || y1 < y - 8 || y0 > y + height + 8
      }),
    ),
  )
  return free ? { x: free[0], y: free[1] } : null
}

/** Vertical lines at named times; their names stand above the plot. */
export function drawLandmarks(
  sheet: Sheet,
  frame: CurveFrame,
  landmarks: readonly { at: number; label?: FigureLabel }[],
): void {
  let end = Number.NEGATIVE_INFINITY
  sheet.part('landmarks', () => {
    for (const { at, label } of [...landmarks].sort((a, b) => a.at - b.at)) {
      const [low, high] = frame.x.scale.domain() as [number, number]
      if (at < low || at > high) continue
      const x = frame.x.scale(at)
      sheet.path(`M${rounded(x)},${rounded(frame.top)}V${rounded(frame.bottom)}`, {
        'stroke-dasharray': '3 3',
        stroke: sheet.theme.muted,
      })
      const text =
        label === undefined ? '' : (wrapText(sheet.say(label), 180, { maxLines: 1 })[0] ?? '')
      const half = textWidth(text) / 2
      const middle = Math.min(Math.max(x, half + 4), sheet.width - half - 4)
      if (middle - half > end + 6) {
        sheet.text(text, middle, frame.top - 6, { anchor: 'middle' })
        end = middle + half
      }
    }
  })
}

/** The test and the notes in a free corner of the plot. `reserved` says how much room above the plot they need otherwise. */
export function drawNotes(
  sheet: Sheet,
  frame: CurveFrame,
  curves: readonly (readonly [number, number][])[],
  texts: readonly string[],
): string[] {
  const lines = texts.flatMap((text) =>
    wrapText(text, (frame.right - frame.left) * 0.6, { maxLines: 2 }),
  )
  if (lines.length === 0) return []
  const width = widest(lines)
  const height = lines.length * plainType * 1.3
  const place = freeCorner(frame, curves, width, height)
  if (!place) return lines
  sheet.part('notes', () => {
    sheet.ground(place.x - 3, place.y - 2, width + 6, height + 4)
    sheet.lines(lines, place.x, place.y + 12)
  })
  return []
}
