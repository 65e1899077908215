import { expect, it } from 'vitest'
import { evaluateForm } from '#domain/casebook/evaluate.ts'
import type { FormEvaluation } from '#domain/casebook/record.ts'
import { fillSubject } from '#studies/demo/fill-subject.ts'
import { studyDefinition } from '#studies/demo/study-definition.ts'
import { comparisonCorrections } from './demo/cleaning.ts'
import { cohort } from './demo/cohort.ts'

it('gives every form of the demo cohort whole: nothing open, nothing impossible', () => {
  const study = studyDefinition('mda5-tof-tac')
  const plans = cohort()
  expect(plans).toHaveLength(61)
  const troubles = new Map<string, number>()
  const soft = new Map<string, number>()
  const count = (tally: Map<string, number>, what: string) =>
    tally.set(what, (tally.get(what) ?? 0) + 1)
  let corrected = 0
  plans.forEach((plan, i) => {
    // Whether a form can be completed shows at the end; what bites at saving must not bite at any step.
    const onSaid = (place: string, said: FormEvaluation) => {
      for (const finding of said.findings) {
        if (finding.level === 'hard' && finding.at === 'save')
          count(troubles, `${finding.check} ${place} ${finding.path}: ${finding.message.en}`)
      }
    }
    corrected += comparisonCorrections(plan).length
    const subjectKey = `01-${String(i + 1).padStart(3, '0')}`
    const filled = fillSubject(study, plan, {
      onSaid,
      subjectKey,
      corrections: comparisonCorrections,
    })
    for (const record of filled.casebook.records) {
      const place = `${record.key.event}/${record.key.form}`
      const said = evaluateForm(study.compiled, filled.casebook, record.key)
      for (const path of said.open) count(troubles, `open ${place} ${path}`)
      for (const finding of said.findings) {
        if (finding.level === 'hard') count(troubles, `${finding.check} ${place} ${finding.path}`)
        if (finding.level === 'soft') count(soft, `${finding.check} ${finding.path}`)
      }
    }
  })
  expect(corrected).toBe(1)
  // A cohort without any question would be no chart review, one with hundreds no good one.
  const questions = [...soft.values()].reduce((sum, n) => sum + n, 0)
  expect(questions).toBeGreaterThan(5)
  expect(questions, [...soft].map(([what, n]) => `${n} ${what}`).join('; ')).toBeLessThan(60)
  expect([...troubles].map(([what, n]) => `${n} ${what}`)).toEqual([])
})
