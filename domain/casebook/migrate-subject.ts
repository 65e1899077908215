/**
 * What becomes of one subject's records when the subject is taken to another study version: which values go where, which stay
 * behind, what rules say then, which forms open again and which signatures fall. The preview of an amendment and the migration itself
 * are this same function, so that what was announced is what happens.
 */

import type { StudyDefinition } from '#domain/definition/definition.ts'
import { type DefinitionChange, diffDefinitions } from '#domain/definition/diff.ts'
import type { ChangeCode } from '#domain/definition/diff-text.ts'
import type { CompiledStudy } from './compile-study.ts'
import { CasebookEnvironment } from './environment.ts'
import { evaluateRecord } from './evaluate.ts'
import { nextFormState } from './form-state.ts'
import { type CarryStep, carryAll, carryStep, type Move } from './migrate-values.ts'
import {
  type Casebook,
  type FormEvaluation,
  type FormRecordData,
  type FormState,
  type FormValues,
  type ItemPath,
  parseItemPath,
  type RecordKey,
  type StoredValue,
  sameValue,
} from './record.ts'
import { hasFixedRows, hasOpenRows, isRepeating } from './study-index.ts'

export type MigrationPlan = {
  from: number
  to: number
  steps: readonly CarryStep[]
  after: CompiledStudy
  /** By form, then by item (`WEIGHT`) or row (`LB[CREAT]`): the change that alters what a stored value means. */
  altered: ReadonlyMap<string, ReadonlyMap<string, DefinitionChange>>
}

export type PlannedVersion = { number: number; definition: StudyDefinition }

/** `versions` are all from the old one to the new one, in order; `after` is the new one compiled. */
export function planMigration(
  versions: readonly PlannedVersion[],
  after: CompiledStudy,
): MigrationPlan {
  const steps: CarryStep[] = []
  const altered = new Map<string, Map<string, DefinitionChange>>()
  versions.forEach(({ number, definition }, at) => {
    const next = versions[at + 1]
    if (!next) return
    steps.push(carryStep(number, definition, next.definition))
    for (const change of diffDefinitions(definition, next.definition)) {
      const place = change.item ?? change.place.slice((change.form?.length ?? 0) + 1)
      if (change.form === null || !meaningCodes.has(change.code)) continue
      const places = altered.get(change.form) ?? new Map<string, DefinitionChange>()
      if (!places.has(place)) places.set(place, change)
      altered.set(change.form, places)
    }
  })
  return {
    from: versions[0]?.number ?? 0,
    to: versions.at(-1)?.number ?? 0,
    steps,
    after,
    altered,
  }
}

/** Changes after which a stored value is not what was seen when it was signed. */
const meaningCodes: ReadonlySet<ChangeCode> = new Set<ChangeCode>([
  'item-removed',
  'item-retyped',
  'item-unit-changed',
  'item-list-changed',
  'item-moved-apart',
  'derivation-removed',
  'row-removed',
  'row-unit-changed',
  'row-units-changed',
])

export type DerivedChange = { path: ItemPath; old: StoredValue | null; value: StoredValue | null }

/** Why a signature falls, the first reason that applies. `change` is what was done to the definition, where that is it. */
export type SignatureFall = {
  why: 'moved' | 'renamed' | 'altered' | 'refused' | 'derived' | 'open'
  paths: readonly ItemPath[]
  change: DefinitionChange | null
}

export type MigratedRecord<Stored extends FormRecordData = FormRecordData> = {
  record: Stored
  key: RecordKey
  data: FormValues
  derived: FormValues
  state: FormState
  openCount: number
  /** Empty for forms that the new version does not have. */
  evaluation: FormEvaluation
  moves: readonly Move[]
  /** Values for which the new version has no item: kept, and read with the version they were entered under. */
  retired: readonly ItemPath[]
  /** Values that do not fit the new type, list or limits: kept as typed, and asked about. */
  refused: readonly ItemPath[]
  derivedChanges: readonly DerivedChange[]
  /** Required items without a value, where the form was complete before. */
  opens: readonly ItemPath[]
  signature: SignatureFall | null
}

const nothing: FormEvaluation = { derived: {}, closed: [], open: [], findings: [], suggested: {} }
const unreadable: ReadonlySet<string> = new Set(['TYPE', 'CODE', 'REASON'])
const refusals: ReadonlySet<string> = new Set([...unreadable, 'HARD'])

/**
 * Migrates all records of a subject in memory. `casebook` holds them as stored; `signed` are the records that bear a valid
 * signature. Removed records are carried along and not evaluated.
 */
export function migrateSubject<Stored extends FormRecordData & { openCount: number }>(
  plan: MigrationPlan,
  casebook: Omit<Casebook, 'records'>,
  records: readonly Stored[],
  signed: ReadonlySet<string>,
): MigratedRecord<Stored>[] {
  const carried = records.map((record) => ({
    record,
    ...carryAll(plan.steps, record.key, record.data),
  }))
  // Rules may ask whether a form is signed: what falls is looked at again with all that reads it, until nothing more falls.
  let states = new Map(carried.map(({ record }) => [record, record.state]))
  for (;;) {
    const migrated = evaluated(plan, casebook, carried, states, signed)
    const next = new Map(migrated.map(({ record, state }) => [record, state]))
    if (carried.every(({ record }) => next.get(record) === states.get(record))) return migrated
    states = next
  }
}

type Carried<Stored> = {
  record: Stored
  key: RecordKey
  data: FormValues
  moves: readonly Move[]
}

/** One look at all records; `states` are those that other records' rules see. A state only ever falls, so looks come to an end. */
function evaluated<Stored extends FormRecordData & { openCount: number }>(
  plan: MigrationPlan,
  casebook: Omit<Casebook, 'records'>,
  carried: readonly Carried<Stored>[],
  states: ReadonlyMap<Stored, FormState>,
  signed: ReadonlySet<string>,
): MigratedRecord<Stored>[] {
  const environment = new CasebookEnvironment(plan.after, {
    ...casebook,
    records: carried
      .filter(({ record }) => record.state !== 'removed')
      .map(({ record, key, data }) => ({
        ...record,
        key,
        data,
        state: states.get(record) ?? record.state,
        versionNumber: plan.to,
      })),
  })
  return carried.map(({ record, key, data, moves }): MigratedRecord<Stored> => {
    const isHere = plan.after.forms.has(key.form) && record.state !== 'removed'
    const at = isHere ? environment.recordAt(key) : null
    const evaluation = at ? evaluateRecord(environment, at) : nothing
    // What was calculated for a form that is gone stays as it was.
    const derived = at ? evaluation.derived : record.derived
    const opens = isFinished(record.state) && record.openCount === 0 && at ? evaluation.open : []
    const base = {
      record,
      key,
      data,
      derived,
      openCount: at ? evaluation.open.length : record.openCount,
      evaluation,
      moves,
      retired: retiredPaths(plan.after, key, data),
      refused: evaluation.findings.flatMap(({ check, path }) =>
        refusals.has(check) && Object.hasOwn(data, path) ? [path] : [],
      ),
      derivedChanges: derivedChanges(plan, record, derived),
      opens,
    }
    const isSigned = record.recordId !== null && signed.has(record.recordId)
    const signature = isSigned ? fallOf(plan, base) : null
    const state = stateOf(record.state, signature !== null, opens.length > 0)
    return { ...base, signature, state: fallen(states.get(record), state) }
  })
}

const fallOrder: readonly FormState[] = ['signed', 'complete', 'inProgress']

/** The lower of both: an item that a fall has closed again does not lift the form. */
function fallen(before: FormState | undefined, now: FormState): FormState {
  if (before === undefined) return now
  const [a, b] = [fallOrder.indexOf(before), fallOrder.indexOf(now)]
  return a > b && b >= 0 ? before : now
}

export const isFinished = (state: FormState): boolean => state === 'complete' || state === 'signed'

/** Frozen and locked forms keep their state: their keeper decides what is to be done. */
function stateOf(before: FormState, falls: boolean, opens: boolean): FormState {
  let state = before
  const take = (event: 'fallSignature' | 'reopen') => {
    const next = nextFormState(state, event)
    if (typeof next === 'string') state = next
  }
  if (falls) take('fallSignature')
  if (opens) take('reopen')
  return state
}

/** Paths with a value that the version has no item, or no row, for. */
export function retiredPaths(
  study: CompiledStudy,
  key: RecordKey,
  data: FormValues,
): readonly ItemPath[] {
  const paths = Object.keys(data)
  const form = study.forms.get(key.form)
  if (!form?.events.has(key.event)) return paths
  return paths.filter((path) => {
    const parts = parseItemPath(path)
    const item = parts ? form.indexed.items.get(parts.item) : undefined
    if (!parts || !item) return true
    const { group } = item
    if (!isRepeating(group)) return parts.row !== null
    if (parts.row === null || parts.group !== group.oid) return true
    const isFixed = form.indexed.rows.get(group.oid)?.has(parts.row) ?? false
    if (isFixed) return !hasFixedRows(group)
    return !hasOpenRows(group) || /[A-Z]/.test(parts.row)
  })
}

function derivedChanges(
  plan: MigrationPlan,
  record: FormRecordData,
  derived: FormValues,
): DerivedChange[] {
  if (record.derived === derived) return []
  const old = new Map<ItemPath, StoredValue>()
  for (const [path, value] of Object.entries(record.derived)) {
    let at = path
    let { form } = record.key
    for (const step of plan.steps) {
      at = step.path(form, at)
      form = step.key({ ...record.key, form }).form
    }
    old.set(at, value)
  }
  const paths = new Set([...old.keys(), ...Object.keys(derived)])
  return [...paths].flatMap((path) => {
    const before = old.get(path) ?? null
    const value = derived[path] ?? null
    return sameValue(before, value) ? [] : [{ path, old: before, value }]
  })
}

function fallOf(
  plan: MigrationPlan,
  migrated: Pick<
    MigratedRecord,
    'record' | 'key' | 'data' | 'derived' | 'moves' | 'evaluation' | 'opens'
  >,
): SignatureFall | null {
  const { record, key, data, derived, moves } = migrated
  if (moves.length > 0) {
    return { why: 'moved', paths: moves.map(({ to }) => to), change: null }
  }
  if (key.form !== record.key.form || key.event !== record.key.event) {
    return { why: 'renamed', paths: [], change: null }
  }
  const changed = alteredValue(plan, key.form, data)
  if (changed) return { why: 'altered', ...changed }
  const strange = migrated.evaluation.findings
    .filter(({ check, path }) => unreadable.has(check) && Object.hasOwn(data, path))
    .map(({ path }) => path)
  if (strange.length > 0) return { why: 'refused', paths: strange, change: null }
  const paths = new Set([...Object.keys(record.derived), ...Object.keys(derived)])
  const other = [...paths].filter((path) => !sameValue(record.derived[path], derived[path]))
  if (other.length > 0) return { why: 'derived', paths: other, change: null }
  if (migrated.opens.length > 0) return { why: 'open', paths: migrated.opens, change: null }
  return null
}

/** A signature stands for what was on the page: a signed value whose meaning was altered is no longer that. */
function alteredValue(plan: MigrationPlan, form: string, data: FormValues) {
  const places = plan.altered.get(form)
  if (!places) return null
  for (const path of Object.keys(data)) {
    const parts = parseItemPath(path)
    const change =
      places.get(parts?.item ?? '') ?? places.get(`${parts?.group ?? ''}[${parts?.row ?? ''}]`)
    if (change) return { paths: [path], change }
  }
  return null
}
