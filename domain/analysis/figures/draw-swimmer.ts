/** A bar a subject along time, its states as parts, events as marks, an arrow while treatment or follow-up goes on. */
import { drawBottomAxis, numberAxis, shownTicks } from './axes.ts'
import { type Drawn, shortNumber, type TableCell, tableOf } from './drawn.ts'
import type { SwimmerSpec } from './figure-spec.ts'
import { drawLegend, fillSwatch, type LegendEntry } from './legend.ts'
import { type Sheet, smallType } from './sheet.ts'
import { rounded } from './svg.ts'
import { widest, wrapText } from './text-metrics.ts'
import { Theme } from './theme.ts'

/** More bars than this stand without names, so thin that the figure stays on one page. */
const namedBars = 120

type Subject = SwimmerSpec['subjects'][number]

export function drawSwimmer(spec: SwimmerSpec, sheet: Sheet, start: number): Drawn {
  const groups = spec.groups.length === 0 ? [null] : spec.groups
  const sorted = groups.map((group) => {
    const own = spec.subjects.filter((subject) => group === null || subject.group === group.key)
    if (spec.order === 'given') return own
    const length = (subject: Subject) => subject.end - subject.start
    return [...own].sort((a, b) => length(b) - length(a) || (a.key < b.key ? -1 : 1))
  })
  const named = spec.subjects.length <= namedBars
  const pitch = named ? (spec.subjects.length > 40 ? 14 : 19) : 720 / spec.subjects.length
  const nameOf = (subject: Subject) => sheet.say(subject.label ?? subject.key, 60)
  const nameRoom = sheet.width * 0.25
  const nameLines = named
    ? spec.subjects.map(
        (subject) => wrapText(nameOf(subject), nameRoom, { maxLines: 1, size: smallType })[0] ?? '',
      )
    : []
  const left = 14 + (named ? widest(nameLines, smallType) + 8 : 10)
  const right = sheet.width - 34
  const entries = keys(spec, sheet)
  let y = drawLegend(sheet, entries, Math.min(left, 80), sheet.width - 12, start + 2) + 4
  let low = 0
  let high = spec.time.max ?? 0
  for (const subject of spec.subjects) {
    low = Math.min(low, subject.start)
    if (spec.time.max === undefined)
      high = Math.max(high, subject.end, ...subject.events.map((one) => one.time))
  }
  const axis = numberAxis([low, high === low ? low + 1 : high], [left, right], {
    ticks: spec.time.ticks,
    exact: true,
    count: Math.max(3, Math.round((right - left) / 90)),
  })
  const clamp = (time: number) =>
    axis.scale(
      Math.min(Math.max(time, axis.scale.domain()[0] as number), axis.scale.domain()[1] as number),
    )
  sorted.forEach((own, g) => {
    const group = groups[g]
    if (group) {
      const heading = wrapText(`${sheet.say(group.label)} (n = ${own.length})`, sheet.width - 24, {
        maxLines: 1,
        weight: 600,
      })
      sheet.lines(heading, 8, y + 14, { weight: 600 })
      y += 22
    }
    const blockTop = y
    for (const subject of own) {
      drawSubject(sheet, spec, subject, y, pitch, clamp, {
        named,
        name: named
          ? (wrapText(nameOf(subject), nameRoom, { maxLines: 1, size: smallType })[0] ?? '')
          : '',
        left,
        groups: Math.max(
          0,
          spec.groups.findIndex((one) => one.key === subject.group),
        ),
      })
      y += pitch
    }
    if (own.length > 0)
      sheet.path(
        `M${rounded(left)},${rounded(blockTop)}V${rounded(y + (g === sorted.length - 1 ? 8 : 2))}`,
        { 'stroke-width': 0.8 },
      )
    y += 4
  })
  if (spec.subjects.length === 0) {
    sheet.text(sheet.words.noData, (left + right) / 2, y + 20, { anchor: 'middle' })
    y += 40
  }
  const label = spec.time.label ? sheet.say(spec.time.label) : sheet.words.units[spec.time.unit]
  const bottom = drawBottomAxis(sheet, axis, y + 4, label, shownTicks(axis))
  return {
    bottom,
    sentence: sentence(spec, sheet),
    table: table(spec, sheet, sorted.flat(), nameOf),
    notes: named ? [] : [sheet.words.unlabelled(spec.subjects.length)],
  }
}

function keys(spec: SwimmerSpec, sheet: Sheet): LegendEntry[] {
  const states = spec.states.map((state, at) => ({
    label: sheet.say(state.label),
    ...fillSwatch(sheet, at),
  }))
  const events = spec.events.map((event, at) => ({
    label: sheet.say(event.label),
    swatchWidth: 12,
    swatch: (x: number, y: number) => eventMark(sheet, at, x + 6, y, 9),
  }))
  const ongoing = spec.subjects.some((subject) => subject.ongoing)
    ? [
        {
          label: sheet.words.ongoing,
          swatchWidth: 16,
          swatch: (x: number, y: number) =>
            sheet.path(`M${rounded(x)},${rounded(y)}h8m0,-4l7,4l-7,4Z`, { fill: sheet.theme.ink }),
        },
      ]
    : []
  return [...states, ...events, ...ongoing]
}

/** Events are told apart by shape, in ink with a paper edge, on bars of any colour. */
function eventMark(sheet: Sheet, index: number, x: number, y: number, size: number): void {
  const plain = new Theme(sheet.theme.name, true).series(index)
  sheet.marker(
    { ...plain, colour: sheet.theme.ink },
    x,
    y,
    size,
    plain.hollow ? {} : { stroke: sheet.theme.paper, 'stroke-width': 0.8 },
  )
}

function drawSubject(
  sheet: Sheet,
  spec: SwimmerSpec,
  subject: Subject,
  y: number,
  pitch: number,
  x: (time: number) => number,
  options: { named: boolean; name: string; left: number; groups: number },
): void {
  const middle = y + pitch / 2
  const thickness = pitch * (options.named ? 0.62 : 0.9)
  const bar = (
    from: number,
    to: number,
    fill: string,
    stroke: string | undefined,
    data: Record<string, string | number>,
  ) =>
    sheet.rect(x(from), middle - thickness / 2, Math.max(0, x(to) - x(from)), thickness, {
      fill,
      stroke,
      'stroke-width': stroke ? 0.8 : undefined,
      ...data,
    })
  const plain = sheet.theme.series(spec.states.length === 0 ? options.groups : 5).colour
  sheet.part('subject', () => {
    if (options.named)
      sheet.text(options.name, options.left - 8, middle + 4, { anchor: 'end', size: smallType })
    const fill =
      spec.states.length > 0
        ? sheet.theme.faint
        : options.named
          ? sheet.hatch(options.groups, plain)
          : plain
    bar(subject.start, subject.end, fill, options.named ? plain : undefined, {
      'data-bar': subject.key,
    })
    for (const one of subject.states) {
      const index = spec.states.findIndex((state) => state.key === one.state)
      const { colour } = sheet.theme.series(index)
      bar(one.from, one.to, sheet.hatch(index, colour), options.named ? colour : undefined, {
        'data-state': one.state,
      })
    }
    if (subject.ongoing && options.named)
      sheet.path(`M${rounded(x(subject.end))},${rounded(middle)}h8m0,-4l7,4l-7,4Z`, {
        fill: sheet.theme.ink,
        'data-ongoing': subject.key,
      })
    if (pitch >= 3)
      for (const one of subject.events) {
        const index = spec.events.findIndex((event) => event.key === one.event)
        eventMark(sheet, index, x(one.time), middle, Math.min(9, pitch * 0.8))
      }
  })
}

function sentence(spec: SwimmerSpec, sheet: Sheet): string {
  const say = sheet.words
  const longest = spec.subjects.reduce(
    (most, subject) => Math.max(most, subject.end - subject.start),
    0,
  )
  const counts = spec.events.map((event) => {
    const total = spec.subjects.reduce(
      (sum, subject) => sum + subject.events.filter((one) => one.event === event.key).length,
      0,
    )
    return `${sheet.say(event.label, 60)} ${total}`
  })
  const ongoing = spec.subjects.filter((subject) => subject.ongoing).length
  return [
    say.subjects(spec.subjects.length),
    `≤ ${say.span(shortNumber(longest), spec.time.unit)}`,
    ...counts,
    ...(ongoing > 0 ? [`${say.ongoing} ${ongoing}`] : []),
  ].join('; ')
}

function table(
  spec: SwimmerSpec,
  sheet: Sheet,
  subjects: readonly Subject[],
  nameOf: (subject: Subject) => string,
) {
  const said = (list: readonly { key: string; label: SwimmerSpec['title'] }[], key: string) => {
    const found = list.find((one) => one.key === key)
    return found ? sheet.say(found.label) : key
  }
  const rows = subjects.map((subject): TableCell[] => [
    nameOf(subject),
    subject.group === undefined ? null : said(spec.groups, subject.group),
    subject.start,
    subject.end,
    subject.ongoing ? sheet.words.yes : null,
    subject.states.map((one) => `${said(spec.states, one.state)} ${one.from}–${one.to}`).join('; '),
    subject.events.map((one) => `${said(spec.events, one.event)} ${one.time}`).join('; '),
  ])
  return tableOf(sheet, ['subject', 'group', 'start', 'end', 'ongoing', 'kind', 'events'], rows)
}
