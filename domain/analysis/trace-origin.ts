/**
 * Which expressions stand behind a number of a report: found in the report's own text by the place of the number, so that results
 * need not carry them. The place is `line` and `column` as `ReportBody` has them.
 */
import { z } from 'zod'
import type { Label, ReportDef, StudyDefinition } from '#domain/definition/definition.ts'
import { criteriaOf } from '#domain/definition/endpoint-rule.ts'
import { populationRule } from '#domain/definition/population-rule.ts'
import type { ReportParameters } from './report-parameters.ts'
import { codeListOf } from './run-report.ts'
import { tableReport } from './table-report.ts'
import { itemAt } from './visit-means-report.ts'

export const tracePlaceSchema = z.strictObject({
  /** Position of the row: a line of a table, a step as defined, a covariate, a group of a report over visits, a cause. */
  line: z.int().min(0).max(9999),
  /** Key of the column: a group, a visit, the position in a listing. */
  column: z.string().max(100),
  /** Of a trial profile: which exclusion of the step's population. */
  exclusion: z.int().min(0).max(99).optional(),
})
export type TracePlace = z.infer<typeof tracePlaceSchema>

export const traceRoles = [
  'value',
  'against',
  'rule',
  'group',
  'population',
  'subgroup',
  'time-zero',
  'event',
  'criterion',
  'competing',
  'censor',
  'covariate',
  'time',
] as const
export type TraceRole = (typeof traceRoles)[number]
export type TraceText = { role: TraceRole; label: Label | null; text: string }

/** Empty for a place the report does not have. The population and the group come last. */
export function traceTexts(
  report: ReportDef,
  definition: StudyDefinition,
  place: TracePlace,
  parameters: ReportParameters = {},
): TraceText[] {
  const own = ownTexts(report, definition, place)
  const endpoint =
    'endpoint' in report
      ? definition.endpoints.find(({ oid }) => oid === report.endpoint)
      : undefined
  const named = 'population' in report ? report.population : endpoint?.population
  const population = definition.populations.find(
    ({ oid }) => oid === (parameters.population ?? named),
  )
  if (!population) return own
  const text = populationRule(definition, population.oid)
  return [...own, { role: 'population', label: population.label, text }]
}

function ownTexts(
  report: ReportDef,
  definition: StudyDefinition,
  { line, column, exclusion }: TracePlace,
): TraceText[] {
  const value = (text: string | undefined, label: Label | null, role: TraceRole = 'value') =>
    text === undefined ? [] : [{ role, label, text }]
  switch (report.kind) {
    case 'table':
    case 'visit-table': {
      const row = rowOfLine(report, definition, line)
      if (!row) return []
      const at = (text: string | undefined) =>
        report.kind === 'visit-table' ? text?.replaceAll(/\bVISIT\b/g, column) : text
      const group = report.kind === 'table' ? groupText(report.columns, definition, column) : []
      return [
        ...value(at(row.value), row.label),
        ...value(at(row.against), null, 'against'),
        ...group,
      ]
    }
    case 'flow': {
      const step = report.steps[line]
      const oid = step?.population ?? step?.excludedFrom
      const named = definition.populations.find((one) => one.oid === oid)
      const reason = exclusion === undefined ? undefined : named?.exclude?.[exclusion]
      if (reason) return value(reason.rule, reason.label, 'rule')
      if (named) return value(populationRule(definition, named.oid), named.label, 'population')
      return value(step?.rule, step?.label ?? null, 'rule')
    }
    case 'populations':
      return definition.populations.map(({ oid, label }) => ({
        role: 'population' as const,
        label,
        text: populationRule(definition, oid),
      }))
    case 'agreement': {
      const row = report.rows[line]
      return row ? [...value(row.first, row.label), ...value(row.second, null, 'against')] : []
    }
    case 'survival':
    case 'incidence': {
      const subgroup =
        report.kind === 'survival' && line > 0 ? report.subgroups?.[line - 1] : undefined
      return [
        ...endpointParts(report.endpoint, definition),
        ...value(subgroup?.rule, subgroup?.label ?? null, 'subgroup'),
        ...groupText(report.by, definition, column),
      ]
    }
    case 'cox': {
      const covariate = report.covariates[line]
      return [
        ...value(covariate?.value, covariate?.label ?? null, 'covariate'),
        ...value(report.time, null, 'time'),
        ...value(report.event, null, 'event'),
      ]
    }
    case 'visit-means':
    case 'visit-values':
      return value(itemAt(report.item, column), report.title)
    case 'listing': {
      // The key of a subject stands for the whole line.
      const shown = column === 'subject' ? report.shows : [report.shows[Number(column)]]
      const texts = shown.flatMap((one) => [
        ...value(one?.value, one?.label ?? null),
        ...(one?.each ?? []).flatMap(({ label, rule }) => value(rule, label, 'rule')),
      ])
      return [...texts, ...value(report.rule, null, 'rule')]
    }
  }
}

type TableDef = Extract<ReportDef, { kind: 'table' | 'visit-table' }>

/** Rows per code make several lines: how many is asked of the engine itself. */
function rowOfLine(report: TableDef, definition: StudyDefinition, line: number) {
  let first = 0
  for (const row of report.rows) {
    const { alsoTests: _, ...plain } = row
    const alone = { ...report, rows: [{ ...plain, test: 'none' as const }] }
    const { lines } = tableReport(alone, [], ({ value }) => codeListOf(value, definition))
    if (line >= first && line < first + lines.length) return row
    first += lines.length
  }
  return undefined
}

function groupText(by: string, definition: StudyDefinition, column: string): TraceText[] {
  const grouping = definition.groupings?.find(({ oid }) => oid === by)
  const group = grouping?.groups.find(({ code }) => code === column)
  const text = group?.rule ?? grouping?.value
  if (!grouping || text === undefined) return []
  return [{ role: 'group', label: group?.label ?? grouping.label, text }]
}

function endpointParts(oid: string, definition: StudyDefinition): TraceText[] {
  const endpoint = definition.endpoints.find((one) => one.oid === oid)
  if (!endpoint) return []
  const criteria = criteriaOf(endpoint)?.criteria ?? []
  return [
    { role: 'time-zero', label: null, text: endpoint.timeZero },
    ...(typeof endpoint.event === 'string'
      ? [{ role: 'event' as const, label: endpoint.label, text: endpoint.event }]
      : []),
    ...criteria.map(({ label, rule }) => ({ role: 'criterion' as const, label, text: rule })),
    ...(endpoint.competing ?? []).map(({ label, date }) => ({
      role: 'competing' as const,
      label,
      text: date,
    })),
    { role: 'censor', label: null, text: endpoint.censor },
  ]
}
