import { z } from 'zod'
import { reportParametersSchema } from '#domain/analysis/report-parameters.ts'
import type { ReportResult } from '#domain/analysis/report-result.ts'
import type { Label, ReportDef } from '#domain/definition/definition.ts'
import { Problem } from '#domain/problem.ts'
import { reading } from '../command.ts'
import { id, oid } from '../input.ts'
import { publishedStudy } from '../study/published.ts'
import { studyAnalysis } from './study-analysis.ts'

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
  input: z.strictObject({
    studyId: id,
    report: oid,
    parameters: reportParametersSchema.optional(),
  }),
  run: async ({ tx, input, now, study }): Promise<ReportResult> => {
    const published = await publishedStudy(tx, input.studyId, study.latestVersion)
    const report = published.definition.reports.find((one) => one.oid === input.report)
    if (!report) throw new Problem('not-found')
    const analysis = await studyAnalysis(tx, {
      studyId: input.studyId,
      version: published.number,
      now,
      arms: 'shown',
      ...(input.parameters ? { parameters: input.parameters } : {}),
    })
    return analysis.run(report)
  },
})
