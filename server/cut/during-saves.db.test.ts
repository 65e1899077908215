/** Saves that are under way while a cut is taken: whatever the cut read stands, and nothing slips in under its moment afterwards. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { verifyAudit } from '#db/audit-verify.ts'
import { inTransaction } from '#db/client.ts'
import { aCut, aCutScene, type CutScene, cutDefinition } from '../testing/cuts.ts'
import { aWorld, save, type World } from '../testing/world.ts'
import { closeMoment } from './close-moment.ts'
import { cutReport, cutVerdict } from './reads.ts'

let world: World
let scene: CutScene
beforeAll(async () => {
  world = await aWorld({ definition: cutDefinition })
  scene = await aCutScene(world)
})
afterAll(() => world.end())

const settings = () => ({
  actor: world.people.coordinator.userId,
  role: 'coordinator',
  studyId: world.studyId,
  siteIds: null,
})
const change = `update casebook.form_record set data = data || '{"HEIGHT": "170"}'
  where study_id = $1 and subject_id = $2 and form_oid = 'F_VS'`

it('waits for who has written, so that what is committed under an earlier moment is in the cut', async () => {
  const { database, studyId, people } = world
  const order: string[] = []
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  let wrote = () => {}
  const written = new Promise<void>((resolve) => {
    wrote = resolve
  })
  const writing = inTransaction(database.pool, settings(), async (tx) => {
    await tx.query(change, [studyId, scene.subjectIds[0]])
    wrote()
    await held
    order.push('saved')
  })
  await written
  const closing = closeMoment(studyId, people['data-manager'].userId).then((moment) => {
    order.push('closed')
    return moment
  })
  await untilWaiting()
  release()
  await Promise.all([writing, closing])
  expect(order).toEqual(['saved', 'closed'])
})

it('refuses who began before and writes after, so that the act is tried again under a later moment', async () => {
  const { database, studyId, people } = world
  const late = inTransaction(database.pool, settings(), async (tx) => {
    const moment = await closeMoment(studyId, people['data-manager'].userId)
    expect(moment >= tx.now).toBe(true)
    await tx.query(change, [studyId, scene.subjectIds[1]])
  })
  await expect(late).rejects.toMatchObject({ code: '40001' })
  // Through the corridor nobody notices: the save is tried again and goes through.
  const [, subjectId = ''] = scene.subjectIds
  const [result] = await Promise.all([
    save(world, { subjectId, event: 'W4', form: 'F_VS' }, [
      { path: 'WEIGHT', from: '70', to: '71', reason: 'read again' },
    ]),
    closeMoment(studyId, people['data-manager'].userId),
  ])
  expect(result.conflicts).toEqual([])
})

it('every cut taken while another process saves without a pause is identical when it is run again', async () => {
  const { database, studyId, people } = world
  const [subjectId = ''] = scene.subjectIds
  const script = 'server/testing/save-until-killed.ts'
  const words = [database.url, studyId, subjectId, JSON.stringify(people.coordinator), '60']
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let saves = 0
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    saves += text.split('\n').length - 1
  })
  const numbers: number[] = []
  try {
    await once(child.stdout, 'data')
    for (let round = 0; round < 8; round += 1) {
      const before = saves
      numbers.push((await aCut(world, scene.statistician, { name: `Round ${round}` })).number)
      for (let tries = 0; saves <= before && tries < 400; tries += 1) {
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      expect(saves).toBeGreaterThan(before)
    }
  } finally {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  const seen = new Set<string>()
  for (const number of numbers) {
    const verdict = await cutVerdict.execute(scene.statistician, { studyId, number })
    expect(verdict.identical, `cut ${number}`).toBe(true)
    const report = await cutReport.execute(scene.statistician, { studyId, number, report: 'R2' })
    seen.add(JSON.stringify(report.body))
  }
  // They are cuts of data that moved.
  expect(seen.size).toBeGreaterThan(1)
  expect((await verifyAudit(database.ownerUrl)).findings).toEqual([])
})

/** Until somebody waits for a lock. */
async function untilWaiting() {
  for (let tries = 0; tries < 400; tries += 1) {
    const { rows } = await world.database.ownerPool.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
    if (rows.length > 0) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('The closing never waited for the save')
}
