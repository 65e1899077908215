import { expect, it } from 'vitest'
import type { SubjectImpact } from '#domain/casebook/amendment-views.ts'
import {
  type ImpactFilter,
  impactCounts,
  impactFilters,
  matches,
  totalOf,
} from './impact-filter.ts'

const untouched: SubjectImpact = {
  subjectId: 's',
  subjectKey: '01-001',
  siteCode: '01',
  from: 1,
  live: true,
  goLiveOn: null,
  records: 12,
  signatures: [],
  renamed: 0,
  replaced: 0,
  retired: 0,
  refused: 0,
  derived: 0,
  reopened: 0,
  queriesOpened: 0,
  queriesClosed: 0,
}
const found = (change: Partial<SubjectImpact>): ImpactFilter[] =>
  impactFilters.filter((filter) => matches({ ...untouched, ...change }, filter))

it('finds subjects by what happens to them', () => {
  expect(found({})).toEqual(['all'])
  expect(found({ live: false })).toEqual(['all', 'waiting'])
  expect(found({ derived: 2 })).toEqual(['all', 'touched'])
  expect(found({ refused: 1 })).toEqual(['all', 'touched', 'atRisk'])
  expect(found({ retired: 1, reopened: 1 })).toEqual(['all', 'touched', 'atRisk', 'reopened'])
})

it('adds up what is counted, and leaves out nothing that a subject reports', () => {
  const rows = [
    { ...untouched, renamed: 2 },
    { ...untouched, renamed: 3 },
  ]
  const renamed = impactCounts.find(({ id }) => id === 'renamed')
  expect(renamed && totalOf(rows, renamed.count)).toBe(5)
  for (const key of ['renamed', 'replaced', 'retired', 'refused', 'derived', 'reopened'] as const) {
    const row = { ...untouched, [key]: 7 }
    expect(impactCounts.reduce((sum, { count }) => sum + count(row), 0)).toBe(7)
  }
})
