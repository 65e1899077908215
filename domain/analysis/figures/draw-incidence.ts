/** Cumulative incidence of competing causes: lines, or the causes stacked in one panel a group. */

import { scaleLinear } from 'd3-scale'
import { area, curveStepAfter } from 'd3-shape'
import {
  type CurveFrame,
  curveFrame,
  curveMargin,
  drawCurve,
  drawCurveAxes,
  drawLandmarks,
  drawNotes,
  drawRiskTable,
  lastTime,
} from './curve-plot.ts'
import { valueAt } from './draw-survival.ts'
import { type Drawn, listText, percentText, pText, type TableCell, tableOf } from './drawn.ts'
import { type CountRow, drawLegend, fillSwatch, lineSwatch } from './legend.ts'
import type { Sheet } from './sheet.ts'
import type { CurveStep, IncidenceSpec } from './spec-curves.ts'
import { wrapText } from './text-metrics.ts'

/** Highest value of the axis: the highest curve or limit, rounded up, at most 1. */
function valueMaximum(spec: IncidenceSpec): number {
  if (spec.value.max !== undefined) return spec.value.max
  let most = 0
  for (const group of spec.groups) {
    let sum = 0
    for (const curve of group.curves)
      for (const step of curve.steps)
        most = Math.max(most, spec.bands ? (step.upper ?? step.value) : step.value)
    for (const curve of group.curves) sum += curve.steps.at(-1)?.value ?? 0
    if (spec.display === 'stacked') most = Math.max(most, sum)
  }
  if (most === 0) return 1
  return Math.min(1, scaleLinear([0, most], [0, 1]).nice(5).domain()[1] as number)
}

export function drawIncidence(spec: IncidenceSpec, sheet: Sheet, start: number): Drawn {
  const labels = spec.groups.map((group) => sheet.say(group.label))
  const causes = spec.causes.map((cause) => sheet.say(cause.label))
  const stacked = spec.display === 'stacked'
  const drawn = stacked
    ? drawPanels(spec, sheet, start, labels, causes)
    : drawLines(spec, sheet, start, labels, causes)
  return {
    ...drawn,
    sentence: sentence(spec, sheet, labels, causes),
    table: table(spec, sheet, labels, causes),
  }
}

function names(spec: IncidenceSpec, sheet: Sheet) {
  return {
    value: spec.value.label ? sheet.say(spec.value.label) : sheet.words.incidence,
    time: spec.time.label ? sheet.say(spec.time.label) : sheet.words.units[spec.time.unit],
  }
}

function testLines(spec: IncidenceSpec, sheet: Sheet, causes: readonly string[]): string[] {
  return [
    ...spec.tests.map((test) => {
      const at = spec.causes.findIndex((cause) => cause.key === test.cause)
      return `${causes[at]}: ${sheet.say(test.name, 80)} ${pText(sheet, test.p)}`
    }),
    ...spec.notes.map((note) => sheet.say(note)),
  ]
}

function riskRows(spec: IncidenceSpec, labels: readonly string[], only?: number): CountRow[] {
  if (!spec.riskTable || !spec.time.ticks) return []
  const most = spec.time.max ?? Number.POSITIVE_INFINITY
  const ticks = spec.time.ticks
  return spec.groups.flatMap((group, index) =>
    group.atRisk && (only === undefined || only === index)
      ? [
          {
            label: labels[index] as string,
            index: spec.display === 'stacked' ? 0 : index * spec.causes.length,
            counts: group.atRisk
              .filter((_, at) => (ticks[at] as number) <= most)
              .map((n) => String(Math.round(n * 10) / 10)),
          },
        ]
      : [],
  )
}

type Plotted = { bottom: number; notes: string[] }

function drawLines(
  spec: IncidenceSpec,
  sheet: Sheet,
  start: number,
  labels: readonly string[],
  causes: readonly string[],
): Plotted {
  const height = Math.round(Math.max(200, Math.min(320, sheet.width * 0.38)))
  const label = names(spec, sheet)
  const percent = spec.value.as === 'percent'
  const valueMax = valueMaximum(spec)
  const rows = riskRows(spec, labels)
  const { left, labelWidth } = curveMargin(sheet, {
    valueMax,
    percent,
    label: label.value,
    height,
    rows,
    heading: sheet.words.atRisk,
  })
  const right = sheet.width - 24
  const single = spec.groups.length === 1
  const entries = spec.groups.flatMap((group, g) =>
    group.curves.map((curve) => {
      const c = spec.causes.findIndex((cause) => cause.key === curve.cause)
      return {
        label: single ? (causes[c] as string) : `${labels[g]}: ${causes[c]}`,
        ...lineSwatch(sheet, g * spec.causes.length + c),
      }
    }),
  )
  const top =
    drawLegend(sheet, entries, left, right, start + 2) + (spec.landmarks.length > 0 ? 20 : 6)
  const last = lastTime(
    spec.time,
    spec.groups.flatMap((group) => group.curves.map((curve) => curve.steps)),
  )
  const frame = curveFrame({
    time: spec.time,
    last,
    valueLabel: label.value,
    valueMax,
    percent,
    left,
    right,
    top,
    height,
  })
  const clip = sheet.clip(left - 1, top - 2, right - left + 2, height + 4)
  drawLandmarks(sheet, frame, spec.landmarks)
  const axes = drawCurveAxes(sheet, frame, label, rows)
  const corners = spec.groups.flatMap((group, g) =>
    group.curves.flatMap((curve) =>
      curve.steps.length === 0
        ? []
        : drawCurve(sheet, frame, clip, {
            steps: curve.steps,
            start: 0,
            index:
              g * spec.causes.length + spec.causes.findIndex((cause) => cause.key === curve.cause),
            name: `${group.key}/${curve.cause}`,
            bands: spec.bands,
            censorMarks: false,
          }),
    ),
  )
  const texts = testLines(spec, sheet, causes)
  const empty = corners.every((one) => one.length === 0)
  if (empty)
    sheet.text(sheet.words.noFollowUp, (left + right) / 2, top + height / 2, { anchor: 'middle' })
  const notes = empty ? texts : drawNotes(sheet, frame, corners, texts)
  let bottom = axes.bottom
  if (rows.length > 0)
    bottom = drawRiskTable(sheet, frame, rows, axes.ticks, { labelWidth, top: bottom + 8 })
  return { bottom, notes }
}

function drawPanels(
  spec: IncidenceSpec,
  sheet: Sheet,
  start: number,
  labels: readonly string[],
  causes: readonly string[],
): Plotted {
  const entries = causes.map((label, at) => ({ label, ...fillSwatch(sheet, at) }))
  let top = drawLegend(sheet, entries, 12, sheet.width - 12, start + 2)
  const columns = Math.max(1, Math.min(spec.groups.length, sheet.width >= 600 ? 2 : 1))
  const cell = sheet.width / columns
  const height = Math.round(Math.max(170, Math.min(280, cell * 0.5)))
  const label = names(spec, sheet)
  const percent = spec.value.as === 'percent'
  const valueMax = valueMaximum(spec)
  const last = lastTime(
    spec.time,
    spec.groups.flatMap((group) => group.curves.map((curve) => curve.steps)),
  )
  let rowBottom = top
  spec.groups.forEach((group, g) => {
    const from = (g % columns) * cell
    if (g % columns === 0) top = rowBottom + (g === 0 ? 0 : 10)
    const { left: margin } = curveMargin(sheet, {
      valueMax,
      percent,
      label: label.value,
      height,
      rows: [],
      heading: '',
    })
    const left = from + margin
    const right = from + cell - 22
    const plotTop = top + 46 + (spec.landmarks.length > 0 ? 16 : 0)
    const heading = wrapText(`${labels[g]} (n = ${group.n})`, right - left, {
      maxLines: 2,
      weight: 600,
    })
    sheet.lines(heading, left, top + 14, { weight: 600 })
    const frame = curveFrame({
      time: spec.time,
      last,
      valueLabel: label.value,
      valueMax,
      percent,
      left,
      right,
      top: plotTop,
      height,
    })
    const clip = sheet.clip(left, plotTop - 2, right - left, height + 2)
    stack(spec, sheet, frame, clip, g)
    drawLandmarks(sheet, frame, spec.landmarks)
    const rows = riskRows(spec, labels, g).map((row) => ({ ...row, label: '' }))
    const axes = drawCurveAxes(sheet, frame, label, rows)
    if (group.curves.every((curve) => curve.steps.length === 0))
      sheet.text(sheet.words.noFollowUp, (left + right) / 2, plotTop + height / 2, {
        anchor: 'middle',
      })
    let bottom = axes.bottom
    const [row] = rows
    if (row) {
      sheet.part('risk-table', () => {
        sheet.text(sheet.words.atRisk, left, bottom + 18, { weight: 600, size: 11 })
        for (const tick of axes.ticks)
          sheet.text(
            row.counts[frame.x.ticks.indexOf(tick)] ?? '',
            frame.x.scale(tick),
            bottom + 34,
            { anchor: 'middle', size: 11 },
          )
      })
      bottom += 40
    }
    rowBottom = Math.max(rowBottom, bottom)
  })
  if (spec.groups.length === 0) {
    sheet.text(sheet.words.noFollowUp, sheet.width / 2, top + 40, { anchor: 'middle' })
    rowBottom = top + 60
  }
  return { bottom: rowBottom, notes: testLines(spec, sheet, causes) }
}

/** Areas from the first cause at the bottom to the last on top, over the union of their times. */
function stack(
  spec: IncidenceSpec,
  sheet: Sheet,
  { x, y }: CurveFrame,
  clip: string,
  g: number,
): void {
  const group = spec.groups[g]
  if (!group) return
  const times = [
    ...new Set(group.curves.flatMap((curve) => curve.steps.map((step) => step.time))),
  ].sort((a, b) => a - b)
  if (times.length === 0) return
  let below = new Array<number>(times.length).fill(0)
  spec.causes.forEach((cause, index) => {
    const steps = group.curves.find((curve) => curve.cause === cause.key)?.steps ?? []
    const upper = along(steps, times).map((value, at) => value + (below[at] as number))
    const lower = below
    const points: [number, number, number][] = [
      [0, 0, 0],
      ...times.map((time, at): [number, number, number] => [
        time,
        lower[at] as number,
        upper[at] as number,
      ]),
    ]
    const { colour } = sheet.theme.series(index)
    sheet.path(
      area<[number, number, number]>(
        (point) => x.scale(point[0]),
        (point) => y.scale(point[1]),
        (point) => y.scale(point[2]),
      ).curve(curveStepAfter)(points) ?? '',
      {
        fill: sheet.hatch(index, colour),
        stroke: colour,
        'clip-path': clip,
        'data-curve': `${group.key}/${cause.key}`,
      },
    )
    below = upper
  })
}

function along(steps: readonly CurveStep[], times: readonly number[]): number[] {
  let at = 0
  let value = 0
  return times.map((time) => {
    while (at < steps.length && (steps[at] as CurveStep).time <= time)
      value = (steps[at++] as CurveStep).value
    return value
  })
}

function sentence(
  spec: IncidenceSpec,
  sheet: Sheet,
  labels: readonly string[],
  causes: readonly string[],
): string {
  const say = sheet.words
  const last = lastTime(
    spec.time,
    spec.groups.flatMap((group) => group.curves.map((curve) => curve.steps)),
  )
  const items = spec.groups.map((group, g) => {
    const each = group.curves.map((curve) => {
      const c = spec.causes.findIndex((cause) => cause.key === curve.cause)
      const events = curve.events === undefined ? '' : ` (${say.events(String(curve.events))})`
      return `${causes[c]} ${percentText(valueAt(curve.steps, last, 0))}${events}`
    })
    return `${labels[g]}: n = ${group.n}, ${each.join(', ')}`
  })
  return [listText(sheet, items), ...testLines({ ...spec, notes: [] }, sheet, causes)]
    .filter((text) => text !== '')
    .join('; ')
}

function table(
  spec: IncidenceSpec,
  sheet: Sheet,
  labels: readonly string[],
  causes: readonly string[],
) {
  const rows: TableCell[][] = spec.groups.flatMap((group, g) => [
    ...group.curves.flatMap((curve) =>
      curve.steps.map((step): TableCell[] => [
        labels[g] as string,
        causes[spec.causes.findIndex((cause) => cause.key === curve.cause)] as string,
        step.time,
        step.value,
        step.lower ?? null,
        step.upper ?? null,
        null,
      ]),
    ),
    ...(group.atRisk ?? []).map((n, at): TableCell[] => [
      labels[g] as string,
      null,
      spec.time.ticks?.[at] ?? null,
      null,
      null,
      null,
      n,
    ]),
  ])
  return tableOf(sheet, ['group', 'cause', 'time', 'value', 'lower', 'upper', 'atRisk'], rows)
}
