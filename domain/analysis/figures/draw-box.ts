/** Box plots by visit and group: quartiles, whiskers by a named rule, single values beside each other without chance. */
import { scaleBand } from 'd3-scale'
import { quantiles } from '#domain/statistics/descriptive.ts'
import { type Axis, drawLeftAxis, drawPlaces, leftAxisWidth, numberAxis, within } from './axes.ts'
import { drawVisitMarks } from './draw-visit-means.ts'
import { type Drawn, listText, shortNumber, type TableCell, tableOf } from './drawn.ts'
import { type CountRow, countsWidth, drawCounts, drawLegend, fillSwatch } from './legend.ts'
import { crowded, drawMarkRows, markNotes, markRow, marksAt } from './marks.ts'
import type { Sheet } from './sheet.ts'
import type { BoxSpec } from './spec-values.ts'
import { rounded } from './svg.ts'
import { drawValueLines } from './value-plot.ts'

export type FiveNumbers = {
  n: number | null
  low: number | null
  q1: number
  median: number
  q3: number
  high: number | null
  outliers: number[]
}

/** Quartiles by type 7; whiskers to the last value within 1.5 interquartile ranges, or to the ends. */
export function fiveNumbers(
  values: readonly number[],
  whiskers: BoxSpec['whiskers'],
): FiveNumbers | null {
  if (values.length === 0) return null
  const [q1, median, q3] = quantiles([...values], [0.25, 0.5, 0.75]) as [number, number, number]
  const reach = whiskers === 'tukey' ? 1.5 * (q3 - q1) : Number.POSITIVE_INFINITY
  let low = q1
  let high = q3
  const outliers: number[] = []
  for (const value of values) {
    if (value < q1 - reach || value > q3 + reach) outliers.push(value)
    else {
      if (value < low) low = value
      if (value > high) high = value
    }
  }
  return { n: values.length, low, q1, median, q3, high, outliers: outliers.sort((a, b) => a - b) }
}

type Box = { visit: number; group: number; values: readonly number[]; five: FiveNumbers | null }

export function drawBox(spec: BoxSpec, sheet: Sheet, start: number): Drawn {
  const log = spec.value.scale === 'log'
  let unplaced = 0
  const boxes = spec.boxes.map((box): Box => {
    const place = {
      visit: spec.visits.findIndex((visit) => visit.key === box.visit),
      group: spec.groups.findIndex((group) => group.key === box.group),
    }
    if ('values' in box) {
      const values = log ? box.values.filter((value) => value > 0) : box.values
      unplaced += box.values.length - values.length
      return { ...place, values, five: fiveNumbers(values, spec.whiskers) }
    }
    const { n = null, min, q1, median, q3, max } = box.summary
    if (log && q1 <= 0) {
      unplaced += 1
      return { ...place, values: [], five: null }
    }
    return {
      ...place,
      values: [],
      five: {
        n,
        low: log && min !== null && min <= 0 ? null : min,
        q1,
        median,
        q3,
        high: max,
        outliers: [],
      },
    }
  })
  const labels = spec.groups.map((group) => sheet.say(group.label))
  const valueLabel = sheet.say(spec.value.label)
  const height = Math.round(Math.max(200, Math.min(320, sheet.width * 0.38)))
  const values = boxes.flatMap((box) => {
    if (!box.five) return []
    const { low, q1, q3, high } = box.five
    const drawn = spec.points === 'none' ? [] : box.five.outliers
    return [q1, q3, ...(low === null ? [] : [low]), ...(high === null ? [] : [high]), ...drawn]
  })
  const reach = [...values, ...spec.lines.map((one) => one.at)]
  const options = { log, min: spec.value.min, max: spec.value.max }
  const probe = numberAxis(reach, [height, 0], options)
  const known = boxes.some((box) => box.five !== null && box.five.n !== null)
  const rows: CountRow[] = spec.counts && known ? countRows(spec, boxes, labels) : []
  const labelWidth =
    rows.length === 0 ? 0 : countsWidth(rows, sheet.words.counts, sheet.width * 0.24)
  const left = Math.max(leftAxisWidth(probe, valueLabel, height) + 6, 8 + labelWidth + 8)
  const right = sheet.width - 16
  const entries = labels.map((label, index) => ({ label, ...fillSwatch(sheet, index) }))
  const band = scaleBand(
    spec.visits.map((_, at) => at),
    [left, right],
  )
    .paddingInner(0.25)
    .paddingOuter(0.15)
  const pitch = Math.min(62, band.bandwidth() / spec.groups.length)
  const places = spec.visits.map((_, at) => (band(at) ?? left) + band.bandwidth() / 2)
  const rowsOfMarks = crowded(spec.marks, spec.groups.length, pitch)
  const top =
    (entries.length > 1 ? drawLegend(sheet, entries, left, right, start + 2) : start + 2) +
    18 +
    (rowsOfMarks ? spec.marks.length * markRow : 0)
  const axis = numberAxis(reach, [top + height, top], options)
  drawLeftAxis(sheet, axis, left, valueLabel, { grid: right })
  const names = drawPlaces(
    sheet,
    spec.visits.map((visit, at) => ({
      x: places[at] as number,
      label: sheet.say(visit.label, 80),
    })),
    [left, right],
    top + height,
    '',
  )
  drawValueLines(sheet, axis, spec.lines, left, right)
  const width = Math.max(1.5, pitch * 0.74)
  for (const box of boxes) {
    if (!box.five) continue
    const x = (places[box.visit] as number) + (box.group - (spec.groups.length - 1) / 2) * pitch
    const above = drawOne(sheet, axis, box, x, width, spec)
    const text = marksAt(spec.marks, spec.visits[box.visit]?.key ?? '', spec.groups[box.group]?.key)
    if (text !== '' && !rowsOfMarks)
      sheet.text(text, x, Math.max(above - 5, top - 4), { anchor: 'middle', weight: 600 })
  }
  if (rowsOfMarks) drawMarkRows(sheet, spec.marks, spec.visits, places, top - 7)
  else drawVisitMarks(spec, sheet, places, top - 2)
  if (values.length === 0)
    sheet.text(sheet.words.noData, (left + right) / 2, top + height / 2, { anchor: 'middle' })
  let bottom = names.bottom
  if (rows.length > 0) {
    const kept = names.shown.flatMap((shown, at) => (shown ? [at] : []))
    bottom = drawCounts(
      sheet,
      rows.map((row) => ({ ...row, counts: kept.map((at) => row.counts[at] ?? null) })),
      kept.map((at) => places[at] as number),
      { heading: sheet.words.counts, left: 8, labelWidth, top: bottom + 6, part: 'counts' },
    )
  }
  const ends = boxes.some((box) => box.five?.low !== null || box.five?.high !== null)
  return {
    bottom,
    sentence: sentence(spec, sheet, boxes, labels),
    table: table(spec, sheet, boxes, labels),
    notes: [
      ...(ends ? [sheet.words.whiskers[spec.whiskers]] : []),
      ...markNotes(sheet, spec.marks),
      ...(unplaced > 0 ? [sheet.words.leftOut(unplaced)] : []),
    ],
  }
}

function countRows(spec: BoxSpec, boxes: readonly Box[], labels: readonly string[]): CountRow[] {
  return spec.groups.map((_, g) => ({
    label: labels[g] as string,
    index: g,
    fill: true,
    counts: spec.visits.map((__, v) => {
      const box = boxes.find((one) => one.visit === v && one.group === g)
      return box?.five?.n === null || box?.five?.n === undefined
        ? box
          ? '0'
          : null
        : String(box.five.n)
    }),
  }))
}

/** One box with whiskers and points; gives its upper edge. */
function drawOne(
  sheet: Sheet,
  axis: Axis,
  box: Box,
  x: number,
  width: number,
  spec: BoxSpec,
): number {
  const five = box.five as FiveNumbers
  const { colour } = sheet.theme.series(box.group)
  const [low, high] = axis.scale.domain() as [number, number]
  const y = (value: number) => axis.scale(Math.min(Math.max(value, low), high))
  const half = width / 2
  let above = y(five.q3)
  sheet.part(
    'box',
    () => {
      for (const [end, quartile] of [
        [five.low, five.q1],
        [five.high, five.q3],
      ] as const) {
        if (end === null) continue
        above = Math.min(above, y(end))
        sheet.path(
          `M${rounded(x)},${rounded(y(quartile))}V${rounded(y(end))}m${rounded(-half / 2)},0h${rounded(half)}`,
          { stroke: colour, 'stroke-width': 1.2 },
        )
      }
      sheet.rect(x - half, y(five.q3), width, Math.max(0.5, y(five.q1) - y(five.q3)), {
        fill: sheet.hatch(box.group, colour),
        stroke: colour,
        'stroke-width': 1.2,
      })
      // A paper edge keeps the median in sight on a hatched or filled box.
      const median = `M${rounded(x - half)},${rounded(y(five.median))}h${rounded(width)}`
      sheet.path(median, { stroke: sheet.theme.paper, 'stroke-width': 4.5 })
      sheet.path(median, {
        stroke: sheet.theme.ink,
        'stroke-width': 2.2,
        'data-median': five.median,
      })
      const shown =
        spec.points === 'all' ? box.values : spec.points === 'outliers' ? five.outliers : []
      const inside = shown.filter((value) => within(axis.scale, value))
      if (inside.length > 0) {
        for (const value of inside) above = Math.min(above, axis.scale(value) - 2)
        const r = inside.length > 200 ? 1.2 : 2
        const spread = spec.points === 'all' ? width * 0.7 : Math.min(width * 0.3, 8)
        const alone = inside.length === 1
        // The golden ratio spreads neighbours apart and gives the same picture every time.
        const dots = inside.map((value, at) => {
          const shift = alone ? 0 : (((at + 1) * 0.618033988749895) % 1) - 0.5
          return `M${rounded(x + shift * spread - r)},${rounded(axis.scale(value))}a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0`
        })
        const many = inside.length > 200
        sheet.path(dots.join(''), {
          stroke: many ? 'none' : sheet.theme.ink,
          'stroke-width': 0.7,
          fill: many ? sheet.theme.ink : sheet.theme.paper,
          'fill-opacity': many ? 0.25 : 0.7,
          'data-points': inside.length,
        })
      }
    },
    { 'data-box': `${spec.visits[box.visit]?.key}/${spec.groups[box.group]?.key}` },
  )
  return above
}

function sentence(
  spec: BoxSpec,
  sheet: Sheet,
  boxes: readonly Box[],
  labels: readonly string[],
): string {
  const items = boxes.flatMap((box) => {
    if (!box.five) return []
    const { median, q1, q3, n } = box.five
    const visit = sheet.say(spec.visits[box.visit]?.label ?? '', 60)
    return [
      `${labels[box.group]}, ${visit}: ${sheet.words.median(shortNumber(median))} (${shortNumber(q1)}–${shortNumber(q3)})${n === null ? '' : `, n = ${n}`}`,
    ]
  })
  return `${sheet.say(spec.value.label)}; ${items.length === 0 ? sheet.words.noData : listText(sheet, items)}`
}

function table(spec: BoxSpec, sheet: Sheet, boxes: readonly Box[], labels: readonly string[]) {
  const rows = boxes.map((box): TableCell[] => {
    const visit = spec.visits[box.visit]
    const five = box.five
    const marks = `${marksAt(spec.marks, visit?.key ?? '', spec.groups[box.group]?.key)}${marksAt(spec.marks, visit?.key ?? '', undefined)}`
    const head = [labels[box.group] as string, sheet.say(visit?.label ?? '')]
    if (!five) return [...head, 0, null, null, null, null, null, '', marks]
    return [
      ...head,
      five.n,
      five.low,
      five.q1,
      five.median,
      five.q3,
      five.high,
      five.outliers.join(' '),
      marks,
    ]
  })
  return tableOf(
    sheet,
    ['group', 'visit', 'n', 'minimum', 'q1', 'median', 'q3', 'maximum', 'outliers', 'marks'],
    rows,
  )
}
