/** States that a derivation can never be in, whatever is entered, each with the reason in words. */
import type { Compiled } from '#domain/expression/compile.ts'
import { leavesOf, type Nullness, nullnessOf } from '#domain/expression/nullness.ts'
import type { ItemReference, Value } from '#domain/expression/types.ts'
import type { CompiledStudy } from './compile-study.ts'
import { byName } from './derivation-tests.ts'
import { type Derivation, type DerivationState, stateOf, subjectFrame } from './derivations.ts'
import { CasebookEnvironment } from './environment.ts'
import type { FormRecordData, RecordKey } from './record.ts'
import { hasOpenRows } from './study-index.ts'
import { usualEvent } from './test-casebook.ts'

export type Excuse = { state: DerivationState; reason: string }

/** At most two: a derivation that can never be decided is no excuse but a mistake. */
export function excusesOf(
  compiled: CompiledStudy,
  derivation: Derivation,
  derivations: ReadonlyMap<string, Derivation> = byName(compiled),
): Excuse[] {
  const { rule } = derivation
  if (rule.core.op === 'variable') {
    const reason = `it is the variable ${rule.core.oid}`
    return states.map((state) => ({ state, reason }))
  }
  const leaves = readingsOf(compiled, derivation)
  if (leaves.length === 0) {
    const reason = 'it reads nothing that is entered'
    return [
      { state: 'undecided', reason },
      { state: 'missing', reason },
    ]
  }
  const excuses: Excuse[] = []
  if (!canBeUndecided(compiled, derivation, derivations, new Set())) {
    excuses.push({
      state: 'undecided',
      reason: 'it has a value as soon as one of the things it reads has',
    })
  }
  const reason = neverMissing(compiled, derivation)
  if (reason !== null) excuses.push({ state: 'missing', reason })
  return excuses
}

function readingsOf(compiled: CompiledStudy, { rule }: Derivation): string[] {
  const isGivable = (reference: ItemReference): boolean =>
    compiled.forms.get(reference.form)?.items.get(reference.item)?.indexed.isRowItem === false
  return leavesOf(rule.core, isGivable)
}

const states = ['decided', 'undecided', 'missing'] as const

/**
 * Tries all readings known, one alone, and all but one: more readings never take a certain value away. Rows alone are no reading:
 * they are there where something in them is known, and may be there or not otherwise. With no reading known it is undecided where
 * something derived that it reads is.
 */
function canBeUndecided(
  compiled: CompiledStudy,
  derivation: Derivation,
  derivations: ReadonlyMap<string, Derivation>,
  asked: Set<string>,
): boolean {
  const { rule } = derivation
  const leaves = readingsOf(compiled, derivation)
  const values = leaves.filter((leaf) => !leaf.startsWith('rows:'))
  const isNullable = (known: readonly string[]): boolean => {
    const assume = (leaf: string): Nullness => {
      if (leaf.startsWith('rows:')) {
        const start = leaf.slice('rows:'.length, leaf.indexOf('.') + 1)
        return known.some((one) => one.startsWith(start) && one.endsWith('@bound'))
          ? 'known'
          : 'maybe'
      }
      if (leaf === 'field:refLow' || leaf === 'field:refHigh') {
        // Without a unit some tests have a limit all the same: those that know one unit only.
        const end = leaf === 'field:refLow' ? 0 : 1
        return known.includes(leaf) && limitsAreWhole(derivation, end) ? 'known' : 'maybe'
      }
      // What is no leaf is given by nobody and always there, as the key of a fixed row.
      return !values.includes(leaf) || known.includes(leaf) ? 'known' : 'null'
    }
    return nullnessOf(rule.core, assume) !== 'known'
  }
  if (values.length === 0) return false
  if (isNullable(values) || values.some((one) => isNullable([one]))) return true
  if (values.length > 2) {
    if (values.some((one) => isNullable(values.filter((other) => other !== one)))) return true
  }
  asked.add(derivation.name)
  if (!isNullable([])) return false
  return values.some((leaf) => {
    const name = leaf.startsWith('$') ? leaf.slice(1) : leaf.slice(0, leaf.indexOf('['))
    const read = derivations.get(name)
    return read && !asked.has(name) && canBeUndecided(compiled, read, derivations, asked)
  })
}

/** Whether every fixed row of the item's group has this end of its reference range. */
function limitsAreWhole({ item }: Derivation, end: 0 | 1): boolean {
  const rows = item?.plan.indexed.group.rows ?? []
  return rows.length > 0 && rows.every(({ reference }) => (reference?.[end] ?? null) !== null)
}

/** With nothing given: a reason where the derivation has a value then, or reads something that has. */
function neverMissing(compiled: CompiledStudy, derivation: Derivation): string | null {
  const subject = { subjectId: 'test', subjectKey: '01-001', siteCode: '01', siteId: '01' }
  const empty = { subject, records: [], references: [], today: '2099-12-31' }
  const environment = new CasebookEnvironment(compiled, empty)
  if (derivation.item === null) {
    const value = environment.evaluate(derivation.rule, subjectFrame)
    const reason = reasonFor(value, stateOf(environment, derivation.rule, subjectFrame, value))
    if (reason === null || derivation.rule.collections.length === 0) return reason
    // Where a form is opened and nothing entered, a row without a value may leave undecided what no row decides.
    const opened = new CasebookEnvironment(compiled, {
      ...empty,
      records: openedForms(compiled, derivation.rule),
    })
    const then = opened.evaluate(derivation.rule, subjectFrame)
    return then === null && stateOf(opened, derivation.rule, subjectFrame, then) === 'missing'
      ? null
      : reason
  }
  const { form, plan } = derivation.item
  const indexed = compiled.index.forms.get(form)
  const key: RecordKey = {
    event: (indexed && usualEvent(indexed, null)?.oid) ?? '',
    eventRepeat: 1,
    form,
    formRepeat: 1,
  }
  const record = environment.recordAt(key)
  if (!record) return null
  const { group } = plan.indexed
  const fixed = (group.rows ?? []).map(({ key: row }) => row)
  const rows = plan.indexed.repeating ? [...fixed, ...(hasOpenRows(group) ? ['a1'] : [])] : [null]
  let reason: string | null = null
  for (const row of rows) {
    const frame = { record: record.index, row }
    const value = environment.evaluate(derivation.rule, frame)
    reason = reasonFor(value, stateOf(environment, derivation.rule, frame, value))
    if (reason === null) break
  }
  if (reason !== null) return reason
  const opens = sharedReading(derivation)
  const isClosed = rows.every((row) => environment.isOpen(record, plan, row) !== true)
  return opens !== null && isClosed
    ? `it is open only where ${opens}, which it reads, allows`
    : null
}

/** One record without a value of each form whose rows a rule runs over. */
function openedForms(compiled: CompiledStudy, rule: Compiled): FormRecordData[] {
  return [...new Set(rule.collections.map(({ form }) => form))].map((form) => {
    const indexed = compiled.index.forms.get(form)
    const event = (indexed && usualEvent(indexed, null)?.oid) ?? ''
    return {
      recordId: null,
      key: { event, eventRepeat: 1, form, formRepeat: 1 },
      versionNumber: 1,
      revision: 1,
      state: 'inProgress',
      data: {},
      derived: {},
    }
  })
}

function reasonFor(value: Value, state: DerivationState): string | null {
  if (state === 'decided') return `with nothing given it is ${JSON.stringify(value)}`
  return state === 'undecided' ? 'something it reads always has a value' : null
}

/** An item of the same form that both opens the derived item and is read by it. */
function sharedReading({ item, rule }: Derivation): string | null {
  const own = rule.references.map(({ form, item: oid }) => `${form}.${oid}`)
  for (const { form, item: oid } of item?.plan.when?.references ?? []) {
    if (own.includes(`${form}.${oid}`)) return oid
  }
  return null
}
