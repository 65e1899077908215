import pdfmake from 'pdfmake'
import type { Content, TDocumentDefinitions, TFontDictionary } from 'pdfmake/interfaces.js'
import type { Language } from '#domain/definition/definition.ts'
import { type Face, runsOf, type Weight } from './faces.ts'
import { svgInFaces } from './svg-text.ts'

/** A document as pdfmake describes it, without fonts: texts get the faces that hold their characters. */
export type PrintedDocument = Omit<TDocumentDefinitions, 'defaultStyle' | 'language'> & {
  language: Language
  /** Base font size in points; default 9. */
  fontSize?: number
}

type Files = { writeFileSync: (name: string, content: Buffer) => void }
/** pdfmake keeps one set of fonts for the process; faces are added to it as documents need them. */
const fonts: TFontDictionary = {}
pdfmake.setFonts(fonts)
pdfmake.setUrlAccessPolicy(() => false)
pdfmake.setLocalAccessPolicy(() => false)

/** The document as a PDF file. Nothing is read from disk or network but the fonts. */
export async function pdfOf({ language, fontSize = 9, ...document }: PrintedDocument) {
  const set = (content: unknown): unknown => withFaces(content, language)
  const base = runsOf('A', language)[0]?.face
  if (!base) throw new Error('There is no font for Latin text')
  provide(base)
  const repeated = (content: TDocumentDefinitions['header']): TDocumentDefinitions['header'] => {
    if (typeof content !== 'function') return set(content) as Content
    // Fonts must be known before the pages are made: asked once in advance, for they say the same on each.
    set(content(1, 1, { width: 0, height: 0, orientation: 'portrait' }))
    return (page, pages, size) => set(content(page, pages, size)) as Content
  }
  const prepared: TDocumentDefinitions = {
    ...document,
    language,
    content: set(document.content) as Content,
    defaultStyle: { font: base.name, fontSize, lineHeight: 1.2 },
  }
  if (document.header) prepared.header = repeated(document.header)
  if (document.footer) prepared.footer = repeated(document.footer)
  await letFiguresFindFonts()
  return pdfmake.createPdf(prepared).getBuffer()
}

type FontDocument = {
  getFontFile: (family: string, bold: boolean, italics: boolean) => string | null
  provideFont: (family: string, bold: boolean, italics: boolean) => unknown
  _fontFamilies: Record<string, unknown>
}
let areFontsFound = false

/**
 * A picture asks pdfmake for a font file by path, which it then reads from disk, where ours are not. It gets the name of the
 * font as it is already open in the document instead.
 */
async function letFiguresFindFonts(): Promise<void> {
  if (areFontsFound) return
  const base = runsOf('A', 'en')[0]?.face
  if (!base) return
  provide(base)
  const empty = pdfmake.createPdf({ content: [], defaultStyle: { font: base.name } })
  const opened = await (empty as unknown as { getStream: () => Promise<object> }).getStream()
  const document = Object.getPrototypeOf(opened) as FontDocument
  if (areFontsFound) return
  areFontsFound = true
  const { getFontFile } = document
  const opening = new WeakSet<FontDocument>()
  document.getFontFile = function (this: FontDocument, family, bold, italics) {
    const file = getFontFile.call(this, family, bold, italics)
    if (file === null || opening.has(this)) return file
    opening.add(this)
    try {
      const name = `${family}/${bold}/${italics}`
      this._fontFamilies[name] = this.provideFont(family, bold, italics)
      return name
    } finally {
      opening.delete(this)
    }
  }
}

function provide(face: Face): void {
  if (fonts[face.name]) return
  const { virtualfs } = pdfmake as unknown as { virtualfs: Files }
  const file = (weight: Weight) => {
    const name = `${face.name}-${weight}.ttf`
    virtualfs.writeFileSync(name, face.file(weight))
    return name
  }
  const [normal, bold] = [file(400), file(700)]
  fonts[face.name] = { normal, bold, italics: normal, bolditalics: bold }
}

/** Gives every text of a content tree its faces. */
function withFaces(content: unknown, language: Language): unknown {
  if (typeof content === 'string' || typeof content === 'number')
    return { text: inFaces(String(content), language) }
  if (Array.isArray(content)) return content.map((one) => withFaces(one, language))
  if (typeof content !== 'object' || content === null) return content
  const node = { ...(content as Record<string, unknown>) }
  if (node.text !== undefined) node.text = inlines(node.text, {}, language)
  for (const part of ['stack', 'columns', 'ul', 'ol']) {
    if (node[part] !== undefined) node[part] = withFaces(node[part], language)
  }
  if (typeof node.svg === 'string') node.svg = svgInFaces(node.svg, language, provide)
  if (node.table) {
    const table = node.table as { body: unknown[][] }
    node.table = { ...table, body: table.body.map((row) => withFaces(row, language)) }
  }
  if (node.toc) {
    const toc = node.toc as { title?: unknown }
    node.toc = { ...toc, title: withFaces(toc.title, language) }
  }
  return node
}

function inFaces(text: string, language: Language): { text: string; font: string }[] {
  return runsOf(text, language).map((run) => {
    provide(run.face)
    return { text: run.text, font: run.face.name }
  })
}

/** Nested texts as one flat list of runs, each with the style of all it lies in: pdfmake drops the style of inner lists. */
function inlines(text: unknown, style: object, language: Language): object[] {
  if (typeof text === 'string' || typeof text === 'number')
    return inFaces(String(text), language).map((run) => ({ ...style, ...run }))
  if (Array.isArray(text)) return text.flatMap((one) => inlines(one, style, language))
  if (typeof text !== 'object' || text === null) return []
  const { text: inner, ...own } = text as { text?: unknown }
  return inlines(inner, { ...style, ...own }, language)
}
