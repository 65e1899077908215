import type { Transaction } from '#db/client.ts'
import type { ReportDef } from '#domain/definition/definition.ts'
import type { PublishedStudy } from '../study/published.ts'
import { addedReports } from './added-reports.ts'

/**
 * All reports of a study under one published version, in the order in which they are listed: those of the definition, then
 * those added to it, now or as of a moment. The only place that answers this question: lists, single reports, books and
 * cuts must agree about which reports there are. Where a version took over an added report, the version's holds.
 */
export async function reportsOf(
  tx: Transaction,
  studyId: string,
  published: PublishedStudy,
  { asOf = null }: { asOf?: string | null } = {},
): Promise<readonly ReportDef[]> {
  const { reports } = published.definition
  const added = await addedReports(tx, studyId, asOf)
  const own = new Set(reports.map(({ oid }) => oid))
  return [...reports, ...added.filter(({ oid }) => !own.has(oid)).map(({ report }) => report)]
}
