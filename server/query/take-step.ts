/** One step of a query: its state and the message that says so, together. */

import type { Transaction } from '#db/client.ts'
import { uuidv7 } from '#db/uuid.ts'
import type { Role } from '#domain/access/permissions.ts'
import { nextQueryState, type QueryEvent } from '#domain/casebook/query-state.ts'
import type { QuerySummary } from '#domain/casebook/views.ts'
import { Problem } from '#domain/problem.ts'
import type { Person } from '../actor.ts'
import { concealsPath } from '../blinding/concealed-study.ts'
import { concealedFrom } from '../blinding/sight.ts'
import type { Authorized, StudyRow } from '../command.ts'
import { type LockedQuery, querySummary } from './query-row.ts'

type Step = {
  tx: Transaction
  input: { studyId: string; text: string }
  actor: Person
  role: Role
  study: StudyRow
}

const steps = { answer: 'answered', close: 'closed', reopen: 'reopened' } as const

/** Throws `query-not-open` where the query's state does not allow the step. */
export async function takeStep(
  act: Step,
  query: Authorized<LockedQuery>,
  event: QueryEvent & keyof typeof steps,
): Promise<QuerySummary> {
  const { tx, actor, role, input } = act
  const { studyId, text } = input
  await requireSeen(act, query)
  const state = nextQueryState(query.state, event)
  if (state instanceof Problem) throw state
  await tx.query(
    `update casebook.query set state = $3, updated_at = now(), updated_by = $4
     where study_id = $1 and query_id = $2`,
    [studyId, query.queryId, state, actor.userId],
  )
  await tx.query(
    `insert into casebook.query_message (study_id, message_id, query_id, site_id, step, text, by, role)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [studyId, uuidv7(), query.queryId, query.siteId, steps[event], text, actor.userId, role],
  )
  return querySummary(tx, studyId, query.queryId)
}

/** A question about what is concealed from the person does not exist for him. */
async function requireSeen(act: Step, query: LockedQuery): Promise<void> {
  const concealed = await concealedFrom(act)
  if (!concealed) return
  const [record] = await act.tx.query<{ form: string; event: string }>(
    `select form_oid as form, event_oid as event from casebook.form_record
     where study_id = $1 and record_id = $2`,
    [act.input.studyId, query.recordId],
  )
  const isHidden =
    !record ||
    concealed.events.has(record.event) ||
    concealsPath(concealed, record.form, query.path) ||
    (query.check !== null && concealed.checks.has(query.check))
  if (isHidden) throw new Problem('not-found')
}
