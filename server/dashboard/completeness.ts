/**
 * How far the forms of held visits are. A visit counts as held once any of its forms was begun and it is not recorded as
 * missed; from then on each of its required forms is expected, those with a condition only once begun. Nothing is expected of
 * visits to come: those are the visits dashboard's.
 */
import type { CompletenessView, FormCounts } from '#domain/dashboard/dashboard-views.ts'
import { reading } from '../command.ts'
import { versionsOfStudy } from '../study/parts.ts'
import type { PublishedStudy } from '../study/published.ts'
import { countedSites, dashboardInput, eventNames, eventsOf } from './sites.ts'

type Row = FormCounts & { siteId: string; version: number; event: string }

export const completenessDashboard = reading({
  name: 'dashboard.completeness',
  permission: 'casebook.read',
  input: dashboardInput,
  run: async ({ tx, input, study }): Promise<CompletenessView> => {
    const { base, siteIds } = await countedSites(tx, input)
    const versions = await versionsOfStudy(tx, input.studyId, study.latestVersion)
    const expected = versions.flatMap(expectedForms)
    const names = expected.map(({ version, event, form }) => `${version}/${event}/${form}`)
    const repeating = expected.flatMap(({ repeats }, at) => (repeats ? [names[at]] : []))
    // Counting different forms makes the database sort every record; only forms that repeat within a visit need it.
    const begun =
      repeating.length === 0
        ? `count(*) filter (where ${nameSql} = any ($3))`
        : `count(distinct r.form_oid) filter (where ${nameSql} = any ($3))`
    // Otherwise the database reads all values of all forms and sorts them, because it takes an index in memory for one on a slow disk.
    await tx.query(`select set_config('random_page_cost', '1.1', true)`)
    const rows = await tx.query<Row>(
      `with missed as materialized (
         select b.subject_id, v.key as event from casebook.subject b, jsonb_each(b.visits) v
         where b.study_id = $1 and b.visits @? '$.*.occurred ? (@ == false || @ == "false")'
           and v.value ->> 'occurred' = 'false'),
       visit as (
         select r.site_id, r.version_number as version, r.event_oid as event, r.subject_id, r.event_repeat,
           count(*) filter (where r.state = 'inProgress') as in_progress,
           count(*) filter (where r.state = 'complete') as complete, count(*) as all_begun,
           sum(r.open_count) filter (where r.state = 'inProgress') as missing, ${begun} as begun
         from casebook.form_record r
         where r.study_id = $1 and r.state not in ('removed', 'notStarted')
           and ($2::uuid[] is null or r.site_id = any ($2))
         -- In the order of form_record_progress_index, so that nothing is sorted.
         group by r.subject_id, r.event_oid, r.event_repeat, r.version_number, r.site_id)
       select v.site_id as "siteId", v.version, v.event,
         sum(coalesce(e.forms, 0) - begun)::int as "notStarted", sum(in_progress)::int as "inProgress",
         sum(complete)::int as complete, sum(all_begun - in_progress - complete)::int as signed,
         coalesce(sum(missing), 0)::int as missing
       from visit v
       left join unnest($4::int[], $5::text[], $6::int[]) e(version, event, forms)
         on e.version = v.version and e.event = v.event
       where (v.subject_id, case v.event_repeat when 1 then v.event else v.event || '#' || v.event_repeat end)
         not in (select subject_id, event from missed)
       group by v.site_id, v.version, v.event`,
      [input.studyId, siteIds, names, ...columnsOf(expected)],
    )
    const nameOf = await eventNames(tx, versions)
    const merged = new Map<string, CompletenessView['rows'][number]>()
    for (const { version, ...row } of rows) {
      const event = nameOf(version, row.event)
      const key = `${row.siteId}/${event}`
      merged.set(key, added({ ...row, event }, merged.get(key)))
    }
    const all = [...merged.values()]
    return {
      ...base,
      events: eventsOf(versions, new Set(all.map(({ event }) => event))),
      rows: all,
    }
  },
})

const nameSql = `(r.version_number || '/' || r.event_oid || '/' || r.form_oid)`

/** Required forms without a condition, of visits; logs expect nothing. */
function expectedForms({ definition, number, forms }: PublishedStudy) {
  return definition.events
    .filter(({ kind }) => kind !== 'log')
    .flatMap((event) =>
      event.forms
        .filter((entry) => entry.required && entry.when === undefined)
        .map((entry) => ({
          version: number,
          event: event.oid,
          form: entry.form,
          repeats: forms.get(entry.form)?.repeats === true,
        })),
    )
}

/** Versions, events and how many forms are expected, for `unnest`. */
function columnsOf(expected: readonly { version: number; event: string }[]) {
  const counts = new Map<string, { version: number; event: string; forms: number }>()
  for (const { version, event } of expected) {
    const key = `${version}/${event}`
    counts.set(key, { version, event, forms: (counts.get(key)?.forms ?? 0) + 1 })
  }
  const all = [...counts.values()]
  return [
    all.map(({ version }) => version),
    all.map(({ event }) => event),
    all.map(({ forms }) => forms),
  ]
}

type Counts = CompletenessView['rows'][number]

function added(row: Counts, known: Counts | undefined): Counts {
  if (!known) return row
  return {
    ...row,
    notStarted: row.notStarted + known.notStarted,
    inProgress: row.inProgress + known.inProgress,
    complete: row.complete + known.complete,
    signed: row.signed + known.signed,
    missing: row.missing + known.missing,
  }
}
