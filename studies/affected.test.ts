/**
 * After a change the engine asks only the records that can say something else, with only the forms that they read at hand: no record
 * that says something new may be left out, and none may say anything else for want of a form.
 */
import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { CompiledStudy } from '#domain/casebook/compile-study.ts'
import { CasebookEnvironment } from '#domain/casebook/environment.ts'
import { evaluateAffected, evaluateRecord } from '#domain/casebook/evaluate.ts'
import { type Casebook, recordKeyText } from '#domain/casebook/record.ts'
import { studyChecks } from '#domain/casebook/study-checks.ts'
import { TestMistake, testCasebook } from '#domain/casebook/test-casebook.ts'
import type { Given } from '#domain/definition/definition.ts'
import { studyDefinition } from './demo/study-definition.ts'

const studies = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !['library', 'demo', 'testing'].includes(entry.name))
  .map(({ name }) => name)

function everything(compiled: CompiledStudy, casebook: Casebook): Map<string, string> {
  const environment = new CasebookEnvironment(compiled, casebook)
  return new Map(
    [...environment.records].map((record) => [
      recordKeyText(record.data.key),
      JSON.stringify(evaluateRecord(environment, record)),
    ]),
  )
}

/** The casebook with one entered value gone, and what that change reaches. */
function withoutOne(compiled: CompiledStudy, casebook: Casebook, at: number) {
  const values = casebook.records.flatMap((record) =>
    Object.keys(record.data).map((path) => ({ record, path })),
  )
  const chosen = values[at % Math.max(1, values.length)]
  if (!chosen) return null
  const { [chosen.path]: _, ...data } = chosen.record.data
  const records = casebook.records.map((one) => (one === chosen.record ? { ...one, data } : one))
  const after = { ...casebook, records }
  const change = [{ key: chosen.record.key, paths: [chosen.path] }]
  const { evaluations } = evaluateAffected(compiled, after, change)
  const text = `${recordKeyText(chosen.record.key)}.${chosen.path}`
  const needed = new Set(compiled.formsReadBy(chosen.record.key.form))
  const few = { ...after, records: after.records.filter(({ key }) => needed.has(key.form)) }
  const answers = (all: typeof evaluations) =>
    JSON.stringify(all.map(({ key, evaluation }) => [recordKeyText(key), evaluation]))
  return {
    after,
    text,
    asked: new Set(evaluations.map(({ key }) => recordKeyText(key))),
    isSameWithFew:
      answers(evaluations) === answers(evaluateAffected(compiled, few, change).evaluations),
  }
}

it.each(studies)('%s: what changes was asked', (name) => {
  const { definition, compiled } = studyDefinition(name)
  const givens: Given[] = [
    ...(definition.derivationTests ?? []),
    ...studyChecks(definition).flatMap(({ check }) => check.tests ?? []),
  ].map(({ given }) => given)
  const missed = new Set<string>()
  let changes = 0
  let seen = 0
  givens.forEach((given, i) => {
    let set: ReturnType<typeof testCasebook>
    try {
      set = testCasebook(compiled, given, null)
    } catch (error) {
      if (error instanceof TestMistake) return
      throw error
    }
    const study = { ...compiled, parameters: set.parameters }
    const before = everything(study, set.casebook)
    for (const step of [i, i + 7]) {
      const one = withoutOne(study, set.casebook, step)
      if (!one) continue
      changes += 1
      if (!one.isSameWithFew) missed.add(`a form after ${one.text}`)
      for (const [key, text] of everything(study, one.after)) {
        if (text === before.get(key)) continue
        seen += 1
        if (!one.asked.has(key)) missed.add(`${key} after ${one.text}`)
      }
    }
  })
  expect(changes).toBeGreaterThan(100)
  expect(seen).toBeGreaterThan(changes / 2)
  expect([...missed]).toEqual([])
})
