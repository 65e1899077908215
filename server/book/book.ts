/** What a report book is made of, the same for every format: who, what, when, from which data, and the results themselves. */
import { createHash } from 'node:crypto'
import type { NamesOf } from '#domain/analysis/printed/conditions.ts'
import { type PrintedCut, printReport } from '#domain/analysis/printed/print-report.ts'
import type { PrintedReport } from '#domain/analysis/printed/printed-report.ts'
import type { ArmView, ReportParameters } from '#domain/analysis/report-parameters.ts'
import type { ReportResult } from '#domain/analysis/report-result.ts'
import type { Label, Language, StudyDefinition } from '#domain/definition/definition.ts'
import { canonicalJson } from '#domain/definition/hash.ts'
import { reportHash } from '../cut/fingerprint.ts'
import { inLanguage } from '../display.ts'

export type BookSource = {
  study: Pick<StudyDefinition, 'oid' | 'name' | 'title' | 'protocol'>
  version: { number: number; label: string; hash: string }
  /** ISO moment the data are of. */
  dataAsOf: string
  /** Null for live data. */
  cut: PrintedCut | null
  arms: ArmView
  parameters: ReportParameters
  engineVersion: string
  names: NamesOf
  /** In the order of the study. */
  results: readonly ReportResult[]
}

export type PrintedBook = {
  language: Language
  source: BookSource
  /** Hex SHA-256 over every number and what it was made from: two books with the same hash say the same. */
  hash: string
  reports: readonly PrintedReport[]
  populations: readonly { label: Label; n: number }[]
}

/** Longest hash that a foot of a page shows. */
export const shortHash = (hash: string): string => hash.slice(0, 12)

/** The book in the reader's language. */
export function printedBook(source: BookSource, language: Language): PrintedBook {
  return {
    language,
    source,
    hash: bookHash(source),
    reports: source.results.map((result) => printReport(result, { language, names: source.names })),
    populations: populationsOf(source.results),
  }
}

/** The name a file of the book is saved under, without its ending. */
export function bookName({ source, language }: PrintedBook, part?: string): string {
  const from = source.cut ? `cut${source.cut.number}` : source.dataAsOf.slice(0, 10)
  return [source.study.oid, part ?? 'reports', from, language].join('_').replace(/[^\w.-]/g, '-')
}

export function studyName({ source, language }: PrintedBook): string {
  return inLanguage(source.study.name, language)
}

function bookHash(source: BookSource): string {
  const { study, version, dataAsOf, cut, arms, parameters, engineVersion, results } = source
  const reports = results.map(reportHash)
  const said = {
    study: study.oid,
    version,
    dataAsOf,
    cut,
    arms,
    parameters,
    engineVersion,
    reports,
  }
  return createHash('sha256').update(canonicalJson(said)).digest('hex')
}

/** The populations that the reports are about, each once. */
function populationsOf(results: readonly ReportResult[]): { label: Label; n: number }[] {
  const found = new Map<string, { label: Label; n: number }>()
  for (const { population } of results) {
    if (population && !found.has(population.oid))
      found.set(population.oid, { label: population.label, n: population.n })
  }
  return [...found.values()]
}
