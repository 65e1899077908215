import type { Transaction } from '#db/client.ts'
import { isFollowed } from '#domain/casebook/subject-state.ts'
import { type MatrixView, subjectStates } from '#domain/casebook/views.ts'
import type { StudyDefinition, StudyEventDef } from '#domain/definition/definition.ts'
import type { Filter } from './matrix-filter.ts'

type Totals = Pick<MatrixView, 'total' | 'totals'>

const rememberFrom = 3000
const rememberMs = 60_000
const mostRemembered = 200
const remembered = new Map<string, { until: number; totals: Totals }>()

/** Subjects in all and how far each visit is, over everything the filter and the reader's sites let through. */
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
    tx.leftOut === null,
  ])
  const known = remembered.get(key)
  if (known && known.until > Date.now()) return known.totals
  remembered.delete(key)
  const totals = await countTotals(tx, filter, events)
  if (totals.total >= rememberFrom) {
    if (remembered.size >= mostRemembered) remembered.clear()
    remembered.set(key, { until: Date.now() + rememberMs, totals })
  }
  return totals
}

async function countTotals(
  tx: Transaction,
  filter: Filter,
  events: readonly StudyEventDef[],
): Promise<Totals> {
  const expected = events.flatMap((event) =>
    event.forms
      .filter((entry) => entry.required && entry.when === undefined)
      .map((entry) => ({ event: event.oid, form: entry.form })),
  )
  const next = filter.values.length + 1
  const [counted] = await tx.query<{ total: number }>(
    `select count(*)::int as total from casebook.subject b where ${filter.where}`,
    filter.values,
  )
  const total = counted?.total ?? 0
  const rows = await tx.query<{ event: string; done: number; started: number }>(
    `with expected as (
       select e.event, e.form, count(*) over (partition by e.event) as forms
       from unnest($${next}::text[], $${next + 1}::text[]) e(event, form)),
     progress as (
       select r.subject_id, r.event_oid, e.forms,
         count(distinct r.form_oid) filter (where r.state in ('complete', 'signed', 'frozen', 'locked')) as done
       from casebook.form_record r
       join expected e on e.event = r.event_oid and e.form = r.form_oid
       where r.study_id = $1 and r.state not in ('removed', 'notStarted')
         ${filter.isOpen ? '' : `and r.subject_id in (select b.subject_id from casebook.subject b where ${filter.where})`}
       group by r.subject_id, r.event_oid, e.forms)
     select event_oid as event, count(*) filter (where done >= forms)::int as done, count(*)::int as started
     from progress group by event_oid`,
    [...filter.values, expected.map(({ event }) => event), expected.map(({ form }) => form)],
  )
  const waiting = await countWaiting(tx, filter, events)
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
  events: readonly StudyEventDef[],
): Promise<ReadonlyMap<string, number>> {
  const next = filter.values.length + 1
  const planned = events.filter(({ kind }) => ['scheduled', 'screening', 'baseline'].includes(kind))
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
      subjectStates.filter(isFollowed),
      conditional.map(({ oid }) => oid),
    ],
  )
  return new Map(rows.map((row) => [row.event, row.count]))
}
