import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freezeList } from '../allocation/freeze-list.ts'
import { generateList } from '../allocation/generate-list.ts'
import { revealList } from '../allocation/reveal-list.ts'
import { auditTrail } from '../audit/reads.ts'
import { completeForm } from '../form/complete-form.ts'
import { formForEntry } from '../form/entry.ts'
import { signForm } from '../form/sign-form.ts'
import {
  aScreenedSubject,
  aWorld,
  key,
  password,
  problemOf,
  save,
  values,
  type World,
} from '../testing/world.ts'
import { subjectRandomisation } from './randomisation.ts'
import { randomiseSubject } from './randomise-subject.ts'
import { recordRandomisation } from './record-randomisation.ts'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.end())

const randomise = (subjectId: string, once = key()) =>
  randomiseSubject.execute(world.people.investigator, {
    studyId: world.studyId,
    subjectId,
    key: once,
  })
const seen = (subjectId: string) =>
  subjectRandomisation.execute(world.people.investigator, { studyId: world.studyId, subjectId })

async function list(stratum: string, size: number, options: { freeze: boolean }) {
  const keeper = world.people['allocation-statistician']
  const { studyId } = world
  const made = await generateList.execute(keeper, {
    studyId,
    stratum,
    size,
    seed: `the seed of the list for ${stratum}, long enough`,
    blocks: [2],
    key: key(),
  })
  if (options.freeze) {
    await freezeList.execute(keeper, { studyId, listId: made.listId, key: key() })
  }
  return made
}

const consent = (subjectId: string) =>
  save(world, { subjectId, event: 'SCR', form: 'F_ICF' }, values({ RFICDTC: '2026-01-04' }))

async function diagnose(subjectId: string, given: { DIAG: string; ELIG: string }) {
  return save(world, { subjectId, event: 'SCR', form: 'F_DX' }, values(given))
}

async function eligible(DIAG: string) {
  const { subjectId } = await aScreenedSubject(world)
  await consent(subjectId)
  const { recordId, revision } = await diagnose(subjectId, { DIAG, ELIG: 'Y' })
  const { studyId } = world
  const done = await completeForm.execute(world.people.coordinator, {
    studyId,
    recordId,
    revision,
    key: key(),
  })
  await signForm.execute(world.people.investigator, {
    studyId,
    recordId,
    revision: done.revision,
    password,
    key: key(),
  })
  return subjectId
}

describe('subject.randomise', () => {
  it('is refused, with the reason, until every precondition is met', async () => {
    const { subjectId } = await aScreenedSubject(world)
    expect(await problemOf(randomise(subjectId))).toMatchObject({
      code: 'consent-missing',
      place: 'F_ICF',
    })
    await consent(subjectId)
    await diagnose(subjectId, { DIAG: 'PM', ELIG: 'N' })
    expect(await problemOf(randomise(subjectId))).toMatchObject({ code: 'not-eligible' })
    await save(world, { subjectId, event: 'SCR', form: 'F_DX' }, [
      { path: 'ELIG', from: 'N', to: 'Y', reason: 'wrong line' },
    ])
    expect(await problemOf(randomise(subjectId))).toMatchObject({ code: 'eligibility-not-signed' })
    const view = await seen(subjectId)
    expect(view.preconditions.map(({ id, met }) => [id, met])).toEqual([
      ['consent', true],
      ['eligible', true],
      ['signed', false],
      ['stratum', true],
    ])
    expect(view.abilities.randomise).toBe(false)
  })

  it('is closed while the list is missing or not frozen', async () => {
    const subjectId = await eligible('DM')
    expect(await problemOf(randomise(subjectId))).toMatchObject({ code: 'randomisation-closed' })
    await list('DM', 2, { freeze: false })
    expect(await problemOf(randomise(subjectId))).toMatchObject({ code: 'randomisation-closed' })
    expect((await seen(subjectId)).allocation).toBeNull()
  })

  it('allocates once, in the order of the list, and writes it down', async () => {
    await list('PM', 8, { freeze: true })
    const subjects = [await eligible('PM'), await eligible('PM'), await eligible('PM')]
    const once = key()
    const first = await randomise(subjects[0] as string, once)
    expect(await randomise(subjects[0] as string, once)).toEqual(first)
    expect(await problemOf(randomise(subjects[0] as string))).toMatchObject({
      code: 'already-randomised',
    })
    const rest = await Promise.all(subjects.slice(1).map((subjectId) => randomise(subjectId)))
    const revealed = await revealList.execute(world.people['allocation-statistician'], {
      studyId: world.studyId,
      stratum: 'PM',
      reason: 'test of the order',
    })
    const issued = revealed.rows.filter((row) => row.issued)
    expect(issued.map(({ position }) => position)).toEqual([1, 2, 3])
    const given = [first, ...rest].map(({ number, arm }) => `${number} ${arm}`)
    expect(given.sort()).toEqual(issued.map(({ number, arm }) => `${number} ${arm}`).sort())
    const form = await formForEntry.execute(world.people.coordinator, {
      studyId: world.studyId,
      subjectId: subjects[0] as string,
      event: 'W0',
      eventRepeat: 1,
      form: 'F_RAND',
      formRepeat: 1,
    })
    expect(form.record).toMatchObject({
      state: 'complete',
      data: { RANDSTR: 'PM', RANDNO: first.number, ARMCD: first.arm },
    })
    expect(form.subject).toMatchObject({ state: 'randomised', day: 1 })
    expect(form.subject.columns.find(({ oid }) => oid === 'ARM')).toMatchObject({ code: first.arm })
  })

  it('allocates once to a subject that several people randomise at the same moment', async () => {
    const subjectId = await eligible('PM')
    const tries = await Promise.allSettled(Array.from({ length: 6 }, () => randomise(subjectId)))
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const one of tries) {
      if (one.status === 'rejected')
        expect(one.reason).toMatchObject({ code: 'already-randomised' })
    }
  })

  it('records an allocation made by telephone: next row, its own time, the reason in the trail', async () => {
    const { studyId } = world
    const manager = world.people['data-manager']
    const subjectId = await eligible('PM')
    const recorded = (performedAt: string) =>
      recordRandomisation.execute(manager, {
        studyId,
        subjectId,
        performedAt,
        reason: 'The network of the hospital was down',
        key: key(),
      })
    expect(await problemOf(recorded('2099-01-05T10:00:00+09:00'))).toMatchObject({
      code: 'future-date',
    })
    expect(await problemOf(recorded('2026-01-03T10:00:00+09:00'))).toMatchObject({
      code: 'invalid-input',
      place: 'performedAt',
    })
    const allocation = await recorded('2026-01-05T10:00:00+09:00')
    expect(allocation.at).toBe('2026-01-05T10:00:00+09:00')
    const revealed = await revealList.execute(world.people['allocation-statistician'], {
      studyId,
      stratum: 'PM',
      reason: 'test of the order',
    })
    const last = revealed.rows.filter((row) => row.issued).at(-1)
    expect(last).toMatchObject({ position: 5, number: allocation.number, arm: allocation.arm })
    const trail = await auditTrail.execute(world.people.auditor, {
      studyId,
      action: 'subject.recordRandomisation',
      limit: 10,
    })
    expect(trail.rows.map((row) => row.reason)).toContain('The network of the hospital was down')
    expect(trail.rows.every((row) => row.at > '2026-01-06')).toBe(true)
    expect(await problemOf(recorded('2026-01-05T10:00:00+09:00'))).toMatchObject({
      code: 'already-randomised',
    })
  })

  it('stops when the list is used up, and nothing is left behind', async () => {
    const keeper = world.people['allocation-statistician']
    const { listId } = await list('DM', 2, { freeze: false })
    await freezeList.execute(keeper, { studyId: world.studyId, listId, key: key() })
    await randomise(await eligible('DM'))
    await randomise(await eligible('DM'))
    const late = await eligible('DM')
    expect(await problemOf(randomise(late))).toMatchObject({ code: 'list-exhausted' })
    expect((await seen(late)).subject.state).toBe('screening')
  })

  it('keeps how far a list is used out of the audit trail', async () => {
    const trail = await auditTrail.execute(world.people.auditor, {
      studyId: world.studyId,
      action: 'subject.randomise',
      limit: 100,
    })
    const paths = trail.rows
      .filter(({ entity }) => entity === 'allocation_issued')
      .flatMap(({ changes }) => changes.map(({ path }) => path))
    expect(paths).toContain('arm')
    expect(paths.filter((path) => ['position', 'list_id', 'snapshot'].includes(path))).toEqual([])
  })

  it('leaves the list alone after it is frozen', async () => {
    expect(await problemOf(list('PM', 4, { freeze: false }))).toMatchObject({ code: 'list-frozen' })
  })
})
