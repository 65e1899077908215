/**
 * The text of a figure for places without the page's fonts: PDF gets each run in the face that has its characters, so that
 * it can be read, searched and copied; PNG and Word get the outlines, so that it looks alike where no such font is. Runs are
 * placed by their widths here, since what lies beyond cannot be trusted with runs of one line.
 */
import type { Language } from '#domain/definition/definition.ts'
import { type Face, fontOf, type Run, runsOf, type Weight } from './faces.ts'
import { withPlainTints } from './svg-tints.ts'

const textElement = /<text([^>]*)>([^<]*)<\/text>/g
const attribute = /([\w:-]+)="([^"]*)"/g

/** Every text in runs of one face each; `provide` hears of the faces. */
export function svgInFaces(svg: string, language: Language, provide: (face: Face) => void): string {
  const base = runsOf('A', language)[0]?.face
  if (base) provide(base)
  return withTexts(svg, language, 700, (line) =>
    line.runs
      .map(({ run, x }) => {
        provide(run.face)
        const bold = line.weight === 400 ? '' : ' font-weight="bold"'
        return `<text x="${number(x)}" y="${number(line.y)}" font-size="${line.size}" font-family="${run.face.name}"${bold}>${escaped(run.text.trim())}</text>`
      })
      .join(''),
  )
}

/** Every text as a path. Title and description stay, for whoever reads the file. */
export function svgInOutlines(svg: string, language: Language): string {
  return withTexts(svg, language, 600, (line) =>
    line.runs
      .map(({ run, x }) => {
        const font = fontOf(run.face, line.weight)
        const scale = number(line.size / font.unitsPerEm, 5)
        const { glyphs, positions } = font.layout(run.text.trim())
        let d = ''
        let across = 0
        glyphs.forEach((glyph, index) => {
          d += glyph.path.translate(Math.round(across), 0).toSVG()
          across += positions[index]?.xAdvance ?? glyph.advanceWidth
        })
        if (d === '') return ''
        const place = `translate(${number(x)} ${number(line.y)}) scale(${scale} -${scale})`
        return `<path transform="${place}" d="${d}"/>`
      })
      .join(''),
  )
}

type Line = { runs: { run: Run; x: number }[]; y: number; size: number; weight: Weight }

/** Replaces each text by what `write` makes of it, in a group that keeps its colour and turn. */
function withTexts(
  svg: string,
  language: Language,
  heavy: Weight,
  write: (line: Line) => string,
): string {
  const plainSize = Number(/<svg[^>]* font-size="([\d.]+)"/.exec(svg)?.[1] ?? 12)
  return withPlainTints(svg)
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/ font-family="[^"]*"/, '')
    .replace(textElement, (_, attributes: string, text: string) => {
      const given = Object.fromEntries(
        [...attributes.matchAll(attribute)].map(([, name, value]) => [name, value]),
      ) as Record<string, string>
      const size = Number(given['font-size'] ?? plainSize)
      const weight = given['font-weight'] === undefined ? 400 : heavy
      const placed: Line['runs'] = []
      let width = 0
      for (const run of runsOf(unescaped(text), language)) {
        const lead = run.text.length - run.text.trimStart().length
        placed.push({ run, x: width + widthOf(run, lead, size, weight) })
        width += widthOf(run, run.text.length, size, weight)
      }
      const anchor = given['text-anchor']
      const shift = anchor === 'end' ? -width : anchor === 'middle' ? -width / 2 : 0
      const start = Number(given.x ?? 0) + shift
      const runs = placed.map(({ run, x }) => ({ run, x: x + start }))
      const line = write({ runs, y: Number(given.y ?? 0), size, weight })
      const kept = ['fill', 'fill-opacity', 'transform']
        .filter((name) => given[name] !== undefined)
        .map((name) => ` ${name}="${given[name]}"`)
        .join('')
      return line === '' ? '' : `<g${kept}>${line}</g>`
    })
}

/** Width of the first `length` characters of a run, in the units of `size`. */
function widthOf(run: Run, length: number, size: number, weight: Weight): number {
  if (length === 0) return 0
  const font = fontOf(run.face, weight)
  return (font.layout(run.text.slice(0, length)).advanceWidth * size) / font.unitsPerEm
}

function number(value: number, digits = 2): string {
  return String(Number(value.toFixed(digits)))
}

function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
