import {
  BorderStyle,
  Document,
  Footer,
  Header,
  HeadingLevel,
  type ISectionOptions,
  Packer,
  PageNumber,
  PageOrientation,
  Paragraph,
  Table,
  TableCell,
  TableLayoutType,
  TableOfContents,
  TableRow,
  TabStopType,
  TextRun,
  WidthType,
} from 'docx'
import { estimatePageNumbersWith } from 'docx/layout'
import type { PrintedReport } from '#domain/analysis/printed/printed-report.ts'
import type { Language } from '#domain/definition/definition.ts'
import { inLanguage } from '../display.ts'
import { type PrintedBook, studyName } from './book.ts'
import { footText, titleFacts } from './book-pdf.ts'
import { bookWords, pageParts } from './book-words.ts'
import { docxBlocks, sentence } from './docx-blocks.ts'
import { steadyDocx } from './docx-steady.ts'
import { bookRoom, isBroad, laidOut, type Room } from './pdf-blocks.ts'
import { textArea } from './table-layout.ts'

/** Fonts that Word has where the language is read; Latin letters are the same in all. */
const eastAsian: Record<Language, { font: string; locale: string }> = {
  en: { font: 'Yu Gothic', locale: 'ja-JP' },
  ja: { font: 'Yu Gothic', locale: 'ja-JP' },
  zh: { font: 'Microsoft YaHei', locale: 'zh-CN' },
}
/**
 * Rows of a book whose pages are counted for its contents: to count means to lay out as Word does, which takes ten times as
 * long as to write. Word fills in the pages of a longer book when it opens it, after asking.
 */
const mostRowsToCount = 900
const quietColour = '50575E'
const margin = { top: 1080, bottom: 1040, left: 960, right: 960, header: 520, footer: 480 }
/** A4 upright, in twips; Word turns it itself where the page is broad. */
const paper = { width: 11906, height: 16838 }

/** The whole book for Word: title page, contents already filled in, each report in a section of its own. */
export async function bookDocx(book: PrintedBook): Promise<Buffer> {
  const word = bookWords(book.language)
  const title = word('title')
  const reports: ISectionOptions[] = []
  const room = bookRoom()
  for (const [at, report] of book.reports.entries())
    reports.push(await section(report, book, title, `${at + 1}  ${report.title}`, room))
  const rows = bookRoom().rows - room.rows
  const isCounted = rows > 0 && rows <= mostRowsToCount && !book.reports.some(hasEndlessWord)
  return packed(
    book,
    title,
    [
      {
        ...frame(book, title, false),
        children: [
          ...titlePage(book),
          new Paragraph({
            pageBreakBefore: true,
            spacing: { after: 160 },
            children: [new TextRun({ text: word('contents'), bold: true, size: 26 })],
          }),
          ...(book.reports.length === 0
            ? [sentence(word('none'), false)]
            : [
                new TableOfContents(word('contents'), {
                  hyperlink: true,
                  headingStyleRange: '1-1',
                }),
              ]),
        ],
      },
      ...reports,
    ],
    isCounted,
  )
}

/** One report as a document for Word. */
export async function reportDocx(book: PrintedBook): Promise<Buffer> {
  const [report] = book.reports
  if (!report) throw new Error('A document of one report needs that report')
  const room = bookRoom()
  const only = await section(report, book, report.title, report.title, room)
  return packed(book, report.title, [only], false)
}

async function packed(
  book: PrintedBook,
  title: string,
  sections: ISectionOptions[],
  isCounted: boolean,
): Promise<Buffer> {
  const { language, source, hash } = book
  const { font, locale } = eastAsian[language]
  const name = studyName(book)
  const document = new Document({
    title: `${name}: ${title}`,
    subject: inLanguage(source.study.title, language),
    creator: source.study.protocol.sponsor ?? source.study.oid,
    lastModifiedBy: 'Casebook',
    keywords: `${source.study.oid} ${source.version.hash} ${source.cut?.hash ?? ''} ${hash}`,
    styles: {
      default: {
        document: {
          run: {
            font: { ascii: 'Arial', hAnsi: 'Arial', cs: 'Arial', eastAsia: font },
            size: 17,
            language: { value: 'en-GB', eastAsia: locale },
          },
        },
        heading1: {
          run: { size: 26, bold: true, color: '000000' },
          paragraph: { spacing: { after: 80 } },
        },
        heading2: {
          run: { size: 21, bold: true, color: '000000' },
          paragraph: { spacing: { before: 160, after: 60 }, keepNext: true },
        },
      },
    },
    ...(isCounted ? { pageNumbers: estimatePageNumbersWith({ guess: true }) } : {}),
    sections,
  })
  return steadyDocx(await Packer.toBuffer(document), source.cut?.asOf ?? source.dataAsOf)
}

/** Where a word of hundreds of signs is broken takes minutes to find out, sign by sign. */
function hasEndlessWord({ blocks }: PrintedReport): boolean {
  return blocks.some(
    (block) =>
      block.kind === 'table' &&
      [...block.head, ...block.rows].some((row) =>
        row.cells.some((cell) => cell.lines.some(({ text }) => /\S{400}/.test(text))),
      ),
  )
}

async function section(
  report: PrintedReport,
  book: PrintedBook,
  running: string,
  heading: string,
  room: Room,
): Promise<ISectionOptions> {
  const blocks = laidOut(report.blocks, book.language, room)
  const lines = [...(report.population ? [report.population] : []), ...report.conditions]
  return {
    ...frame(book, running, isBroad(blocks)),
    children: [
      new Paragraph({ heading: HeadingLevel.HEADING_1, text: heading }),
      ...lines.map(
        (text) => new Paragraph({ children: [new TextRun({ text, color: quietColour })] }),
      ),
      ...(await docxBlocks(blocks, book.language)),
      ...(report.footnote ? [sentence(report.footnote, true)] : []),
    ],
  }
}

/** Paper, head and foot of a section: study, cut or live data, definition, hash and page on every page. */
function frame(
  book: PrintedBook,
  title: string,
  landscape: boolean,
): Pick<ISectionOptions, 'properties' | 'headers' | 'footers'> {
  const atEnd = Math.round(textArea[landscape ? 'landscape' : 'portrait'] * 20)
  const tabStops = [{ type: TabStopType.RIGHT, position: atEnd }]
  const small = { size: 14, color: quietColour }
  const [before, between, after] = pageParts(book.language)
  return {
    properties: {
      page: {
        size: {
          ...paper,
          orientation: landscape ? PageOrientation.LANDSCAPE : PageOrientation.PORTRAIT,
        },
        margin,
      },
    },
    headers: {
      default: new Header({
        children: [
          new Paragraph({
            tabStops,
            children: [
              new TextRun({ ...small, text: `${studyName(book)}\t${title.slice(0, 90)}` }),
            ],
          }),
        ],
      }),
    },
    footers: {
      default: new Footer({
        children: [
          new Paragraph({ children: [new TextRun({ ...small, text: footText(book) })] }),
          new Paragraph({
            tabStops,
            children: [
              new TextRun({
                ...small,
                children: [
                  `\t${before}`,
                  PageNumber.CURRENT,
                  between,
                  PageNumber.TOTAL_PAGES,
                  after,
                ],
              }),
            ],
          }),
        ],
      }),
    },
  }
}

function titlePage(book: PrintedBook): (Paragraph | Table)[] {
  const { source, language } = book
  const line = (text: string, size: number, after: number, bold = false, before = 0) =>
    new Paragraph({
      spacing: { before, after },
      children: [new TextRun({ text, size, bold })],
    })
  const widths = [2400, 7580]
  const edge = { style: BorderStyle.SINGLE, size: 8, color: '222222' }
  const none = { style: BorderStyle.NONE, size: 0, color: 'auto' }
  return [
    line(studyName(book), 44, 160, true, 2200),
    line(inLanguage(source.study.title, language), 23, 480),
    line(bookWords(language)('title'), 32, 400),
    new Table({
      layout: TableLayoutType.FIXED,
      width: { size: 9980, type: WidthType.DXA },
      columnWidths: widths,
      margins: { top: 60, bottom: 60, left: 80, right: 80 },
      borders: {
        top: edge,
        bottom: edge,
        left: none,
        right: none,
        insideHorizontal: { style: BorderStyle.SINGLE, size: 2, color: 'D0D3D6' },
        insideVertical: none,
      },
      rows: titleFacts(book).map(
        ({ label, text }) =>
          new TableRow({
            cantSplit: true,
            children: [[label], text.split('\n')].map(
              (lines, at) =>
                new TableCell({
                  width: { size: widths[at] as number, type: WidthType.DXA },
                  children: lines.map(
                    (one) =>
                      new Paragraph({
                        children: [
                          new TextRun({ text: one, ...(at === 0 ? { color: quietColour } : {}) }),
                        ],
                      }),
                  ),
                }),
            ),
          }),
      ),
    }),
  ]
}
