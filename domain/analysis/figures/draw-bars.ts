/** Bars of counts in ordered classes, one a row, with a mark for what is to be reached. */
import { drawBottomAxis, numberAxis, shownTicks } from './axes.ts'
import { type Drawn, listText, percentText, type TableCell, tableOf } from './drawn.ts'
import { drawLegend, type LegendEntry } from './legend.ts'
import { inkOn, strengthOf, tint } from './ramp.ts'
import { type Sheet, smallType } from './sheet.ts'
import type { BarsSpec } from './spec-counts.ts'
import { rounded } from './svg.ts'
import { textWidth, widest, wrapText } from './text-metrics.ts'

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)

export function drawBars(spec: BarsSpec, sheet: Sheet, start: number): Drawn {
  const isShare = spec.as === 'share'
  const totals = spec.rows.map((row) => sumOf(row.values))
  const ends = spec.rows.map((row, at) =>
    row.end === undefined
      ? String(totals[at])
      : (wrapText(sheet.say(row.end, 60), sheet.width * 0.2, { maxLines: 1, size: smallType })[0] ??
        ''),
  )
  const most = Math.min(sheet.width * 0.36, 260)
  const names = spec.rows.map((row) => wrapText(sheet.say(row.label, 120), most, { maxLines: 1 }))
  const left = 12 + Math.min(most, widest(names.flat())) + 10
  const right = sheet.width - 18 - Math.max(0, widest(ends, smallType))
  const strengths = spec.classes.map((_, at) => {
    const place = spec.ramp === 'rising' ? at : spec.classes.length - 1 - at
    return strengthOf(place, spec.classes.length)
  })
  const top = drawLegend(sheet, legendOf(spec, sheet, strengths), 12, sheet.width - 12, start) + 4
  if (spec.rows.length === 0) {
    sheet.text(sheet.words.noData, sheet.width / 2, top + 40, { anchor: 'middle' })
    return {
      bottom: top + 60,
      sentence: sheet.words.noData,
      table: tableFor(spec, sheet),
      notes: [],
    }
  }
  const step = spec.rows.length > 30 ? 18 : 24
  const thick = step - 7
  const bottom = top + spec.rows.length * step + 4
  const longest = Math.max(1, ...totals, ...spec.rows.map((row) => row.mark ?? 0))
  const axis = isShare
    ? numberAxis([0, 1], [left, right], { min: 0, max: 1, exact: true, percent: true, count: 5 })
    : numberAxis([0, longest], [left, right], { min: 0, count: 5 })
  // Nobody counts half a subject.
  axis.ticks = isShare ? axis.ticks : axis.ticks.filter(Number.isInteger)
  sheet.part('grid', () => {
    for (const tick of axis.ticks)
      sheet.path(`M${rounded(axis.scale(tick))},${rounded(top)}V${rounded(bottom)}`, {
        stroke: sheet.theme.faint,
        'stroke-width': 0.8,
      })
  })
  sheet.part('bars', () => {
    spec.rows.forEach((row, at) => {
      const y = top + at * step + 4
      const middle = y + thick / 2 + 4
      sheet.lines(names[at] as string[], left - 10, middle, { anchor: 'end' })
      const total = totals[at] as number
      let sum = 0
      row.values.forEach((value, k) => {
        if (value === 0) return
        const scaleOf = (amount: number) => axis.scale(isShare ? amount / total : amount)
        const x = scaleOf(sum)
        sum += value
        const width = scaleOf(sum) - x
        const strength = strengths[k] as number
        sheet.rect(x, y, width, thick, {
          ...tint(sheet.theme, spec.tone, strength),
          'data-bar': `${row.key} ${spec.classes[k]?.key}`,
        })
        const text = String(value)
        if (spec.classes.length > 1 && width >= textWidth(text, smallType) + 8)
          sheet.text(text, x + width / 2, middle, {
            anchor: 'middle',
            size: smallType,
            fill: inkOn(sheet.theme, strength),
          })
      })
      if (row.mark !== undefined && row.mark !== null) {
        const x = axis.scale(row.mark)
        sheet.path(`M${rounded(x)},${rounded(y - 2)}V${rounded(y + thick + 2)}`, {
          'stroke-width': 2.2,
          'data-mark': row.key,
        })
      }
      const end = isShare ? right : Math.max(axis.scale(total), axis.scale(row.mark ?? 0))
      sheet.text(ends[at] as string, end + 6, middle, { size: smallType })
    })
    sheet.path(`M${rounded(left)},${rounded(top)}V${rounded(bottom)}`)
  })
  const below = drawBottomAxis(sheet, axis, bottom, sheet.say(spec.axis), shownTicks(axis))
  return {
    bottom: below,
    sentence: sentenceFor(spec, sheet),
    table: tableFor(spec, sheet),
    notes: [],
  }
}

function legendOf(spec: BarsSpec, sheet: Sheet, strengths: readonly number[]): LegendEntry[] {
  const entries = spec.classes.map(
    (one, at): LegendEntry => ({
      label: sheet.say(one.label, 120),
      swatchWidth: 16,
      swatch: (x, y) =>
        sheet.rect(x, y - 5, 16, 11, tint(sheet.theme, spec.tone, strengths[at] as number)),
    }),
  )
  if (spec.mark !== undefined)
    entries.push({
      label: sheet.say(spec.mark, 120),
      swatchWidth: 6,
      swatch: (x, y) =>
        sheet.path(`M${rounded(x + 3)},${rounded(y - 7)}v14`, { 'stroke-width': 2.2 }),
    })
  return entries.length > 1 ? entries : []
}

function sentenceFor(spec: BarsSpec, sheet: Sheet): string {
  const all = sumOf(spec.rows.map((row) => sumOf(row.values)))
  return listText(
    sheet,
    spec.classes.map((one, at) => {
      const sum = sumOf(spec.rows.map((row) => row.values[at] ?? 0))
      const share = spec.as === 'share' && all > 0 ? ` (${percentText(sum / all)})` : ''
      return `${sheet.say(one.label, 120)} ${sum}${share}`
    }),
  )
}

function tableFor(spec: BarsSpec, sheet: Sheet) {
  const hasMark = spec.mark !== undefined
  const rows = spec.rows.map((row): TableCell[] => [
    sheet.say(row.label, 200),
    ...row.values,
    ...(spec.classes.length > 1 ? [sumOf(row.values)] : []),
    ...(hasMark ? [row.mark ?? null] : []),
  ])
  return tableOf(
    sheet,
    [
      'row',
      ...spec.classes.map((one) => ({ key: one.key, label: sheet.say(one.label, 120) })),
      ...(spec.classes.length > 1 ? (['total'] as const) : []),
      ...(hasMark ? [{ key: 'mark', label: sheet.say(spec.mark ?? '', 120) }] : []),
    ],
    rows,
  )
}
