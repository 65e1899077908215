/** The kinds of reports as pages show them, in every language; a message that is missing is a failure. */
import { NextIntlClientProvider } from 'next-intl'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { PanelProvider } from '#components/ui/panel.tsx'
import type { AnalysisSubject } from '#domain/analysis/analysis-subject.ts'
import { coxReport } from '#domain/analysis/cox-report.ts'
import { incidenceReport } from '#domain/analysis/incidence-report.ts'
import type { NamesOf } from '#domain/analysis/printed/conditions.ts'
import type { ReportBody, ReportResult } from '#domain/analysis/report-result.ts'
import { runReport } from '#domain/analysis/run-report.ts'
import { tableReport } from '#domain/analysis/table-report.ts'
import {
  hostileCohorts,
  hostileDefinition,
  hostileReports,
  randomCohort,
} from '#domain/analysis/testing/hostile-cohorts.ts'
import { visitValuesReport } from '#domain/analysis/visit-values-report.ts'
import type { ReportDef } from '#domain/definition/definition.ts'
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
  incidence: incidenceReport(
    {
      kind: 'incidence',
      oid: 'I',
      title,
      endpoint: 'REL',
      by: 'SEX',
      unit: 'day',
      ticks: [0, 20, 40],
      display: 'lines',
    },
    {
      oid: 'REL',
      label: { en: 'Relapse' },
      kind: 'time-to-event',
      population: 'P',
      timeZero: 'ZERO',
      event: 'RELAPSED',
      censor: 'LAST',
      horizon: 40,
      competing: [{ oid: 'DEATH', label: { en: 'Death' }, date: 'DIED' }],
    },
    ['M', 'F'].map((key, g) => ({
      key,
      label: { en: key },
      subjects: ['RELAPSED', 'DIED', 'LAST'].map((what, at) => ({
        subjectKey: `0${g + 1}-00${at + 1}`,
        value: (text: string) =>
          text === 'ZERO' ? '2020-01-01' : text === what ? `2020-01-${12 + 9 * at + g}` : null,
      })),
    })),
  ),
  listing: {
    kind: 'listing',
    columns: [{ en: 'Cause' }],
    rows: [{ subject: '01-1', cells: [{ en: 'ILD' }] }],
  },
  'an empty listing': { kind: 'listing', columns: [{ en: 'Cause' }], rows: [] },
}

const shown = (body: ReportBody, locale: 'en' | 'ja' | 'zh') => page(resultOf(body), locale)

function resultOf(body: ReportBody): ReportResult {
  return {
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
}

function page(result: ReportResult, locale: 'en' | 'ja' | 'zh', names?: NamesOf): string {
  const problems: string[] = []
  const markup = renderToStaticMarkup(
    <NextIntlClientProvider
      locale={locale}
      timeZone="UTC"
      messages={{ report: { en, ja, zh }[locale] }}
      onError={(error) => void problems.push(error.message)}
    >
      <PanelProvider>
        <ReportView result={result} studyOid="S" names={names} />
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

describe('of cohorts that no study hopes for', () => {
  const run = (report: ReportDef, subjects: readonly AnalysisSubject[]) =>
    runReport(report, {
      definition: hostileDefinition,
      subjects,
      dataAsOf: '2026-11-21T00:00:00Z',
      studyVersion: { number: 1, label: '1', hash: 'h' },
    })
  const text = (markup: string) => markup.replaceAll(/<[^>]*>/g, ' ')

  it.each(Object.keys(hostileCohorts))('%s', (name) => {
    for (const report of hostileReports) {
      const markup = page(run(report, hostileCohorts[name] ?? []), 'en')
      expect(markup).not.toMatch(/NaN|undefined|Infinity|\[object/)
      // More than title, footer and buttons: a number or a sentence.
      expect(text(markup.slice(0, markup.indexOf('<footer'))).trim()).not.toBe('')
    }
  })

  it('any values of any type', () => {
    for (let seed = 1; seed <= 25; seed += 1) {
      for (const report of hostileReports)
        expect(page(run(report, randomCohort(seed)), 'ja')).not.toMatch(
          /NaN|undefined|Infinity|\[object/,
        )
    }
  })
})

describe('what differs from the definition stands in the footer', () => {
  const names: NamesOf = {
    populations: [{ oid: 'PP', label: { en: 'Per protocol', ja: 'プロトコル適合集団' } }],
    groupings: [
      { oid: 'G', label: { en: 'Sex' }, groups: [{ code: 'F', label: { en: 'Women' } }] },
    ],
    parameters: [
      {
        oid: 'MODE',
        label: { en: 'Fall' },
        choices: [{ value: 'REL', label: { en: 'relative' } }],
      },
    ],
  }
  const result: ReportResult = {
    ...resultOf(bodies.table as ReportBody),
    parameters: {
      population: 'PP',
      subgroup: { grouping: 'G', code: 'F' },
      cutOff: '2020-03-31',
      values: { MODE: 'REL' },
    },
  }

  it('by name', () => {
    const markup = page(result, 'en', names)
    for (const part of ['Per protocol', 'Women', '2020-03-31', 'relative'])
      expect(markup).toContain(part)
    expect(page(result, 'ja', names)).toContain('プロトコル適合集団')
  })

  it('and nothing where nothing differs', () => {
    expect(page(resultOf(bodies.table as ReportBody), 'en', names)).not.toContain('<strong>')
  })
})

it('numbers at risk and the censored open who they are; numbers are buttons in the order of the table', () => {
  const markup = shown(bodies.incidence as ReportBody, 'en')
  const names = [...markup.matchAll(/aria-label="([^"]*)"/g)].map(([, name]) => name)
  expect(names).toContain('3: who is behind M, At risk at 0 days')
  expect(names).toContain('2: who is behind M, At risk at 20 days')
  expect(names).toContain('1: who is behind F, Censored')
  expect(names).toContain('1: who is behind M, Death, Events')
  // Nobody is at risk at the end: a number without subjects opens nothing.
  expect(names.some((name) => name?.endsWith('At risk at 40 days'))).toBe(false)
  expect(markup).toContain('Gray’s test')
})
