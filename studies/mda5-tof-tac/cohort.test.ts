import { expect, it } from 'vitest'
import { studyDefinition } from '#studies/demo/study-definition.ts'
import { cohortTroubles } from '#studies/testing/cohort-troubles.ts'
import { comparisonCorrections } from './demo/cleaning.ts'
import { cohort } from './demo/cohort.ts'

it('gives every form of the demo cohort whole: nothing open, nothing impossible', () => {
  const plans = cohort()
  expect(plans).toHaveLength(61)
  const { impossible, questions, asked } = cohortTroubles(
    studyDefinition('mda5-tof-tac'),
    plans,
    comparisonCorrections,
  )
  expect(impossible).toEqual([])
  // A cohort without any question would be no chart review, one with hundreds no good one.
  expect(questions).toBeGreaterThan(5)
  expect(questions, asked).toBeLessThan(60)
}, 60_000)

it('corrects one wrong unit, and the same charts come out every time', () => {
  const plans = cohort()
  const corrected = plans.flatMap((plan) => comparisonCorrections(plan))
  expect(corrected.flatMap(({ changes }) => changes)).toEqual([
    { path: 'LB[DDIMER].LBORRESU', from: 'ng/mL', to: 'ug/mL' },
  ])
  expect(cohort()).toEqual(plans)
})
