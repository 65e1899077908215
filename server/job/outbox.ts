/** Side effects are rows of the job queue, written in the transaction that wants them; workers act after its commit. */

import type { Transaction } from '#db/client.ts'
import type { Batch } from '../casebook/batch.ts'

export type Job =
  | {
      task: 'serious-adverse-event'
      payload: { studyId: string; siteId: string; subjectId: string; recordId: string }
    }
  | { task: 'migrate-subjects'; payload: { studyId: string; runId: string } }

/** Queues a job; a second one with the same key before the first ran replaces it. */
export async function enqueue(tx: Transaction, job: Job, key?: string): Promise<void> {
  await tx.query('select graphile_worker.add_job($1, $2::json, job_key => $3)', [
    job.task,
    JSON.stringify(job.payload),
    key ?? null,
  ])
}

/** The same as a statement of a batch. */
export function queueJob(batch: Batch, job: Job, key: string): void {
  batch.add`select graphile_worker.add_job(${job.task}, ${JSON.stringify(job.payload)}::json, job_key => ${key})`
}
