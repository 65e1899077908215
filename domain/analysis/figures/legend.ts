/** Keys of a figure in rows above the plot, counts and numbers at risk in rows below it. */
import { plainType, type Sheet, smallType } from './sheet.ts'
import { rounded } from './svg.ts'
import { textWidth, widest, wrapText } from './text-metrics.ts'

export type LegendEntry = {
  label: string
  swatch: (x: number, y: number) => void
  swatchWidth: number
}

/** A piece of line with its marker, as in the plot. */
export function lineSwatch(
  sheet: Sheet,
  index: number,
  marker = false,
): Omit<LegendEntry, 'label'> {
  const style = sheet.theme.series(index)
  return {
    swatchWidth: 30,
    swatch: (x, y) => {
      sheet.path(`M${rounded(x)},${rounded(y)}h30`, {
        stroke: style.colour,
        'stroke-width': style.width,
        'stroke-dasharray': style.dash,
      })
      if (marker) sheet.marker(style, x + 15, y, 8)
    },
  }
}

export function fillSwatch(sheet: Sheet, index: number): Omit<LegendEntry, 'label'> {
  const { colour } = sheet.theme.series(index)
  return {
    swatchWidth: 18,
    swatch: (x, y) =>
      sheet.rect(x, y - 6, 18, 12, { fill: sheet.hatch(index, colour), stroke: colour }),
  }
}

/** Keys side by side, as many a row as fit; long names wrap to two lines. Gives the lower edge. */
export function drawLegend(
  sheet: Sheet,
  entries: readonly LegendEntry[],
  left: number,
  right: number,
  top: number,
): number {
  if (entries.length === 0) return top
  let x = left
  let y = top
  let rowHeight = 0
  sheet.part('legend', () => {
    for (const entry of entries) {
      const room = right - left - entry.swatchWidth - 8
      const lines = wrapText(entry.label, Math.min(room, Math.max(240, room / 2)), { maxLines: 2 })
      const width = entry.swatchWidth + 8 + widest(lines)
      if (x > left && x + width > right) {
        x = left
        y += rowHeight
        rowHeight = 0
      }
      rowHeight = Math.max(rowHeight, lines.length * 15 + 5)
      entry.swatch(x, y + 9)
      sheet.lines(lines, x + entry.swatchWidth + 8, y + 13)
      x += width + 20
    }
  })
  return y + rowHeight + 6
}

export type CountRow = {
  fill?: boolean
  label: string
  index: number
  counts: readonly (string | null)[]
}

/** Left margin that the rows of `drawCounts` need before the first place. */
export function countsWidth(rows: readonly CountRow[], heading: string, most: number): number {
  const widths = rows.map((row) =>
    widest(wrapText(row.label, most - 34, { maxLines: 2, size: smallType }), smallType),
  )
  return Math.min(most, Math.max(textWidth(heading, plainType, 600), 36 + Math.max(0, ...widths)))
}

/** One row a group under the axis: sample of its line, name, a number under each place. Gives the lower edge. */
export function drawCounts(
  sheet: Sheet,
  rows: readonly CountRow[],
  places: readonly number[],
  options: { heading: string; left: number; labelWidth: number; top: number; part: string },
): number {
  const { heading, left, labelWidth } = options
  // A column whose number would touch the one before is left to the table, in all rows.
  let end = Number.NEGATIVE_INFINITY
  const shown = places.map((place, at) => {
    const half =
      widest(
        rows.map((row) => row.counts[at] ?? ''),
        smallType,
      ) / 2
    if (place - half < end + 3) return false
    end = place + half
    return true
  })
  let y = options.top
  sheet.part(options.part, () => {
    sheet.text(heading, left, y + 12, { weight: 600 })
    y += 18
    for (const row of rows) {
      const style = sheet.theme.series(row.index)
      const lines = wrapText(row.label, labelWidth - 34, { maxLines: 2, size: smallType })
      const middle = y + (lines.length * 14) / 2
      if (row.fill) fillSwatch(sheet, row.index).swatch(left + 4, middle)
      else
        sheet.path(`M${rounded(left)},${rounded(middle)}h26`, {
          stroke: style.colour,
          'stroke-width': style.width,
          'stroke-dasharray': style.dash,
        })
      sheet.lines(lines, left + 34, y + 11, { size: smallType })
      row.counts.forEach((count, at) => {
        if (count !== null && shown[at])
          sheet.text(count, places[at] as number, middle + 4, { anchor: 'middle', size: smallType })
      })
      y += lines.length * 14 + 3
    }
  })
  return y
}
