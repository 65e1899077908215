/**
 * Every procedure of the router, called by every role, at the own site, at another site, from another study, and signed out.
 * What is expected is worked out from the permission page alone; a procedure that is not listed here, or has no
 * permission, fails.
 */
import { randomUUID } from 'node:crypto'
import { TRPCError } from '@trpc/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  blindedRoles,
  type Permission,
  permissions,
  type Role,
  rolePermissions,
  roles,
} from '#domain/access/permissions.ts'
import { Problem } from '#domain/problem.ts'
import type { Person } from '../actor.ts'
import { saveReading } from '../form/save-reading.ts'
import { saveReport } from '../report/save-report.ts'
import { anAmendment } from '../testing/amendment.ts'
import { readingDefinition } from '../testing/reading-definition.ts'
import { aScene, type Scene } from '../testing/scene.ts'
import { aWorld, key, save, values, type World } from '../testing/world.ts'
import { appRouter, createCaller } from './router.ts'

type Call = {
  /** Valid input that reaches something of the first site. */
  input: (scene: Scene, world: World) => object
  /** The input names something of one site; without it the answer is cut to the reader's sites. */
  ofSite: boolean
}
const wide = (input: Call['input'] = () => ({})): Call => ({ input, ofSite: false })
const atSite = (input: Call['input']): Call => ({ input, ofSite: true })
const reason = 'called by the matrix test'

let imageId: string
let readingId: string
const readingOf = () => ({ image: imageId, form: 'F_READ' })

const calls: Readonly<Record<string, Call>> = {
  'session.current': wide(),
  'account.changePassword': wide(() => ({ current: 'not it', next: 'a good new passphrase' })),
  'account.signOutEverywhere': wide(),
  'account.setLanguage': wide(() => ({ language: 'en' })),
  'study.create': wide(({ strangerId }) => ({
    oid: 'NEWSTUDY',
    name: { en: 'New' },
    title: { en: 'New study' },
    administratorId: strangerId,
  })),
  'study.home': wide(),
  'study.parts': wide(),
  'dashboard.reach': wide(),
  'dashboard.recruitment': wide(),
  'dashboard.visits': wide(),
  'dashboard.completeness': wide(),
  'dashboard.queries': wide(),
  'dashboard.safety': wide(),
  'dashboard.survival': wide(),
  'study.definition': wide(),
  'study.versions': wide(),
  'study.compare': wide(() => ({ from: 1, to: 1 })),
  'study.blinding': wide(),
  'study.unblind': wide(() => ({ reason, password: 'correct horse battery', key: key() })),
  'study.check': wide(() => ({ files: [{ path: 'study.yaml', text: 'oid: X' }] })),
  'study.publish': wide(() => ({ files: [{ path: 'study.yaml', text: 'oid: X' }], key: key() })),
  'site.list': wide(),
  'site.create': wide(() => ({ code: 'S1', name: 'Site', planned: null, key: key() })),
  'site.setOpen': wide((_, { siteId }) => ({ siteId, open: true, reason, key: key() })),
  'site.approveVersion': wide((_, { siteId }) => ({
    siteId,
    version: 1,
    approvedOn: '2026-01-05',
    goLiveOn: '2026-01-06',
    reason,
    key: key(),
  })),
  'amendment.impact': wide(() => ({ version: 2 })),
  'amendment.subject': atSite(({ subjectId }) => ({ subjectId, version: 2 })),
  'amendment.retired': atSite(({ subjectId }) => ({ subjectId })),
  'amendment.runs': wide(),
  'amendment.sites': wide(),
  'amendment.migrate': wide(() => ({ version: 2, siteIds: null, reason, key: key() })),
  'amendment.step': atSite(() => ({ runId, step: 'pause', reason, key: key() })),
  'person.list': wide(),
  'person.create': wide(() => ({
    userName: 'matrix.person',
    displayName: 'Matrix',
    email: null,
    temporaryPassword: 'a temporary passphrase',
    key: key(),
  })),
  'person.grant': wide(({ strangerId }, { siteId }) => ({
    userId: strangerId,
    role: 'auditor',
    siteId,
    key: key(),
  })),
  'person.revoke': wide(() => ({ grantId: grantOfStudy, reason, key: key() })),
  'subject.matrix': wide(),
  'subject.find': wide(() => ({ text: '01' })),
  'subject.casebook': atSite(({ subjectId }) => ({ subjectId })),
  'subject.screen': atSite((_, { siteId }) => ({ siteId, screenedOn: '2026-01-05', key: key() })),
  'subject.withdraw': atSite(({ leaverId }) => ({
    subjectId: leaverId,
    on: '2026-01-06',
    reason,
    key: key(),
  })),
  'subject.correctWithdrawal': atSite(({ leaverId }) => ({
    subjectId: leaverId,
    on: '2026-01-07',
    reason,
    key: key(),
  })),
  'subject.randomisation': atSite(({ subjectId }) => ({ subjectId })),
  'subject.randomise': atSite(({ subjectId }) => ({ subjectId, key: key() })),
  'subject.unblind': atSite(({ subjectId }) => ({
    subjectId,
    reason,
    password: 'correct horse battery',
    key: key(),
  })),
  'subject.recordRandomisation': atSite(({ subjectId }) => ({
    subjectId,
    performedAt: '2026-02-01T09:00:00+09:00',
    reason,
    key: key(),
  })),
  'form.entry': atSite(({ subjectId }) => ({ ...vitals, subjectId })),
  'form.history': atSite(({ recordId }) => ({ recordId, path: 'WEIGHT' })),
  'form.log': wide(() => ({ form: 'F_AE' })),
  'form.save': atSite(({ subjectId }) => ({
    ...vitals,
    subjectId,
    changes: [{ path: 'WEIGHT', from: '70', to: '70' }],
    key: key(),
  })),
  'form.complete': atSite(({ recordId }) => ({ recordId, revision: 99, key: key() })),
  'form.reopen': atSite(({ recordId }) => ({ recordId, reason, key: key() })),
  'form.remove': atSite(({ recordId }) => ({ recordId, reason, key: key() })),
  'form.readings': wide(),
  'form.readingEntry': atSite(() => readingOf()),
  'form.saveReading': atSite(() => ({
    ...readingOf(),
    changes: [{ path: 'SCORE', from: '3', to: '3' }],
    key: key(),
  })),
  'form.completeReading': atSite(() => ({ recordId: readingId, revision: 99, key: key() })),
  'form.reopenReading': atSite(() => ({ recordId: readingId, reason, key: key() })),
  'form.sign': atSite(({ recordId }) => ({
    recordId,
    revision: 99,
    password: 'correct horse battery',
    key: key(),
  })),
  'query.inbox': wide(),
  'query.thread': atSite(({ queryId }) => ({ queryId })),
  'query.raise': atSite(({ recordId }) => ({ recordId, path: 'HEIGHT', text: reason, key: key() })),
  'query.answer': atSite(({ queryId }) => ({ queryId, text: reason, key: key() })),
  'query.close': atSite(({ queryId }) => ({ queryId, text: reason, key: key() })),
  'query.reopen': atSite(({ queryId }) => ({ queryId, text: reason, key: key() })),
  'safety.adverseEvents': wide(),
  'report.list': wide(),
  'report.options': wide(() => ({ report: 'R1' })),
  'endpoint.subject': atSite(({ subjectId }) => ({ subjectId })),
  'report.trace': atSite(({ subjectKey }) => ({
    report: 'R1',
    subjectKey,
    place: { line: 0, column: 'n' },
  })),
  'report.run': wide(() => ({ report: 'R1' })),
  'report.book': wide(),
  'report.paper': wide(),
  'report.paperKnown': wide(),
  'report.source': wide(() => ({ report: 'R1' })),
  'report.words': wide(),
  'report.preview': wide(() => ({ text: 'kind: none' })),
  'report.save': wide(() => ({ text: 'kind: none', revision: 0, key: key() })),
  'report.withdraw': wide(() => ({ report: 'R_ADDED', revision: 99, reason, key: key() })),
  'cut.list': wide(),
  'cut.facts': wide(() => ({ number: 1 })),
  'cut.report': wide(() => ({ number: 1, report: 'R1' })),
  'cut.book': wide(() => ({ number: 1 })),
  'cut.checklist': wide(),
  'cut.findings': wide(() => ({ line: 'formsInProgress' })),
  'cut.verify': wide(() => ({ number: 1 })),
  'cut.take': wide(() => ({ name: 'Cut', purpose: 'other', reason, arms: 'shown', key: key() })),
  'export.preview': wide(() => ({ form: 'F_VS' })),
  'export.history': wide(),
  'audit.trail': wide(),
  'allocation.lists': wide(),
  'allocation.generate': wide(() => ({
    stratum: 'DM',
    size: 8,
    seed: 'another seed of the test that is long enough',
    blocks: [4],
    key: key(),
  })),
  'allocation.freeze': wide(({ listId }) => ({ listId, key: key() })),
  'allocation.reveal': wide(() => ({ stratum: 'PM', reason })),
}

const vitals = { event: 'W0', eventRepeat: 1, form: 'F_VS', formRepeat: 1 }
let grantOfStudy = ''
let runId = ''

let world: World
let scene: Scene
const actors = {} as Record<Role, Record<'site' | 'otherSite' | 'otherStudy', Person>>

beforeAll(async () => {
  world = await aWorld({ definition: readingDefinition })
  scene = await aScene(world)
  const scan = { subjectId: scene.subjectId, event: 'W0', form: 'F_SCAN' }
  imageId = (await save(world, scan, values({ HRKEY: 'K1' }))).recordId
  const read = await saveReading.execute(world.people['image-reader'], {
    ...readingOf(),
    studyId: world.studyId,
    changes: [{ path: 'SCORE', from: null, to: '3' }],
    key: key(),
  })
  readingId = read.recordId
  await saveReport.execute(world.people.statistician, {
    studyId: world.studyId,
    text: 'kind: flow\noid: R_ADDED\ntitle: Added\nsteps: []',
    revision: 0,
    key: key(),
  })
  runId = await anAmendment(world.database.ownerPool, world)
  for (const role of roles) {
    actors[role] = {
      site: world.people[role],
      otherSite: await world.person(role, 'otherSite'),
      otherStudy: await world.person(role, 'otherStudy'),
    }
  }
  const spare = await world.person('auditor', 'study')
  const { rows } = await world.database.ownerPool.query(
    'select grant_id from casebook.role_grant where user_id = $1',
    [spare.userId],
  )
  grantOfStudy = rows[0].grant_id
})
afterAll(() => world.end())

type Meta = { permission?: Permission | 'personal'; verb?: string }
const procedures = Object.entries(
  appRouter._def.procedures as unknown as Record<string, { _def: { meta?: Meta } }>,
).map(([name, procedure]) => ({ name, meta: procedure._def.meta ?? {} }))

/** `done`, or the code of the problem that came back. */
async function outcome(name: string, actor: Person | null): Promise<string> {
  const call = calls[name] as Call
  const [noun = '', verb = ''] = name.split('.')
  const caller = createCaller({ actor }) as unknown as Record<
    string,
    Record<string, (input: object) => Promise<unknown>>
  >
  const studyId = isPersonal(name) ? {} : { studyId: world.studyId }
  try {
    await caller[noun]?.[verb]?.({ ...studyId, ...call.input(scene, world) })
    return 'done'
  } catch (error) {
    if (error instanceof TRPCError && error.cause instanceof Problem) return error.cause.code
    throw error
  }
}

const isPersonal = (name: string) =>
  procedures.find((procedure) => procedure.name === name)?.meta.permission === 'personal'

const refusals = ['not-signed-in', 'not-allowed', 'not-found', 'unexpected']

describe('the router', () => {
  it('lists the same procedures as this test', () => {
    expect(procedures.map(({ name }) => name).sort()).toEqual(Object.keys(calls).sort())
  })

  it.each(procedures)('$name has a permission of the permission page', ({ name, meta }) => {
    expect([...permissions, 'personal']).toContain(meta.permission)
    expect(meta.verb).toBe(name)
  })
})

describe.each(procedures)('$name', ({ name, meta }) => {
  const permission = meta.permission as Permission | 'personal'

  it('is closed to who is not signed in', async () => {
    expect(await outcome(name, null)).toBe('not-signed-in')
  })

  if (permission === 'personal') {
    const isOffice = name === 'study.create'
    it.each(roles)(
      'answers %s for the own account, and nobody by a role in a study',
      async (role) => {
        const found = await outcome(name, actors[role].site)
        if (isOffice) expect(found).toBe('not-allowed')
        else expect(refusals).not.toContain(found)
      },
    )
    return
  }

  it.each(roles)('does not exist for %s of another study', async (role) => {
    expect(await outcome(name, actors[role].otherStudy)).toBe('not-found')
  })

  for (const role of roles) {
    const holds = rolePermissions[role].includes(permission)
    it(`${holds ? 'is open' : 'is closed'} to ${role} at the own site`, async () => {
      const found = await outcome(name, actors[role].site)
      if (holds) expect(refusals).not.toContain(found)
      else expect(found).toBe('not-allowed')
    })
    const studyWide = role === 'allocation-statistician' || role === 'study-administrator'
    if (studyWide || !holds) continue
    const ofSite = calls[name]?.ofSite
    it(`${ofSite ? 'hides the site from' : 'answers'} ${role} of another site`, async () => {
      const found = await outcome(name, actors[role].otherSite)
      if (ofSite) expect(found).toBe('not-found')
      else expect(refusals).not.toContain(found)
    })
  }
})

describe('what a site does not see', () => {
  it.each(blindedRoles.filter((role) => rolePermissions[role].includes('subject.read')))(
    'lists show %s of another site nothing of the first',
    async (role) => {
      const caller = createCaller({ actor: actors[role].otherSite })
      const { studyId, siteId } = world
      const seen = JSON.stringify([
        await caller.subject.matrix({ studyId }),
        await caller.subject.find({ studyId, text: '01-' }),
        await caller.study.home({ studyId }),
        rolePermissions[role].includes('query.read') && (await caller.query.inbox({ studyId })),
        rolePermissions[role].includes('casebook.read') &&
          (await caller.form.log({ studyId, form: 'F_VS' })),
        rolePermissions[role].includes('data.export') &&
          (await caller.export.preview({ studyId, form: 'F_VS' })),
        rolePermissions[role].includes('audit.read') &&
          (await caller.audit.trail({ studyId, siteId })),
      ])
      expect(seen).not.toContain(scene.subjectId)
      expect(seen).not.toMatch(/"01-\d{3}"/)
    },
  )

  it('no role but the keeper of lists meets a seed, a block or an arm that is not issued', async () => {
    for (const role of blindedRoles) {
      const caller = createCaller({ actor: actors[role].site })
      const { studyId } = world
      const answers = [
        await caller.study.home({ studyId }),
        rolePermissions[role].includes('audit.read') && (await caller.audit.trail({ studyId })),
        rolePermissions[role].includes('subject.read') &&
          (await caller.subject.randomisation({ studyId, subjectId: scene.subjectId })),
      ]
      expect(JSON.stringify(answers)).not.toMatch(/a seed of the test|"block|"arm":"[AB]"/)
    }
  })

  it('a person with a temporary password can do nothing but change it', async () => {
    const caller = createCaller({ actor: { ...actors.auditor.site, mustChangePassword: true } })
    const { studyId } = world
    await expect(caller.subject.matrix({ studyId })).rejects.toMatchObject({
      cause: { code: 'password-change-needed' },
    })
    expect((await caller.session.current({})).user.mustChangePassword).toBe(true)
  })

  it('a system administrator opens a study and has no right in it', async () => {
    const actor = { ...actors.auditor.otherStudy, isSystemAdministrator: true }
    expect(await outcome('study.create', actor)).toBe('done')
    const { rows } = await world.database.ownerPool.query(
      `select study_id from casebook.study where oid = 'NEWSTUDY'`,
    )
    await expect(
      createCaller({ actor }).study.home({ studyId: rows[0].study_id }),
    ).rejects.toMatchObject({ cause: { code: 'not-found' } })
  })

  it('an id that is nowhere reads like an id of somebody else', async () => {
    const caller = createCaller({ actor: actors.auditor.site })
    const input = { studyId: world.studyId, subjectId: randomUUID() }
    await expect(caller.subject.casebook(input)).rejects.toMatchObject({
      cause: { code: 'not-found' },
    })
  })
})
