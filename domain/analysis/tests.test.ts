import { expect, it } from 'vitest'
import { compareCounts } from './tests.ts'

// p-values by R 4.2.2, fisher.test().
it('compares tables beyond 2 x 2 by Freeman and Halton', () => {
  const patterns = [
    [7, 19],
    [2, 0],
    [2, 2],
    [1, 1],
  ]
  expect(compareCounts('fisher', patterns).p).toBeCloseTo(0.108590154638052, 9)
  const withEmpty = [...patterns, [0, 0]]
  expect(compareCounts('fisher', withEmpty).p).toBeCloseTo(0.108590154638052, 9)
  const threeGroups = [
    [5, 1, 3],
    [2, 8, 4],
  ]
  expect(compareCounts('fisher', threeGroups).p).toBeCloseTo(0.0565046072516786, 9)
})

it('gives 1 for a table in which nothing can differ, and a sentence for one without counts', () => {
  const oneColumn = [
    [3, 0],
    [4, 0],
    [1, 0],
  ]
  expect(compareCounts('fisher', oneColumn).p).toBe(1)
  const empty = compareCounts('fisher', [
    [0, 0, 0],
    [0, 0, 0],
  ])
  expect(empty.p).toBeNull()
  expect(empty.text).toBe('–')
  expect(empty.note?.en).not.toBe('')
})
