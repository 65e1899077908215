/**
 * What no role but the keeper of the lists may meet, anywhere: arms that are not issued, the seed, block sizes, places in
 * the list, how many rows are left. Every question of the router is asked by every role after two subjects were
 * randomised, the export is downloaded, and every table that the runtime role can read is read whole.
 */
import { encode } from 'next-auth/jwt'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { inTransaction } from '#db/client.ts'
import { aSession } from '#db/seed/build.ts'
import { blindedRoles, type Role, rolePermissions, roles } from '#domain/access/permissions.ts'
import { freezeList } from '../allocation/freeze-list.ts'
import { generateList } from '../allocation/generate-list.ts'
import { revealList } from '../allocation/reveal-list.ts'
import { completeForm } from '../form/complete-form.ts'
import { signForm } from '../form/sign-form.ts'
import { randomiseSubject } from '../subject/randomise-subject.ts'
import { anAmendment } from '../testing/amendment.ts'
import { questionsAbout } from '../testing/questions.ts'
import { unzipped } from '../testing/unzipped.ts'
import {
  aScreenedSubject,
  aWorld,
  key,
  password,
  save,
  values,
  type World,
} from '../testing/world.ts'
import { downloadExport } from './export-route.ts'
import { appRouter, createCaller } from './router.ts'

const secret = 'the secret of this test'
vi.hoisted(() => {
  process.env.NEXTAUTH_SECRET = 'the secret of this test'
})

const seed = 'concealed seed 7f1c9a52 of the list of polymyositis'
let world: World
let first: { subjectId: string; subjectKey: string; recordId: string; number: string }
/** Numbers of rows nobody has yet. */
let unissued: string[] = []

beforeAll(async () => {
  world = await aWorld()
  const keeper = world.people['allocation-statistician']
  const { studyId } = world
  const list = { studyId, stratum: 'PM', size: 400, seed, blocks: [4, 6], key: key() }
  const { listId } = await generateList.execute(keeper, list)
  await freezeList.execute(keeper, { studyId, listId, key: key() })
  first = await aRandomisedSubject()
  await aRandomisedSubject()
  const { rows } = await world.database.ownerPool.query<{ number: string }>(
    'select number from allocation.slot where study_id = $1 and issued_to is null',
    [studyId],
  )
  unissued = rows.map(({ number }) => number)
  await anAmendment(world.database.ownerPool, world)
})
afterAll(() => world.end())

async function aRandomisedSubject() {
  const { studyId, people } = world
  const { subjectId, subjectKey } = await aScreenedSubject(world)
  await save(world, { subjectId, event: 'SCR', form: 'F_ICF' }, values({ RFICDTC: '2026-01-04' }))
  const answers = values({ DIAG: 'PM', ELIG: 'Y' })
  const saved = await save(world, { subjectId, event: 'SCR', form: 'F_DX' }, answers)
  const { recordId } = saved
  const step = { studyId, recordId, key: key() }
  const { revision } = await completeForm.execute(people.coordinator, {
    ...step,
    revision: saved.revision,
  })
  await signForm.execute(people.investigator, { ...step, revision, password, key: key() })
  const allocation = await randomiseSubject.execute(people.investigator, {
    studyId,
    subjectId,
    key: key(),
  })
  expectConcealed('the answer of randomising', allocation)
  return { subjectId, subjectKey, recordId, number: allocation.number }
}

/** Names under which a list, a place in it or its remainder would travel. */
const words =
  'seed|blocks?|block_?sizes?|position|list_?id|next_?position|remaining|left|slots?|snapshot'
const betraying = new RegExp(`"(${words})":|"path":"(${words})"`, 'i')

function expectConcealed(where: string, answer: unknown) {
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer)
  expect(text.match(betraying)?.[0], where).toBeUndefined()
  expect(text.includes(seed), `${where}: the seed`).toBe(false)
  expect(
    unissued.find((number) => text.includes(number)),
    `${where}: a number not issued`,
  ).toBeUndefined()
}

type Input = Record<string, unknown>
/** Every question of the router, with inputs that reach the randomised subject. */
const questions = () =>
  questionsAbout({
    subjectIds: [first.subjectId],
    subjectKeys: [first.subjectKey],
    cuts: [1],
    records: [{ recordId: first.recordId, paths: ['DIAG'] }],
    queryIds: [],
    places: [
      { event: 'SCR', form: 'F_DX' },
      { event: 'W0', form: 'F_RAND' },
    ],
    forms: ['F_AE', 'F_RAND'],
    reports: ['R1'],
    nextVersion: 2,
    text: 'DM',
  })

type Procedure = { _def: { type: string } }
const asked = Object.entries(appRouter._def.procedures as unknown as Record<string, Procedure>)
  .filter(([, procedure]) => procedure._def.type === 'query')
  .map(([name]) => name)

/** Answers of every question that this role is given an answer to, by name. */
async function answersOf(role: Role): Promise<{ name: string; answer: unknown }[]> {
  const caller = createCaller({ actor: world.people[role] }) as unknown as Record<
    string,
    Record<string, (input: Input) => Promise<unknown>>
  >
  const answers = []
  const all = questions()
  for (const name of asked) {
    const [noun = '', verb = ''] = name.split('.')
    for (const input of all[name] ?? []) {
      const studyId = name === 'session.current' ? {} : { studyId: world.studyId }
      const answer = await caller[noun]?.[verb]?.({ ...studyId, ...input }).catch(() => null)
      if (answer !== null) answers.push({ name, answer })
    }
  }
  return answers
}

describe('the concealed part of an allocation', () => {
  it('is looked for in every question there is', () => {
    expect(Object.keys(questions()).sort()).toEqual([...asked].sort())
    expect(unissued).toHaveLength(398)
  })

  it.each(blindedRoles)('reaches %s through no question', async (role) => {
    const answers = await answersOf(role)
    const names = new Set(answers.map(({ name }) => name))
    expect(names).toContain('study.definition')
    if (rolePermissions[role].includes('subject.read')) {
      expect(names).toContain('subject.randomisation')
      expect(JSON.stringify(answers)).toContain(first.number)
    }
    for (const { name, answer } of answers) expectConcealed(`${role}, ${name}`, answer)
  })

  it('is not in an export', async () => {
    for (const role of roles.filter((one) => rolePermissions[one].includes('data.export'))) {
      const { token } = await aSession(world.database.ownerPool, world.people[role].userId)
      const jwt = await encode({ token: { sid: token }, secret, maxAge: 3600 })
      const headers = { cookie: `next-auth.session-token=${jwt}` }
      const answer = await downloadExport(
        new Request('http://casebook.test', { headers }),
        world.studyId,
      )
      expect(answer.status).toBe(200)
      const files = unzipped(Buffer.from(await answer.arrayBuffer()))
      expect(files).toContain(first.number)
      expectConcealed(`export of ${role}`, files)
    }
  })

  it('cannot be read by the runtime role from any table, with every right it can claim', async () => {
    const settings = { actor: 'system', studyId: world.studyId, siteIds: null, readOnly: true }
    const { rows: tables } = await world.database.ownerPool.query<{ place: string }>(
      `select format('%I.%I', table_schema, table_name) as place from information_schema.tables
       where table_schema in ('casebook', 'allocation')`,
    )
    const read: string[] = []
    for (const { place } of tables) {
      const text = await inTransaction(world.database.pool, settings, async (tx) => {
        const [row] = await tx.query<{ text: string }>(
          `select coalesce(string_agg(t::text, ''), '') as text from ${place} t`,
        )
        return row?.text ?? ''
      }).catch((error: { code?: string }) => {
        expect(error.code, place).toBe('42501')
        return null
      })
      if (text === null) continue
      read.push(place)
      expect(text.includes(seed), place).toBe(false)
      expect(
        unissued.find((number) => text.includes(number)),
        place,
      ).toBeUndefined()
    }
    expect(read).toContain('casebook.allocation_issued')
    expect(read.filter((place) => place.startsWith('allocation.'))).toEqual([])
    for (const door of [
      `select * from allocation.reveal('${world.studyId}', '${world.studyId}')`,
      `select * from allocation.lists('${world.studyId}')`,
    ]) {
      const knock = inTransaction(world.database.pool, settings, (tx) => tx.query(door))
      await expect(knock).rejects.toMatchObject({ code: 'CB006' })
    }
  })

  it('leaves nothing of subjects or arms to roles that read no casebook', async () => {
    for (const role of roles.filter((one) => !rolePermissions[one].includes('subject.read'))) {
      const text = JSON.stringify(await answersOf(role))
      for (const known of [first.subjectId, `"${first.subjectKey}"`, first.number]) {
        expect(text.includes(known), `${role}: ${known}`).toBe(false)
      }
    }
  })
})

describe('randomisation numbers', () => {
  it('tell neither the arm nor the place in the list', async () => {
    const { rows } = await revealList.execute(world.people['allocation-statistician'], {
      studyId: world.studyId,
      stratum: 'PM',
      reason: 'looked at by a test',
    })
    const numbers = rows.map(({ number }) => Number(number.split('-').at(-1)))
    expect(new Set(numbers).size).toBe(rows.length)
    // Rank sums under independence are normal; five standard deviations, from a fixed seed.
    const ranks = ranksOf(numbers)
    const places = rows.map((_, at) => at + 1)
    const arms = rows.map(({ arm }) => (arm === 'A' ? 1 : 0))
    for (const other of [places, arms]) {
      const limit = 5 / Math.sqrt(rows.length - 1)
      expect(Math.abs(correlation(ranks, other))).toBeLessThan(limit)
    }
    for (const modulus of [2, 3, 4, 5, 6, 10]) {
      const rests = numbers.map((number) => number % modulus)
      expect(Math.abs(correlation(rests, arms))).toBeLessThan(5 / Math.sqrt(rows.length - 1))
    }
  })
})

function ranksOf(numbers: readonly number[]): number[] {
  const order = [...numbers].sort((a, b) => a - b)
  return numbers.map((number) => order.indexOf(number) + 1)
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (list: readonly number[]) => list.reduce((sum, x) => sum + x, 0) / list.length
  const [ma, mb] = [mean(a), mean(b)]
  const product = (x: readonly number[], mx: number, y: readonly number[], my: number) =>
    x.reduce((sum, value, at) => sum + (value - mx) * ((y[at] as number) - my), 0)
  return product(a, ma, b, mb) / Math.sqrt(product(a, ma, a, ma) * product(b, mb, b, mb))
}
