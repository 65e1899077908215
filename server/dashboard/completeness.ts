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
    const rows = await tx.query<Row>(
      `with expected as (
         select version, event, count(*)::int as forms
         from unnest($3::int[], $4::text[], $5::text[]) e(version, event, form) group by version, event),
       visit as materialized (
         select r.site_id, b.version_number as version, r.event_oid as event, r.subject_id, r.event_repeat,
           count(*) filter (where r.state = 'inProgress')::int as in_progress,
           count(*) filter (where r.state = 'complete')::int as complete,
           count(*) filter (where r.state in ('signed', 'frozen', 'locked'))::int as signed,
           coalesce(sum(r.open_count) filter (where r.state = 'inProgress'), 0)::int as missing,
           count(distinct e.form)::int as begun
         from casebook.form_record r
         join casebook.subject b on b.study_id = r.study_id and b.subject_id = r.subject_id
         left join unnest($3::int[], $4::text[], $5::text[]) e(version, event, form)
           on e.version = b.version_number and e.event = r.event_oid and e.form = r.form_oid
         where r.study_id = $1 and r.state not in ('removed', 'notStarted')
           and ($2::uuid[] is null or r.site_id = any ($2))
           and coalesce(b.visits -> r.event_oid ->> 'occurred', 'true') <> 'false'
         group by r.site_id, b.version_number, r.event_oid, r.subject_id, r.event_repeat)
       select v.site_id as "siteId", v.version, v.event,
         coalesce(sum(e.forms - v.begun), 0)::int as "notStarted", sum(v.in_progress)::int as "inProgress",
         sum(v.complete)::int as complete, sum(v.signed)::int as signed, sum(v.missing)::int as missing
       from visit v left join expected e on e.version = v.version and e.event = v.event
       group by v.site_id, v.version, v.event`,
      [
        input.studyId,
        siteIds,
        expected.map(({ version }) => version),
        expected.map(({ event }) => event),
        expected.map(({ form }) => form),
      ],
    )
    const nameOf = await eventNames(tx, versions)
    const merged = new Map<string, CompletenessView['rows'][number]>()
    for (const { version, ...row } of rows) {
      const event = nameOf(version, row.event)
      const key = `${row.siteId}/${event}`
      merged.set(key, added({ ...row, event }, merged.get(key)))
    }
    const all = [...merged.values()]
    return { ...base, events: eventsOf(versions, new Set(all.map(({ event }) => event))), rows: all }
  },
})

/** Required forms without a condition, of visits; logs expect nothing. */
function expectedForms({ definition, number }: PublishedStudy) {
  return definition.events
    .filter(({ kind }) => kind !== 'log')
    .flatMap((event) =>
      event.forms
        .filter((entry) => entry.required && entry.when === undefined)
        .map((entry) => ({ version: number, event: event.oid, form: entry.form })),
    )
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
