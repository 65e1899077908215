/**
 * The numbers of the dashboards against a count by other means: what was made is counted in memory, with the rules of the domain
 * where there are such (`kaplanMeier`).
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aSite } from '#db/seed/build.ts'
import { kaplanMeier } from '#domain/statistics/kaplan-meier.ts'
import { daysBetween } from '#domain/values/partial-date.ts'
import type { Person } from '../actor.ts'
import { type Casework, caseworkDefinition, makeCasework } from '../testing/casework.ts'
import { aWorld, problemOf, type World } from '../testing/world.ts'
import { completenessDashboard } from './completeness.ts'
import { queryDashboard } from './queries.ts'
import { recruitmentDashboard } from './recruitment.ts'
import { safetyDashboard } from './safety.ts'
import { survivalDashboard } from './survival.ts'
import { visitsDashboard } from './visits.ts'

let world: World
let manager: Person
let statistician: Person
let casework: Casework
beforeAll(async () => {
  world = await aWorld({ definition: caseworkDefinition })
  manager = await world.person('data-manager', 'study')
  statistician = await world.person('statistician', 'study')
  casework = await makeCasework(world)
}, 240_000)
afterAll(() => world.end())

const ask = () => ({ studyId: world.studyId })
const reaches = [
  ['the whole study', () => [world.siteId, world.otherSiteId]],
  ['one site', () => [world.siteId]],
] as const

/** The person who counts these sites: of the whole study, or a monitor of the first site. */
const counterOf = (sites: readonly string[]): Person =>
  sites.length > 1 ? manager : world.people['data-manager']

describe.each(reaches)('over %s', (_, sitesOf) => {
  it('safety counts events, subjects by worst grade, serious ones and deaths, by arm where arms are open', async () => {
    const sites = sitesOf()
    const view = await safetyDashboard.execute(counterOf(sites), ask())
    expect(view.byArm).toBe(true)
    const own = casework.subjects.filter(({ siteId }) => sites.includes(siteId))
    const events = casework.records.filter(
      ({ form, state, data, siteId }) =>
        form === 'F_AE' &&
        state !== 'removed' &&
        ('AETERM' in data || 'AESTDTC' in data) &&
        sites.includes(siteId),
    )
    const groupOf = new Map(own.map(({ subjectId, arm }) => [subjectId, arm ?? 'NONE']))
    for (const group of ['A', 'B', 'NONE']) {
      const here = events.filter(({ subjectId }) => groupOf.get(subjectId) === group)
      const bySubject = new Map<string, (number | null)[]>()
      for (const { subjectId, data } of here) {
        const grade = data.AETOXGR === undefined ? null : Number(data.AETOXGR)
        bySubject.set(subjectId, [...(bySubject.get(subjectId) ?? []), grade])
      }
      const worst = [...bySubject.values()].map((all) =>
        all.reduce<number | null>(
          (most, one) => (one === null ? most : Math.max(most ?? 0, one)),
          null,
        ),
      )
      for (const grade of [1, 2, 3, 4, 5, null]) {
        const row = view.grades.find((one) => one.group === group && one.grade === grade)
        const graded = here.filter(
          ({ data }) => (data.AETOXGR === undefined ? null : Number(data.AETOXGR)) === grade,
        )
        expect(row?.events ?? 0).toBe(graded.length)
        expect(row?.serious ?? 0).toBe(graded.filter(({ data }) => data.AESER === 'Y').length)
        if (graded.length > 0)
          expect(row?.subjects).toBe(worst.filter((one) => one === grade).length)
      }
      const serious = here.filter(({ data }) => data.AESER === 'Y')
      expect(view.totals.find((one) => one.group === group)).toMatchObject({
        events: here.length,
        subjects: bySubject.size,
        serious: serious.length,
        seriousSubjects: new Set(serious.map(({ subjectId }) => subjectId)).size,
        deaths: own.filter((one) => groupOf.get(one.subjectId) === group && one.state === 'dead')
          .length,
      })
    }
    const rash = events.filter(({ data }) => String(data.AETERM).toLowerCase() === 'rash')
    const terms = view.terms.filter(({ term }) => term.toLowerCase() === 'rash')
    expect(new Set(terms.map(({ term }) => term)).size).toBe(1)
    expect(terms.reduce((sum, row) => sum + row.events, 0)).toBe(rash.length)
    for (const site of view.bySite) {
      const here = events.filter(({ siteId }) => siteId === site.siteId)
      expect(site.events).toBe(here.length)
      expect(site.withEvent).toBe(new Set(here.map(({ subjectId }) => subjectId)).size)
    }
  })
})

it('survival is Kaplan-Meier of times worked out by hand, of one arm and of the other', async () => {
  const view = await survivalDashboard.execute(statistician, ask())
  expect(view).toMatchObject({ endpoint: 'FIRSTAE', byArm: true })
  const groups = view.body?.parts[0]?.groups ?? []
  expect(groups.map(({ key }) => key)).toEqual(['A', 'B'])
  for (const group of groups) {
    const times = casework.subjects
      .filter(({ arm }) => arm === group.key)
      .flatMap(({ subjectId, anchor }) => timeOf(subjectId, anchor as string))
    expect(group.n).toBe(times.length)
    expect(group.events).toBe(times.filter(({ event }) => event).length)
    const [curve] = kaplanMeier(
      { time: times.map(({ time }) => time), event: times.map(({ event }) => event) },
      { limits: 'log-log' },
    ).curves
    expect(group.steps.map(({ survival }) => survival)).toEqual([...(curve?.survival ?? [])])
  }
  expect(
    groups.every(({ subjects: keys, eventSubjects }) => keys.length + eventSubjects.length === 0),
  ).toBe(true)
})

it('survival of one site counts the subjects of that site', async () => {
  const view = await survivalDashboard.execute(statistician, {
    ...ask(),
    siteIds: [world.otherSiteId],
  })
  const groups = view.body?.parts[0]?.groups ?? []
  const own = casework.subjects.filter(
    ({ siteId, arm }) => siteId === world.otherSiteId && arm !== null,
  )
  expect(groups.reduce((sum, { n }) => sum + n, 0)).toBe(
    own.flatMap(({ subjectId, anchor }) => timeOf(subjectId, anchor as string)).length,
  )
  expect(view.population?.n).toBe(own.length)
})

/** Follow-up of one subject from the values as they were made. */
function timeOf(subjectId: string, anchor: string): { time: number; event: boolean }[] {
  const of = (form: string, item: string) =>
    casework.records
      .filter((one) => one.subjectId === subjectId && one.form === form && one.state !== 'removed')
      .flatMap(({ data }) => (typeof data[item] === 'string' ? [data[item] as string] : []))
      .sort()
  const [first] = of('F_AE', 'AESTDTC')
  const last = of('F_SV', 'SVSTDTC').at(-1)
  if (first !== undefined) {
    const time = daysBetween(anchor, first) ?? 0
    return [time <= 100 ? { time, event: true } : { time: 100, event: false }]
  }
  if (last === undefined) return []
  return [{ time: Math.min(100, daysBetween(anchor, last) ?? 0), event: false }]
}

describe('refused', () => {
  const all = [
    ['recruitment', recruitmentDashboard],
    ['visits', visitsDashboard],
    ['completeness', completenessDashboard],
    ['queries', queryDashboard],
    ['safety', safetyDashboard],
  ] as const

  it.each(all)(
    '%s: a site of another study, of another person, or of nobody is not found',
    async (name, verb) => {
      const foreign = await aSite(world.database.ownerPool, world.otherStudyId, { code: name })
      for (const siteId of [foreign.siteId, randomUUID()]) {
        expect(
          await problemOf(verb.execute(manager, { ...ask(), siteIds: [siteId] })),
        ).toMatchObject({
          code: 'not-found',
        })
      }
      const oneSite = world.people['data-manager']
      const wanted = { ...ask(), siteIds: [world.siteId, world.otherSiteId] }
      expect(await problemOf(verb.execute(oneSite, wanted))).toMatchObject({ code: 'not-found' })
    },
  )

  it.each(all)(
    '%s: what is no filter is refused before it reaches the database',
    async (_, verb) => {
      for (const siteIds of [[], ["' or true --"], Array(1001).fill(world.siteId), 'all', [null]]) {
        const input = { ...ask(), siteIds } as never
        expect(await problemOf(verb.execute(manager, input))).toMatchObject({
          code: 'invalid-input',
        })
      }
    },
  )

  it('survival: an endpoint that the definition does not have', async () => {
    const attempt = (endpoint: string) =>
      problemOf(survivalDashboard.execute(statistician, { ...ask(), endpoint }))
    expect(await attempt('NOTHERE')).toMatchObject({ code: 'not-found' })
    expect(await attempt("x' --")).toMatchObject({ code: 'invalid-input' })
  })

  it('other roles than those who may read what is counted', async () => {
    const reader = await world.person('image-reader', 'study')
    for (const [, verb] of all) {
      expect(await problemOf(verb.execute(reader, ask()))).toMatchObject({ code: 'not-allowed' })
    }
    const monitor = await world.person('monitor', 'study')
    expect(await problemOf(survivalDashboard.execute(monitor, ask()))).toMatchObject({
      code: 'not-allowed',
    })
  })
})
