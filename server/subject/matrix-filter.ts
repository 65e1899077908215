/** The condition of a matrix page, shared by its rows and its totals. */
import { z } from 'zod'
import { subjectStates } from '#domain/definition/subject-states.ts'
import { containing } from '../cursor.ts'
import { id, oid, plainText } from '../input.ts'
import { dueVisitsSql } from '../study/due-visits.ts'
import type { PublishedStudy } from '../study/published.ts'

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
  /** The versions that subjects are on; only asked when overdue visits are. */
  versions: readonly PublishedStudy[],
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
    // A window that closed before today opened before it too: nothing ahead is looked at.
    const due = dueVisitsSql(versions, today, 0, bound)
    conditions.push(`${filter.overdue ? '' : 'not '}b.subject_id = any (array(
      select due.subject_id from (${due}) due where due.closes < ${bound(today)}::date))`)
  }
  return { where: conditions.join(' and '), values, isOpen: conditions.length === 1 }
}
