import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Person } from '../actor.ts'
import { formForEntry } from '../form/entry.ts'
import {
  aScreenedSubject,
  aWorld,
  key,
  problemOf,
  save,
  values,
  type World,
} from '../testing/world.ts'
import { answerQuery } from './answer-query.ts'
import { closeQuery } from './close-query.ts'
import { raiseQuery } from './raise-query.ts'
import { queryInbox, queryThread } from './reads.ts'
import { reopenQuery } from './reopen-query.ts'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.end())

async function asked(weight = '70') {
  const { subjectId, subjectKey } = await aScreenedSubject(world)
  const at = { subjectId, event: 'W0', form: 'F_VS' }
  const { recordId } = await save(world, at, values({ WEIGHT: weight }))
  const query = await raiseQuery.execute(world.people.monitor, {
    studyId: world.studyId,
    recordId,
    path: 'WEIGHT',
    text: 'The chart says 71.',
    key: key(),
  })
  return { at, subjectKey, recordId, queryId: query.queryId }
}
const step = (verb: typeof answerQuery, as: Person, queryId: string, text: string) =>
  verb.execute(as, { studyId: world.studyId, queryId, text, key: key() })
const thread = (queryId: string, as = world.people.monitor) =>
  queryThread.execute(as, { studyId: world.studyId, queryId })

describe('a query', () => {
  it('goes from question to answer to close, and can be asked again', async () => {
    const { queryId } = await asked()
    const { coordinator, monitor } = world.people
    expect(await step(answerQuery, coordinator, queryId, 'Read again: 70.')).toMatchObject({
      state: 'answered',
      answer: 'Read again: 70.',
      openedBy: monitor.displayName,
    })
    await step(reopenQuery, monitor, queryId, 'Please send the page.')
    await step(answerQuery, coordinator, queryId, 'Sent.')
    await step(closeQuery, monitor, queryId, 'Thank you.')
    const seen = await thread(queryId)
    expect(seen.messages.map((message) => [message.step, message.role])).toEqual([
      ['opened', 'monitor'],
      ['answered', 'coordinator'],
      ['reopened', 'monitor'],
      ['answered', 'coordinator'],
      ['closed', 'monitor'],
    ])
    expect(seen.abilities).toEqual({ answer: false, close: false, reopen: true })
    const late = step(answerQuery, coordinator, queryId, 'One more thing.')
    expect(await problemOf(late)).toMatchObject({ code: 'query-not-open' })
  })

  it('is closed once by two people at the same moment', async () => {
    const { queryId } = await asked()
    const closing = await Promise.allSettled([
      step(closeQuery, world.people.monitor, queryId, 'Done.'),
      step(closeQuery, world.people['medical-monitor'], queryId, 'Done.'),
    ])
    expect(closing.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('shows the value then and now, in words', async () => {
    const { at, queryId } = await asked()
    await save(world, at, [{ path: 'WEIGHT', from: '70', to: '71', reason: 'as the query says' }])
    expect(await thread(queryId)).toMatchObject({
      valueThen: '70',
      valueNow: '71',
      itemLabel: { en: 'Weight' },
      formLabel: { en: 'Vital signs' },
      eventLabel: { en: 'Week 0' },
      event: 'W0',
    })
  })

  it('cannot be raised on what is no item of the form', async () => {
    const { recordId } = await asked()
    const ghost = raiseQuery.execute(world.people.monitor, {
      studyId: world.studyId,
      recordId,
      path: 'GHOST',
      text: 'What?',
      key: key(),
    })
    expect(await problemOf(ghost)).toMatchObject({ code: 'unknown-item' })
  })
})

describe('a question of a rule', () => {
  const soft = async (weight: string) => {
    const { subjectId } = await aScreenedSubject(world)
    const at = { subjectId, event: 'W0', form: 'F_VS' }
    const saved = await save(world, at, values({ WEIGHT: weight }))
    return { at, queryId: saved.queries[0]?.queryId as string }
  }
  const queries = async (at: { subjectId: string; event: string; form: string }) =>
    (
      await formForEntry.execute(world.people.monitor, {
        studyId: world.studyId,
        ...at,
        eventRepeat: 1,
        formRepeat: 1,
      })
    ).queries

  it('that a person closed stays closed while the value stays, and comes anew with another', async () => {
    const { at, queryId } = await soft('200')
    await step(answerQuery, world.people.coordinator, queryId, 'It is so.')
    await step(closeQuery, world.people.monitor, queryId, 'Accepted.')
    await save(world, at, values({ HEIGHT: '190' }))
    expect((await queries(at)).map(({ state }) => state)).toEqual(['closed'])
    await save(world, at, [{ path: 'WEIGHT', from: '200', to: '210', reason: 'scale' }])
    expect((await queries(at)).map(({ state }) => state)).toEqual(['closed', 'open'])
  })

  it('keeps its words with the value while it is open', async () => {
    const { at, queryId } = await soft('200')
    const before = (await thread(queryId)).text
    await save(world, at, [{ path: 'WEIGHT', from: '200', to: '250', reason: 'scale' }])
    const [only, ...more] = await queries(at)
    expect(more).toEqual([])
    expect(only).toMatchObject({ queryId, state: 'open' })
    expect([before.includes('200'), only?.text.includes('250')]).toEqual([
      before.includes('200'),
      before.includes('200'),
    ])
  })
})

describe('the inbox', () => {
  it('pages without losing or repeating one, and counts all', async () => {
    const own = await aWorld()
    const outer = world
    world = own
    try {
      for (let n = 0; n < 5; n += 1) await asked(String(60 + n))
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const page = await queryInbox.execute(own.people.monitor, {
          studyId: own.studyId,
          limit: 2,
          ...(cursor ? { cursor } : {}),
        })
        expect(page.counts).toEqual({ open: 5, answered: 0, closed: 0, cancelled: 0 })
        seen.push(...page.rows.map(({ queryId }) => queryId))
        cursor = page.next ?? undefined
      } while (cursor)
      expect(seen).toHaveLength(5)
      expect(new Set(seen).size).toBe(5)
      const inbox = (input: object, as: Person) =>
        queryInbox.execute(as, { studyId: own.studyId, ...input })
      const [first] = seen as [string]
      await step(answerQuery, own.people.coordinator, first, 'Yes.')
      expect((await inbox({ mine: true }, own.people.coordinator)).rows).toHaveLength(4)
      expect(
        (await inbox({ mine: true, state: 'answered' }, own.people.monitor)).rows,
      ).toHaveLength(1)
      expect((await inbox({ text: 'CHART says' }, own.people.monitor)).rows).toHaveLength(5)
      expect((await inbox({ text: '%' }, own.people.monitor)).rows).toHaveLength(0)
      const forged = inbox({ cursor: 'bm9uc2Vuc2U' }, own.people.monitor)
      expect(await problemOf(forged)).toMatchObject({ code: 'invalid-input', place: 'cursor' })
    } finally {
      world = outer
      await own.end()
    }
  })
})
