import { afterAll, beforeAll, expect, it } from 'vitest'
import { aSession, asSystem } from '#db/seed/build.ts'
import { caseworkDefinition } from '../testing/casework.ts'
import { aScreenedSubject, aWorld, save, values, type World } from '../testing/world.ts'
import { startJobs } from './start-jobs.ts'

let world: World
let jobs: { stop(): Promise<void> }
let entered: string
beforeAll(async () => {
  world = await aWorld({ definition: caseworkDefinition })
  entered = (await aScreenedSubject(world)).subjectId
  const at = { subjectId: entered, event: 'W0', form: 'F_VS' }
  await save(world, at, values({ WEIGHT: '60' }))
  jobs = await startJobs(world.database.url)
})
afterAll(async () => {
  await jobs.stop()
  await world.end()
})

const owned = <Row>(text: string, parameters: unknown[] = []) =>
  asSystem(world.database.ownerPool, { studyId: world.studyId }, (tx) =>
    tx.query<Row>(text, parameters),
  )

async function until<Row>(text: string, parameters: unknown[] = []): Promise<Row[]> {
  for (let tries = 0; tries < 200; tries += 1) {
    const rows = await owned<Row>(text, parameters)
    if (rows.length > 0) return rows
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  return []
}

const add = (task: string) =>
  world.database.pool.query('select graphile_worker.add_job($1)', [task])

it('a serious adverse event becomes a notice after the save has committed', async () => {
  const { subjectId, subjectKey } = await aScreenedSubject(world)
  const at = { subjectId, event: 'LOG', form: 'F_AE', formRepeat: null }
  const saved = await save(world, at, values({ AETERM: 'Sepsis', AESER: 'Y' }))
  const [notice] = await until<{ kind: string; text: { en: string }; siteId: string }>(
    'select kind, text, site_id as "siteId" from casebook.notice where record_id = $1',
    [saved.recordId],
  )
  expect(notice).toMatchObject({ kind: 'serious-adverse-event', siteId: world.siteId })
  expect(notice?.text.en).toContain(subjectKey)
  expect(notice?.text.en).not.toContain('Sepsis')
})

it('what subjects answer to endpoints is kept as soon as jobs run', async () => {
  const [kept] = await until<{ answers: object }>(
    'select answers from casebook.kept_answers where subject_id = $1',
    [entered],
  )
  expect(Object.keys(kept?.answers ?? {}).length).toBeGreaterThan(0)
})

it('audit chains are sealed', async () => {
  await add('audit-anchor')
  const [anchor] = await until<{ heads: number }>(
    'select heads from casebook.audit_anchor where study_id = $1',
    [world.studyId],
  )
  expect(anchor?.heads).toBeGreaterThan(0)
})

it('sessions that ran out are marked as ended, live ones are not', async () => {
  const { userId } = world.people.auditor
  const past = new Date(Date.now() - 1000).toISOString()
  const dead = await aSession(world.database.ownerPool, userId, { expiresAt: past })
  await add('session-sweep')
  const [row] = await until<{ id: string }>(
    'select session_id as id from casebook.session where revoked_at is not null and session_id = $1',
    [dead.row.sessionId],
  )
  expect(row).toBeDefined()
  const alive = await owned(
    'select 1 from casebook.session where session_id = $1 and revoked_at is null',
    [world.people.auditor.sessionId],
  )
  expect(alive).toHaveLength(1)
})
