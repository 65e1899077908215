/**
 * What the demo cohort must hold beyond the printed cells of the publication (Sharma et al., J Rheumatol 2017); those stand in
 * `demo/paper.yaml` and are compared by `casebook report check`.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { populationRule } from '#domain/definition/population-rule.ts'
import { analysisSubjects, fillSubject } from '#studies/demo/fill-subject.ts'
import { studyDefinition } from '#studies/demo/study-definition.ts'
import { chartCorrections } from './demo/cleaning.ts'
import { cohort } from './demo/cohort.ts'

let all: ReturnType<typeof analysisSubjects>
const study = studyDefinition('us-ma-ild')

beforeAll(() => {
  const filled = cohort().map((plan, i) =>
    fillSubject(study, plan, {
      corrections: chartCorrections,
      subjectKey: `01-${String(i + 1).padStart(3, '0')}`,
    }),
  )
  all = analysisSubjects(study.compiled, filled)
}, 60_000)

const having = (rule: string, of = all) => of.filter((subject) => subject.value(rule) === true)

it('has the populations of Figure 1', () => {
  const sizes = study.definition.populations.map(({ oid }) => [
    oid,
    having(populationRule(study.definition, oid)).length,
  ])
  expect(sizes).toEqual([
    ['IDENTIFIED', 67],
    ['EXCLUDED', 13],
    ['INCLUDED', 54],
    ['CONVRESP', 31],
    ['CONVFAIL', 23],
    ['TACSET', 18],
    ['TACRESP', 13],
    ['TACFAIL', 5],
  ])
})

describe('the five failures outside analysis 2 have the margins that remain of Table 2 less Table 3', () => {
  const remaining: readonly [rule: string, n: number][] = [
    ["F_DM.SEX == 'F'", 3],
    ["F_DM.RACE4 == 'BLACK'", 3],
    ["F_DM.RACE4 == 'WHITE'", 1],
    ["F_DM.RACE4 == 'HISPANIC'", 1],
    ["F_SU.SUSTAT == 'NEVER'", 4],
    ["F_SU.SUSTAT == 'CURRENT'", 1],
    ["F_IIM.IIMTYPE == 'PM'", 1],
    ["F_IIM.IIMTYPE == 'DM'", 4],
    ['ANAPOS', 4],
    ['MSA_JO1', 3],
    ['MSA_SSA', 2],
    ['MSA_MI2 || MSA_PL7 || MSA_SRP || MSA_KU', 0],
    ["HC_IDX == 'Y'", 2],
    ["BXGRP == 'OP' || BXGRP == 'UIP'", 0],
    ["BXGRP == 'NSIP'", 1],
    ["BXGRP == 'OTH'", 1],
    ['AZA_EVER', 3],
    ['MTX_EVER', 1],
    ['MMF_EVER', 1],
  ]
  it.each(remaining)('%s: %i', (rule, n) => {
    const rest = having("F_IE.IEELIG == 'Y' && GRP1 == 'FAIL'").filter(
      (subject) => subject.value('GRP2') === null,
    )
    expect(rest).toHaveLength(5)
    expect(having(rule, rest)).toHaveLength(n)
  })
})
