import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { asSystem } from '#db/seed/build.ts'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import type { Person } from '../actor.ts'
import { completeForm } from '../form/complete-form.ts'
import { formForEntry } from '../form/entry.ts'
import { itemHistory } from '../form/reads.ts'
import { signForm } from '../form/sign-form.ts'
import { approveVersion } from '../site/approve-version.ts'
import { publishNext } from '../testing/amendment.ts'
import { fixtureDefinition } from '../testing/fixture-definition.ts'
import {
  aScreenedSubject,
  aWorld,
  type FormAt,
  key,
  password,
  problemOf,
  save,
  values,
  type World,
} from '../testing/world.ts'
import { amendmentImpact, subjectImpact } from './reads.ts'
import { retiredValues } from './retired.ts'
import { migrationRuns, siteVersions } from './run-reads.ts'
import { startRun } from './start-run.ts'
import { stepRun } from './step-run.ts'
import { workRun } from './work-run.ts'

let world: World
let manager: Person
let administrator: Person
beforeAll(async () => {
  world = await aWorld()
  manager = world.people['data-manager']
  administrator = world.people['study-administrator']
})
afterAll(() => world.end())

/** The fixture with: a renamed item, one that is gone, a code replaced, a required item more, a tighter range. */
const amended: StudyDefinition = (() => {
  const draft = structuredClone(fixtureDefinition)
  draft.version = '2.0'
  for (const form of draft.forms) {
    for (const group of form.groups) {
      for (const item of group.items) {
        if (item.oid === 'SYS') Object.assign(item, { oid: 'SYSBP', renamedFrom: 'SYS' })
        if (item.oid === 'DIA') item.oid = 'DIASTOLIC'
        if (item.oid === 'WEIGHT') item.soft = [30, 60]
        if (item.oid === 'HEIGHT') item.required = true
      }
    }
  }
  const grades = draft.codeLists.find(({ oid }) => oid === 'CL_DIAG')
  if (grades?.codes[0]) grades.codes[0] = { code: 'PMY', label: { en: 'PM' }, replaces: 'PM' }
  draft.checks = draft.checks.filter(({ id }) => id !== 'EC-01')
  return draft
})()

const asked = (at: FormAt) => ({ studyId: world.studyId, eventRepeat: 1, formRepeat: 1, ...at })
const entry = (at: FormAt, as = world.people.investigator) => formForEntry.execute(as, asked(at))
const owned = <Row>(text: string, parameters: unknown[] = []) =>
  asSystem(world.database.ownerPool, { studyId: world.studyId }, (tx) =>
    tx.query<Row>(text, parameters),
  )

async function signed(at: FormAt, given: Parameters<typeof values>[0]) {
  const saved = await save(world, at, values(given))
  const of = { studyId: world.studyId, recordId: saved.recordId }
  const done = await completeForm.execute(world.people.coordinator, {
    ...of,
    revision: saved.revision,
    key: key(),
  })
  await signForm.execute(world.people.investigator, {
    ...of,
    revision: done.revision,
    password,
    key: key(),
  })
  return saved.recordId
}

let subjectId: string
let vitals: FormAt
let version: number
const start = (wanted: number, siteIds: string[] | null = null) =>
  startRun.execute(manager, {
    studyId: world.studyId,
    version: wanted,
    siteIds,
    reason: 'protocol amendment 1',
    key: key(),
  })
const approve = (wanted: number, goLiveOn = '2026-01-20') =>
  approveVersion.execute(administrator, {
    studyId: world.studyId,
    siteId: world.siteId,
    version: wanted,
    approvedOn: '2026-01-10',
    goLiveOn,
    reason: 'ethics committee of the site',
    key: key(),
  })
const work = async (runId: string) => {
  while (await workRun({ studyId: world.studyId, runId }, 0));
}

describe('an amendment', () => {
  let diagnosis: string
  beforeAll(async () => {
    subjectId = (await aScreenedSubject(world)).subjectId
    vitals = { subjectId, event: 'W0', form: 'F_VS' }
    await signed(vitals, { WEIGHT: '70', SYS: '120', DIA: '80' })
    diagnosis = await signed({ subjectId, event: 'SCR', form: 'F_DX' }, { DIAG: 'DM', ELIG: 'Y' })
    version = await publishNext(world.database.ownerPool, world.studyId, amended)
  })

  it('changes nothing by being published: subjects stay on their version', async () => {
    const view = await entry(vitals)
    expect(view.studyVersion.number).toBe(1)
    expect(view.signature?.valid).toBe(true)
    expect((await aScreenedSubject(world)).subjectId).toBeDefined()
    const rows = await owned<{ version: number }>(
      'select distinct version_number as version from casebook.subject where study_id = $1',
      [world.studyId],
    )
    expect(rows).toEqual([{ version: 1 }])
  })

  it('announces first which signatures fall, and what becomes of every value', async () => {
    const page = await amendmentImpact.execute(manager, { studyId: world.studyId, version })
    expect(page.total).toBe(2)
    const row = page.rows.find((one) => one.subjectId === subjectId)
    expect(row).toMatchObject({
      live: false,
      goLiveOn: null,
      renamed: 1,
      retired: 1,
      refused: 0,
      reopened: 1,
      queriesOpened: 1,
    })
    expect(row?.signatures).toMatchObject([
      { form: { en: 'Vital signs' }, signer: 'investigator (site)', why: 'moved' },
    ])
    const detail = await subjectImpact.execute(manager, {
      studyId: world.studyId,
      subjectId,
      version,
    })
    expect(detail.records).toMatchObject([
      {
        form: { en: 'Vital signs' },
        before: 'signed',
        after: 'inProgress',
        moves: [{ from: 'SYS', path: 'SYSBP', old: '120', value: '120' }],
        retired: [{ path: 'DIA', value: '80', label: { en: 'Diastolic' } }],
        opens: [{ path: 'HEIGHT' }],
        queries: [{ kind: 'open', path: 'WEIGHT' }],
      },
    ])
  })

  it('is not migrated at a site before its go-live', async () => {
    expect(await problemOf(start(version))).toMatchObject({ code: 'nothing-to-migrate' })
    await approve(version, '2099-01-01')
    expect(await problemOf(start(version))).toMatchObject({ code: 'nothing-to-migrate' })
    const { sites } = await siteVersions.execute(manager, { studyId: world.studyId })
    expect(sites.find(({ code }) => code === '01')).toMatchObject({
      inForce: 1,
      approvals: [{ version, goLiveOn: '2099-01-01' }],
      subjects: [{ version: 1, count: 2 }],
    })
    expect(await approve(version)).toEqual({ live: true })
    expect((await aScreenedSubject(world)).subjectId).toBeDefined()
    const [newest] = await owned<{ version: number }>(
      'select version_number as version from casebook.subject where study_id = $1 order by screened_at desc, subject_key desc limit 1',
      [world.studyId],
    )
    expect(newest?.version).toBe(version)
  })

  it('does what it announced, under the name and with the reason of who started it', async () => {
    const { runId, total } = await start(version)
    expect(total).toBe(2)
    expect(await problemOf(start(version))).toMatchObject({ code: 'migration-running' })
    await work(runId)
    const [run] = await migrationRuns.execute(manager, { studyId: world.studyId })
    expect(run).toMatchObject({ state: 'done', total: 2, done: 2, failed: [], sites: ['01'] })
    const view = await entry(vitals)
    expect(view.studyVersion.number).toBe(version)
    expect(view.record).toMatchObject({
      state: 'inProgress',
      versionNumber: version,
      data: { WEIGHT: '70', SYSBP: '120', DIA: '80' },
    })
    expect(view.signature).toMatchObject({ valid: false })
    expect(view.queries).toMatchObject([{ path: 'WEIGHT', check: 'SOFT', state: 'open' }])
    const kept = await entry({ subjectId, event: 'SCR', form: 'F_DX' })
    expect(kept.record.state).toBe('signed')
    expect(kept.signature?.valid).toBe(true)
    const trail = await owned<{ who: string; why: string; entity: string; version: number }>(
      `select distinct actor_name as who, reason as why, entity, version_number as version
       from casebook.audit_record where study_id = $1 and command = 'amendment.migrate'
         and entity in ('form_record', 'subject') and action = 'update'`,
      [world.studyId],
    )
    expect(trail.map(({ entity }) => entity).sort()).toEqual(['form_record', 'subject'])
    for (const row of trail) {
      expect(row).toMatchObject({
        who: manager.displayName,
        why: 'protocol amendment 1',
        version,
      })
    }
    const [unmoved] = await owned<{ count: number }>(
      `select count(*)::int as count from casebook.form_record
       where study_id = $1 and version_number < $2`,
      [world.studyId, version],
    )
    expect(unmoved?.count).toBe(0)
    expect(diagnosis).toBeDefined()
  })

  it('keeps what has no item any more in sight, with the version it comes from', async () => {
    const list = await retiredValues.execute(world.people.investigator, {
      studyId: world.studyId,
      subjectId,
    })
    expect(list).toMatchObject([
      { path: 'DIA', label: { en: 'Diastolic' }, value: '80', version: 1 },
    ])
  })

  it('leads from the new name of an item to all its earlier history', async () => {
    const { record } = await entry(vitals)
    const history = await itemHistory.execute(world.people.monitor, {
      studyId: world.studyId,
      recordId: record.recordId as string,
      path: 'SYSBP',
    })
    expect(history).toMatchObject([
      { old: '120', new: '120', reason: 'protocol amendment 1', version, path: 'SYSBP' },
      { old: null, new: '120', version: 1, path: 'SYS' },
    ])
  })

  it('is the same again when nothing is left to do', async () => {
    expect(await problemOf(start(version))).toMatchObject({ code: 'nothing-to-migrate' })
    const page = await amendmentImpact.execute(manager, { studyId: world.studyId, version })
    expect(page).toEqual({ rows: [], next: null, total: 0 })
  })
})

describe('a running migration', () => {
  const many = 45
  let next: number
  let ids: string[]
  beforeAll(async () => {
    ids = []
    for (let n = 0; n < many; n += 1) {
      const { subjectId: id } = await aScreenedSubject(world)
      ids.push(id)
    }
    await save(
      world,
      { subjectId: ids[40] as string, event: 'W0', form: 'F_VS' },
      values({ WEIGHT: '55' }),
    )
  })
  beforeEach(async () => {
    next = await publishNext(world.database.ownerPool, world.studyId, {
      ...amended,
      version: `at ${Date.now()}`,
    })
    await approve(next)
  })
  const onVersion = async () => {
    const [row] = await owned<{ count: number }>(
      'select count(*)::int as count from casebook.subject where study_id = $1 and version_number = $2',
      [world.studyId, next],
    )
    return row?.count
  }
  const step = (runId: string, wanted: 'pause' | 'resume' | 'cancel', as = manager) =>
    stepRun.execute(as, {
      studyId: world.studyId,
      runId,
      step: wanted,
      reason: 'asked to',
      key: key(),
    })

  it('stands still when paused, goes on when resumed, and ends when cancelled', async () => {
    const { runId } = await start(next)
    const address = { studyId: world.studyId, runId }
    expect(await workRun(address, 0)).toBe(true)
    expect(await onVersion()).toBe(20)
    await step(runId, 'pause')
    expect(await workRun(address, 1000)).toBe(false)
    expect(await onVersion()).toBe(20)
    await step(runId, 'resume')
    expect(await workRun(address, 0)).toBe(true)
    expect(await onVersion()).toBe(40)
    await step(runId, 'cancel')
    expect(await workRun(address, 1000)).toBe(false)
    expect(await onVersion()).toBe(40)
    expect(await problemOf(step(runId, 'resume'))).toMatchObject({ code: 'migration-over' })
    const rest = await start(next)
    await work(rest.runId)
    expect(await onVersion()).toBe(many + 3)
  })

  it('waits while the study is locked', async () => {
    const { runId } = await start(next)
    const set = (state: string) =>
      owned('update casebook.study set state = $2 where study_id = $1', [world.studyId, state])
    await set('locked')
    expect(await workRun({ studyId: world.studyId, runId }, 1000)).toBe(false)
    expect(await onVersion()).toBe(0)
    await set('open')
    await work(runId)
    expect(await onVersion()).toBe(many + 3)
  })

  it('lets people go on entering data, and loses none of it', async () => {
    const { runId } = await start(next)
    const saves = ids.map((id, at) =>
      save(world, { subjectId: id, event: 'W4', form: 'F_VS' }, values({ WEIGHT: `${40 + at}` })),
    )
    const [results] = await Promise.all([Promise.all(saves), work(runId)])
    expect(results.every(({ refused, conflicts }) => refused.length + conflicts.length === 0)).toBe(
      true,
    )
    const rows = await owned<{ weight: string; version: number; subject: number }>(
      `select r.data ->> 'WEIGHT' as weight, r.version_number as version, b.version_number as subject
       from casebook.form_record r join casebook.subject b on b.study_id = r.study_id and b.subject_id = r.subject_id
       where r.study_id = $1 and r.event_oid = 'W4' and r.subject_id = any ($2) order by 1`,
      [world.studyId, ids],
    )
    expect(rows.map(({ weight }) => Number(weight))).toEqual(ids.map((_, at) => 40 + at))
    for (const row of rows) expect(row).toMatchObject({ version: next, subject: next })
  })

  it('is the same work done twice or by two at once', async () => {
    const { runId, total } = await start(next)
    await Promise.all([work(runId), work(runId), work(runId)])
    const [run] = await migrationRuns.execute(manager, { studyId: world.studyId })
    expect(run).toMatchObject({ state: 'done', done: total, total })
    const [twice] = await owned<{ count: number }>(
      `select count(*)::int as count from (
         select entity_id from casebook.audit_record where study_id = $1 and entity = 'subject'
           and changes -> 'version_number' ->> 1 = $2 and action = 'update'
         group by entity_id having count(*) > 1) x`,
      [world.studyId, String(next)],
    )
    expect(twice?.count).toBe(0)
  })

  it('passes over a subject that cannot be written, names it, and takes the others', async () => {
    const [bad] = ids
    await world.database.ownerPool.query(
      `create function casebook.refuse_one() returns trigger language plpgsql as $$
       begin if new.subject_id = '${bad}' then raise exception 'not this one'; end if; return new; end $$;
       create trigger refuse_one before update on casebook.subject for each row execute function casebook.refuse_one()`,
    )
    const { runId, total } = await start(next)
    await work(runId)
    await world.database.ownerPool.query(
      'drop trigger refuse_one on casebook.subject; drop function casebook.refuse_one()',
    )
    const [run] = await migrationRuns.execute(manager, { studyId: world.studyId })
    expect(run).toMatchObject({ state: 'done', done: total - 1, failed: [{ subjectId: bad }] })
    const again = await start(next)
    expect(again.total).toBe(1)
    await work(again.runId)
    expect((await migrationRuns.execute(manager, { studyId: world.studyId }))[0]?.failed).toEqual(
      [],
    )
  })
})

describe('amendments: refused', () => {
  it('by hostile input, which changes nothing', async () => {
    const hostile: unknown[] = [
      { version: 0 },
      { version: 1.5 },
      { version: 999 },
      { version: "2'; drop table casebook.subject; --" },
      { version, siteIds: [world.siteId, 'x'] },
      { version, siteIds: [] },
      { version, siteIds: [world.otherSiteId] },
      { version, reason: ' ' },
      { version, reason: '\u0000' },
    ]
    for (const given of hostile) {
      const act = startRun.execute(manager, {
        studyId: world.studyId,
        siteIds: null,
        reason: 'because',
        key: key(),
        ...(given as { version: number }),
      })
      const problem = await problemOf(act)
      expect(['invalid-input', 'not-found', 'nothing-to-migrate']).toContain(problem.code)
      expect(problem.message).not.toMatch(/select|insert|relation|syntax/i)
    }
  })

  it('to who holds another role, or reaches another site only', async () => {
    const input = { studyId: world.studyId, version, siteIds: null, reason: 'x', key: key() }
    expect(await problemOf(startRun.execute(world.people.monitor, input))).toMatchObject({
      code: 'not-allowed',
    })
    const other = await world.person('data-manager', 'otherSite')
    const page = await amendmentImpact.execute(other, { studyId: world.studyId, version })
    expect(page).toMatchObject({ rows: [], total: 0 })
    const there = subjectImpact.execute(other, { studyId: world.studyId, subjectId, version })
    expect(await problemOf(there)).toMatchObject({ code: 'not-found' })
    const runs = await migrationRuns.execute(manager, { studyId: world.studyId })
    const stop = stepRun.execute(other, {
      studyId: world.studyId,
      runId: runs[0]?.runId as string,
      step: 'cancel',
      reason: 'mine',
      key: key(),
    })
    expect(await problemOf(stop)).toMatchObject({ code: 'not-found' })
  })

  it('a published version cannot be altered or removed by anybody', async () => {
    const change = (text: string) =>
      asSystem(world.database.ownerPool, { studyId: world.studyId }, (tx) => tx.query(text))
    for (const column of ['label', 'hash', 'definition', 'number']) {
      const value = column === 'definition' ? `'{}'` : column === 'number' ? '99' : `'[redacted]'`
      await expect(
        change(`update casebook.study_version set ${column} = ${value} where number = 1`),
      ).rejects.toMatchObject({ code: 'CB013' })
    }
    await expect(change('delete from casebook.study_version')).rejects.toMatchObject({
      code: 'CB012',
    })
  })
})
