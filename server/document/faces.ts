/**
 * The fonts of printed documents: Noto Sans, for Japanese and Chinese each with the glyph shapes of its own language. A
 * font file holds one script, so a text is cut into runs, each in the first face that has its characters; rare signs (≥, ①)
 * come from the small slices that the font package offers by Unicode range.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { create, type Font } from 'fontkit'
import type { Language } from '#domain/definition/definition.ts'
import { fontOfWoff } from './woff.ts'

export type Weight = 400 | 600 | 700
export type Face = {
  /** Name within a document: `noto-sans-jp-japanese`. */
  name: string
  file: (weight: Weight) => Buffer
  has: (codePoint: number) => boolean
}
export type Run = { face: Face; text: string }

type Source = { family: 'noto-sans' | 'noto-sans-jp' | 'noto-sans-sc'; subset: string }

const latin: readonly Source[] = [
  { family: 'noto-sans', subset: 'latin' },
  { family: 'noto-sans', subset: 'latin-ext' },
  { family: 'noto-sans', subset: 'greek' },
]
const japanese: Source = { family: 'noto-sans-jp', subset: 'japanese' }
const chinese: Source = { family: 'noto-sans-sc', subset: 'chinese-simplified' }
const order: Record<Language, readonly Source[]> = {
  en: [...latin, japanese, chinese],
  ja: [...latin, japanese, chinese],
  zh: [...latin, chinese, japanese],
}
/** Stands for a character that no face has. */
const replacement = '\u25A1'

const files = new Map<string, Buffer>()
const fonts = new Map<string, Font>()
const found = new Map<string, Face | null>()
const faces = new Map<string, Face>()
const slices = new Map<string, readonly { subset: string; ranges: readonly [number, number][] }[]>()

/** Cuts a text into runs of one face each. Characters that print nothing (controls, joiners) are left out. */
export function runsOf(text: string, language: Language): Run[] {
  const runs: Run[] = []
  for (const sign of [...text.normalize('NFC')].flatMap((one) => printable(one, language))) {
    const codePoint = sign.codePointAt(0) as number
    if (isUnprintable(codePoint)) continue
    const last = runs.at(-1)
    // A space stays with what it follows, so that words keep one run.
    if (last && (sign === ' ' || sign === '\n') && last.face.has(0x20)) {
      last.text += sign
      continue
    }
    const face = faceFor(sign === '\n' ? 0x20 : codePoint, language)
    const shown = face ? sign : replacement
    const used = face ?? (faceFor(replacement.codePointAt(0) as number, language) as Face)
    if (last?.face === used) last.text += shown
    else runs.push({ face: used, text: shown })
  }
  return runs
}

/** A sign, or where no face has it the plain signs it stands for (Ⅲ is III). */
function printable(sign: string, language: Language): string[] {
  const codePoint = sign.codePointAt(0) as number
  if (isUnprintable(codePoint) || sign === '\n' || faceFor(codePoint, language)) return [sign]
  const plain = [...sign.normalize('NFKC')]
  return plain.every((one) => faceFor(one.codePointAt(0) as number, language)) ? plain : [sign]
}

function isUnprintable(codePoint: number): boolean {
  return (
    (codePoint < 0x20 && codePoint !== 0x0a) ||
    (codePoint >= 0x7f && codePoint < 0xa0) ||
    (codePoint >= 0x200b && codePoint <= 0x200f) ||
    (codePoint >= 0x202a && codePoint <= 0x202e) ||
    (codePoint >= 0x2060 && codePoint <= 0x206f) ||
    (codePoint >= 0xd800 && codePoint <= 0xdfff) ||
    (codePoint >= 0xfe00 && codePoint <= 0xfe0f) ||
    codePoint === 0xfeff
  )
}

function faceFor(codePoint: number, language: Language): Face | null {
  const key = `${language}${codePoint}`
  const known = found.get(key)
  if (known !== undefined) return known
  const face = lookFor(codePoint, language)
  found.set(key, face)
  return face
}

function lookFor(codePoint: number, language: Language): Face | null {
  const sources = order[language]
  const main = sources.map(faceOf).find((face) => face.has(codePoint))
  if (main) return main
  for (const { family } of sources) {
    for (const slice of slicesOf(family)) {
      const isIn = slice.ranges.some(([from, to]) => codePoint >= from && codePoint <= to)
      if (!isIn) continue
      const face = faceOf({ family, subset: slice.subset })
      if (face.has(codePoint)) return face
    }
  }
  return null
}

function faceOf({ family, subset }: Source): Face {
  const name = `${family}-${subset}`
  const known = faces.get(name)
  if (known) return known
  const file = (weight: Weight) => {
    const path = `${name}-${weight}-normal.woff`
    const read = files.get(path) ?? fontOfWoff(readFileSync(join(packageOf(family), 'files', path)))
    files.set(path, read)
    return read
  }
  let font: Font | undefined
  const face: Face = {
    name,
    file,
    has: (codePoint) => {
      font ??= create(file(400)) as Font
      return font.hasGlyphForCodePoint(codePoint)
    },
  }
  faces.set(name, face)
  return face
}

/** The outlines and widths of a face. */
export function fontOf(face: Face, weight: Weight): Font {
  const key = `${face.name}-${weight}`
  const known = fonts.get(key)
  if (known) return known
  const font = create(face.file(weight)) as Font
  fonts.set(key, font)
  return font
}

/** From the folder the program runs in: a bundler would resolve a package to a number of its own. */
function packageOf(family: Source['family']): string {
  return join(process.cwd(), 'node_modules', '@fontsource', family)
}

/** The slices of a family with their Unicode ranges, as its package lists them. */
function slicesOf(family: Source['family']) {
  const known = slices.get(family)
  if (known) return known
  const listed = JSON.parse(
    readFileSync(join(packageOf(family), 'unicode.json'), 'utf8'),
  ) as Record<string, string>
  const read = Object.entries(listed).map(([subset, ranges]) => ({
    subset: subset.replace(/^\[(\d+)\]$/, '$1'),
    ranges: ranges.split(',').map((range): [number, number] => {
      const [from = '', to = from] = range.trim().replace(/^U\+/i, '').split('-')
      return [Number.parseInt(from, 16), Number.parseInt(to, 16)]
    }),
  }))
  slices.set(family, read)
  return read
}
