/** Shares by row and column: the number stands in each cell, a tint repeats it. */
import { type Drawn, listText, percentText, type TableCell, tableOf } from './drawn.ts'
import { type Sheet, smallType } from './sheet.ts'
import type { HeatSpec } from './spec-counts.ts'
import { rounded } from './svg.ts'
import { textWidth, widest, wrapText } from './text-metrics.ts'

const step = 26
/** Text stays readable on the strongest tint, in light and in dark. */
const strongest = 0.5

export function drawHeat(spec: HeatSpec, sheet: Sheet, start: number): Drawn {
  const most = Math.min(sheet.width * 0.3, 220)
  const names = spec.rows.map((row) => wrapText(sheet.say(row.label, 120), most, { maxLines: 1 }))
  const left = 12 + Math.min(most, widest(names.flat())) + 8
  const narrowest = textWidth('100 %', smallType, 600) + 8
  sheet.widen(left + spec.columns.length * narrowest + 12)
  const right = sheet.width - 12
  const across = Math.min(120, (right - left) / Math.max(1, spec.columns.length))
  const heads = spec.columns.map((column) =>
    wrapText(sheet.say(column.label, 80), across - 6, { maxLines: 2, size: smallType }),
  )
  const depth = Math.max(1, ...heads.map((lines) => lines.length)) * 14
  const top = start + depth + 10
  const table = tableFor(spec, sheet)
  if (spec.rows.length === 0 || spec.columns.length === 0) {
    sheet.text(sheet.words.noData, sheet.width / 2, start + 40, { anchor: 'middle' })
    return { bottom: start + 60, sentence: sheet.words.noData, table, notes: [] }
  }
  sheet.part('heads', () => {
    heads.forEach((lines, at) => {
      const lift = (lines.length - 1) * smallType * 1.3
      sheet.lines(lines, left + (at + 0.5) * across, top - 8 - lift, {
        anchor: 'middle',
        size: smallType,
      })
    })
  })
  const { colour } = sheet.theme.series(spec.tone)
  spec.rows.forEach((row, r) => {
    const y = top + r * step
    sheet.part('row', () => {
      sheet.lines(names[r] as string[], left - 8, y + step / 2 + 4, { anchor: 'end' })
      spec.cells[r]?.forEach((cell, c) => {
        const x = left + c * across
        const box = { x: x + 1, y: y + 1, width: across - 2, height: step - 2 }
        sheet.rect(box.x, box.y, box.width, box.height, {
          fill: colour,
          'fill-opacity': rounded(cell.share === null ? 0 : cell.share * strongest),
          stroke: sheet.theme.faint,
          'stroke-width': 0.8,
          'data-cell': `${row.key} ${spec.columns[c]?.key}`,
        })
        sheet.text(
          cell.share === null ? '–' : wholePercent(cell.share),
          x + across / 2,
          y + step / 2 + 4,
          {
            anchor: 'middle',
            size: smallType,
            fill: cell.share === null ? sheet.theme.muted : undefined,
            weight: cell.share === 1 ? 600 : 400,
          },
        )
      })
    })
  })
  return {
    bottom: top + spec.rows.length * step + 6,
    sentence: sentenceFor(spec, sheet),
    table,
    notes: [],
  }
}

/** Nearly all is not all, and hardly any is not none. */
function wholePercent(share: number): string {
  if (share > 0 && share < 0.01) return '< 1 %'
  if (share > 0.99 && share < 1) return '99 %'
  return percentText(share)
}

function sentenceFor(spec: HeatSpec, sheet: Sheet): string {
  const totals = spec.columns.map((column, c) => {
    const cells = spec.cells.flatMap((line) => line[c] ?? [])
    const n = cells.reduce((sum, cell) => sum + (cell.share === null ? 0 : cell.n), 0)
    const part = cells.reduce((sum, cell) => sum + (cell.share ?? 0) * cell.n, 0)
    return `${sheet.say(column.label, 80)} ${n === 0 ? '–' : wholePercent(part / n)}`
  })
  return `${sheet.say(spec.value, 120)}: ${listText(sheet, totals)}`
}

function tableFor(spec: HeatSpec, sheet: Sheet) {
  const rows = spec.rows.flatMap((row, r) =>
    (spec.cells[r] ?? []).map((cell, c): TableCell[] => [
      sheet.say(row.label, 200),
      sheet.say(spec.columns[c]?.label ?? '', 200),
      cell.share,
      cell.n,
    ]),
  )
  return tableOf(
    sheet,
    ['row', 'column', { key: 'share', label: sheet.say(spec.value, 120) }, 'n'],
    rows,
  )
}
