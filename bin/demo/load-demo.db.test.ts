import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '#db/testing/test-database.ts'
import { type LoadedDemo, loadDemo } from './load-demo.ts'

let database: TestDatabase
let loaded: LoadedDemo
const progress: string[] = []

beforeAll(async () => {
  database = await testDatabase()
  loaded = await loadDemo({
    ownerUrl: database.ownerUrl,
    appUrl: database.url,
    onProgress: (detail) => progress.push(detail),
  })
}, 300_000)

afterAll(() => database.drop())

it('screens 60 subjects and randomises 58, all through verbs', async () => {
  expect(loaded.subjects).toBe(60)
  const { rows } = await database.ownerPool.query(
    `select arm, stratum, count(*)::int as n from casebook.allocation_issued group by arm, stratum order by stratum, arm`,
  )
  expect(rows).toEqual([
    { arm: 'CSA', stratum: 'CADM', n: 12 },
    { arm: 'TAC', stratum: 'CADM', n: 14 },
    { arm: 'CSA', stratum: 'DM', n: 12 },
    { arm: 'TAC', stratum: 'DM', n: 10 },
    { arm: 'CSA', stratum: 'PM', n: 4 },
    { arm: 'TAC', stratum: 'PM', n: 6 },
  ])
})
