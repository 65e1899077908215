/** The checklist before a cut: what cleaning has left open, by site. */
import type { Transaction } from '#db/client.ts'
import {
  type OpenLine,
  type OpenLineId,
  type OpenLines,
  openLineIds,
} from '#domain/analysis/cut-views.ts'
import { endpointVerdict } from '#domain/analysis/endpoint-verdict.ts'
import type { Label } from '#domain/definition/definition.ts'
import { populationRule } from '#domain/definition/population-rule.ts'
import type { StudyAnalysis } from '../report/study-analysis.ts'
import { recordsEvents } from '../safety/reads.ts'
import { dueDays } from '../study/due-visits.ts'
import { versionsOfStudy } from '../study/parts.ts'
import type { PublishedStudy } from '../study/published.ts'
import { dayOf } from '../today.ts'
import { openCounts, type SiteCount } from './open-counts.ts'

/** How many subjects at each site a population or endpoint cannot decide. */
type Undecided = SiteCount & { part: string; label: Label }

/**
 * Everything that is open at `now`: counts of the casebooks as they are, and what the analysis cannot decide. Lines of parts
 * that the study does not have are left out.
 */
export async function openLines(
  tx: Transaction,
  analysis: StudyAnalysis,
  now: string,
): Promise<OpenLines> {
  const { published } = analysis
  const { studyId } = published
  const versions = await versionsOfStudy(tx, studyId, published.number)
  const sites = await tx.query<{ siteId: string; code: string }>(
    'select site_id as "siteId", code from casebook.site where study_id = $1 order by code',
    [studyId],
  )
  const undecided = await undecidedOf(analysis)
  const asked = { tx, studyId, versions, latest: published.number, today: dayOf(now) }
  const lines: OpenLine[] = []
  for (const id of linesOf(versions)) {
    const counts = (await openCounts[id]?.(asked)) ?? undecided[id] ?? []
    lines.push(lineOf(id, counts, sites))
  }
  return { at: now, sites: sites.map(({ code }) => code), lines }
}

function linesOf(versions: readonly PublishedStudy[]): OpenLineId[] {
  const signs = versions.some(({ definition }) =>
    definition.forms.some(({ signature }) => signature?.required),
  )
  const needed: Partial<Record<OpenLineId, boolean>> = {
    visitsOverdue: versions.some((version) => dueDays(version).length > 0),
    formsUnsigned: signs,
    eventsWithoutEnd: versions.some(recordsEvents),
    endpointsUndecided: versions.some(({ definition }) => definition.endpoints.length > 0),
  }
  return openLineIds.filter((id) => needed[id] ?? true)
}

function lineOf(
  id: OpenLineId,
  counts: readonly (SiteCount & { label?: Label })[],
  sites: readonly { siteId: string; code: string }[],
): OpenLine {
  const total = (some: readonly SiteCount[]) => some.reduce((sum, { count }) => sum + count, 0)
  const parts = new Map<string, Label | null>()
  for (const { part, label } of counts) if (part !== undefined) parts.set(part, label ?? null)
  return {
    id,
    count: total(counts),
    bySite: sites.flatMap(({ siteId, code }) => {
      const count = total(counts.filter((one) => one.siteId === siteId))
      return count > 0 ? [{ site: code, count }] : []
    }),
    parts: [...parts].map(([part, label]) => ({
      part,
      label,
      count: total(counts.filter((one) => one.part === part)),
    })),
  }
}

/** Subjects whose membership is undecided, and members of an endpoint's population of whom it is. */
async function undecidedOf(
  analysis: StudyAnalysis,
): Promise<Partial<Record<OpenLineId, readonly Undecided[]>>> {
  const { definition } = analysis.published
  const siteOf = new Map(analysis.subjects.map(({ subjectKey, siteId }) => [subjectKey, siteId]))
  return analysis.ask((subjects) => {
    const bySite = (keys: readonly string[], part: string, label: Label): Undecided[] => {
      const counts = new Map<string, number>()
      for (const key of keys) {
        const siteId = siteOf.get(key)
        if (siteId !== undefined) counts.set(siteId, (counts.get(siteId) ?? 0) + 1)
      }
      return [...counts].map(([siteId, count]) => ({ siteId, count, part, label }))
    }
    const populations = definition.populations.flatMap(({ oid, label }) => {
      const rule = populationRule(definition, oid)
      const open = subjects.filter(({ value }) => value(rule) === null)
      return bySite(
        open.map(({ subjectKey }) => subjectKey),
        oid,
        label,
      )
    })
    const endpoints = definition.endpoints.flatMap((endpoint) => {
      const rule = populationRule(definition, endpoint.population)
      const open = subjects.filter(
        (subject) =>
          subject.value(rule) === true && endpointVerdict(subject, endpoint).status === 'undecided',
      )
      return bySite(
        open.map(({ subjectKey }) => subjectKey),
        endpoint.oid,
        endpoint.label,
      )
    })
    return { populationsUndecided: populations, endpointsUndecided: endpoints }
  })
}
