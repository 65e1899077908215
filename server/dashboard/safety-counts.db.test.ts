/**
 * Every number of the safety dashboard against a plain count over what was made, with values as they come: coded and uncoded terms,
 * reasons instead of values, grades that are none, events of failed screenings. By arm, and of all together for a blinded reader.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aFormRecord } from '#db/seed/build.ts'
import type { FormState, FormValues } from '#domain/casebook/record.ts'
import type { SafetyView } from '#domain/dashboard/dashboard-views.ts'
import { studyDefinitionSchema } from '#domain/definition/definition.ts'
import {
  type Casework,
  caseworkDefinition,
  type MadeRecord,
  makeCasework,
} from '../testing/casework.ts'
import { aWorld, type World } from '../testing/world.ts'
import { safetyDashboard } from './safety.ts'

const missing = { missing: 'UNK' } as const
const strange: readonly (readonly [FormValues, FormState?])[] = [
  [{ AETERM: ' Rash ', AEPTCD: 'Exanthema', AETOXGR: '2', AESER: 'Y' }],
  [{ AETERM: 'rASH', AEPTCD: ' exanthema' }],
  [{ AETERM: 'itching', AEPTCD: missing }],
  [{ AETERM: 'itching', AEPTCD: '  ' }],
  [{ AEPTCD: 'Exanthema', AETOXGR: '5', AESER: 'Y' }],
  [{ AESTDTC: '2026-01-02', AEPTCD: 'Exanthema', AETOXGR: '4' }],
  [{ AETERM: missing, AETOXGR: '1' }],
  [{ AETERM: '', AETOXGR: '9', AESER: missing }],
  [{ AETERM: 'fall', AETOXGR: missing, AESER: 'N' }],
  [{ AETERM: 'fall', AETOXGR: '5', AESER: 'Y' }, 'removed'],
  [{}, 'complete'],
]
/** More terms than are shown, each rarer than the one before. */
const many = Array.from({ length: 18 }, (_, at) => `term${String(at + 10)}`)

type Case = { world: World; casework: Casework; records: readonly MadeRecord[] }

async function aCase(openLabel: boolean): Promise<Case> {
  const allocation = { ...caseworkDefinition.allocation, openLabel }
  const definition = studyDefinitionSchema.parse({ ...caseworkDefinition, allocation })
  const world = await aWorld({ definition })
  const casework = await makeCasework(world, 45)
  const records = [...casework.records]
  const add = async (at: number, turn: number, data: FormValues, state: FormState = 'complete') => {
    const subject = casework.subjects[at % casework.subjects.length]
    if (!subject) return
    const { subjectId, siteId } = subject
    const form = 'F_AE'
    await aFormRecord(
      world.database.ownerPool,
      { studyId: world.studyId, siteId, subjectId },
      { eventOid: 'LOG', formOid: form, formRepeat: 50 + turn, state, data },
    )
    records.push({ subjectId, siteId, event: 'LOG', repeat: 1, form, state, data, open: 0 })
  }
  let turn = 0
  for (const [data, state] of strange) {
    for (let n = 0; n < 6; n += 1) {
      turn += 1
      await add(turn * 7, turn, data, state)
    }
  }
  for (const [rank, term] of many.entries()) {
    for (let n = 0; n < many.length - rank; n += 1) {
      turn += 1
      await add(rank + n * 2, turn, { AETERM: n % 2 === 0 ? term : term.toUpperCase() })
    }
  }
  return { world, casework, records }
}

const wordsOf = (value: unknown): string | null =>
  typeof value === 'string' && value.replace(/^ +| +$/g, '') !== ''
    ? value.replace(/^ +| +$/g, '')
    : null
const uniqueSubjects = (events: readonly { subjectId: string }[]) =>
  new Set(events.map(({ subjectId }) => subjectId)).size
const byText = <T>(rows: readonly T[]): T[] =>
  [...rows].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))

/** What the view should say, counted one by one. */
function plainCount({ casework, records }: Case, sites: readonly string[], byArm: boolean) {
  const inReach = casework.subjects.filter(({ siteId }) => sites.includes(siteId))
  const groupOf = new Map(
    inReach.map(({ subjectId, arm }) => [subjectId, byArm ? (arm ?? 'NONE') : 'ALL']),
  )
  const forms = records.filter(
    ({ form, state, siteId }) => form === 'F_AE' && state !== 'removed' && sites.includes(siteId),
  )
  const events = forms
    .filter(({ data }) => 'AETERM' in data || 'AESTDTC' in data)
    .map(({ subjectId, siteId, data }) => ({
      subjectId,
      siteId,
      group: groupOf.get(subjectId) as string,
      grade: ['1', '2', '3', '4', '5'].includes(data.AETOXGR as string)
        ? Number(data.AETOXGR)
        : null,
      serious: data.AESER === 'Y',
      term: 'AETERM' in data ? (wordsOf(data.AEPTCD) ?? wordsOf(data.AETERM)) : null,
    }))
  const has = new Set(events.map(({ subjectId }) => subjectId))
  const subjects = inReach
    .filter(({ subjectId, state }) => state !== 'screenFailure' || has.has(subjectId))
    .map((one) => ({ ...one, group: groupOf.get(one.subjectId) as string }))
  const worst = new Map<string, number | null>()
  for (const { subjectId, grade } of events) {
    const before = worst.get(subjectId) ?? null
    worst.set(subjectId, grade === null ? before : Math.max(before ?? 0, grade))
  }
  const groups = [...new Set(subjects.map(({ group }) => group))].sort()
  const grades = groups.flatMap((group) =>
    [1, 2, 3, 4, 5, null].flatMap((grade) => {
      const own = events.filter((one) => one.group === group && one.grade === grade)
      const worstOf = [...worst].filter(([id, one]) => groupOf.get(id) === group && one === grade)
      const serious = own.filter((one) => one.serious).length
      if (own.length === 0) return []
      return [{ group, grade, events: own.length, serious, subjects: worstOf.length }]
    }),
  )
  const totals = groups.map((group) => {
    const own = events.filter((one) => one.group === group)
    const serious = own.filter((one) => one.serious)
    return {
      group,
      events: own.length,
      subjects: uniqueSubjects(own),
      serious: serious.length,
      seriousSubjects: uniqueSubjects(serious),
      deaths: subjects.filter((one) => one.group === group && one.state === 'dead').length,
    }
  })
  const bySite = sites.map((siteId) => {
    const own = events.filter((one) => one.siteId === siteId)
    const here = subjects.filter((one) => one.siteId === siteId)
    return {
      siteId,
      subjects: here.length,
      deaths: here.filter(({ state }) => state === 'dead').length,
      events: own.length,
      withEvent: uniqueSubjects(own),
      serious: own.filter((one) => one.serious).length,
    }
  })
  const keys = [...new Set(events.flatMap(({ term }) => (term ? [term.toLowerCase()] : [])))]
  const said = (key: string) => events.filter(({ term }) => term?.toLowerCase() === key)
  const top = keys
    .map((key) => ({ key, events: said(key).length, subjects: uniqueSubjects(said(key)) }))
    .sort((a, b) => b.subjects - a.subjects || b.events - a.events || (a.key < b.key ? -1 : 1))
    .slice(0, 15)
  const terms = top.flatMap(({ key }) =>
    groups.flatMap((group) => {
      const own = said(key).filter((one) => one.group === group)
      if (own.length === 0) return []
      return [{ term: key, group, events: own.length, subjects: uniqueSubjects(own) }]
    }),
  )
  return { subjects, grades, totals, bySite, terms, termsLeftOut: keys.length - top.length }
}

const reaches = [
  ['the whole study', ({ world }: Case) => [world.siteId, world.otherSiteId]],
  ['one site', ({ world }: Case) => [world.siteId]],
  ['a chosen site', ({ world }: Case) => [world.otherSiteId]],
] as const

describe.each([true, false])('in a study whose arms are open: %s', (openLabel) => {
  let made: Case
  beforeAll(async () => {
    made = await aCase(openLabel)
  }, 240_000)
  afterAll(() => made.world.end())

  it.each(reaches)('over %s', async (reach, sitesOf) => {
    const { world } = made
    const sites = sitesOf(made)
    const person =
      reach === 'one site'
        ? world.people['data-manager']
        : await world.person('data-manager', 'study')
    const chosen = reach === 'a chosen site' ? { siteIds: [...sites] } : {}
    const view: SafetyView = await safetyDashboard.execute(person, {
      studyId: world.studyId,
      ...chosen,
    })
    expect(view.byArm).toBe(openLabel)
    const expected = plainCount(made, sites, view.byArm)
    expect(byText(view.grades)).toEqual(byText(expected.grades))
    expect(byText(view.totals)).toEqual(byText(expected.totals))
    expect(byText(view.bySite)).toEqual(byText(expected.bySite))
    for (const { key, subjects } of view.groups) {
      expect(subjects).toBe(expected.subjects.filter(({ group }) => group === key).length)
    }
    // One spelling stands for all of a term; the most frequent terms come first.
    expect(view.termsLeftOut).toBe(expected.termsLeftOut)
    expect(view.terms.map((row) => ({ ...row, term: row.term.toLowerCase() }))).toEqual(
      expected.terms.map((row) => expect.objectContaining(row)),
    )
    expect(new Set(view.terms.map(({ term }) => term)).size).toBe(15)
    expect(expected.termsLeftOut).toBeGreaterThan(0)
    expect(expected.grades.some(({ grade }) => grade === null)).toBe(true)
  })
})
