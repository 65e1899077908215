import { expect, it } from 'vitest'
import { studyDefinition } from '#studies/demo/study-definition.ts'
import { cohortTroubles } from '#studies/testing/cohort-troubles.ts'
import { surveillanceCorrections } from './demo/cleaning.ts'
import { cohort } from './demo/cohort.ts'

it('gives every form of the demo cohort whole: nothing open, nothing impossible', () => {
  const plans = cohort()
  expect(plans).toHaveLength(181)
  const { impossible, questions, asked } = cohortTroubles(
    studyDefinition('tac-pms'),
    plans,
    surveillanceCorrections,
  )
  expect(impossible).toEqual([])
  // A surveillance without any question would be no surveillance, one with thousands no good one.
  expect(questions).toBeGreaterThan(20)
  expect(questions, asked).toBeLessThan(180)
}, 180_000)
