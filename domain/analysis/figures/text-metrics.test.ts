import { describe, expect, it } from 'vitest'
import { cleanText, textWidth, wrapText } from './text-metrics.ts'
import { seriesColours, Theme } from './theme.ts'

describe('widths', () => {
  it('are those of the font for Latin, an em for Han and kana, never nothing', () => {
    // Measured in Chromium with Noto Sans at 1000 px.
    expect(textWidth('AV', 1000)).toBe(639 + 600)
    expect(textWidth('0', 12)).toBeCloseTo(6.86, 2)
    expect(textWidth('無作為', 12)).toBe(36)
    expect(textWidth('Ω', 12)).toBeGreaterThan(10)
    expect(textWidth('bold', 12, 600)).toBeGreaterThan(textWidth('bold', 12))
  })
})

describe('wrapping', () => {
  it('keeps every line inside the width and loses no letter', () => {
    const text =
      'Subjects with interstitial lung disease and anti-MDA5 antibody, previously treated'
    const lines = wrapText(text, 120, { maxLines: 20 })
    expect(lines.every((line) => textWidth(line) <= 120)).toBe(true)
    expect(lines.join(' ')).toBe(text)
  })

  it('breaks Japanese and Chinese between characters, not before their punctuation', () => {
    const text = '急速進行性間質性肺疾患を合併し、抗体が陽性である。（全例）'
    const lines = wrapText(text, 72, { maxLines: 20 })
    expect(lines.join('')).toBe(text)
    expect(lines.every((line) => textWidth(line) <= 72)).toBe(true)
    expect(lines.some((line) => /^[、。）]/.test(line))).toBe(false)
    expect(lines.some((line) => line.endsWith('（'))).toBe(false)
  })

  it('cuts a word that no line holds, ends with an ellipsis when lines run out', () => {
    const lines = wrapText('x'.repeat(200), 60, { maxLines: 2 })
    expect(lines).toHaveLength(2)
    expect(lines[1]).toMatch(/…$/)
    expect(lines.every((line) => textWidth(line) <= 60)).toBe(true)
    expect(wrapText('', 60)).toEqual([])
  })

  it('fills the lines of a label alike, without parting words for it', () => {
    const [first = '', second = ''] = wrapText('タクロリムス＋ピルフェニドン', 150)
    expect(Math.abs(textWidth(first) - textWidth(second))).toBeLessThan(40)
    expect(wrapText('Group 1', 40)).toEqual(['Group', '1'])
    expect(wrapText('Ciclosporin A and prednisolone', 130)).toEqual([
      'Ciclosporin A and',
      'prednisolone',
    ])
  })

  it('does not part a p-value', () => {
    for (let width = 60; width < 200; width += 7)
      expect(wrapText('adjusted, p = 0.040', width).some((line) => /p$|=$/.test(line))).toBe(false)
  })
})

it('cleans controls, marks of direction and halves of characters, and cuts', () => {
  expect(cleanText('a\u0000b\u202ec\ud800d\n\n e')).toBe('a b c d e')
  expect([...cleanText('𠮷'.repeat(500))]).toHaveLength(401)
  expect(cleanText('x'.repeat(1_000_000)).length).toBe(401)
})

describe('series', () => {
  const channel = (value: number) =>
    value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  const luminance = (colour: string) => {
    const [red, green, blue] = [1, 3, 5].map((at) =>
      channel(Number.parseInt(colour.slice(at, at + 2), 16) / 255),
    ) as [number, number, number]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const contrast = (a: string, b: string) => {
    const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
    return (high + 0.05) / (low + 0.05)
  }

  it('stand out from the paper in light and dark as text must', () => {
    for (const { light, dark } of seriesColours) {
      expect(contrast(light, '#ffffff')).toBeGreaterThanOrEqual(4.5)
      expect(contrast(dark, '#1b1e22')).toBeGreaterThanOrEqual(4.5)
    }
  })

  it('are told apart without colour: no two of twelve share dash, width and shade', () => {
    const theme = new Theme('file', true)
    const looks = Array.from({ length: 12 }, (_, at) => {
      const { colour, dash, width, hollow } = theme.series(at)
      return JSON.stringify([colour, dash, width, hollow])
    })
    expect(new Set(looks).size).toBe(12)
    const coloured = Array.from({ length: 24 }, (_, at) => {
      const { colour, dash, width } = new Theme('file', false).series(at)
      return JSON.stringify([colour, dash, width])
    })
    expect(new Set(coloured).size).toBe(24)
  })
})
