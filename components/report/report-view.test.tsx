/** The kinds of reports as pages show them, in every language; a message that is missing is a failure. */
import { NextIntlClientProvider } from 'next-intl'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { PanelProvider } from '#components/ui/panel.tsx'
import { coxReport } from '#domain/analysis/cox-report.ts'
import type { ReportBody, ReportResult } from '#domain/analysis/report-result.ts'
import { tableReport } from '#domain/analysis/table-report.ts'
import { visitValuesReport } from '#domain/analysis/visit-values-report.ts'
import en from '#messages/en/report.json' with { type: 'json' }
import ja from '#messages/ja/report.json' with { type: 'json' }
import zh from '#messages/zh/report.json' with { type: 'json' }
import { ReportView } from './report-view.tsx'

const subjects = [3, 5, 8, 9, 12, 14].map((TIME, at) => {
  const values: Record<string, string | number | boolean> = {
    TIME,
    EVENT: at % 2 === 0,
    SEX: [0, 3, 4].includes(at) ? 'M' : 'F',
    A: [13, 14, 10, 12, 11, 15][at] ?? 0,
    B: 9 + at * 1.3,
    'at(V1, X)': 10 + at,
    'at(V2, X)': 12 + at * 1.5,
  }
  return { subjectKey: `01-${at + 1}`, value: (text: string) => values[text] ?? null }
})
const arms = [
  { key: 'M', label: { en: 'Men' }, subjects: subjects.slice(0, 3) },
  { key: 'F', label: { en: 'Women' }, subjects: subjects.slice(3) },
]
const title = { en: 'T' }
const bodies: Record<string, ReportBody> = {
  cox: coxReport(
    {
      kind: 'cox',
      oid: 'C',
      title,
      population: 'P',
      time: 'TIME',
      event: 'EVENT',
      model: 'both',
      ties: 'efron',
      covariates: [
        { label: { en: 'Sex' }, value: 'SEX', codes: ['M', 'F', 'X'], reference: 'M' },
        { label: { en: 'A' }, value: 'A' },
      ],
    },
    [...subjects, { subjectKey: '01-9', value: () => null }],
    () => null,
  ),
  'visit-values': visitValuesReport(
    {
      kind: 'visit-values',
      oid: 'V',
      title,
      population: 'P',
      item: 'X',
      visits: ['V1', 'V2'],
      baseline: 'V1',
      figure: 'box',
      within: 'signed-rank',
      between: 'mann-whitney',
      level: 0.05,
    },
    arms,
    [],
  ),
  table: tableReport(
    {
      kind: 'table',
      oid: 'T',
      title,
      population: 'P',
      columns: 'SEX',
      percentDigits: 0,
      rows: [
        {
          label: { en: 'A' },
          value: 'A',
          statistic: 'median-range',
          test: 'kruskal-wallis',
          alsoTests: ['anova'],
          against: 'B',
          pairedTest: 'paired-t',
          indent: 0,
        },
      ],
    },
    arms,
    () => null,
  ),
  listing: {
    kind: 'listing',
    columns: [{ en: 'Cause' }],
    rows: [{ subject: '01-1', cells: [{ en: 'ILD' }] }],
  },
  'an empty listing': { kind: 'listing', columns: [{ en: 'Cause' }], rows: [] },
}

function shown(body: ReportBody, locale: 'en' | 'ja' | 'zh'): string {
  const result: ReportResult = {
    oid: 'R',
    title,
    footnote: null,
    population: { oid: 'P', label: { en: 'P' }, n: 6 },
    dataAsOf: '2026-11-21T00:00:00Z',
    studyVersion: { number: 1, label: '1.0', hash: 'abc' },
    engineVersion: '1',
    parameters: {},
    arms: 'shown',
    body,
    problem: null,
  }
  const problems: string[] = []
  const markup = renderToStaticMarkup(
    <NextIntlClientProvider
      locale={locale}
      timeZone="UTC"
      messages={{ report: { en, ja, zh }[locale] }}
      onError={(error) => void problems.push(error.message)}
    >
      <PanelProvider>
        <ReportView result={result} studyOid="S" />
      </PanelProvider>
    </NextIntlClientProvider>,
  )
  expect(problems).toEqual([])
  return markup
}

describe.each(['en', 'ja', 'zh'] as const)('in %s', (locale) => {
  it.each(Object.keys(bodies))('%s', (name) => {
    expect(shown(bodies[name] as ReportBody, locale)).toContain('<article')
  })
})

it('a hazard ratio stands beside its reason or its limits, and opens its subjects', () => {
  const markup = shown(bodies.cox as ReportBody, 'en')
  expect(markup).toContain('No subject is at this level.')
  expect(markup).toContain('1 subject is left out: no follow-up time.')
  expect(markup).toContain('6 subjects, 3 events; Cox regression, ties by Efron')
  expect(markup).toMatch(/\d\.\d\d \(\d\.\d\d–/)
  expect(markup).toContain('3: who is behind Sex, M')
})

it('further and paired tests are named', () => {
  const markup = shown(bodies.table as ReportBody, 'en')
  for (const name of ['Kruskal-Wallis', 'analysis of variance', 'paired t test'])
    expect(markup).toContain(name)
})
