import type { Transaction } from '#db/client.ts'
import type { QuerySummary } from '#domain/casebook/views.ts'
import { Batch } from './batch.ts'

/** Queues the read of the questions about a record, oldest first; cancelled ones stay in the inbox. */
export function queueQueries(batch: Batch, studyId: string, recordId: string): void {
  batch.add`select * from casebook.record_queries(${studyId}::uuid, ${recordId}::uuid)`
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
