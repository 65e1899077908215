import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aScreenedSubject, aWorld, key, type World } from '../testing/world.ts'
import { previewReport } from './preview-report.ts'
import { reportList, runReport } from './reads.ts'
import { saveReport } from './save-report.ts'
import { withdrawReport } from './withdraw-report.ts'
import { reportSource, reportWords } from './writing-reads.ts'

let world: World
beforeAll(async () => {
  world = await aWorld()
  await aScreenedSubject(world)
})
afterAll(() => world.end())

const text = (oid: string, label = 'Everybody') => `kind: flow
oid: ${oid}
title: ${label}
steps:
  - { label: Entered, rule: 'true' }
`
const statistician = () => world.people.statistician
const save = (input: { text: string; revision: number; reason?: string; key?: string }) =>
  saveReport.execute(statistician(), { studyId: world.studyId, key: key(), ...input })
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { code?: string }) => error.code,
  )
const listed = async () =>
  (await reportList.execute(statistician(), { studyId: world.studyId })).map(({ oid }) => oid)

describe('a report that a statistician adds', () => {
  it('is previewed, saved, listed, run, revised with a reason and withdrawn; every revision stays', async () => {
    const { studyId } = world
    const preview = await previewReport.execute(statistician(), { studyId, text: text('X_NEW') })
    expect(preview.findings.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(preview.result?.body).toMatchObject({ steps: [{ total: { text: '1' } }] })
    expect(await listed()).toEqual(['R1'])

    expect(await save({ text: text('X_NEW'), revision: 0 })).toEqual({ oid: 'X_NEW', revision: 1 })
    expect(await listed()).toEqual(['R1', 'X_NEW'])
    const run = await runReport.execute(statistician(), { studyId, report: 'X_NEW' })
    expect(run.body).toMatchObject({ steps: [{ total: { text: '1' } }] })

    expect(await code(save({ text: text('X_NEW', 'All'), revision: 1 }))).toBe('reason-required')
    await save({ text: text('X_NEW', 'All'), revision: 1, reason: 'clearer title' })
    const source = await reportSource.execute(statistician(), { studyId, report: 'X_NEW' })
    expect(source).toMatchObject({ text: text('X_NEW', 'All'), revision: 2, title: { en: 'All' } })
    expect(source.revisions.map(({ revision, reason }) => [revision, reason])).toEqual([
      [2, 'clearer title'],
      [1, null],
    ])

    const withdrawal = {
      studyId,
      report: 'X_NEW',
      revision: 2,
      reason: 'not asked for',
      key: key(),
    }
    await withdrawReport.execute(statistician(), withdrawal)
    expect(await listed()).toEqual(['R1'])
    expect(await code(runReport.execute(statistician(), { studyId, report: 'X_NEW' }))).toBe(
      'not-found',
    )
    const { rows } = await world.database.ownerPool.query(
      `select action, reason, changes -> 'source' -> 1 as source from casebook.audit_record
       where entity = 'added_report' order by seq`,
    )
    expect(rows.map(({ reason }) => reason)).toEqual([null, 'clearer title', 'not asked for'])
    expect(rows[0].source).toBe(text('X_NEW'))
  })

  it('can come again after it was withdrawn, as the next revision', async () => {
    const { studyId } = world
    await save({ text: text('X_AGAIN'), revision: 0 })
    const gone = { studyId, report: 'X_AGAIN', revision: 1, reason: 'mistaken', key: key() }
    await withdrawReport.execute(statistician(), gone)
    expect(await code(save({ text: text('X_AGAIN'), revision: 0 }))).toBe('duplicate')
    await save({ text: text('X_AGAIN'), revision: 2, reason: 'wanted after all' })
    expect(await listed()).toContain('X_AGAIN')
  })

  it('is saved once when the same intention arrives twice', async () => {
    const again = key()
    const first = await save({ text: text('X_ONCE'), revision: 0, key: again })
    expect(await save({ text: text('X_ONCE'), revision: 0, key: again })).toEqual(first)
  })

  it('two people who write on the same revision do not overwrite each other', async () => {
    await save({ text: text('X_TWO'), revision: 0 })
    const both = await Promise.all(
      ['first', 'second'].map((label) =>
        code(save({ text: text('X_TWO', label), revision: 1, reason: label })),
      ),
    )
    expect(both.sort()).toEqual(['done', 'report-changed-meanwhile'])
  })

  it('is refused with what is wrong, and nothing is stored', async () => {
    const before = await listed()
    expect(await code(save({ text: 'kind: [', revision: 0 }))).toBe('report-invalid')
    expect(await code(save({ text: text('R1'), revision: 0 }))).toBe('report-invalid')
    expect(
      await code(save({ text: text('X_BAD').replace("'true'", 'F_NONE.X'), revision: 0 })),
    ).toBe('report-invalid')
    expect(await code(save({ text: `${text('X_NUL')}# \u0000`, revision: 0 }))).toBe(
      'invalid-input',
    )
    expect(await code(save({ text: 'x'.repeat(100_001), revision: 0 }))).toBe('invalid-input')
    expect(await listed()).toEqual(before)
  })

  it('is written by nobody else, and read in no other study', async () => {
    const input = { studyId: world.studyId, text: text('X_MINE'), revision: 0, key: key() }
    for (const role of ['monitor', 'auditor', 'data-manager', 'investigator'] as const) {
      expect(await code(saveReport.execute(world.people[role], input))).toBe('not-allowed')
    }
    const stranger = await world.person('statistician', 'otherStudy')
    expect(await code(saveReport.execute(stranger, input))).toBe('not-found')
    expect(await code(reportWords.execute(stranger, { studyId: world.studyId }))).toBe('not-found')
  })

  it('a report of the definition is shown as text to begin another one from', async () => {
    const { studyId } = world
    const { revision, text: written } = await reportSource.execute(statistician(), {
      studyId,
      report: 'R1',
    })
    expect(revision).toBe(0)
    const copied = written.replace('R1', 'X_COPY')
    expect(await save({ text: copied, revision: 0 })).toMatchObject({ oid: 'X_COPY' })
  })
})
