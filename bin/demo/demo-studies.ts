import type { Correction, DemoPlan, Question } from '#studies/demo/plan.ts'
import { comparisonCorrections, comparisonQuestions } from '#studies/mda5-tof-tac/demo/cleaning.ts'
import { cohort as comparison } from '#studies/mda5-tof-tac/demo/cohort.ts'
import { trialCorrections, trialQuestions } from '#studies/tac-csa-rct/demo/cleaning.ts'
import {
  blockSizes,
  demoListSeed,
  listLength,
  strata,
  cohort as trial,
} from '#studies/tac-csa-rct/demo/whole-cohort.ts'
import { addOnCorrections, addOnQuestions } from '#studies/tac-pirfenidone/demo/cleaning.ts'
import { cohort as addOn } from '#studies/tac-pirfenidone/demo/cohort.ts'
import { surveillanceCorrections, surveillanceQuestions } from '#studies/tac-pms/demo/cleaning.ts'
import { cohort as surveillance } from '#studies/tac-pms/demo/cohort.ts'
import { chartCorrections, chartQuestions } from '#studies/us-ma-ild/demo/cleaning.ts'
import { cohort as chartReview } from '#studies/us-ma-ild/demo/cohort.ts'

export type DemoStudy = {
  /** Folder below `studies/`. */
  name: string
  /** OID that its definition has; named here so that a start need not read every definition. */
  oid: string
  cohort: () => readonly DemoPlan[]
  /** Allocation lists that are made and frozen before the first subject. */
  lists?: { strata: readonly string[]; size: number; seed: string; blocks: readonly number[] }
  /** Which of the staff works at the first site; see `siteStaff`. */
  firstStaff?: number
  /** What sites correct after a form was complete. */
  corrections?: (plan: DemoPlan) => readonly Correction[]
  /** What the monitor asks. */
  questions?: readonly Question[]
}

/** The studies of the demo, in the order they are loaded: the first is there when the server opens. */
export const demoStudies: readonly DemoStudy[] = [
  {
    name: 'tac-csa-rct',
    oid: 'TACCSA',
    cohort: trial,
    lists: { strata, size: listLength, seed: demoListSeed, blocks: blockSizes },
    firstStaff: 0,
    corrections: trialCorrections,
    questions: trialQuestions,
  },
  {
    name: 'tac-pms',
    oid: 'TACPMS',
    cohort: surveillance,
    corrections: surveillanceCorrections,
    questions: surveillanceQuestions,
  },
  {
    name: 'us-ma-ild',
    oid: 'USMAILD',
    cohort: chartReview,
    corrections: chartCorrections,
    questions: chartQuestions,
  },
  {
    name: 'tac-pirfenidone',
    oid: 'TACPFD',
    cohort: addOn,
    corrections: addOnCorrections,
    questions: addOnQuestions,
  },
  {
    name: 'mda5-tof-tac',
    oid: 'MDA5TT',
    cohort: comparison,
    corrections: comparisonCorrections,
    questions: comparisonQuestions,
  },
]
