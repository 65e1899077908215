/** How a query is read, one shape for the inbox, the form and the answers of the verbs. */
import type { Transaction } from '#db/client.ts'
import type { StoredValue } from '#domain/casebook/record.ts'
import type { QueryState, QuerySummary } from '#domain/casebook/views.ts'

/** Columns of a `QuerySummary`; needs `casebook.query q`. */
export const summaryColumns = `q.query_id as "queryId", q.record_id as "recordId", q.path, q.check_id as "check",
  q.state, q.text, q.opened_at as "openedAt",
  coalesce((select u.display_name from casebook.app_user u where u.user_id = q.opened_by), 'Casebook') as "openedBy",
  (select m.text from casebook.query_message m
   where m.study_id = q.study_id and m.query_id = q.query_id and m.step = 'answered'
   order by m.at desc, m.message_id desc limit 1) as answer`

export async function querySummary(
  tx: Transaction,
  studyId: string,
  queryId: string,
): Promise<QuerySummary> {
  const [row] = await tx.query<QuerySummary>(
    `select ${summaryColumns} from casebook.query q where q.study_id = $1 and q.query_id = $2`,
    [studyId, queryId],
  )
  return row as QuerySummary
}

export type LockedQuery = {
  siteId: string
  subjectId: string
  recordId: string
  queryId: string
  path: string
  check: string | null
  state: QueryState
  valueThen: StoredValue | null
}

/** The query under a row lock; null when it is not there or at a site out of reach. */
export async function queryForUpdate(
  tx: Transaction,
  input: { studyId: string; queryId: string },
): Promise<LockedQuery | null> {
  const [row] = await tx.query<LockedQuery>(
    `select site_id as "siteId", subject_id as "subjectId", record_id as "recordId",
       query_id as "queryId", path, check_id as "check", state, value_then as "valueThen"
     from casebook.query where study_id = $1 and query_id = $2 for update`,
    [input.studyId, input.queryId],
  )
  return row ?? null
}
