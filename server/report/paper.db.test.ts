/** The paper of a study against its reports, over live data. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { studyDefinition } from '../study/reads.ts'
import { blindedDefinition, leak } from '../testing/blinded-definition.ts'
import { fixtureDefinition } from '../testing/fixture-definition.ts'
import { aScreenedSubject, aWorld, problemOf, type World } from '../testing/world.ts'
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
    const told = view.parts?.map(({ what, report, cells }) => [
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
    expect(view.parts?.[1]?.cells[0]?.reason.en).toBe('only one was screened')
    expect(view.parts?.[2]?.cells[0]?.reason.en).toBe('the definition has no such report')
    expect(view.notCompared).toEqual(paper.notCompared)
  })

  it('follows the data: one subject more and the printed number no longer holds', async () => {
    const { studyId, people } = world
    await aScreenedSubject(world)
    const view = await paperVersus.execute(people.statistician, { studyId })
    expect(view.parts?.[0]?.cells[0]).toMatchObject({ passed: false, printed: '1', ours: '2' })
    expect(view.passed).toBe(0)
  })

  it('is refused to those who may not read reports, and says nothing of a neighbour study', async () => {
    const { studyId, otherStudyId, people } = world
    const refused = (promise: Promise<unknown>) => problemOf(promise)
    expect(await refused(paperVersus.execute(people.coordinator, { studyId }))).toMatchObject({
      code: 'forbidden',
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
    expect(await problemOf(paperVersus.execute(people.statistician, { studyId }))).toMatchObject({
      code: 'not-found',
    })
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
    expect(view.parts).toBeNull()
    expect(JSON.stringify(view)).not.toMatch(leak)
  })
})
