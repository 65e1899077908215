/** Which sites a dashboard counts: those the reader's permission reaches, or the chosen ones of them. */
import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import type { DashboardBase } from '#domain/dashboard/dashboard-views.ts'
import { Problem } from '#domain/problem.ts'
import { id } from '../input.ts'
import { formerNames } from '../study/former-names.ts'
import type { PublishedStudy } from '../study/published.ts'
import { dayOf } from '../today.ts'

export const dashboardInput = z.strictObject({
  studyId: id,
  /** Only these sites; all in reach when absent. */
  siteIds: z.array(id).min(1).max(1000).optional(),
})

export type CountedSite = {
  siteId: string
  code: string
  name: string
  open: boolean
  planned: number | null
}

export type Counted = {
  base: DashboardBase
  sites: readonly CountedSite[]
  /** For `site_id = any`: null where nothing but row security narrows the rows. */
  siteIds: readonly string[] | null
}

/**
 * Memory of one sort or hash table while a dashboard counts: with the 4 MB that PostgreSQL takes by default tens of thousands of subjects
 * go through temporary files. Compiling a statement takes longer than most of these run.
 */
const forCounting = `select set_config('work_mem', '32MB', true), set_config('jit', 'off', true)`

/** Throws `not-found` for a site that is not in the reader's reach, wherever it may be. */
export async function countedSites(
  tx: Transaction,
  { studyId, siteIds }: z.output<typeof dashboardInput>,
): Promise<Counted> {
  await tx.query(forCounting)
  const reach = await tx.query<CountedSite>(
    `select s.site_id as "siteId", s.code, s.name, s.open, s.planned from casebook.site s
     where s.study_id = $1
       and ((select casebook.all_sites()) or s.site_id = any ((select casebook.current_sites())::uuid[]))
     order by s.code`,
    [studyId],
  )
  const chosen = siteIds && new Set(siteIds)
  const sites = chosen ? reach.filter(({ siteId }) => chosen.has(siteId)) : reach
  if (chosen && sites.length < chosen.size) throw new Problem('not-found')
  return {
    base: {
      asOf: tx.now,
      today: dayOf(tx.now),
      sites: sites.map(({ siteId, code, name }) => ({ siteId, code, name })),
      reach: reach.length,
      whole: tx.settings.siteIds === null,
    },
    sites,
    siteIds: chosen ? [...chosen] : null,
  }
}

/** `version/event` of every version in use to the event's name in the newest one that has it. */
export async function eventNames(
  tx: Transaction,
  versions: readonly PublishedStudy[],
): Promise<(version: number, event: string) => string> {
  const names = new Map<string, string>()
  const latest = versions.at(-1)
  for (const { number } of latest ? versions : []) {
    if (!latest || number === latest.number) continue
    for (const [now, then] of await formerNames(tx, latest, number, 'events')) {
      names.set(`${number}/${then}`, now)
    }
  }
  return (version, event) => names.get(`${version}/${event}`) ?? event
}

/** The events of all versions in use in the order of the newest, what only older ones have at the end. */
export function eventsOf(
  versions: readonly PublishedStudy[],
  wanted: ReadonlySet<string>,
): DashboardEvent[] {
  const events = new Map<string, DashboardEvent>()
  for (const { definition } of [...versions].reverse()) {
    for (const { oid, label } of definition.events) {
      if (wanted.has(oid) && !events.has(oid)) events.set(oid, { oid, label })
    }
  }
  return [...events.values()]
}

type DashboardEvent = { oid: string; label: PublishedStudy['definition']['name'] }
