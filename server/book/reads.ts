import { z } from 'zod'
import { namesFor } from '#domain/analysis/printed/conditions.ts'
import {
  type ReportParameters,
  reportParametersSchema,
} from '#domain/analysis/report-parameters.ts'
import type { ReportResult } from '#domain/analysis/report-result.ts'
import { engineVersion } from '#domain/analysis/run-report.ts'
import type { ReportDef } from '#domain/definition/definition.ts'
import { Problem } from '#domain/problem.ts'
import { reading } from '../command.ts'
import { analysisOfCut, cutMark, reportsOfCut } from '../cut/cut-reports.ts'
import { cutInReach } from '../cut/reads.ts'
import { id, oid } from '../input.ts'
import { armViewFor } from '../report/arm-view.ts'
import { reportsOf } from '../report/report-defs.ts'
import { type StudyAnalysis, studyAnalysis } from '../report/study-analysis.ts'
import { publishedStudy } from '../study/published.ts'
import type { BookSource } from './book.ts'

/** One report alone; every report of the study when absent. */
const report = oid.optional()

/** All that a report book says, or a document of one report, from the values as they are now. */
export const reportBook = reading({
  name: 'report.book',
  permission: 'report.read',
  snapshot: true,
  input: z.strictObject({ studyId: id, report, parameters: reportParametersSchema.optional() }),
  run: async ({ tx, input, now, study, actor }): Promise<BookSource> => {
    const { studyId, parameters = {} } = input
    if (study.latestVersion === 0) throw new Problem('not-found')
    const published = await publishedStudy(tx, studyId, study.latestVersion)
    const reports = chosen(await reportsOf(tx, studyId, published), input.report)
    const arms = await armViewFor({ tx, actor, study })
    const { number: version } = published
    const analysis = await studyAnalysis(tx, { studyId, version, now, arms, parameters })
    return {
      ...factsOf(analysis, parameters, study.oid),
      cut: null,
      arms,
      parameters,
      results: await resultsOf(analysis, reports),
    }
  },
})

/** The same of a data cut, from what the cut fixed. */
export const cutBook = reading({
  name: 'cut.book',
  permission: 'cut.report',
  snapshot: true,
  input: z.strictObject({ studyId: id, number: z.int().min(1).max(1_000_000), report }),
  run: async ({ tx, input, study, actor, may }): Promise<BookSource> => {
    const cut = await cutInReach(tx, input, may)
    const own = (await reportsOfCut(tx, cut)).filter((one) =>
      cut.reports.some((known) => known.oid === one.oid),
    )
    const reports = chosen(own, input.report)
    const arms = await armViewFor({ tx, actor, study }, cut)
    const analysis = await analysisOfCut(tx, cut, arms)
    const mark = cutMark(cut)
    const results = await resultsOf(analysis, reports)
    return {
      ...factsOf(analysis, cut.parameters, study.oid),
      cut: mark,
      arms,
      parameters: cut.parameters,
      results: results.map((result) => ({ ...result, cut: mark })),
    }
  },
})

function chosen(reports: readonly ReportDef[], asked: string | undefined): readonly ReportDef[] {
  if (asked === undefined) return reports
  const found = reports.find((one) => one.oid === asked)
  if (!found) throw new Problem('not-found')
  return [found]
}

async function resultsOf(
  analysis: StudyAnalysis,
  reports: readonly ReportDef[],
): Promise<ReportResult[]> {
  await analysis.expect(reports)
  const results: ReportResult[] = []
  for (const one of reports) results.push(await analysis.run(one))
  return results
}

function factsOf(
  { published, dataAsOf }: StudyAnalysis,
  parameters: ReportParameters,
  oid: string,
) {
  const { number, label, hash, definition } = published
  const { name, title, protocol } = definition
  return {
    study: { oid, name, title, protocol },
    version: { number, label, hash },
    dataAsOf,
    engineVersion,
    names: namesFor(definition, parameters),
  }
}
