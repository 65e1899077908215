/**
 * A study as analysis reads it: its subjects as of a moment under one published version, and the reports on them. Reports,
 * books, cuts, dashboards and analysis sets all come from here, so all of them see the same numbers.
 */
import type { Transaction } from '#db/client.ts'
import type { AnalysisSubject } from '#domain/analysis/analysis-subject.ts'
import type { ArmView, ReportParameters } from '#domain/analysis/report-parameters.ts'
import type { ReportResult } from '#domain/analysis/report-result.ts'
import { runReport } from '#domain/analysis/run-report.ts'
import { subjectReader } from '#domain/casebook/evaluate.ts'
import type { ReportDef } from '#domain/definition/definition.ts'
import { carriedTo } from '../amendment/carry-casebooks.ts'
import { casebooksOf } from '../casebook/all-casebooks.ts'
import { type PublishedStudy, publishedStudy } from '../study/published.ts'

export type AnalysisRequest = {
  studyId: string
  /** Number of the published version whose rules and names hold. */
  version: number
  /** Moment of the transaction. */
  now: string
  arms: ArmView
  parameters?: ReportParameters
}

export type StudyAnalysis = {
  published: PublishedStudy
  subjects: readonly AnalysisSubject[]
  dataAsOf: string
  run(report: ReportDef): ReportResult
}

/** Every subject in the reader's sites, ready for reports. Throws `not-found` for a version that was never published. */
export async function studyAnalysis(
  tx: Transaction,
  { studyId, version, now, arms, parameters = {} }: AnalysisRequest,
): Promise<StudyAnalysis> {
  const published = await publishedStudy(tx, studyId, version)
  const casebooks = await carriedTo(tx, published, await casebooksOf(tx, studyId, now))
  const subjects = casebooks.map((casebook) => {
    const reader = subjectReader(published.compiled, casebook)
    return {
      subjectKey: casebook.subject.subjectKey,
      value: (expression: string) => reader.expression(expression),
    }
  })
  const { number, label, hash } = published
  return {
    published,
    subjects,
    dataAsOf: now,
    run: (report) =>
      runReport(report, {
        definition: published.definition,
        subjects,
        dataAsOf: now,
        studyVersion: { number, label, hash },
        arms,
        parameters,
      }),
  }
}
