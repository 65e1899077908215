/** What the coverage excuses as impossible never happens, in any of the casebooks that the tests of the studies describe. */
import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { byName } from '#domain/casebook/derivation-tests.ts'
import { type Derivation, stateOf, subjectFrame } from '#domain/casebook/derivations.ts'
import { CasebookEnvironment } from '#domain/casebook/environment.ts'
import { excusesOf } from '#domain/casebook/excuses.ts'
import { studyChecks } from '#domain/casebook/study-checks.ts'
import { TestMistake, testCasebook } from '#domain/casebook/test-casebook.ts'
import type { Frame, Value } from '#domain/expression/types.ts'
import { studyDefinition } from './demo/study-definition.ts'

const studies = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !['library', 'demo', 'testing'].includes(entry.name))
  .map(({ name }) => name)

/** Every place where the derivation has a value or could have one. */
function* outcomes(
  environment: CasebookEnvironment,
  { item, kind, name, rule }: Derivation,
): Generator<[Frame, Value]> {
  if (item === null) {
    const value =
      kind === 'variable' ? environment.variable(name) : environment.evaluate(rule, subjectFrame)
    yield [subjectFrame, value]
    return
  }
  for (const record of environment.recordsOf(item.form)) {
    const { repeating, group } = item.plan.indexed
    const plan = record.plan.groups.find((one) => one.group === group)
    for (const row of repeating && plan ? environment.rowKeys(record, plan) : [null]) {
      if (environment.isOpen(record, item.plan, row) !== true) continue
      yield [
        { record: record.index, row },
        environment.slot(record, item.plan, row).derived ?? null,
      ]
    }
  }
}

it.each(studies)('%s: no test contradicts an excuse', (name) => {
  const { definition, compiled } = studyDefinition(name)
  const derivations = byName(compiled)
  const excuses = new Map(
    [...derivations.values()].map((one) => [
      one.name,
      new Map(excusesOf(compiled, one, derivations).map(({ state, reason }) => [state, reason])),
    ]),
  )
  const contradicted = new Set<string>()
  let asked = 0
  const tests = [
    ...(definition.derivationTests ?? []),
    ...studyChecks(definition).flatMap(({ check }) => check.tests ?? []),
  ]
  for (const { given } of tests) {
    let set: ReturnType<typeof testCasebook>
    try {
      set = testCasebook(compiled, given, null)
    } catch (error) {
      if (error instanceof TestMistake) continue
      throw error
    }
    const study = { ...compiled, parameters: set.parameters }
    const environment = new CasebookEnvironment(study, set.casebook)
    for (const derivation of derivations.values()) {
      for (const [frame, value] of outcomes(environment, derivation)) {
        asked += 1
        const state = stateOf(environment, derivation.rule, frame, value)
        const reason = excuses.get(derivation.name)?.get(state)
        // What reads nothing that is entered may still hang on the site; the others are claims about what is entered.
        if (!reason || /^it (is the variable|reads nothing)/.test(reason)) continue
        contradicted.add(`${derivation.name} is ${state} although ${reason}`)
      }
    }
  }
  expect(asked).toBeGreaterThan(1000)
  expect([...contradicted]).toEqual([])
})
