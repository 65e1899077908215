import { expect, it } from 'vitest'
import { studyDefinition } from '#studies/demo/study-definition.ts'
import { cohortTroubles } from '#studies/testing/cohort-troubles.ts'
import { chartCorrections } from './demo/cleaning.ts'
import { cohort } from './demo/cohort.ts'

it('gives every form of the demo cohort whole: nothing open, nothing impossible', () => {
  const plans = cohort()
  expect(plans).toHaveLength(67)
  const { impossible, questions, asked } = cohortTroubles(
    studyDefinition('us-ma-ild'),
    plans,
    chartCorrections,
  )
  expect(impossible).toEqual([])
  // A cohort without any question would be no chart review, one with hundreds no good one.
  expect(questions).toBeGreaterThan(5)
  expect(questions, asked).toBeLessThan(60)
}, 60_000)
