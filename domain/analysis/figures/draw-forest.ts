/**
 * Estimates with limits, one a row: boxes whose area is the weight, arrows where a limit leaves the axis, diamonds for
 * pooled estimates, words where nothing could be estimated.
 */
import { formatNumber, formatPValue } from '#domain/statistics/rounding.ts'
import { type Axis, drawBottomAxis, minus, numberAxis, within } from './axes.ts'
import { type Drawn, listText, type TableCell, tableOf } from './drawn.ts'
import type { FigureLabel } from './figure-label.ts'
import type { ForestSpec } from './figure-spec.ts'
import { type Sheet, smallType } from './sheet.ts'
import { rounded } from './svg.ts'
import { widest, wrapText } from './text-metrics.ts'

type Row = ForestSpec['rows'][number]
type Estimate = Extract<Row, { type: 'estimate' }>

const rowGap = 8

/** Numbers that the axis spans: estimates and limits, but a very wide interval does not press the others together. */
function axisOf(spec: ForestSpec, range: [number, number]): Axis {
  const log = spec.scale === 'log'
  const noEffect = spec.noEffect ?? (log ? 1 : 0)
  if (spec.axis)
    return numberAxis([spec.axis.min, spec.axis.max], range, {
      log,
      min: spec.axis.min,
      max: spec.axis.max,
      ticks: spec.axis.ticks,
      exact: true,
    })
  const rows = spec.rows.filter((row): row is Estimate => row.type === 'estimate')
  const usable = (value: unknown): value is number =>
    typeof value === 'number' && (!log || value > 0)
  const estimates = rows.map((row) => row.estimate).filter(usable)
  const limits = rows.flatMap((row) => [row.lower, row.upper]).filter(usable)
  const centre = [noEffect, ...estimates]
  const low = Math.min(...centre)
  const high = Math.max(...centre)
  const kept = log
    ? limits.filter((limit) => limit >= low / 20 && limit <= high * 20)
    : limits.filter(
        (limit) => Math.abs(limit - (low + high) / 2) <= 5 * Math.max(high - low, 1e-300),
      )
  const all =
    kept.length + estimates.length === 0
      ? [noEffect, ...(log ? [0.1, 10] : [-1, 1])]
      : [...centre, ...kept]
  if (!log) return numberAxis(all, range, { count: 5 })
  const [from, to] = [Math.min(...all) / 1.15, Math.max(...all) * 1.15]
  return numberAxis(all, range, {
    log,
    min: from,
    max: from === to ? undefined : to,
    exact: true,
    count: 5,
  })
}

function numberText(value: number, digits: number): string {
  return minus(formatNumber(value, digits))
}

function limitText(sheet: Sheet, value: Estimate['lower'], digits: number): string {
  if (value === null) return sheet.words.notEstimable
  if (typeof value === 'string') return value === 'Infinity' ? '∞' : '−∞'
  return numberText(value, digits)
}

function estimateText(sheet: Sheet, row: Estimate, digits: number): string {
  if (row.estimate === null) return row.note ? sheet.say(row.note, 60) : sheet.words.notEstimable
  const centre =
    typeof row.estimate === 'number'
      ? numberText(row.estimate, digits)
      : limitText(sheet, row.estimate, digits)
  const limits = `(${limitText(sheet, row.lower, digits)}–${limitText(sheet, row.upper, digits)})`
  return `${centre} ${limits}${row.note ? ` ${sheet.say(row.note, 40)}` : ''}`
}

function cellText(sheet: Sheet, value: number | FigureLabel | undefined): string {
  if (value === undefined) return ''
  return typeof value === 'number' ? minus(String(value)) : sheet.say(value, 40)
}

export function drawForest(spec: ForestSpec, sheet: Sheet, start: number): Drawn {
  const estimates = spec.rows.filter((row): row is Estimate => row.type === 'estimate')
  const level = String(Math.round(spec.level * 1000) / 10)
  const effect = `${sheet.say(spec.effect, 80)} (${sheet.words.limits(level)})`
  const hasP = estimates.some((row) => row.p !== undefined)
  const texts = spec.rows.map((row) =>
    row.type === 'estimate'
      ? estimateText(sheet, row, spec.digits)
      : row.type === 'reference'
        ? sheet.words.reference
        : '',
  )
  const ps = spec.rows.map((row) =>
    row.type === 'estimate' && row.p !== undefined
      ? row.p === null
        ? sheet.words.notEstimable
        : formatPValue(row.p)
      : '',
  )
  const columns = spec.columns.map((column) => {
    const cells = spec.rows.map((row) =>
      row.type === 'heading' ? '' : cellText(sheet, row.cells[column.key]),
    )
    const width = Math.min(
      110,
      Math.max(widest(cells.map((cell) => wrapText(cell, 110, { maxLines: 1 })[0] ?? '')), 28),
    )
    const heading = wrapText(sheet.say(column.label), Math.max(width, 64), {
      maxLines: 2,
      weight: 600,
    })
    return { cells, heading, width: Math.max(width, widest(heading, 12, 600)) }
  })
  const effectHeading = wrapText(effect, Math.min(280, Math.max(130, widest(texts))), {
    maxLines: 3,
    weight: 600,
  })
  const effectWidth = Math.min(280, Math.max(widest(texts), widest(effectHeading, 12, 600)))
  const pWidth = hasP ? Math.max(widest(ps), 20) + 14 : 0
  const columnsWidth = columns.reduce((sum, column) => sum + column.width + 14, 0)
  const fixed = columnsWidth + effectWidth + pWidth + 8 + 30
  sheet.widen(fixed + 100 + 150)
  const labelRoom = Math.max(90, Math.min(sheet.width * 0.36, sheet.width - fixed - 160))
  const labels = spec.rows.map((row) => {
    const indent = row.type === 'heading' ? 0 : 12
    return wrapText(sheet.say(row.label), labelRoom - indent, {
      maxLines: 3,
      weight: row.type === 'heading' || (row.type === 'estimate' && row.summary) ? 600 : 400,
    })
  })
  const labelWidth = Math.min(labelRoom, 12 + widest(labels.flat(), 12, 600))
  const left = 8 + labelWidth + 10 + columnsWidth + 12
  const right = Math.max(left + 120, sheet.width - effectWidth - pWidth - 26)
  const axis = axisOf(spec, [left, right])
  const headings = [...columns.map((column) => column.heading.length), effectHeading.length]
  let y = start + 4 + Math.max(1, ...headings) * 15.6
  const headingBase = y - 2
  const bottomLine = (lines: readonly string[], x: number, anchor: 'end' | 'start') =>
    sheet.lines(lines, x, headingBase - (lines.length - 1) * 15.6, { weight: 600, anchor })
  const columnRight: number[] = []
  let at = 8 + labelWidth + 10
  for (const column of columns) {
    at += column.width + 14
    columnRight.push(at)
    bottomLine(column.heading, at, 'end')
  }
  bottomLine(effectHeading, right + 16, 'start')
  if (hasP) sheet.text('p', sheet.width - 8, headingBase, { weight: 600, anchor: 'end' })
  y += 6
  sheet.path(`M8,${rounded(y)}H${rounded(sheet.width - 8)}`, { 'stroke-width': 0.8 })
  const top = y
  const most = Math.max(...estimates.map((row) => row.weight ?? 0), 0)
  const rowsAt: number[] = []
  spec.rows.forEach((row, index) => {
    const lines = labels[index] as string[]
    const estimateLines = wrapText(texts[index] as string, effectWidth + 2, { maxLines: 2 })
    const height = Math.max(lines.length, estimateLines.length) * 15.6 + rowGap
    const middle = y + height / 2
    rowsAt.push(middle)
    const base = (count: number) => middle - ((count - 1) * 15.6) / 2 + 4
    const weight = row.type === 'heading' || (row.type === 'estimate' && row.summary) ? 600 : 400
    sheet.lines(lines, row.type === 'heading' ? 8 : 20, base(lines.length), { weight })
    columns.forEach((column, c) => {
      const text = wrapText(column.cells[index] as string, column.width, { maxLines: 1 })[0] ?? ''
      sheet.text(text, columnRight[c] as number, middle + 4, { anchor: 'end' })
    })
    sheet.lines(estimateLines, right + 16, base(estimateLines.length), {
      weight,
      fill: row.type === 'reference' ? sheet.theme.muted : undefined,
    })
    sheet.text(ps[index] as string, sheet.width - 8, middle + 4, { anchor: 'end' })
    y += height
  })
  const bottom = y + 4
  const noEffect = spec.noEffect ?? (spec.scale === 'log' ? 1 : 0)
  if (within(axis.scale, noEffect))
    sheet.path(`M${rounded(axis.scale(noEffect))},${rounded(top)}V${rounded(bottom)}`, {
      'stroke-dasharray': '4 3',
      stroke: sheet.theme.muted,
      'data-no-effect': noEffect,
    })
  spec.rows.forEach((row, index) => {
    if (row.type === 'estimate')
      drawEstimate(sheet, axis, row, rowsAt[index] as number, most, [left, right])
    if (row.type === 'reference' && within(axis.scale, noEffect))
      sheet.part('reference', () =>
        sheet.path(
          `M${rounded(axis.scale(noEffect))},${rounded((rowsAt[index] as number) - 4)}v8`,
          { 'stroke-width': 2 },
        ),
      )
  })
  let end = drawBottomAxis(sheet, axis, bottom, spec.favours ? '' : sheet.say(spec.effect, 80))
  if (spec.favours)
    end = drawFavours(
      sheet,
      spec,
      axis.scale(
        Math.min(
          Math.max(noEffect, axis.scale.domain()[0] as number),
          axis.scale.domain()[1] as number,
        ),
      ),
      bottom + 30,
    )
  if (spec.rows.length === 0) sheet.text(sheet.words.noData, 8, start + 60)
  return {
    bottom: end,
    sentence: sentence(spec, sheet, texts),
    table: table(spec, sheet),
    notes: [],
  }
}

function drawEstimate(
  sheet: Sheet,
  axis: Axis,
  row: Estimate,
  y: number,
  most: number,
  [left, right]: [number, number],
): void {
  if (row.estimate === null) return
  const [low, high] = axis.scale.domain() as [number, number]
  const estimate = Number(row.estimate)
  const lower = row.lower === null ? null : Number(row.lower)
  const upper = row.upper === null ? null : Number(row.upper)
  const inside = (value: number) => value >= low && value <= high
  const clamp = (value: number) => axis.scale(Math.min(Math.max(value, low), high))
  const size = row.weight !== undefined && most > 0 ? 4 + 10 * Math.sqrt(row.weight / most) : 8
  sheet.part('estimate', () => {
    if (row.summary && lower !== null && upper !== null && inside(estimate)) {
      const x = axis.scale(estimate)
      sheet.path(
        `M${rounded(clamp(lower))},${rounded(y)}L${rounded(x)},${rounded(y - 7)}L${rounded(clamp(upper))},${rounded(y)}L${rounded(x)},${rounded(y + 7)}Z`,
        { fill: sheet.theme.ink },
      )
      return
    }
    if (lower !== null && upper !== null) {
      sheet.path(`M${rounded(clamp(lower))},${rounded(y)}H${rounded(clamp(upper))}`, {
        'stroke-width': 1.4,
      })
      // An arrow says that the limit lies further out, a short bar that it is here.
      if (inside(lower)) sheet.path(`M${rounded(axis.scale(lower))},${rounded(y - 3.5)}v7`)
      else if (lower < low)
        sheet.path(`M${rounded(left)},${rounded(y)}l7,-4v8Z`, {
          fill: sheet.theme.ink,
          'data-arrow': 'lower',
        })
      if (inside(upper)) sheet.path(`M${rounded(axis.scale(upper))},${rounded(y - 3.5)}v7`)
      else if (upper > high)
        sheet.path(`M${rounded(right)},${rounded(y)}l-7,-4v8Z`, {
          fill: sheet.theme.ink,
          'data-arrow': 'upper',
        })
    }
    if (inside(estimate))
      sheet.rect(axis.scale(estimate) - size / 2, y - size / 2, size, size, {
        fill: sheet.theme.series(0).colour,
        'data-estimate': estimate,
      })
    else
      sheet.path(
        estimate < low
          ? `M${rounded(left)},${rounded(y)}l9,-5v10Z`
          : `M${rounded(right)},${rounded(y)}l-9,-5v10Z`,
        { fill: sheet.theme.series(0).colour, 'data-arrow': 'estimate' },
      )
  })
}

/** Which side is better for whom, with an arrow each way from the line of no effect. */
function drawFavours(sheet: Sheet, spec: ForestSpec, x: number, y: number): number {
  const favours = spec.favours
  if (!favours) return y
  const side = (room: number, label: FigureLabel) =>
    wrapText(sheet.say(label), Math.max(40, room), { maxLines: 3, size: smallType })
  const lower = side(Math.min(190, x - 24), favours.lower)
  const upper = side(Math.min(190, sheet.width - x - 24), favours.upper)
  const draw = (lines: readonly string[], direction: 1 | -1) => {
    const length = Math.max(30, Math.min(70, widest(lines, smallType)))
    const tip = x + direction * (8 + length)
    sheet.path(
      `M${rounded(x + direction * 8)},${rounded(y + 2)}H${rounded(tip)}m${-direction * 5},-3l${direction * 5},3l${-direction * 5},3`,
    )
    sheet.lines(lines, x + direction * 8, y + 18, {
      size: smallType,
      anchor: direction > 0 ? 'start' : 'end',
    })
  }
  draw(lower, -1)
  draw(upper, 1)
  return y + 18 + (Math.max(lower.length, upper.length) - 1) * 14.3 + 4
}

function sentence(spec: ForestSpec, sheet: Sheet, texts: readonly string[]): string {
  let heading = ''
  const items = spec.rows.flatMap((row, at) => {
    if (row.type === 'heading') {
      heading = sheet.say(row.label, 60)
      return []
    }
    if (row.type === 'reference') return []
    return [`${heading === '' ? '' : `${heading}, `}${sheet.say(row.label, 60)} ${texts[at]}`]
  })
  return `${sheet.say(spec.effect, 80)}: ${items.length === 0 ? sheet.words.noData : listText(sheet, items)}`
}

function table(spec: ForestSpec, sheet: Sheet) {
  const rows: TableCell[][] = spec.rows.map((row) => {
    const label = sheet.say(row.label)
    if (row.type === 'heading')
      return [label, ...spec.columns.map(() => null), null, null, null, null, null]
    const cells = spec.columns.map((column): TableCell => {
      const cell = row.cells[column.key]
      return cell === undefined ? null : typeof cell === 'number' ? cell : sheet.say(cell)
    })
    if (row.type === 'reference')
      return [label, ...cells, sheet.words.reference, null, null, null, null]
    return [label, ...cells, row.estimate, row.lower, row.upper, row.weight ?? null, row.p ?? null]
  })
  const own = spec.columns.map((column) => ({ key: column.key, label: sheet.say(column.label) }))
  return tableOf(sheet, ['label', ...own, 'estimate', 'lower', 'upper', 'weight', 'p'], rows)
}
