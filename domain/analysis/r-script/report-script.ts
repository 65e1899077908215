/**
 * An R script that computes a report again from its own data, with base R and the survival package, and holds every printed number
 * against its own: a line each, `N equal, M different` at the end, exit status 1 where one differs. What R does is written
 * out in the script; nothing of it is taken from the engine.
 */
import type { ReportResult } from '#domain/analysis/report-result.ts'
import type { ReportDef, StudyDefinition } from '#domain/definition/definition.ts'
import { otherScript } from './other-scripts.ts'
import { preamble } from './preamble.ts'
import { agreementPreamble } from './preamble-agreement.ts'
import { survivalPreamble } from './preamble-survival.ts'
import { rComment, rString } from './r-text.ts'
import { dataName, type ReportData } from './report-data.ts'
import { agreementScript, populationsScript, tableScript } from './table-script.ts'

export type ReportScript = { name: string; text: string }

/** The text of the script; it reads `<report>.csv` and `<report>_printed.csv` of its own folder. */
export function reportScript(
  report: ReportDef,
  result: ReportResult,
  data: ReportData,
  definition: StudyDefinition,
): ReportScript {
  const name = dataName(report.oid)
  const { parameters } = result
  const asked = Object.keys(parameters).length === 0 ? null : JSON.stringify(parameters)
  const head = [
    rComment(`${report.oid}: ${report.title.en}`),
    rComment(
      `Study ${definition.oid}, definition ${result.studyVersion.label} (${result.studyVersion.hash})`,
    ),
    rComment(`Data as of ${result.dataAsOf}, engine ${result.engineVersion}, arms ${result.arms}`),
    ...(asked === null ? [] : [rComment(`Parameters ${asked}`)]),
    '#',
    `# Computes every number of the report again from ${name}.csv and holds it against ${name}_printed.csv.`,
    `# Rscript ${name}.R, in the folder of these files. Needs R and, for survival and Cox models, the package survival.`,
    '# The last line is "N equal, M different"; the exit status is 1 where a number differs.',
    '',
    'read_here <- function(file) read.csv(file, colClasses = "character", na.strings = "", encoding = "UTF-8", check.names = FALSE)',
    `ours <- read_here(${rString(`${name}_printed.csv`)})`,
    'ours[] <- lapply(ours, function(x) sub("^\'", "", x))',
    'ours$TEXT[is.na(ours$TEXT)] <- ""',
  ]
  const isSurvival =
    report.kind === 'survival' || report.kind === 'cox' || report.kind === 'incidence'
  return {
    name: `${name}.R`,
    text: [
      ...head,
      preamble.trimEnd(),
      ...(isSurvival ? [survivalPreamble.trimEnd()] : []),
      ...(report.kind === 'agreement' ? [agreementPreamble.trimEnd()] : []),
      '',
      '# ---- the report --------------------------------------------------------------------------------------------',
      `d <- read_set(${rString(`${name}.csv`)})`,
      'none <- rep(NA_character_, nrow(d))',
      'population <- is_true(yes(d$POPFL))',
      ...columnsText(report, data),
      '',
      ...bodyScript(report, result, data, definition),
      '',
      'finish()',
      '',
    ].join('\n'),
  }
}

/** The groups of the report; visits where these are its columns. */
function columnsText(report: ReportDef, data: ReportData): string[] {
  if (report.kind === 'visit-table')
    return [
      `columns <- list(${report.visits.map((oid) => `${rString(oid)} = population`).join(', ')})`,
    ]
  if (report.kind === 'agreement') return ['columns <- list("EST" = population)']
  const groups = data.groups.map(
    ({ key, variable }) => `${rString(key)} = is_true(yes(d$${variable}))`,
  )
  if (report.kind === 'populations') {
    const split = data.groups.length > 1 ? groups : []
    return [`columns <- list(${['"ALL" = population', ...split].join(', ')})`]
  }
  return [`columns <- list(${groups.join(', ')})`]
}

function bodyScript(
  report: ReportDef,
  result: ReportResult,
  data: ReportData,
  definition: StudyDefinition,
): string[] {
  const { body } = result
  if (body.kind === 'table') {
    if (report.kind === 'populations') return populationsScript(report, body, data, definition)
    if (report.kind === 'agreement') return agreementScript(report, body, data)
    if (report.kind === 'table' || report.kind === 'visit-table')
      return tableScript(report, body, data, definition)
  }
  return otherScript(report, result, data, definition)
}
