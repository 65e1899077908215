/** A cut gives the same bytes whatever happens to the study afterwards; the live reports show that it did happen. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyAudit } from '#db/audit-verify.ts'
import { aSite, asSystem } from '#db/seed/build.ts'
import { uuidv7 } from '#db/uuid.ts'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import { startRun } from '../amendment/start-run.ts'
import { workRun } from '../amendment/work-run.ts'
import { removeForm } from '../form/remove-form.ts'
import { runReport } from '../report/reads.ts'
import { saveReport } from '../report/save-report.ts'
import { approveVersion } from '../site/approve-version.ts'
import { screenSubject } from '../subject/screen-subject.ts'
import { publishNext } from '../testing/amendment.ts'
import { aCut, aCutScene, type CutScene, cutDefinition } from '../testing/cuts.ts'
import { aScreenedSubject, aWorld, key, save, type World } from '../testing/world.ts'
import { analysisOfCut } from './cut-reports.ts'
import { cutFor } from './cut-row.ts'
import { reportBytes } from './fingerprint.ts'
import { cutReport, cutVerdict } from './reads.ts'

let world: World
let scene: CutScene
let number: number
const reports = ['R1', 'R2', 'R3'] as const
type Bytes = Record<(typeof reports)[number], string>
let atCut: Bytes
let live: Bytes

const owned = <T>(run: (tx: Parameters<Parameters<typeof asSystem>[2]>[0]) => Promise<T>) =>
  asSystem(world.database.ownerPool, { studyId: world.studyId }, run)

/** Bytes of the reports, of the cut or of the study as it is; the moment is left out, since of the live ones it moves. */
async function bytesOf(cut: number | null): Promise<Bytes> {
  const { studyId } = world
  const all: Partial<Bytes> = {}
  for (const report of reports) {
    const result =
      cut === null
        ? await runReport.execute(scene.statistician, { studyId, report })
        : await cutReport.execute(scene.statistician, { studyId, number: cut, report })
    all[report] = reportBytes(cut === null ? { ...result, dataAsOf: '' } : result)
  }
  return all as Bytes
}

const range = { test: 'CREAT', unit: 'umol/L', low: 40, high: 90 }
const rangeId = uuidv7()

beforeAll(async () => {
  world = await aWorld({ definition: cutDefinition })
  await owned((tx) =>
    tx.query(
      `insert into casebook.reference_range (study_id, range_id, test, unit, low, high) values ($1, $2, $3, $4, $5, $6)`,
      [world.studyId, rangeId, range.test, range.unit, range.low, range.high],
    ),
  )
  scene = await aCutScene(world)
  number = (await aCut(world, scene.statistician)).number
  atCut = await bytesOf(number)
  live = await bytesOf(null)
})
afterAll(() => world.end())

/** The cut stands; `changed` are the live reports that this event must have moved, or the test would prove nothing. */
async function holds(changed: readonly (typeof reports)[number][]) {
  const now = await bytesOf(null)
  expect(reports.filter((report) => now[report] !== live[report])).toEqual(changed)
  live = now
  expect(await bytesOf(number)).toEqual(atCut)
  const { studyId } = world
  const verdict = await cutVerdict.execute(scene.statistician, { studyId, number })
  expect(verdict.reports.filter(({ cause }) => cause !== null)).toEqual([])
  expect(verdict.identical).toBe(true)
  expect(verdict.is.sha256).toBe(verdict.was.sha256)
}

describe('the bytes of a cut stay', () => {
  it('as they are, and hold the numbers of the day', async () => {
    expect(atCut.R1).toContain('"text":"3"')
    expect(atCut.R2).toContain('70.0 (10.0)')
    expect(atCut.R2).toContain('90')
    expect(atCut.R3).toContain('"01-001"')
    await holds([])
  })

  it('when a value is changed', async () => {
    const [subjectId = ''] = scene.subjectIds
    await save(world, { subjectId, event: 'W4', form: 'F_VS' }, [
      { path: 'WEIGHT', from: '60', to: '66', reason: 'read again' },
    ])
    await holds(['R2'])
  })

  it('when a form is removed', async () => {
    await removeForm.execute(world.people.coordinator, {
      studyId: world.studyId,
      recordId: scene.eventId,
      reason: 'entered twice',
      key: key(),
    })
    await holds(['R1'])
  })

  it('when a reference range is changed and another is added', async () => {
    const { studyId } = world
    await owned((tx) =>
      tx.query(
        'update casebook.reference_range set high = 95 where study_id = $1 and range_id = $2',
        [studyId, rangeId],
      ),
    )
    await holds(['R2'])
    await owned((tx) =>
      tx.query(
        `insert into casebook.reference_range (study_id, range_id, site_id, test, unit, low, high)
         values ($1, $2, $3, 'CREAT', 'umol/L', 30, 300)`,
        [studyId, uuidv7(), world.siteId],
      ),
    )
    await holds(['R2'])
  })

  it('when a subject is screened, and a site is added, renamed and screens', async () => {
    const { studyId } = world
    await aScreenedSubject(world)
    await holds(['R1', 'R2', 'R3'])
    await owned((tx) =>
      tx.query(`update casebook.site set code = '09' where study_id = $1 and site_id = $2`, [
        studyId,
        world.otherSiteId,
      ]),
    )
    await holds(['R3'])
    const added = await aSite(world.database.ownerPool, studyId, { code: '03' })
    await screenSubject.execute(await world.person('coordinator', 'study'), {
      studyId,
      siteId: added.siteId,
      screenedOn: '2026-01-05',
      key: key(),
    })
    await holds(['R1', 'R2', 'R3'])
  })

  it('when a version is published that names things otherwise, and subjects are taken to it', async () => {
    const { studyId, siteId, people } = world
    const renamed = JSON.parse(
      JSON.stringify(cutDefinition).replaceAll('F_VS', 'F_VITAL').replaceAll("'PM'", "'PMY'"),
    ) as StudyDefinition
    for (const form of renamed.forms) if (form.oid === 'F_VITAL') form.renamedFrom = 'F_VS'
    const version = await publishNext(world.database.ownerPool, studyId, {
      ...renamed,
      version: '2',
    })
    await holds(['R1', 'R2', 'R3'])
    await approveVersion.execute(people['study-administrator'], {
      studyId,
      siteId,
      version,
      approvedOn: '2026-01-10',
      goLiveOn: '2026-01-10',
      reason: 'approved',
      key: key(),
    })
    const { runId } = await startRun.execute(people['data-manager'], {
      studyId,
      version,
      siteIds: [siteId],
      reason: 'amendment 1',
      key: key(),
    })
    while (await workRun({ studyId, runId }, 1000));
    const [moved] = await owned((tx) =>
      tx.query<{ count: number }>(
        `select count(*)::int as count from casebook.form_record where study_id = $1 and form_oid = 'F_VITAL'`,
        [studyId],
      ),
    )
    expect(moved?.count).toBe(2)
    // Carried in memory before, carried for good now: the numbers are the same.
    await holds([])
  })

  it('when a report is added: it is none of the cut', async () => {
    const { studyId } = world
    await saveReport.execute(scene.statistician, {
      studyId,
      text: "kind: flow\noid: X_NEW\ntitle: Later\nsteps: [{ label: All, rule: 'true' }]\n",
      revision: 0,
      key: key(),
    })
    await holds([])
    await expect(
      cutReport.execute(scene.statistician, { studyId, number, report: 'X_NEW' }),
    ).rejects.toMatchObject({ code: 'not-found' })
  })

  it('when days go by: today is the day of the cut', async () => {
    const { studyId } = world
    await owned(async (tx) => {
      const cut = await cutFor(tx, studyId, number)
      const analysis = await analysisOfCut(tx, { ...cut, today: '2036-02-01' }, cut.arms)
      const sum = await analysis.ask((subjects) =>
        subjects.map(({ value }) => value('days(at(W4, F_VS.VSDTC), today())')),
      )
      expect(sum).toEqual([3652, 3652, 3652])
      expect(atCut.R2).not.toContain('10956')
    })
    await holds([])
  })

  it('and the audit trail, cut included, is whole', async () => {
    const verdict = await verifyAudit(world.database.ownerUrl)
    expect(verdict.findings).toEqual([])
  })
})

it('names the report that differs, and the cause it knows', async () => {
  const { studyId } = world
  const again = await aCut(world, scene.statistician, { name: 'Tampered' })
  await owned(async (tx) => {
    const cut = await cutFor(tx, studyId, again.number)
    const changed = cut.reports.map((report) =>
      report.oid === 'R2' ? { ...report, sha256: '0'.repeat(64) } : report,
    )
    // Only with the trigger off: the row itself can be changed by nobody.
    await tx.query('alter table casebook.data_cut disable trigger immutable')
    await tx.query(
      `update casebook.data_cut set reports = $3, engine_version = '0' where study_id = $1 and number = $2`,
      [studyId, again.number, JSON.stringify(changed)],
    )
    await tx.query('alter table casebook.data_cut enable trigger immutable')
  })
  const verdict = await cutVerdict.execute(scene.statistician, { studyId, number: again.number })
  expect(verdict.identical).toBe(false)
  expect(verdict.was.engine).toBe('0')
  expect(verdict.reports.map(({ oid, cause }) => [oid, cause])).toEqual([
    ['R1', null],
    ['R2', 'engine'],
    ['R3', null],
    ['R4', null],
    ['R5', null],
    ['X_NEW', null],
  ])
})
