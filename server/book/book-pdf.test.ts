import { describe, expect, it } from 'vitest'
import { sampleBodies, sampleResult } from '#domain/analysis/printed/testing/report-samples.ts'
import type { ListingBody, TableBody } from '#domain/analysis/report-result.ts'
import { type Language, languages } from '#domain/definition/definition.ts'
import { pdfPages } from '../document/testing/pdf-text.ts'
import { type BookSource, bookName, printedBook } from './book.ts'
import { bookPdf, reportPdf } from './book-pdf.ts'
import { sampleSource } from './testing/sample-book.ts'

const bare = (text: string) => text.normalize('NFC').replaceAll(/\s/g, '')
const made = async (language: Language, more: Partial<BookSource> = {}) => {
  const book = printedBook(sampleSource(more), language)
  return { book, pages: pdfPages(await bookPdf(book)) }
}

describe.each(languages)('a report book as PDF in %s', (language) => {
  it('has title page, contents with right pages, every cell, and a foot on each page', async () => {
    const { book, pages } = await made(language)
    const [title, contents] = pages
    for (const word of [book.hash, book.source.version.hash, 'UMIN1', 'AUniversity&<Co>'])
      expect(title?.text).toContain(word)
    expect(title?.text).toContain('n=6')
    for (const [at, report] of book.reports.entries()) {
      const heading = bare(`${at + 1} ${report.title}`)
      const onPage = pages.findIndex((page, index) => index > 1 && page.text.includes(heading))
      expect(onPage, report.title).toBeGreaterThan(1)
      expect(contents?.text).toContain(`${heading}${onPage + 1}`)
    }
    const all = pages.map((page) => page.text).join('')
    for (const block of book.reports.flatMap((report) => report.blocks)) {
      if (block.kind === 'table')
        for (const row of [...block.head, ...block.rows])
          for (const cell of row.cells)
            for (const line of cell.lines) {
              expect(all).toContain(bare(line.text))
              expect(all).toContain(bare(line.quiet))
            }
      if (block.kind === 'sentence') expect(all).toContain(bare(block.text))
    }
    for (const [at, page] of pages.entries()) {
      expect(page.text).toContain(`#${book.hash.slice(0, 12)}`)
      expect(page.text).toContain('TACCSA')
      expect(page.text).toContain('2026-11-2110:20:30UTC')
      expect(page.text).toMatch(new RegExp(`${at + 1}\\D+${pages.length}\\D*`))
    }
    expect(all).not.toContain('\uFFFD')
  })
})

describe('a report book as PDF', () => {
  it('draws the words of figures in Japanese and Chinese as text', async () => {
    const japanese = await made('ja')
    expect(japanese.pages.map((page) => page.text).join('')).toContain('リスク集合')
    const chinese = await made('zh')
    expect(chinese.pages.map((page) => page.text).join('')).toContain('风险人数')
  })

  it('is the same bytes each time, also beside another document', async () => {
    const book = printedBook(sampleSource(), 'ja')
    const [first, second] = await Promise.all([bookPdf(book), bookPdf(book)])
    expect(second?.equals(first as Buffer)).toBe(true)
    await bookPdf(printedBook(sampleSource(), 'zh'))
    const third = await bookPdf(printedBook(sampleSource(), 'ja'))
    expect(third.equals(first as Buffer)).toBe(true)
    expect(third.toString('latin1')).toContain('(D:20261121102030Z)')
  })

  it('takes its dates and its foot from the cut', async () => {
    const cut = {
      number: 4,
      name: 'Interim',
      asOf: '2025-05-06T07:08:09Z',
      hash: 'c0ffee'.repeat(10),
    }
    const book = printedBook(sampleSource({ cut }), 'en')
    const bytes = await bookPdf(book)
    expect(bytes.toString('latin1')).toContain('(D:20250506070809Z)')
    for (const page of pdfPages(bytes))
      expect(page.text).toContain('Cut4“Interim”of2025-05-0607:08:09UTC(c0ffeec0ffee)')
    expect(bookName(book)).toBe('TACCSA_reports_cut4_en')
  })

  it('has another hash when one number differs', () => {
    const source = sampleSource()
    const [first, ...others] = source.results
    const other = sampleResult({ ...sampleBodies.flow, steps: [] } as never)
    const changed = sampleSource({ results: [other, ...others] })
    expect(first).toBeDefined()
    expect(printedBook(source, 'en').hash).not.toBe(printedBook(changed, 'en').hash)
    expect(printedBook(source, 'en').hash).toBe(printedBook(sampleSource(), 'ja').hash)
  })

  it('says in place of numbers why there are none, and that a study has no reports', async () => {
    const problem = { en: 'No subject is in this population yet.' }
    const results = [sampleResult(sampleBodies.survival, { problem })]
    const { pages } = await made('en', { results })
    expect(pages[2]?.text).toContain('Nosubjectisinthispopulationyet.')
    const empty = await made('en', { results: [] })
    expect(empty.pages.map((page) => page.text).join('')).toContain('Thestudyhasnoreports.')
  })
})

const table = (columns: number, label = 'Group'): TableBody => ({
  kind: 'table',
  columns: Array.from({ length: columns }, (_, at) => ({
    key: `C${at}`,
    label: { en: `${label} ${at}` },
    n: at,
    subjects: [],
  })),
  lines: [
    {
      label: { en: 'A row' },
      indent: 0,
      heading: false,
      statistic: null,
      cells: Array.from({ length: columns }, (_, at) => ({
        text: `${at}.5 (1${at})`,
        subjects: [],
        n: 1,
        missing: 0,
      })),
      test: null,
    },
  ],
})
const oneReport = async (body: TableBody | ListingBody) =>
  pdfPages(await reportPdf(printedBook(sampleSource({ results: [sampleResult(body)] }), 'en')))

describe('hard content', () => {
  it('turns the page for a broad table, and cuts one of sixty columns into parts', async () => {
    const [narrow] = await oneReport(table(3))
    expect(narrow?.width).toBeLessThan(narrow?.height as number)
    const [broad] = await oneReport(table(14))
    expect(broad?.width).toBeGreaterThan(broad?.height as number)
    const many = (await oneReport(table(60))).map((page) => page.text).join('')
    for (let at = 0; at < 60; at += 1) {
      expect(many).toContain(`Group${at}n=${at}`)
      expect(many).toContain(`${at}.5(1${at})`)
    }
    expect(many).toMatch(/Columns,part1\/[2-9]/)
    expect(many.match(/Arow/g)?.length).toBeGreaterThan(1)
  })

  it('prints markup, quotes, right-to-left text and words without end', async () => {
    const word = 'x'.repeat(400)
    const rows = [
      { subject: '01-001', cells: [{ en: `<b>"A" & 'B'</b>` }, { en: '{{x}} =1+1 %s' }] },
      { subject: '01-002', cells: [{ en: 'שלום \u202eevil' }, { en: word }] },
    ]
    const columns = [{ en: '<script>' }, { en: 'Other' }]
    const [page] = await oneReport({ kind: 'listing', columns, rows })
    for (const text of [`<b>"A"&'B'</b>`, '{{x}}=1+1%s', '<script>', 'evil'])
      expect(page?.text).toContain(bare(text))
    expect((page?.text.match(/x/g) ?? []).length).toBeGreaterThanOrEqual(400)
  })

  it.each([
    ['words', 'word '.repeat(4000), /word/g, 4000],
    ['one word', 'x'.repeat(20_000), /x/g, 20_000],
  ])(
    'carries a cell of %s higher than a page over to the next pages, whole',
    async (_, text, sign, count) => {
      const rows = [
        { subject: '01-001', cells: [{ en: text }, { en: 'after' }] },
        { subject: '01-002', cells: [{ en: 'short' }, { en: 'last' }] },
      ]
      for (const columns of [
        [{ en: 'A' }, { en: 'B' }],
        [{ en: text }, { en: 'B' }],
      ]) {
        const pages = await oneReport({ kind: 'listing', columns, rows })
        const all = pages.map((page) => page.text).join('')
        const times = columns[0]?.en === text ? 2 : 1
        expect(all.match(sign)?.length ?? 0).toBeGreaterThanOrEqual(count * times)
        for (const word of ['after', 'short', 'last']) expect(all).toContain(word)
        expect(pages.length).toBeGreaterThan(1)
      }
    },
  )

  it('carries a sentence and a foot note higher than a page over too', async () => {
    const long = { en: 'word '.repeat(3000) }
    const results = [sampleResult(sampleBodies.flow, { problem: long, footnote: long })]
    const pages = pdfPages(await reportPdf(printedBook(sampleSource({ results }), 'en')))
    const all = pages.map((page) => page.text).join('')
    expect(all.match(/word/g)).toHaveLength(6000)
  })

  it('sends whoever wants five thousand rows to the CSV file', async () => {
    const rows = Array.from({ length: 5000 }, (_, at) => ({
      subject: `01-${at}`,
      cells: [{ en: 'x' }],
    }))
    const pages = await oneReport({ kind: 'listing', columns: [{ en: 'Cause' }], rows })
    expect(pages).toHaveLength(1)
    expect(pages[0]?.text).toContain('Thistablehas5000rows,morethanadocumenttakes.')
  })

  it('repeats the head of a table on each page it goes over', async () => {
    const rows = Array.from({ length: 200 }, (_, at) => ({
      subject: `01-${at}`,
      cells: [{ en: `cause ${at}` }],
    }))
    const pages = await oneReport({ kind: 'listing', columns: [{ en: 'Cause' }], rows })
    expect(pages.length).toBeGreaterThan(2)
    for (const page of pages) expect(page.text).toContain('SubjectCause')
  })
})
