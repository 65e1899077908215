import { expect, it } from 'vitest'
import { evaluateForm } from '#domain/casebook/evaluate.ts'
import type { FormEvaluation } from '#domain/casebook/record.ts'
import { fillSubject } from '#studies/demo/fill-subject.ts'
import { studyDefinition } from '#studies/demo/study-definition.ts'
import { cohort } from './demo/cohort.ts'

it('gives every form of the demo cohort whole: nothing open, nothing impossible', () => {
  const study = studyDefinition('tac-pirfenidone')
  const plans = cohort()
  expect(plans).toHaveLength(294)
  const troubles = new Map<string, number>()
  const soft = new Map<string, number>()
  const count = (tally: Map<string, number>, what: string) =>
    tally.set(what, (tally.get(what) ?? 0) + 1)
  for (const plan of plans) {
    // Whether a form can be completed shows at the end; what bites at saving must not bite at any step.
    const onSaid = (place: string, said: FormEvaluation) => {
      for (const finding of said.findings) {
        if (finding.level === 'hard' && finding.at === 'save')
          count(troubles, `${finding.check} ${place} ${finding.path}: ${finding.message.en}`)
      }
    }
    const filled = fillSubject(study, plan, { onSaid })
    if (plan.brokenOff) continue
    for (const record of filled.casebook.records) {
      const place = `${record.key.event}/${record.key.form}`
      const said = evaluateForm(study.compiled, filled.casebook, record.key)
      for (const path of said.open) count(troubles, `open ${place} ${path}`)
      for (const finding of said.findings) {
        if (finding.level === 'hard') count(troubles, `${finding.check} ${place} ${finding.path}`)
        if (finding.level === 'soft') count(soft, `${finding.check} ${finding.path}`)
      }
    }
  }
  // A cohort without any question would be no study, one with hundreds no good one.
  const questions = [...soft.values()].reduce((sum, n) => sum + n, 0)
  expect([...troubles].map(([what, n]) => `${n} ${what}`)).toEqual([])
  expect(questions).toBeGreaterThan(20)
  expect(questions, [...soft].map(([what, n]) => `${n} ${what}`).join('; ')).toBeLessThan(150)
}, 120_000)

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
