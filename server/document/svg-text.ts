/**
 * The text of a figure for places without the page's fonts: PDF gets each run in the face that has its characters, so that
 * it can be read, searched and copied; PNG and Word get the outlines, so that it looks alike where no such font is.
 */
import type { Language } from '#domain/definition/definition.ts'
import { type Face, fontOf, runsOf } from './faces.ts'

const textElement = /<text([^>]*)>([^<]*)<\/text>/g
const attribute = /([\w:-]+)="([^"]*)"/g

/** Every text in runs of one face each; `provide` hears of the faces. */
export function svgInFaces(svg: string, language: Language, provide: (face: Face) => void): string {
  const base = runsOf('A', language)[0]?.face
  if (base) provide(base)
  return svg
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/ font-family="[^"]*"/, base ? ` font-family="${base.name}"` : '')
    .replace(textElement, (_, attributes: string, text: string) => {
      const runs = runsOf(unescaped(text), language).map((run) => {
        provide(run.face)
        return `<tspan font-family="${run.face.name}">${escaped(run.text)}</tspan>`
      })
      const bold = attributes.replace(/font-weight="(?:[6-9]00)"/, 'font-weight="bold"')
      return `<text xml:space="preserve"${bold}>${runs.join('')}</text>`
    })
}

/** Every text as a path. Title and description stay, for whoever reads the file. */
export function svgInOutlines(svg: string, language: Language): string {
  const size = Number(/<svg[^>]* font-size="([\d.]+)"/.exec(svg)?.[1] ?? 12)
  return svg
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/ font-family="[^"]*"/, '')
    .replace(textElement, (_, attributes: string, text: string) => {
      const given = Object.fromEntries(
        [...attributes.matchAll(attribute)].map(([, name, value]) => [name, value]),
      ) as Record<string, string>
      return outline(unescaped(text), language, given, size)
    })
}

function outline(
  text: string,
  language: Language,
  given: Record<string, string>,
  plainSize: number,
): string {
  const size = Number(given['font-size'] ?? plainSize)
  const weight = given['font-weight'] ? 600 : 400
  const shapes: { d: string; at: number; scale: number }[] = []
  let width = 0
  for (const run of runsOf(text, language)) {
    const font = fontOf(run.face, weight)
    const scale = size / font.unitsPerEm
    let across = 0
    let d = ''
    const { glyphs, positions } = font.layout(run.text)
    glyphs.forEach((glyph, index) => {
      d += glyph.path.translate(Math.round(across), 0).toSVG()
      across += positions[index]?.xAdvance ?? glyph.advanceWidth
    })
    if (d !== '') shapes.push({ d, at: width, scale })
    width += across * scale
  }
  const anchor = given['text-anchor']
  const shift = anchor === 'end' ? -width : anchor === 'middle' ? -width / 2 : 0
  const x = Number(given.x ?? 0) + shift
  const y = Number(given.y ?? 0)
  const fill = given.fill === undefined ? '' : ` fill="${given.fill}"`
  const turn = given.transform === undefined ? '' : ` transform="${given.transform}"`
  const paths = shapes.map(
    ({ d, at, scale }) =>
      `<path transform="translate(${number(x + at)} ${number(y)}) scale(${number(scale, 5)} ${number(-scale, 5)})" d="${d}"/>`,
  )
  return `<g${turn}${fill}>${paths.join('')}</g>`
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
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
