/** The space on paper where a value is written: boxes for digits, rings for one choice, squares for several. */
import type { CanvasElement, Content } from 'pdfmake/interfaces.js'
import type { CodeListDef, ItemDef, Label, Language } from '#domain/definition/definition.ts'
import { inLanguage } from '../display.ts'
import type { CrfWord } from './crf-words.ts'

export type Print = {
  language: Language
  annotated: boolean
  word: (word: CrfWord) => string
  codeLists: ReadonlyMap<string, CodeListDef>
}

/** Lists that are longer are printed once, at the end of the form. */
export const longestChoice = 12
/** Colour of what is explanation and not form, readable in grey too. */
export const noteColour = '#1d4e89'
const line = '#555555'
const box = { width: 11, height: 14, gap: 2 }

export function codesOf(item: ItemDef, { codeLists }: Print) {
  const codes = item.codeList === undefined ? [] : (codeLists.get(item.codeList)?.codes ?? [])
  return codes.filter(({ code }) => item.codes === undefined || item.codes.includes(code))
}

/** Where the item's value goes; `unit` is what is printed behind it. */
export function entrySpace(item: ItemDef, print: Print, unit?: string): Content {
  const { word } = print
  if (item.derive !== undefined && (item.entry ?? 'never') === 'never')
    return { text: `${word('computed')}${unit ? `, ${unit}` : ''}`, color: '#777777' }
  switch (item.type) {
    case 'code':
    case 'codes':
      return choices(item, print)
    case 'integer':
    case 'decimal':
      return withUnit(digits(item.length ?? 5, item.digits ?? 0), unit)
    case 'date':
      return withUnit(boxes([4, 2, 2]), 'YYYY-MM-DD')
    case 'partialDate':
      return withUnit(boxes([4, 2, 2]), 'YYYY-MM-DD / YYYY-MM / YYYY')
    case 'dateTime':
      return withUnit(boxes([4, 2, 2, 2, 2]), 'YYYY-MM-DD hh:mm')
    case 'time':
      return withUnit(boxes([2, 2]), 'hh:mm')
    default:
      return rule((item.length ?? 200) > 80 ? 2 : 1)
  }
}

/** A box of a table cell: choices in words, all else left free. */
export function cellSpace(item: ItemDef, print: Print): Content {
  if (item.derive !== undefined && (item.entry ?? 'never') === 'never')
    return { text: print.word('computed'), color: '#777777' }
  if ((item.type === 'code' || item.type === 'codes') && codesOf(item, print).length <= 4)
    return choices(item, print)
  return { text: ' ' }
}

function choices(item: ItemDef, print: Print): Content {
  const codes = codesOf(item, print)
  if (codes.length === 0 || codes.length > longestChoice)
    return withUnit(
      { canvas: [rect(0, 90)] },
      `${print.word('code')}${item.codeList ? ` ${item.codeList}` : ''}`,
    )
  return {
    stack: codes.map(({ code, label }) => ({
      columns: [
        { canvas: [mark(item.type === 'codes')], width: 13 },
        { text: choiceText(code, label, print), width: '*' },
      ],
    })),
  }
}

function choiceText(code: string, label: Label, { language, annotated }: Print): Content {
  const text = inLanguage(label, language)
  return annotated ? [text, { text: `  ${code}`, color: noteColour, fontSize: 7 }] : text
}

function mark(isSquare: boolean): CanvasElement {
  return isSquare
    ? { type: 'rect', x: 0, y: 2, w: 8, h: 8, lineWidth: 0.6, lineColor: line }
    : { type: 'ellipse', x: 4, y: 6, r1: 4, r2: 4, lineWidth: 0.6, lineColor: line }
}

const rect = (x: number, w = box.width): CanvasElement => ({
  type: 'rect',
  x,
  y: 0,
  w,
  h: box.height,
  lineWidth: 0.6,
  lineColor: line,
})

/** Boxes in groups, with a short stroke between groups. */
function boxes(groups: readonly number[]): { canvas: CanvasElement[] } {
  const canvas: CanvasElement[] = []
  let x = 0
  for (const [index, count] of groups.entries()) {
    if (index > 0) {
      const y = box.height / 2
      canvas.push({ type: 'line', x1: x, y1: y, x2: x + 4, y2: y, lineWidth: 0.8, lineColor: line })
      x += 4 + box.gap
    }
    for (let n = 0; n < count; n += 1) {
      canvas.push(rect(x))
      x += box.width + box.gap
    }
  }
  return { canvas }
}

/** Boxes for `length` digits in all, `after` of them behind the point. */
function digits(length: number, after: number): { canvas: CanvasElement[] } {
  const canvas: CanvasElement[] = []
  let x = 0
  for (let n = 0; n < Math.min(length, 14); n += 1) {
    if (after > 0 && n === Math.min(length, 14) - after) {
      canvas.push({ type: 'ellipse', x: x + 1, y: box.height - 2, r1: 1, r2: 1, color: line })
      x += 3 + box.gap
    }
    canvas.push(rect(x))
    x += box.width + box.gap
  }
  return { canvas }
}

function rule(lines: number): Content {
  return {
    canvas: Array.from(
      { length: lines },
      (_, index): CanvasElement => ({
        type: 'line',
        x1: 0,
        y1: 13 + index * 16,
        x2: 270,
        y2: 13 + index * 16,
        lineWidth: 0.6,
        lineColor: line,
      }),
    ),
  }
}

function withUnit(space: { canvas: CanvasElement[] }, unit: string | undefined): Content {
  if (!unit || unit === '1') return space
  return {
    columns: [
      { ...space, width: 'auto' },
      { text: unit, width: '*', margin: [5, 2, 0, 0], color: '#444444' },
    ],
  }
}
