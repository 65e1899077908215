import { demoStudies } from '#bin/demo/demo-studies.ts'
import type { ReportResult } from '#domain/analysis/report-result.ts'
import { type ReportContext, runReport } from '#domain/analysis/run-report.ts'
import {
  analysisSubjects,
  demoToday,
  type FilledSubject,
  fillSubject,
} from '#studies/demo/fill-subject.ts'
import { type ReadStudy, studyDefinition } from '#studies/demo/study-definition.ts'

/** Studies that have a demo cohort, by the name of their folder. */
export const studiesWithCohort: readonly string[] = demoStudies.map((study) => study.name)

/** The demo cohort of a study, filled in memory by the study's own rules; no database. */
export function filledCohort(name: string): { study: ReadStudy; filled: readonly FilledSubject[] } {
  const demo = demoStudies.find((one) => one.name === name)
  if (!demo) throw new Error(`${name} has no demo cohort`)
  const study = studyDefinition(name)
  const perSite = new Map<string, number>()
  const filled = demo.cohort().map((plan) => {
    const number = (perSite.get(plan.site) ?? 0) + 1
    perSite.set(plan.site, number)
    return fillSubject(study, plan, {
      corrections: demo.corrections,
      subjectKey: `${plan.site}-${String(number).padStart(3, '0')}`,
    })
  })
  return { study, filled }
}

/** What the reports of a demo cohort are run on. */
export function cohortContext({ study, filled }: ReturnType<typeof filledCohort>): ReportContext {
  return {
    definition: study.definition,
    subjects: analysisSubjects(study.compiled, filled),
    dataAsOf: `${demoToday}T00:00:00Z`,
    studyVersion: { number: 1, label: study.definition.version, hash: 'demo' },
  }
}

/** Every report of a study on its demo cohort. */
export function cohortReports(name: string): readonly ReportResult[] {
  const cohort = filledCohort(name)
  const context = cohortContext(cohort)
  return cohort.study.definition.reports.map((report) => runReport(report, context))
}
