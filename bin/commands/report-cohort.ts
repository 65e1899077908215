import { demoStudies } from '#bin/demo/demo-studies.ts'
import type { ReportResult } from '#domain/analysis/report-result.ts'
import { runReport } from '#domain/analysis/run-report.ts'
import { analysisSubjects, demoToday, fillSubject } from '#studies/demo/fill-subject.ts'
import { studyDefinition } from '#studies/demo/study-definition.ts'

/** Studies that have a demo cohort, by the name of their folder. */
export const studiesWithCohort: readonly string[] = demoStudies.map((study) => study.name)

/** Every report of a study on its demo cohort, filled in memory by the study's own rules; no database. */
export function cohortReports(name: string): readonly ReportResult[] {
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
  const context = {
    definition: study.definition,
    subjects: analysisSubjects(study.compiled, filled),
    dataAsOf: `${demoToday}T00:00:00Z`,
    studyVersion: { number: 1, label: study.definition.version, hash: 'demo' },
  }
  return study.definition.reports.map((report) => runReport(report, context))
}
