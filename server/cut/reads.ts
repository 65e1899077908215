import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import type { Permission } from '#domain/access/permissions.ts'
import type { Checklist } from '#domain/analysis/cut-checklist.ts'
import type { CutFacts, CutSummary, CutVerdict, OpenLineId } from '#domain/analysis/cut-views.ts'
import { choicesOfValues } from '#domain/analysis/report-choices.ts'
import type { ReportResult } from '#domain/analysis/report-result.ts'
import type { Label } from '#domain/definition/definition.ts'
import { Problem } from '#domain/problem.ts'
import { reading } from '../command.ts'
import { id, oid } from '../input.ts'
import { armViewFor } from '../report/arm-view.ts'
import { studyAnalysis } from '../report/study-analysis.ts'
import { analysisOfCut, cutMark, reportsOfCut, requireAllSites } from './cut-reports.ts'
import { type CutRow, cutFor, cutsOf } from './cut-row.ts'
import { openLines } from './open-lines.ts'
import { verifyCut } from './verify-cut.ts'

type May = (permission: Permission) => boolean

/** Who neither takes cuts nor reads live reports is of the safety board, and meets only what was made for it. */
const meets = (cut: Pick<CutRow, 'purpose'>, may: May): boolean =>
  cut.purpose === 'dsmb' || may('cut.take') || may('report.read')

/** A cut that the reader may know of; throws `not-found` for all others. */
export async function cutInReach(
  tx: Transaction,
  { studyId, number }: { studyId: string; number: number },
  may: May,
): Promise<CutRow> {
  requireAllSites(tx)
  const cut = await cutFor(tx, studyId, number)
  if (!meets(cut, may)) throw new Problem('not-found')
  return cut
}

const cutAddress = { studyId: id, number: z.int().min(1).max(1_000_000) }

export const cutList = reading({
  name: 'cut.list',
  permission: 'cut.read',
  input: z.strictObject({ studyId: id }),
  run: async ({
    tx,
    input,
    study,
    may,
  }): Promise<{ cuts: readonly CutSummary[]; abilities: { take: boolean } }> => {
    requireAllSites(tx)
    const cuts = (await cutsOf(tx, input.studyId)).filter((cut) => meets(cut, may))
    return {
      cuts: cuts.map(summaryOf),
      abilities: { take: may('cut.take') && study.latestVersion > 0 },
    }
  },
})

function summaryOf(cut: CutRow): CutSummary {
  const { number, name, purpose, asOf, takenAt, takenBy, subjects, arms, version, sha256 } = cut
  const open = cut.openLines.lines.reduce((sum, { count }) => sum + count, 0)
  return { number, name, purpose, asOf, takenAt, takenBy, subjects, arms, version, sha256, open }
}

/** Everything a cut fixed but the secret of its letters, and the names of its reports. */
export const cutFacts = reading({
  name: 'cut.facts',
  permission: 'cut.read',
  input: z.strictObject(cutAddress),
  run: async ({
    tx,
    input,
    may,
  }): Promise<{ cut: CutFacts; abilities: { report: boolean; take: boolean } }> => {
    const cut = await cutInReach(tx, input, may)
    const { maskSeed: _, studyId: __, ...facts } = cut
    const named = new Map((await reportsOfCut(tx, cut)).map((report) => [report.oid, report]))
    return {
      cut: {
        ...facts,
        reports: cut.reports.map((report) => ({
          ...report,
          title: titleOf(named.get(report.oid), report.oid),
          kind: named.get(report.oid)?.kind ?? null,
        })),
      },
      abilities: { report: may('cut.report'), take: may('cut.take') },
    }
  },
})

const titleOf = (report: { title: Label } | undefined, oid: string): Label =>
  report?.title ?? { en: oid }

/** One report of a cut, run again from what the cut fixed, with arms as this reader and this cut allow. */
export const cutReport = reading({
  name: 'cut.report',
  permission: 'cut.report',
  input: z.strictObject({ ...cutAddress, report: oid }),
  snapshot: true,
  run: async ({ tx, input, actor, study, may }): Promise<ReportResult> => {
    const cut = await cutInReach(tx, input, may)
    if (!cut.reports.some(({ oid }) => oid === input.report)) throw new Problem('not-found')
    const report = (await reportsOfCut(tx, cut)).find(({ oid }) => oid === input.report)
    if (!report) throw new Problem('not-found')
    const arms = await armViewFor({ tx, actor, study }, cut)
    const analysis = await analysisOfCut(tx, cut, arms)
    return { ...(await analysis.run(report)), cut: cutMark(cut) }
  },
})

/** Where the list behind a line is, after the address of the study, and who may open it. */
const lists: readonly { id: OpenLineId; path: string; permission: Permission }[] = [
  { id: 'queriesOpen', path: '/queries?state=open', permission: 'query.read' },
  { id: 'queriesAnswered', path: '/queries?state=answered', permission: 'query.read' },
  { id: 'visitsOverdue', path: '/subjects?overdue=1', permission: 'subject.read' },
  { id: 'formsMissing', path: '/dashboards/completeness', permission: 'casebook.read' },
  { id: 'formsInProgress', path: '/dashboards/completeness', permission: 'casebook.read' },
  { id: 'eventsWithoutEnd', path: '/adverse-events', permission: 'safety.read' },
  { id: 'olderVersions', path: '/definition?view=versions', permission: 'study.read' },
]

export const cutChecklist = reading({
  name: 'cut.checklist',
  permission: 'cut.take',
  input: z.strictObject({ studyId: id }),
  snapshot: true,
  run: async ({ tx, input, now, study, may }): Promise<Checklist> => {
    requireAllSites(tx)
    if (study.latestVersion === 0) throw new Problem('cut-unpublished')
    const { studyId } = input
    const version = study.latestVersion
    const analysis = await studyAnalysis(tx, { studyId, version, now, arms: 'pooled' })
    const links = Object.fromEntries(
      lists.flatMap(({ id, path, permission }) => (may(permission) ? [[id, path]] : [])),
    )
    const { number, label, definition } = analysis.published
    return {
      ...(await openLines(tx, analysis, now)),
      links,
      version: { number, label },
      allocates: definition.allocation !== undefined,
      values: choicesOfValues(definition),
    }
  },
})

/** Runs a cut again as it was taken and says whether every byte is the same. Shows no number. */
export const cutVerdict = reading({
  name: 'cut.verify',
  permission: 'cut.read',
  input: z.strictObject(cutAddress),
  snapshot: true,
  run: async ({ tx, input, may }): Promise<CutVerdict> =>
    verifyCut(tx, await cutInReach(tx, input, may)),
})
