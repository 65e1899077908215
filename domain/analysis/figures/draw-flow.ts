/**
 * The trial profile as a tree of boxes. Every branch has a column as wide as its arms; excluded subjects stand at the side
 * of the line that goes on; boxes of one level share one upper edge, as the CONSORT diagram has it.
 */
import { type Drawn, listText, type TableCell, tableOf } from './drawn.ts'
import type { FlowNode, FlowSpec } from './figure-spec.ts'
import { type Sheet, smallType } from './sheet.ts'
import { rounded } from './svg.ts'
import { textWidth, widest, wrapText } from './text-metrics.ts'

const gap = 26
const step = 15.6

type Side = Pick<FlowNode, 'label' | 'n' | 'details'>
type BoxText = {
  title: string[]
  n: string
  details: { lines: string[]; indent: number }[]
  width: number
  height: number
}
type Placed = {
  node: FlowNode
  depth: number
  x: number
  width: number
  text: BoxText
  sides: BoxText[]
  children: Placed[]
  top: number
  bottom: number
}

function boxText(sheet: Sheet, box: Side, width: number): BoxText {
  const inner = width - 20
  const title = wrapText(sheet.say(box.label), inner, { maxLines: 5 })
  const n = box.n === null ? '' : `n = ${box.n}`
  const details = box.details.map((detail) => ({
    lines: wrapText(
      `${sheet.say(detail.label)}${detail.n === null ? '' : ` (n = ${detail.n})`}`,
      inner - 12,
      { maxLines: 3, size: smallType },
    ),
    indent: 12,
  }))
  const lines = title.length + (n === '' ? 0 : 1)
  const rows = details.reduce((sum, detail) => sum + detail.lines.length, 0)
  return {
    title,
    n,
    details,
    width,
    height: 12 + lines * step + (rows === 0 ? 0 : 6 + rows * 14.3),
  }
}

const leaves = (node: FlowNode): number =>
  node.next.length === 0 ? 1 : node.next.reduce((sum, child) => sum + leaves(child), 0)

function place(sheet: Sheet, node: FlowNode, depth: number, left: number, right: number): Placed {
  const column = right - left
  const sideways = node.excluded.length > 0
  // A side box needs half of the column, so the line that it leaves must have room at its right.
  const width = Math.min(300, column - 12)
  const x = (left + right) / 2
  const sideWidth = Math.min(260, right - x - 26)
  let from = left
  const total = leaves(node)
  const children = node.next.map((child) => {
    const share = (leaves(child) / total) * column
    const placed = place(sheet, child, depth + 1, from, from + share)
    from += share
    return placed
  })
  return {
    node,
    depth,
    x,
    width,
    text: boxText(sheet, node, fitted(sheet, node, width)),
    sides: sideways
      ? node.excluded.map((side) =>
          boxText(sheet, side, Math.min(sideWidth, fitted(sheet, side, sideWidth))),
        )
      : [],
    children,
    top: 0,
    bottom: 0,
  }
}

/** As wide as the text needs, so that a short label does not sit in an empty box. */
function fitted(sheet: Sheet, box: Side, most: number): number {
  const own = boxText(sheet, box, most)
  const needed = Math.max(
    widest([...own.title, own.n]),
    ...own.details.map((detail) => widest(detail.lines, smallType) + detail.indent),
  )
  return Math.min(most, Math.max(Math.min(140, most), needed + 24))
}

const flat = (placed: Placed): Placed[] => [placed, ...placed.children.flatMap(flat)]

export function drawFlow(spec: FlowSpec, sheet: Sheet, start: number): Drawn {
  const phases = allNodes(spec.root)
    .concat(spec.joined ? allNodes(spec.joined) : [])
    .some((node) => node.phase)
  const left = phases ? 40 : 8
  const nodes = allNodes(spec.root).concat(spec.joined ? allNodes(spec.joined) : [])
  const sideways = nodes.some((node) => node.excluded.length > 0 && node !== spec.root)
  sheet.widen(left + 8 + leaves(spec.root) * (sideways ? 250 : 130))
  const right = sheet.width - 8
  const root = place(sheet, spec.root, 0, left, right)
  const joined = spec.joined ? place(sheet, spec.joined, 0, left, right) : null
  let bottom = level(root, start + 6)
  let all = flat(root)
  if (joined) {
    const ends = all.filter((one) => one.children.length === 0)
    const from = Math.max(...ends.map((end) => end.bottom + sidesHeight(end)))
    bottom = level(joined, from + gap * 1.6)
    sheet.part('lines', () => joinLines(sheet, ends, joined))
    all = [...all, ...flat(joined)]
  }
  sheet.part('lines', () => {
    for (const one of all) connect(sheet, one)
  })
  for (const one of all) {
    drawText(sheet, one.text, one.x - one.text.width / 2, one.top, 'middle')
    drawSides(sheet, one)
  }
  if (phases) drawPhases(sheet, all)
  const steps = allNodes(spec.root).concat(spec.joined ? allNodes(spec.joined) : [])
  return {
    bottom: bottom + 4,
    sentence: listText(
      sheet,
      steps.flatMap((node) => [
        said(sheet, node),
        ...node.excluded.map((side) => said(sheet, side)),
      ]),
      24,
    ),
    table: table(spec, sheet),
    notes: [],
  }
}

function allNodes(node: FlowNode): FlowNode[] {
  return [node, ...node.next.flatMap(allNodes)]
}

function said(sheet: Sheet, box: Side): string {
  const details = box.details.map(
    (detail) => `${sheet.say(detail.label, 60)}${detail.n === null ? '' : ` ${detail.n}`}`,
  )
  return `${sheet.say(box.label, 80)}${box.n === null ? '' : ` n = ${box.n}`}${details.length === 0 ? '' : ` (${details.join(', ')})`}`
}

function sidesHeight(placed: Placed): number {
  return placed.sides.reduce((sum, side) => sum + side.height + 12, 0)
}

/** Boxes of one depth start at one height; gives the lower edge of all. */
function level(root: Placed, start: number): number {
  let row = [root]
  let y = start
  let bottom = start
  while (row.length > 0) {
    let next = y
    for (const one of row) {
      one.top = y
      one.bottom = y + one.text.height
      const end = one.bottom + (one.sides.length > 0 ? sidesHeight(one) + 10 : 0)
      next = Math.max(next, end)
      bottom = Math.max(bottom, end)
    }
    const split = row.some((one) => one.children.length > 1)
    y = next + (split ? gap * 1.5 : gap)
    row = row.flatMap((one) => one.children)
  }
  return bottom
}

const arrow = (x: number, y: number) =>
  `M${rounded(x - 4)},${rounded(y - 6)}L${rounded(x)},${rounded(y)}L${rounded(x + 4)},${rounded(y - 6)}`

function connect(sheet: Sheet, one: Placed): void {
  const sideTop = one.bottom + 10
  if (one.children.length === 0) {
    const last = one.sides.at(-1)
    if (last)
      sheet.path(
        `M${rounded(one.x)},${rounded(one.bottom)}V${rounded(sideTop + sidesHeight(one) - 12 - last.height / 2)}`,
      )
    return
  }
  const next = Math.min(...one.children.map((child) => child.top))
  if (one.children.length === 1) {
    const child = one.children[0] as Placed
    sheet.path(`M${rounded(one.x)},${rounded(one.bottom)}V${rounded(child.top)}`)
    sheet.path(arrow(child.x, child.top))
    return
  }
  const bar = next - gap * 0.75
  sheet.path(`M${rounded(one.x)},${rounded(one.bottom)}V${rounded(bar)}`)
  const xs = one.children.map((child) => child.x)
  sheet.path(`M${rounded(Math.min(...xs))},${rounded(bar)}H${rounded(Math.max(...xs))}`)
  for (const child of one.children) {
    sheet.path(`M${rounded(child.x)},${rounded(bar)}V${rounded(child.top)}`)
    sheet.path(arrow(child.x, child.top))
  }
}

function joinLines(sheet: Sheet, ends: readonly Placed[], joined: Placed): void {
  const bar = joined.top - gap * 0.8
  for (const end of ends) sheet.path(`M${rounded(end.x)},${rounded(end.bottom)}V${rounded(bar)}`)
  const xs = [...ends.map((end) => end.x), joined.x]
  sheet.path(
    `M${rounded(Math.min(...xs))},${rounded(bar)}H${rounded(Math.max(...xs))}M${rounded(joined.x)},${rounded(bar)}V${rounded(joined.top)}`,
  )
  sheet.path(arrow(joined.x, joined.top))
}

function drawSides(sheet: Sheet, one: Placed): void {
  let y = one.bottom + 10
  for (const side of one.sides) {
    const x = one.x + 24
    const middle = y + side.height / 2
    sheet.path(`M${rounded(one.x)},${rounded(middle)}H${rounded(x)}m-6,-4l6,4l-6,4`)
    drawText(sheet, side, x, y, 'start')
    y += side.height + 12
  }
}

function drawText(
  sheet: Sheet,
  box: BoxText,
  x: number,
  y: number,
  anchor: 'start' | 'middle',
): void {
  sheet.part('box', () => {
    sheet.rect(x, y, box.width, box.height, {
      rx: 3,
      fill: sheet.theme.paper,
      stroke: sheet.theme.ink,
      'stroke-width': 1.1,
    })
    const at = anchor === 'middle' ? x + box.width / 2 : x + 10
    let base = sheet.lines(box.title, at, y + 19, { anchor })
    if (box.n !== '') {
      base += step
      sheet.text(box.n, at, base, { anchor, weight: 600 })
    }
    base += 4
    for (const detail of box.details) {
      base += 14.3
      sheet.text('•', x + 10, base, { size: smallType })
      base = sheet.lines(detail.lines, x + 10 + detail.indent, base, { size: smallType })
    }
  })
}

/** Names of the phases run up the left edge, each beside the boxes from where it is named. */
function drawPhases(sheet: Sheet, all: readonly Placed[]): void {
  const rows = [...all].sort((a, b) => a.top - b.top)
  const named: { label: string; top: number; bottom: number }[] = []
  for (const one of rows) {
    const label = one.node.phase ? sheet.say(one.node.phase, 60) : null
    const last = named.at(-1)
    const end = one.bottom + (one.sides.length > 0 ? sidesHeight(one) : 0)
    if (label !== null && label !== last?.label) named.push({ label, top: one.top, bottom: end })
    else if (last) last.bottom = Math.max(last.bottom, end)
  }
  sheet.part('phases', () => {
    let free = 0
    named.forEach((phase, at) => {
      const next = named[at + 1]
      const bottom = next ? Math.min(phase.bottom, next.top - 6) : phase.bottom
      // A short phase grows upwards into the gap before it.
      const needed = textWidth(phase.label, smallType, 600) + 12
      phase.top = Math.min(phase.top, Math.max(free + 4, bottom - needed))
      free = bottom
      const height = bottom - phase.top
      sheet.rect(6, phase.top, 22, height, { rx: 3, fill: sheet.theme.faint, stroke: 'none' })
      const text =
        wrapText(phase.label, height - 6, { maxLines: 1, size: smallType, weight: 600 })[0] ?? ''
      sheet.text(text, 21, phase.top + height / 2, {
        anchor: 'middle',
        rotate: -90,
        size: smallType,
        weight: 600,
      })
    })
  })
}

function table(spec: FlowSpec, sheet: Sheet) {
  const rows: TableCell[][] = []
  const visit = (node: FlowNode, under: string | null) => {
    const label = sheet.say(node.label)
    rows.push([label, under, node.n])
    for (const detail of node.details) rows.push([sheet.say(detail.label), label, detail.n])
    for (const side of node.excluded) {
      rows.push([sheet.say(side.label), label, side.n])
      for (const detail of side.details)
        rows.push([sheet.say(detail.label), sheet.say(side.label), detail.n])
    }
    for (const child of node.next) visit(child, label)
  }
  visit(spec.root, null)
  if (spec.joined) visit(spec.joined, null)
  return tableOf(sheet, ['step', 'under', 'n'], rows)
}
