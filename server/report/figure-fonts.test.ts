import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { drawFigure } from '#domain/analysis/figures/draw-figure.ts'
import type { FigureSpecInput } from '#domain/analysis/figures/figure-spec.ts'
import { figureFonts } from './figure-fonts.ts'

const folder = join(import.meta.dirname, '../../domain/analysis/figures/examples')
const spec = JSON.parse(readFileSync(join(folder, 'trial-profile.json'), 'utf8')) as FigureSpecInput

const codes = (range: string) => range.split(',').map((part) => Number.parseInt(part.slice(2), 16))
const printed = (svg: string) =>
  new Set(
    [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].flatMap((match) => [...(match[1] ?? '')]),
  )

describe('fonts of a figure', () => {
  it('are one piece for Latin text', () => {
    const fonts = figureFonts(drawFigure(spec).svg, 'en')
    expect(fonts.map((font) => font.family)).toEqual(['Noto Sans Variable'])
    expect(fonts[0]?.dataUri).toMatch(/^data:font\/woff2;base64,d09GMg/)
  })

  it.each([
    ['ja', 'Noto Sans JP Variable', 'Noto Sans SC Variable'],
    ['zh', 'Noto Sans SC Variable', 'Noto Sans JP Variable'],
  ] as const)(
    '%s: every character printed is covered once, by the fonts of its own language',
    (language, own, other) => {
      const { svg } = drawFigure(spec, { language })
      const fonts = figureFonts(svg, language)
      const covered = fonts.flatMap((font) => codes(font.unicodeRange))
      expect(new Set(covered).size).toBe(covered.length)
      for (const character of printed(svg)) expect(covered).toContain(character.codePointAt(0))
      expect(fonts.map((font) => font.family)).toContain(own)
      expect(fonts.map((font) => font.family)).not.toContain(other)
      for (const font of fonts) expect(codes(font.unicodeRange).length).toBeGreaterThan(0)
      expect(drawFigure(spec, { language, fonts }).svg).toContain(`@font-face{font-family:'${own}'`)
    },
  )

  it('are not made for characters that are in no font', () => {
    expect(
      figureFonts('<text>\u{10ffff}</text>', 'en').every(
        (font) => font.family === 'Noto Sans Variable',
      ),
    ).toBe(true)
  })

  it('are put into a figure only as data', () => {
    const bad = [{ family: "x'}body{", dataUri: 'https://elsewhere/x.woff2', unicodeRange: 'U+41' }]
    const { svg } = drawFigure(spec, { fonts: bad })
    expect(svg).not.toContain('elsewhere')
    expect(svg).not.toContain('body{')
  })
})
