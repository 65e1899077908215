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
import { populationRule } from '#domain/definition/population-rule.ts'
import { type AnalysisSubject, members } from './analysis-subject.ts'
import { coxReport } from './cox-report.ts'
import { flowReport } from './flow-report.ts'
import { listingReport } from './listing-report.ts'
import { populationsReport } from './populations-report.ts'
import type { ArmView, ReportParameters } from './report-parameters.ts'
import type { ReportBody, ReportResult } from './report-result.ts'
import { survivalReport } from './survival-report.ts'
import { type Arm, tableReport } from './table-report.ts'
import { visitMeansReport } from './visit-means-report.ts'
import { visitValuesReport } from './visit-values-report.ts'

/** Printed in the footer of every report; raised when a number could come out differently. */
export const engineVersion = '1'

export type ReportContext = {
  definition: StudyDefinition
  subjects: readonly AnalysisSubject[]
  dataAsOf: string
  studyVersion: { number: number; label: string; hash: string }
  /** How arms are shown; by name when absent. */
  arms?: ArmView
  parameters?: ReportParameters
}

/** Where the arm of a subject is read; null in a study without allocation. */
export function armExpression(definition: StudyDefinition): string | null {
  return definition.allocation ? `${definition.allocation.form}.ARMCD` : null
}

export function runReport(report: ReportDef, context: ReportContext): ReportResult {
  const { definition, subjects } = context
  const populationOid =
    'population' in report
      ? report.population
      : report.kind === 'survival'
        ? definition.endpoints.find((one) => one.oid === report.endpoint)?.population
        : undefined
  const population = definition.populations.find((one) => one.oid === populationOid)
  const inPopulation = population
    ? members(subjects, populationRule(definition, population.oid))
    : subjects
  const arms = armsOf(groupsBy(report), definition, inPopulation)
  const base = {
    oid: report.oid,
    title: report.title,
    footnote: 'footnote' in report ? (report.footnote ?? null) : null,
    population: population
      ? { oid: population.oid, label: population.label, n: inPopulation.length }
      : null,
    dataAsOf: context.dataAsOf,
    studyVersion: context.studyVersion,
    engineVersion,
    parameters: context.parameters ?? {},
    arms: context.arms ?? 'shown',
  }
  const nobody: Label = {
    en: 'No subject is in this population yet.',
    ja: 'この解析対象集団に被験者はまだいません。',
    zh: '该人群中尚无受试者。',
  }
  return {
    ...base,
    body: bodyOf(report, definition, subjects, inPopulation, arms),
    problem: inPopulation.length === 0 ? nobody : null,
  }
}

function bodyOf(
  report: ReportDef,
  definition: StudyDefinition,
  subjects: readonly AnalysisSubject[],
  inPopulation: readonly AnalysisSubject[],
  arms: readonly Arm[],
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
  if (report.kind === 'listing')
    return listingReport(report, inPopulation, (value) => codeListOf(value, definition))
  const endpoint = definition.endpoints.find((one) => one.oid === report.endpoint)
  if (!endpoint)
    throw new Error(
      `The definition has no endpoint ${report.endpoint}; the checker lets none such pass.`,
    )
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
    subjects: inPopulation.map(({ subjectKey, value }) => ({
      subjectKey,
      value: (expression) => value(expression.replaceAll(/\bVISIT\b/g, oid)),
    })),
  }))
}

/** What a report is divided by: a grouping of the definition, or the arms. */
function groupsBy(report: ReportDef): string {
  const by = 'columns' in report ? report.columns : 'by' in report ? report.by : undefined
  return by ?? 'arm'
}

function armsOf(
  by: string,
  definition: StudyDefinition,
  subjects: readonly AnalysisSubject[],
): Arm[] {
  const grouping = definition.groupings?.find((one) => one.oid === by)
  if (grouping) {
    const { value } = grouping
    const groups = grouping.groups.map(({ code, label, rule, of }) => ({
      key: code,
      label,
      of,
      subjects:
        rule !== undefined
          ? members(subjects, rule)
          : subjects.filter(
              (subject) => value !== undefined && String(subject.value(value)) === code,
            ),
    }))
    return groups.map(({ of, ...group }) => ({
      ...group,
      whole: (groups.find(({ key }) => key === of)?.subjects ?? subjects).length,
    }))
  }
  const expression = armExpression(definition)
  if (!definition.allocation || expression === null) {
    return [{ key: 'ALL', label: { en: 'All', ja: '全体', zh: '全部' }, subjects }]
  }
  return definition.allocation.arms.map((arm) => ({
    key: arm.code,
    label: arm.label,
    subjects: subjects.filter((subject) => subject.value(expression) === arm.code),
    whole: subjects.length,
  }))
}

/** The code list behind a value: that of the item or variable the expression names, when it is a plain name. */
function codeListOf(value: string | undefined, definition: StudyDefinition): CodeListDef | null {
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
