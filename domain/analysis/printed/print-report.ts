import type { Label, Language } from '#domain/definition/definition.ts'
import { reportFigureSpec } from '../figures/spec-from-report.ts'
import { reportCells } from '../report-cells.ts'
import type { ReportBody, ReportResult } from '../report-result.ts'
import { conditionsOf, type NamesOf } from './conditions.ts'
import { printCox, printIncidence, printSurvival } from './print-curves.ts'
import { printFlow, printListing, printTable } from './print-tables.ts'
import { printVisitMeans, printVisitValues } from './print-visits.ts'
import { cell, type PrintedBlock, type PrintedReport } from './printed-report.ts'
import { type Say, sayIn } from './say.ts'

/** A cut as the foot of a page names it. */
export type PrintedCut = { number: number; name: string; asOf: string; hash: string }

export type PrintOptions = {
  language: Language
  /** Names of what the parameters of the run point to. */
  names?: NamesOf
}

/** Turns the result of any report into what paper says. A report that cannot be computed is its reason in one sentence. */
export function printReport(
  result: ReportResult,
  { language, names }: PrintOptions,
): PrintedReport {
  const say = sayIn(language)
  const { words, label } = say
  const { population } = result
  return {
    oid: result.oid,
    title: label(result.title),
    language,
    population: population ? words.population(label(population.label), population.n) : null,
    conditions: conditionsOf(result.parameters, result.arms, say, names),
    blocks: result.problem
      ? [{ kind: 'sentence', text: label(result.problem), quiet: false }]
      : blocksOf(result.body, result.title, say),
    footnote: result.footnote ? label(result.footnote) : null,
  }
}

function blocksOf(body: ReportBody, title: Label, say: Say): PrintedBlock[] {
  switch (body.kind) {
    case 'table':
      return printTable(body, say)
    case 'flow': {
      const spec = reportFigureSpec(body, title)
      return [...(spec ? [{ kind: 'figure' as const, spec }] : []), ...printFlow(body, say)]
    }
    case 'survival':
      return printSurvival(body, say)
    case 'incidence':
      return printIncidence(body, title, say)
    case 'cox':
      return printCox(body, title, say)
    case 'visit-means':
      return printVisitMeans(body, title, say)
    case 'visit-values':
      return printVisitValues(body, title, say)
    case 'listing':
      return printListing(body, say)
    default:
      return cellsOf(body, title, say)
  }
}

/** A kind without a layout of its own: its figure and every number by row and column, so that nothing is lost on paper. */
function cellsOf(body: ReportBody, title: Label, say: Say): PrintedBlock[] {
  const { words } = say
  const spec = reportFigureSpec(body, title)
  return [
    ...(spec ? [{ kind: 'figure' as const, spec }] : []),
    {
      kind: 'table',
      columns: [{ align: 'start' }, { align: 'start' }, { align: 'end' }],
      head: [{ heading: true, cells: [cell(words.row), cell(words.column), cell(words.value)] }],
      rows: reportCells({ body }).map((one) => ({
        heading: false,
        cells: [cell(one.row), cell(one.column), cell(one.text)],
      })),
      notes: [],
    },
  ]
}

/** Cut or "live data" with its moment, definition and engine, as the foot of a page says them. */
export function footerOf(
  { cut, dataAsOf, studyVersion, engineVersion }: FooterFacts,
  { words }: Say,
): string[] {
  return [
    cut
      ? words.cut(cut.number, cut.name, momentText(cut.asOf), cut.hash.slice(0, 12))
      : `${words.live}, ${words.asOf(momentText(dataAsOf))}`,
    words.definition(studyVersion.label, studyVersion.hash.slice(0, 12)),
    words.engine(engineVersion),
  ]
}
type FooterFacts = Pick<ReportResult, 'dataAsOf' | 'studyVersion' | 'engineVersion'> & {
  cut?: PrintedCut | null | undefined
}

/** `2026-11-21 15:58:03 UTC`: paper has no reader's time zone. */
export function momentText(iso: string): string {
  const moment = new Date(iso)
  if (Number.isNaN(moment.getTime())) return iso
  return `${moment.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
