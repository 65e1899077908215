/** Kaplan-Meier curves with censoring ticks, limits, medians, landmark times, the test and the numbers at risk. */
import {
  curveFrame,
  curveMargin,
  drawCurve,
  drawCurveAxes,
  drawLandmarks,
  drawNotes,
  drawRiskTable,
  lastTime,
  placeEndLabels,
} from './curve-plot.ts'
import { type Drawn, listText, shortNumber, type TableCell, tableOf, testText } from './drawn.ts'
import { type CountRow, drawLegend, lineSwatch } from './legend.ts'
import type { Sheet } from './sheet.ts'
import type { CurveStep, SurvivalSpec } from './spec-curves.ts'
import { rounded } from './svg.ts'
import { textWidth, widest } from './text-metrics.ts'

type Group = SurvivalSpec['groups'][number]

export function drawSurvival(spec: SurvivalSpec, sheet: Sheet, start: number): Drawn {
  const say = sheet.words
  const labels = spec.groups.map((group) => sheet.say(group.label))
  const rows = riskRows(spec, labels)
  const percent = spec.value.as === 'percent'
  const valueLabel = spec.value.label ? sheet.say(spec.value.label) : say.survival
  const timeLabel = spec.time.label ? sheet.say(spec.time.label) : say.units[spec.time.unit]
  const valueMax = spec.value.max ?? 1
  const height = Math.round(Math.max(200, Math.min(340, sheet.width * 0.4)))
  const { left, labelWidth } = curveMargin(sheet, {
    valueMax,
    percent,
    label: valueLabel,
    height,
    rows,
    heading: say.atRisk,
  })
  const last = lastTime(
    spec.time,
    spec.groups.map((group) => group.steps),
  )
  const ends = spec.groups.map((group, at) =>
    group.end ? `${labels[at]} ${sheet.say(group.end, 60)}` : (labels[at] as string),
  )
  const endRoom = Math.min(sheet.width * 0.24, widest(ends, 12, 600))
  const beside = sheet.width >= 560 && spec.groups.length <= 6 && spec.groups.length > 1
  const ending = (right: number, top: number) =>
    beside
      ? placeEndLabels(
          ends,
          spec.groups.map((group) => top + height * (1 - valueAt(group.steps, last, 1) / valueMax)),
          [top, top + height],
          right,
        )
      : null
  const direct = ending(endRoom, 0) !== null
  let top = start + (spec.landmarks.length > 0 ? 20 : 6)
  if (!direct && spec.groups.length > 0 && !(spec.groups.length === 1 && rows.length > 0)) {
    const entries = ends.map((label, at) => ({ label, ...lineSwatch(sheet, at) }))
    top =
      drawLegend(sheet, entries, left, sheet.width - 12, start + 2) +
      (spec.landmarks.length > 0 ? 20 : 6)
  }
  const lastTick = textWidth('0000') / 2
  const right = sheet.width - (direct ? endRoom + 22 : Math.max(20, lastTick + 4))
  const frame = curveFrame({
    time: spec.time,
    last,
    valueLabel,
    valueMax,
    percent,
    left,
    right,
    top,
    height,
  })
  const clip = sheet.clip(left - 1, top - 2, right - left + 2, height + 4)
  drawLandmarks(sheet, frame, spec.landmarks)
  if (spec.medianLines) drawMedians(spec, sheet, frame)
  const axes = drawCurveAxes(sheet, frame, { time: timeLabel, value: valueLabel }, rows)
  const curves = spec.groups.flatMap((group, index) =>
    group.steps.length === 0
      ? []
      : drawCurve(sheet, frame, clip, {
          steps: group.steps,
          start: 1,
          index,
          name: group.key,
          bands: spec.bands,
          censorMarks: spec.censorMarks,
        }),
  )
  if (direct)
    ending(endRoom, top)?.forEach(({ lines, y }, index) => {
      sheet.lines(lines, right + 10, y, { fill: sheet.theme.series(index).colour, weight: 600 })
    })
  const empty = spec.groups.every((group) => group.steps.length === 0)
  if (empty) sheet.text(say.noFollowUp, (left + right) / 2, top + height / 2, { anchor: 'middle' })
  const texts = [
    ...(spec.test ? [testText(sheet, spec.test)] : []),
    ...spec.notes.map((note) => sheet.say(note)),
  ]
  const notes = empty ? texts : drawNotes(sheet, frame, curves, texts)
  let bottom = axes.bottom
  if (rows.length > 0)
    bottom = drawRiskTable(sheet, frame, rows, axes.ticks, { labelWidth, top: bottom + 8 })
  return {
    bottom,
    sentence: sentence(spec, sheet, labels),
    table: table(spec, sheet, labels, rows.length > 0 ? axes.ticks : []),
    notes,
  }
}

function riskRows(spec: SurvivalSpec, labels: readonly string[]): CountRow[] {
  if (!spec.riskTable || !spec.time.ticks) return []
  const last = spec.time.max ?? Number.POSITIVE_INFINITY
  const kept = spec.time.ticks.map((tick) => tick <= last)
  return spec.groups.flatMap((group, index) =>
    group.atRisk
      ? [
          {
            label: labels[index] as string,
            index,
            counts: group.atRisk
              .filter((_, at) => kept[at])
              .map((n) => String(Math.round(n * 10) / 10)),
          },
        ]
      : [],
  )
}

export function valueAt(steps: readonly CurveStep[], time: number, start: number): number {
  let value = start
  for (const step of steps) {
    if (step.time > time) break
    value = step.value
  }
  return value
}

/** From the value axis at one half to each curve, and down to its median time. */
function drawMedians(spec: SurvivalSpec, sheet: Sheet, frame: ReturnType<typeof curveFrame>): void {
  const half = frame.y.scale(0.5)
  const [, end] = frame.x.scale.domain() as [number, number]
  const known = spec.groups.flatMap((group, index) =>
    typeof group.median === 'number' && group.median <= end ? [{ at: group.median, index }] : [],
  )
  if (known.length === 0 || (spec.value.max ?? 1) < 0.5) return
  sheet.part('medians', () => {
    const furthest = Math.max(...known.map((one) => one.at))
    sheet.path(`M${rounded(frame.left)},${rounded(half)}H${rounded(frame.x.scale(furthest))}`, {
      stroke: sheet.theme.muted,
      'stroke-dasharray': '3 3',
    })
    for (const { at, index } of known)
      sheet.path(`M${rounded(frame.x.scale(at))},${rounded(half)}V${rounded(frame.bottom)}`, {
        stroke: sheet.theme.series(index).colour,
        'stroke-dasharray': '3 3',
        'data-median': spec.groups[index]?.key,
      })
  })
}

function sentence(spec: SurvivalSpec, sheet: Sheet, labels: readonly string[]): string {
  const say = sheet.words
  const groups = spec.groups.map((group: Group, at) =>
    [
      `${labels[at]}: n = ${group.n}`,
      say.events(shortNumber(group.events)),
      group.end ? sheet.say(group.end, 60) : '',
      group.median === undefined
        ? ''
        : say.median(
            group.median === null
              ? say.notReached
              : say.span(shortNumber(group.median), spec.time.unit),
          ),
    ]
      .filter((text) => text !== '')
      .join(', '),
  )
  const parts = [listText(sheet, groups)]
  if (spec.test) parts.push(testText(sheet, spec.test))
  if (spec.groups.every((group) => group.steps.length === 0)) parts.push(say.noFollowUp)
  return parts.filter((text) => text !== '').join('; ')
}

function table(
  spec: SurvivalSpec,
  sheet: Sheet,
  labels: readonly string[],
  ticks: readonly number[],
) {
  const rows: TableCell[][] = spec.groups.flatMap((group, at) => {
    const label = labels[at] as string
    const own: TableCell[][] = group.steps.map((step) => [
      label,
      step.time,
      step.value,
      step.lower ?? null,
      step.upper ?? null,
      step.events ?? null,
      step.censored ?? null,
      null,
    ])
    for (const tick of group.atRisk ? ticks : []) {
      const atRisk = group.atRisk?.[spec.time.ticks?.indexOf(tick) ?? -1] ?? null
      const step = own.find((row) => row[1] === tick)
      if (step) step[7] = atRisk
      else own.push([label, tick, null, null, null, null, null, atRisk])
    }
    return own.sort((a, b) => (a[1] as number) - (b[1] as number))
  })
  return tableOf(
    sheet,
    ['group', 'time', 'value', 'lower', 'upper', 'events', 'censored', 'atRisk'],
    rows,
  )
}
