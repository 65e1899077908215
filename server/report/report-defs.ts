import type { Transaction } from '#db/client.ts'
import type { ReportDef } from '#domain/definition/definition.ts'
import { Problem } from '#domain/problem.ts'
import type { PublishedStudy } from '../study/published.ts'
import { type AddedReport, addedReports } from './added-reports.ts'

export type ListedReport = {
  report: ReportDef
  /** Null for a report of the definition. */
  added: AddedReport | null
}

/**
 * All reports of a study under one published version, in the order in which they are listed: those of the definition, then
 * those added to it, now or as of a moment. The only place that answers this question: lists, single reports, books and
 * cuts must agree about which reports there are. Where a version took over an added report, the version's holds.
 */
export async function listedReports(
  tx: Transaction,
  studyId: string,
  published: PublishedStudy,
  { asOf = null }: { asOf?: string | null } = {},
): Promise<readonly ListedReport[]> {
  const { reports } = published.definition
  const own = new Set(reports.map(({ oid }) => oid))
  const added = (await addedReports(tx, studyId, asOf)).filter(({ oid }) => !own.has(oid))
  return [
    ...reports.map((report) => ({ report, added: null })),
    ...added.map((one) => ({ report: one.report, added: one })),
  ]
}

/** The same without who added what. */
export async function reportsOf(
  tx: Transaction,
  studyId: string,
  published: PublishedStudy,
  options: { asOf?: string | null } = {},
): Promise<readonly ReportDef[]> {
  return (await listedReports(tx, studyId, published, options)).map(({ report }) => report)
}

/** One report by its OID. Throws `not-found` where the study has none such. */
export async function reportOf(
  tx: Transaction,
  studyId: string,
  published: PublishedStudy,
  oid: string,
): Promise<ReportDef> {
  const report = (await reportsOf(tx, studyId, published)).find((one) => one.oid === oid)
  if (!report) throw new Problem('not-found')
  return report
}
