import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { reportData } from '#domain/analysis/r-script/report-data.ts'
import {
  runAllScript,
  type ScriptFile,
  scriptFiles,
} from '#domain/analysis/r-script/script-files.ts'
import { runReport } from '#domain/analysis/run-report.ts'
import { cohortContext, filledCohort, studiesWithCohort } from './report-cohort.ts'
import type { Say } from './say.ts'

/** Every report of a demo cohort as R scripts with the data they compute from, and `run-all.R` that runs them in one process. */
export function cohortScripts(name: string): ScriptFile[] {
  const context = cohortContext(filledCohort(name))
  const { definition } = context
  const files = definition.reports.flatMap((report) =>
    scriptFiles(report, runReport(report, context), reportData(report, context), definition, {
      withData: true,
    }),
  )
  const scripts = files.map((file) => file.name).filter((file) => file.endsWith('.R'))
  return [...files, { name: 'run-all.R', text: [runAllScript(scripts)] }]
}

/** Writes files into a folder, which is made where it does not exist. */
export function writeFiles(folder: string, files: readonly ScriptFile[]): void {
  mkdirSync(folder, { recursive: true })
  for (const { name, text } of files) writeFileSync(join(folder, name), [...text].join(''))
}

/** Name of the study of a folder that has a demo cohort; null, and said why, for any other. */
export function cohortOf(folder: string, say: Say): string | null {
  const name = basename(resolve(folder))
  const own = resolve(import.meta.dirname, '..', '..', 'studies', name)
  if (studiesWithCohort.includes(name) && own === resolve(folder) && existsSync(own)) return name
  say.error(`${folder} is no study with a demo cohort: ${studiesWithCohort.join(', ')}.`)
  return null
}

/** `casebook report script`: exit status 2 where the folder has no demo cohort. */
export function reportScripts(folder: string, out: string, say: Say): number {
  const name = cohortOf(folder, say)
  if (name === null) return 2
  const files = cohortScripts(name)
  writeFiles(out, files)
  const scripts = files.filter((file) => file.name.endsWith('.R')).length - 1
  say.out(`${scripts} scripts with their data in ${out}; there: Rscript run-all.R`)
  return 0
}
