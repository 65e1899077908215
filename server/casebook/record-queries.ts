import type { Transaction } from '#db/client.ts'
import type { QuerySummary } from '#domain/casebook/views.ts'
import { Batch } from './batch.ts'

/** Queues the read of the questions about a record, oldest first; cancelled ones stay in the inbox. */
export function queueQueries(batch: Batch, studyId: string, recordId: string): void {
  batch.add`select q.query_id as "queryId", q.record_id as "recordId", q.path, q.check_id as "check", q.state, q.text,
      q.opened_at as "openedAt", coalesce(u.display_name, 'Casebook') as "openedBy",
      (select m.text from casebook.query_message m
       where m.study_id = q.study_id and m.query_id = q.query_id and m.step = 'answered'
       order by m.at desc, m.message_id desc limit 1) as answer
    from casebook.query q left join casebook.app_user u on u.user_id = q.opened_by
    where q.study_id = ${studyId}::uuid and q.record_id = ${recordId}::uuid and q.state <> 'cancelled'
    order by q.opened_at, q.query_id`
}

export async function queriesOfRecord(
  tx: Transaction,
  studyId: string,
  recordId: string,
): Promise<QuerySummary[]> {
  const batch = new Batch()
  queueQueries(batch, studyId, recordId)
  const [rows] = await batch.run(tx)
  return rows as unknown as QuerySummary[]
}
