/**
 * Works off a migration, batch by batch, each in one transaction together with the place it has come to. Whatever ends the process,
 * the next worker goes on after the last batch that was committed; a batch that was not has left nothing. Subjects are locked like
 * by a save, so people go on entering data: a save waits for a batch, or the batch for the save, and each sees what the other wrote.
 */
import { inTransaction, type Transaction, type TransactionSettings } from '#db/client.ts'
import type { Role } from '#domain/access/permissions.ts'
import { isRunning, nextMigrationState } from '#domain/casebook/migration-state.ts'
import { Problem } from '#domain/problem.ts'
import type { StudyState } from '../command.ts'
import { database } from '../database.ts'
import { databaseError, isRetryable, unexpected } from '../problem.ts'
import { type Foreseen, foresee } from './foresee.ts'
import { loadSubjects } from './load-subjects.ts'
import { migrationPlan, type StudyPlan } from './plan.ts'
import { type RunRow, runForUpdate } from './run-row.ts'
import { type ForeseenSubject, writeSubjects } from './write-subjects.ts'

/** Subjects of one transaction: long enough to be fast, short enough for a save to wait for. */
export const batchSize = 20

export type RunAddress = { studyId: string; runId: string }

/**
 * Works for about `milliseconds`, at least one batch. True when there is more to do; false when the run is over, paused, or
 * not there.
 */
export async function workRun(address: RunAddress, milliseconds: number): Promise<boolean> {
  const settings = await settingsOf(address)
  if (!settings) return false
  const end = performance.now() + milliseconds
  do {
    let more: boolean
    try {
      more = await workBatch(address, settings, batchSize)
    } catch (error) {
      if (isPassing(error)) throw error
      more = await workOneByOne(address, settings)
    }
    if (!more) return false
  } while (performance.now() < end)
  return true
}

/** What another try may find gone: a lock held too long, a connection lost, a deadlock. */
function isPassing(error: unknown): boolean {
  const code = databaseError(error)?.code
  return isRetryable(error) || (code !== undefined && /^(55P03|57|08|53)/.test(code))
}

/** The run acts in the name of the person who started it, at the sites that were chosen. */
async function settingsOf({ studyId, runId }: RunAddress): Promise<TransactionSettings | null> {
  const system = { actor: 'system', studyId, siteIds: null, command: 'amendment.migrate' }
  const [run] = await inTransaction(database(), { ...system, readOnly: true }, (tx) =>
    tx.query<Pick<RunRow, 'startedBy' | 'siteIds' | 'reason' | 'version'> & { startedRole: Role }>(
      `select started_by as "startedBy", started_role as "startedRole", site_ids as "siteIds", reason,
         version_number as version
       from casebook.amendment_run where study_id = $1 and run_id = $2`,
      [studyId, runId],
    ),
  )
  if (!run) return null
  return {
    actor: run.startedBy,
    role: run.startedRole,
    studyId,
    siteIds: run.siteIds,
    command: 'amendment.migrate',
    reason: run.reason,
    version: run.version,
    statementTimeout: 60_000,
  }
}

/** True when a batch was done and more may follow. */
async function workBatch(
  address: RunAddress,
  settings: TransactionSettings,
  most: number,
): Promise<boolean> {
  return inTransaction(database(), settings, async (tx) => {
    const run = await runForUpdate(tx, address)
    if (!run || !isRunning(run.state) || !(await isOpen(tx, address.studyId))) return false
    const ids = await lockNext(tx, address.studyId, run, most)
    if (ids.length === 0) {
      await finish(tx, address)
      return false
    }
    const records = await writeSubjects(
      tx,
      await foreseeAll(tx, address.studyId, run, ids),
      run.reason,
    )
    await tx.query(
      `update casebook.amendment_run
       set done = done + $3, records = records + $4, last_subject = $5, worked_at = now()
       where study_id = $1 and run_id = $2`,
      [address.studyId, address.runId, ids.length, records, ids.at(-1)],
    )
    return true
  })
}

/** Nothing is written into a study that was locked meanwhile; the run waits until it is open again. */
async function isOpen(tx: Transaction, studyId: string): Promise<boolean> {
  const [study] = await tx.query<{ state: StudyState }>(
    'select state from casebook.study where study_id = $1',
    [studyId],
  )
  return study?.state === 'open'
}

async function lockNext(
  tx: Transaction,
  studyId: string,
  run: RunRow,
  most: number,
): Promise<string[]> {
  const next = (after: string | null) =>
    tx.query<{ id: string }>(
      `select subject_id as id from casebook.subject
       where study_id = $1 and site_id = any ($2::uuid[]) and version_number < $3
         and subject_id <> all ($4::uuid[]) and ($5::uuid is null or subject_id > $5)
       order by subject_id limit $6 for update`,
      [studyId, run.siteIds, run.version, run.failed, after, most],
    )
  const found = await next(run.lastSubject)
  // Whoever came in behind the place meanwhile is found by looking from the start once more.
  const rows = found.length > 0 || run.lastSubject === null ? found : await next(null)
  return rows.map(({ id }) => id)
}

async function foreseeAll(
  tx: Transaction,
  studyId: string,
  run: RunRow,
  ids: readonly string[],
): Promise<ForeseenSubject[]> {
  const subjects: { plan: StudyPlan; foreseen: Foreseen }[] = []
  for (const whole of await loadSubjects(tx, studyId, ids)) {
    const plan = await migrationPlan(tx, studyId, whole.subject.versionNumber, run.version)
    subjects.push({ plan, foreseen: foresee(plan, whole, tx.now) })
  }
  return subjects
}

async function finish(tx: Transaction, { studyId, runId }: RunAddress): Promise<void> {
  const state = nextMigrationState('running', 'finish')
  if (state instanceof Problem) throw state
  await tx.query(
    `update casebook.amendment_run set state = $3, worked_at = now(), ended_at = now()
     where study_id = $1 and run_id = $2`,
    [studyId, runId, state],
  )
}

/** After a batch that cannot be written: its subjects alone, so that one of them does not hold up the others. */
async function workOneByOne(address: RunAddress, settings: TransactionSettings): Promise<boolean> {
  for (let at = 0; at < batchSize; at += 1) {
    try {
      if (!(await workBatch(address, settings, 1))) return false
    } catch (error) {
      if (isPassing(error)) throw error
      unexpected(error, 'amendment.migrate')
      await passOver(address, settings)
    }
  }
  return true
}

/** Notes the next subject as failed; it stays on its version and a later run takes it along again. */
async function passOver(address: RunAddress, settings: TransactionSettings): Promise<void> {
  await inTransaction(database(), settings, async (tx) => {
    const run = await runForUpdate(tx, address)
    const [id] = run && isRunning(run.state) ? await lockNext(tx, address.studyId, run, 1) : []
    if (id === undefined) return
    await tx.query(
      `update casebook.amendment_run set failed = failed || $3::uuid, last_subject = $3::uuid, worked_at = now()
       where study_id = $1 and run_id = $2`,
      [address.studyId, address.runId, id],
    )
  })
}
