import { z } from 'zod'
import { type MigrationState, nextMigrationState } from '#domain/casebook/migration-state.ts'
import { Problem } from '#domain/problem.ts'
import { command } from '../command.ts'
import { commandKey, id, reasonText } from '../input.ts'
import { enqueue } from '../job/outbox.ts'
import { runForUpdate } from './run-row.ts'

/**
 * Pauses, resumes or cancels a migration; it stands still after the batch at hand. What was migrated stays migrated. Who does
 * not reach every site of the run does not find it.
 */
export const stepRun = command({
  name: 'amendment.step',
  permission: 'amendment.migrate',
  input: z.strictObject({
    studyId: id,
    runId: id,
    step: z.enum(['pause', 'resume', 'cancel']),
    reason: reasonText,
    key: commandKey,
  }),
  reason: (input) => input.reason,
  target: runForUpdate,
  run: async ({ tx, input, target, may }): Promise<{ state: MigrationState }> => {
    if (!target.siteIds.every((siteId) => may('amendment.migrate', siteId))) {
      throw new Problem('not-found')
    }
    const state = nextMigrationState(target.state, input.step)
    if (state instanceof Problem) throw state
    await tx.query(
      `update casebook.amendment_run
       set state = $3, worked_at = now(), ended_at = case when $3 = 'cancelled' then now() end
       where study_id = $1 and run_id = $2`,
      [input.studyId, input.runId, state],
    )
    if (input.step === 'resume') {
      const { studyId, runId } = input
      const job = { task: 'migrate-subjects', payload: { studyId, runId } } as const
      await enqueue(tx, job, `migrate:${runId}`)
    }
    return { state }
  },
})
