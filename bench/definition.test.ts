import { expect, test } from 'vitest'
import { compileStudy } from '#domain/casebook/compile-study.ts'
import { CasebookEnvironment } from '#domain/casebook/environment.ts'
import { evaluateAffected, evaluateRecord } from '#domain/casebook/evaluate.ts'
import { recordKeyText } from '#domain/casebook/record.ts'
import { rulesOf } from '#domain/casebook/rules.ts'
import { checkStudy } from '#domain/definition/check-study.ts'
import { findingText } from '#domain/definition/finding.ts'
import { parseStudy } from '#domain/definition/parse-study.ts'
import { fullCasebook } from './definition-casebook.ts'
import { definitionFiles, largeStudy } from './definition-files.ts'

const { definition, findings, locate } = parseStudy(definitionFiles())
if (!definition) throw new Error(findings.map(findingText).join('\n'))
const compiled = compileStudy(definition)

test('the study of the measures is as large as it says, and sound', () => {
  const items = definition.forms.flatMap((form) => form.groups.flatMap((group) => group.items))
  const rules = rulesOf(definition, compiled.index).filter((rule) =>
    ['derive', 'when', 'required', 'check'].includes(rule.purpose),
  )
  expect(definition.forms).toHaveLength(largeStudy.forms)
  expect(items).toHaveLength(largeStudy.items)
  expect(rules.length).toBeGreaterThanOrEqual(largeStudy.rules)
  const problems = checkStudy(definition)
    .map(locate)
    .filter(({ severity }) => severity !== 'note')
  expect(problems.map(findingText)).toEqual([])
})

test('after a change exactly the dependents are asked, and nothing else says anything new', () => {
  const casebook = fullCasebook(compiled)
  const before = allOf(casebook)
  const record = casebook.records.find(({ recordId }) => recordId === 'V3/F_020#1')
  if (!record) throw new Error('no such record')
  const data = { ...record.data, I4: '123.0' }
  const records = casebook.records.map((one) => (one === record ? { ...record, data } : one))
  const after = { ...casebook, records }
  const { evaluations } = evaluateAffected(compiled, after, [{ key: record.key, paths: ['I4'] }])
  const asked = new Set(evaluations.map(({ key }) => recordKeyText(key)))
  const fresh = allOf(after)
  const changed = [...fresh].filter(([key, text]) => text !== before.get(key)).map(([key]) => key)
  expect(changed.length).toBeGreaterThan(0)
  for (const key of changed) expect(asked).toContain(key)
  // Only the form itself reads I4: at the visit, as a baseline, and at the visit after.
  expect([...asked].every((key) => key.endsWith('/F_020'))).toBe(true)
  expect(asked.size).toBeLessThan(casebook.records.length / 20)
  for (const { key, evaluation } of evaluations) {
    expect(JSON.stringify(evaluation)).toBe(fresh.get(recordKeyText(key)))
  }
})

function allOf(casebook: ReturnType<typeof fullCasebook>): Map<string, string> {
  const environment = new CasebookEnvironment(compiled, casebook)
  return new Map(
    environment.records.map((record) => [
      recordKeyText(record.data.key),
      JSON.stringify(evaluateRecord(environment, record)),
    ]),
  )
}
