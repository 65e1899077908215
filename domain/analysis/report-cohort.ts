/** Whom a report is about and how it is divided, after everything a reader chose: shared by all kinds, and by what recomputes them. */
import type {
  Label,
  PopulationDef,
  ReportDef,
  StudyDefinition,
} from '#domain/definition/definition.ts'
import { populationRule } from '#domain/definition/population-rule.ts'
import { type AnalysisSubject, members } from './analysis-subject.ts'
import { armsAs, armViewWith, underOtherNames } from './concealed-arms.ts'
import type { ArmView, ReportParameters } from './report-parameters.ts'
import type { Arm } from './table-report.ts'

export type CohortRequest = {
  definition: StudyDefinition
  subjects: readonly AnalysisSubject[]
  /** How arms are shown; by name when absent. */
  arms?: ArmView
  /** Forms and items that are concealed with the arm beside those of the definition. */
  conceals?: readonly string[]
  /** Secret from which masked arms get their letters. */
  maskSeed?: string
  parameters?: ReportParameters
}

export type ReportCohort = {
  /** Null: all subjects. */
  population: PopulationDef | null
  /** Of the chosen subgroup; everybody where none is chosen. */
  subjects: readonly AnalysisSubject[]
  inPopulation: readonly AnalysisSubject[]
  arms: readonly Arm[]
  /** The arms are shown together. */
  isPooled: boolean
}

/** Where the arm of a subject is read; null in a study without allocation. */
export function armExpression(definition: StudyDefinition): string | null {
  return definition.allocation ? `${definition.allocation.form}.ARMCD` : null
}

export function reportCohort(report: ReportDef, request: CohortRequest): ReportCohort {
  const { definition, parameters = {}, maskSeed } = request
  const view = armViewWith(request.arms, maskSeed)
  const everyone =
    view === 'masked' && maskSeed !== undefined
      ? underOtherNames(request.subjects, maskSeed)
      : request.subjects
  const oid = parameters.population ?? ownPopulation(report, definition)
  const population = definition.populations.find((one) => one.oid === oid) ?? null
  const { subgroup } = parameters
  const inSubgroup = subgroup
    ? groupMembers(definition, subgroup.grouping, subgroup.code, everyone)
    : everyone
  const inPopulation = population
    ? members(inSubgroup, populationRule(definition, population.oid))
    : inSubgroup
  // A report over all subjects has no population to put another one in place of: it is about the members of the chosen one.
  const subjects = ownPopulation(report, definition) === undefined ? inPopulation : inSubgroup
  const by = groupsBy(report)
  const groups = armsOf(by, definition, inPopulation)
  const isByArm = definition.allocation !== undefined && !isGrouping(by, definition)
  const arms = isByArm ? armsAs(view, groups, maskSeed) : groups
  return { population, subjects, inPopulation, arms, isPooled: isByArm && view === 'pooled' }
}

/** The population that a report names, itself or by its endpoint; undefined for one over all subjects. */
export function ownPopulation(report: ReportDef, definition: StudyDefinition): string | undefined {
  if ('population' in report) return report.population
  if (!('endpoint' in report)) return undefined
  return definition.endpoints.find((one) => one.oid === report.endpoint)?.population
}

/** Subjects of one group of a grouping; none for a group that does not exist. */
export function groupMembers(
  definition: StudyDefinition,
  grouping: string,
  code: string,
  subjects: readonly AnalysisSubject[],
): readonly AnalysisSubject[] {
  const found = definition.groupings?.find((one) => one.oid === grouping)
  const group = found?.groups.find((one) => one.code === code)
  if (!found || !group) return []
  const { value } = found
  if (group.rule !== undefined) return members(subjects, group.rule)
  if (value === undefined) return []
  return subjects.filter((subject) => {
    const answer = subject.value(value)
    return answer !== null && String(answer) === code
  })
}

/** What a report is divided by: a grouping of the definition, or the arms. */
function groupsBy(report: ReportDef): string {
  const by = 'columns' in report ? report.columns : 'by' in report ? report.by : undefined
  return by ?? 'arm'
}

const isGrouping = (by: string, { groupings }: StudyDefinition): boolean =>
  groupings?.some(({ oid }) => oid === by) ?? false

const everybody: Label = { en: 'All', ja: '全体', zh: '全部' }

function armsOf(
  by: string,
  definition: StudyDefinition,
  subjects: readonly AnalysisSubject[],
): Arm[] {
  const grouping = definition.groupings?.find((one) => one.oid === by)
  if (grouping) {
    const groups = grouping.groups.map(({ code, label, of }) => ({
      key: code,
      label,
      of,
      subjects: groupMembers(definition, grouping.oid, code, subjects),
    }))
    return groups.map(({ of, ...group }) => ({
      ...group,
      whole: (groups.find(({ key }) => key === of)?.subjects ?? subjects).length,
    }))
  }
  const expression = armExpression(definition)
  if (!definition.allocation || expression === null) {
    return [{ key: 'ALL', label: everybody, subjects }]
  }
  return definition.allocation.arms.map((arm) => ({
    key: arm.code,
    label: arm.label,
    subjects: subjects.filter((subject) => subject.value(expression) === arm.code),
    whole: subjects.length,
  }))
}
