/**
 * No arm and nothing that tells it reaches who must not know: every question of the router is asked by every role, exports and
 * files are downloaded, commands are given, and every answer is searched. The first test proves that the search would find it.
 */
import { PassThrough } from 'node:stream'
import { encode } from 'next-auth/jwt'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { aSession } from '#db/seed/build.ts'
import { type Role, rolePermissions, roles } from '#domain/access/permissions.ts'
import type { ReportResult, TableBody } from '#domain/analysis/report-result.ts'
import type { Person } from '../actor.ts'
import { startRun } from '../amendment/start-run.ts'
import { workRun } from '../amendment/work-run.ts'
import { scriptTo } from '../analysis-set/scripts.ts'
import { setsTo } from '../analysis-set/sets.ts'
import { unblindStudy } from '../blinding/unblind-study.ts'
import { unblindSubject } from '../blinding/unblind-subject.ts'
import { storedFile } from '../file/reads.ts'
import { answerQuery } from '../query/answer-query.ts'
import { raiseQuery } from '../query/raise-query.ts'
import { approveVersion } from '../site/approve-version.ts'
import { publishNext } from '../testing/amendment.ts'
import { answersOf, leaks, questionNames } from '../testing/answers.ts'
import { blindedDefinition, conceals, leak } from '../testing/blinded-definition.ts'
import { aBlindedWorld, type BlindedWorld } from '../testing/blinded-world.ts'
import { questionsAbout } from '../testing/questions.ts'
import { unzipped } from '../testing/unzipped.ts'
import { aWorld, key, password, problemOf, save } from '../testing/world.ts'
import { downloadExport } from './export-route.ts'
import { createCaller } from './router.ts'

const secret = 'the secret of this test'
vi.hoisted(() => {
  process.env.NEXTAUTH_SECRET = 'the secret of this test'
})

async function exportOf(world: BlindedWorld, person: Person): Promise<string> {
  const { token } = await aSession(world.database.ownerPool, person.userId)
  const jwt = await encode({ token: { sid: token }, secret, maxAge: 3600 })
  const headers = { cookie: `next-auth.session-token=${jwt}` }
  const answer = await downloadExport(
    new Request('http://casebook.test', { headers }),
    world.studyId,
  )
  expect(answer.status).toBe(200)
  return unzipped(Buffer.from(await answer.arrayBuffer()))
}

/** What a download writes, as text. */
async function taken(write: (sink: PassThrough) => Promise<unknown>): Promise<string> {
  const sink = new PassThrough()
  const parts: Buffer[] = []
  sink.on('data', (part: Buffer) => parts.push(part))
  await write(sink)
  return unzipped(Buffer.concat(parts))
}

/** The dictionary names the arms, as the definition does. */
function withoutDictionary(files: string): string {
  const from = files.indexOf('data-dictionary.csv\nFILE,')
  const to = files.indexOf('F_SUBJ.csv\n')
  expect(from).toBeGreaterThan(0)
  expect(to).toBeGreaterThan(from)
  return files.slice(0, from) + files.slice(to)
}

/** Reports that tell the arm otherwise than by having arms as columns. */
const withheld = ['R_DRUG', 'R_ROWS', 'R_POP', 'R_LIST']

const none = { arm: [], byArm: [], conceals: [], board: 'masked' as const }

describe('in an open study', () => {
  let world: BlindedWorld
  beforeAll(async () => {
    world = await aBlindedWorld(null)
  })
  afterAll(() => world.end())

  it('the search finds arms and drugs in all that shows them', async () => {
    const found = new Set<string>()
    for (const role of roles)
      for (const { name, text } of await answersOf(world, world.people[role]))
        if (leak.test(text)) found.add(name)
    expect([...found].sort()).toEqual(
      expect.arrayContaining([
        'audit.trail',
        'export.preview',
        'form.entry',
        'form.history',
        'form.log',
        'query.inbox',
        'query.thread',
        'report.run',
        'subject.casebook',
        'subject.matrix',
        'subject.randomisation',
      ]),
    )
    expect(await exportOf(world, world.people.statistician)).toMatch(leak)
  })

  it('there is nothing to unblind', async () => {
    const { studyId, people, subjects } = world
    const act = { studyId, reason: 'tried by a test', password }
    const study = unblindStudy.execute(people['allocation-statistician'], { ...act, key: key() })
    expect(await problemOf(study)).toMatchObject({ code: 'nothing-concealed' })
    const subjectId = subjects[0]?.subjectId as string
    const one = unblindSubject.execute(people.investigator, { ...act, subjectId, key: key() })
    expect(await problemOf(one)).toMatchObject({ code: 'nothing-concealed' })
  })
})

describe('in a double-blind study', () => {
  let world: BlindedWorld
  beforeAll(async () => {
    world = await aBlindedWorld(blindedDefinition(false, { ...none, conceals }))
  })
  afterAll(() => world.end())

  it('has every question of the router in the list', () => {
    expect(Object.keys(questionsAbout(world.asked)).sort()).toEqual([...questionNames].sort())
  })

  it.each(roles)('no question tells %s an arm, nor what tells it', async (role) => {
    expect(leaks(await answersOf(world, world.people[role]))).toEqual([])
  })

  it.each(roles)('no question tells %s of the whole study, at every site', async (role) => {
    expect(leaks(await answersOf(world, await world.person(role, 'study')))).toEqual([])
  })

  it('answers otherwise as ever: values that tell nothing, questions, events, numbers', async () => {
    const [subject] = world.subjects
    const { coordinator, statistician } = world.people
    const answers = await answersOf(world, coordinator)
    const text = (name: string) =>
      answers
        .filter((one) => one.name === name)
        .map((one) => one.text)
        .join()
    expect(text('form.log')).toContain('Headache')
    expect(text('subject.casebook')).toContain('F_VS')
    expect(text('form.entry')).toContain('"WEIGHT":"70"')
    expect(text('query.inbox')).toContain('Is it right?')
    expect(text('query.inbox')).not.toContain('The weight goes with')
    expect(text('subject.randomisation')).toContain(subject?.number)
    expect(text('subject.randomisation')).toContain('Concealed')
    expect(text('subject.matrix')).toContain('Concealed')
    const reports = (await answersOf(world, statistician)).filter(
      ({ name }) => name === 'report.run',
    )
    const report = (oid: string) =>
      JSON.parse(reports.find(({ input }) => input.report === oid)?.text ?? 'null')
    expect(report('R_ARM')).toMatchObject({ arms: 'pooled', problem: null })
    expect(report('R_ARM').body.columns).toMatchObject([{ key: 'ALL', n: 2 }])
    expect(report('R_DIAG')).toMatchObject({ problem: null })
    for (const oid of withheld)
      expect(report(oid).problem?.en, oid).toContain('would tell who received what')
  })

  it('shows the board letters for arms, in an order that only a secret knows, and names of nobody', async () => {
    const member = createCaller({ actor: await world.person('dsmb-member', 'study') })
    const { studyId } = world
    const one = await member.cut.report({ studyId, number: 1, report: 'R_ARM' })
    const result: ReportResult = one
    expect(result.arms).toBe('masked')
    const { columns } = result.body as TableBody
    expect(columns.map(({ key, n }) => [key, n])).toEqual([
      ['A', 1],
      ['B', 1],
    ])
    for (const { subjectKey } of world.subjects)
      expect(JSON.stringify(one)).not.toContain(subjectKey)
  })

  it('a form of one arm, its visit and its dose log do not exist for the concealed', async () => {
    const [subject] = world.subjects
    const caller = createCaller({ actor: world.people.coordinator })
    const { studyId } = world
    const { visits } = await caller.subject.casebook({
      studyId,
      subjectId: subject?.subjectId as string,
    })
    expect(visits.map(({ event }) => event)).not.toContain('ONEARM')
    const forms = visits.flatMap((visit) => visit.forms.map(({ form }) => form))
    for (const form of ['F_ONLY', 'F_DOSE']) expect(forms).not.toContain(form)
    const matrix = await caller.subject.matrix({ studyId })
    expect(matrix.events.map(({ oid }) => oid)).not.toContain('ONEARM')
    // Subjects of both arms look the same.
    const [one, other] = matrix.rows
    expect(one?.cells.map((cell) => [cell.state, cell.done, cell.expected, cell.queries])).toEqual(
      other?.cells.map((cell) => [cell.state, cell.done, cell.expected, cell.queries]),
    )
    expect(one?.queries).toBe(other?.queries)
    const filtered = await caller.subject.matrix({
      studyId,
      filter: { columns: { ARM: 'ARM1ZEBRA' } },
    })
    expect(filtered.total).toBe(0)
    expect(filtered.rows).toEqual([])
  })

  it('analysis sets and the data of scripts have no column for it', async () => {
    const { studyId } = world
    for (const role of roles.filter((one) => rolePermissions[one].includes('data.export'))) {
      const person = world.people[role]
      for (const format of ['csv', 'json'] as const) {
        const files = await taken((sink) => setsTo(sink).execute(person, { studyId, format }))
        expect(files, role).toContain(world.subjects[0]?.subjectKey)
        expect(files, role).not.toMatch(leak)
      }
    }
    for (const report of world.asked.reports) {
      const script = taken((sink) =>
        scriptTo(sink).execute(world.people.statistician, { studyId, report }),
      )
      if (withheld.includes(report))
        expect(await problemOf(script), report).toMatchObject({ code: 'check-refused' })
      else expect(await script, report).not.toMatch(leak)
    }
  })

  it('an export has no column for it, and the dictionary says so', async () => {
    for (const role of roles.filter((one) => rolePermissions[one].includes('data.export'))) {
      const files = await exportOf(world, world.people[role])
      expect(withoutDictionary(files)).not.toMatch(leak)
      expect(files).not.toMatch(/^F_ONLY\.csv|^F_DOSE\.csv/m)
      expect(files).toMatch(/^,ARMCD,Randomisation,,Arm,concealed,/m)
      expect(files).toContain(world.subjects[0]?.number)
    }
  })

  it('a file of a concealed item is not there', async () => {
    const [subject] = world.subjects
    const input = { studyId: world.studyId, fileId: subject?.fileId as string }
    const read = storedFile.execute(world.people.coordinator, input)
    expect(await problemOf(read)).toMatchObject({ code: 'not-found' })
  })

  it('data are entered as ever, and the answer of a save tells nothing', async () => {
    const answers: string[] = []
    for (const { subjectId } of world.subjects) {
      const weight = { path: 'WEIGHT', from: '70', to: '71', reason: 'read again' }
      const saved = await save(world, { subjectId, event: 'W0', form: 'F_VS' }, [weight])
      expect(saved.data.WEIGHT).toBe('71')
      expect(saved.refused).toEqual([])
      expect(JSON.stringify(saved)).not.toMatch(leak)
      const { savedAt: _, recordId: __, queries, ...rest } = saved
      answers.push(JSON.stringify({ ...rest, queries: queries.map(({ text }) => text) }))
    }
    expect(new Set(answers).size).toBe(1)
  })

  it('a concealed item can neither be entered nor guessed at', async () => {
    const [subject] = world.subjects
    const { subjectId = '' } = subject ?? {}
    const guess = { path: 'DRUG', from: 'quokka given', to: 'wombat', reason: 'a guess' }
    const weight = { path: 'HEIGHT', from: null, to: '170' }
    const saved = await save(world, { subjectId, event: 'W0', form: 'F_VS' }, [guess, weight])
    expect(saved.refused).toMatchObject([{ path: 'DRUG', problem: { code: 'item-concealed' } }])
    expect(saved.conflicts).toEqual([])
    expect(saved.data).not.toHaveProperty('DRUG')
    const dose = save(world, { subjectId, event: 'W0', form: 'F_DOSE' }, [
      { ...weight, path: 'MG' },
    ])
    expect(await problemOf(dose)).toMatchObject({ code: 'not-found' })
    const { rows } = await world.database.ownerPool.query(
      `select data ->> 'DRUG' as drug from casebook.form_record where record_id = $1`,
      [subject?.records.F_VS],
    )
    expect(rows).toEqual([{ drug: 'quokka given' }])
  })

  it('questions about what is concealed can be neither asked nor answered', async () => {
    const [subject] = world.subjects
    const { studyId, people } = world
    const recordId = subject?.records.F_VS as string
    const ask = { studyId, recordId, path: 'DRUG', text: 'What is it?', key: key() }
    expect(await problemOf(raiseQuery.execute(people.monitor, ask))).toMatchObject({
      code: 'not-found',
    })
    const queryId = subject?.hiddenQueryId as string
    const answer = { studyId, queryId, text: 'It is', key: key() }
    expect(await problemOf(answerQuery.execute(people.coordinator, answer))).toMatchObject({
      code: 'not-found',
    })
    const open = { ...answer, queryId: subject?.openQueryId as string, key: key() }
    expect(JSON.stringify(await answerQuery.execute(people.coordinator, open))).not.toMatch(leak)
  })
})

describe('work on a double-blind study', () => {
  let world: BlindedWorld
  beforeAll(async () => {
    world = await aBlindedWorld(blindedDefinition(false, { ...none, conceals }))
  })
  afterAll(() => world.end())

  it('a migration after a blinded preview loses nothing of what the previewer could not see', async () => {
    const { studyId } = world
    const manager = await world.person('data-manager', 'study')
    const caller = createCaller({ actor: manager })
    await caller.amendment.impact({ studyId, version: 2 })
    for (const { subjectId } of world.subjects)
      await caller.amendment.subject({ studyId, subjectId, version: 2 })
    await caller.form.log({ studyId, form: 'F_VS' })
    for (const siteId of [world.siteId, world.otherSiteId])
      await approveVersion.execute(world.people['study-administrator'], {
        studyId,
        siteId,
        version: 2,
        approvedOn: '2026-01-05',
        goLiveOn: '2026-01-06',
        reason: 'approved by the ethics committee',
        key: key(),
      })
    const { runId } = await startRun.execute(manager, {
      studyId,
      version: 2,
      siteIds: null,
      reason: 'second version approved',
      key: key(),
    })
    await workRun({ studyId, runId }, 60_000)
    const { rows } = await world.database.ownerPool.query<{ form: string; text: string }>(
      `select form_oid as form, data::text || derived::text as text from casebook.form_record
       where study_id = $1 and version_number = 2 and data::text like '%quokka%' order by 1`,
      [studyId],
    )
    expect(rows.map(({ form }) => form)).toEqual([
      'F_AE',
      'F_AE',
      'F_DOSE',
      'F_DOSE',
      'F_LB',
      'F_LB',
      'F_ONLY',
      'F_VS',
      'F_VS',
    ])
    expect(rows.map(({ text }) => text).join()).not.toContain('__V')
    expect(rows.find(({ form }) => form === 'F_VS')?.text).toContain('DRUGCOPY')
    expect(leaks(await answersOf(world, world.people.coordinator))).toEqual([])
  })

  it('a later version that conceals nothing does not unblind it', async () => {
    const open = { ...blindedDefinition(true), version: '3' }
    await publishNext(world.database.ownerPool, world.studyId, open)
    for (const role of ['coordinator', 'statistician'] as const)
      expect(leaks(await answersOf(world, world.people[role])), role).toEqual([])
  })
})

describe('a study that is still being built', () => {
  it('may change its mind: before the first subject only the newest version counts', async () => {
    const definition = blindedDefinition(false, { ...none, conceals })
    const world = await aWorld({ definition })
    const { studyId, people } = world
    const sight = () => createCaller({ actor: people.coordinator }).study.blinding({ studyId })
    expect(await sight()).toMatchObject({ blinded: true, arm: false, arms: 'pooled' })
    await publishNext(world.database.ownerPool, studyId, {
      ...blindedDefinition(true),
      version: '2',
    })
    expect(await sight()).toMatchObject({ blinded: false, arm: true, arms: 'shown' })
    await world.end()
  })
})

describe('in an open-label study that keeps some blind', () => {
  let world: BlindedWorld
  beforeAll(async () => {
    const blinding = { ...none, arm: ['statistician', 'monitor'] as Role[], conceals }
    world = await aBlindedWorld(
      blindedDefinition(true, { ...blinding, byArm: ['data-manager'] as Role[] }),
    )
  })
  afterAll(() => world.end())

  it.each(['statistician', 'monitor'] as const)('%s meets no arm', async (role) => {
    expect(leaks(await answersOf(world, world.people[role]))).toEqual([])
    const files = await exportOf(world, world.people[role])
    expect(withoutDictionary(files)).not.toMatch(leak)
  })

  it('who enters the data and who checks them see what they work with', async () => {
    for (const role of ['coordinator', 'investigator', 'data-manager'] as const) {
      const answers = await answersOf(world, world.people[role])
      const entries = answers.filter(({ name }) => name === 'form.entry')
      expect(entries.map(({ text }) => text).join()).toContain('quokka dose')
    }
  })

  it('a person of whom one role is blind is blind', async () => {
    const { people } = world
    const both = {
      ...people.statistician,
      grants: [...people.statistician.grants, ...people.coordinator.grants],
    }
    expect(leaks(await answersOf(world, both))).toEqual([])
  })
})
