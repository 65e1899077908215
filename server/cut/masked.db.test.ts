/** What the safety board reads of a masked cut: letters that stay, and nothing that leads from them to an arm. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aFormRecord } from '#db/seed/build.ts'
import type { ReportResult } from '#domain/analysis/report-result.ts'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import type { Person } from '../actor.ts'
import { runReport } from '../report/reads.ts'
import { aCut, aCutScene, type CutScene, cutDefinition } from '../testing/cuts.ts'
import { aWorld, type World } from '../testing/world.ts'
import { cutChecklist, cutFacts, cutReport, cutVerdict } from './reads.ts'

/** Whoever has the one arm is undecided in this population, and nobody else is. */
const definition: StudyDefinition = {
  ...cutDefinition,
  populations: [
    ...cutDefinition.populations,
    {
      oid: 'ARMX',
      label: { en: 'Eligible with X' },
      rule: "F_RAND.ARMCD == 'DRUGX' && F_DX.ELIG == 'Y'",
    },
  ],
}
let world: World
let scene: CutScene
let board: Person
/** Arms of the three subjects, whose weights are 60, 70 and 80. */
const arms = ['DRUGX', 'DRUGX', 'PLACEBO']
beforeAll(async () => {
  world = await aWorld({ definition })
  scene = await aCutScene(world)
  board = await world.person('dsmb-member', 'study')
  for (const [at, subjectId] of scene.subjectIds.entries()) {
    const siteId = at === 2 ? world.otherSiteId : world.siteId
    await aFormRecord(
      world.database.ownerPool,
      { studyId: world.studyId, siteId, subjectId },
      {
        formOid: 'F_RAND',
        state: 'complete',
        data: { ARMCD: arms[at] as string, RANDNO: `R${at}`, RANDDTC: '2026-01-10T10:00:00+09:00' },
      },
    )
  }
})
afterAll(() => world.end())

const forBoard = (arms: 'shown' | 'masked' | 'pooled') =>
  aCut(world, scene.statistician, { purpose: 'dsmb', arms })
const read = (number: number, report: string, who = board): Promise<ReportResult> =>
  cutReport.execute(who, { studyId: world.studyId, number, report })
const columnsOf = ({ body }: ReportResult) =>
  body.kind === 'table'
    ? body.columns.map(({ key, n }, at) => ({ key, n, weight: body.lines.at(-1)?.cells[at]?.text }))
    : []

describe('a masked cut for the board', () => {
  it('has letters that are the same in every report and at every reading', async () => {
    const { number } = await forBoard('masked')
    const first = await read(number, 'R4')
    const columns = columnsOf(first)
    expect(columns.map(({ key }) => key)).toEqual(['A', 'B'])
    expect(columns.map(({ weight }) => weight?.slice(0, 4)).sort()).toEqual(['65.0', '80.0'])
    expect(await read(number, 'R4')).toEqual(first)
    const verdict = await cutVerdict.execute(board, { studyId: world.studyId, number })
    expect(verdict.identical).toBe(true)
  })

  it('sends neither names nor codes of arms, nor keys of subjects', async () => {
    const { number } = await forBoard('masked')
    for (const report of ['R1', 'R2', 'R4', 'R5']) {
      const sent = JSON.stringify(await read(number, report))
      expect(sent, report).not.toMatch(/drug ?x|placebo/i)
      expect(sent, report).not.toMatch(/0[12]-00\d/)
    }
  })

  it('keeps no open line and is offered no choice that tells who has which arm', async () => {
    const { studyId } = world
    const undecided = async (number: number) =>
      (await cutFacts.execute(board, { studyId, number })).cut.openLines.lines
        .find(({ id }) => id === 'populationsUndecided')
        ?.parts.map(({ part, count }) => `${part} ${count}`)
    expect(await undecided((await forBoard('shown')).number)).toEqual(['ELIGIBLE 3', 'ARMX 2'])
    for (const arms of ['masked', 'pooled'] as const) {
      expect(await undecided((await forBoard(arms)).number), arms).toEqual(['ELIGIBLE 3'])
    }
    const { choices } = await cutChecklist.execute(scene.statistician, { studyId })
    const populations = (view: keyof typeof choices) =>
      choices[view].populations.map(({ oid }) => oid)
    expect(populations('shown')).toContain('ARMX')
    expect(populations('concealed')).toEqual(populations('shown').filter((oid) => oid !== 'ARMX'))
  })

  it('has letters that do not follow the order of the arms', async () => {
    const orders = new Set<string>()
    for (let taken = 0; taken < 24 && orders.size < 2; taken += 1) {
      const { number } = await forBoard('masked')
      const [first] = columnsOf(await read(number, 'R4'))
      orders.add(first?.weight?.slice(0, 4) ?? '')
    }
    expect([...orders].sort()).toEqual(['65.0', '80.0'])
  })

  it('withholds a report that tells the arm by its rows', async () => {
    const { number } = await forBoard('masked')
    const result = await read(number, 'R5')
    expect(result.problem?.en).toContain('would tell who received what')
  })
})

describe('a cut shows nobody more than the own role and the cut allow', () => {
  it('arms together where it is meant so, though the study is open', async () => {
    const { number } = await forBoard('pooled')
    const live = await runReport.execute(scene.statistician, {
      studyId: world.studyId,
      report: 'R4',
    })
    expect(columnsOf(live).map(({ key }) => key)).toEqual(['DRUGX', 'PLACEBO'])
    for (const who of [board, scene.statistician]) {
      const columns = columnsOf(await read(number, 'R4', who))
      expect(columns).toEqual([{ key: 'ALL', n: 3, weight: '70.0 (10.0)' }])
    }
  })

  it('arms by name where it is meant so', async () => {
    const { number } = await forBoard('shown')
    const columns = columnsOf(await read(number, 'R4'))
    expect(columns.map(({ key, n }) => [key, n])).toEqual([
      ['DRUGX', 2],
      ['PLACEBO', 1],
    ])
  })

  it('each kind verifies, whoever asks', async () => {
    const manager = await world.person('data-manager', 'study')
    for (const arms of ['shown', 'masked', 'pooled'] as const) {
      const { number } = await forBoard(arms)
      for (const who of [board, manager, scene.statistician]) {
        const verdict = await cutVerdict.execute(who, { studyId: world.studyId, number })
        expect(verdict.identical, arms).toBe(true)
      }
    }
  })
})
