/** Lines at values across a plot, with their names at the right end. */
import { type Axis, within } from './axes.ts'
import type { FigureLabel } from './figure-label.ts'
import { type Sheet, smallType } from './sheet.ts'
import { rounded } from './svg.ts'
import { textWidth, wrapText } from './text-metrics.ts'

export function drawValueLines(
  sheet: Sheet,
  axis: Axis,
  lines: readonly { at: number; label?: FigureLabel }[],
  left: number,
  right: number,
  labelAt: (at: number) => 'start' | 'end' = () => 'end',
): void {
  const taken: number[] = []
  sheet.part('lines', () => {
    for (const { at, label } of lines) {
      if (!within(axis.scale, at)) continue
      const y = axis.scale(at)
      sheet.path(`M${rounded(left)},${rounded(y)}H${rounded(right)}`, {
        stroke: sheet.theme.muted,
        'stroke-dasharray': '5 4',
        'data-line': at,
      })
      if (label === undefined || taken.some((other) => Math.abs(other - y) < 15)) continue
      taken.push(y)
      const text =
        wrapText(sheet.say(label), (right - left) * 0.5, { maxLines: 1, size: smallType })[0] ?? ''
      const anchor = labelAt(at)
      const width = textWidth(text, smallType)
      const x = anchor === 'end' ? right - 4 : left + 6
      if (text !== '')
        sheet.ground(anchor === 'end' ? x - width - 2 : x - 2, y - 15, width + 4, 13.5)
      sheet.text(text, x, y - 4, { anchor, size: smallType, fill: sheet.theme.muted })
    }
  })
}
