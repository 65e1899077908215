/** The rule of visits that fall due, asked of every screen that shows it, over casebooks made by chance. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aSubject } from '#db/seed/build.ts'
import type { MatrixCell } from '#domain/casebook/views.ts'
import { followedStates } from '#domain/casebook/visit-due.ts'
import { type StudyDefinition, studyDefinitionSchema } from '#domain/definition/definition.ts'
import { subjectStates } from '#domain/definition/subject-states.ts'
import { addDays } from '#domain/values/partial-date.ts'
import type { Person } from '../actor.ts'
import { cutChecklist } from '../cut/reads.ts'
import { visitsDashboard } from '../dashboard/visits.ts'
import { subjectCasebook } from '../subject/casebook.ts'
import { subjectMatrix } from '../subject/matrix.ts'
import { caseworkDefinition, makeCasework } from '../testing/casework.ts'
import { aWorld, type World } from '../testing/world.ts'
import { studyHome } from './home.ts'

const done: readonly MatrixCell['state'][] = ['complete', 'verified', 'signed', 'locked']
const study = (more: Partial<StudyDefinition>) =>
  studyDefinitionSchema.parse({ ...caseworkDefinition, ...more })
const ended = {
  followUpAfterDiscontinuation: false,
  subjectStates: [{ state: 'discontinued' as const, rule: 'false' }],
}
const visits = {
  W4: { date: null, occurred: false },
  IFDM: { date: null, occurred: null, applies: true },
  REL4: { date: null, occurred: null, anchor: '2020-01-10' },
}
const chart = { ...ended, mode: 'retrospective' as const }

describe.each([
  ['a study that ends with discontinuation', study(ended)],
  ['a chart review', study(chart)],
])('%s', (_, definition) => {
  let world: World
  let manager: Person
  let rows: Awaited<ReturnType<typeof subjectMatrix.execute>>['rows']
  let totals: Awaited<ReturnType<typeof subjectMatrix.execute>>['totals']
  beforeAll(async () => {
    world = await aWorld({ definition })
    manager = await world.person('data-manager', 'study')
    const { today } = await makeCasework(world, 40)
    // Made by chance, nearly every visit was begun; these have not come since day 1.
    for (const [n, state] of subjectStates.entries()) {
      await aSubject(
        world.database.ownerPool,
        { studyId: world.studyId, siteId: world.siteId, code: '01' },
        { sequence: 900 + n, state, anchorDate: addDays(today, -90), columns: {}, visits },
      )
    }
    const matrix = await subjectMatrix.execute(manager, { studyId: world.studyId, limit: 100 })
    rows = matrix.rows
    totals = matrix.totals
  }, 120_000)
  afterAll(() => world.end())

  const overdueOf = (cells: readonly { overdue: boolean; event: string }[]) =>
    cells.filter(({ overdue }) => overdue).map(({ event }) => event)

  it('matrix, filter, dashboard and checklist count the same visits as overdue', async () => {
    const { studyId } = world
    const late = rows.filter(({ cells }) => overdueOf(cells).length > 0)
    const count = rows.reduce((sum, { cells }) => sum + overdueOf(cells).length, 0)
    expect(count > 5).toBe(definition.mode === 'prospective')
    const filtered = await subjectMatrix.execute(manager, {
      studyId,
      limit: 100,
      filter: { overdue: true },
    })
    expect(filtered.rows.map(({ subjectKey }) => subjectKey)).toEqual(
      late.map(({ subjectKey }) => subjectKey),
    )
    const dashboard = await visitsDashboard.execute(manager, { studyId })
    expect(dashboard.rows.reduce((sum, row) => sum + row.overdue, 0)).toBe(count)
    const { lines } = await cutChecklist.execute(manager, { studyId })
    const line = lines.find(({ id }) => id === 'visitsOverdue')
    expect(line?.count ?? 0).toBe(count)
    const states = new Set(late.map(({ state }) => state))
    for (const state of states) expect(followedStates(definition)).toContain(state)
    expect(states).not.toContain('discontinued')
  })

  it('the home page names no visit that its casebook does not call waiting, and marks alike', async () => {
    const { studyId } = world
    const { due } = await studyHome.execute(manager, { studyId })
    expect(due.length > 5).toBe(definition.mode === 'prospective')
    for (const visit of due) {
      const cells = rows.find(({ subjectId }) => subjectId === visit.subjectId)?.cells ?? []
      const cell = cells.find(({ event }) => event === visit.event)
      expect(cell).toMatchObject({ overdue: visit.overdue, target: visit.target, date: null })
    }
  })

  it('the casebook marks what its row in the matrix marks', async () => {
    const { studyId } = world
    for (const { subjectId, cells } of rows.slice(0, 12)) {
      const { visits } = await subjectCasebook.execute(manager, { studyId, subjectId })
      expect(overdueOf(visits), subjectId).toEqual(overdueOf(cells))
    }
  })

  it('totals count whom the cells show: nobody waits for the dead, the missed count nowhere', () => {
    for (const { oid, kind } of definition.events) {
      if (kind === 'log' || kind === 'unscheduled') continue
      const cells = rows.flatMap((row) => row.cells.filter(({ event }) => event === oid))
      const having = (test: (state: MatrixCell['state']) => boolean) =>
        cells.filter(({ state }) => test(state)).length
      expect(totals[oid], oid).toEqual({
        complete: having((state) => done.includes(state)),
        inProgress: having((state) => state === 'inProgress'),
        notStarted: having((state) => state === 'notStarted'),
      })
    }
    const dead = rows.filter(({ state }) => state === 'dead').flatMap(({ cells }) => cells)
    expect(dead.some(({ state, target }) => state === 'none' && target !== null)).toBe(true)
  })
})
