/** In a blinded study no dashboard of anybody tells arms apart, and the numbers of all subjects together stay the same. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { studyDefinitionSchema } from '#domain/definition/definition.ts'
import { type Casework, caseworkDefinition, makeCasework } from '../testing/casework.ts'
import { aWorld, type World } from '../testing/world.ts'
import { completenessDashboard } from './completeness.ts'
import { queryDashboard } from './queries.ts'
import { recruitmentDashboard } from './recruitment.ts'
import { safetyDashboard } from './safety.ts'
import { survivalDashboard } from './survival.ts'
import { visitsDashboard } from './visits.ts'

let world: World
let casework: Casework
beforeAll(async () => {
  const { allocation } = caseworkDefinition
  world = await aWorld({
    definition: studyDefinitionSchema.parse({
      ...caseworkDefinition,
      allocation: { ...allocation, openLabel: false },
    }),
  })
  casework = await makeCasework(world, 40)
}, 120_000)
afterAll(() => world.end())

/** Arms of the fixture, by code or by name. */
const arms = /"[AB]"|Arm [AB]|NONE/

it.each(['data-manager', 'medical-monitor', 'monitor', 'auditor'] as const)(
  'safety is of all subjects together for a %s',
  async (role) => {
    const person = await world.person(role, 'study')
    const view = await safetyDashboard.execute(person, { studyId: world.studyId })
    expect(view.byArm).toBe(false)
    expect(view.groups.map(({ key }) => key)).toEqual(['ALL'])
    expect(JSON.stringify(view)).not.toMatch(arms)
    const dead = casework.subjects.filter(({ state }) => state === 'dead').length
    expect(view.totals).toMatchObject([{ group: 'ALL', deaths: dead }])
    const events = casework.records.filter(
      ({ form, state, data }) =>
        form === 'F_AE' && state !== 'removed' && ('AETERM' in data || 'AESTDTC' in data),
    )
    expect(view.totals[0]?.events).toBe(events.length)
  },
)

it.each(['statistician', 'auditor'] as const)(
  'survival is one curve without a test for a %s',
  async (role) => {
    const person = await world.person(role, 'study')
    const view = await survivalDashboard.execute(person, { studyId: world.studyId })
    expect(view.byArm).toBe(false)
    const [part] = view.body?.parts ?? []
    expect(part?.groups.map(({ key }) => key)).toEqual(['ALL'])
    expect(part?.test).toBeNull()
    expect(JSON.stringify(view)).not.toMatch(arms)
    expect(view.population?.n).toBe(casework.subjects.filter(({ arm }) => arm !== null).length)
  },
)

it.each(['data-manager', 'monitor', 'auditor'] as const)(
  'all other dashboards count for a %s what is not concealed, and name no arm',
  async (role) => {
    const person = await world.person(role, 'study')
    const { studyId } = world
    const recruitment = await recruitmentDashboard.execute(person, { studyId })
    const completeness = await completenessDashboard.execute(person, { studyId })
    const visits = await visitsDashboard.execute(person, { studyId })
    const queries = await queryDashboard.execute(person, { studyId })
    expect(recruitment.bySite.reduce((sum, { screened }) => sum + screened, 0)).toBe(
      casework.subjects.length,
    )
    expect(completeness.rows.length).toBeGreaterThan(3)
    expect(visits.rows.length).toBeGreaterThan(0)
    expect(queries.rows.length).toBeGreaterThan(0)
    expect(JSON.stringify([recruitment, completeness, visits, queries])).not.toMatch(arms)
  },
)
