/** The studies that are loaded beside the running server, each through the system's own verbs on a database of its own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyAudit } from '#db/audit-verify.ts'
import { type TestDatabase, testDatabase } from '#db/testing/test-database.ts'
import { useDatabase } from '#server/database.ts'
import { paperVersus } from '#server/report/paper-reads.ts'
import { reportList, runReport } from '#server/report/reads.ts'
import { subjectMatrix } from '#server/subject/matrix.ts'
import { demoStudies } from './demo-studies.ts'
import { type LoadedDemo, loadDemo } from './load-demo.ts'
import { personNamed } from './person-named.ts'

describe.each(demoStudies.slice(1))('$name', (study) => {
  let database: TestDatabase
  let loaded: LoadedDemo

  beforeAll(async () => {
    database = await testDatabase()
    const urls = { ownerUrl: database.ownerUrl, appUrl: database.url }
    loaded = await loadDemo({ ...urls, studies: [study], onProgress: () => undefined })
    useDatabase(database.pool)
  }, 600_000)
  afterAll(() => database.drop())

  it('holds every subject of the cohort, and no form is open that the cohort completes', async () => {
    const plans = study.cohort()
    expect(loaded.subjects).toBe(plans.length)
    const { rows: studies } = await database.ownerPool.query('select oid from casebook.study')
    expect(studies).toEqual([{ oid: study.oid }])
    const { rows } = await database.ownerPool.query<{ state: string; count: number }>(
      'select state, count(*)::int as count from casebook.form_record group by state',
    )
    const count = (state: string) => rows.find((row) => row.state === state)?.count ?? 0
    const mayStayOpen = plans.reduce((sum, { before, after, brokenOff }) => {
      const forms = [...before, ...after]
      return sum + (brokenOff ? forms.length : forms.filter(({ open }) => open).length)
    }, 0)
    expect(count('inProgress')).toBeLessThanOrEqual(mayStayOpen)
    expect(count('complete') + count('signed')).toBeGreaterThan(loaded.forms - mayStayOpen - 1)
  })

  it('is seen in lists by the site people who entered it', async () => {
    const coordinator = await personNamed(database.ownerPool, 'coordinator')
    const seen = await subjectMatrix.execute(coordinator, { studyId: loaded.studyId })
    expect(seen.total).toBeGreaterThan(0)
  })

  it('gives every report, none of them empty for want of a population', async () => {
    const statistician = await personNamed(database.ownerPool, 'statistician')
    const { studyId } = loaded
    const reports = await reportList.execute(statistician, { studyId })
    expect(reports.length).toBeGreaterThan(0)
    for (const { oid } of reports) {
      const { problem } = await runReport.execute(statistician, { studyId, report: oid })
      expect(problem, oid).toBeNull()
    }
  }, 300_000)

  it('shows every figure of its paper as it should be, from the stored values', async () => {
    const statistician = await personNamed(database.ownerPool, 'statistician')
    const view = await paperVersus.execute(statistician, { studyId: loaded.studyId })
    const failed = (view?.parts ?? []).flatMap((part) =>
      part.cells
        .filter((cell) => !cell.passed)
        .map(
          (cell) => `${part.what} | ${cell.row} | ${cell.column}: ${cell.printed}, ${cell.ours}`,
        ),
    )
    expect(failed).toEqual([])
    expect(view?.passed).toBeGreaterThan(100)
  }, 300_000)

  it('has an audit trail that is whole', async () => {
    const proof = await verifyAudit(database.ownerUrl)
    expect(proof.findings).toEqual([])
    expect(proof.records).toBeGreaterThan(loaded.forms)
  }, 120_000)
})
