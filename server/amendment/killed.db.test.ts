import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { verifyAudit } from '#db/audit-verify.ts'
import { aFormRecord, aSubject, asSystem } from '#db/seed/build.ts'
import { startJobs } from '../job/start-jobs.ts'
import { approveVersion } from '../site/approve-version.ts'
import { publishNext } from '../testing/amendment.ts'
import { fixtureDefinition } from '../testing/fixture-definition.ts'
import { aWorld, key, type World } from '../testing/world.ts'
import { migrationRuns } from './run-reads.ts'
import { startRun } from './start-run.ts'
import { batchSize } from './work-run.ts'

const subjects = batchSize * 4 + 7
let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.end())

const owned = <Row>(text: string, parameters: unknown[] = []) =>
  asSystem(world.database.ownerPool, { studyId: world.studyId }, (tx) =>
    tx.query<Row>(text, parameters),
  )

it('goes on where the last batch ended when its process is killed in the middle of one', async () => {
  const { studyId, siteId } = world
  const owner = world.database.ownerPool
  for (let n = 1; n <= subjects; n += 1) {
    const subject = await aSubject(owner, { studyId, siteId, code: '01' }, { sequence: n })
    await aFormRecord(owner, subject, { data: { WEIGHT: '70', SYS: String(100 + (n % 50)) } })
  }
  const draft = structuredClone(fixtureDefinition)
  draft.checks = draft.checks.filter(({ id }) => id !== 'EC-01')
  for (const group of draft.forms.flatMap(({ groups }) => groups)) {
    for (const item of group.items) {
      if (item.oid === 'SYS') Object.assign(item, { oid: 'SYSBP', renamedFrom: 'SYS' })
    }
  }
  const version = await publishNext(owner, studyId, draft)
  await approveVersion.execute(world.people['study-administrator'], {
    studyId,
    siteId,
    version,
    approvedOn: '2026-01-10',
    goLiveOn: '2026-01-10',
    reason: 'approved',
    key: key(),
  })
  const manager = world.people['data-manager']
  const { runId } = await startRun.execute(manager, {
    studyId,
    version,
    siteIds: null,
    reason: 'amendment 1',
    key: key(),
  })

  // Somebody holds a subject of the third batch, so that the process is inside a transaction when it dies.
  const holder = await owner.connect()
  await holder.query('begin')
  await holder.query(
    `select from casebook.subject where study_id = $1 and subject_id =
       (select subject_id from casebook.subject where study_id = $1 order by subject_id offset $2 limit 1) for update`,
    [studyId, batchSize * 2 + 5],
  )
  const script = 'server/testing/migrate-until-killed.ts'
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', script, world.database.url, studyId, runId],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let said = ''
  for await (const part of child.stdout.setEncoding('utf8')) {
    said += part as string
    if (said.split('\n').length > 2) break
  }
  await untilWaiting(holder)
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  expect((await ended)[1]).toBe('SIGKILL')
  await holder.query('rollback')
  holder.release()
  await untilAlone()

  const [between] = await owned<{ done: number; versions: number; changed: number }>(
    `select r.done, (select count(*)::int from casebook.subject b where b.study_id = r.study_id
         and b.version_number = r.version_number) as versions,
       (select count(*)::int from casebook.form_record f where f.study_id = r.study_id and f.data ? 'SYSBP') as changed
     from casebook.amendment_run r where r.study_id = $1`,
    [studyId],
  )
  expect(between).toEqual({ done: batchSize * 2, versions: batchSize * 2, changed: batchSize * 2 })

  const jobs = await startJobs(world.database.url)
  const done = await untilDone()
  await jobs.stop()
  expect(done).toMatchObject({ state: 'done', done: subjects, records: subjects, failed: [] })
  const [after] = await owned<{ carried: number; once: number; left: number }>(
    `select
       (select count(*)::int from casebook.form_record f where f.study_id = $1 and f.version_number = $2
          and f.data ? 'SYSBP' and not f.data ? 'SYS') as carried,
       (select count(*)::int from (select entity_id from casebook.audit_record where study_id = $1
          and entity = 'form_record' and command = 'amendment.migrate' and reason = 'amendment 1'
          and actor_id = $3 and changes ? 'SYSBP' group by 1 having count(*) = 1) x) as once,
       (select count(*)::int from casebook.subject where study_id = $1 and version_number < $2) as left`,
    [studyId, version, manager.userId],
  )
  expect(after).toEqual({ carried: subjects, once: subjects, left: 0 })
  const verdict = await verifyAudit(world.database.ownerUrl)
  expect(verdict.findings).toEqual([])
})

/** Until the process waits for the lock that the test holds. */
async function untilWaiting(client: { query(text: string): Promise<{ rows: unknown[] }> }) {
  for (let tries = 0; tries < 400; tries += 1) {
    const { rows } = await client.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
    if (rows.length > 0) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('The process never came to the subject that is held')
}

/** Until the server has noticed that the other end of the killed process is gone. */
async function untilAlone() {
  for (let tries = 0; tries < 400; tries += 1) {
    const rows = await owned(
      `select from pg_stat_activity where datname = current_database() and application_name = 'casebook'`,
    )
    if (rows.length === 0) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('The connection of the killed process is still there')
}

async function untilDone() {
  for (let tries = 0; tries < 400; tries += 1) {
    const [run] = await migrationRuns.execute(world.people['data-manager'], {
      studyId: world.studyId,
    })
    if (run?.state === 'done') return run
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('The run was not taken up again')
}
