import { afterAll, beforeAll, expect, it } from 'vitest'
import { verifyAudit } from '#db/audit-verify.ts'
import { type TestDatabase, testDatabase } from '#db/testing/test-database.ts'
import type { SurvivalBody, TableBody } from '#domain/analysis/report-result.ts'
import { useDatabase } from '#server/database.ts'
import { paperVersus } from '#server/report/paper-reads.ts'
import { runReport } from '#server/report/reads.ts'
import { type LoadedDemo, loadDemo } from './load-demo.ts'
import { personNamed } from './person-named.ts'

let database: TestDatabase
let loaded: LoadedDemo
const progress: string[] = []

beforeAll(async () => {
  database = await testDatabase()
  const urls = { ownerUrl: database.ownerUrl, appUrl: database.url }
  // A load that is broken off twice, in the middle of work, must end as one that is not: what follows holds for both.
  for (const moment of ['screening, 30 of 60 subjects', 'visits and logs, 20 of 58 subjects']) {
    const onProgress = (detail: string) => {
      if (detail === moment) throw new Error('broken off')
    }
    await expect(loadDemo({ ...urls, onProgress })).rejects.toThrow('broken off')
  }
  loaded = await loadDemo({ ...urls, onProgress: (detail) => progress.push(detail) })
  useDatabase(database.pool)
}, 300_000)

afterAll(() => database.drop())

const report = async (oid: string) => {
  const statistician = await personNamed(database.ownerPool, 'statistician')
  return (await runReport.execute(statistician, { studyId: loaded.studyId, report: oid })).body
}

it('screens 60 subjects and allocates 58 in the order of the lists', async () => {
  expect(loaded.subjects).toBe(60)
  const { rows } = await database.ownerPool.query(
    'select arm, stratum, count(*)::int as n from casebook.allocation_issued group by arm, stratum order by stratum, arm',
  )
  expect(rows).toEqual([
    { arm: 'CSA', stratum: 'CADM', n: 12 },
    { arm: 'TAC', stratum: 'CADM', n: 14 },
    { arm: 'CSA', stratum: 'DM', n: 12 },
    { arm: 'TAC', stratum: 'DM', n: 10 },
    { arm: 'CSA', stratum: 'PM', n: 4 },
    { arm: 'TAC', stratum: 'PM', n: 6 },
  ])
  const gaps = await database.ownerPool.query(
    'select 1 from casebook.allocation_issued group by list_id having max(position) <> count(*)',
  )
  expect(gaps.rows).toEqual([])
})

it('shows every figure of its paper as it should be, from the stored values', async () => {
  const statistician = await personNamed(database.ownerPool, 'statistician')
  const view = await paperVersus.execute(statistician, { studyId: loaded.studyId })
  expect(view?.parts?.flatMap(({ cells }) => cells.filter((cell) => !cell.passed))).toEqual([])
  expect(view?.passed).toBeGreaterThan(100)
}, 120_000)

it('leaves no form open that the cohort fills, and some queries for a visitor', async () => {
  const { rows } = await database.ownerPool.query(
    `select count(*)::int as n from casebook.form_record f join casebook.subject s using (study_id, subject_id)
     where f.state = 'inProgress' and s.state <> 'screenFailure'`,
  )
  expect(rows).toEqual([{ n: 0 }])
  const queries = await database.ownerPool.query(
    "select count(*)::int as n from casebook.query where state = 'open'",
  )
  expect(queries.rows[0].n).toBeGreaterThan(0)
  expect(progress.at(-1)).toBe('queries and corrections')
})

it('gives the published survival figures through the report as people run it', async () => {
  const pfs = (await report('R3_PFS')) as SurvivalBody
  expect(pfs.parts[0]?.groups.map((group) => group.atHorizon?.text)).toEqual(['87 %', '71 %'])
  expect(pfs.parts[0]?.test?.text).toBe('0.16')
  const os = (await report('R3_OS')) as SurvivalBody
  expect(os.parts[0]?.groups.map((group) => group.atHorizon?.text)).toEqual(['97 %', '93 %'])
  expect(os.parts[0]?.test?.text).toBe('0.50')
  const strata = (await report('R2_STRATA')) as TableBody
  expect(strata.lines.at(-1)?.cells.map((cell) => cell.text)).toEqual(['0 (0)', '1 (4)'])
})

it('has an audit trail that is whole', async () => {
  const proof = await verifyAudit(database.ownerUrl)
  expect(proof.findings).toEqual([])
  expect(proof.records).toBeGreaterThan(loaded.forms)
})
