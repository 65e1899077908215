import {
  AlignmentType,
  BorderStyle,
  HeadingLevel,
  ImageRun,
  Paragraph,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  WidthType,
} from 'docx'
import type { PrintedCell, PrintedRow } from '#domain/analysis/printed/printed-report.ts'
import type { Language } from '#domain/definition/definition.ts'
import { svgInOutlines } from '../document/svg-text.ts'
import { bookWords } from './book-words.ts'
import { drawn, pngOf } from './figure-files.ts'
import { isBroad, type LaidBlock } from './pdf-blocks.ts'
import { cellPadding, quietScale, type TablePart, textArea } from './table-layout.ts'

const quietColour = '50575E'
const twips = (points: number) => Math.round(points * 20)
/** Word counts type in half points. */
const halfPoints = (points: number) => Math.round(points * 2)
/** Highest a figure gets, in points. */
const figureHeight = { portrait: 560, landscape: 330 } as const
/** Of the picture for readers that do not show SVG. */
const fallbackResolution = 150

/** Blocks as Word has them: headings by style, real tables with repeated header rows, figures as SVG with a PNG behind. */
export async function docxBlocks(
  blocks: readonly LaidBlock[],
  language: Language,
): Promise<(Paragraph | Table)[]> {
  const page = isBroad(blocks) ? 'landscape' : 'portrait'
  const made: (Paragraph | Table)[] = []
  for (const block of blocks) {
    if (block.kind === 'heading')
      made.push(new Paragraph({ heading: HeadingLevel.HEADING_2, text: block.text }))
    else if (block.kind === 'sentence') made.push(sentence(block.text, block.quiet))
    else if (block.kind === 'figure') made.push(await figure(block.spec, page, language))
    else {
      const { parts, size } = block.layout
      parts.forEach((part, at) => {
        if (parts.length > 1)
          made.push(sentence(`${bookWords(language)('part')} ${at + 1} / ${parts.length}`, true))
        made.push(tableOf(part, size))
      })
      for (const text of block.notes) made.push(sentence(text, true))
      if (block.notes.length === 0) made.push(new Paragraph({ spacing: { before: 0, after: 40 } }))
    }
  }
  return made
}

export function sentence(text: string, quiet: boolean): Paragraph {
  return new Paragraph({
    spacing: { before: 60, after: 60 },
    children: [new TextRun(quiet ? { text, size: halfPoints(7.5), color: quietColour } : { text })],
  })
}

async function figure(
  spec: Parameters<typeof drawn>[0],
  page: keyof typeof textArea,
  language: Language,
): Promise<Paragraph> {
  const one = drawn(spec, { language, heading: false })
  if (typeof one === 'string') return sentence(one, false)
  const scale = Math.min(textArea[page] / one.width, figureHeight[page] / one.height)
  const pixels = 96 / 72
  const transformation = {
    width: Math.round(one.width * scale * pixels),
    height: Math.round(one.height * scale * pixels),
  }
  const name = typeof spec.title === 'string' ? spec.title : (spec.title[language] ?? spec.title.en)
  return new Paragraph({
    keepNext: true,
    children: [
      new ImageRun({
        type: 'svg',
        data: Buffer.from(svgInOutlines(one.svg, language)),
        fallback: {
          type: 'png',
          data: await pngOf(one, language, fallbackResolution),
        },
        transformation,
        altText: { name, title: name, description: one.textAlternative },
      }),
    ],
  })
}

function tableOf(part: TablePart, size: number): Table {
  const widths = part.columns.map((column) => twips(column.width))
  return new Table({
    layout: TableLayoutType.FIXED,
    width: { size: widths.reduce((sum, width) => sum + width, 0), type: WidthType.DXA },
    columnWidths: widths,
    margins: { left: twips(cellPadding), right: twips(cellPadding), top: 20, bottom: 20 },
    borders: {
      top: rule(8),
      bottom: rule(8),
      left: none,
      right: none,
      insideHorizontal: { style: BorderStyle.SINGLE, size: 2, color: 'D0D3D6' },
      insideVertical: none,
    },
    rows: [
      ...part.head.map((row, at) => rowOf(row, part, size, at === part.head.length - 1)),
      ...part.rows.map((row) => rowOf(row, part, size, null)),
    ],
  })
}

const rule = (size: number) => ({ style: BorderStyle.SINGLE, size, color: '222222' })
const none = { style: BorderStyle.NONE, size: 0, color: 'auto' }

/** `lastOfHead` is null for a row of the body. */
function rowOf(
  row: PrintedRow,
  part: TablePart,
  size: number,
  lastOfHead: boolean | null,
): TableRow {
  const cells: TableCell[] = []
  let column = 0
  for (const cell of row.cells) {
    const span = cell.span ?? 1
    const width = part.columns.slice(column, column + span).reduce((sum, one) => sum + one.width, 0)
    cells.push(
      new TableCell({
        columnSpan: span,
        width: { size: twips(width), type: WidthType.DXA },
        ...(lastOfHead ? { borders: { bottom: rule(5) } } : {}),
        children: paragraphsOf(cell, {
          isHead: lastOfHead !== null,
          atEnd: part.columns[column]?.align === 'end',
          keepNext: row.heading,
          size,
        }),
      }),
    )
    column += span
  }
  while (column < part.columns.length) {
    cells.push(new TableCell({ children: [new Paragraph({})] }))
    column += 1
  }
  return new TableRow({ tableHeader: lastOfHead !== null, cantSplit: true, children: cells })
}

function paragraphsOf(
  cell: PrintedCell,
  style: { isHead: boolean; atEnd: boolean; keepNext: boolean; size: number },
): Paragraph[] {
  const bold = style.isHead || cell.strong === true
  const layout = {
    alignment: style.atEnd ? AlignmentType.RIGHT : AlignmentType.LEFT,
    keepNext: style.keepNext,
    ...(cell.indent ? { indent: { left: twips(cell.indent * 9) } } : {}),
  }
  if (cell.lines.length === 0) return [new Paragraph(layout)]
  return cell.lines.map(
    ({ text, quiet }) =>
      new Paragraph({
        ...layout,
        children: [
          ...(text === '' ? [] : [new TextRun({ text, bold, size: halfPoints(style.size) })]),
          ...(quiet === ''
            ? []
            : [
                new TextRun({
                  text: text === '' ? quiet : ` ${quiet}`,
                  size: halfPoints(style.size * quietScale),
                  color: quietColour,
                }),
              ]),
        ],
      }),
  )
}
