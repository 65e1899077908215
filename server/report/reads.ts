import { z } from 'zod'
import { type ReportChoices, reportChoices } from '#domain/analysis/report-choices.ts'
import { reportParametersSchema } from '#domain/analysis/report-parameters.ts'
import type { ReportResult } from '#domain/analysis/report-result.ts'
import type { Label, ReportDef } from '#domain/definition/definition.ts'
import { Problem } from '#domain/problem.ts'
import { reading } from '../command.ts'
import { id, oid } from '../input.ts'
import { publishedStudy } from '../study/published.ts'
import { addedReports } from './added-reports.ts'
import { armViewFor } from './arm-view.ts'
import { reportsOf } from './report-defs.ts'
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
    const [reports, added] = await Promise.all([
      reportsOf(tx, input.studyId, published),
      addedReports(tx, input.studyId),
    ])
    const defined = new Set(published.definition.reports.map((report) => report.oid))
    return reports.map(({ oid, title, kind }) => {
      const own = defined.has(oid) ? undefined : added.find((one) => one.oid === oid)
      return { oid, title, kind, added: own ? { who: own.who, at: own.at } : null }
    })
  },
})

/** What a reader may choose for a run of a report. */
export const reportOptions = reading({
  name: 'report.options',
  permission: 'report.read',
  input: z.strictObject({ studyId: id, report: oid }),
  run: async ({ tx, input, study, actor }): Promise<ReportChoices> => {
    const published = await publishedStudy(tx, input.studyId, study.latestVersion)
    const reports = await reportsOf(tx, input.studyId, published)
    const report = reports.find((one) => one.oid === input.report)
    if (!report) throw new Problem('not-found')
    return reportChoices(report, published.definition, await armViewFor({ tx, actor, study }))
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
    const reports = await reportsOf(tx, input.studyId, published)
    const report = reports.find((one) => one.oid === input.report)
    if (!report) throw new Problem('not-found')
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
