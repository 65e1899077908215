import type { Transaction } from '#db/client.ts'
import type { MatrixView } from '#domain/casebook/views.ts'
import { followedStates, isPlanned } from '#domain/casebook/visit-due.ts'
import type { StudyDefinition, StudyEventDef } from '#domain/definition/definition.ts'
import type { Filter } from './matrix-filter.ts'

type Totals = Pick<MatrixView, 'total' | 'totals'>

const rememberFrom = 3000
const rememberMs = 60_000
const mostRemembered = 200
const remembered = new Map<string, { until: number; totals: Totals }>()

/**
 * Subjects in all and how far each visit is, over everything the filter and the reader's sites let through. A visit recorded as
 * not held counts nowhere, and nobody waits for subjects whose follow-up has ended.
 */
export async function matrixTotals(
  tx: Transaction,
  filter: Filter,
  definition: StudyDefinition,
  events: readonly StudyEventDef[],
): Promise<Totals> {
  const sites = tx.settings.siteIds === null ? '*' : (tx.settings.siteIds ?? []).join()
  const key = JSON.stringify([
    definition.oid,
    definition.version,
    filter,
    sites,
    tx.leftOut && [tx.leftOut.arms.size, tx.leftOut.items.size, [...tx.leftOut.forms]],
  ])
  const known = remembered.get(key)
  if (known && known.until > Date.now()) return known.totals
  remembered.delete(key)
  const totals = await countTotals(tx, filter, definition, events)
  if (totals.total >= rememberFrom) {
    if (remembered.size >= mostRemembered) remembered.clear()
    remembered.set(key, { until: Date.now() + rememberMs, totals })
  }
  return totals
}

async function countTotals(
  tx: Transaction,
  filter: Filter,
  definition: StudyDefinition,
  events: readonly StudyEventDef[],
): Promise<Totals> {
  const asked = events.flatMap((event) =>
    event.forms
      .filter(({ required }) => required)
      .map(({ form, when }) => ({ event: event.oid, form, conditional: when !== undefined })),
  )
  const needed = events.map(
    ({ forms }) => forms.filter(({ required, when }) => required && when === undefined).length,
  )
  const next = filter.values.length + 1
  const [counted] = await tx.query<{ total: number }>(
    `select count(*)::int as total from casebook.subject b where ${filter.where}`,
    filter.values,
  )
  const total = counted?.total ?? 0
  // As `cellOf`: complete once every required form is there and done; where none is required, what was begun decides.
  const rows = await tx.query<{ event: string; done: number; started: number }>(
    `with asked as (
       select * from unnest($${next}::text[], $${next + 1}::text[], $${next + 2}::boolean[]) a(event, form, conditional)),
     needed as (select * from unnest($${next + 3}::text[], $${next + 4}::int[]) n(event, forms)),
     progress as (
       select r.subject_id, r.event_oid,
         count(distinct r.form_oid) filter (where not a.conditional) as there,
         bool_and(r.state in ('complete', 'signed', 'frozen', 'locked')) filter (where a.form is not null) as asked_done,
         bool_and(r.state in ('complete', 'signed', 'frozen', 'locked')) as all_done
       from casebook.form_record r
       left join asked a on a.event = r.event_oid and a.form = r.form_oid
       where r.study_id = $1 and r.event_oid = any ($${next + 3}::text[]) and r.state not in ('removed', 'notStarted')
         ${filter.isOpen ? '' : `and r.subject_id in (select b.subject_id from casebook.subject b where ${filter.where})`}
       group by r.subject_id, r.event_oid)
     select p.event_oid as event, count(*)::int as started,
       count(*) filter (where p.there >= n.forms and coalesce(p.asked_done, p.all_done))::int as done
     from progress p
     join needed n on n.event = p.event_oid
     join casebook.subject b on b.study_id = $1 and b.subject_id = p.subject_id
     where coalesce(b.visits -> p.event_oid ->> 'occurred', 'true') <> 'false'
     group by p.event_oid`,
    [
      ...filter.values,
      asked.map(({ event }) => event),
      asked.map(({ form }) => form),
      asked.map(({ conditional }) => conditional),
      events.map(({ oid }) => oid),
      needed,
    ],
  )
  const waiting = await countWaiting(tx, filter, definition, events)
  const found = new Map(rows.map((row) => [row.event, row]))
  const totals = Object.fromEntries(
    events.map(({ oid }) => {
      const { done = 0, started = 0 } = found.get(oid) ?? {}
      return [
        oid,
        { complete: done, inProgress: started - done, notStarted: waiting.get(oid) ?? 0 },
      ]
    }),
  )
  return { total, totals }
}

/** Subjects by planned event who are still followed, to whom the event applies, and who have nothing in it yet. */
async function countWaiting(
  tx: Transaction,
  filter: Filter,
  definition: StudyDefinition,
  events: readonly StudyEventDef[],
): Promise<ReadonlyMap<string, number>> {
  const next = filter.values.length + 1
  const planned = events.filter(isPlanned)
  const conditional = planned.filter(({ when }) => when !== undefined)
  const rows = await tx.query<{ event: string; count: number }>(
    `with followed as (
       select b.subject_id, b.visits from casebook.subject b
       where ${filter.where} and b.state = any ($${next + 1}::text[])),
     started as (
       select distinct r.subject_id, r.event_oid from casebook.form_record r
       where r.study_id = $1 and r.state not in ('removed', 'notStarted'))
     select e.event, count(*)::int as count
     from followed f cross join unnest($${next}::text[]) e(event)
     left join started s on s.subject_id = f.subject_id and s.event_oid = e.event
     where s.subject_id is null
       and coalesce(f.visits -> e.event ->> 'occurred', 'true') <> 'false'
       and (e.event <> all ($${next + 2}::text[]) or f.visits -> e.event ->> 'applies' = 'true')
     group by e.event`,
    [
      ...filter.values,
      planned.map(({ oid }) => oid),
      followedStates(definition),
      conditional.map(({ oid }) => oid),
    ],
  )
  return new Map(rows.map((row) => [row.event, row.count]))
}
