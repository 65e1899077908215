/** Visits that belong to some subjects only, that count from a date of their own, or that have no visit form. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { asSystem } from '#db/seed/build.ts'
import type { MatrixCell } from '#domain/casebook/views.ts'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import { studyHome } from '../study/home.ts'
import { fixtureDefinition } from '../testing/fixture-definition.ts'
import { aScreenedSubject, aWorld, save, values, type World } from '../testing/world.ts'
import { subjectMatrix } from './matrix.ts'

const { visitDate: _, visitOccurred: __, allocation: ___, ...rest } = fixtureDefinition
const cohort: StudyDefinition = {
  ...rest,
  anchor: 'F_ICF.RFICDTC',
  mode: 'retrospective',
  events: fixtureDefinition.events.map((event) =>
    event.oid === 'W4'
      ? { ...event, when: "F_DX.DIAG == 'PM'", anchor: 'F_VS.max(r, r.VSDTC)' }
      : event,
  ),
}

let world: World
beforeAll(async () => {
  world = await aWorld({ definition: cohort })
})
afterAll(() => world.end())

const look = async (subjectKey: string) => {
  const { rows, totals, states } = await subjectMatrix.execute(world.people.coordinator, {
    studyId: world.studyId,
    filter: { text: subjectKey },
  })
  const cell = (event: string) => rows[0]?.cells.find((one) => one.event === event) as MatrixCell
  return { row: rows[0], cell, totals, states }
}

it('shows an event only to subjects it applies to, and expects it of no other', async () => {
  const { subjectId, subjectKey } = await aScreenedSubject(world)
  expect((await look(subjectKey)).cell('W4').state).toBe('none')
  await save(world, { subjectId, event: 'SCR', form: 'F_DX' }, values({ DIAG: 'DM' }))
  const before = await look(subjectKey)
  expect(before.cell('W4').state).toBe('none')
  expect(before.totals.W4).toMatchObject({ notStarted: 0 })
  await save(world, { subjectId, event: 'SCR', form: 'F_DX' }, [
    { path: 'DIAG', from: 'DM', to: 'PM', reason: 'biopsy' },
  ])
  const after = await look(subjectKey)
  expect(after.cell('W4').state).toBe('notStarted')
  expect(after.totals.W4).toMatchObject({ notStarted: 1 })
})

it('counts an event from its own anchor, and dates visits by their forms', async () => {
  const { subjectId, subjectKey } = await aScreenedSubject(world)
  await save(world, { subjectId, event: 'SCR', form: 'F_DX' }, values({ DIAG: 'PM' }))
  await save(world, { subjectId, event: 'SCR', form: 'F_ICF' }, values({ RFICDTC: '2026-01-05' }))
  await save(world, { subjectId, event: 'W0', form: 'F_VS' }, values({ VSDTC: '2026-03-01' }))
  const { cell, row, states } = await look(subjectKey)
  expect(row?.state).toBe('enrolled')
  expect(states).not.toContain('randomised')
  expect(cell('W4').target).toBe('2026-03-29')
  expect(cell('W0').target).toBe('2026-01-05')
})

it('expects nothing more of a subject who has died', async () => {
  const { subjectId, subjectKey } = await aScreenedSubject(world)
  await save(world, { subjectId, event: 'SCR', form: 'F_DX' }, values({ DIAG: 'PM' }))
  expect((await look(subjectKey)).totals.W4).toMatchObject({ notStarted: 1 })
  await asSystem(world.database.ownerPool, { studyId: world.studyId, reason: 'test' }, (tx) =>
    tx.query(`update casebook.subject set state = 'dead' where subject_id = $1`, [subjectId]),
  )
  const { cell, totals } = await look(subjectKey)
  expect(cell('W4').state).toBe('none')
  expect(totals.W4).toMatchObject({ notStarted: 0 })
})

it('says on the home page that subjects are enrolled here', async () => {
  const home = await studyHome.execute(world.people.coordinator, { studyId: world.studyId })
  expect(home.allocates).toBe(false)
  expect(home.due.map(({ event }) => event)).not.toContain('W4')
})
