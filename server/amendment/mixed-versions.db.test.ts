import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asSystem } from '#db/seed/build.ts'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import { casebookAsOf } from '../casebook/as-of.ts'
import { subjectRow } from '../casebook/load.ts'
import { hasAmendedData, retiredLines } from '../export/retired-file.ts'
import { completeForm } from '../form/complete-form.ts'
import { formLog } from '../form/reads.ts'
import { reopenForm } from '../form/reopen-form.ts'
import { runReport } from '../report/reads.ts'
import { approveVersion } from '../site/approve-version.ts'
import { studyHome } from '../study/home.ts'
import { subjectMatrix } from '../subject/matrix.ts'
import { publishNext } from '../testing/amendment.ts'
import { fixtureDefinition } from '../testing/fixture-definition.ts'
import { aScreenedSubject, aWorld, key, save, values, type World } from '../testing/world.ts'
import { startRun } from './start-run.ts'
import { workRun } from './work-run.ts'

/** Another name for a form, a visit, an item and a code; an item that is gone; a report on all of it. */
const amended: StudyDefinition = (() => {
  const draft = structuredClone(fixtureDefinition)
  draft.checks = []
  const text = JSON.stringify(draft)
    .replaceAll('F_VS', 'F_VITAL')
    .replaceAll('"W4"', '"V4"')
    .replaceAll("'PM'", "'PMY'")
  const next = JSON.parse(text) as StudyDefinition
  for (const form of next.forms) {
    if (form.oid === 'F_VITAL') form.renamedFrom = 'F_VS'
    for (const group of form.groups) {
      group.items = group.items.filter(({ oid }) => oid !== 'DIA')
      for (const item of group.items) {
        if (item.oid === 'SYS') Object.assign(item, { oid: 'SYSBP', renamedFrom: 'SYS' })
      }
    }
  }
  for (const event of next.events) if (event.oid === 'V4') event.renamedFrom = 'W4'
  const list = next.codeLists.find(({ oid }) => oid === 'CL_DIAG')
  if (list?.codes[0]) list.codes[0] = { code: 'PMY', label: { en: 'PM' }, replaces: 'PM' }
  next.reports = [
    {
      kind: 'flow',
      oid: 'R1',
      title: { en: 'Flow' },
      steps: [
        { label: { en: 'PM' }, rule: "F_DX.DIAG == 'PMY'", byArm: false, exclusion: false },
        {
          label: { en: 'High' },
          rule: 'at(V4, F_VITAL.SYSBP) > 110',
          byArm: false,
          exclusion: false,
        },
      ],
    },
  ]
  return next
})()

let world: World
let version: number
let migrated: string
let staying: string
let recordId: string
let before: string
const owned = <T>(run: (tx: Parameters<Parameters<typeof asSystem>[2]>[0]) => Promise<T>) =>
  asSystem(world.database.ownerPool, { studyId: world.studyId }, run)

beforeAll(async () => {
  world = await aWorld()
  const { studyId, siteId } = world
  migrated = (await aScreenedSubject(world)).subjectId
  staying = (await aScreenedSubject(world, world.otherSiteId)).subjectId
  const other = await world.person('coordinator', 'otherSite')
  for (const [subjectId, as] of [
    [migrated, world.people.coordinator],
    [staying, other],
  ] as const) {
    await save(world, { subjectId, event: 'SCR', form: 'F_DX' }, values({ DIAG: 'PM' }), { as })
    await save(
      world,
      { subjectId, event: 'W4', form: 'F_SV' },
      values({ SVOCCUR: 'Y', SVSTDTC: '2026-02-01' }),
      { as },
    )
    const saved = await save(
      world,
      { subjectId, event: 'W4', form: 'F_VS' },
      values({ WEIGHT: '70', SYS: '120', DIA: { missing: 'ND' } }),
      { as },
    )
    if (subjectId === migrated) {
      recordId = saved.recordId
      const of = { studyId, recordId, key: key() }
      const done = { ...of, revision: saved.revision }
      await completeForm.execute(as, done)
    }
  }
  const [now] = await owned((tx) => tx.query<{ at: string }>('select now() as at'))
  before = now?.at ?? ''
  version = await publishNext(world.database.ownerPool, studyId, amended)
  await approveVersion.execute(world.people['study-administrator'], {
    studyId,
    siteId,
    version,
    approvedOn: '2026-01-10',
    goLiveOn: '2026-01-10',
    reason: 'approved',
    key: key(),
  })
  const { runId } = await startRun.execute(world.people['data-manager'], {
    studyId,
    version,
    siteIds: [siteId],
    reason: 'amendment 1',
    key: key(),
  })
  while (await workRun({ studyId, runId }, 1000));
})
afterAll(() => world.end())

describe('a study whose subjects are on two versions', () => {
  it('reports over all of them under the newest version', async () => {
    const result = await runReport.execute(await world.person('statistician', 'study'), {
      studyId: world.studyId,
      report: 'R1',
    })
    expect(JSON.stringify(result.body)).toMatch(/"PM".*?2.*?"High".*?2/)
  })

  it('lists a renamed form with the values of both', async () => {
    const manager = await world.person('data-manager', 'study')
    const log = await formLog.execute(manager, { studyId: world.studyId, form: 'F_VITAL' })
    expect(log.rows.map((row) => row.values.SYSBP)).toEqual(['120', '120'])
  })

  it('shows the visit of each under its newest name in the matrix', async () => {
    const manager = await world.person('data-manager', 'study')
    const { rows } = await subjectMatrix.execute(manager, { studyId: world.studyId })
    const cells = rows.map((row) => row.cells.find(({ event }) => event === 'V4'))
    expect(cells).toMatchObject([
      { date: '2026-02-01', done: expect.any(Number) },
      { date: '2026-02-01' },
    ])
    const home = await studyHome.execute(manager, { studyId: world.studyId })
    expect(home.recruitment.map(({ screened }) => screened)).toEqual([1, 1])
  })

  it('exports what has no item any more in a file of its own, with the version it is from', async () => {
    const lines = await owned(async (tx) => {
      expect(await hasAmendedData(tx, world.studyId)).toBe(true)
      let text = ''
      for await (const part of retiredLines(tx, world.studyId, 'en', '')) text += part
      return text.trim().split('\r\n')
    })
    expect(lines).toHaveLength(2)
    expect(lines[1]).toBe(`01-001,01,V4,1,F_VITAL,1,DIA,Diastolic,,ND,1,${version}`)
  })

  it('finds a record by its id after its form was renamed', async () => {
    const step = await reopenForm.execute(world.people.coordinator, {
      studyId: world.studyId,
      recordId,
      reason: 'to look again',
      key: key(),
    })
    expect(step).toMatchObject({ recordId, state: 'inProgress' })
  })

  it('shows the casebook of an earlier moment under the version and names of that moment', async () => {
    const then = await owned(async (tx) => {
      const subject = await subjectRow(tx, world.studyId, migrated)
      if (!subject) throw new Error('No subject')
      expect(subject.versionNumber).toBe(version)
      return casebookAsOf(tx, world.studyId, subject, before)
    })
    expect(then?.subject.versionNumber).toBe(1)
    const record = then?.records.find((one) => one.recordId === recordId)
    expect(record).toMatchObject({
      key: { event: 'W4', form: 'F_VS' },
      data: { SYS: '120' },
      versionNumber: 1,
    })
    const now = await owned(async (tx) => {
      const subject = await subjectRow(tx, world.studyId, migrated)
      if (!subject) throw new Error('No subject')
      return casebookAsOf(tx, world.studyId, subject, '2999-01-01T00:00:00Z')
    })
    expect(now?.records.find((one) => one.recordId === recordId)).toMatchObject({
      key: { event: 'V4', form: 'F_VITAL' },
      data: { SYSBP: '120', WEIGHT: '70' },
    })
    expect(staying).toBeDefined()
  })
})
