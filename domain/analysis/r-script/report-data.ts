/**
 * What a report computed from: a row a subject with the flag of its population, a flag per column of the report, and a
 * variable for every expression that the report asked, found by listening while it asks. From these alone R computes it again.
 */
import {
  type AnalysisSet,
  type Column,
  SetTable,
} from '#domain/analysis/analysis-sets/analysis-set.ts'
import {
  cellOfValue,
  imputed,
  uniqueSubjectKey,
} from '#domain/analysis/analysis-sets/set-subject.ts'
import { type AnalysisSubject, keysOf } from '#domain/analysis/analysis-subject.ts'
import { endpointVerdict } from '#domain/analysis/endpoint-verdict.ts'
import { populationStanding } from '#domain/analysis/population-standing.ts'
import { reportCohort } from '#domain/analysis/report-cohort.ts'
import { codeListOf, type ReportContext, runReport } from '#domain/analysis/run-report.ts'
import type { Label, ReportDef, StudyDefinition } from '#domain/definition/definition.ts'
import type { EndpointDef } from '#domain/definition/endpoint-schema.ts'
import type { Value } from '#domain/expression/types.ts'
import { addDays } from '#domain/values/partial-date.ts'

export type ReportGroup = { key: string; label: Label; variable: string }
export type ReportData = {
  set: AnalysisSet
  groups: readonly ReportGroup[]
  /** The variable that holds the answers to an expression; null where nobody was asked, or where it must not be told. */
  variableOf(expression: string): string | null
  /** Expressions that were asked and are left out because they tell the arm. */
  concealed: ReadonlySet<string>
  /** The variable with the standing of subjects in a population (kinds `flow` and `populations`). */
  standingOf(population: string): string | null
  /** Codes an answer may have, with what the report prints for them; null where it has none. */
  labelsOf(expression: string): readonly (readonly [string, string])[] | null
  /** True where the answers are yes and no. */
  isYesNo(expression: string): boolean
  /** True where an answer may be several codes, which the data have with semicolons between them. */
  isSeveral(expression: string): boolean
}

/** True where the reader must not know what the expression answers. */
export type Conceals = (expression: string) => boolean

type DataRow = {
  subject: AnalysisSubject
  inPopulation: boolean
  groups: ReadonlySet<string>
}

/**
 * Pure: it may be run again with more answers known. `context` is that of the report itself, so population, subgroup,
 * cut-off and arms are as the report has them.
 */
export function reportData(
  report: ReportDef,
  context: ReportContext,
  conceals: Conceals = () => false,
): ReportData {
  const { definition } = context
  const { members, groups } = columnsOf(report, context)
  const truths = new Set<string>()
  const several = new Set<string>()
  const asked = askedBy(report, context)
  const concealed = new Set(asked.filter(conceals))
  const told = asked.filter((text) => !concealed.has(text))
  const variables = new Map(told.map((text, at) => [text, `V${String(at + 1).padStart(3, '0')}`]))
  const endpoint = endpointOf(report, definition)
  const standings = new Map(
    populationsOf(report, definition).map((oid, at) => [oid, `STAND${at + 1}`]),
  )
  const columns: Column<DataRow>[] = [
    text('USUBJID', 'Unique Subject Identifier', 'OID of the study, hyphen, subject key', (row) =>
      uniqueSubjectKey(definition.oid, row.subject.subjectKey),
    ),
    text(
      'SUBJID',
      'Subject Identifier for the Study',
      'Subject key',
      (row) => row.subject.subjectKey,
    ),
    text(
      'POPFL',
      'In the Population of the Report',
      'Population and parameters of the report',
      (row) => (row.inPopulation ? 'Y' : 'N'),
    ),
    ...groups.map(({ key, label, variable }) =>
      text(variable, label.en, `Column ${key} of the report`, (row) =>
        row.groups.has(variable) ? 'Y' : 'N',
      ),
    ),
    ...(endpoint ? endpointColumns(endpoint) : []),
    ...[...standings].map(([oid, name]) =>
      text(
        name,
        `Standing in the population ${oid}`,
        'member, or what decided otherwise',
        (row) => {
          const standing = populationStanding(definition, oid, row.subject.value)
          const text = standingText(standing.state, standing.by, standing.exclusion)
          // Lost before, on the way to a population that this one is taken from.
          return standing.wasIn ? text : `before: ${text}`
        },
      ),
    ),
    ...told.map((expression): Column<DataRow> => {
      const values = context.subjects.map((subject) => subject.value(expression))
      if (values.some((value) => typeof value === 'boolean')) truths.add(expression)
      if (values.some((value) => Array.isArray(value))) several.add(expression)
      const isNumeric = values.some((value) => typeof value === 'number')
      return {
        name: variables.get(expression) as string,
        label: expression,
        type: isNumeric ? 'float' : 'text',
        origin: expression,
        of: ({ subject }) => cellOfValue(subject.value(expression)),
      }
    }),
  ]
  const facts = { name: dataName(report.oid), label: report.title.en, key: ['USUBJID'] }
  const table = new SetTable<DataRow>(facts, columns)
  for (const subject of context.subjects) {
    const { subjectKey } = subject
    const own = groups.filter(({ subjects }) => subjects.has(subjectKey))
    table.add({
      subject,
      inPopulation: members.has(subjectKey),
      groups: new Set(own.map(({ variable }) => variable)),
    })
  }
  return {
    set: table.set(),
    groups,
    variableOf: (expression) => variables.get(expression) ?? null,
    concealed,
    standingOf: (oid) => standings.get(oid) ?? null,
    labelsOf: (expression) =>
      codeListOf(expression, definition)
        ?.codes.filter(({ missing }) => missing === undefined)
        .map(({ code, label }) => [code, label.en] as const) ?? null,
    isYesNo: (expression) => truths.has(expression),
    isSeveral: (expression) => several.has(expression),
  }
}

/** Name of the data file of a report, without its ending. */
export function dataName(oid: string): string {
  return oid.toLowerCase()
}

export function standingText(state: string, by: string | null, exclusion: number | null): string {
  return [state, by, exclusion].filter((part) => part !== null).join(' ')
}

/** Who belongs to the report and to each of its columns, as the engine itself has it. */
function columnsOf(report: ReportDef, context: ReportContext) {
  const { population, subjects, inPopulation, arms } = reportCohort(report, context)
  const counted = population === null || isOverAll(report) ? subjects : inPopulation
  const groups = arms.map(({ key, label, subjects: own }, at) => ({
    key,
    label,
    variable: `G${String(at + 1).padStart(2, '0')}`,
    subjects: new Set(keysOf(own)),
  }))
  return { members: new Set(keysOf(counted)), groups }
}

/** Reports that count from all subjects downwards. */
const isOverAll = ({ kind }: ReportDef) => kind === 'flow' || kind === 'populations'

/** Everything the report asks of subjects, in the order of asking. */
function askedBy(report: ReportDef, context: ReportContext): string[] {
  const asked = new Set<string>()
  const listening = context.subjects.map(
    (subject): AnalysisSubject => ({
      ...subject,
      value: (expression: string): Value => {
        asked.add(expression)
        return subject.value(expression)
      },
    }),
  )
  runReport(report, { ...context, subjects: listening })
  return [...asked]
}

export function endpointOf(report: ReportDef, definition: StudyDefinition): EndpointDef | null {
  const oid = 'endpoint' in report ? report.endpoint : undefined
  return definition.endpoints.find((one) => one.oid === oid) ?? null
}

/** Populations whose members and exclusions a report counts. */
function populationsOf(report: ReportDef, definition: StudyDefinition): string[] {
  const all = definition.populations.map(({ oid }) => oid)
  if (report.kind === 'populations') return [...(report.populations ?? all)]
  if (report.kind !== 'flow') return []
  const named = report.steps.flatMap(({ population, excludedFrom }) => [population, excludedFrom])
  return all.filter((oid) => named.includes(oid))
}

/** The dates of an endpoint that count, after adjudication and cut-off; R works out time and censoring from them. */
function endpointColumns(endpoint: EndpointDef): Column<DataRow>[] {
  const verdict = ({ subject }: DataRow) => endpointVerdict(subject, endpoint)
  const date = (
    name: string,
    label: string,
    origin: string,
    of: (found: ReturnType<typeof verdict>) => string | null,
  ): Column<DataRow> => ({
    name,
    label,
    type: 'anyDate',
    origin,
    of: (row) => imputed(of(verdict(row))).date,
  })
  return [
    date('STARTDT', 'Time Zero', `timeZero of ${endpoint.oid}`, ({ zero }) => zero),
    date('EVENTDT', 'Date of the Event', 'Rule, or the decision in its place', (found) => {
      const { met, date: when } = found.adjudication ?? found.rule
      return met === true ? when : null
    }),
    date('CENSDT', 'End of Follow-up', 'censor of the endpoint, or the cut-off', (found) => {
      if (found.because === 'end-of-follow-up') return found.date
      if (found.because !== 'horizon' || found.zero === null) return found.censor
      return found.censor ?? addDays(found.zero, endpoint.horizon)
    }),
    ...(endpoint.competing ?? []).map((one, at) =>
      date(`COMP${at + 1}DT`, `Date of the Competing Event ${one.oid}`, one.date, (found) => {
        const own = found.competing.find(({ oid }) => oid === one.oid)
        return own?.date ?? null
      }),
    ),
    text('UNDECFL', 'Undecided, not Analysed', 'Y where the endpoint cannot be decided', (row) =>
      verdict(row).status === 'undecided' ? 'Y' : null,
    ),
  ]
}

function text(
  name: string,
  label: string,
  origin: string,
  of: (row: DataRow) => string | null,
): Column<DataRow> {
  return { name, label, type: 'text', origin, of }
}
