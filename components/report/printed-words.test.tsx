/** What is printed is what is shown: every cell, heading and sentence of a printed report is found on the report's page. */
import { NextIntlClientProvider } from 'next-intl'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { PanelProvider } from '#components/ui/panel.tsx'
import { printReport } from '#domain/analysis/printed/print-report.ts'
import { sampleBodies, sampleResult } from '#domain/analysis/printed/testing/report-samples.ts'
import { printedWords } from '#domain/analysis/printed/words.ts'
import type { ReportBody, ReportResult } from '#domain/analysis/report-result.ts'
import { testNames } from '#domain/analysis/report-result.ts'
import { languages } from '#domain/definition/definition.ts'
import en from '#messages/en/report.json' with { type: 'json' }
import ja from '#messages/ja/report.json' with { type: 'json' }
import zh from '#messages/zh/report.json' with { type: 'json' }
import { ReportView } from './report-view.tsx'

const messages = { en, ja, zh }
type Locale = keyof typeof messages

function markupOf(result: ReportResult, locale: Locale): string {
  return renderToStaticMarkup(
    <NextIntlClientProvider locale={locale} timeZone="UTC" messages={{ report: messages[locale] }}>
      <PanelProvider>
        <ReportView result={result} studyOid="S" />
      </PanelProvider>
    </NextIntlClientProvider>,
  )
}

/** Without spaces and signs that page and paper place differently: `p = 0.04` is `p` beside `0.04` on the page. */
const plain = (text: string) => text.replaceAll(/ [a-z]+\)(?= |$)/g, '').replaceAll(/[\s=]/g, '')

const entities: Record<string, string> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#x27;': "'",
  '&amp;': '&',
}
const readable = (markup: string) =>
  markup
    .replaceAll(/<title>.*?<\/title>|<desc>.*?<\/desc>/g, '')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&(?:lt|gt|quot|amp|#x27);/g, (entity) => entities[entity] as string)

/** A page shows one part of a survival report at a time. */
function asShown(body: ReportBody): ReportBody {
  return body.kind === 'survival' ? { ...body, parts: body.parts.slice(0, 1) } : body
}

describe.each(languages)('page and paper in %s', (locale) => {
  it.each(Object.keys(sampleBodies) as ReportBody['kind'][])('%s', (kind) => {
    const result = sampleResult(asShown(sampleBodies[kind]))
    const markup = markupOf(result, locale)
    const page = plain(readable(markup))
    const printed = printReport(result, { language: locale })
    const said: string[] = [printed.population ?? '', printed.footnote ?? '']
    for (const block of printed.blocks) {
      if (block.kind === 'sentence' || block.kind === 'heading') said.push(block.text)
      if (block.kind !== 'table') continue
      for (const row of [...block.head, ...block.rows])
        for (const cell of row.cells)
          for (const line of cell.lines) said.push(line.text, line.quiet)
      for (const note of block.notes)
        expect(plain(markup.replaceAll(/&#x27;/g, "'"))).toContain(
          plain(note.replace(/^\w+\) /, '')),
        )
    }
    for (const text of said) expect(page, text).toContain(plain(text))
  })

  it('name every test alike', () => {
    for (const name of testNames)
      expect(printedWords[locale].tests[name]).toBe(messages[locale].test[name])
  })
})
