/** The paper against Casebook as the page shows it, in every language; a message that is missing is a failure. */
import { NextIntlClientProvider } from 'next-intl'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import type { PaperView as View } from '#domain/analysis/paper-views.ts'
import en from '#messages/en/paper.json' with { type: 'json' }
import ja from '#messages/ja/paper.json' with { type: 'json' }
import zh from '#messages/zh/paper.json' with { type: 'json' }
import { PaperView } from './paper-view.tsx'

const cell = { row: 'Age', column: 'TAC', printed: '61.6', ours: '61.6', reason: { en: '' } }
const view: View = {
  paper: 'Somebody et al., 2020',
  dataAsOf: '2026-11-21T09:00:00Z',
  version: { number: 2, label: '1.1', hash: 'a'.repeat(64) },
  subjects: 60,
  passed: 3,
  failed: 1,
  notCompared: [{ what: 'Figure 9', why: 'a photograph' }],
  parts: [
    {
      what: 'Table 1',
      report: { oid: 'R2_BASELINE', title: { en: 'Baseline', ja: '患者背景', zh: '基线' } },
      problem: null,
      cells: [
        { ...cell, class: 'OK', passed: true },
        {
          ...cell,
          class: 'SLD',
          passed: true,
          column: 'p',
          printed: '0.30',
          ours: '0.31',
          reason: { en: 'within 0.02', ja: '許容差 0.02', zh: '容许差 0.02' },
        },
        {
          ...cell,
          class: 'BAD',
          passed: true,
          printed: '24 (88)',
          ours: '24 (86)',
          reason: { en: '24 of 28 are 85.7 %' },
        },
        {
          ...cell,
          class: 'OK',
          passed: false,
          printed: '12',
          ours: '',
          reason: { en: 'differs from the print', ja: '印刷値と異なる', zh: '与印刷值不同' },
        },
      ],
    },
  ],
}

const catalogues = { en, ja, zh } as const
function page(locale: keyof typeof catalogues, shown: View = view): string {
  const missing: string[] = []
  const html = renderToStaticMarkup(
    <NextIntlClientProvider
      locale={locale}
      timeZone="Asia/Tokyo"
      messages={{ paper: catalogues[locale], ui: {} }}
      onError={(error) => missing.push(error.message)}
    >
      <PaperView view={shown} studyOid="taccsa" />
    </NextIntlClientProvider>,
  )
  expect(missing).toEqual([])
  return html
}

describe('the paper against Casebook', () => {
  it('says of every figure the print, ours, the class by shape and word, and why', () => {
    const html = page('en')
    expect(html).toContain('3 passed, 1 failed')
    expect(html).toContain('24 (88)')
    expect(html).toContain('24 (86)')
    expect(html).toContain('24 of 28 are 85.7 %')
    for (const [shape, word] of [
      ['●', 'OK'],
      ['◐', 'SLD'],
      ['◆', 'BAD'],
      ['✕', 'Failed'],
    ] as const) {
      expect(html).toContain(`>${shape}</span>`)
      expect(html).toContain(`${word} 1`)
    }
    expect(html).toContain('href="/studies/taccsa/reports/r2_baseline"')
    expect(html).toContain('Figure 9')
    expect(html).toContain('60 subjects')
  })

  it.each(['ja', 'zh'] as const)('in %s, with reasons in that language', (locale) => {
    const html = page(locale)
    expect(html).toContain(locale === 'ja' ? '許容差 0.02' : '容许差 0.02')
    expect(html).toContain(locale === 'ja' ? '患者背景' : '基线')
    expect(html).not.toContain('passed')
  })

  it('a figure without a number of ours has no link, and a problem is a sentence', () => {
    const [part] = view.parts ?? []
    if (!part) throw new Error('no part')
    const html = page('en', {
      ...view,
      parts: [{ ...part, problem: { en: 'No subject is in this population yet.' } }],
    })
    expect(html).toContain('No subject is in this population yet.')
    expect(html.match(/aria-label="[^"]*: open the report"/g)).toHaveLength(3)
  })

  it('tells readers from whom arms are concealed why there is nothing', () => {
    const html = page('en', { ...view, parts: null, passed: 0, failed: 0 })
    expect(html).toContain('While arms are concealed from you')
    expect(html).not.toContain('passed')
    expect(html).not.toContain('24 (88)')
  })
})
