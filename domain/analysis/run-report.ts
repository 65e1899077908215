/**
 * Turns a report of the definition into numbers. The definition says what is asked, the subjects answer expressions, the
 * statistics engine computes; nothing here knows a particular study.
 */
import type {
  CodeListDef,
  Label,
  ReportDef,
  StudyDefinition,
} from '#domain/definition/definition.ts'
import { agreementReport } from './agreement-report.ts'
import type { AnalysisSubject } from './analysis-subject.ts'
import { armViewWith, tellsArm, withheld, withoutComparisons } from './concealed-arms.ts'
import { coxReport } from './cox-report.ts'
import { flowReport } from './flow-report.ts'
import { incidenceReport } from './incidence-report.ts'
import { listingReport } from './listing-report.ts'
import { populationsReport } from './populations-report.ts'
import { differences } from './report-choices.ts'
import { type CohortRequest, type ReportCohort, reportCohort } from './report-cohort.ts'
import type { ReportBody, ReportResult } from './report-result.ts'
import { survivalReport } from './survival-report.ts'
import { type Arm, tableReport } from './table-report.ts'
import { visitMeansReport } from './visit-means-report.ts'
import { visitValuesReport } from './visit-values-report.ts'

/**
 * Printed in the footer of every report. Raised whenever a number could come out differently, by a change here, in the statistics, in the
 * expression language or in how casebooks are read: answers that are kept in the database hold only under it.
 */
export const engineVersion = '3'

export type ReportContext = CohortRequest & {
  dataAsOf: string
  studyVersion: { number: number; label: string; hash: string }
}

/** Parameters are taken as they are: `parametersProblem` says beforehand what is wrong with them. */
export function runReport(report: ReportDef, context: ReportContext): ReportResult {
  const { definition } = context
  const view = armViewWith(context.arms, context.maskSeed)
  if (view !== 'shown' && tellsArm(report, definition, context.parameters ?? {}, context.conceals))
    return withheldReport(report, context, view)
  const cohort = reportCohort(report, context)
  const { population, inPopulation, isPooled } = cohort
  const body = bodyOf(report, definition, cohort)
  return {
    oid: report.oid,
    title: report.title,
    footnote: 'footnote' in report ? (report.footnote ?? null) : null,
    population: population
      ? { oid: population.oid, label: population.label, n: inPopulation.length }
      : null,
    dataAsOf: context.dataAsOf,
    studyVersion: context.studyVersion,
    engineVersion,
    parameters: differences(report, definition, context.parameters ?? {}),
    arms: view,
    body: isPooled ? withoutComparisons(body) : body,
    problem: inPopulation.length > 0 ? null : nobodyIn(context, cohort),
  }
}

function withheldReport(
  report: ReportDef,
  context: ReportContext,
  arms: ReportResult['arms'],
): ReportResult {
  return {
    oid: report.oid,
    title: report.title,
    footnote: null,
    population: null,
    dataAsOf: context.dataAsOf,
    studyVersion: context.studyVersion,
    engineVersion,
    parameters: differences(report, context.definition, context.parameters ?? {}),
    arms,
    body: { kind: 'listing', columns: [], rows: [] },
    problem: withheld,
  }
}

/** Why there is no number at all. */
function nobodyIn({ subjects, parameters }: ReportContext, { population }: ReportCohort): Label {
  if (subjects.length === 0 && !population)
    return {
      en: 'There is no subject yet.',
      ja: '被験者はまだいません。',
      zh: '尚无受试者。',
    }
  if (subjects.length > 0 && parameters?.subgroup)
    return {
      en: 'No subject of this population is in the chosen subgroup.',
      ja: 'この解析対象集団に、選択した部分集団の被験者はいません。',
      zh: '该人群中没有属于所选亚组的受试者。',
    }
  return {
    en: 'No subject is in this population yet.',
    ja: 'この解析対象集団に被験者はまだいません。',
    zh: '该人群中尚无受试者。',
  }
}

function bodyOf(
  report: ReportDef,
  definition: StudyDefinition,
  { subjects, inPopulation, arms }: ReportCohort,
): ReportBody {
  if (report.kind === 'flow') return flowReport(report, subjects, arms, definition)
  if (report.kind === 'populations') return populationsReport(report, definition, subjects, arms)
  if (report.kind === 'table')
    return tableReport(report, arms, (row) => codeListOf(row.value, definition))
  if (report.kind === 'visit-table') {
    const columns = visitColumns(report.visits, inPopulation, definition)
    return tableReport(report, columns, (row) => codeListOf(row.value, definition))
  }
  if (report.kind === 'visit-means') return visitMeansReport(report, arms, definition.events)
  if (report.kind === 'visit-values') return visitValuesReport(report, arms, definition.events)
  if (report.kind === 'cox')
    return coxReport(report, inPopulation, (value) => codeListOf(value, definition))
  if (report.kind === 'agreement') return agreementReport(report, inPopulation)
  if (report.kind === 'listing')
    return listingReport(report, inPopulation, (value) => codeListOf(value, definition))
  const endpoint = definition.endpoints.find((one) => one.oid === report.endpoint)
  if (!endpoint)
    throw new Error(
      `The definition has no endpoint ${report.endpoint}; the checker lets none such pass.`,
    )
  if (report.kind === 'incidence') return incidenceReport(report, endpoint, arms)
  return survivalReport(report, endpoint, arms)
}

/** The population once a visit, each subject answering as seen from it. */
function visitColumns(
  visits: readonly string[],
  inPopulation: readonly AnalysisSubject[],
  { events }: StudyDefinition,
): Arm[] {
  return visits.map((oid) => ({
    key: oid,
    label: events.find((event) => event.oid === oid)?.label ?? { en: oid },
    subjects: inPopulation.map((subject) => ({
      ...subject,
      value: (expression) => subject.value(expression.replaceAll(/\bVISIT\b/g, oid)),
    })),
  }))
}

/** The code list behind a value: that of the item or variable the expression names, when it is a plain name. */
export function codeListOf(
  value: string | undefined,
  definition: Pick<StudyDefinition, 'codeLists' | 'variables' | 'forms'>,
): CodeListDef | null {
  const name = value
    ?.split('.')
    .at(-1)
    ?.replace(/[^A-Z0-9_].*$/, '')
  const variable = definition.variables.find((one) => one.oid === value)
  const item = definition.forms
    .flatMap((form) => form.groups)
    .flatMap((group) => group.items)
    .find((one) => one.oid === name)
  const oid = variable?.codeList ?? item?.codeList
  return definition.codeLists.find((list) => list.oid === oid) ?? null
}
