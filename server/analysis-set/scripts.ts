/**
 * A report as an R script with the data it computes from. Data on single subjects leave only with the right to export, and leave a
 * trace; everybody else who reads the report gets the script and what was printed. Where the columns of the report would tell
 * arms of single subjects to somebody who must not know them, there are no data either.
 */
import type { Writable } from 'node:stream'
import { z } from 'zod'
import { reportData } from '#domain/analysis/r-script/report-data.ts'
import {
  isNotComputed,
  type ScriptFile,
  scriptFiles,
} from '#domain/analysis/r-script/script-files.ts'
import type { ArmView } from '#domain/analysis/report-parameters.ts'
import { reportParametersSchema } from '#domain/analysis/report-parameters.ts'
import { concealedOf } from '#domain/casebook/concealed.ts'
import type { ReportDef } from '#domain/definition/definition.ts'
import { Problem } from '#domain/problem.ts'
import type { Person } from '../actor.ts'
import { auditEvent } from '../audit-event.ts'
import { command, reading, wholeStudy } from '../command.ts'
import { inLanguage } from '../display.ts'
import { anyState, logVerb } from '../export/taken.ts'
import { Meter, zip } from '../export/zip.ts'
import { id, oid } from '../input.ts'
import { analysisFor, concealsFrom } from './analysis-for.ts'

const input = z.strictObject({
  studyId: id,
  report: oid,
  parameters: reportParametersSchema.optional(),
  cut: z.int().min(1).max(1_000_000).optional(),
})

type Context = Parameters<typeof analysisFor>[0] & { input: z.output<typeof input> }
export type TakenScript = {
  files: readonly ScriptFile[]
  /** Whether data on subjects are among the files. */
  hasData: boolean
  subjects: number
  version: number
  /** The moment of the data. */
  at: string
}

/** Whether the data would go with the script. */
export const scriptAbility = reading({
  name: 'report.scriptAbility',
  permission: 'report.read',
  input: z.strictObject({ studyId: id }),
  run: async ({ may }): Promise<{ data: boolean }> => ({ data: may('data.export') }),
})

/** The script and what was printed, without data on subjects. */
export const scriptAlone = reading({
  name: 'report.script',
  permission: 'report.read',
  snapshot: true,
  input,
  run: (context): Promise<TakenScript> => takenScript(context, false),
})

const scriptWithData = reading({
  name: 'report.scriptWithData',
  permission: 'data.export',
  snapshot: true,
  input,
  run: (context): Promise<TakenScript> => {
    if (!context.may('report.read')) throw new Problem('not-found')
    return takenScript(context, true)
  },
})

/** Says in the audit trail that data on subjects leave with a script. */
const beginScript = command({
  name: 'report.beginScript',
  permission: 'data.export',
  input,
  states: anyState,
  target: wholeStudy,
  run: async ({ tx, input, study: { studyId } }): Promise<void> => {
    const details = { kind: 'report-script', report: input.report, cut: input.cut ?? null }
    await auditEvent(tx, 'export.begun', 'study', studyId, details, studyId)
  },
})

const log = logVerb('report.log')

/** The script with its data into a stream; logged as an export when there are data in it. */
export const scriptTo = (sink: Writable) => ({
  execute: async (actor: Person | null, asked: z.input<typeof input>): Promise<void> => {
    const script = await scriptWithData.execute(actor, asked)
    if (script.hasData) await beginScript.execute(actor, asked)
    const meter = new Meter()
    await zip(meter, sink, script.at, async (add) => {
      for (const { name, text } of script.files) await add(name, text)
    })
    if (!script.hasData) return
    const { subjects, version, files, at } = script
    const taken = { subjects, version, files: files.length, at, kind: 'report-script' }
    await log.execute(actor, {
      studyId: asked.studyId,
      taken: { ...taken, ...meter.result() },
    })
  },
})

async function takenScript(context: Context, withData: boolean): Promise<TakenScript> {
  const { input, study } = context
  if (study.latestVersion === 0) throw new Problem('not-found')
  const { analysis, reports, arms } = await analysisFor(context, input.cut, input.parameters)
  const report = reports.find((one) => one.oid === input.report)
  if (!report) throw new Problem('not-found')
  const { published } = analysis
  const { definition } = published
  const result = await analysis.run(report)
  const { body, problem } = result
  // Refused, or withheld while arms are concealed: there is nothing that a script could compute.
  if (problem && body.kind === 'listing' && body.columns.length === 0) {
    throw new Problem('check-refused', { message: inLanguage(problem, context.actor.language) })
  }
  const conceals = await concealsFrom(context, arms)
  const concealed = conceals && concealedOf(definition, conceals)
  const data = isNotComputed(result)
    ? null
    : await analysis.ask((subjects) =>
        reportData(report, analysis.context(subjects), (text) => concealed?.reads(text) ?? false),
      )
  const hasData = withData && data !== null && mayHaveData(report, result.arms, concealed)
  const own = scriptFiles(report, result, data, definition, { withData: hasData })
  const readme = { name: 'README.txt', text: [readmeOf(report, hasData, withData)] }
  const subjects = analysis.subjects.length
  return {
    files: [readme, ...own],
    hasData,
    subjects,
    version: published.number,
    at: context.now,
  }
}

/** Columns by arm are flags of single subjects. Pooled ones tell nothing, unless the report reads arms in another way. */
function mayHaveData(
  report: ReportDef,
  arms: ArmView,
  concealed: ReturnType<typeof concealedOf> | null,
): boolean {
  if (concealed === null) return true
  return arms === 'pooled' && !concealed.reports.has(report.oid)
}

function readmeOf(report: ReportDef, hasData: boolean, asked: boolean): string {
  const name = report.oid.toLowerCase()
  const lines = hasData
    ? [
        `Rscript ${name}.R computes every number of the report again from ${name}.csv and holds it against ${name}_printed.csv;`,
        'the last line is "N equal, M different". R with the package survival is needed.',
        `${name}_variables.csv says what each variable of the data is.`,
      ]
    : [
        `${name}.R computes the report from ${name}.csv, which is not here: ${
          asked
            ? 'its columns would tell the arms of single subjects.'
            : 'data on single subjects leave only with the right to export.'
        }`,
      ]
  return [`${report.oid}: ${report.title.en}`, '', ...lines, ''].join('\r\n')
}
