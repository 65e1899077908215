/** Reads the text of a PDF that pdfkit wrote, page by page, by the fonts' own character maps: what a reader could copy. */
import { inflateSync } from 'node:zlib'

export type PdfPage = { text: string; width: number; height: number }

/** Pages in their order; text in the order in which it was drawn, without spaces. */
export function pdfPages(bytes: Buffer): PdfPage[] {
  const file = new Objects(bytes)
  const root = file.text(/\/Type \/Catalog[\s\S]*?\/Pages (\d+) 0 R/)
  return kidsOf(file, root).map((page) => {
    const object = file.object(page)
    const box = numbers(/\/MediaBox \[([^\]]*)\]/.exec(object)?.[1] ?? '')
    const resources = file.object(reference(object, 'Resources'))
    return {
      text: pageText(file, reference(object, 'Contents'), resources).replaceAll(/\s/g, ''),
      width: box[2] ?? 0,
      height: box[3] ?? 0,
    }
  })
}

class Objects {
  private readonly bodies = new Map<number, Buffer>()
  private readonly whole: string

  constructor(bytes: Buffer) {
    this.whole = bytes.toString('latin1')
    for (const match of this.whole.matchAll(/(\d+) 0 obj\n/g)) {
      const from = match.index + match[0].length
      const to = this.whole.indexOf('\nendobj', from)
      this.bodies.set(Number(match[1]), bytes.subarray(from, to))
    }
  }

  text(pattern: RegExp): number {
    return Number(pattern.exec(this.whole)?.[1])
  }

  object(number: number): string {
    return this.bodies.get(number)?.toString('latin1') ?? ''
  }

  stream(number: number): Buffer {
    const body = this.bodies.get(number) ?? Buffer.alloc(0)
    const text = body.toString('latin1')
    const from = text.indexOf('stream\n') + 7
    const to = text.lastIndexOf('\nendstream')
    const bytes = body.subarray(from, to)
    return text.slice(0, from).includes('/FlateDecode') ? inflateSync(bytes) : bytes
  }
}

const numbers = (text: string) => text.trim().split(/\s+/).map(Number)
const reference = (object: string, name: string) =>
  Number(new RegExp(`/${name} (\\d+) 0 R`).exec(object)?.[1])

function kidsOf(file: Objects, pages: number): number[] {
  const kids = /\/Kids \[([^\]]*)\]/.exec(file.object(pages))?.[1] ?? ''
  return [...kids.matchAll(/(\d+) 0 R/g)].map((match) => Number(match[1]))
}

function pageText(file: Objects, contents: number, resources: string): string {
  const fonts = new Map<string, Map<string, string>>()
  const listed = /\/Font <<([\s\S]*?)>>/.exec(resources)?.[1] ?? ''
  for (const [, name, number] of listed.matchAll(/\/(F\d+) (\d+) 0 R/g))
    fonts.set(name as string, charactersOf(file, Number(number)))
  const content = file.stream(contents).toString('latin1')
  let font = new Map<string, string>()
  let text = ''
  for (const token of content.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ|<([0-9a-f]+)> Tj/g)) {
    if (token[1]) font = fonts.get(token[1]) ?? new Map()
    else
      for (const [, hex = ''] of `${token[2] ?? `<${token[3]}>`}`.matchAll(/<([0-9a-f]+)>/g))
        for (let at = 0; at < hex.length; at += 4)
          text += font.get(hex.slice(at, at + 4)) ?? '\uFFFD'
  }
  return text
}

/** Codes of a font to characters, from its ToUnicode map. */
function charactersOf(file: Objects, font: number): Map<string, string> {
  const map = file.stream(reference(file.object(font), 'ToUnicode')).toString('latin1')
  const found = new Map<string, string>()
  for (const [, from = '', , list = ''] of map.matchAll(
    /<([0-9a-f]{4})> <([0-9a-f]{4})> \[([^\]]*)\]/g,
  )) {
    let code = Number.parseInt(from, 16)
    for (const [, units = ''] of list.matchAll(/<([0-9a-f ]*)>/g)) {
      const characters = (units.replaceAll(' ', '').match(/.{4}/g) ?? [])
        .map((unit) => String.fromCharCode(Number.parseInt(unit, 16)))
        .join('')
      found.set(code.toString(16).padStart(4, '0'), characters)
      code += 1
    }
  }
  return found
}
