/** The reports of a cut, run again from what it fixed. Whatever shows or prints a cut takes its numbers from here. */
import type { Transaction } from '#db/client.ts'
import type { CutMark } from '#domain/analysis/cut-views.ts'
import type { ArmView } from '#domain/analysis/report-parameters.ts'
import type { ReportDef } from '#domain/definition/definition.ts'
import { Problem } from '#domain/problem.ts'
import { reportsOf } from '../report/report-defs.ts'
import { type StudyAnalysis, studyAnalysis } from '../report/study-analysis.ts'
import { publishedStudy } from '../study/published.ts'
import type { CutRow } from './cut-row.ts'

/** What a cut fixed of an analysis; a cut that is being taken has no more than this yet. */
export type CutBasis = Pick<
  CutRow,
  'studyId' | 'asOf' | 'today' | 'version' | 'parameters' | 'arms' | 'maskSeed'
>

/** Milliseconds. */
const longestReplay = 600_000

/** A cut is over all sites: who reaches only some would compute other numbers under its name. */
export function requireAllSites(tx: Transaction): void {
  if (tx.settings.siteIds !== null) throw new Problem('cut-needs-all-sites')
}

/** The analysis of a cut, seen by `arms`, which is at most what the cut is meant for. */
export async function analysisOfCut(
  tx: Transaction,
  cut: CutBasis,
  arms: ArmView,
): Promise<StudyAnalysis> {
  requireAllSites(tx)
  // Replaying the audit trail of a large study is one long statement.
  await tx.query(`select set_config('statement_timeout', $1, true)`, [String(longestReplay)])
  const { studyId, asOf, today, version, parameters, maskSeed } = cut
  return studyAnalysis(tx, {
    studyId,
    version: version.number,
    now: tx.now,
    asOf,
    today,
    arms,
    parameters,
    maskSeed,
  })
}

/** The reports that a study had at the moment of a cut, in its order. */
export async function reportsOfCut(
  tx: Transaction,
  { studyId, version, asOf }: CutBasis,
): Promise<readonly ReportDef[]> {
  const published = await publishedStudy(tx.knowing, studyId, version.number)
  return reportsOf(tx, studyId, published, { asOf })
}

export const cutMark = ({ number, name, asOf, sha256 }: CutRow): CutMark => ({
  number,
  name,
  asOf,
  hash: sha256,
})
