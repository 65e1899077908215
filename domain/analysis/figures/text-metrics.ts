/**
 * Widths of texts without a browser, so that labels are laid out alike in server and browser. Latin letters, digits and
 * signs have the measured advance widths of Noto Sans (`font-widths.ts`); Chinese, Japanese and Korean characters are an
 * em wide; every other character counts as wide as the widest Latin letter, rather too much than too little.
 */
import { asciiWidths, latinWidths, signWidths } from './font-widths.ts'

export type Weight = 400 | 600

const widestLetter = 1170

function advance(code: number, weight: Weight): number {
  if (code >= 0x20 && code < 0x7f) return asciiWidths[weight][code - 0x20] as number
  if (code >= 0xa0 && code <= 0xff) return latinWidths[weight][code - 0xa0] as number
  const sign = signWidths[code]
  if (sign) return sign[weight === 400 ? 0 : 1]
  if (isCombining(code)) return 0
  return code >= 0x2e80 ? 1000 : widestLetter
}

function isCombining(code: number): boolean {
  return (
    (code >= 0x300 && code <= 0x36f) ||
    (code >= 0x200b && code <= 0x200d) ||
    (code >= 0xfe00 && code <= 0xfe0f)
  )
}

/** Width in units of the figure; `size` is the type size. */
export function textWidth(text: string, size = 12, weight: Weight = 400): number {
  let width = 0
  for (const character of text) width += advance(character.codePointAt(0) as number, weight)
  return (width * size) / 1000
}

/** Characters that XML cannot hold, controls, and marks that turn the direction of text. */
const unprintable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** One line of printable text, cut at `limit` characters with an ellipsis. */
export function cleanText(text: string, limit = 400): string {
  // Cut before the pattern runs: a label of a million characters must not cost anything.
  const plain = text
    .slice(0, limit * 4)
    .replace(unprintable, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  const characters = [...plain]
  const cut = characters.length > limit || text.length > limit * 4
  return cut ? `${characters.slice(0, limit).join('').trimEnd()}…` : plain
}

/** Japanese and Chinese lines break between any two characters, but not before these and not after those. */
const notFirst = new Set(
  '、。，．・：；？！）」』】〕〉》］｝ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ,.:;?!)]}%％…'.split(
    '',
  ),
)
const notLast = new Set('（「『【〔〈《［｛([{'.split(''))

function isWide(character: string): boolean {
  return (character.codePointAt(0) as number) >= 0x2e80
}

/** "p = 0.16" and "1.2 ± 0.3" stay whole. */
const relations = new Set('=<>±'.split(''))

/** Pieces that stay together on a line; a space belongs to the piece before it. */
function pieces(text: string): string[] {
  const result: string[] = []
  let piece = ''
  let before = ''
  let beforeThat = ''
  for (const character of text) {
    const breaks =
      before !== '' &&
      ((before === ' ' && !relations.has(character) && !relations.has(beforeThat)) ||
        ((isWide(before) || isWide(character)) &&
          !notFirst.has(character) &&
          !notLast.has(before) &&
          character !== ' ' &&
          !isCombining(character.codePointAt(0) as number)))
    if (breaks) {
      result.push(piece)
      piece = ''
    }
    piece += character
    beforeThat = before
    before = character
  }
  if (piece !== '') result.push(piece)
  return result
}

export type WrapOptions = { size?: number; weight?: Weight; maxLines?: number }

/** Line after line as full as it gets. */
function greedyLines(text: string, width: number, options: WrapOptions): string[] {
  const { size = 12, weight = 400, maxLines = 3 } = options
  const measure = (line: string) => textWidth(line.trimEnd(), size, weight)
  const lines: string[] = []
  let line = ''
  for (const piece of pieces(cleanText(text, 1200))) {
    if (line !== '' && measure(line + piece) > width) {
      lines.push(line.trimEnd())
      line = ''
    }
    if (measure(piece) <= width) {
      line += piece
      continue
    }
    for (const character of piece) {
      if (line !== '' && measure(line + character) > width) {
        lines.push(line.trimEnd())
        line = ''
      }
      line += character
    }
  }
  if (line.trimEnd() !== '') lines.push(line.trimEnd())
  if (lines.length <= maxLines) return lines
  const kept = lines.slice(0, maxLines)
  let last = kept[maxLines - 1] as string
  while (last !== '' && measure(`${last}…`) > width)
    last = [...last].slice(0, -1).join('').trimEnd()
  kept[maxLines - 1] = `${last}…`
  return kept
}

/** Lines no wider than `width`; the last of `maxLines` ends with an ellipsis when there is more. Words break only when they must. */
export function wrapText(text: string, width: number, options: WrapOptions = {}): string[] {
  const { maxLines = 3 } = options
  const lines = greedyLines(text, width, options)
  const short = lines.length > 1 && lines.length <= 3 && maxLines <= 3
  if (!short || lines.at(-1)?.endsWith('…')) return lines
  // Labels of two or three lines get lines of like length: no last letter alone.
  const { size = 12, weight = 400 } = options
  const longest = widest(
    pieces(cleanText(text, 1200)).map((piece) => piece.trimEnd()),
    size,
    weight,
  )
  if (longest >= width) return lines
  let [low, high] = [Math.max(width / lines.length, longest), width]
  for (let round = 0; round < 6; round++) {
    const middle = (low + high) / 2
    const tried = greedyLines(text, middle, { ...options, maxLines: 99 })
    if (tried.length > lines.length) low = middle
    else high = middle
  }
  return greedyLines(text, high, options)
}

export function widest(lines: readonly string[], size = 12, weight: Weight = 400): number {
  return lines.reduce((most, line) => Math.max(most, textWidth(line, size, weight)), 0)
}
