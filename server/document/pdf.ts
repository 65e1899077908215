import pdfmake from 'pdfmake'
import type { Content, TDocumentDefinitions, TFontDictionary } from 'pdfmake/interfaces.js'
import type { Language } from '#domain/definition/definition.ts'
import { type Face, runsOf, type Weight } from './faces.ts'

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
  return pdfmake.createPdf(prepared).getBuffer()
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
