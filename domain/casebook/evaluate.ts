/**
 * What the rules say about a form instance: derived values, closed and open items, findings. The server's verdict and the browser's
 * courtesy are this same code. `evaluateAffected` follows a change to the records that can say something else because of
 * it, by the static index of `dependency.ts`; nothing else is evaluated.
 */
import { endpointVerdict } from '#domain/analysis/endpoint-verdict.ts'
import { populationRule } from '#domain/definition/population-rule.ts'
import type { Value, ValueType } from '#domain/expression/types.ts'
import { storedText } from '#domain/values/format.ts'
import { isFullDate } from '#domain/values/partial-date.ts'
import type { CompiledStudy, GroupPlan, ItemPlan } from './compile-study.ts'
import { CasebookEnvironment } from './environment.ts'
import { checkFinding, refusalFinding, requiredFinding, softFinding } from './findings.ts'
import type { RecordState, Slot } from './item-reader.ts'
import {
  type Casebook,
  type Finding,
  type FormEvaluation,
  type ItemPath,
  itemPath,
  parseItemPath,
  type RecordKey,
  recordKeyText,
  type StoredValue,
} from './record.ts'
import type { SubjectState } from './views.ts'

const nothing: FormEvaluation = { derived: {}, closed: [], open: [], findings: [], suggested: {} }

/** Evaluates one form instance, which need not exist yet. An unknown form has an empty evaluation. */
export function evaluateForm(
  compiled: CompiledStudy,
  casebook: Casebook,
  key: RecordKey,
): FormEvaluation {
  const environment = new CasebookEnvironment(compiled, casebook)
  const record = environment.recordAt(key)
  return record ? evaluateRecord(environment, record) : nothing
}

type Outcome = {
  derived: Record<ItemPath, StoredValue>
  suggested: Record<ItemPath, StoredValue>
  closed: ItemPath[]
  open: ItemPath[]
  findings: Finding[]
}

export function evaluateRecord(
  environment: CasebookEnvironment,
  record: RecordState,
): FormEvaluation {
  const outcome: Outcome = { derived: {}, suggested: {}, closed: [], open: [], findings: [] }
  const open = new Set<ItemPath>()
  for (const group of record.plan.groups) {
    const rows = group.repeating ? environment.rowKeys(record, group) : [null]
    if (environment.groupOpen(record, group.group.oid) !== true) {
      outcome.closed.push(group.group.oid)
      for (const row of rows) {
        for (const item of group.items) outcome.closed.push(pathOf(group, row, item))
      }
      continue
    }
    for (const row of rows) {
      for (const item of group.items)
        evaluateItem(environment, record, group, row, item, outcome, open)
    }
  }
  for (const plan of record.plan.checks) {
    const { group, item } = plan.item
    const groupPlan = record.plan.groups.find((g) => g.group.oid === group.oid)
    const rows = plan.item.repeating && groupPlan ? environment.rowKeys(record, groupPlan) : [null]
    for (const row of rows) {
      const path = itemPath(group.oid, row, item.oid)
      // A finding at a closed item could not be answered.
      if (!open.has(path)) continue
      const frame = { record: record.index, row }
      if (plan.rule.evaluate(environment, frame) !== true) continue
      outcome.findings.push(checkFinding(environment, record, plan, path, frame))
    }
  }
  return outcome
}

function pathOf(group: GroupPlan, row: string | null, item: ItemPlan): ItemPath {
  return itemPath(group.group.oid, row, item.indexed.item.oid)
}

function evaluateItem(
  environment: CasebookEnvironment,
  record: RecordState,
  group: GroupPlan,
  row: string | null,
  item: ItemPlan,
  outcome: Outcome,
  open: Set<ItemPath>,
): void {
  const path = pathOf(group, row, item)
  const definition = item.indexed.item
  const slot = environment.slot(record, item, row)
  if (item.when !== null && environment.isOpen(record, item, row) !== true) {
    outcome.closed.push(path)
    return
  }
  open.add(path)
  const stored = Object.hasOwn(record.data.data, path) ? record.data.data[path] : undefined
  if (slot.derived !== undefined) {
    const text = storedText(definition, slot.derived)
    if (text !== null && item.entry === 'suggest') {
      if (stored === undefined) outcome.suggested[path] = text
    } else if (text !== null) {
      outcome.derived[path] = text
    }
  } else if (item.preset !== null && stored === undefined) {
    const text = storedText(
      definition,
      item.preset.evaluate(environment, { record: record.index, row }),
    )
    if (text !== null) outcome.suggested[path] = text
  }
  if (slot.refusal !== null) {
    outcome.findings.push(
      refusalFinding(environment, record, item, path, row, slot.refusal, stored, slot.derived),
    )
  } else if (typeof slot.value === 'number') {
    const soft = softFinding(environment, record, item, path, row, slot.value)
    if (soft !== null) outcome.findings.push(soft)
  }
  if (isLacking(environment, record, item, row, slot, stored)) {
    outcome.open.push(path)
    outcome.findings.push(requiredFinding(environment, record, item, path, row))
  }
}

/** Whether a required item has neither a value, nor a code or a reason that says why there is none. */
function isLacking(
  environment: CasebookEnvironment,
  record: RecordState,
  item: ItemPlan,
  row: string | null,
  slot: Slot,
  stored: StoredValue | undefined,
): boolean {
  if (slot.missing !== 'BLANK') return false
  // A refused value is a finding of its own.
  if (slot.refusal !== null && stored !== undefined) return false
  const { required } = item
  if (required === true) return isRowRequired(environment, record, item, row)
  if (required === false) return false
  return required.evaluate(environment, { record: record.index, row }) === true
}

/** A fixed row marked `required: false` asks for nothing until something is entered in it. */
function isRowRequired(
  environment: CasebookEnvironment,
  record: RecordState,
  item: ItemPlan,
  row: string | null,
): boolean {
  if (row === null || environment.rowDef(record, item, row)?.required !== false) return true
  const start = `${item.indexed.group.oid}[${row}].`
  return Object.keys(record.data.data).some((path) => path.startsWith(start))
}

export type ChangedRecord = {
  key: RecordKey
  /** Paths that were entered, changed or emptied; empty: the record came, went, or changed in unknown ways. */
  paths: readonly ItemPath[]
}

/**
 * Evaluates the changed records and every existing record whose rules read, directly or through derived values, skip logic,
 * variables or the baseline, what changed. `casebook` holds the values after the change.
 */
export function evaluateAffected(
  compiled: CompiledStudy,
  casebook: Casebook,
  changed: readonly ChangedRecord[],
): { evaluations: { key: RecordKey; evaluation: FormEvaluation }[] } {
  const environment = new CasebookEnvironment(compiled, casebook)
  const affected = new Map<string, RecordState>()
  for (const { key } of changed) {
    const exists = casebook.records.some(
      (record) => record.state !== 'removed' && recordKeyText(record.key) === recordKeyText(key),
    )
    const record = exists ? environment.recordAt(key) : null
    if (record) affected.set(recordKeyText(key), record)
  }
  for (const change of changed) {
    for (const record of reachedBy(environment, change)) {
      affected.set(recordKeyText(record.data.key), record)
    }
  }
  const evaluations = [...affected.values()].map((record) => ({
    key: record.data.key,
    evaluation: evaluateRecord(environment, record),
  }))
  return { evaluations }
}

function* reachedBy(
  environment: CasebookEnvironment,
  change: ChangedRecord,
): Generator<RecordState> {
  const { compiled } = environment
  const { key } = change
  const wanted = new Map<string, Set<string>>()
  const collect = (item: string): void => {
    for (const [form, reaches] of compiled.dependencies.reaches(key.form, item)) {
      let all = wanted.get(form)
      if (all === undefined) {
        all = new Set()
        wanted.set(form, all)
      }
      for (const reach of reaches) all.add(reach)
    }
  }
  const source = environment
    .recordsOf(key.form)
    .find(({ data }) => recordKeyText(data.key) === recordKeyText(key))
  const whole = change.paths.length === 0 || source === undefined || source.data.revision <= 1
  if (whole) for (const oid of compiled.index.forms.get(key.form)?.items.keys() ?? []) collect(oid)
  for (const path of change.paths) {
    const parts = parseItemPath(path)
    if (parts) collect(parts.item)
  }
  // A new record, or a row that people add or empty, changes what collections run over.
  if (whole || change.paths.some((path) => isOpenRow(compiled, key.form, path))) collect('*')
  for (const [form, reaches] of wanted) {
    for (const record of environment.recordsOf(form)) {
      if (isReached(environment, key, source, record, reaches)) yield record
    }
  }
}

function isOpenRow(compiled: CompiledStudy, form: string, path: ItemPath): boolean {
  const parts = parseItemPath(path)
  if (!parts?.group || !parts.row) return false
  return compiled.index.forms.get(form)?.rows.get(parts.group)?.has(parts.row) !== true
}

function isReached(
  environment: CasebookEnvironment,
  changed: RecordKey,
  source: RecordState | undefined,
  record: RecordState,
  reaches: ReadonlySet<string>,
): boolean {
  const { key } = record.data
  for (const reach of reaches) {
    if (reach === 'subject') return true
    if (reach === 'record') {
      if (recordKeyText(key) === recordKeyText(changed)) return true
    } else if (reach === 'visit') {
      if (key.event === changed.event && key.eventRepeat === changed.eventRepeat) return true
    } else if (reach === 'base') {
      if (source === undefined || environment.countsForBase(source)) return true
    } else if (reach === `event:${changed.event}`) {
      return true
    }
  }
  return false
}

// The subject as a whole

/** A study variable, null where it is undecided or unknown. */
export function variableValue(compiled: CompiledStudy, casebook: Casebook, oid: string): Value {
  return new CasebookEnvironment(compiled, casebook).variable(oid)
}

/** Any expression as seen from the subject; null also where it has errors (checked definitions have none). */
export function subjectExpression(
  compiled: CompiledStudy,
  casebook: Casebook,
  text: string,
  expected?: ValueType['kind'],
): Value {
  return subjectReader(compiled, casebook).expression(text, expected)
}

/** Whether the subject belongs to a population; null where that is undecided or the population unknown. */
export function populationMember(
  compiled: CompiledStudy,
  casebook: Casebook,
  oid: string,
): boolean | null {
  return subjectReader(compiled, casebook).population(oid)
}

export type EndpointDates = {
  timeZero: string | null
  event: string | null
  censor: string | null
  horizon: number
}

/** Many questions to one casebook share what was worked out: use one reader for them. */
export type SubjectReader = {
  /** Whether an answer given so far can be another one on a later day although no value changed. */
  dayMatters(): boolean
  expression(text: string, expected?: ValueType['kind']): Value
  variable(oid: string): Value
  population(oid: string): boolean | null
  /** Dates that make a time to event; null for an unknown endpoint. */
  endpoint(oid: string): EndpointDates | null
  /** Day 1, ISO; null before it is known. */
  anchor(): string | null
  consent(): string | null
  /** Values of the definition's subjectColumns as text (codes), null where unknown. */
  columns(): Record<string, string | null>
  state(): SubjectState
  /** Whether forms say that consent was withdrawn, and on which day (null: not told); null: they do not say so. */
  withdrawal(): { on: string | null } | null
  /** Of a study without an item for it, the earliest date of the visit's forms. */
  visitDate(event: string, eventRepeat?: number): string | null
  /** Whether the event belongs to the subject (`when`; null: undecided), and the day 1 it counts from. */
  event(oid: string): { applies: boolean | null; anchor: string | null }
  /** False where a visit is recorded as not held. */
  visitOccurred(event: string, eventRepeat?: number): boolean | null
}

export function subjectReader(compiled: CompiledStudy, casebook: Casebook): SubjectReader {
  const environment = new CasebookEnvironment(compiled, casebook)
  const { definition } = compiled
  const expression = (text: string, expected?: ValueType['kind']): Value => {
    const rule = compiled.subject(text, expected)
    return rule ? environment.evaluate(rule) : null
  }
  const truth = (text: string): boolean | null => {
    const value = expression(text, 'boolean')
    return typeof value === 'boolean' ? value : null
  }
  const date = (text: string): string | null => {
    const value = expression(text, 'date')
    return typeof value === 'string' ? value : null
  }
  const reader: SubjectReader = {
    dayMatters: () => environment.dayMatters,
    expression,
    variable: (oid) => environment.variable(oid),
    population(oid) {
      const isKnown = definition.populations.some((p) => p.oid === oid)
      return isKnown ? truth(populationRule(definition, oid)) : null
    },
    endpoint(oid) {
      const endpoint = definition.endpoints.find((e) => e.oid === oid)
      if (!endpoint) return null
      return {
        timeZero: date(endpoint.timeZero),
        event: endpointVerdict({ value: expression }, endpoint).rule.date,
        censor: date(endpoint.censor),
        horizon: endpoint.horizon,
      }
    },
    anchor: () => environment.anchor(),
    consent: () => (definition.consent === undefined ? null : date(definition.consent)),
    columns() {
      const columns: Record<string, string | null> = {}
      for (const { oid, value } of definition.subjectColumns) {
        columns[oid] = columnText(expression(value))
      }
      return columns
    },
    state() {
      for (const { state, rule } of definition.subjectStates ?? []) {
        if (truth(rule) === true) return state
      }
      if (environment.anchor() === null) return 'screening'
      return definition.allocation ? 'randomised' : 'enrolled'
    },
    withdrawal() {
      const found = (definition.subjectStates ?? []).find(
        ({ state, rule }) => state === 'withdrawn' && truth(rule) === true,
      )
      if (!found) return null
      const day = found.on === undefined ? null : date(found.on)
      return { on: day !== null && isFullDate(day) ? day : null }
    },
    visitDate: (event, eventRepeat = 1) =>
      compiled.index.visitDate
        ? environment.visitDate(event, eventRepeat)
        : environment.firstDateAt(event, eventRepeat),
    event: (oid) => ({
      applies: environment.eventApplies(oid),
      anchor: environment.eventAnchor(oid),
    }),
    visitOccurred(event, eventRepeat = 1) {
      const address = compiled.index.visitOccurred
      const record = address
        ? environment
            .recordsOf(address.form)
            .find(({ data }) => data.key.event === event && data.key.eventRepeat === eventRepeat)
        : undefined
      const code = record && address ? environment.itemText(record, address.item) : null
      return code === null ? null : code !== 'N'
    },
  }
  return reader
}

function columnText(value: Value): string | null {
  if (value === null) return null
  if (typeof value === 'boolean') return value ? 'Y' : 'N'
  if (typeof value === 'object') return Array.isArray(value) ? value.join(', ') : null
  return String(value)
}

/** Whether a form is expected at a visit of this subject; null where its condition is undecided or it is not scheduled there. */
export function formApplies(
  compiled: CompiledStudy,
  casebook: Casebook,
  key: RecordKey,
): boolean | null {
  if (!compiled.forms.get(key.form)?.events.has(key.event)) return null
  const environment = new CasebookEnvironment(compiled, casebook)
  const record = environment.recordAt(key)
  return record ? environment.applies(record) : null
}

/** Keys of the rows in use at a visit, by group, for grids. */
export function rowKeysInUse(
  compiled: CompiledStudy,
  casebook: Casebook,
  key: RecordKey,
): Record<string, readonly string[]> {
  const environment = new CasebookEnvironment(compiled, casebook)
  const record = environment.recordAt(key)
  const rows: Record<string, readonly string[]> = {}
  for (const group of record?.plan.groups ?? []) {
    if (record && group.repeating) rows[group.group.oid] = environment.rowKeys(record, group)
  }
  return rows
}
