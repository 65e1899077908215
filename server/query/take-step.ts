/** One step of a query: its state and the message that says so, together. */

import type { Transaction } from '#db/client.ts'
import { uuidv7 } from '#db/uuid.ts'
import type { Role } from '#domain/access/permissions.ts'
import { nextQueryState, type QueryEvent } from '#domain/casebook/query-state.ts'
import type { QuerySummary } from '#domain/casebook/views.ts'
import { Problem } from '#domain/problem.ts'
import type { Authorized } from '../command.ts'
import { type LockedQuery, querySummary } from './query-row.ts'

const steps = { answer: 'answered', close: 'closed', reopen: 'reopened' } as const

/** Throws `query-not-open` where the query's state does not allow the step. */
export async function takeStep(
  tx: Transaction,
  studyId: string,
  query: Authorized<LockedQuery>,
  event: QueryEvent & keyof typeof steps,
  said: { text: string; by: string; role: Role },
): Promise<QuerySummary> {
  const state = nextQueryState(query.state, event)
  if (state instanceof Problem) throw state
  await tx.query(
    `update casebook.query set state = $3, updated_at = now(), updated_by = $4
     where study_id = $1 and query_id = $2`,
    [studyId, query.queryId, state, said.by],
  )
  await tx.query(
    `insert into casebook.query_message (study_id, message_id, query_id, site_id, step, text, by, role)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [studyId, uuidv7(), query.queryId, query.siteId, steps[event], said.text, said.by, said.role],
  )
  return querySummary(tx, studyId, query.queryId)
}
