/** Means with SD bars by visit and arm; a mark over a point says that its change from baseline is below the level. */
import { scaleLinear } from 'd3-scale'
import { line } from 'd3-shape'
import type { Language } from '#domain/definition/definition.ts'
import { labelText } from '#domain/definition/label-text.ts'
import type { VisitMeansBody } from '../report-result.ts'
import { element, figure, seriesStyle, textElement } from './svg.ts'

const width = 760
const height = 360
const margin = { top: 20, right: 160, bottom: 40, left: 60 }
const significanceMarks = ['*', '†', '‡', '§']

export function visitMeansFigure(body: VisitMeansBody, title: string, language: Language): string {
  const days = body.visits.map((visit, index) => visit.day ?? index)
  const bounds = body.groups.flatMap((group) =>
    group.points.flatMap((point) =>
      point.mean === null ? [] : [point.mean - (point.sd ?? 0), point.mean + (point.sd ?? 0)],
    ),
  )
  const low = Math.min(0, ...bounds)
  const x = scaleLinear(
    [Math.min(...days), Math.max(...days)],
    [margin.left + 16, width - margin.right],
  )
  const y = scaleLinear([low, Math.max(1, ...bounds)], [height - margin.bottom, margin.top]).nice()
  const parts = [
    element('path', {
      d: `M${margin.left},${margin.top}V${height - margin.bottom}H${width - margin.right + 10}`,
      fill: 'none',
      stroke: 'currentColor',
    }),
  ]
  for (const tick of y.ticks(6)) {
    parts.push(
      element('path', { d: `M${margin.left - 5},${y(tick)}h5`, stroke: 'currentColor' }),
      textElement(String(tick), margin.left - 9, y(tick) + 4, { 'text-anchor': 'end' }),
    )
  }
  body.visits.forEach((visit, index) => {
    parts.push(
      textElement(visit.oid, x(days[index] as number), height - margin.bottom + 18, {
        'text-anchor': 'middle',
      }),
    )
  })
  const labelHeights: number[] = []
  body.groups.forEach((group, index) => {
    const { colour, dash } = seriesStyle(index)
    const offset = (index - (body.groups.length - 1) / 2) * 8
    const points = group.points.flatMap((point, at) =>
      point.mean === null
        ? []
        : [
            {
              x: x(days[at] as number) + offset,
              mean: point.mean,
              sd: point.sd,
              p: point.test?.p ?? null,
            },
          ],
    )
    parts.push(
      element('path', {
        d:
          line<{ x: number; mean: number }>()
            .x((point) => point.x)
            .y((point) => y(point.mean))(points) ?? '',
        fill: 'none',
        stroke: colour,
        'stroke-width': 2,
        'stroke-dasharray': dash,
      }),
    )
    for (const point of points) {
      if (point.sd !== null)
        parts.push(
          element('path', {
            d: `M${point.x},${y(point.mean - point.sd)}V${y(point.mean + point.sd)}m-4,0h8M${point.x - 4},${y(point.mean - point.sd)}h8`,
            stroke: colour,
            fill: 'none',
          }),
        )
      parts.push(
        index % 2 === 0
          ? element('circle', { cx: point.x, cy: y(point.mean), r: 4, fill: colour })
          : element('rect', {
              x: point.x - 4,
              y: y(point.mean) - 4,
              width: 8,
              height: 8,
              fill: colour,
            }),
      )
      if (point.p !== null && point.p < body.level)
        parts.push(
          textElement(
            significanceMarks[index] ?? '*',
            point.x,
            y(point.mean + (point.sd ?? 0)) - 6,
            { 'text-anchor': 'middle', fill: colour, 'font-weight': 700 },
          ),
        )
    }
    const end = points.at(-1)
    if (end) {
      const height = Math.max(y(end.mean) + 4, (labelHeights[index - 1] ?? 0) + 15)
      labelHeights[index] = height
      parts.push(
        textElement(labelText(group.label, language), width - margin.right + 24, height, {
          fill: colour,
          'font-weight': 600,
        }),
      )
    }
  })
  const description = body.groups
    .map(
      (group) =>
        `${labelText(group.label, language)}: ${group.points.map((point, at) => `${body.visits[at]?.oid} ${point.cell.text}`).join(', ')}`,
    )
    .join('; ')
  return figure(width, height, title, description, parts.join(''))
}
