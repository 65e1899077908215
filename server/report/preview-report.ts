import { z } from 'zod'
import { reportParametersSchema } from '#domain/analysis/report-parameters.ts'
import type { ReportResult } from '#domain/analysis/report-result.ts'
import { checkReportText, maximalReportText } from '#domain/definition/check-report.ts'
import type { StudyFinding } from '#domain/definition/finding.ts'
import { Problem } from '#domain/problem.ts'
import { command, wholeStudy } from '../command.ts'
import { id, plainText } from '../input.ts'
import { publishedStudy } from '../study/published.ts'
import { armViewFor } from './arm-view.ts'
import { studyAnalysis } from './study-analysis.ts'

export type ReportPreview = {
  findings: readonly StudyFinding[]
  /** The report on the data of now; null where a finding stands in the way. */
  result: ReportResult | null
}

/** What a report that is being written says, and what is wrong with it; nothing is stored. */
export const previewReport = command({
  name: 'report.preview',
  permission: 'report.write',
  input: z.strictObject({
    studyId: id,
    text: plainText(maximalReportText),
    parameters: reportParametersSchema.optional(),
  }),
  states: ['draft', 'open', 'locked', 'archived'],
  snapshot: true,
  target: wholeStudy,
  run: async ({ tx, input, now, study, actor }): Promise<ReportPreview> => {
    const { studyId, text, parameters } = input
    if (study.latestVersion === 0) throw new Problem('not-found')
    const { definition, number } = await publishedStudy(tx, studyId, study.latestVersion)
    const { report, findings } = checkReportText(definition, text)
    if (!report) return { findings, result: null }
    const analysis = await studyAnalysis(tx, {
      studyId,
      version: number,
      now,
      arms: await armViewFor({ tx, actor, study }),
      ...(parameters ? { parameters } : {}),
    })
    return { findings, result: await analysis.run(report) }
  },
})
