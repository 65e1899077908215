import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { inTransaction, type Transaction } from '#db/client.ts'
import { asSystem } from '#db/seed/build.ts'
import { engineVersion } from '#domain/analysis/run-report.ts'
import type { Person } from '../actor.ts'
import { survivalDashboard } from '../dashboard/survival.ts'
import { type Casework, caseworkDefinition, makeCasework } from '../testing/casework.ts'
import { aWorld, type World } from '../testing/world.ts'
import { forgetAnswers } from './answers.ts'
import { keepAnswers } from './kept-answers.ts'

let world: World
let casework: Casework
let statistician: Person
beforeAll(async () => {
  world = await aWorld({ definition: caseworkDefinition })
  statistician = await world.person('statistician', 'study')
  casework = await makeCasework(world, 40)
}, 120_000)
afterAll(() => world.end())
beforeEach(() => forgetAnswers())

/** As the job does it: the runtime role, every site, one moment. */
const asJob = <T>(run: (tx: Transaction) => Promise<T>, siteIds: readonly string[] | null = null) =>
  inTransaction(
    world.database.pool,
    { actor: 'system', studyId: world.studyId, siteIds, isolation: 'repeatable read' },
    run,
  )
const keep = () => asJob((tx) => keepAnswers(tx, { studyId: world.studyId, version: 1 }))
const waiting = async () => {
  const rows = await asJob((tx) =>
    tx.query<{ studyId: string }>('select * from casebook.studies_to_keep_answers_of($1)', [
      engineVersion,
    ]),
  )
  return rows.map(({ studyId }) => studyId)
}
const owner = (text: string, values: readonly unknown[] = []) =>
  asSystem(world.database.ownerPool, { studyId: world.studyId, reason: 'test' }, (tx) =>
    tx.query<Record<string, unknown>>(text, values),
  )
const curve = async (person = statistician) => {
  const view = await survivalDashboard.execute(person, { studyId: world.studyId })
  return view.body?.parts[0]?.groups.map(({ n, events, steps }) => ({ n, events, steps }))
}

it('keeps one row a subject, once, and asks for no study whose answers are kept', async () => {
  expect(await waiting()).toContain(world.studyId)
  const withRecords = new Set(casework.records.map(({ subjectId }) => subjectId)).size
  expect(await keep()).toBe(withRecords)
  expect(await waiting()).not.toContain(world.studyId)
  forgetAnswers()
  expect(await keep()).toBe(0)
})

it('draws the same curves from what is kept as from the casebooks, and really from what is kept', async () => {
  await owner('update casebook.kept_answers set stamp = stamp || $1', ['-of another state'])
  const worked = await curve()
  expect(worked?.some(({ events }) => events > 0)).toBe(true)
  await keep()
  forgetAnswers()
  expect(await curve()).toEqual(worked)

  // Nobody has an event by what is kept now: the stamps still hold, so it is believed.
  const [{ answers = {} } = {}] = await owner('select answers from casebook.kept_answers limit 1')
  const event = Object.keys(answers as object).find((text) => text.includes('AESTDTC')) as string
  await owner(
    'update casebook.kept_answers set answers = answers || jsonb_build_object($1::text, null)',
    [event],
  )
  forgetAnswers()
  expect((await curve())?.every(({ events }) => events === 0)).toBe(true)

  // A subject that changed is worked out anew.
  const one = casework.records.find(
    ({ form, state, data, subjectId }) =>
      form === 'F_AE' &&
      state !== 'removed' &&
      'AESTDTC' in data &&
      casework.subjects.some((subject) => subject.subjectId === subjectId && subject.arm !== null),
  )
  await owner(
    `update casebook.form_record set state = 'inProgress' where subject_id = $1 and form_oid = 'F_AE' and state = 'complete'`,
    [one?.subjectId],
  )
  expect(await waiting()).toContain(world.studyId)
  forgetAnswers()
  const after = await curve()
  expect(after?.reduce((sum, { events }) => sum + events, 0)).toBe(1)
})

it('another engine or version believes nothing of it', async () => {
  await owner(`update casebook.kept_answers set engine = 'another', answers = '{}'`)
  expect(await waiting()).toContain(world.studyId)
  const events = (await curve())?.reduce((sum, one) => sum + one.events, 0) ?? 0
  expect(events).toBeGreaterThan(1)
  await keep()
  forgetAnswers()
  expect((await curve())?.reduce((sum, one) => sum + one.events, 0)).toBe(events)
})

it('a reader of one site takes in and counts the rows of that site, and hides none from the next reader', async () => {
  await keep()
  const whole = await curve()
  forgetAnswers()
  const ofSite = await curve(await world.person('statistician', 'otherSite'))
  const own = casework.subjects.filter(
    ({ siteId, arm }) => siteId === world.otherSiteId && arm !== null,
  ).length
  expect(ofSite?.reduce((sum, { n }) => sum + n, 0)).toBeLessThanOrEqual(own)
  expect(await curve()).toEqual(whole)
  const seen = await asJob(
    (tx) => tx.query('select subject_id from casebook.kept_answers'),
    [world.otherSiteId],
  )
  const there = await owner('select subject_id from casebook.kept_answers where site_id = $1', [
    world.otherSiteId,
  ])
  expect(seen.length).toBe(there.length)
  expect(there.length).toBeGreaterThan(0)
})

it('a process that knows the subjects takes in what another one kept of those that changed since', async () => {
  type Memory = typeof globalThis & { casebookAnswers?: unknown }
  const memory = globalThis as Memory
  await keep()
  const before = (await curve())?.reduce((sum, { events }) => sum + events, 0) ?? 0
  const mine = memory.casebookAnswers
  const [{ subjectId = '' } = {}] = (await owner(
    `select k.subject_id as "subjectId" from casebook.kept_answers k
     join casebook.allocation_issued a on a.study_id = k.study_id and a.subject_id = k.subject_id
     where exists (select from casebook.form_record r where r.study_id = k.study_id and r.subject_id = k.subject_id
       and r.form_oid = 'F_AE' and r.state <> 'removed' and r.data ? 'AESTDTC') order by 1 limit 1`,
  )) as { subjectId?: string }[]
  await owner(
    `update casebook.form_record set state = 'complete' where subject_id = $1 and form_oid = 'F_AE' and state = 'inProgress'`,
    [subjectId],
  )
  await owner(
    `update casebook.form_record set state = 'inProgress' where subject_id = $1 and form_oid = 'F_AE' and state = 'complete'`,
    [subjectId],
  )
  // The other process, which keeps this one subject and nobody else.
  memory.casebookAnswers = undefined
  expect(await keep()).toBe(1)
  // What it kept is told apart from what the casebook says: no event.
  await owner(
    `update casebook.kept_answers k set answers = (select jsonb_object_agg(key, case when key like '%AESTDTC%' then 'null' else value end)
       from jsonb_each(k.answers)) where k.subject_id = $1`,
    [subjectId],
  )
  memory.casebookAnswers = mine
  expect((await curve())?.reduce((sum, { events }) => sum + events, 0)).toBe(before - 1)
})
