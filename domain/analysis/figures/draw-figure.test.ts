import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { languages } from '#domain/definition/definition.ts'
import { drawFigure } from './draw-figure.ts'
import type { FigureSpecInput } from './figure-spec.ts'
import { everyKind, longLabel } from './testing/extremes.ts'
import { part, textBoxes, textFaults, xmlFault } from './testing/read-svg.ts'

const folder = join(import.meta.dirname, 'examples')
const examples = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file): [string, FigureSpecInput] => [
    file,
    JSON.parse(readFileSync(join(folder, file), 'utf8')),
  ])
const kindOf = (spec: FigureSpecInput, at: number): [string, FigureSpecInput] => [
  `${spec.kind} ${at}`,
  spec,
]

describe('every figure of the five papers', () => {
  it.each(examples)('%s is drawn in three languages without faults', (_, spec) => {
    for (const language of languages)
      for (const theme of ['screen', 'file'] as const)
        for (const width of [460, 760]) {
          const { svg } = drawFigure(spec, { language, theme, width })
          expect(xmlFault(svg)).toBeNull()
          expect(svg).not.toMatch(/NaN|undefined|Infinity|null/)
          expect(textFaults(svg), `${language} ${theme} ${width}`).toEqual([])
        }
  })
})

describe('numbers in print', () => {
  const said = (name: string) => {
    const found = examples.find(([file]) => file === `${name}.json`)
    if (!found) throw new Error(`no example ${name}`)
    const { svg, table, textAlternative } = drawFigure(found[1])
    return { shown: textBoxes(svg).map((box) => box.text), table, textAlternative }
  }

  it.each([
    ['trial-pfs', ['Tacrolimus 87 %', 'Ciclosporin A 71 %', 'log-rank p = 0.16']],
    ['trial-os', ['Tacrolimus 97 %', 'Ciclosporin A 93 %', 'log-rank p = 0.50']],
    ['trial-pfs-mda5', ['Tacrolimus 63 %', 'Ciclosporin A 40 %']],
    ['surveillance-os-subtype', ['Polymyositis 97.5 %', 'dermatomyositis 81.1 %']],
    ['mda5-os', ['Adjusted HR 0.44 (0.20–0.96), p = 0.040', 'log-rank p = 0.035']],
    ['addon-relapse', ['log-rank p = 0.003']],
    ['trial-profile', ['n = 60', 'n = 58', 'n = 30', 'n = 28', 'n = 26', 'n = 20']],
    ['cohort-flow', ['n = 67', 'n = 54', 'n = 31', 'n = 23', 'n = 18', 'n = 13', 'n = 5']],
    ['addon-flow', ['n = 41', 'n = 34', 'n = 12', 'n = 22']],
  ])('%s', (name, numbers) => {
    expect(said(name).shown).toEqual(expect.arrayContaining(numbers))
  })

  it('the hazard ratios of the surveillance: 31 of them, the widest with an arrow, others not estimable', () => {
    const { shown, table } = said('surveillance-hazards')
    expect(table.rows.filter((row) => typeof row[2] === 'number')).toHaveLength(31)
    expect(shown).toEqual(
      expect.arrayContaining(['9.04 (1.18–69.51)', '0.12 (0.03–0.53)', '8.61 (2.51–29.45)', 'NA']),
    )
    const longest = table.rows.findIndex((row) => row[0] === 'Disease duration y')
    expect(table.rows.slice(longest + 1, longest + 4).map((row) => row.slice(0, 5))).toEqual([
      ['<1', 121, 'Reference', null, null],
      ['1 to <5', 25, null, null, null],
      ['≥5', 11, 0.78, 0.1, 5.99],
    ])
  })

  it('%FVC over two years', () => {
    const { table } = said('surveillance-fvc')
    expect(table.rows.map((row) => row.slice(2, 5))).toEqual([
      [114, 78, 19.2],
      [52, 77.6, 21.2],
      [24, 81.3, 17.2],
      [36, 85, 15.9],
      [42, 88.8, 23.2],
      [18, 92.7, 17.2],
    ])
  })
})

describe('texts', () => {
  it.each(everyKind(longLabel).map(kindOf))(
    '%s: long labels neither overlap nor leave the picture',
    (_, spec) => {
      for (const language of languages)
        for (const width of [420, 760, 1200]) {
          const { svg } = drawFigure(spec, { language, width })
          expect(textFaults(svg), `${language} ${width}`).toEqual([])
        }
    },
  )

  it.each(everyKind().map(kindOf))('%s: short labels neither', (_, spec) => {
    for (const width of [420, 760, 1200])
      expect(textFaults(drawFigure(spec, { width }).svg), String(width)).toEqual([])
  })

  const hostile = `</text><script>alert(1)</script> & "quotes" \u0000\u0008\u202e ${'x'.repeat(10_000)}\ud800`
  it.each(everyKind(hostile).map(kindOf))('%s: hostile labels are escaped and cut', (_, spec) => {
    const { svg, textAlternative } = drawFigure(spec)
    expect(xmlFault(svg)).toBeNull()
    expect(svg).not.toContain('<script')
    expect(svg).toContain('&lt;script&gt;')
    for (const bad of ['\u0000', '\u0008', '\u202e', '\ud800']) expect(svg).not.toContain(bad)
    expect(svg).not.toContain('x'.repeat(500))
    expect(textAlternative.length).toBeLessThan(20_000)
    expect(textFaults(svg)).toEqual([])
  })
})

it('keeps hostile keys out of the markup', () => {
  const key = 'a"><script>\u0001\ud800&'
  const { svg } = drawFigure({
    kind: 'survival',
    title: 'T',
    time: { unit: 'day' },
    groups: [{ key, label: 'A', n: 1, events: 1, steps: [{ time: 1, value: 0 }] }],
  })
  expect(xmlFault(svg)).toBeNull()
  expect(svg).not.toContain('<script')
})

it('prints a footnote of a thousand characters whole', () => {
  const footnote = Array.from({ length: 150 }, (_, at) => `word${at}`).join(' ')
  const { svg } = drawFigure({ ...(everyKind()[0] as FigureSpecInput), footnotes: [footnote] })
  expect(part(svg, 'footnotes')).toContain('word149')
  expect(textFaults(svg)).toEqual([])
})

describe('for everybody', () => {
  it.each(everyKind().map(kindOf))('%s says what it shows and gives its numbers', (_, spec) => {
    for (const language of languages) {
      const { svg, textAlternative, table } = drawFigure(spec, { language })
      expect(svg).toMatch(/^<svg [^>]*role="img"/)
      expect(svg).toMatch(/<title>[^<]+<\/title><desc>[^<]+<\/desc>/)
      expect(textAlternative).toMatch(/\d/)
      expect(table.rows.length).toBeGreaterThan(0)
      expect(table.rows.every((row) => row.length === table.columns.length)).toBe(true)
      expect(table.rows.flat().some((cell) => typeof cell === 'number')).toBe(true)
    }
  })

  it.each(everyKind().map(kindOf))('%s has no colour in black and white', (_, spec) => {
    const { svg } = drawFigure(spec, { blackAndWhite: true })
    for (const [, red, green, blue] of svg.matchAll(/"#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})"/g))
      expect([green, blue]).toEqual([red, red])
  })

  it.each(everyKind().map(kindOf))(
    '%s follows the page on a screen and is fixed in a file',
    (_, spec) => {
      const screen = drawFigure(spec, { theme: 'screen' }).svg
      expect(screen).toContain('currentColor')
      expect(screen).not.toMatch(/(fill|stroke)="#/)
      const file = drawFigure(spec, { theme: 'file' }).svg
      expect(file).not.toMatch(/currentColor|var\(/)
    },
  )

  it.each(everyKind().map(kindOf))(
    '%s gives the same bytes again, and ids of its own',
    (_, spec) => {
      const copy = JSON.parse(JSON.stringify(spec)) as FigureSpecInput
      expect(drawFigure(copy).svg).toBe(drawFigure(spec).svg)
      const ids = [...drawFigure(spec).svg.matchAll(/ id="([^"]+)"/g)].map((match) => match[1])
      expect(new Set(ids).size).toBe(ids.length)
      const other = drawFigure({ ...spec, title: 'Another' }).svg
      for (const id of ids) expect(other).not.toContain(`id="${id}"`)
    },
  )
})
