import { z } from 'zod'
import type { ReportResult } from '#domain/analysis/report-result.ts'
import { runReport as computeReport } from '#domain/analysis/run-report.ts'
import { subjectReader } from '#domain/casebook/evaluate.ts'
import type { Label, ReportDef } from '#domain/definition/definition.ts'
import { Problem } from '#domain/problem.ts'
import { carriedTo } from '../amendment/carry-casebooks.ts'
import { casebooksOf } from '../casebook/all-casebooks.ts'
import { reading } from '../command.ts'
import { id, oid } from '../input.ts'
import { publishedStudy } from '../study/published.ts'

export const reportList = reading({
  name: 'report.list',
  permission: 'report.read',
  input: z.strictObject({ studyId: id }),
  run: async ({
    tx,
    input,
    study,
  }): Promise<readonly { oid: string; title: Label; kind: ReportDef['kind'] }[]> => {
    if (study.latestVersion === 0) return []
    const { definition } = await publishedStudy(tx, input.studyId, study.latestVersion)
    return definition.reports.map(({ oid, title, kind }) => ({ oid, title, kind }))
  },
})

/** Computes a report over every subject in the reader's sites, from the values as they are now. */
export const runReport = reading({
  name: 'report.run',
  permission: 'report.read',
  input: z.strictObject({ studyId: id, report: oid }),
  run: async ({ tx, input, now, study }): Promise<ReportResult> => {
    const published = await publishedStudy(tx, input.studyId, study.latestVersion)
    const report = published.definition.reports.find((one) => one.oid === input.report)
    if (!report) throw new Problem('not-found')
    const casebooks = await carriedTo(tx, published, await casebooksOf(tx, input.studyId, now))
    return computeReport(report, {
      definition: published.definition,
      subjects: casebooks.map((casebook) => {
        const reader = subjectReader(published.compiled, casebook)
        return {
          subjectKey: casebook.subject.subjectKey,
          value: (expression) => reader.expression(expression),
        }
      }),
      dataAsOf: now,
      studyVersion: {
        number: published.number,
        label: published.label,
        hash: published.hash,
      },
    })
  },
})
