/** The checklist before a cut: what cleaning has left open, by site. */
import type { Transaction } from '#db/client.ts'
import {
  type OpenLine,
  type OpenLineId,
  type OpenLines,
  openLineIds,
} from '#domain/analysis/cut-views.ts'
import { endpointVerdict } from '#domain/analysis/endpoint-verdict.ts'
import { concealedIn } from '#domain/casebook/concealed.ts'
import type { Label } from '#domain/definition/definition.ts'
import { populationRule } from '#domain/definition/population-rule.ts'
import type { StudyAnalysis } from '../report/study-analysis.ts'
import { recordsEvents } from '../safety/reads.ts'
import { dueDays } from '../study/due-visits.ts'
import { versionsOfStudy } from '../study/parts.ts'
import type { PublishedStudy } from '../study/published.ts'
import { dayOf } from '../today.ts'
import { openCounts, type SiteCount } from './open-findings.ts'

/** Of whom a population or endpoint is undecided. */
type Undecided = { part: string; label: Label; subjectKeys: readonly string[] }

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
  const asked = await askedOf(tx, published, now)
  const sites = await tx.query<{ siteId: string; code: string }>(
    'select site_id as "siteId", code from casebook.site where study_id = $1 order by code',
    [studyId],
  )
  const undecided = countsOf(await undecidedOf(analysis), analysis)
  const lines: OpenLine[] = []
  for (const id of linesOf(asked.versions)) {
    const counts = (await openCounts(id, asked)) ?? undecided[id] ?? []
    lines.push(lineOf(id, counts, sites))
  }
  return { at: now, sites: sites.map(({ code }) => code), lines }
}

/** What statements on open findings ask with. */
export async function askedOf(tx: Transaction, published: PublishedStudy, now: string) {
  const { studyId, number: latest } = published
  const versions = await versionsOfStudy(tx, studyId, latest)
  return { tx, studyId, versions, latest, today: dayOf(now) }
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

/** Subjects whose membership is undecided, and members of an endpoint's population of whom it is, by what cannot be decided. */
export async function undecidedOf(
  analysis: StudyAnalysis,
): Promise<Partial<Record<OpenLineId, readonly Undecided[]>>> {
  const { definition } = analysis.published
  const { arms } = analysis.context([])
  // That a rule on the arm is undecided for somebody can tell his arm.
  const concealed = arms === 'shown' ? null : concealedIn(definition)
  return analysis.ask((subjects) => ({
    populationsUndecided: definition.populations
      .filter(({ oid }) => !concealed?.populations.has(oid))
      .map(({ oid, label }) => {
        const rule = populationRule(definition, oid)
        const open = subjects.filter(({ value }) => value(rule) === null)
        return { part: oid, label, subjectKeys: open.map(({ subjectKey }) => subjectKey) }
      }),
    endpointsUndecided: definition.endpoints
      .filter(({ oid }) => !concealed?.endpoints.has(oid))
      .map((endpoint) => {
        const rule = populationRule(definition, endpoint.population)
        const open = subjects.filter(
          (subject) =>
            subject.value(rule) === true &&
            endpointVerdict(subject, endpoint).status === 'undecided',
        )
        const { oid: part, label } = endpoint
        return { part, label, subjectKeys: open.map(({ subjectKey }) => subjectKey) }
      }),
  }))
}

function countsOf(
  undecided: Partial<Record<OpenLineId, readonly Undecided[]>>,
  { subjects }: StudyAnalysis,
): Partial<Record<OpenLineId, readonly (SiteCount & { label: Label })[]>> {
  const siteOf = new Map(subjects.map(({ subjectKey, siteId }) => [subjectKey, siteId]))
  const counted = ({ part, label, subjectKeys }: Undecided) => {
    const counts = new Map<string, number>()
    for (const key of subjectKeys) {
      const siteId = siteOf.get(key)
      if (siteId !== undefined) counts.set(siteId, (counts.get(siteId) ?? 0) + 1)
    }
    return [...counts].map(([siteId, count]) => ({ siteId, count, part, label }))
  }
  return Object.fromEntries(
    Object.entries(undecided).map(([id, parts]) => [id, parts.flatMap(counted)]),
  )
}
