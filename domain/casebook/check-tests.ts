/** Runs the tests that stand beside a check: given these values, it fires or stays silent. */
import type { CheckDef } from '#domain/definition/definition.ts'
import type { CompiledStudy } from './compile-study.ts'
import { CasebookEnvironment } from './environment.ts'
import { evaluateRecord } from './evaluate.ts'
import { itemPath, type RecordKey, recordKeyText } from './record.ts'
import {
  TestMistake,
  testCasebook,
  unreadGivens,
  usualEvent,
  visitNamedFor,
} from './test-casebook.ts'

export type CheckTestResult = {
  name: string
  ok: boolean
  message: string
  expect: 'fires' | 'silent'
  /** Whether the rule was asked at all: its item was open in some record or row. */
  asked: boolean
}
type CheckTest = NonNullable<CheckDef['tests']>[number]

/** One result per test of the check; never throws. A check that does not compile fails its tests. */
export function runCheckTests(compiled: CompiledStudy, check: CheckDef): CheckTestResult[] {
  return (check.tests ?? []).map((test, i) => {
    const name = test.name ?? `${check.id} ${i + 1} ${test.expect}`
    const { expect } = test
    try {
      return { name, expect, ...runTest(compiled, check, test) }
    } catch (error) {
      if (!(error instanceof TestMistake)) throw error
      return { name, expect, ok: false, asked: false, message: error.message }
    }
  })
}

function runTest(
  compiled: CompiledStudy,
  check: CheckDef,
  test: CheckTest,
): { ok: boolean; message: string; asked: boolean } {
  const plan = compiled.forms.get(check.form)?.checks.find((entry) => entry.check.id === check.id)
  if (!plan) throw new TestMistake(`The rule of ${check.id} does not compile.`)
  const home = homeEvent(compiled, check, test)
  const own: RecordKey = { event: home ?? '', eventRepeat: 1, form: check.form, formRepeat: 1 }
  const set = testCasebook(compiled, test.given, home, [own])
  const study: CompiledStudy = { ...compiled, parameters: set.parameters }
  const environment = new CasebookEnvironment(study, set.casebook)
  const messages: string[] = []
  let fired = false
  let asked = false
  for (const record of environment.recordsOf(check.form)) {
    const { findings, closed } = evaluateRecord(environment, record)
    for (const finding of findings) {
      if (finding.check !== check.id) continue
      fired = true
      messages.push(`${recordKeyText(record.data.key)} ${finding.path}: ${finding.message.en}`)
    }
    const { group, item, repeating } = plan.item
    const groupPlan = record.plan.groups.find((entry) => entry.group.oid === group.oid)
    const rows = repeating && groupPlan ? environment.rowKeys(record, groupPlan) : [null]
    asked ||= rows.some((row) => !closed.includes(itemPath(group.oid, row, item.oid)))
  }
  if (fired === (test.expect === 'fires')) return { ok: true, message: messages.join(' '), asked }
  const unread = unreadGivens(environment, set.given)
  const outcome = fired ? `It fires: ${messages.join(' ')}` : 'It stays silent.'
  const hint = unread.length === 0 ? '' : ` Not seen by rules: ${unread.join(', ')}.`
  return { ok: false, message: `${outcome}${hint}`, asked }
}

/** The visit a test plays in: where it names one for the check's form, else the form's first. */
function homeEvent(compiled: CompiledStudy, check: CheckDef, test: CheckTest): string | null {
  const named = visitNamedFor(compiled, check.form, Object.keys(test.given))
  if (named !== null) return named
  const form = compiled.index.forms.get(check.form)
  return form ? (usualEvent(form, null)?.oid ?? null) : null
}
