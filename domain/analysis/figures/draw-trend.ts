/** Counts that add up over calendar days, with the level to be reached and what each month brought. */
import { scaleLinear } from 'd3-scale'
import { dateOfDayNumber, dayNumber } from '#domain/values/partial-date.ts'
import { type Axis, drawLeftAxis, leftAxisWidth, numberAxis, thinned } from './axes.ts'
import { type Drawn, listText, type TableCell, tableOf } from './drawn.ts'
import type { FigureLabel } from './figure-label.ts'
import { drawLegend, type LegendEntry, lineSwatch } from './legend.ts'
import { tint } from './ramp.ts'
import { type Sheet, smallType } from './sheet.ts'
import type { TrendSpec } from './spec-counts.ts'
import { rounded } from './svg.ts'
import { textWidth, wrapText } from './text-metrics.ts'

const dayOf = (date: string) => dayNumber(date) ?? 0
const panel = 56

export function drawTrend(spec: TrendSpec, sheet: Sheet, start: number): Drawn {
  const label = sheet.say(spec.axis)
  const height = Math.round(Math.max(190, Math.min(300, sheet.width * 0.36)))
  const values = spec.series.flatMap((one) => one.points.map((point) => point.value))
  const goal = spec.goal?.value ?? 0
  const whole = (range: readonly [number, number]): Axis => {
    const axis = numberAxis([0, ...values, goal], range, { min: 0, count: 5 })
    return { ...axis, ticks: axis.ticks.filter(Number.isInteger) }
  }
  const left = Math.max(leftAxisWidth(whole([height, 0]), label, height) + 6, 44)
  const right = sheet.width - 20
  const end = spec.projection && spec.projection.date > spec.to ? spec.projection.date : spec.to
  const first = dayOf(spec.from)
  const last = Math.max(first + 1, dayOf(end))
  const place = scaleLinear([first, last], [left, right])
  const top = drawLegend(sheet, legendOf(spec, sheet), left, right, start) + 14
  const axis = whole([top + height, top])
  drawLeftAxis(sheet, axis, left, label, { grid: right })
  const base = axis.scale(0)
  if (spec.goal) {
    const y = axis.scale(spec.goal.value)
    sheet.path(`M${rounded(left)},${rounded(y)}H${rounded(right)}`, {
      'stroke-dasharray': '7 4',
      'stroke-width': 1.4,
      'data-goal': spec.goal.value,
    })
    const text = oneLine(sheet, spec.goal.label, right - left - 90)
    sheet.ground(left + 4, y - 15, textWidth(text, smallType) + 8, 13)
    sheet.text(text, left + 8, y - 5, { size: smallType, weight: 600 })
  }
  const named = spec.goal ? [axis.scale(spec.goal.value) + 2] : []
  sheet.part('lines', () => {
    spec.series.forEach((one, index) => {
      const style = sheet.theme.series(index)
      let path = `M${rounded(place(first))},${rounded(base)}`
      let height = base
      for (const point of one.points) {
        const x = place(Math.min(dayOf(point.date), last))
        path += `H${rounded(x)}V${rounded(axis.scale(point.value))}`
        height = axis.scale(point.value)
      }
      const until = place(Math.min(dayOf(spec.to), last))
      path += `H${rounded(until)}`
      sheet.path(path, {
        stroke: style.colour,
        'stroke-width': 2,
        'stroke-dasharray': style.dash,
        'data-line': one.key,
      })
      const known = one.points.at(-1)
      // A projection goes on to the right of the line: the count stands to its left then.
      const atEnd = until > right - 30 || spec.projection !== undefined
      // Two lines that end close together name their last count once.
      const isFree = named.every((y) => Math.abs(y - height) >= 14)
      if (known && isFree) named.push(height)
      if (known && isFree)
        sheet.text(String(known.value), atEnd ? until : until + 4, height - 6, {
          anchor: atEnd ? 'end' : 'start',
          weight: 600,
          fill: style.colour,
        })
      if (index === 0 && spec.projection && spec.goal)
        sheet.path(
          `M${rounded(until)},${rounded(height)}L${rounded(place(Math.min(dayOf(spec.projection.date), last)))},${rounded(axis.scale(spec.goal.value))}`,
          {
            stroke: style.colour,
            'stroke-dasharray': '2 3',
            'stroke-width': 1.6,
            'data-projection': spec.projection.date,
          },
        )
    })
  })
  if (values.length === 0)
    sheet.text(sheet.words.noData, (left + right) / 2, top + height / 2, { anchor: 'middle' })
  let bottom = drawDays(sheet, first, last, place, top + height)
  if (spec.months && spec.months.items.length > 0)
    bottom = drawMonths(spec.months, sheet, { place, first, last, left, right }, bottom + 8)
  return { bottom, sentence: sentenceFor(spec, sheet), table: tableFor(spec, sheet), notes: [] }
}

const oneLine = (sheet: Sheet, label: FigureLabel, room: number): string =>
  wrapText(sheet.say(label, 120), room, { maxLines: 1, size: smallType, weight: 600 })[0] ?? ''

type Span = {
  place: (day: number) => number
  first: number
  last: number
  left: number
  right: number
}

function legendOf(spec: TrendSpec, sheet: Sheet): LegendEntry[] {
  if (spec.series.length < 2 && !spec.projection) return []
  const entries: LegendEntry[] = spec.series.map((one, at) => ({
    label: sheet.say(one.label, 120),
    ...lineSwatch(sheet, at),
  }))
  if (spec.projection) {
    const { colour } = sheet.theme.series(0)
    entries.push({
      label: sheet.say(spec.projection.label, 160),
      swatchWidth: 30,
      swatch: (x, y) =>
        sheet.path(`M${rounded(x)},${rounded(y)}h30`, {
          stroke: colour,
          'stroke-dasharray': '2 3',
          'stroke-width': 1.6,
        }),
    })
  }
  return entries
}

const englishMonths = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** `Mar 2025`, `2025年3月`; whole days where the span is short. */
export function calendarText(date: string, language: Sheet['language'], withDay = false): string {
  const [year = '', month = '1', day = '1'] = date.split('-')
  if (language === 'en')
    return `${withDay ? `${Number(day)} ` : ''}${englishMonths[Number(month) - 1]}${withDay ? '' : ` ${year}`}`
  return withDay ? `${Number(month)}月${Number(day)}日` : `${year}年${Number(month)}月`
}

/** First days of months as many as have room; days where the span is shorter than three months. */
function drawDays(
  sheet: Sheet,
  first: number,
  last: number,
  place: (day: number) => number,
  y: number,
): number {
  const short = last - first < 92
  const starts: { day: number; text: string }[] = []
  for (let day = first; day <= last; day += 1) {
    const date = dateOfDayNumber(day) ?? ''
    if (short ? (day - first) % 7 === 0 : date.endsWith('-01'))
      starts.push({ day, text: calendarText(date, sheet.language, short) })
  }
  const shown = new Set(
    thinned(
      starts,
      ({ day }) => place(day),
      ({ text }) => textWidth(text, smallType),
      14,
    ).filter(({ day, text }) => place(day) + textWidth(text, smallType) / 2 < sheet.width - 2),
  )
  sheet.part('axis-x', () => {
    sheet.path(`M${rounded(place(first))},${rounded(y)}H${rounded(place(last))}`)
    for (const start of starts) {
      const x = place(start.day)
      if (!shown.has(start)) continue
      sheet.path(`M${rounded(x)},${rounded(y)}v5`)
      sheet.text(start.text, x, y + 18, { anchor: 'middle', size: smallType })
    }
  })
  return y + 24
}

/** Bars of the months on the same days, with the largest named. */
function drawMonths(
  months: NonNullable<TrendSpec['months']>,
  sheet: Sheet,
  { place, first, last, left, right }: Span,
  top: number,
): number {
  const most = Math.max(1, ...months.items.map(({ value }) => value))
  const base = top + 32 + panel
  const tall = scaleLinear([0, most], [0, panel])
  sheet.part('months', () => {
    sheet.text(oneLine(sheet, months.label, right - left), left, top + 10, {
      size: smallType,
      weight: 600,
    })
    for (const { month, value } of months.items) {
      const from = Math.max(first, dayOf(`${month}-01`))
      const [year = 0, number = 1] = month.split('-').map(Number)
      const next =
        number === 12 ? `${year + 1}-01-01` : `${year}-${String(number + 1).padStart(2, '0')}-01`
      const to = Math.min(last, dayOf(next))
      if (value === 0 || to <= from) continue
      const x = place(from)
      const width = Math.max(0.6, place(to) - x - 1)
      sheet.rect(x, base - tall(value), width, tall(value), {
        ...tint(sheet.theme, 0, 0.45),
        'data-month': month,
      })
      if (width >= textWidth(String(value), smallType) && panel - tall(value) >= 0)
        sheet.text(String(value), x + width / 2, base - tall(value) - 3, {
          anchor: 'middle',
          size: smallType,
        })
    }
    sheet.path(`M${rounded(left)},${rounded(base)}H${rounded(right)}`)
  })
  return base + 4
}

function sentenceFor(spec: TrendSpec, sheet: Sheet): string {
  const items = spec.series.map(
    (one) => `${sheet.say(one.label, 120)} ${one.points.at(-1)?.value ?? 0}`,
  )
  if (spec.goal) items.push(sheet.say(spec.goal.label, 120))
  if (spec.projection) items.push(sheet.say(spec.projection.label, 160))
  return listText(sheet, items)
}

function tableFor(spec: TrendSpec, sheet: Sheet) {
  const rows = spec.series.flatMap((one) =>
    one.points.map((point): TableCell[] => [sheet.say(one.label, 120), point.date, point.value]),
  )
  return tableOf(sheet, ['group', 'date', 'value'], rows)
}
