/**
 * Which planned visits have not been held yet and when their windows open and close: the one rule behind the home page, the
 * matrix filter and the dashboards. It reads the facts that saves keep on the subject's row, so nothing is evaluated here.
 * `cellOf` says the same of one visit of one casebook.
 */
import { isEnforced } from '#domain/casebook/schedule.ts'
import { isFollowed } from '#domain/casebook/subject-state.ts'
import { subjectStates } from '#domain/casebook/views.ts'
import { addDays } from '#domain/values/partial-date.ts'
import type { PublishedStudy } from './published.ts'

type DueDay = {
  event: string
  version: number
  /** Days from day 1: target, and the first and last day of the window. */
  target: number
  opens: number
  closes: number
  /** Counts from an anchor of the event's own. */
  own: boolean
  /** Belongs only to subjects of whom its condition is known to be true. */
  conditional: boolean
}

/** The visits of a version that fall due at all: none of a registry or a chart review, and no bins. */
export function dueDays({ definition, number }: PublishedStudy): DueDay[] {
  if (definition.mode !== 'prospective') return []
  return definition.events.flatMap((event) => {
    if (event.kind !== 'scheduled' || !event.day || !isEnforced(event)) return []
    const target = event.day > 0 ? event.day - 1 : event.day
    const [before, after] = event.window ?? [0, 0]
    return [
      {
        event: event.oid,
        version: number,
        target,
        opens: target + before,
        closes: target + after,
        own: event.anchor !== undefined,
        conditional: event.when !== undefined,
      },
    ]
  })
}

/**
 * SQL of one row a visit that is still to be held, of subjects who are followed, with its window open by `today` plus
 * `ahead` days: subject_id, subject_key, site_id, version, event, target, opens, closes. `$1` is the study; `bound` gives
 * further values a place.
 */
export function dueVisitsSql(
  versions: readonly PublishedStudy[],
  today: string,
  ahead: number,
  bound: (value: unknown) => string,
): string {
  const days = versions.flatMap(dueDays)
  const column = (name: keyof DueDay, type: string) =>
    `${bound(days.map((day) => day[name]))}::${type}[]`
  return `select v.subject_id, v.subject_key, v.site_id, v.version, v.event,
      v.day1 + v.target as target, v.day1 + v.opens as opens, v.day1 + v.closes as closes
    from (
      select b.study_id, b.subject_id, b.subject_key, b.site_id, d.*, b.visits -> d.event as facts,
        case when not d.own then b.anchor_date
          when b.visits -> d.event ->> 'anchor' ~ '^\\d{4}-\\d{2}-\\d{2}$'
            then (b.visits -> d.event ->> 'anchor')::date end as day1
      from casebook.subject b
      join unnest(${column('event', 'text')}, ${column('version', 'int')}, ${column('target', 'int')},
        ${column('opens', 'int')}, ${column('closes', 'int')}, ${column('own', 'boolean')},
        ${column('conditional', 'boolean')}) d(event, version, target, opens, closes, own, conditional)
        on d.version = b.version_number
      where b.study_id = $1 and b.state = any (${bound(subjectStates.filter(isFollowed))}::text[])) v
    where v.day1 + v.opens <= ${bound(addDays(today, ahead))}::date
      and v.facts ->> 'date' is null
      and coalesce(v.facts ->> 'occurred', 'true') <> 'false'
      and (not v.conditional or v.facts ->> 'applies' = 'true')
      and not exists (select from casebook.form_record r
        where r.study_id = v.study_id and r.subject_id = v.subject_id and r.event_oid = v.event
          and r.state not in ('removed', 'notStarted'))`
}
