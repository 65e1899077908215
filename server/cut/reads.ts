import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import type { Permission } from '#domain/access/permissions.ts'
import type { Checklist } from '#domain/analysis/cut-checklist.ts'
import {
  type CutFacts,
  type CutSummary,
  type CutVerdict,
  type OpenLineId,
  openLineIds,
} from '#domain/analysis/cut-views.ts'
import { type NamesOf, namesFor } from '#domain/analysis/printed/conditions.ts'
import { studyChoices } from '#domain/analysis/report-choices.ts'
import type { ReportResult } from '#domain/analysis/report-result.ts'
import type { Label } from '#domain/definition/definition.ts'
import { Problem } from '#domain/problem.ts'
import { reading } from '../command.ts'
import { id, oid } from '../input.ts'
import { armViewFor } from '../report/arm-view.ts'
import { studyAnalysis } from '../report/study-analysis.ts'
import { publishedStudy } from '../study/published.ts'
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
    const cuts: CutSummary[] = []
    for (const cut of await cutsOf(tx, input.studyId)) {
      if (meets(cut, may)) cuts.push(summaryOf(cut, await namesOf(tx, cut)))
    }
    return {
      cuts,
      abilities: { take: may('cut.take') && study.latestVersion > 0 },
    }
  },
})

function summaryOf(cut: CutRow, names: NamesOf): CutSummary {
  const { number, name, purpose, asOf, takenAt, takenBy, subjects, arms, version } = cut
  const { sha256, parameters } = cut
  const open = cut.openLines.lines.reduce((sum, { count }) => sum + count, 0)
  const facts = { number, name, purpose, asOf, takenAt, takenBy, subjects, arms, version }
  return { ...facts, sha256, parameters, names, open }
}

/** What the parameters of a cut are called in the definition that it fixed. */
async function namesOf(
  tx: Transaction,
  { studyId, version, parameters }: Pick<CutRow, 'studyId' | 'version' | 'parameters'>,
): Promise<NamesOf> {
  const { definition } = await publishedStudy(tx.knowing, studyId, version.number)
  return namesFor(definition, parameters)
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
        names: await namesOf(tx, cut),
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
  run: async ({ tx, input, actor, study, may }): Promise<ReportResult & { names: NamesOf }> => {
    const cut = await cutInReach(tx, input, may)
    if (!cut.reports.some(({ oid }) => oid === input.report)) throw new Problem('not-found')
    const report = (await reportsOfCut(tx, cut)).find(({ oid }) => oid === input.report)
    if (!report) throw new Problem('not-found')
    const arms = await armViewFor({ tx, actor, study }, cut)
    const analysis = await analysisOfCut(tx, cut, arms)
    return { ...(await analysis.run(report)), cut: cutMark(cut), names: await namesOf(tx, cut) }
  },
})

/** Where people work on what a line counts; all other lines have a list of their own. */
const inboxes: Partial<Record<OpenLineId, { path: string; permission: Permission }>> = {
  queriesOpen: { path: '/queries?state=open', permission: 'query.read' },
  queriesAnswered: { path: '/queries?state=answered', permission: 'query.read' },
}

/** The list behind a line, after the address of the study; null where the reader may open none. */
function listOf(line: OpenLineId, may: May): string | null {
  const inbox = inboxes[line]
  if (inbox && may(inbox.permission)) return inbox.path
  return may('casebook.read') ? `/cuts/open/${line}` : null
}

export const cutChecklist = reading({
  name: 'cut.checklist',
  permission: 'cut.take',
  input: z.strictObject({ studyId: id }),
  snapshot: true,
  run: async ({ tx, input, now, study, actor, may }): Promise<Checklist> => {
    requireAllSites(tx)
    if (study.latestVersion === 0) throw new Problem('cut-unpublished')
    const { studyId } = input
    const version = study.latestVersion
    const arms = await armViewFor({ tx, actor, study })
    const analysis = await studyAnalysis(tx, { studyId, version, now, arms })
    const links = Object.fromEntries(
      openLineIds.flatMap((line) => {
        const list = listOf(line, may)
        return list === null ? [] : [[line, list]]
      }),
    )
    const { number, label, definition } = analysis.published
    return {
      ...(await openLines(tx, analysis, now)),
      links,
      version: { number, label },
      allocates: definition.allocation !== undefined,
      choices: {
        shown: studyChoices(definition, arms),
        concealed: studyChoices(definition, 'pooled'),
      },
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
