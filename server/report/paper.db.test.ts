/** The paper of a study against its reports, over live data. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aGrant, aStudy, aUser } from '#db/seed/build.ts'
import { definitionFiles } from '#studies/demo/definition-files.ts'
import type { Person } from '../actor.ts'
import { checkDefinition } from '../study/check-definition.ts'
import { publishVersion } from '../study/publish-version.ts'
import { studyDefinition } from '../study/reads.ts'
import { blindedDefinition, leak } from '../testing/blinded-definition.ts'
import { fixtureDefinition } from '../testing/fixture-definition.ts'
import {
  aScreenedSubject,
  aWorld,
  key,
  problemOf,
  signedInAs,
  type World,
} from '../testing/world.ts'
import { paperKnown, paperVersus } from './paper-reads.ts'

const paper = {
  paper: 'Somebody et al., 2020',
  parts: [
    {
      what: 'Figure 1',
      report: 'R1',
      columns: ['n'],
      rows: [['Screened', '1']] as [string, string][],
    },
    {
      what: 'Text',
      report: 'R1',
      columns: ['n'],
      rows: [
        ['Screened', { print: '7', ours: '1', why: 'only one was screened' }],
        ['Screened', '1'],
      ] as [string, never][],
    },
    {
      what: 'Table 9',
      report: 'R_GONE',
      columns: ['n'],
      rows: [['Anybody', '3']] as [string, string][],
    },
  ],
  notCompared: [{ what: 'Figure 2', why: 'a photograph' }],
}

describe('a study with a paper', () => {
  let world: World
  beforeAll(async () => {
    world = await aWorld({ definition: { ...fixtureDefinition, paper } })
    await aScreenedSubject(world)
  })
  afterAll(() => world.end())

  it('is compared cell by cell with what the reports say now', async () => {
    const { studyId, people } = world
    expect(await paperKnown.execute(people.statistician, { studyId })).toEqual({
      paper: 'Somebody et al., 2020',
    })
    const view = await paperVersus.execute(people.statistician, { studyId })
    expect(view).toMatchObject({ passed: 2, failed: 2, subjects: 1 })
    const told = view?.parts?.map(({ what, report, cells }) => [
      what,
      report.title.en,
      ...cells.map((cell) => `${cell.class} ${cell.passed} ${cell.printed}/${cell.ours}`),
    ])
    expect(told).toEqual([
      ['Figure 1', 'Flow', 'OK true 1/1'],
      // A label is looked for below the one before it, so the second row of that name is not found.
      ['Text', 'Flow', 'BAD true 7/1', 'OK false 1/'],
      ['Table 9', 'R_GONE', 'OK false 3/'],
    ])
    expect(view?.parts?.[1]?.cells[0]?.reason.en).toBe('only one was screened')
    expect(view?.parts?.[2]?.cells[0]?.reason.en).toBe('the definition has no such report')
    expect(view?.notCompared).toEqual(paper.notCompared)
  })

  it('follows the data: one subject more and the printed number no longer holds', async () => {
    const { studyId, people } = world
    await aScreenedSubject(world)
    const view = await paperVersus.execute(people.statistician, { studyId })
    expect(view?.parts?.[0]?.cells[0]).toMatchObject({ passed: false, printed: '1', ours: '2' })
    expect(view?.passed).toBe(0)
  })

  it('is refused to those who may not read reports, and says nothing of a neighbour study', async () => {
    const { studyId, otherStudyId, people } = world
    const refused = (promise: Promise<unknown>) => problemOf(promise)
    expect(await refused(paperVersus.execute(people.coordinator, { studyId }))).toMatchObject({
      code: 'not-allowed',
    })
    expect(await refused(paperVersus.execute(null, { studyId }))).toMatchObject({
      code: 'not-signed-in',
    })
    expect(
      await refused(paperVersus.execute(people.statistician, { studyId: otherStudyId })),
    ).toMatchObject({ code: 'not-found' })
  })

  it('does not travel with the definition that rules are run from', async () => {
    const { studyId, people } = world
    const { definition } = await studyDefinition.execute(people.statistician, { studyId })
    expect(definition.reports.length).toBe(1)
    expect(definition).not.toHaveProperty('paper')
  })
})

describe('without a paper', () => {
  let world: World
  beforeAll(async () => {
    world = await aWorld()
  })
  afterAll(() => world.end())

  it('there is no link and no page', async () => {
    const { studyId, people } = world
    expect(await paperKnown.execute(people.statistician, { studyId })).toEqual({ paper: null })
    expect(await paperVersus.execute(people.statistician, { studyId })).toBeNull()
  })
})

describe('while arms are concealed', () => {
  let world: World
  beforeAll(async () => {
    const secret = {
      ...paper,
      parts: [{ ...paper.parts[0], what: 'Quokka table' }],
      notCompared: [],
    }
    world = await aWorld({
      definition: { ...blindedDefinition(false), paper: secret as typeof paper },
    })
    await aScreenedSubject(world)
  })
  afterAll(() => world.end())

  it('a reader of pooled numbers gets none of the printed ones', async () => {
    const { studyId, people } = world
    const view = await paperVersus.execute(people.statistician, { studyId })
    expect(view?.parts).toBeNull()
    expect(JSON.stringify(view)).not.toMatch(leak)
  })
})

describe('publishing a paper', () => {
  let world: World
  let studyId: string
  let administrator: Person
  const files = definitionFiles('tac-csa-rct').own
  const text = files.find(({ path }) => path === 'paper.yaml')?.text ?? ''
  const withPaper = (paperText: string) =>
    files.map((file) => (file.path === 'paper.yaml' ? { ...file, text: paperText } : file))
  const publish = (given: readonly { path: string; text: string }[]) =>
    publishVersion.execute(administrator, { studyId, files: [...given], key: key() })
  const errorsOf = async (paperText: string) =>
    (await publish(withPaper(paperText))).findings
      .filter(({ severity }) => severity === 'error')
      .map(({ file, line, code, message }) => `${file}:${line} ${code} ${message}`)

  beforeAll(async () => {
    world = await aWorld()
    const owner = world.database.ownerPool
    const study = await aStudy(owner, {
      oid: 'TACCSA',
      definition: { ...fixtureDefinition, oid: 'TACCSA' },
    })
    studyId = study.studyId
    const user = await aUser(owner)
    await aGrant(owner, { studyId, userId: user.userId, role: 'study-administrator' })
    administrator = await signedInAs(world.database, user.userId)
  })
  afterAll(() => world.end())

  it('refuses what is broken, with its place, and publishes nothing', async () => {
    expect(text).toContain('report: R1_FLOW')
    expect(await errorsOf(text.replace('report: R1_FLOW', 'report: R_NONE'))).toEqual([
      'paper.yaml:6 unknown-report There is no report R_NONE.',
    ])
    expect(
      await errorsOf(text.replace('columns: [n, TAC, CSA]', 'columns: [n, TAC, CSB]')),
    ).toEqual(['paper.yaml:7 paper-column R1_FLOW has no column CSB.'])
    expect(await errorsOf(text.replace("[Screened, '60']", "[Screned, '60']"))).toEqual([
      'paper.yaml:9 paper-row R1_FLOW has no row “Screned”.',
    ])
    const broken = [
      '- a list',
      'paper: P',
      'paper: P\nparts: []',
      'paper: P\nparts: [{ what: T, report: R1_FLOW, columns: [n], rows: [[Screened, { print: 1, about: 2 }]] }]',
      'paper: P\nparts: [{ what: T, report: R1_FLOW, columns: [n], rows: [[Screened, 1, 2, 3]] }]',
      'paper: &a P\nparts: *a',
      'paper: [',
      'paper: P\n__proto__: { parts: 1 }',
    ]
    for (const one of broken) {
      const errors = await errorsOf(one)
      expect(errors.length, one).toBeGreaterThan(0)
      for (const error of errors) expect(error, one).toMatch(/^paper\.yaml:\d+ /)
    }
    const rows = Array.from({ length: 1001 }, () => "[Screened, '1']").join(', ')
    const long = `paper: P\nparts: [{ what: T, report: R1_FLOW, columns: [n], rows: [${rows}] }]`
    expect((await errorsOf(long)).join()).toContain('paper.yaml')
    const { rows: versions } = await world.database.ownerPool.query(
      'select number from casebook.study_version where study_id = $1',
      [studyId],
    )
    expect(versions).toEqual([{ number: 1 }])
  })

  it('refuses a file of one megabyte before anything is read', async () => {
    const large = `${text}# ${'x'.repeat(1_000_000)}\n`
    expect(await problemOf(publish(withPaper(large)))).toMatchObject({ code: 'invalid-input' })
  })

  it('a changed figure is another definition, and the comparison of versions names it', async () => {
    const first = await publish(files)
    expect(first.findings.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(first.number).toBe(2)
    const reader = await aUser(world.database.ownerPool)
    await aGrant(world.database.ownerPool, { studyId, userId: reader.userId, role: 'auditor' })
    const auditor = await signedInAs(world.database, reader.userId)
    expect(await paperKnown.execute(auditor, { studyId })).toEqual({
      paper: 'Fujisawa et al., Respirology 2021;26:370-7',
    })
    const other = withPaper(text.replace("[Screened, '60']", "[Screened, '61']"))
    const check = await checkDefinition.execute(administrator, { studyId, files: other })
    expect(check.hash).not.toBe(first.hash)
    expect(check.changes?.map(({ code }) => code)).toEqual(['paper-changed'])
  })
})
