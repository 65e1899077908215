/** Means with their bars by visit and group, marks of significance, and the number of values under each visit. */
import { line } from 'd3-shape'
import { drawLeftAxis, drawPlaces, leftAxisWidth, numberAxis, within } from './axes.ts'
import { type Drawn, listText, shortNumber, type TableCell, tableOf } from './drawn.ts'
import { type CountRow, countsWidth, drawCounts, drawLegend, lineSwatch } from './legend.ts'
import { crowded, drawMarkRows, markNotes, markRow, marksAt } from './marks.ts'
import type { Sheet } from './sheet.ts'
import type { VisitDef, VisitMeansSpec } from './spec-values.ts'
import { rounded } from './svg.ts'
import { drawValueLines } from './value-plot.ts'

type Point = VisitMeansSpec['groups'][number]['points'][number]

/** Where the visits stand: at their distance when all have a position, else side by side. */
export function visitPlaces(visits: readonly VisitDef[], left: number, right: number): number[] {
  const positions = visits.map((visit) => visit.position)
  const known = positions.every((one): one is number => one !== undefined)
  const ascending =
    known && positions.every((one, at) => at === 0 || one > (positions[at - 1] as number))
  const values = known && ascending ? (positions as number[]) : visits.map((_, at) => at)
  if (values.length === 1) return [(left + right) / 2]
  const first = values[0] as number
  const span = (values.at(-1) as number) - first
  return values.map((value) => left + ((value - first) / span) * (right - left))
}

export function barOf(point: Point, spread: VisitMeansSpec['spread']): [number, number] | null {
  if (point.mean === null) return null
  if (spread === 'interval')
    return typeof point.lower === 'number' && typeof point.upper === 'number'
      ? [point.lower, point.upper]
      : null
  return typeof point.spread === 'number'
    ? [point.mean - point.spread, point.mean + point.spread]
    : null
}

export function drawVisitMeans(spec: VisitMeansSpec, sheet: Sheet, start: number): Drawn {
  const log = spec.value.scale === 'log'
  const labels = spec.groups.map((group) => sheet.say(group.label))
  const valueLabel = sheet.say(spec.value.label)
  const height = Math.round(Math.max(200, Math.min(320, sheet.width * 0.38)))
  const values = spec.groups.flatMap((group) =>
    group.points.flatMap((point) =>
      point.mean === null ? [] : [point.mean, ...(barOf(point, spec.spread) ?? [])],
    ),
  )
  const lines = spec.lines.map((one) => one.at)
  const options = { log, min: spec.value.min, max: spec.value.max }
  const rows: CountRow[] = spec.counts
    ? spec.groups.map((group, index) => ({
        label: labels[index] as string,
        index,
        counts: group.points.map((point) => String(point.n)),
      }))
    : []
  const probe = numberAxis([...values, ...lines], [height, 0], options)
  const labelWidth =
    rows.length === 0 ? 0 : countsWidth(rows, sheet.words.counts, sheet.width * 0.24)
  const left = Math.max(leftAxisWidth(probe, valueLabel, height) + 6, 8 + labelWidth + 8)
  const right = sheet.width - 16
  const entries = labels.map((label, index) => ({ label, ...lineSwatch(sheet, index, true) }))
  const inset = Math.min(40, (right - left) / (spec.visits.length * 2))
  const places = visitPlaces(spec.visits, left + inset, right - inset)
  const nearest = places.reduce(
    (least, x, at) => (at === 0 ? least : Math.min(least, x - (places[at - 1] as number))),
    right - left,
  )
  const step = Math.min(9, (nearest * 0.75) / Math.max(1, spec.groups.length))
  const rowsOfMarks = crowded(spec.marks, spec.groups.length, step)
  const top =
    (entries.length > 1 || rows.length === 0
      ? drawLegend(sheet, entries, left, right, start + 2)
      : start + 2) +
    16 +
    (rowsOfMarks ? spec.marks.length * markRow : 0)
  const axis = numberAxis([...values, ...lines], [top + height, top], options)
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
  let unplaced = 0
  const drawable = (value: number) => !log || value > 0
  spec.groups.forEach((group, index) => {
    const style = sheet.theme.series(index)
    const shift = (index - (spec.groups.length - 1) / 2) * step
    const points = group.points.flatMap((point, at) => {
      if (point.mean === null) return []
      if (!drawable(point.mean)) {
        unplaced += 1
        return []
      }
      return [
        {
          point,
          mean: point.mean,
          x: (places[at] as number) + shift,
          visit: spec.visits[at] as VisitDef,
        },
      ]
    })
    const inAxis = points.filter((one) => within(axis.scale, one.mean))
    sheet.part('group', () => {
      sheet.path(
        line<(typeof points)[number]>(
          (one) => one.x,
          (one) => axis.scale(one.mean),
        )(inAxis) ?? '',
        {
          stroke: style.colour,
          'stroke-width': style.width,
          'stroke-dasharray': style.dash,
          'data-means': group.key,
        },
      )
      for (const { point, mean, x, visit } of inAxis) {
        const bar = barOf(point, spec.spread)
        const [low, high] = axis.scale.domain() as [number, number]
        let above = axis.scale(mean) - 6
        if (bar) {
          const [from, to] = [Math.max(bar[0], low), Math.min(bar[1], high)]
          const cap = Math.min(4, step / 2 + 1.5)
          const y = (value: number) => rounded(axis.scale(value))
          sheet.path(
            `M${rounded(x)},${y(from)}V${y(to)}${bar[1] <= high ? `m${-cap},0h${2 * cap}` : ''}${bar[0] >= low ? `M${rounded(x - cap)},${y(from)}h${2 * cap}` : ''}`,
            {
              stroke: style.colour,
              'stroke-width': 1.2,
            },
          )
          above = Math.min(above, axis.scale(to))
        }
        sheet.marker(style, x, axis.scale(mean), 8)
        const text = marksAt(spec.marks, visit.key, group.key)
        if (text !== '' && !rowsOfMarks)
          sheet.text(text, x, above - 4, { anchor: 'middle', weight: 600, fill: style.colour })
      }
    })
  })
  if (rowsOfMarks) drawMarkRows(sheet, spec.marks, spec.visits, places, top - 5)
  else drawVisitMarks(spec, sheet, places, top)
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
  return {
    bottom,
    sentence: sentence(spec, sheet, labels),
    table: table(spec, sheet, labels),
    notes: [
      sheet.words.spreads[spec.spread],
      ...markNotes(sheet, spec.marks),
      ...(unplaced > 0 ? [sheet.words.leftOut(unplaced)] : []),
    ],
  }
}

/** Comparisons between groups stand at the top of the plot, over the visit. */
export function drawVisitMarks(
  spec: { visits: readonly VisitDef[]; marks: VisitMeansSpec['marks'] },
  sheet: Sheet,
  places: readonly number[],
  top: number,
): void {
  sheet.part('marks', () => {
    spec.visits.forEach((visit, at) => {
      const text = marksAt(spec.marks, visit.key, undefined)
      if (text !== '')
        sheet.text(text, places[at] as number, top - 4, { anchor: 'middle', weight: 600 })
    })
  })
}

function sentence(spec: VisitMeansSpec, sheet: Sheet, labels: readonly string[]): string {
  const items = spec.groups.map((group, at) => {
    const each = group.points.flatMap((point, v) => {
      if (point.mean === null) return []
      const bar = barOf(point, spec.spread)
      const width =
        spec.spread === 'interval'
          ? bar
            ? ` (${shortNumber(bar[0])}–${shortNumber(bar[1])})`
            : ''
          : typeof point.spread === 'number'
            ? ` ± ${shortNumber(point.spread)}`
            : ''
      return [`${sheet.say(spec.visits[v]?.label ?? '', 60)} ${shortNumber(point.mean)}${width}`]
    })
    const shown = each.length > 4 ? [each[0], each.at(-1)] : each
    return `${labels[at]}: ${shown.length === 0 ? sheet.words.noData : shown.join(', ')}`
  })
  return `${sheet.say(spec.value.label)}; ${listText(sheet, items)}`
}

function table(spec: VisitMeansSpec, sheet: Sheet, labels: readonly string[]) {
  const rows: TableCell[][] = spec.groups.flatMap((group, g) =>
    group.points.map((point, at): TableCell[] => {
      const visit = spec.visits[at] as VisitDef
      return [
        labels[g] as string,
        sheet.say(visit.label),
        point.n,
        point.mean,
        ...(spec.spread === 'interval'
          ? [point.lower ?? null, point.upper ?? null]
          : [point.spread ?? null]),
        `${marksAt(spec.marks, visit.key, group.key)}${marksAt(spec.marks, visit.key, undefined)}`,
      ]
    }),
  )
  const bars = spec.spread === 'interval' ? (['lower', 'upper'] as const) : ([spec.spread] as const)
  return tableOf(sheet, ['group', 'visit', 'n', 'mean', ...bars, 'marks'], rows)
}
