/**
 * Which planned visits have not been held yet and when their windows open and close: the rule of `domain/casebook/visit-due.ts`
 * as SQL, behind the home page, the matrix filter, the dashboards and the checklist of a cut. It reads the facts that saves
 * keep on the subject's row, so nothing is evaluated here.
 */
import { type DueWindow, dueWindow, followedStates } from '#domain/casebook/visit-due.ts'
import { addDays } from '#domain/values/partial-date.ts'
import type { PublishedStudy } from './published.ts'

type DueDay = DueWindow & {
  event: string
  version: number
  /** Subjects in one of these states are expected; joined by commas. */
  states: string
  /** Counts from an anchor of the event's own. */
  own: boolean
  /** Belongs only to subjects of whom its condition is known to be true. */
  conditional: boolean
}

/** The visits of a version that fall due at all: none of a registry or a chart review, and no bins. */
export function dueDays({ definition, number }: PublishedStudy): DueDay[] {
  const states = followedStates(definition).join()
  return definition.events.flatMap((event) => {
    const window = dueWindow(definition, event)
    if (!window) return []
    const own = event.anchor !== undefined
    const conditional = event.when !== undefined
    return [{ event: event.oid, version: number, states, ...window, own, conditional }]
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
  // Of all versions together first: a state that none follows need not meet any visit.
  const anyStates = [...new Set(days.flatMap(({ states }) => states.split(',')))]
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
      join unnest(${column('event', 'text')}, ${column('version', 'int')}, ${column('states', 'text')},
        ${column('target', 'int')}, ${column('opens', 'int')}, ${column('closes', 'int')}, ${column('own', 'boolean')},
        ${column('conditional', 'boolean')}) d(event, version, states, target, opens, closes, own, conditional)
        on d.version = b.version_number
      where b.study_id = $1 and b.state = any (${bound(anyStates)}::text[])
        and b.state = any (string_to_array(d.states, ','))) v
    where v.day1 + v.opens <= ${bound(addDays(today, ahead))}::date
      and v.facts ->> 'date' is null
      and coalesce(v.facts ->> 'occurred', 'true') <> 'false'
      and (not v.conditional or v.facts ->> 'applies' = 'true')
      and not exists (select from casebook.form_record r
        where r.study_id = v.study_id and r.subject_id = v.subject_id and r.event_oid = v.event
          and r.state not in ('removed', 'notStarted') offset 0)`
}
