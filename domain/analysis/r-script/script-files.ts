/** The files of a report's script: the script, what was printed, the data it computes from, and a page that says how. */
import { setCsv } from '#domain/analysis/analysis-sets/set-files.ts'
import type { ReportResult } from '#domain/analysis/report-result.ts'
import type { ReportDef, StudyDefinition } from '#domain/definition/definition.ts'
import { csvLine } from '#domain/exchange/csv.ts'
import { printedCsv, printedNumbers } from './printed-numbers.ts'
import { rComment, rString } from './r-text.ts'
import { dataName, type ReportData } from './report-data.ts'
import { reportScript } from './report-script.ts'

export type ScriptFile = { name: string; text: Iterable<string> }

/**
 * All files of one report; without `withData` the data of subjects are not among them. `data` is null for a report that was not
 * computed at all.
 */
export function scriptFiles(
  report: ReportDef,
  result: ReportResult,
  data: ReportData | null,
  definition: StudyDefinition,
  { withData }: { withData: boolean },
): ScriptFile[] {
  const name = dataName(report.oid)
  if (data === null || isNotComputed(result)) return [refusedScript(report, result)]
  const script = reportScript(report, result, data, definition)
  return [
    { name: script.name, text: [script.text] },
    // What a listing prints are data on subjects.
    ...(withData || result.body.kind !== 'listing'
      ? [{ name: `${name}_printed.csv`, text: printedCsv(printedNumbers(result)) }]
      : []),
    ...(withData
      ? [
          { name: `${name}.csv`, text: setCsv(data.set) },
          { name: `${name}_variables.csv`, text: variablesCsv(data) },
        ]
      : []),
  ]
}

/** A report that has a sentence in place of all its numbers: withheld, or not fitting the version. */
export function isNotComputed({ problem, body }: ReportResult): boolean {
  return problem !== null && body.kind === 'listing' && body.columns.length === 0
}

function refusedScript(report: ReportDef, { problem }: ReportResult): ScriptFile {
  const name = `${dataName(report.oid)}.R`
  const why = problem?.en ?? 'the report could not be computed'
  const lines = [rComment(`${report.oid}: ${report.title.en}`), `cat(${rString(why)}, "\\n")`, '']
  return { name, text: [lines.join('\n')] }
}

function* variablesCsv({ set }: ReportData): Generator<string> {
  yield csvLine(['NAME', 'LABEL', 'TYPE', 'ORIGIN'])
  for (const { name, label, type, origin } of set.variables)
    yield csvLine([name, label, type, origin])
}

/** Runs every script of a folder in one R process and adds up: `Rscript run-all.R`. */
export function runAllScript(scripts: readonly string[]): string {
  return [
    '# Runs every script of this folder; exit status 1 where a number differs.',
    'casebook_batch <- TRUE',
    'casebook_different <- 0',
    'if ("quiet" %in% commandArgs(TRUE)) casebook_quiet <- TRUE',
    `scripts <- c(${scripts.map((name) => JSON.stringify(name)).join(', ')})`,
    'for (script in scripts) {',
    '  cat("== ", script, "\\n", sep = "")',
    '  failed <- tryCatch({ sys.source(script, new.env(parent = globalenv())); FALSE }, error = function(e) { cat("error:", conditionMessage(e), "\\n"); TRUE })',
    '  if (failed) casebook_different <- casebook_different + 1',
    '}',
    'quit(save = "no", status = if (casebook_different == 0) 0 else 1)',
    '',
  ].join('\n')
}
