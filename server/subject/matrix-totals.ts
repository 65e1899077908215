import type { Transaction } from '#db/client.ts'
import type { MatrixView } from '#domain/casebook/views.ts'
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
  const key = JSON.stringify([definition.oid, definition.version, filter, sites])
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
  const found = new Map(rows.map((row) => [row.event, row]))
  const totals = Object.fromEntries(
    events.map(({ oid, kind }) => {
      const { done = 0, started = 0 } = found.get(oid) ?? {}
      const planned = kind === 'scheduled' || kind === 'screening' || kind === 'baseline'
      const notStarted = planned ? total - started : 0
      return [oid, { complete: done, inProgress: started - done, notStarted }]
    }),
  )
  return { total, totals }
}
