import { expect, test } from 'vitest'
import type { ReferenceRange } from '#domain/casebook/record.ts'
import { chooseRange, type SampleFacts } from './reference-range.ts'

const range = (more: Partial<ReferenceRange>): ReferenceRange => ({
  siteId: null,
  test: 'CREAT',
  unit: 'umol/L',
  sex: null,
  ageFrom: null,
  ageTo: null,
  validFrom: null,
  validTo: null,
  low: 0,
  high: 1,
  ...more,
})
const facts = (more: Partial<SampleFacts> = {}): SampleFacts => ({
  test: 'CREAT',
  siteId: 'a',
  sex: 'F',
  age: 40,
  date: '2020-06-01',
  ...more,
})
const high = (ranges: ReferenceRange[], more: Partial<SampleFacts> = {}) =>
  chooseRange(ranges, facts(more))?.high ?? null

test('the more specific range wins: site, then sex, then age', () => {
  const all = [
    range({ high: 1 }),
    range({ ageFrom: 18, high: 2 }),
    range({ sex: 'F', high: 3 }),
    range({ siteId: 'a', high: 4 }),
  ]
  expect(high(all)).toBe(4)
  expect(high(all, { siteId: 'b' })).toBe(3)
  expect(high(all, { siteId: 'b', sex: 'M' })).toBe(2)
  expect(high(all, { siteId: 'b', sex: 'M', age: 17 })).toBe(1)
})

test('a condition that cannot be decided does not fit', () => {
  expect(high([range({ sex: 'F' })], { sex: null })).toBeNull()
  expect(high([range({ ageFrom: 18 })], { age: null })).toBeNull()
  expect(high([range({ validFrom: '2020-01-01' })], { date: null })).toBeNull()
  expect(high([range({ test: 'ALT' })])).toBeNull()
})

test('validity and age bounds are inclusive, the later range wins', () => {
  const old = range({ validTo: '2020-05-31', high: 1 })
  const current = range({ validFrom: '2020-06-01', high: 2 })
  expect(high([current, old])).toBe(2)
  expect(high([current, old], { date: '2020-05-31' })).toBe(1)
  expect(high([range({ validFrom: '2019-01-01', high: 1 }), current])).toBe(2)
  expect(high([range({ ageFrom: 18, ageTo: 64 })], { age: 64 })).toBe(1)
  expect(high([range({ ageFrom: 18, ageTo: 64 })], { age: 65 })).toBeNull()
})
