/** The analysis that sets and scripts are made from: of the data as they are, or of a cut, as the asking person may see it. */
import type { Transaction } from '#db/client.ts'
import type { Permission } from '#domain/access/permissions.ts'
import type { ArmView, ReportParameters } from '#domain/analysis/report-parameters.ts'
import type { ReportDef } from '#domain/definition/definition.ts'
import { Problem } from '#domain/problem.ts'
import type { Person } from '../actor.ts'
import { armSightFor } from '../blinding/policy.ts'
import { concealedFrom } from '../blinding/sight.ts'
import type { StudyRow } from '../command.ts'
import { analysisOfCut, reportsOfCut } from '../cut/cut-reports.ts'
import type { CutRow } from '../cut/cut-row.ts'
import { cutInReach } from '../cut/reads.ts'
import { armViewFor } from '../report/arm-view.ts'
import { reportsOf } from '../report/report-defs.ts'
import { type StudyAnalysis, studyAnalysis } from '../report/study-analysis.ts'
import { publishedStudy } from '../study/published.ts'

type Context = {
  tx: Transaction
  actor: Person
  study: StudyRow
  now: string
  may: (permission: Permission) => boolean
}

export type AnalysisFor = {
  analysis: StudyAnalysis
  /** Reports that there are (of a cut: were at its moment). */
  reports: readonly ReportDef[]
  arms: ArmView
  cut: CutRow | null
}

/** Throws `not-found` for a cut out of reach. A cut has its own parameters. */
export async function analysisFor(
  context: Context,
  number: number | undefined,
  parameters?: ReportParameters,
): Promise<AnalysisFor> {
  const { tx, study, now, may } = context
  const { studyId, latestVersion } = study
  if (number === undefined) {
    const published = await publishedStudy(tx.knowing, studyId, latestVersion)
    const arms = await armViewFor(context)
    const own = parameters ? { parameters } : {}
    const analysis = await studyAnalysis(tx, { studyId, version: latestVersion, now, arms, ...own })
    return { analysis, reports: await reportsOf(tx, studyId, published), arms, cut: null }
  }
  if (!may('cut.read')) throw new Problem('not-found')
  const cut = await cutInReach(tx, { studyId, number }, may)
  const arms = await armViewFor(context, cut)
  const there = new Set(cut.reports.map(({ oid }) => oid))
  const reports = (await reportsOfCut(tx, cut)).filter(({ oid }) => there.has(oid))
  return { analysis: await analysisOfCut(tx, cut, arms), reports, arms, cut }
}

/**
 * Forms and items to leave out of data on single subjects; null where arms may be named. Numbers by arm alone are no right to
 * know the arm of each subject, and the other way round rows with arms would make numbers by arm.
 */
export async function concealsFrom(
  context: Pick<Context, 'tx' | 'actor' | 'study'>,
  arms: ArmView,
): Promise<readonly string[] | null> {
  const concealed = await concealedFrom(context)
  if (arms === 'shown' && concealed === null && (await armSightFor(context)).arm) return null
  return concealed ? [...concealed.forms, ...concealed.items] : []
}
