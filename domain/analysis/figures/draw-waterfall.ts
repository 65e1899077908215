/** Best change of every subject, largest rise at the left, with the lines that mean progression or response. */
import { scaleBand } from 'd3-scale'
import { drawLeftAxis, leftAxisWidth, numberAxis } from './axes.ts'
import { type Drawn, listText, shortNumber, type TableCell, tableOf } from './drawn.ts'
import { drawLegend, fillSwatch } from './legend.ts'
import { type Sheet, smallType } from './sheet.ts'
import type { WaterfallSpec } from './spec-values.ts'
import { rounded } from './svg.ts'
import { cleanText, textWidth } from './text-metrics.ts'
import { drawValueLines } from './value-plot.ts'

export function drawWaterfall(spec: WaterfallSpec, sheet: Sheet, start: number): Drawn {
  const known = spec.subjects.flatMap((subject) =>
    subject.change === null ? [] : [{ ...subject, change: subject.change }],
  )
  const sorted = [...known].sort((a, b) => b.change - a.change || (a.key < b.key ? -1 : 1))
  const missing = spec.subjects.length - known.length
  const label = sheet.say(spec.value.label)
  const height = Math.round(Math.max(220, Math.min(340, sheet.width * 0.42)))
  const values = [0, ...sorted.map((one) => one.change), ...spec.lines.map((one) => one.at)]
  const options = { min: spec.value.min, max: spec.value.max }
  const left = leftAxisWidth(numberAxis(values, [height, 0], options), label, height) + 6
  const right = sheet.width - 16
  const entries = spec.groups.map((group, at) => ({
    label: sheet.say(group.label),
    ...fillSwatch(sheet, at),
  }))
  const top =
    (entries.length > 1 ? drawLegend(sheet, entries, left, right, start + 2) : start + 2) + 16
  const axis = numberAxis(values, [top + height, top], options)
  drawLeftAxis(sheet, axis, left, label, { grid: right })
  const band = scaleBand(
    sorted.map((_, at) => at),
    [left + 4, right - 4],
  ).paddingInner(sorted.length > 150 ? 0 : 0.2)
  const [low, high] = axis.scale.domain() as [number, number]
  const zero = axis.scale(0)
  let cut = 0
  const named =
    spec.labels &&
    band.bandwidth() >= 11 &&
    sorted.every((one) => textWidth(cleanText(one.key, 24), smallType) < 90)
  sheet.part('bars', () => {
    sorted.forEach((one, at) => {
      const value = Math.min(Math.max(one.change, low), high)
      const group = spec.groups.findIndex((own) => own.key === one.group)
      const { colour } = sheet.theme.series(group)
      const x = band(at) ?? left
      const y = axis.scale(value)
      const thin = band.bandwidth() < 2
      sheet.rect(
        x,
        Math.min(y, zero),
        band.bandwidth(),
        Math.max(value === 0 ? 1 : 0.3, Math.abs(y - zero)),
        {
          fill: thin ? colour : sheet.hatch(group, colour),
          stroke: thin ? undefined : colour,
          'stroke-width': thin ? undefined : 0.8,
          'data-bar': one.key,
        },
      )
      const middle = x + band.bandwidth() / 2
      const up = one.change >= 0
      if (value !== one.change) cut += 1
      if (value !== one.change && band.bandwidth() >= 5) {
        sheet.path(
          `M${rounded(middle - 3)},${rounded(y + (up ? 7 : -7))}L${rounded(middle)},${rounded(y)}L${rounded(middle + 3)},${rounded(y + (up ? 7 : -7))}`,
          { 'data-cut': one.key },
        )
      }
      if (one.symbol && band.bandwidth() >= 5)
        sheet.text(cleanText(one.symbol, 3), middle, y + (up ? -5 : 13), {
          anchor: 'middle',
          weight: 600,
        })
      // Names stand on the other side of the zero line, where the bar is not.
      if (named)
        sheet.text(cleanText(one.key, 24), middle + 4, zero + (up ? 6 : -6), {
          rotate: -90,
          anchor: up ? 'end' : 'start',
          size: smallType,
        })
    })
    sheet.path(`M${rounded(left)},${rounded(zero)}H${rounded(right)}`)
  })
  // Falls stand at the right and rises at the left: a name goes where its bars are not.
  drawValueLines(sheet, axis, spec.lines, left, right, (at) => (at < 0 ? 'start' : 'end'))
  if (sorted.length === 0)
    sheet.text(sheet.words.noData, (left + right) / 2, top + height / 2 - 8, { anchor: 'middle' })
  const notes = [
    ...(missing > 0 ? [sheet.words.missing(missing)] : []),
    ...(cut > 0 ? [sheet.words.cut(cut)] : []),
    ...(named || sorted.length === 0 || !spec.labels
      ? []
      : [sheet.words.unlabelled(sorted.length)]),
  ]
  return {
    bottom: top + height + 12,
    sentence: sentence(spec, sheet, sorted),
    table: table(spec, sheet, sorted),
    notes,
  }
}

type Known = WaterfallSpec['subjects'][number] & { change: number }

function sentence(spec: WaterfallSpec, sheet: Sheet, sorted: readonly Known[]): string {
  const say = sheet.words
  if (sorted.length === 0) return `${sheet.say(spec.value.label)}; ${say.noData}`
  const items = spec.groups.map((group) => {
    const own = sorted.filter((one) => one.group === group.key)
    const below = own.filter((one) => one.change < 0).length
    const above = own.filter((one) => one.change > 0).length
    return `${sheet.say(group.label)}: n = ${own.length}, ${say.fallen(below, above, own.length - below - above)}`
  })
  const range = `${shortNumber(sorted.at(-1)?.change ?? 0)}–${shortNumber(sorted[0]?.change ?? 0)}`
  return `${sheet.say(spec.value.label)} (${range.replaceAll('-', '−')}); ${listText(sheet, items)}`
}

function table(spec: WaterfallSpec, sheet: Sheet, sorted: readonly Known[]) {
  const missing = spec.subjects.filter((subject) => subject.change === null)
  const rows = [...sorted, ...missing].map((one): TableCell[] => {
    const group = spec.groups.find((own) => own.key === one.group)
    return [
      cleanText(one.key, 200),
      group ? sheet.say(group.label) : one.group,
      one.change,
      one.symbol ?? null,
    ]
  })
  return tableOf(sheet, ['subject', 'group', 'change', 'marks'], rows)
}
