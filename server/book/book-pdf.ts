import type { Content } from 'pdfmake/interfaces.js'
import { conditionsOf } from '#domain/analysis/printed/conditions.ts'
import { footerOf, momentText } from '#domain/analysis/printed/print-report.ts'
import type { PrintedReport } from '#domain/analysis/printed/printed-report.ts'
import { sayIn } from '#domain/analysis/printed/say.ts'
import { inLanguage } from '../display.ts'
import { type PrintedDocument, pdfOf } from '../document/pdf.ts'
import { type PrintedBook, shortHash, studyName } from './book.ts'
import { bookWords, pageText } from './book-words.ts'
import {
  bookRoom,
  isBroad,
  laidOut,
  pdfBlocks,
  plainSize,
  quietColour,
  type Room,
  sentence,
} from './pdf-blocks.ts'

/** The whole book: title page, contents, each report on pages of its own. The same book gives the same bytes. */
export async function bookPdf(book: PrintedBook): Promise<Buffer> {
  const word = bookWords(book.language)
  const { reports } = book
  const room = bookRoom()
  return pdfOf({
    ...frame(book, word('title')),
    content: [
      titlePage(book),
      {
        toc: {
          title: { text: word('contents'), bold: true, fontSize: 13, margin: [0, 0, 0, 8] },
        },
        pageBreak: 'before',
      },
      ...(reports.length === 0 ? [{ text: word('none') }] : []),
      ...reports.map((report, at) => reportPages(report, book, at + 1, room)),
    ],
  })
}

/** One report as a document. */
export async function reportPdf(book: PrintedBook): Promise<Buffer> {
  const [report] = book.reports
  if (!report) throw new Error('A document of one report needs that report')
  return pdfOf({
    ...frame(book, report.title),
    pageOrientation: isBroad(laidOut(report.blocks, book.language, bookRoom()))
      ? 'landscape'
      : 'portrait',
    content: [reportPages(report, book, null, bookRoom())],
  })
}

/** Paper, running head and foot, and what the file says of itself: all of it from the data, nothing from the clock. */
function frame(book: PrintedBook, title: string): Omit<PrintedDocument, 'content'> {
  const { language } = book
  const name = studyName(book)
  return {
    language,
    fontSize: plainSize,
    pageSize: 'A4',
    pageMargins: [48, 54, 48, 52],
    info: fileFacts(book, title),
    header: () => ({
      margin: [48, 26, 48, 0],
      fontSize: 7.5,
      color: quietColour,
      columns: [
        { text: name, width: '*' },
        { text: title.slice(0, 90), alignment: 'right', width: '*' },
      ],
    }),
    footer: (page, pages) => ({
      margin: [48, 16, 48, 0],
      fontSize: 7,
      color: quietColour,
      columns: [
        { text: footText(book), width: '*' },
        {
          text: pageText(page, pages, language),
          alignment: 'right',
          width: 90,
        },
      ],
    }),
  }
}

/** What a PDF says of itself. */
export function fileFacts(book: PrintedBook, title: string): NonNullable<PrintedDocument['info']> {
  const { source, hash, language } = book
  const made = new Date(source.cut?.asOf ?? source.dataAsOf)
  return {
    title: `${studyName(book)}: ${title}`,
    subject: inLanguage(source.study.title, language),
    author: source.study.protocol.sponsor ?? source.study.oid,
    keywords: `${source.study.oid} ${source.version.hash} ${source.cut?.hash ?? ''} ${hash}`,
    creator: `Casebook ${source.engineVersion}`,
    producer: 'Casebook',
    creationDate: made,
    modDate: made,
  }
}

/** Study, cut or live data, moment, definition and the short hash of the book, on every page. */
export function footText({ source, language, hash }: PrintedBook): string {
  const { study, version } = source
  const facts = footerOf({ ...source, studyVersion: version }, sayIn(language))
  return [study.oid, ...facts, `#${shortHash(hash)}`].join(' · ')
}

/** Label and text pairs of the title page, the same in every format. */
export function titleFacts(book: PrintedBook): { label: string; text: string }[] {
  const { source, language, hash } = book
  const word = bookWords(language)
  const say = sayIn(language)
  const { protocol } = source.study
  const { cut, version } = source
  const conditions = conditionsOf(source.parameters, source.arms, say, source.names)
  return [
    { label: word('study'), text: source.study.oid },
    { label: word('protocol'), text: protocol.version },
    ...(protocol.registry ? [{ label: word('registry'), text: protocol.registry }] : []),
    ...(protocol.sponsor ? [{ label: word('sponsor'), text: protocol.sponsor }] : []),
    { label: word('version'), text: `${version.label} (${version.number})` },
    { label: word('definitionHash'), text: version.hash },
    ...(cut
      ? [
          {
            label: word('data'),
            text: say.words.cut(cut.number, cut.name, momentText(cut.asOf), shortHash(cut.hash)),
          },
          { label: word('cutHash'), text: cut.hash },
        ]
      : [{ label: word('data'), text: word('live') }]),
    { label: word('dataAsOf'), text: momentText(source.dataAsOf) },
    {
      label: word('conditions'),
      text: conditions.length === 0 ? word('asDefined') : conditions.join('\n'),
    },
    { label: word('engine'), text: source.engineVersion },
    { label: word('bookHash'), text: hash },
    {
      label: word('populations'),
      text:
        book.populations
          .map(({ label, n }) => `${inLanguage(label, language)}, n = ${n}`)
          .join('\n') || '–',
    },
  ]
}

function titlePage(book: PrintedBook): Content {
  const { source, language } = book
  return {
    margin: [0, 120, 0, 0],
    stack: [
      { text: studyName(book), fontSize: 22, bold: true },
      {
        text: inLanguage(source.study.title, language),
        fontSize: 11.5,
        margin: [0, 8, 0, 26],
      },
      { text: bookWords(language)('title'), fontSize: 16, margin: [0, 0, 0, 22] },
      {
        table: {
          widths: [110, '*'],
          body: titleFacts(book).map(({ label, text }) => [
            { text: label, color: quietColour },
            { text },
          ]),
        },
        layout: {
          hLineWidth: (line, node) => (line === 0 || line === node.table.body.length ? 0.9 : 0.3),
          vLineWidth: () => 0,
          hLineColor: (line, node) =>
            line === 0 || line === node.table.body.length ? '#222222' : '#d0d3d6',
          paddingTop: () => 3.5,
          paddingBottom: () => 3.5,
        },
      },
    ],
  }
}

/** The heading of a report in a book is numbered and stands in the contents; a document of its own has neither. */
function reportPages(
  report: PrintedReport,
  book: PrintedBook,
  number: number | null,
  room: Room,
): Content {
  const blocks = laidOut(report.blocks, book.language, room, report.footnote ? 2 : 0)
  const title = number === null ? report.title : `${number}  ${report.title}`
  const landscape = isBroad(blocks)
  return {
    ...(number === null ? {} : { pageBreak: 'before' as const }),
    pageOrientation: landscape ? 'landscape' : 'portrait',
    stack: [
      {
        text: title,
        fontSize: 13,
        bold: true,
        margin: [0, 0, 0, 3],
        ...(number === null
          ? {}
          : { tocItem: true, outline: true, outlineText: title, tocMargin: [0, 2, 0, 2] as never }),
      },
      ...[...(report.population ? [report.population] : []), ...report.conditions].map((text) => ({
        text,
        color: quietColour,
        margin: [0, 0, 0, 1] as [number, number, number, number],
      })),
      { text: '', margin: [0, 2, 0, 0] },
      ...pdfBlocks(blocks, book.language),
      ...(report.footnote ? [sentence({ text: report.footnote, quiet: true })] : []),
    ],
  }
}
