import { z } from 'zod'
import { parameterReach } from '#domain/analysis/parameter-reach.ts'
import { type ReportChoices, reportChoices } from '#domain/analysis/report-choices.ts'
import { reportParametersSchema } from '#domain/analysis/report-parameters.ts'
import type { ReportResult } from '#domain/analysis/report-result.ts'
import type { Label, ReportDef } from '#domain/definition/definition.ts'
import { reading } from '../command.ts'
import { id, oid } from '../input.ts'
import { publishedStudy } from '../study/published.ts'
import { armViewFor } from './arm-view.ts'
import { listedReports, reportOf } from './report-defs.ts'
import { studyAnalysis } from './study-analysis.ts'

export type ReportEntry = {
  oid: string
  title: Label
  kind: ReportDef['kind']
  /** Who added it and when; null for a report of the definition. */
  added: { who: string; at: string } | null
}

export const reportList = reading({
  name: 'report.list',
  permission: 'report.read',
  input: z.strictObject({ studyId: id }),
  run: async ({ tx, input, study }): Promise<readonly ReportEntry[]> => {
    if (study.latestVersion === 0) return []
    const published = await publishedStudy(tx, input.studyId, study.latestVersion)
    const listed = await listedReports(tx, input.studyId, published)
    return listed.map(({ report: { oid, title, kind }, added }) => ({
      oid,
      title,
      kind,
      added: added && { who: added.who, at: added.at },
    }))
  },
})

/** What a reader may choose for a run of a report. */
export const reportOptions = reading({
  name: 'report.options',
  permission: 'report.read',
  input: z.strictObject({ studyId: id, report: oid }),
  run: async ({ tx, input, study, actor }): Promise<ReportChoices> => {
    const published = await publishedStudy(tx, input.studyId, study.latestVersion)
    const report = await reportOf(tx, input.studyId, published, input.report)
    const arms = await armViewFor({ tx, actor, study })
    return {
      ...reportChoices(report, published.definition, arms),
      reach: parameterReach(report, published.compiled),
    }
  },
})

/** Computes a report over every subject in the reader's sites, from the values as they are now. */
export const runReport = reading({
  name: 'report.run',
  permission: 'report.read',
  snapshot: true,
  input: z.strictObject({
    studyId: id,
    report: oid,
    parameters: reportParametersSchema.optional(),
  }),
  run: async ({ tx, input, now, study, actor }): Promise<ReportResult> => {
    const published = await publishedStudy(tx, input.studyId, study.latestVersion)
    const report = await reportOf(tx, input.studyId, published, input.report)
    const analysis = await studyAnalysis(tx, {
      studyId: input.studyId,
      version: published.number,
      now,
      arms: await armViewFor({ tx, actor, study }),
      ...(input.parameters ? { parameters: input.parameters } : {}),
    })
    return analysis.run(report)
  },
})
