/** Lifting the blinding: who may, with what proof, who then knows what, and that it is done once and for ever. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inTransaction } from '#db/client.ts'
import { asSystem } from '#db/seed/build.ts'
import { roles } from '#domain/access/permissions.ts'
import type { Person } from '../actor.ts'
import { unblindStudy } from '../blinding/unblind-study.ts'
import { unblindSubject } from '../blinding/unblind-subject.ts'
import { answersOf, leaks } from '../testing/answers.ts'
import { blindedDefinition, conceals, leak } from '../testing/blinded-definition.ts'
import { aBlindedWorld, type BlindedWorld } from '../testing/blinded-world.ts'
import { aScreenedSubject, key, password, problemOf } from '../testing/world.ts'
import { createCaller } from './router.ts'

const none = { arm: [], byArm: [], conceals: [], board: 'masked' as const }

describe('unblinding', () => {
  let world: BlindedWorld
  beforeAll(async () => {
    world = await aBlindedWorld(blindedDefinition(false, { ...none, conceals }))
  })
  afterAll(() => world.end())

  const rows = async () => {
    const { rows } = await world.database.ownerPool.query<{ subject: string | null; role: string }>(
      `select subject_id as subject, role from casebook.unblinding where study_id = $1 order by at`,
      [world.studyId],
    )
    return rows
  }
  const emergency = (person: Person, at = 0, over: object = {}) =>
    unblindSubject.execute(person, {
      studyId: world.studyId,
      subjectId: world.subjects[at]?.subjectId as string,
      reason: 'Anaphylaxis; treatment depends on the drug.',
      password,
      key: key(),
      ...over,
    })
  const ofStudy = (person: Person, over: object = {}) =>
    unblindStudy.execute(person, {
      studyId: world.studyId,
      reason: 'Database locked; analysis begins.',
      password,
      key: key(),
      ...over,
    })

  it('of one subject needs the right, the password and a reason', async () => {
    const { people } = world
    const codes = [
      await problemOf(emergency(people.coordinator)),
      await problemOf(emergency(people.statistician)),
      await problemOf(emergency(people.investigator, 0, { password: 'not it' })),
      await problemOf(emergency(people.investigator, 0, { reason: '  ' })),
      await problemOf(emergency(await world.person('investigator', 'otherSite'))),
      await problemOf(emergency(await world.person('investigator', 'otherStudy'))),
      await problemOf(emergency(people.investigator, 0, { subjectId: world.studyId })),
    ].map(({ code }) => code)
    expect(codes).toEqual([
      'not-allowed',
      'not-allowed',
      'wrong-password',
      'invalid-input',
      'not-found',
      'not-found',
      'not-found',
    ])
    expect(await rows()).toEqual([])
  })

  it('tells the arm to who asked, once, and to nobody else', async () => {
    const { people, subjects, studyId } = world
    const [first] = subjects
    const tries = await Promise.allSettled([1, 2, 3, 4].map(() => emergency(people.investigator)))
    const told = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    expect(told.map(({ arm }) => arm)).toEqual([first?.arm])
    expect(await problemOf(emergency(people.investigator))).toMatchObject({
      code: 'already-unblinded',
    })
    const view = (person: Person, at: number) =>
      createCaller({ actor: person }).subject.randomisation({
        studyId,
        subjectId: subjects[at]?.subjectId as string,
      })
    const own = await view(people.investigator, 0)
    expect(own.allocation).toMatchObject({ arm: first?.arm, concealed: false })
    expect(own.abilities.unblind).toBe(false)
    expect((await view(people.investigator, 1)).allocation).toMatchObject({
      arm: '',
      concealed: true,
    })
    const others = await view(people.coordinator, 0)
    expect(others.allocation).toMatchObject({ arm: '', concealed: true })
    expect(others.unblindings).toMatchObject([
      { by: 'investigator (site)', reason: 'Anaphylaxis; treatment depends on the drug.' },
    ])
    for (const role of ['coordinator', 'medical-monitor', 'statistician'] as const)
      expect(leaks(await answersOf(world, people[role])), role).toEqual([])
    // He himself finds the arm where allocations are shown, and nowhere else.
    const found = leaks(await answersOf(world, people.investigator))
    expect(found.length).toBeGreaterThan(0)
    expect(found.filter((text) => !text.startsWith('subject.randomisation '))).toEqual([])
  })

  it('is in the casebook and in the audit trail, without the arm', async () => {
    const { people, subjects, studyId } = world
    const [first] = subjects
    const caller = createCaller({ actor: people.monitor })
    const subjectId = first?.subjectId as string
    const casebook = await caller.subject.casebook({ studyId, subjectId })
    expect(casebook.unblindings).toHaveLength(1)
    const { rows: trail } = await caller.audit.trail({ studyId, subjectId, limit: 100 })
    const row = trail.find(({ action }) => action === 'subject.unblind')
    expect(row).toMatchObject({
      entity: 'unblinding',
      who: 'investigator (site)',
      reason: 'Anaphylaxis; treatment depends on the drug.',
    })
    expect(JSON.stringify(row)).not.toMatch(leak)
  })

  it('works without anybody of the blinded team, also in a locked study, and needs an arm', async () => {
    const { database, people, studyId } = world
    const { subjectId } = await aScreenedSubject(world)
    expect(await problemOf(emergency(people['medical-monitor'], 0, { subjectId }))).toMatchObject({
      code: 'not-randomised',
    })
    await asSystem(database.ownerPool, { studyId }, (tx) =>
      tx.query(`update casebook.study set state = 'locked' where study_id = $1`, [studyId]),
    )
    const told = await emergency(people['medical-monitor'], 1)
    expect(told.arm).toBe(world.subjects[1]?.arm)
  })

  it('cannot be changed or taken back, not even by the runtime role', async () => {
    const settings = { actor: 'system', studyId: world.studyId, siteIds: null }
    for (const act of [
      `update casebook.unblinding set reason = 'other'`,
      'delete from casebook.unblinding',
    ]) {
      const run = inTransaction(world.database.pool, settings, (tx) => tx.query(act))
      await expect(run).rejects.toMatchObject({ code: '42501' })
    }
    await expect(
      asSystem(world.database.ownerPool, settings, (tx) =>
        tx.query(`update casebook.unblinding set reason = 'other'`),
      ),
    ).rejects.toThrow()
  })

  it('of the study is for the keeper of the lists, with password and reason, once', async () => {
    const { people } = world
    const keeper = people['allocation-statistician']
    for (const role of roles.filter((one) => one !== 'allocation-statistician'))
      expect(await problemOf(ofStudy(people[role])), role).toMatchObject({ code: 'not-allowed' })
    expect(await problemOf(ofStudy(keeper, { password: 'no' }))).toMatchObject({
      code: 'wrong-password',
    })
    expect(await problemOf(ofStudy(keeper, { reason: '' }))).toMatchObject({
      code: 'invalid-input',
    })
    const tries = await Promise.allSettled([1, 2, 3].map(() => ofStudy(keeper)))
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await problemOf(ofStudy(keeper))).toMatchObject({ code: 'already-unblinded' })
    expect((await rows()).filter(({ subject }) => subject === null)).toEqual([
      { subject: null, role: 'allocation-statistician' },
    ])
  })

  it('of the study shows arms to the roles that may read them, and to no other', async () => {
    const { people, studyId, subjects } = world
    const statistician = createCaller({ actor: people.statistician })
    const report = await statistician.report.run({ studyId, report: 'R_ARM' })
    expect(report).toMatchObject({ arms: 'shown', problem: null })
    expect(JSON.stringify(report)).toContain('Zebra arm')
    const entry = await createCaller({ actor: people.coordinator }).form.entry({
      studyId,
      subjectId: subjects[0]?.subjectId as string,
      event: 'W0',
      eventRepeat: 1,
      form: 'F_DOSE',
      formRepeat: 1,
    })
    expect(entry.record.data.DOSEDRUG).toBe('quokka dose')
    const blinding = await createCaller({ actor: people.auditor }).study.blinding({ studyId })
    expect(blinding).toMatchObject({
      blinded: true,
      arms: 'shown',
      arm: true,
      unblinded: { reason: 'Database locked; analysis begins.' },
    })
    for (const role of ['image-reader', 'study-administrator', 'dsmb-member'] as const)
      expect(leaks(await answersOf(world, people[role])), role).toEqual([])
  })
})
