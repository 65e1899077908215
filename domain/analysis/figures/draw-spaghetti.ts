/** A line a subject, faint, with the mean or median of each group over them. */
import { line } from 'd3-shape'
import { meanOf, quantiles } from '#domain/statistics/descriptive.ts'
import { drawBottomAxis, drawLeftAxis, leftAxisWidth, numberAxis, within } from './axes.ts'
import { type Drawn, listText, shortNumber, type TableCell, tableOf } from './drawn.ts'
import { drawLegend, lineSwatch } from './legend.ts'
import type { Sheet } from './sheet.ts'
import type { SpaghettiSpec } from './spec-values.ts'
import { polyline } from './svg.ts'
import { drawValueLines } from './value-plot.ts'

type Known = { x: number; y: number }

export function drawSpaghetti(spec: SpaghettiSpec, sheet: Sheet, start: number): Drawn {
  const log = spec.value.scale === 'log'
  let unplaced = 0
  const subjects = spec.subjects.map((subject) => ({
    ...subject,
    known: subject.points
      .flatMap((point) => (point.y === null ? [] : [{ x: point.x, y: point.y }]))
      .filter((point) => {
        if (!log || point.y > 0) return true
        unplaced += 1
        return false
      })
      .sort((a, b) => a.x - b.x),
  }))
  const overlays = spec.groups.map((group) =>
    overlayOf(
      spec,
      subjects.filter((subject) => subject.group === group.key),
    ),
  )
  const label = sheet.say(spec.value.label)
  const height = Math.round(Math.max(220, Math.min(340, sheet.width * 0.42)))
  const ys = [
    ...subjects.flatMap((subject) => subject.known.map((point) => point.y)),
    ...spec.lines.map((one) => one.at),
  ]
  const xs = subjects
    .flatMap((subject) => subject.known.map((point) => point.x))
    .concat(spec.x.ticks ?? [])
  const options = { log, min: spec.value.min, max: spec.value.max }
  const left = leftAxisWidth(numberAxis(ys, [height, 0], options), label, height) + 6
  const right = sheet.width - 24
  const entries = spec.groups.map((group, at) => ({
    label: sheet.say(group.label),
    ...lineSwatch(sheet, at, spec.overlay !== 'none'),
  }))
  const top =
    (entries.length > 1 ? drawLegend(sheet, entries, left, right, start + 2) : start + 2) + 10
  const y = numberAxis(ys, [top + height, top], options)
  const inset = 14
  const x = numberAxis(xs, [left + inset, right - inset], {
    ticks: spec.x.ticks,
    exact: true,
    count: Math.max(3, Math.round((right - left) / 90)),
  })
  drawLeftAxis(sheet, y, left, label, { grid: right })
  const clip = sheet.clip(left, top - 3, right - left, height + 6)
  const crowd = subjects.length
  const faint =
    crowd > 400 ? Math.max(0.02, 60 / crowd) : crowd > 60 ? 0.28 : crowd > 20 ? 0.45 : 0.7
  spec.groups.forEach((group, index) => {
    const style = sheet.theme.series(index)
    const own = subjects.filter(
      (subject) => subject.group === group.key && subject.known.length > 0,
    )
    sheet.part(
      'subjects',
      () => {
        for (const subject of own) {
          const points = subject.known.map((point): [number, number] => [
            x.scale(point.x),
            y.scale(point.y),
          ])
          const [first] = points as [[number, number]]
          // A subject with one value is a dot: a path of one point shows nothing.
          const d = points.length === 1 ? `M${first[0] - 1.5},${first[1]}h3` : polyline(points)
          sheet.path(d, {
            stroke: style.colour,
            'stroke-width': points.length === 1 ? 3 : 0.9,
            'stroke-opacity': faint,
            'stroke-dasharray': points.length > 1 && subjects.length <= 60 ? style.dash : undefined,
            'data-subject': subject.key,
          })
        }
      },
      { 'clip-path': clip },
    )
  })
  spec.groups.forEach((group, index) => {
    const points = overlays[index] ?? []
    if (points.length === 0) return
    const style = sheet.theme.series(index)
    const d =
      line<Known>(
        (point) => x.scale(point.x),
        (point) => y.scale(point.y),
      )(points) ?? ''
    sheet.part(
      'overlay',
      () => {
        sheet.path(d, { stroke: sheet.theme.paper, 'stroke-width': style.width + 4 })
        sheet.path(d, {
          stroke: style.colour,
          'stroke-width': style.width + 1.4,
          'stroke-dasharray': style.dash,
          'data-overlay': group.key,
        })
        for (const point of points)
          if (within(y.scale, point.y)) sheet.marker(style, x.scale(point.x), y.scale(point.y), 9)
      },
      { 'clip-path': clip },
    )
  })
  drawValueLines(sheet, y, spec.lines, left, right)
  if (subjects.every((subject) => subject.known.length === 0))
    sheet.text(sheet.words.noData, (left + right) / 2, top + height / 2, { anchor: 'middle' })
  // The plot has room at both sides of its first and last x, the axis runs the whole width.
  const frame = { ...x, scale: x.scale.copy() }
  sheet.path(`M${left},${top + height}H${right}`)
  const bottom = drawBottomAxis(sheet, frame, top + height, sheet.say(spec.x.label))
  return {
    bottom,
    sentence: sentence(
      spec,
      sheet,
      subjects.map((subject) => subject.group),
      overlays,
    ),
    table: table(spec, sheet, overlays),
    notes: [
      ...(spec.overlay === 'none' ? [] : [sheet.words.overlay[spec.overlay]]),
      ...(unplaced > 0 ? [sheet.words.leftOut(unplaced)] : []),
    ],
  }
}

function overlayOf(spec: SpaghettiSpec, subjects: readonly { known: readonly Known[] }[]): Known[] {
  if (spec.overlay === 'none') return []
  const at = new Map<number, number[]>()
  for (const subject of subjects)
    for (const { x, y } of subject.known) {
      const values = at.get(x)
      if (values) values.push(y)
      else at.set(x, [y])
    }
  return [...at]
    .sort(([a], [b]) => a - b)
    .map(([x, values]) => ({
      x,
      y: spec.overlay === 'mean' ? meanOf(values) : (quantiles(values, [0.5])[0] as number),
    }))
}

function sentence(
  spec: SpaghettiSpec,
  sheet: Sheet,
  groups: readonly string[],
  overlays: readonly Known[][],
): string {
  const items = spec.groups.map((group, index) => {
    const n = groups.filter((one) => one === group.key).length
    const points = overlays[index] ?? []
    const [first, last] = [points[0], points.at(-1)]
    const course =
      first && last && spec.overlay !== 'none'
        ? `, ${sheet.words.overlay[spec.overlay].replace(/^.*[:：]\s*/, '')} ${shortNumber(first.y)} → ${shortNumber(last.y)}`
        : ''
    return `${sheet.say(group.label)}: n = ${n}${course}`
  })
  return `${sheet.say(spec.value.label)}; ${listText(sheet, items)}`
}

function table(spec: SpaghettiSpec, sheet: Sheet, overlays: readonly Known[][]) {
  const labelOf = (key: string) => {
    const found = spec.groups.find((group) => group.key === key)
    return found ? sheet.say(found.label) : key
  }
  const rows: TableCell[][] = spec.subjects.flatMap((subject) =>
    subject.points.map((point): TableCell[] => [
      sheet.say(subject.key, 200),
      labelOf(subject.group),
      point.x,
      point.y,
    ]),
  )
  spec.groups.forEach((group, index) => {
    for (const point of overlays[index] ?? [])
      rows.push([
        spec.overlay === 'mean'
          ? sheet.words.overlay.mean.replace(/^.*[:：]\s*/, '')
          : sheet.words.overlay.median.replace(/^.*[:：]\s*/, ''),
        sheet.say(group.label),
        point.x,
        point.y,
      ])
  })
  return tableOf(sheet, ['subject', 'group', 'x', 'value'], rows)
}
