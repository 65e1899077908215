/**
 * Requirements of `allocation.issue` under concurrency, numbered as in the randomisation test list: C1 order under load, C2 one
 * subject at once, C3 a killed backend, C4 random rollbacks, C7 the last row. Every worker is a connection of its own.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { permutedBlocks, uniformIntegers } from '#domain/allocation/permuted-blocks.ts'
import {
  allocationLists,
  freezeList,
  generateList,
  type IssuedAllocation,
  isRandomisationOpen,
  issueAllocation,
  revealList,
} from './allocation.ts'
import { databasePool, inTransaction, type Pool, type Transaction } from './client.ts'
import { aGrant, aSite, aStudy, aSubject, asSystem, aUser } from './seed/build.ts'
import { type TestDatabase, testDatabase } from './testing/test-database.ts'
import { uuidv7 } from './uuid.ts'

const sha256Hex = (text: string) => createHash('sha256').update(text).digest('hex')
const arms = [
  { arm: 'CSA', share: 1 },
  { arm: 'TAC', share: 1 },
]

let database: TestDatabase
let crowd: Pool
beforeAll(async () => {
  database = await testDatabase({ max: 20 })
  crowd = databasePool(database.url, { max: 50 })
})
afterAll(async () => {
  await crowd.end()
  await database.drop()
})

type World = { studyId: string; siteId: string; userId: string; lists: Map<string, string> }

/** A study with one site and a frozen list of `size` rows for each stratum. */
async function world(strata: readonly string[], size: number, freeze = true): Promise<World> {
  const { studyId } = await aStudy(database.ownerPool)
  const { siteId } = await aSite(database.ownerPool, studyId)
  const { userId } = await aUser(database.ownerPool)
  const lists = new Map<string, string>()
  await asSystem(database.ownerPool, { studyId }, async (tx) => {
    for (const stratum of strata) {
      const listId = uuidv7()
      lists.set(stratum, listId)
      await generateList(tx, listFor(listId, stratum, size))
      if (freeze) await freezeList(tx, listId)
    }
  })
  return { studyId, siteId, userId, lists }
}

function listFor(listId: string, stratum: string, size: number) {
  const seed = sha256Hex(`seed of ${listId}`)
  const slots = permutedBlocks({ seed, stratum, arms, blockSizes: [4, 6], size }, sha256Hex)
  return {
    listId,
    stratum,
    seed,
    blockSizes: [4, 6],
    slots: slots.slice(0, size).map((slot) => ({ ...slot, number: `${stratum}${slot.position}` })),
  }
}

async function subjects(at: World, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => uuidv7())
  await asSystem(database.ownerPool, { studyId: at.studyId }, (tx) =>
    tx.query(
      `insert into casebook.subject (study_id, subject_id, site_id, subject_key, sequence, version_number)
       select $1, id, $2, 'S-' || place, place, 1 from unnest($3::uuid[]) with ordinality t(id, place)`,
      [at.studyId, at.siteId, ids],
    ),
  )
  return ids
}

const working = <T>(at: World, run: (tx: Transaction) => Promise<T>, pool = crowd) =>
  inTransaction(
    pool,
    { actor: at.userId, role: 'coordinator', studyId: at.studyId, siteIds: [at.siteId] },
    run,
  )

const issue = (at: World, subjectId: string, stratum: string) =>
  working(at, (tx) => issueAllocation(tx, subjectId, stratum, { eligible: true }))

/** Runs all tasks, `width` at a time; results in the order of the tasks. */
async function inParallel<T>(tasks: readonly (() => Promise<T>)[], width: number) {
  const results: PromiseSettledResult<T>[] = []
  let next = 0
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (next < tasks.length) {
        const at = next
        next += 1
        const [result] = await Promise.allSettled([(tasks[at] as () => Promise<T>)()])
        results[at] = result
      }
    }),
  )
  return results
}

const codes = (results: readonly PromiseSettledResult<unknown>[]) =>
  results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code as string] : []))

/**
 * Issues, and before committing counts the earlier rows of the list that are committed. Only when all of them are, for every
 * row, is the order of commits the order of the list.
 */
const issueInOrder = (at: World, subjectId: string, stratum: string, thenFail = false) =>
  working(at, async (tx) => {
    const issued = await issueAllocation(tx, subjectId, stratum, {})
    const [row] = await tx.query<{ position: number; earlier: number }>(
      `select own.position, (select count(*)::int from casebook.allocation_issued e
         where e.study_id = own.study_id and e.list_id = own.list_id and e.position < own.position) as earlier
       from casebook.allocation_issued own where own.subject_id = $1`,
      [subjectId],
    )
    if (thenFail) throw new Error('rolled back on purpose')
    return { ...issued, ...(row as { position: number; earlier: number }) }
  })

/** Issued rows of a stratum as stored, each with what the list says at that place. */
async function issuedRows(at: World, stratum: string) {
  return (
    await database.ownerPool.query<{ position: number; arm: string; listed: string | null }>(
      `select a.position, a.arm, s.arm as listed from casebook.allocation_issued a
       left join allocation.slot s on s.study_id = a.study_id and s.list_id = a.list_id
         and s.position = a.position and s.issued_to = a.subject_id and s.number = a.number
       where a.study_id = $1 and a.stratum = $2 order by a.position`,
      [at.studyId, stratum],
    )
  ).rows
}

async function expectGapless(at: World, stratum: string, count: number) {
  const rows = await issuedRows(at, stratum)
  expect(rows.map((row) => row.position)).toEqual(Array.from({ length: count }, (_, n) => n + 1))
  expect(rows.every((row) => row.arm === row.listed)).toBe(true)
  const used = await database.ownerPool.query<{ next: number; used: number }>(
    `select l.next_position as next, (select count(*)::int from allocation.slot s
       where s.study_id = l.study_id and s.list_id = l.list_id and s.issued_to is not null) as used
     from allocation.list l where l.study_id = $1 and l.stratum = $2`,
    [at.studyId, stratum],
  )
  expect(used.rows).toEqual([{ next: count + 1, used: count }])
}

describe('allocation.issue under concurrency', () => {
  it('C1: 500 subjects in each of 3 strata by 50 workers come in list order, no gap, no double', async () => {
    const strata = ['PM', 'DM', 'CADM']
    const at = await world(strata, 500)
    const tasks = (await subjects(at, 1500)).map(
      (id, index) => () => issueInOrder(at, id, strata[index % 3] as string),
    )
    const results = await inParallel(tasks, 50)
    expect(codes(results)).toEqual([])
    const outOfOrder = results.filter(
      (result) =>
        result.status === 'fulfilled' && result.value.earlier !== result.value.position - 1,
    )
    expect(outOfOrder).toEqual([])
    for (const stratum of strata) await expectGapless(at, stratum, 500)
  })

  it('C2: one subject asked for 20 times at once is allocated once, whatever stratum is named', async () => {
    const at = await world(['PM', 'DM'], 30)
    const [subjectId] = (await subjects(at, 1)) as [string]
    const calls = Array.from(
      { length: 20 },
      (_, n) => () => issue(at, subjectId, n % 2 ? 'PM' : 'DM'),
    )
    const results = await inParallel(calls, 20)
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
    expect(codes(results)).toEqual(Array(19).fill('CB003'))
  })

  it('C3: a backend killed between lock and commit loses and burns nothing', async () => {
    const at = await world(['DM'], 10)
    const [first, second] = (await subjects(at, 2)) as [string, string]
    let waiting: Promise<IssuedAllocation> | undefined
    let seen = ''
    const killed = working(at, async (tx) => {
      seen = (await issueAllocation(tx, first, 'DM', {})).number
      waiting = issue(at, second, 'DM')
      const [own] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid')
      await database.ownerPool.query('select pg_terminate_backend($1)', [own?.pid])
      await tx.query('select 1')
    })
    await expect(killed).rejects.toThrow()
    expect((await (waiting as Promise<IssuedAllocation>)).number).toBe(seen)
    expect((await issue(at, first, 'DM')).number).toBe('DM2')
    await expectGapless(at, 'DM', 2)
  })

  it('C3: an application process killed between lock and commit loses and burns nothing', async () => {
    const at = await world(['DM'], 10)
    const [subjectId] = (await subjects(at, 1)) as [string]
    const holder = spawn(process.execPath, ['--input-type=module', '-e', holdingScript], {
      env: {
        ...process.env,
        HOLD_URL: database.url,
        HOLD: JSON.stringify([at.userId, at.studyId, subjectId]),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [held] = (await once(holder.stdout, 'data')) as [Buffer]
    expect(held.toString().trim()).toBe('DM1')
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    expect((await issue(at, subjectId, 'DM')).number).toBe('DM1')
    await expectGapless(at, 'DM', 1)
  })

  it('C4: with 30 % of transactions rolled back under load the order stays strict', async () => {
    const at = await world(['DM'], 300)
    const fails = uniformIntegers('C4', sha256Hex)
    const tasks = (await subjects(at, 300)).map((id) => {
      const thenFail = fails(10) < 3
      return () => issueInOrder(at, id, 'DM', thenFail)
    })
    const results = await inParallel(tasks, 30)
    const done = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    expect(done.length).toBeGreaterThan(150)
    expect(done.length).toBeLessThan(270)
    expect(done.filter((each) => each.earlier !== each.position - 1)).toEqual([])
    await expectGapless(at, 'DM', done.length)
  })

  it('C7: the last row goes to one of two callers, the other is told that the list is exhausted', async () => {
    const at = await world(['DM'], 1)
    const tasks = (await subjects(at, 2)).map((id) => () => issue(at, id, 'DM'))
    const results = await inParallel(tasks, 2)
    expect(codes(results)).toEqual(['CB001'])
    await expectGapless(at, 'DM', 1)
    expect(await working(at, (tx) => isRandomisationOpen(tx, 'DM'))).toBe(false)
  })
})

/** Takes a row in a process of its own, says its number and never commits. */
const holdingScript = `
import pg from 'pg'
const [actor, study, subject] = JSON.parse(process.env.HOLD)
const client = new pg.Client({ connectionString: process.env.HOLD_URL })
await client.connect()
await client.query('begin')
await client.query("select set_config('app.actor', $1, true), set_config('app.study', $2, true), set_config('app.sites', '*', true)", [actor, study])
const { rows } = await client.query("select number from allocation.issue($1, $2, 'DM', '{}')", [study, subject])
console.log(rows[0].number)
setInterval(() => {}, 1000)
`

describe('allocation.issue', () => {
  it('refuses without a trace what is not as it must be', async () => {
    const at = await world(['DM'], 10)
    const unfrozen = await world(['DM'], 10, false)
    const [subjectId] = (await subjects(at, 1)) as [string]
    const [early] = (await subjects(unfrozen, 1)) as [string]
    const other = await aSite(database.ownerPool, at.studyId)
    const elsewhere = await aSubject(database.ownerPool, other)
    await expect(issue(at, subjectId, 'PM')).rejects.toMatchObject({ code: 'CB004' })
    await expect(issue(unfrozen, early, 'DM')).rejects.toMatchObject({ code: 'CB002' })
    await expect(issue(at, elsewhere.subjectId, 'DM')).rejects.toMatchObject({ code: 'P0002' })
    await expect(issue(at, early, 'DM')).rejects.toMatchObject({ code: 'P0002' })
    await expect(
      working(at, (tx) =>
        tx.query(`select * from allocation.issue($1, $2, 'DM', '{}')`, [unfrozen.studyId, early]),
      ),
    ).rejects.toMatchObject({ code: 'CB008' })
    await expect(
      inTransaction(crowd, { actor: '', studyId: at.studyId, siteIds: null }, (tx) =>
        issueAllocation(tx, subjectId, 'DM', {}),
      ),
    ).rejects.toMatchObject({ code: 'CB011' })
    await expectGapless(at, 'DM', 0)
  })

  it('leaves an audit record with number, arm and snapshot, and none of what is concealed', async () => {
    const at = await world(['DM'], 10)
    const [subjectId] = (await subjects(at, 1)) as [string]
    const issued = await issue(at, subjectId, 'DM')
    const { rows } = await database.ownerPool.query(
      `select action, entity, changes, actor_id from casebook.audit_record
       where study_id = $1 and entity in ('allocation', 'allocation_issued') order by at, seq`,
      [at.studyId],
    )
    expect(rows.map((row) => row.action)).toEqual([
      'allocation.generated',
      'allocation.frozen',
      'insert',
    ])
    expect(rows[2].changes).toMatchObject({
      arm: [null, issued.arm],
      number: [null, issued.number],
      snapshot: [null, { eligible: true }],
    })
    expect(rows[2].actor_id).toBe(at.userId)
    expect(Object.keys(rows[0].changes).sort()).toEqual(['sha256', 'stratum'])
  })
})

describe('allocation lists', () => {
  it('are for the allocation statistician alone, who holds no other role in the study', async () => {
    const at = await world(['DM'], 10)
    const listId = at.lists.get('DM') as string
    const reveal = (userId: string) =>
      inTransaction(database.pool, { actor: userId, studyId: at.studyId, siteIds: null }, (tx) =>
        revealList(tx, listId),
      )
    await expect(reveal(at.userId)).rejects.toMatchObject({ code: 'CB006' })
    await aGrant(database.ownerPool, { ...at, siteId: null, role: 'allocation-statistician' })
    expect(await reveal(at.userId)).toHaveLength(10)
    await aGrant(database.ownerPool, { ...at, siteId: null, role: 'statistician' })
    await expect(reveal(at.userId)).rejects.toMatchObject({ code: 'CB006' })
    const seen = await database.ownerPool.query(
      `select actor_id from casebook.audit_record where study_id = $1 and action = 'allocation.revealed'`,
      [at.studyId],
    )
    expect(seen.rows).toEqual([{ actor_id: at.userId }])
  })

  it('can be replaced until they are frozen, and then by nobody', async () => {
    const at = await world(['DM'], 10, false)
    const listId = at.lists.get('DM') as string
    const asOwner = <T>(run: (tx: Transaction) => Promise<T>) =>
      asSystem(database.ownerPool, { studyId: at.studyId }, run)
    const longer = await asOwner((tx) => generateList(tx, listFor(uuidv7(), 'DM', 20)))
    const frozen = await asOwner((tx) => freezeList(tx, listId))
    expect(frozen).toBe(longer)
    expect(await asOwner((tx) => allocationLists(tx))).toMatchObject([
      { listId, stratum: 'DM', size: 20, issued: 0, sha256: frozen },
    ])
    const refused = { code: 'CB005' }
    await expect(asOwner((tx) => generateList(tx, listFor(listId, 'DM', 5)))).rejects.toMatchObject(
      refused,
    )
    await expect(asOwner((tx) => freezeList(tx, listId))).rejects.toMatchObject(refused)
    for (const statement of [
      `update allocation.slot set arm = 'TAC' where list_id = '${listId}'`,
      `delete from allocation.slot where list_id = '${listId}'`,
      `update allocation.list set next_position = 5 where list_id = '${listId}'`,
      `update allocation.list set frozen_at = null, sha256 = null where list_id = '${listId}'`,
      `insert into allocation.slot values ('${at.studyId}', '${listId}', 99, 'X', 'TAC', 9)`,
    ]) {
      await expect(database.ownerPool.query(statement)).rejects.toMatchObject(refused)
    }
  })

  it('of unequal columns are refused', async () => {
    const at = await world([], 1)
    const list = listFor(uuidv7(), 'DM', 4)
    await expect(
      asSystem(database.ownerPool, { studyId: at.studyId }, (tx) =>
        tx.query(
          `select allocation.generate($1, $2, 'DM', 'seed', '{4}', '{A,B}', '{TAC}', '{1}')`,
          [at.studyId, list.listId],
        ),
      ),
    ).rejects.toMatchObject({ code: 'CB007' })
  })
})
