/** The condition of a matrix page, shared by its rows and its totals. */
import { z } from 'zod'
import { isFollowed } from '#domain/casebook/subject-state.ts'
import { subjectStates } from '#domain/casebook/views.ts'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import { containing } from '../cursor.ts'
import { id, oid, plainText } from '../input.ts'

export const matrixFilter = z.strictObject({
  /** Part of a subject key. */
  text: plainText(60).optional(),
  siteId: id.optional(),
  state: z.enum(subjectStates).optional(),
  overdue: z.boolean().optional(),
  queries: z.boolean().optional(),
  columns: z.record(oid, plainText(60)).optional(),
})

/** SQL over `casebook.subject b`, with its values from $1 on. */
export type Filter = { where: string; values: readonly unknown[]; isOpen: boolean }

export function filterSql(
  studyId: string,
  filter: z.output<typeof matrixFilter>,
  definition: StudyDefinition,
  today: string,
): Filter {
  const values: unknown[] = [studyId]
  const bound = (value: unknown) => `$${values.push(value)}`
  const conditions = ['b.study_id = $1']
  if (filter.text) conditions.push(`b.subject_key ilike ${bound(containing(filter.text))}`)
  if (filter.siteId) conditions.push(`b.site_id = ${bound(filter.siteId)}`)
  if (filter.state) conditions.push(`b.state = ${bound(filter.state)}`)
  for (const [oid, code] of Object.entries(filter.columns ?? {})) {
    conditions.push(`b.columns ->> ${bound(oid)}::text = ${bound(code)}`)
  }
  if (filter.queries !== undefined) {
    conditions.push(`${filter.queries ? '' : 'not '}exists (select from casebook.query q
      where q.study_id = b.study_id and q.subject_id = b.subject_id and q.state in ('open', 'answered'))`)
  }
  if (filter.overdue !== undefined) {
    const overdue = overdueSql(definition, today, bound)
    conditions.push(filter.overdue ? overdue : `not ${overdue}`)
  }
  return { where: conditions.join(' and '), values, isOpen: conditions.length === 1 }
}

/** The rule of `cellOf` for overdue visits, as SQL: due date behind today, no date, nothing entered, still followed. */
function overdueSql(
  definition: StudyDefinition,
  today: string,
  bound: (value: unknown) => string,
): string {
  const due = definition.events.flatMap((event) =>
    event.kind === 'scheduled' && event.day !== undefined && event.day !== 0
      ? [{ oid: event.oid, days: daysAfterAnchor(event.day) + (event.window?.[1] ?? 0) }]
      : [],
  )
  const followed = subjectStates.filter(isFollowed)
  return `(b.anchor_date is not null and b.state = any (${bound(followed)}::text[]) and exists (
    select from unnest(${bound(due.map(({ oid }) => oid))}::text[], ${bound(due.map(({ days }) => days))}::int[]) d(event, days)
    where b.anchor_date + d.days < ${bound(today)}::date
      and b.visits -> d.event ->> 'date' is null
      and coalesce(b.visits -> d.event ->> 'occurred', 'true') <> 'false'
      and not exists (select from casebook.form_record r
        where r.study_id = b.study_id and r.subject_id = b.subject_id and r.event_oid = d.event
          and r.state not in ('removed', 'notStarted'))))`
}

/** Day 1 is the anchor and there is no day 0. */
const daysAfterAnchor = (day: number) => (day > 0 ? day - 1 : day)
