/**
 * The numbers of the dashboards against a count by other means: what was made is counted in memory, with the rules of the domain
 * where there are such (`cellOf`).
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plannedVisit } from '#domain/casebook/schedule.ts'
import { cellOf } from '#domain/casebook/visit-cell.ts'
import { ageClasses } from '#domain/dashboard/dashboard-views.ts'
import { daysBetween } from '#domain/values/partial-date.ts'
import type { Person } from '../actor.ts'
import { subjectMatrix } from '../subject/matrix.ts'
import {
  type Casework,
  caseworkDefinition,
  type MadeSubject,
  makeCasework,
} from '../testing/casework.ts'
import { aWorld, type World } from '../testing/world.ts'
import { completenessDashboard } from './completeness.ts'
import { queryDashboard } from './queries.ts'
import { recruitmentDashboard } from './recruitment.ts'
import { visitsDashboard } from './visits.ts'

let world: World
let manager: Person
let casework: Casework
beforeAll(async () => {
  world = await aWorld({ definition: caseworkDefinition })
  manager = await world.person('data-manager', 'study')
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
  it('recruitment counts who was screened, failed and entered', async () => {
    const sites = sitesOf()
    const view = await recruitmentDashboard.execute(counterOf(sites), ask())
    const own = casework.subjects.filter(({ siteId }) => sites.includes(siteId))
    const entered = own.filter(({ state, anchor }) => anchor !== null && state !== 'screenFailure')
    expect(view.bySite.map(({ siteId }) => siteId).sort()).toEqual([...sites].sort())
    for (const site of view.bySite) {
      const here = (rows: readonly MadeSubject[]) =>
        rows.filter(({ siteId }) => siteId === site.siteId)
      expect(site).toMatchObject({
        screened: here(own).length,
        failed: here(own).filter(({ state }) => state === 'screenFailure').length,
        waiting: here(own).filter(({ state }) => state === 'screening').length,
        enrolled: here(entered).length,
      })
    }
    const days = new Map<string, number>()
    for (const { anchor } of entered)
      days.set(anchor as string, (days.get(anchor as string) ?? 0) + 1)
    expect(
      Object.fromEntries(
        view.days
          .filter(({ enrolled }) => enrolled > 0)
          .map(({ date, enrolled }) => [date, enrolled]),
      ),
    ).toEqual(Object.fromEntries(days))
    expect(view.pace.enrolled).toBe(entered.length)
    // The plan of the protocol is that of the whole; of a part only the sites' own plans say something.
    expect(view.planned).toBe(sites.length > 1 ? 90 : null)
    expect(view.whole).toBe(sites.length > 1)
  })

  it('visits fall due as the cells of the casebook say', async () => {
    const sites = sitesOf()
    const view = await visitsDashboard.execute(counterOf(sites), ask())
    const expected: Record<string, [number, number, number]> = {}
    const overdueSubjects = new Map<string, Set<string>>()
    for (const subject of casework.subjects.filter(({ siteId }) => sites.includes(siteId))) {
      for (const event of caseworkDefinition.events) {
        const visit = subject.visits[event.oid] ?? {}
        const own = casework.records.filter(
          (one) =>
            one.subjectId === subject.subjectId &&
            one.event === event.oid &&
            one.state !== 'removed',
        )
        const facts = {
          study: caseworkDefinition,
          event,
          state: subject.state,
          anchor: subject.anchor,
          today: view.today,
          visitDate: (visit.date as string | null) ?? null,
          occurred: (visit.occurred as boolean | null) ?? null,
          forms: own.map(({ state }) => ({ state, required: true })),
          queries: 0,
          ...(event.when === undefined ? {} : { applies: visit.applies === true }),
          eventAnchor: (visit.anchor as string | null) ?? null,
        }
        const key = `${subject.siteId}/${event.oid}`
        const counts = expected[key] ?? [0, 0, 0]
        expected[key] = counts
        if (cellOf(facts).overdue) {
          counts[0] += 1
          const behind = overdueSubjects.get(subject.siteId) ?? new Set()
          overdueSubjects.set(subject.siteId, behind.add(subject.subjectId))
        }
        const { target, from, to } = plannedVisit(event, facts.anchor, facts.eventAnchor)
        // A day before the window a visit of today would be overdue where the cell would be overdue after it.
        const waits = target !== null && cellOf({ ...facts, today: '9999-12-31' }).overdue
        if (!waits || (to ?? target) < view.today) continue
        const ahead = daysBetween(view.today, from ?? target) ?? 99
        if (ahead <= 7) counts[1] += 1
        else if (ahead <= 28) counts[2] += 1
      }
    }
    const counted = Object.fromEntries(
      view.rows.map((row) => [`${row.siteId}/${row.event}`, [row.overdue, row.week, row.month]]),
    )
    expect(counted).toEqual(
      Object.fromEntries(
        Object.entries(expected).filter(([, counts]) => counts.some((n) => n > 0)),
      ),
    )
    expect(Object.values(counted).reduce((sum, [n = 0]) => sum + n, 0)).toBeGreaterThan(3)
    expect(view.rows.map(({ event }) => event)).not.toContain('BIN')
    expect(view.rows.map(({ event }) => event)).toContain('REL4')
    for (const siteId of sites) {
      expect(view.subjects[siteId]).toBe(overdueSubjects.get(siteId)?.size ?? 0)
      // The list behind the number.
      const matrix = await subjectMatrix.execute(counterOf(sites), {
        ...ask(),
        limit: 100,
        filter: { siteId, overdue: true },
      })
      expect(new Set(matrix.rows.map(({ subjectId }) => subjectId))).toEqual(
        overdueSubjects.get(siteId),
      )
    }
  })

  it('completeness expects the required forms of held visits', async () => {
    const sites = sitesOf()
    const view = await completenessDashboard.execute(counterOf(sites), ask())
    type Counts = Record<'notStarted' | 'inProgress' | 'complete' | 'signed' | 'missing', number>
    const expected: Record<string, Counts> = {}
    for (const subject of casework.subjects.filter(({ siteId }) => sites.includes(siteId))) {
      for (const event of caseworkDefinition.events) {
        if (subject.visits[event.oid]?.occurred === false) continue
        for (const repeat of [1, 2]) {
          const held = casework.records.filter(
            (one) =>
              one.subjectId === subject.subjectId &&
              one.event === event.oid &&
              one.repeat === repeat &&
              one.state !== 'removed',
          )
          if (held.length === 0) continue
          const key = `${subject.siteId}/${event.oid}`
          const counts = expected[key] ?? {
            notStarted: 0,
            inProgress: 0,
            complete: 0,
            signed: 0,
            missing: 0,
          }
          expected[key] = counts
          for (const { state, open } of held) {
            const what = state === 'inProgress' || state === 'complete' ? state : 'signed'
            counts[what] += 1
            if (state === 'inProgress') counts.missing += open
          }
          if (event.kind === 'log') continue
          counts.notStarted += event.forms.filter(
            (entry) =>
              entry.required &&
              entry.when === undefined &&
              !held.some(({ form }) => form === entry.form),
          ).length
        }
      }
    }
    const counted = Object.fromEntries(
      view.rows.map(({ siteId, event, ...counts }) => [`${siteId}/${event}`, counts]),
    )
    expect(counted).toEqual(expected)
    expect(Object.values(expected).some(({ notStarted }) => notStarted > 0)).toBe(true)
  })

  it('query ageing counts by age and takes medians', async () => {
    const sites = sitesOf()
    const view = await queryDashboard.execute(counterOf(sites), ask())
    const own = casework.queries.filter(({ siteId }) => sites.includes(siteId))
    const expected: Record<string, number> = {}
    for (const { siteId, state, age } of own) {
      if (state !== 'open' && state !== 'answered') continue
      const at = ageClasses.filter((from) => age >= from).length - 1
      expected[`${siteId}/${state}/${at}`] = (expected[`${siteId}/${state}/${at}`] ?? 0) + 1
    }
    expect(
      Object.fromEntries(
        view.rows.map((row) => [`${row.siteId}/${row.state}/${row.ageClass}`, row.count]),
      ),
    ).toEqual(expected)
    for (const siteId of [...sites, null]) {
      const here = own.filter((one) => siteId === null || one.siteId === siteId)
      const pace = view.pace.find((row) => row.siteId === siteId)
      expect(pace?.toAnswer).toBeCloseTo(median(here.map(({ answered }) => answered)), 6)
      expect(pace?.toClose).toBeCloseTo(median(here.map(({ closed }) => closed)), 6)
      const waiting = here.filter(({ state }) => state === 'open' || state === 'answered')
      expect(pace?.oldest).toBe(Math.max(...waiting.map(({ age }) => age)))
    }
  })
})

function median(values: readonly (number | null)[]): number {
  const known = values.filter((one) => one !== null).sort((a, b) => a - b)
  const middle = (known.length - 1) / 2
  return ((known[Math.floor(middle)] ?? 0) + (known[Math.ceil(middle)] ?? 0)) / 2
}
