/** Books and single reports as files. One is made at a time: each takes a core for a second, and memory while it does. */

import { FigureProblem } from '#domain/analysis/figures/figure-problem.ts'
import type { FigureSpec } from '#domain/analysis/figures/figure-spec.ts'
import { renderFigure } from '#domain/analysis/figures/render-figure.ts'
import { reportFigureSpec } from '#domain/analysis/figures/spec-from-report.ts'
import { figureParts } from '#domain/analysis/printed/figure-parts.ts'
import { reportCsv } from '#domain/analysis/take-away.ts'
import type { Language } from '#domain/definition/definition.ts'
import { Problem } from '#domain/problem.ts'
import { pdfOf } from '../document/pdf.ts'
import { type BookSource, bookName, printedBook } from './book.ts'
import { bookDocx, reportDocx } from './book-docx.ts'
import { bookPdf, fileFacts, reportPdf } from './book-pdf.ts'
import { figurePng, figureSvg } from './figure-files.ts'

export const bookFormats = ['pdf', 'docx'] as const
export type BookFormat = (typeof bookFormats)[number]
export const reportFiles = [
  'report.pdf',
  'report.docx',
  'data.csv',
  'figure.svg',
  'figure.png',
  'figure.pdf',
] as const
export type ReportFile = (typeof reportFiles)[number]

export type DocumentFile = { name: string; mediaType: string; bytes: Buffer }

const mediaTypes = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  csv: 'text/csv; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
} as const
type Ending = keyof typeof mediaTypes

/** All reports as one document. */
export async function bookFile(
  source: BookSource,
  { format, language }: { format: BookFormat; language: Language },
): Promise<DocumentFile> {
  const book = printedBook(source, language)
  const bytes = await inTurn(() => (format === 'pdf' ? bookPdf(book) : bookDocx(book)))
  return { name: `${bookName(book)}.${format}`, mediaType: mediaTypes[format], bytes }
}

/**
 * One report as a document, its data, or its figure; `part` chooses the subgroup of a survival report, from 0. Throws
 * `not-found` for the figure of a report that has none.
 */
export async function reportFile(
  source: BookSource,
  { file, language, part = 0 }: { file: ReportFile; language: Language; part?: number },
): Promise<DocumentFile> {
  const book = printedBook(source, language)
  const [result] = source.results
  if (!result) throw new Problem('not-found')
  const ending = file.slice(file.lastIndexOf('.') + 1) as Ending
  const name = bookName(book, part > 0 ? `${result.oid}_${part}` : result.oid)
  const made = (bytes: Buffer): DocumentFile => ({
    name: `${name}.${ending}`,
    mediaType: mediaTypes[ending],
    bytes,
  })
  if (file === 'report.pdf') return made(await inTurn(() => reportPdf(book)))
  if (file === 'report.docx') return made(await inTurn(() => reportDocx(book)))
  if (file === 'data.csv') return made(Buffer.from(reportCsv(result, language)))
  const { body } = result
  const hasPart = part === 0 || (body.kind === 'survival' && body.parts[part] !== undefined)
  const spec = hasPart && !result.problem ? reportFigureSpec(body, result.title, part) : null
  if (!spec) throw new Problem('not-found')
  try {
    if (file === 'figure.svg') return made(Buffer.from(figureSvg(spec, language)))
    if (file === 'figure.png') return made(await inTurn(() => figurePng(spec, language)))
    return made(await inTurn(() => figurePdf(spec, book)))
  } catch (error) {
    if (error instanceof FigureProblem)
      throw new Problem('invalid-input', { where: 'figure', what: error.message })
    throw error
  }
}

/** 170 mm, the width of the text on A4, in points. */
const figureWidth = 482

/** The figure alone, a page of its own size; a forest too long for a page has several. */
async function figurePdf(spec: FigureSpec, book: ReturnType<typeof printedBook>): Promise<Buffer> {
  const { language } = book
  const figures = figureParts(spec).map((part) => renderFigure(part, { language }))
  const scale = (figure: { width: number }) => figureWidth / figure.width
  const height = Math.max(...figures.map((figure) => figure.height * scale(figure)))
  const title =
    typeof spec.title === 'string' ? spec.title : (spec.title[language] ?? spec.title.en)
  return pdfOf({
    language,
    pageSize: { width: figureWidth, height: Math.ceil(height) + 1 },
    pageMargins: 0,
    info: fileFacts(book, title),
    content: figures.map((figure, at) => ({
      svg: figure.svg,
      width: figureWidth,
      ...(at > 0 ? { pageBreak: 'before' as const } : {}),
    })),
  })
}

let last: Promise<unknown> = Promise.resolve()

function inTurn<T>(make: () => Promise<T>): Promise<T> {
  const turn = last.then(make, make)
  last = turn.catch(() => undefined)
  return turn
}
