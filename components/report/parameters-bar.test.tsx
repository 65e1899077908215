/** The bar above a report, in every language; a message that is missing is a failure. */
import { MantineProvider } from '@mantine/core'
import { AppRouterContext } from 'next/dist/shared/lib/app-router-context.shared-runtime'
import { PathnameContext } from 'next/dist/shared/lib/hooks-client-context.shared-runtime'
import { NextIntlClientProvider } from 'next-intl'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import type { ReportChoices } from '#domain/analysis/report-choices.ts'
import type { ReportParameters } from '#domain/analysis/report-parameters.ts'
import en from '#messages/en/parameters.json' with { type: 'json' }
import enUi from '#messages/en/ui.json' with { type: 'json' }
import ja from '#messages/ja/parameters.json' with { type: 'json' }
import jaUi from '#messages/ja/ui.json' with { type: 'json' }
import zh from '#messages/zh/parameters.json' with { type: 'json' }
import zhUi from '#messages/zh/ui.json' with { type: 'json' }
import { ParametersBar } from './parameters-bar.tsx'

const messages = {
  en: { parameters: en, ui: enUi },
  ja: { parameters: ja, ui: jaUi },
  zh: { parameters: zh, ui: zhUi },
}
const choices: ReportChoices = {
  ownPopulation: 'ITT',
  populations: [
    { oid: 'ITT', label: { en: 'All randomised' } },
    { oid: 'PP', label: { en: 'Per protocol' } },
  ],
  groupings: [
    { oid: 'SEX', label: { en: 'Sex' }, groups: [{ code: 'F', label: { en: 'Women' } }] },
  ],
  values: [
    {
      oid: 'MODE',
      label: { en: 'Fall of FVC' },
      value: 'ABS',
      choices: [
        { value: 'ABS', label: { en: 'absolute' } },
        { value: 'REL', label: { en: 'relative' } },
      ],
    },
  ],
}

function shown(parameters: ReportParameters, locale: 'en' | 'ja' | 'zh' = 'en', own = choices) {
  const problems: string[] = []
  const markup = renderToStaticMarkup(
    <AppRouterContext.Provider value={{} as never}>
      <PathnameContext.Provider value="/studies/s/reports/r">
        <NextIntlClientProvider
          locale={locale}
          timeZone="UTC"
          messages={messages[locale]}
          onError={(error) => void problems.push(error.message)}
        >
          <MantineProvider>
            <ParametersBar choices={own} parameters={parameters} />
          </MantineProvider>
        </NextIntlClientProvider>
      </PathnameContext.Provider>
    </AppRouterContext.Provider>,
  )
  expect(problems).toEqual([])
  return markup
}

describe.each(['en', 'ja', 'zh'] as const)('in %s', (locale) => {
  it('has every choice under its name', () => {
    const markup = shown({}, locale)
    for (const text of ['All randomised', 'Per protocol', 'Women', 'Fall of FVC', 'relative'])
      expect(markup).toContain(text)
    expect(markup).toContain(messages[locale].parameters.cutOff)
  })
})

it('as defined there is nothing to undo; with a choice there is', () => {
  expect(shown({})).not.toContain('As defined')
  const markup = shown({ population: 'PP', values: { MODE: 'REL' } })
  expect(markup).toMatch(/<a[^>]*href="\/studies\/s\/reports\/r"[^>]*>As defined/)
  expect(markup).toMatch(/<option value="PP" selected="">/)
  expect(markup).toMatch(/<option value="REL" selected="">/)
})

it('what an address asked for in vain stands there, so that it can be put right', () => {
  const markup = shown({ population: 'NOBODY', subgroup: { grouping: 'X', code: 'Y' } })
  expect(markup).toMatch(/<option value="NOBODY" selected="">/)
  expect(markup).toMatch(/<option value="X.Y" selected="">/)
})

describe('a study parameter', () => {
  const reach = {
    report: [],
    populations: { ITT: [], PP: ['MODE'] },
    groupings: { SEX: [] },
  }
  const own = { ...choices, reach }

  it('that changes no number of the report is not shown', () => {
    expect(shown({}, 'en', own)).not.toContain('Fall of FVC')
    expect(shown({}, 'en', { ...own, reach: { ...reach, report: ['MODE'] } })).toContain(
      'Fall of FVC',
    )
  })

  it('is shown with the population or the subgroup whose rule reads it', () => {
    expect(shown({ population: 'PP' }, 'en', own)).toContain('Fall of FVC')
    const subgroup = { grouping: 'SEX', code: 'F' }
    expect(shown({ subgroup }, 'en', own)).not.toContain('Fall of FVC')
    const bySex = { ...own, reach: { ...reach, groupings: { SEX: ['MODE'] } } }
    expect(shown({ subgroup }, 'en', bySex)).toContain('Fall of FVC')
  })

  it('that the address sets stays there, so that it can be put back', () => {
    expect(shown({ values: { MODE: 'REL' } }, 'en', own)).toMatch(
      /<option value="REL" selected="">/,
    )
  })
})

it('the own population, named in the address, is as defined', () => {
  expect(shown({ population: 'ITT' })).toMatch(
    /<option value="" selected="">All randomised \(as defined\)/,
  )
})

it('a study without groupings and choices has no empty fields', () => {
  const markup = shown({}, 'en', {
    ownPopulation: null,
    populations: [],
    groupings: [],
    values: [],
  })
  expect(markup).not.toContain('<select')
  expect(markup).toContain('Clinical cut-off')
})
