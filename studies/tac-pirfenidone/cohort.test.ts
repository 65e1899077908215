import { expect, it } from 'vitest'
import { studyDefinition } from '#studies/demo/study-definition.ts'
import { cohortTroubles } from '#studies/testing/cohort-troubles.ts'
import { addOnCorrections } from './demo/cleaning.ts'
import { cohort } from './demo/cohort.ts'

it('gives every form of the demo cohort whole: nothing open, nothing impossible', () => {
  const plans = cohort()
  expect(plans).toHaveLength(294)
  const { impossible, questions, asked } = cohortTroubles(
    studyDefinition('tac-pirfenidone'),
    plans,
    addOnCorrections,
  )
  expect(impossible).toEqual([])
  // A cohort without any question would be no study, one with hundreds no good one.
  expect(questions).toBeGreaterThan(20)
  expect(questions, asked).toBeLessThan(150)
}, 180_000)

it('gives every scan a read key of its own that tells nothing', () => {
  const acquired = cohort().flatMap(({ before }) => before.filter(({ form }) => form === 'F_HRACQ'))
  const keys = acquired.map(({ values }) => values.HRKEY)
  expect(keys).toHaveLength(67)
  expect(new Set(keys).size).toBe(67)
  for (const key of keys) expect(key).toMatch(/^[A-Z2-9]{6}$/)
})

it('is the same cohort every time', () => {
  expect(cohort()).toEqual(cohort())
})
