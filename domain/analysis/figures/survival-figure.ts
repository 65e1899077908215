/**
 * Kaplan-Meier curves as SVG: a step line an arm with censoring ticks, direct labels at the end of each curve, and the
 * numbers at risk aligned under the axis. Colour is never the only mark: arms differ in line style too.
 */
import { scaleLinear } from 'd3-scale'
import { curveStepAfter, line } from 'd3-shape'
import type { Language } from '#domain/definition/definition.ts'
import { labelText } from '#domain/definition/label-text.ts'
import type { SurvivalBody, SurvivalPart } from '../report-result.ts'
import { element, figure, seriesStyle, textElement, textWidth } from './svg.ts'

const words = {
  en: {
    atRisk: 'Number at risk',
    day: 'Days',
    week: 'Weeks',
    month: 'Months',
    p: 'log-rank p',
    none: 'No follow-up yet',
  },
  ja: {
    atRisk: 'リスク集合',
    day: '日',
    week: '週',
    month: '月',
    p: 'ログランク検定 p',
    none: '追跡データがありません',
  },
  zh: {
    atRisk: '风险人数',
    day: '天',
    week: '周',
    month: '月',
    p: 'log-rank p',
    none: '尚无随访数据',
  },
} as const

const width = 760
const margin = { top: 16, bottom: 44 }
const plotHeight = 300

export function survivalFigure(body: SurvivalBody, part: SurvivalPart, language: Language): string {
  const say = words[language]
  const last = body.ticks.at(-1) ?? body.horizon / body.daysPerUnit
  const height = margin.top + plotHeight + margin.bottom + 26 + part.groups.length * 18
  const names = part.groups.map((group) => labelText(group.label, language))
  const left = Math.max(72, 24 + Math.max(...names.map(textWidth), textWidth(say.atRisk)))
  const right = width - 24 - Math.max(...names.map((name) => textWidth(`${name} 100 %`)))
  const x = scaleLinear([0, last], [left, right])
  const y = scaleLinear([0, 1], [margin.top + plotHeight, margin.top])
  const title = part.label
    ? `${labelText(body.endpoint, language)}: ${labelText(part.label, language)}`
    : labelText(body.endpoint, language)
  const heights = labelHeights(part, y)
  const content = [
    axes(body, x, y, say[body.unit]),
    ...part.groups.map((group, index) =>
      curve(group, index, body, x, y, language, heights[index] as number),
    ),
    part.test?.p !== null && part.test
      ? textElement(
          `${say.p} = ${part.test.text}`.replace('= <', '<').replace('= >', '>'),
          left + 12,
          margin.top + plotHeight - 14,
        )
      : '',
    riskTable(part, body, x, say.atRisk, language),
    part.groups.every((group) => group.steps.length === 0)
      ? textElement(say.none, (left + right) / 2, margin.top + plotHeight / 2, {
          'text-anchor': 'middle',
        })
      : '',
  ]
  return figure(width, height, title, describe(part, language), content.join(''))
}

type Scale = ReturnType<typeof scaleLinear<number, number>>

function axes(body: SurvivalBody, x: Scale, y: Scale, unit: string): string {
  const bottom = y(0)
  const parts = [
    element('path', {
      d: `M${x(0)},${y(1)}V${bottom}H${x(body.ticks.at(-1) ?? 0)}`,
      fill: 'none',
      stroke: 'currentColor',
    }),
  ]
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    parts.push(element('path', { d: `M${x(0) - 5},${y(share)}H${x(0)}`, stroke: 'currentColor' }))
    parts.push(textElement(`${share * 100} %`, x(0) - 9, y(share) + 4, { 'text-anchor': 'end' }))
  }
  for (const tick of body.ticks) {
    parts.push(element('path', { d: `M${x(tick)},${bottom}v5`, stroke: 'currentColor' }))
    parts.push(textElement(String(tick), x(tick), bottom + 19, { 'text-anchor': 'middle' }))
  }
  parts.push(
    textElement(unit, (x(0) + x(body.ticks.at(-1) ?? 0)) / 2, bottom + 36, {
      'text-anchor': 'middle',
    }),
  )
  return parts.join('')
}

function curve(
  group: SurvivalPart['groups'][number],
  index: number,
  body: SurvivalBody,
  x: Scale,
  y: Scale,
  language: Language,
  labelHeight: number,
): string {
  if (group.steps.length === 0) return ''
  const { colour, dash } = seriesStyle(index)
  const points: [number, number][] = [
    [0, 1],
    ...group.steps.map((step): [number, number] => [step.time / body.daysPerUnit, step.survival]),
  ]
  const path =
    line<[number, number]>()
      .x(([time]) => x(time))
      .y(([, survival]) => y(survival))
      .curve(curveStepAfter)(points) ?? ''
  const ticks = group.steps
    .filter((step) => step.censored > 0 && step.time < body.horizon)
    .map((step) =>
      element('path', {
        d: `M${x(step.time / body.daysPerUnit)},${y(step.survival) - 5}v10`,
        stroke: colour,
        'stroke-width': 1.5,
      }),
    )
  const end = points.at(-1) as [number, number]
  const label = group.atHorizon
    ? `${labelText(group.label, language)} ${group.atHorizon.text}`
    : labelText(group.label, language)
  return [
    element('path', {
      d: path,
      fill: 'none',
      stroke: colour,
      'stroke-width': 2,
      'stroke-dasharray': dash,
    }),
    ...ticks,
    textElement(label, x(end[0]) + 8, labelHeight, { fill: colour, 'font-weight': 600 }),
  ].join('')
}

function riskTable(
  part: SurvivalPart,
  body: SurvivalBody,
  x: Scale,
  heading: string,
  language: Language,
): string {
  const top = margin.top + plotHeight + margin.bottom + 16
  const lines = [textElement(heading, 8, top, { 'font-weight': 600 })]
  part.groups.forEach((group, index) => {
    const y = top + 18 * (index + 1)
    lines.push(
      textElement(labelText(group.label, language), 8, y, {
        fill: seriesStyle(index).colour,
        'font-weight': 600,
      }),
    )
    body.ticks.forEach((tick, at) => {
      lines.push(
        textElement(String(group.atRisk[at] ?? 0), x(tick), y, { 'text-anchor': 'middle' }),
      )
    })
  })
  return lines.join('')
}

/** Heights of the direct labels: beside the end of each curve, pushed apart where curves end close together. */
function labelHeights(part: SurvivalPart, y: Scale): number[] {
  const ends = part.groups.map((group, index) => ({
    index,
    at: y(group.steps.at(-1)?.survival ?? 1) + 4,
  }))
  ends.sort((a, b) => a.at - b.at)
  const heights: number[] = []
  let lowest = Number.NEGATIVE_INFINITY
  for (const end of ends) {
    lowest = Math.max(end.at, lowest + 15)
    heights[end.index] = lowest
  }
  return heights
}

/** What a reader who cannot see the curves needs to know. */
function describe(part: SurvivalPart, language: Language): string {
  const arms = part.groups.map(
    (group) =>
      `${labelText(group.label, language)}: n = ${group.n}, ${group.events} events, ${group.atHorizon?.text ?? '–'}`,
  )
  return [...arms, part.test ? `p = ${part.test.text}` : '']
    .filter((text) => text !== '')
    .join('; ')
}
