import { describe, expect, it } from 'vitest'
import type { PrintedTable } from '#domain/analysis/printed/printed-report.ts'
import { sampleBodies, sampleResult } from '#domain/analysis/printed/testing/report-samples.ts'
import { languages } from '#domain/definition/definition.ts'
import { printedBook } from './book.ts'
import { bookDocx, reportDocx } from './book-docx.ts'
import { contentOf, entriesOf, steadyDocx } from './docx-steady.ts'
import { sampleSource } from './testing/sample-book.ts'

function partsOf(bytes: Buffer): Map<string, string> {
  return new Map(entriesOf(bytes).map((entry) => [entry.name, contentOf(entry).toString('utf8')]))
}
const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0
const readable = (xml: string) =>
  xml
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&')

describe.each(languages)('a report book as DOCX in %s', (language) => {
  it('has real tables with repeated heads, figures, contents, and a foot in each section', async () => {
    const book = printedBook(sampleSource(), language)
    const parts = partsOf(await bookDocx(book))
    const document = parts.get('word/document.xml') ?? ''
    const tables = book.reports.flatMap((report) =>
      report.blocks.filter((block): block is PrintedTable => block.kind === 'table'),
    )
    const figures = book.reports.flatMap((report) =>
      report.blocks.filter((block) => block.kind === 'figure'),
    )
    // The facts of the title page are a table too.
    expect(count(document, /<w:tbl>/g)).toBe(tables.length + 1)
    expect(count(document, /<w:tblHeader\/>/g)).toBe(
      tables.reduce((sum, table) => sum + table.head.length, 0),
    )
    expect(count(document, /<asvg:svgBlip/g)).toBe(figures.length)
    const names = [...parts.keys()]
    expect(names.filter((name) => name.endsWith('.svg')).length).toBeGreaterThan(0)
    expect(names.filter((name) => name.endsWith('.png'))).toHaveLength(
      names.filter((name) => name.endsWith('.svg')).length,
    )
    for (const name of names.filter((one) => one.endsWith('.svg')))
      expect(parts.get(name)).not.toContain('<text')

    const text = readable(document)
    for (const table of tables)
      for (const row of [...table.head, ...table.rows])
        for (const cell of row.cells)
          for (const line of cell.lines) {
            expect(text).toContain(line.text)
            expect(text).toContain(line.quiet)
          }
    for (const [at, report] of book.reports.entries()) {
      const entry = new RegExp(
        `${at + 1}  ${report.title}</w:t></w:r><w:r><w:tab/></w:r>.{0,200}?PAGEREF _Toc${at + 1} .{0,120}?<w:t[^>]*>(\\d+)</w:t>`,
      ).exec(document)
      expect(Number(entry?.[1]), report.title).toBeGreaterThan(2)
    }
    expect(document).toContain('TOC \\h \\o &quot;1-1&quot;')
    expect(count(document, /<w:pStyle w:val="Heading1"\/>/g)).toBe(book.reports.length)

    const feet = names.filter((name) => /word\/footer\d+\.xml/.test(name))
    expect(feet.length).toBe(book.reports.length + 1)
    for (const name of feet) {
      const foot = parts.get(name) ?? ''
      expect(readable(foot)).toContain(`#${book.hash.slice(0, 12)}`)
      expect(foot).toContain('PAGE</w:instrText>')
      expect(foot).toContain('NUMPAGES</w:instrText>')
    }
    const font = language === 'zh' ? 'Microsoft YaHei' : 'Yu Gothic'
    expect(parts.get('word/styles.xml')).toContain(`w:eastAsia="${font}"`)
  })
})

describe('a report book as DOCX', () => {
  it('is the same bytes each time, with the date of its data everywhere', async () => {
    const book = printedBook(sampleSource(), 'ja')
    const [first, second] = await Promise.all([bookDocx(book), bookDocx(book)])
    await reportDocx(book)
    expect(second?.equals(first as Buffer)).toBe(true)
    expect((await bookDocx(book)).equals(first as Buffer)).toBe(true)
    const core = partsOf(first as Buffer).get('docProps/core.xml') ?? ''
    expect(count(core, />2026-11-21T10:20:30Z</g)).toBe(2)
    // 21 November 2026 and 10:20:30 as ZIP writes them, in the first entry.
    expect((first as Buffer).readUInt16LE(12)).toBe(((2026 - 1980) << 9) | (11 << 5) | 21)
    expect((first as Buffer).readUInt16LE(10)).toBe((10 << 11) | (20 << 5) | 15)
  })

  it('keeps hostile words as words', async () => {
    const words = [`</w:t><w:tbl>`, `"A" & 'B'`, '<script>', '\u0000\u0007bell', 'x'.repeat(3000)]
    const body = {
      kind: 'listing' as const,
      columns: [{ en: '_Toc99' }],
      rows: words.map((en, at) => ({ subject: `01-00${at}`, cells: [{ en }] })),
    }
    const book = printedBook(sampleSource({ results: [sampleResult(body)] }), 'en')
    const document = partsOf(await reportDocx(book)).get('word/document.xml') ?? ''
    expect(count(document, /<w:tbl>/g)).toBe(1)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML may not hold them
    expect(document).not.toMatch(/[\u0000-\u0008]/)
    const text = readable(document)
    for (const word of [words[0], words[1], '<script>', 'bell', '_Toc99'])
      expect(text).toContain(word)
  })

  it('does not count pages for minutes over a word without end', async () => {
    const cells = [{ en: 'x'.repeat(20_000) }]
    const body = {
      kind: 'listing' as const,
      columns: [{ en: 'A' }],
      rows: [{ subject: '1', cells }],
    }
    const begun = performance.now()
    const bytes = await bookDocx(printedBook(sampleSource({ results: [sampleResult(body)] }), 'en'))
    expect(performance.now() - begun).toBeLessThan(10_000)
    const document = partsOf(bytes).get('word/document.xml') ?? ''
    expect(count(document, /x/g)).toBeGreaterThanOrEqual(20_000)
  })

  it('turns the page of a report with a broad table only', async () => {
    const columns = Array.from({ length: 30 }, (_, at) => ({ en: `Column ${at}` }))
    const rows = [{ subject: '01-001', cells: columns }]
    const results = [
      sampleResult(sampleBodies.flow),
      sampleResult({ kind: 'listing', columns, rows }),
    ]
    const parts = partsOf(await bookDocx(printedBook(sampleSource({ results }), 'en')))
    const document = parts.get('word/document.xml') ?? ''
    expect(count(document, /w:orient="landscape"/g)).toBe(1)
    for (const column of columns) expect(readable(document)).toContain(column.en)
  })
})

it('refuses what is no document', () => {
  expect(() => steadyDocx(Buffer.from('no zip'), '2026-11-21T00:00:00Z')).toThrow('no ZIP')
})
