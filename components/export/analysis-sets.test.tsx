import { MantineProvider } from '@mantine/core'
import { NextIntlClientProvider } from 'next-intl'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import en from '#messages/en/analysisSets.json' with { type: 'json' }
import ja from '#messages/ja/analysisSets.json' with { type: 'json' }
import zh from '#messages/zh/analysisSets.json' with { type: 'json' }
import { AnalysisSets } from './analysis-sets.tsx'

function shown(locale: 'en' | 'ja' | 'zh', cuts: { number: number; name: string }[]): string {
  const analysisSets = { en, ja, zh }[locale]
  return renderToStaticMarkup(
    <NextIntlClientProvider
      locale={locale}
      timeZone="UTC"
      messages={{ analysisSets }}
      onError={(error) => {
        throw error
      }}
    >
      <MantineProvider>
        <AnalysisSets studyId="S1" cuts={cuts} onTaken={() => undefined} />
      </MantineProvider>
    </NextIntlClientProvider>,
  )
}

describe('analysis sets on the export page', () => {
  it.each(['en', 'ja', 'zh'] as const)('are offered in every format, in %s', (locale) => {
    const html = shown(locale, [{ number: 3, name: 'Interim <1>' }])
    for (const format of ['csv', 'json', 'ndjson'])
      expect(html).toContain(`href="/api/studies/S1/analysis-sets.zip?format=${format}"`)
    expect(html).toContain('<option value="3">')
    expect(html).toContain('Interim &lt;1&gt;')
  })

  it('ask for no cut where there is none', () => {
    expect(shown('en', [])).not.toContain('<select')
  })
})
