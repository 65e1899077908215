import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aSubject, asSystem } from '#db/seed/build.ts'
import type { MatrixView } from '#domain/casebook/views.ts'
import { setSiteOpen } from '../site/set-site-open.ts'
import {
  aScreenedSubject,
  aWorld,
  key,
  problemOf,
  save,
  values,
  type World,
} from '../testing/world.ts'
import { subjectMatrix } from './matrix.ts'
import { findSubjects } from './reads.ts'
import { screenSubject } from './screen-subject.ts'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.end())

const matrix = (input: object = {}): Promise<MatrixView> =>
  subjectMatrix.execute(world.people.coordinator, { studyId: world.studyId, ...input })

const screen = (siteId: string, screenedOn = '2026-01-05') =>
  screenSubject.execute(world.people.coordinator, {
    studyId: world.studyId,
    siteId,
    screenedOn,
    key: key(),
  })

describe('screening', () => {
  it('numbers subjects of a site without gap, also when two come at once', async () => {
    const made = await Promise.all(Array.from({ length: 5 }, () => screen(world.siteId)))
    expect(made.map(({ subjectKey }) => subjectKey).sort()).toEqual([
      '01-001',
      '01-002',
      '01-003',
      '01-004',
      '01-005',
    ])
  })

  it('is refused in the future and at a closed site', async () => {
    expect(await problemOf(screen(world.siteId, '2099-01-01'))).toMatchObject({
      code: 'future-date',
    })
    const close = (open: boolean) =>
      setSiteOpen.execute(world.people['study-administrator'], {
        studyId: world.studyId,
        siteId: world.siteId,
        open,
        reason: 'audit',
        key: key(),
      })
    await close(false)
    expect(await problemOf(screen(world.siteId))).toMatchObject({ code: 'randomisation-closed' })
    await close(true)
  })
})

describe('the matrix', () => {
  it('shows what saves copied: columns, visits, state of the forms', async () => {
    const { subjectId, subjectKey } = await aScreenedSubject(world)
    await save(world, { subjectId, event: 'SCR', form: 'F_DX' }, values({ DIAG: 'PM' }))
    await save(world, { subjectId, event: 'W0', form: 'F_VS' }, values({ WEIGHT: '200' }))
    const { rows, columns } = await matrix({ filter: { text: subjectKey } })
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ subjectKey, columns: { DIAG: 'PM', ARM: null }, queries: 1 })
    const cell = (event: string) => rows[0]?.cells.find((one) => one.event === event)
    expect(cell('SCR')).toMatchObject({ state: 'inProgress', done: 0 })
    expect(cell('W0')).toMatchObject({ state: 'inProgress', queries: 1 })
    expect(cell('W4')).toMatchObject({ state: 'notStarted', overdue: false })
    expect(columns[0]?.codes).toMatchObject({ PM: { en: 'Polymyositis' } })
  })

  it('finds overdue visits by the schedule, as filter and as mark alike', async () => {
    const late = await aSubject(
      world.database.ownerPool,
      { studyId: world.studyId, siteId: world.siteId, code: '01' },
      { sequence: 900, state: 'randomised', anchorDate: '2025-01-01', columns: {} },
    )
    const found = await matrix({ filter: { overdue: true } })
    expect(found.rows.map(({ subjectKey }) => subjectKey)).toEqual([late.subjectKey])
    expect(found.rows[0]?.cells.find(({ event }) => event === 'W4')).toMatchObject({
      overdue: true,
      target: '2025-01-29',
      from: '2025-01-26',
      to: '2025-02-01',
    })
    const rest = await matrix({ filter: { overdue: false } })
    expect(rest.total + found.total).toBe((await matrix()).total)
    expect(rest.rows.flatMap(({ cells }) => cells).some(({ overdue }) => overdue)).toBe(false)
  })

  it('pages in the order of keys, each subject once, with one total', async () => {
    const all = await matrix({ limit: 100 })
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await matrix({ limit: 3, ...(cursor ? { cursor } : {}) })
      expect(page.total).toBe(all.total)
      seen.push(...page.rows.map(({ subjectKey }) => subjectKey))
      cursor = page.next ?? undefined
    } while (cursor)
    expect(seen).toEqual(all.rows.map(({ subjectKey }) => subjectKey))
    expect(seen).toEqual([...seen].sort())
    for (const { oid, kind } of all.events) {
      const { complete = 0, inProgress = 0, notStarted = 0 } = all.totals[oid] ?? {}
      // Everybody is counted at a planned visit; at others only who came.
      const planned = kind === 'screening' || kind === 'baseline' || kind === 'scheduled'
      expect(notStarted).toBe(planned ? all.total - complete - inProgress : 0)
    }
  })

  it('reads of a page no more in a large study than in a small one', async () => {
    const scanned = async () =>
      asSystem(world.database.ownerPool, { studyId: world.studyId }, async (tx) => {
        const [row] = await tx.query<{ 'QUERY PLAN': { Plan: { 'Actual Rows': number } }[] }>(
          `explain (analyze, format json) select b.subject_id from casebook.subject b
           where b.study_id = $1 and b.subject_key > '01-' order by b.subject_key limit 11`,
          [world.studyId],
        )
        return JSON.stringify(row)
      })
    await asSystem(world.database.ownerPool, { studyId: world.studyId }, (tx) =>
      tx.query(
        `insert into casebook.subject (study_id, subject_id, site_id, subject_key, sequence, version_number)
         select $1, gen_random_uuid(), $2, '01-' || lpad(n::text, 5, '0'), n, 1
         from generate_series(1000, 5999) n`,
        [world.studyId, world.siteId],
      ),
    )
    await world.database.ownerPool.query('analyze casebook.subject')
    const plan = await scanned()
    expect(plan).toContain('subject_key_unique')
    expect(plan).not.toContain('"Sort"')
    const page = await matrix({ limit: 10 })
    expect(page.rows).toHaveLength(10)
    expect(page.total).toBeGreaterThan(5000)
  })

  it('finds subjects by a part of the key, the exact one first', async () => {
    const hits = await findSubjects.execute(world.people.coordinator, {
      studyId: world.studyId,
      text: '01-001',
    })
    expect(hits[0]?.subjectKey).toBe('01-001')
    const wild = await findSubjects.execute(world.people.coordinator, {
      studyId: world.studyId,
      text: '%_',
    })
    expect(wild).toEqual([])
  })
})
