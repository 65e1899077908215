/**
 * The fonts that a standalone figure carries with it: of the installed Noto Sans packages only those pieces (each covers
 * some ranges of characters) whose characters occur in the figure, as data URIs. Reads font files, hence not in domain.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FigureProblem } from '#domain/analysis/figures/figure-problem.ts'
import type { EmbeddedFont } from '#domain/analysis/figures/render-figure.ts'
import type { Language } from '#domain/definition/definition.ts'

type Family = { name: string; family: string }
const latin: Family = { name: 'noto-sans', family: 'Noto Sans Variable' }
const japanese: Family = { name: 'noto-sans-jp', family: 'Noto Sans JP Variable' }
const chinese: Family = { name: 'noto-sans-sc', family: 'Noto Sans SC Variable' }

/** Han characters look different in the two languages: the figure's own language goes first, the other fills gaps. */
const order: Record<Language, readonly Family[]> = {
  en: [latin, japanese, chinese],
  ja: [latin, japanese, chinese],
  zh: [latin, chinese, japanese],
}

const rangesOf = new Map<string, { folder: string; subsets: [string, string][] }>()

function packageOf(name: string): { folder: string; subsets: [string, string][] } {
  const known = rangesOf.get(name)
  if (known) return known
  // From the folder the program runs in: a bundler would resolve a package to a number of its own.
  const folder = join(process.cwd(), 'node_modules', '@fontsource-variable', name)
  if (!existsSync(join(folder, 'unicode.json'))) {
    throw new FigureProblem(
      'no-font',
      `the font package @fontsource-variable/${name} is not installed`,
    )
  }
  const ranges = JSON.parse(readFileSync(join(folder, 'unicode.json'), 'utf8')) as Record<
    string,
    string
  >
  const found = { folder, subsets: Object.entries(ranges) }
  rangesOf.set(name, found)
  return found
}

function covers(range: string, code: number): boolean {
  return range.split(',').some((part) => {
    const [from, to] = part.trim().replace(/^U\+/i, '').split('-') as [string, string | undefined]
    const low = Number.parseInt(from, 16)
    return code >= low && code <= (to === undefined ? low : Number.parseInt(to, 16))
  })
}

/** Pieces of the fonts for the characters of an SVG text. Characters that no font has are left to the reader's fonts. */
export function figureFonts(svg: string, language: Language): EmbeddedFont[] {
  const missing = new Set<number>()
  // Only what is printed: titles and descriptions are read, not drawn.
  for (const text of svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g))
    for (const character of text[1] as string) missing.add(character.codePointAt(0) as number)
  for (const character of '&<>"') missing.add(character.codePointAt(0) as number)
  const fonts: EmbeddedFont[] = []
  for (const { name, family } of order[language]) {
    const { folder, subsets } = packageOf(name)
    // The later pieces hold the common characters; a character of several pieces is taken from the last.
    for (const [subset, range] of [...subsets].reverse()) {
      const own = [...missing].filter((code) => covers(range, code))
      if (own.length === 0) continue
      const file = join(
        folder,
        'files',
        `${name}-${subset.replace(/[[\]]/g, '')}-wght-normal.woff2`,
      )
      if (!existsSync(file)) continue
      for (const code of own) missing.delete(code)
      fonts.push({
        family,
        dataUri: `data:font/woff2;base64,${readFileSync(file).toString('base64')}`,
        unicodeRange: own.map((code) => `U+${code.toString(16)}`).join(','),
      })
    }
    if (missing.size === 0) break
  }
  return fonts
}
