import type { Transaction } from '#db/client.ts'
import type { MigrationState } from '#domain/casebook/migration-state.ts'

/** A run as batches and steps need it. */
export type RunRow = {
  runId: string
  version: number
  siteIds: readonly string[]
  state: MigrationState
  reason: string
  failed: readonly string[]
  lastSubject: string | null
  startedBy: string
  startedRole: string
}

/** A run under a row lock: batches and steps of one run take turns. */
export async function runForUpdate(
  tx: Transaction,
  input: { studyId: string; runId: string },
): Promise<(RunRow & { siteId: null }) | null> {
  const [run] = await tx.query<RunRow>(
    `select run_id as "runId", version_number as version, site_ids as "siteIds", state, reason, failed,
       last_subject as "lastSubject", started_by as "startedBy", started_role as "startedRole"
     from casebook.amendment_run where study_id = $1 and run_id = $2 for update`,
    [input.studyId, input.runId],
  )
  return run ? { ...run, siteId: null } : null
}
