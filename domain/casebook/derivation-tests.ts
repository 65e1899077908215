/** Runs the tests of derivations: given these values, they have these, or none for this or that cause. */
import type { DerivationTestDef } from '#domain/definition/definition.ts'
import type { Value } from '#domain/expression/types.ts'
import { storedText } from '#domain/values/format.ts'
import type { CompiledStudy } from './compile-study.ts'
import {
  type Derivation,
  type DerivationState,
  derivationsOf,
  stateOf,
  subjectFrame,
} from './derivations.ts'
import { CasebookEnvironment } from './environment.ts'
import type { StoredValue } from './record.ts'
import { placeOfItem, TestMistake, testCasebook, unreadGivens } from './test-casebook.ts'

type Expected = NonNullable<DerivationTestDef['expect']>[string]

/** One expectation of one test. */
export type DerivationTestResult = {
  test: string
  address: string
  ok: boolean
  message: string
  /** The derivation it is about, and the state it was in; null where the test could not be set up or the item was closed. */
  derivation: string | null
  state: DerivationState | null
}

/** One result per expectation, or one for a test that cannot be set up; never throws. */
export function runDerivationTest(
  compiled: CompiledStudy,
  test: DerivationTestDef,
  derivations: ReadonlyMap<string, Derivation> = byName(compiled),
): DerivationTestResult[] {
  const expected: [string, Expected][] = [
    ...Object.entries(test.expect ?? {}),
    ...(test.undecided ?? []).map((address): [string, Expected] => [address, 'undecided']),
    ...(test.missing ?? []).map((address): [string, Expected] => [address, 'missing']),
  ]
  const failed = (address: string, message: string): DerivationTestResult => {
    return { test: test.name, address, ok: false, message, derivation: null, state: null }
  }
  if (expected.length === 0) return [failed('', 'It expects nothing.')]
  try {
    const set = testCasebook(compiled, test.given, null)
    const study: CompiledStudy = { ...compiled, parameters: set.parameters }
    const environment = new CasebookEnvironment(study, set.casebook)
    const unread = unreadGivens(environment, set.given)
    const hint = unread.length === 0 ? '' : ` Not seen by rules: ${unread.join(', ')}.`
    return expected.map(([address, value]) => {
      try {
        const found = outcomeAt(environment, address, derivations)
        const difference = differenceOf(found, value)
        return {
          test: test.name,
          address,
          ok: difference === null,
          message: difference === null ? '' : `${address} ${difference}.${hint}`,
          derivation: found.derivation.name,
          state: found.state,
        }
      } catch (error) {
        if (error instanceof TestMistake) return failed(address, error.message)
        throw error
      }
    })
  } catch (error) {
    if (error instanceof TestMistake) return [failed('', error.message)]
    throw error
  }
}

export function byName(compiled: CompiledStudy): ReadonlyMap<string, Derivation> {
  return new Map(derivationsOf(compiled).map((derivation) => [derivation.name, derivation]))
}

type Outcome = {
  derivation: Derivation
  /** Null: closed by skip logic. */
  state: DerivationState | null
  value: Value
  /** As it is stored, of an item. */
  stored: StoredValue | null
  refused: string | null
}

function outcomeAt(
  environment: CasebookEnvironment,
  address: string,
  derivations: ReadonlyMap<string, Derivation>,
): Outcome {
  const own = derivations.get(address)
  if (own && own.kind !== 'item') {
    const value =
      own.kind === 'variable'
        ? environment.variable(own.name)
        : environment.evaluate(own.rule, subjectFrame)
    const state = stateOf(environment, own.rule, subjectFrame, value)
    return { derivation: own, state, value, stored: null, refused: null }
  }
  if (!address.includes('.')) {
    throw new TestMistake(`There is no variable or population ${address}.`)
  }
  const { key, path, row, item } = placeOfItem(environment.compiled, address, null)
  const derivation = derivations.get(`${key.form}.${item}`)
  const record = environment.recordAt(key)
  const plan = record?.plan.items.get(item)
  if (!derivation || !record || !plan) throw new TestMistake(`${address} is not derived.`)
  if (derivation.item?.plan.entry === 'override' && Object.hasOwn(record.data.data, path)) {
    throw new TestMistake(`${address} is given, so its derivation does not count.`)
  }
  if (row !== null && !rowInUse(environment, record, derivation, row)) {
    throw new TestMistake(`${address}: the row ${row} is not in use there.`)
  }
  if (environment.isOpen(record, plan, row) !== true) {
    return { derivation, state: null, value: null, stored: null, refused: null }
  }
  const slot = environment.slot(record, plan, row)
  const value = slot.derived ?? null
  const state = stateOf(environment, derivation.rule, { record: record.index, row }, value)
  const stored = value === null ? null : storedText(plan.indexed.item, value)
  return { derivation, state, value, stored, refused: slot.refusal?.check ?? null }
}

function rowInUse(
  environment: CasebookEnvironment,
  record: NonNullable<ReturnType<CasebookEnvironment['recordAt']>>,
  { item }: Derivation,
  row: string,
): boolean {
  const group = record.plan.groups.find((entry) => entry.group === item?.plan.indexed.group)
  // A row that people add is there once something in it is given; before that it can be asked all the same.
  return !/[A-Z]/.test(row) || (group ? environment.rowKeys(record, group).includes(row) : false)
}

/** What is not as expected, in words; null where all is well. */
function differenceOf(found: Outcome, expected: Expected): string | null {
  const { state } = found
  if (expected === 'closed') return state === null ? null : `is open and ${shown(found)}`
  if (state === null) return 'is closed by skip logic'
  if (expected === 'undecided' || expected === 'missing') {
    return state === expected ? null : `${shown(found)}, not ${expected}`
  }
  if (expected === null) return state === 'decided' ? `${shown(found)}, not without a value` : null
  if (state !== 'decided') return `${shown(found)}, not ${JSON.stringify(expected)}`
  if (found.refused !== null) return `${shown(found)} and refused (${found.refused})`
  return isSame(found, expected) ? null : `${shown(found)}, not ${JSON.stringify(expected)}`
}

function shown({ state, value, stored }: Outcome): string {
  return state === 'decided' ? `is ${JSON.stringify(stored ?? value)}` : `is ${state}`
}

/** An item is compared as it is stored; other numbers to six significant digits. */
function isSame({ value, stored, derivation }: Outcome, expected: NonNullable<Expected>): boolean {
  if (Array.isArray(expected)) {
    const codes = stored ?? value
    return Array.isArray(codes) && JSON.stringify(codes) === JSON.stringify(expected)
  }
  if (typeof expected === 'boolean') {
    return value === expected || (derivation.kind === 'item' && stored === (expected ? 'Y' : 'N'))
  }
  if (typeof value === 'number') {
    const wanted = Number(expected)
    const item = derivation.item?.plan.indexed.item
    if (item && (item.type === 'integer' || item.digits !== undefined)) {
      return Number(stored) === wanted
    }
    return value === wanted || value.toPrecision(6) === wanted.toPrecision(6)
  }
  return String(stored ?? value) === String(expected)
}
