/**
 * One subject's casebook as the expression language sees it. Values are computed on demand and kept: an item is null to rules where
 * it is closed by skip logic, missing, or refused (type, code, limits, future); derived items are computed from what was
 * entered, never read from storage, so a rule can never see a stale one. An environment lives for one evaluation of one casebook;
 * parsed texts outlive it (`CompiledStudy.parsed`), keyed by the identity of a record's data.
 */
import type { Compiled } from '#domain/expression/compile.ts'
import type {
  CollectionReference,
  Environment,
  Frame,
  ItemReference,
  Value,
} from '#domain/expression/types.ts'
import { missingReasonOf, type ParsedValue, parseStored } from '#domain/values/data-type.ts'
import { addDays, compareDates, imputeDate, isFullDate } from '#domain/values/partial-date.ts'
import type { CompiledStudy, FormPlan, GroupPlan, ItemPlan } from './compile-study.ts'
import { callFieldFunction, clean, standardFactor } from './field-values.ts'
import {
  type Casebook,
  type FormRecordData,
  type FormValues,
  isMissingValue,
  itemPath,
  type RecordKey,
} from './record.ts'
import { type PlannedVisit, plannedVisit } from './schedule.ts'
import { hasFixedRows, hasOpenRows } from './study-index.ts'

export type Refusal =
  | { check: 'TYPE' | 'CODE'; message: { en: string; ja: string; zh: string } }
  | { check: 'FUTURE' }
  | { check: 'HARD'; low: number | null; high: number | null; unit: string | null }
  | { check: 'REASON' }

/** Everything known about one item of one row of one record. */
export type Slot = {
  value: Value
  /** Why the value is null: a reason, or BLANK. */
  missing: string | null
  refusal: Refusal | null
  /** What the derivation gives, entered or not; undefined for items without one. */
  derived: Value | undefined
}

/** A record with what was worked out about it. */
export type RecordState = {
  readonly index: number
  readonly data: FormRecordData
  readonly plan: FormPlan
  readonly slots: Map<string, Slot | null>
  readonly groupOpen: Map<string, boolean | null>
  readonly rowKeys: Map<string, readonly string[]>
  order?: string
  applies?: boolean | null
}

const blank: Slot = { value: null, missing: 'BLANK', refusal: null, derived: undefined }
const subjectFrame: Frame = { record: -1, row: null }

export class CasebookEnvironment implements Environment {
  readonly compiled: CompiledStudy
  readonly casebook: Casebook
  readonly today: string
  readonly #records: RecordState[] = []
  readonly #byForm = new Map<string, RecordState[]>()
  readonly #ordered = new Map<string, RecordState[]>()
  readonly #variables = new Map<string, Value>()
  readonly #visitDates = new Map<string, string | null>()
  readonly #baselines = new Map<string, { value: Value; missing: string | null }>()
  #anchor: string | null | undefined

  constructor(compiled: CompiledStudy, casebook: Casebook) {
    this.compiled = compiled
    this.casebook = casebook
    this.today = casebook.today
    for (const record of casebook.records) {
      if (record.state !== 'removed') this.#add(record)
    }
  }

  get records(): readonly RecordState[] {
    return this.#records
  }

  recordsOf(form: string): readonly RecordState[] {
    return this.#byForm.get(form) ?? []
  }

  /** The record of a key; an empty one, seen by nothing else, where it does not exist yet. Null for an unknown form. */
  recordAt(key: RecordKey): RecordState | null {
    const found = this.#byForm.get(key.form)?.find(({ data }) => sameKey(data.key, key))
    if (found) return found
    const data: FormRecordData = {
      recordId: null,
      key,
      versionNumber: 0,
      revision: 0,
      state: 'notStarted',
      data: {},
      derived: {},
    }
    return this.#add(data)
  }

  #add(data: FormRecordData): RecordState | null {
    const plan = this.compiled.forms.get(data.key.form)
    if (plan === undefined) return null
    const state: RecordState = {
      index: this.#records.length,
      data,
      plan,
      slots: new Map(),
      groupOpen: new Map(),
      rowKeys: new Map(),
    }
    this.#records.push(state)
    const list = this.#byForm.get(data.key.form)
    if (list) list.push(state)
    else this.#byForm.set(data.key.form, [state])
    return state
  }

  // What expressions ask

  value(reference: ItemReference, frame: Frame): Value {
    return this.#read(reference, frame).value
  }

  missing(reference: ItemReference, frame: Frame): string | null {
    return this.#read(reference, frame).missing
  }

  rows(collection: CollectionReference): readonly Frame[] {
    const frames: Frame[] = []
    for (const record of this.ordered(collection.form)) {
      if (collection.event !== null && record.data.key.event !== collection.event) continue
      if (this.applies(record) !== true) continue
      // A form that was only opened is no row yet.
      if (record.data.state === 'notStarted' && isEmpty(record.data.data)) continue
      if (collection.group === null) {
        frames.push({ record: record.index, row: null })
        continue
      }
      if (this.groupOpen(record, collection.group) !== true) continue
      const group = record.plan.groups.find((g) => g.group.oid === collection.group)
      if (!group) continue
      if (!group.repeating) frames.push({ record: record.index, row: null })
      else for (const row of this.rowKeys(record, group)) frames.push({ record: record.index, row })
    }
    return frames
  }

  eventOf(frame: Frame): string {
    return this.#records[frame.record]?.data.key.event ?? ''
  }

  indexOf(frame: Frame): number | null {
    const record = this.#records[frame.record]
    if (!record) return null
    if (frame.row !== null) {
      const group = record.plan.groups.find(
        (g) => g.repeating && this.rowKeys(record, g).includes(frame.row as string),
      )
      const at = group ? this.rowKeys(record, group).indexOf(frame.row) : -1
      return at < 0 ? null : at + 1
    }
    return this.ordered(record.data.key.form).indexOf(record) + 1
  }

  /** For `r.date`: what the form itself says comes first, unlike in the order of visits. */
  recordDate(frame: Frame): string | null {
    const record = this.#records[frame.record]
    if (!record) return null
    const { event, eventRepeat } = record.data.key
    const own = record.plan.indexed.form.date
    const date = own === undefined ? null : this.itemText(record, own)
    return date ?? this.visitDate(event, eventRepeat)
  }

  variable(oid: string): Value {
    const known = this.#variables.get(oid)
    if (known !== undefined) return known
    // Stands while the variable is computed, so that a cycle ends undecided.
    this.#variables.set(oid, null)
    const rule = this.compiled.variables.get(oid)
    let value = rule ? rule.evaluate(this, subjectFrame) : null
    if (typeof value === 'number') value = clean(value)
    this.#variables.set(oid, value)
    return value
  }

  parameter(oid: string): Value {
    return this.compiled.parameters.get(oid) ?? null
  }

  call(name: string, values: readonly Value[], frame: Frame): Value {
    return callFieldFunction(this, name, values, frame)
  }

  evaluate(rule: Compiled, frame: Frame = subjectFrame): Value {
    return rule.evaluate(this, frame)
  }

  // Dates

  /** Day 1 of the subject; null before it is known. */
  anchor(): string | null {
    if (this.#anchor === undefined) {
      this.#anchor = null
      const value = this.compiled.anchor ? this.evaluate(this.compiled.anchor) : null
      if (typeof value === 'string' && isFullDate(value)) this.#anchor = value
    }
    return this.#anchor
  }

  plannedVisit(record: RecordState): PlannedVisit | null {
    const event = this.compiled.index.events.get(record.data.key.event)
    return event ? plannedVisit(event, this.anchor()) : null
  }

  visitDate(event: string, eventRepeat: number): string | null {
    const key = `${event}#${eventRepeat}`
    const known = this.#visitDates.get(key)
    if (known !== undefined) return known
    this.#visitDates.set(key, null)
    const address = this.compiled.index.visitDate
    const record = address
      ? this.recordsOf(address.form).find(
          ({ data }) => data.key.event === event && data.key.eventRepeat === eventRepeat,
        )
      : undefined
    const date = record && address ? this.itemText(record, address.item) : null
    this.#visitDates.set(key, date)
    return date
  }

  /** The date of a record: of its visit, else its own; of a log, its own. */
  dateOfRecord(record: RecordState): string | null {
    const { event, eventRepeat } = record.data.key
    const isLog = this.compiled.index.events.get(event)?.kind === 'log'
    const own = record.plan.indexed.form.date
    return (
      (isLog ? null : this.visitDate(event, eventRepeat)) ??
      (own === undefined ? null : this.itemText(record, own))
    )
  }

  /** Text value of a non-repeating item, as of a date; null where there is none. */
  itemText(record: RecordState, oid: string): string | null {
    const plan = record.plan.items.get(oid)
    if (!plan || plan.indexed.repeating) return null
    const { value } = this.slot(record, plan, null)
    if (typeof value !== 'string') return null
    return plan.indexed.item.type === 'dateTime' ? value.slice(0, 10) : value
  }

  /** Records of a form in date order; undated ones by their planned day, then by the order of the schedule. */
  ordered(form: string): readonly RecordState[] {
    const known = this.#ordered.get(form)
    if (known) return known
    const list = [...this.recordsOf(form)]
    this.#ordered.set(form, list)
    if (list.length > 1) {
      for (const record of list) record.order = this.#orderOf(record)
      list.sort((a, b) => compareText(a.order as string, b.order as string))
    }
    return list
  }

  #orderOf(record: RecordState): string {
    const { event, eventRepeat, formRepeat } = record.data.key
    const definition = this.compiled.index.events.get(event)
    const date = this.dateOfRecord(record)
    let day = date === null ? (this.plannedVisit(record)?.target ?? null) : imputeDate(date)
    if (day === null) day = isBefore(definition?.kind) ? '0000' : '9999'
    const place = this.compiled.index.eventOrder.get(event) ?? 9999
    return `${day}/${pad(place)}/${pad(eventRepeat)}/${pad(formRepeat)}`
  }

  /** Whether a record lies on or before time zero. */
  countsForBase(record: RecordState): boolean {
    const anchor = this.anchor()
    const date = this.dateOfRecord(record)
    if (anchor !== null && date !== null) {
      const order = compareDates(date, anchor)
      return order !== null && order <= 0
    }
    return isBefore(this.compiled.index.events.get(record.data.key.event)?.kind)
  }

  // References

  #read(reference: ItemReference, frame: Frame): { value: Value; missing: string | null } {
    const { place } = reference
    const current = this.#records[frame.record]
    if (place.kind === 'here' || place.kind === 'bound') {
      const record =
        current?.data.key.form === reference.form ? current : this.#elsewhere(reference, current)
      return record ? this.#slotOf(record, reference, frame) : blank
    }
    if (place.kind === 'event') {
      const found = this.ordered(reference.form).filter(
        ({ data }) => data.key.event === place.event,
      )
      for (let i = found.length - 1; i >= 0; i--) {
        const slot = this.#slotOf(found[i] as RecordState, reference, frame)
        if (slot.value !== null || i === 0) return slot
      }
      return blank
    }
    if (place.kind === 'base') {
      const key = `${reference.form}.${reference.item}[${reference.row ?? frame.row ?? ''}]`
      let known = this.#baselines.get(key)
      if (known === undefined) {
        known = this.#last(reference, frame, (record) => this.countsForBase(record))
        this.#baselines.set(key, known)
      }
      return known
    }
    if (!current) return blank
    const { event, eventRepeat } = current.data.key
    const order = current.order ?? this.#orderOf(current)
    return this.#last(reference, frame, (record) => {
      const key = record.data.key
      if (key.event === event && key.eventRepeat === eventRepeat) return false
      return (record.order ?? this.#orderOf(record)) < order
    })
  }

  #last(
    reference: ItemReference,
    frame: Frame,
    test: (record: RecordState) => boolean,
  ): { value: Value; missing: string | null } {
    const records = this.ordered(reference.form)
    for (let i = records.length - 1; i >= 0; i--) {
      const record = records[i] as RecordState
      if (!test(record)) continue
      const slot = this.#slotOf(record, reference, frame)
      if (slot.value !== null) return slot
    }
    return blank
  }

  #elsewhere(reference: ItemReference, current: RecordState | undefined): RecordState | undefined {
    const records = this.recordsOf(reference.form)
    const form = this.compiled.index.forms.get(reference.form)
    if (form?.occurs === 'once') return records[0]
    if (!current) return undefined
    const { event, eventRepeat } = current.data.key
    return records.find(
      ({ data }) => data.key.event === event && data.key.eventRepeat === eventRepeat,
    )
  }

  #slotOf(record: RecordState, reference: ItemReference, frame: Frame): Slot {
    const plan = record.plan.items.get(reference.item)
    if (plan === undefined) return blank
    if (!plan.indexed.repeating) return this.slot(record, plan, null)
    const row = reference.row ?? frame.row
    return row === null ? blank : this.slot(record, plan, row)
  }

  // Items

  /** Value, reason and refusal of an item. */
  slot(record: RecordState, plan: ItemPlan, row: string | null): Slot {
    const path = itemPath(plan.indexed.group.oid, row, plan.indexed.item.oid)
    const known = record.slots.get(path)
    if (known) return known
    // In progress: a cycle, which the definition checker refuses, ends undecided.
    if (known === null) return blank
    record.slots.set(path, null)
    const slot = this.#compute(record, plan, row, path)
    record.slots.set(path, slot)
    return slot
  }

  #compute(record: RecordState, plan: ItemPlan, row: string | null, path: string): Slot {
    const { indexed } = plan
    if (this.isOpen(record, plan, row) !== true) return blank
    if (indexed.isRowItem && row !== null && this.rowDef(record, plan, row)) {
      return { value: row, missing: null, refusal: null, derived: undefined }
    }
    const derived = plan.derive === null ? undefined : this.#derive(record, plan, plan.derive, row)
    const stored = Object.hasOwn(record.data.data, path) ? record.data.data[path] : undefined
    if (plan.entry === 'never' || (plan.entry === 'override' && stored === undefined)) {
      return this.#limited(record, plan, row, derived ?? null, derived, null)
    }
    if (stored === undefined) return derived === undefined ? blank : { ...blank, derived }
    const codeList = this.compiled.index.codeLists.get(indexed.item.codeList ?? '')
    if (isMissingValue(stored)) {
      const offered = indexed.item.missing ?? ['ND', 'UNK']
      const refusal: Refusal | null = offered.includes(stored.missing) ? null : { check: 'REASON' }
      return { value: null, missing: stored.missing, refusal, derived }
    }
    const parsed = this.#parsed(record.data.data, path, () =>
      parseStored(indexed.item, stored, codeList),
    )
    if ('finding' in parsed) {
      const { code, message } = parsed.finding
      return { value: null, missing: 'BLANK', refusal: { check: code, message }, derived }
    }
    const reason = parsed.value === null ? missingReasonOf(indexed.item, stored, codeList) : null
    return this.#limited(record, plan, row, parsed.value, derived, reason)
  }

  #parsed(data: FormValues, path: string, parse: () => ParsedValue): ParsedValue {
    let byPath = this.compiled.parsed.get(data)
    if (byPath === undefined) {
      byPath = new Map()
      this.compiled.parsed.set(data, byPath)
    }
    let parsed = byPath.get(path) as ParsedValue | undefined
    if (parsed === undefined) {
      parsed = parse()
      byPath.set(path, parsed)
    }
    return parsed
  }

  #derive(record: RecordState, plan: ItemPlan, rule: Compiled, row: string | null): Value {
    const value = rule.evaluate(this, { record: record.index, row })
    const { item, codes } = plan.indexed
    if (typeof value === 'number') {
      if (item.type !== 'code') return clean(value)
      // Grade 0 of a list that begins at 1 is no grade.
      return codes === null || codes.has(String(value)) ? String(value) : null
    }
    if (typeof value === 'boolean') return value ? 'Y' : 'N'
    return value
  }

  #limited(
    record: RecordState,
    plan: ItemPlan,
    row: string | null,
    value: Value,
    derived: Value | undefined,
    reason: string | null,
  ): Slot {
    if (value === null) return { value, missing: reason ?? 'BLANK', refusal: null, derived }
    const refuse = (refusal: Refusal): Slot => ({ value: null, missing: 'BLANK', refusal, derived })
    const { item, codes, missingCodes } = plan.indexed
    if (item.type === 'code' && typeof value === 'string' && codes && !codes.has(value)) {
      const meaning = missingCodes.get(value)
      if (meaning !== undefined) return { value: null, missing: meaning, refusal: null, derived }
      // Only a derivation gets here with a strange code; what is typed was parsed against the list.
      const text = `${value} is not one of the codes of this list`
      return refuse({ check: 'CODE', message: { en: text, ja: text, zh: text } })
    }
    if (typeof value === 'string' && item.future !== true && this.#isFuture(item.type, value)) {
      return refuse({ check: 'FUTURE' })
    }
    if (typeof value === 'number') {
      const limits = this.limits(record, plan, row, 'hard')
      if (limits && isOutside(value, limits)) {
        return refuse({ check: 'HARD', low: limits.low, high: limits.high, unit: limits.unit })
      }
    }
    return { value, missing: null, refusal: null, derived }
  }

  #isFuture(type: string, value: string): boolean {
    if (type === 'date' || type === 'partialDate') return compareDates(value, this.today) === 1
    // A moment tomorrow by its own zone may be today by the server's.
    if (type === 'dateTime') return value.slice(0, 10) > (addDays(this.today, 1) ?? this.today)
    return false
  }

  /**
   * Plausible (`soft`) or possible (`hard`) limits of a number, with the factor that brings the value to their unit. Null where
   * there are none or the unit is not known.
   */
  limits(
    record: RecordState,
    plan: ItemPlan,
    row: string | null,
    kind: 'soft' | 'hard',
  ): Limits | null {
    const given = plan.indexed.item[kind]
    if (given === undefined) return null
    if (given !== 'row') {
      return { low: given[0], high: given[1], factor: 1, unit: plan.indexed.item.unit ?? null }
    }
    const definition = row === null ? undefined : this.rowDef(record, plan, row)
    const range = definition?.[kind]
    if (definition === undefined || range === undefined) return null
    const factor = standardFactor(definition, this.unitOf(record, plan, row))
    if (factor === null) return null
    return { low: range[0], high: range[1], factor, unit: definition.unit ?? null }
  }

  /** The unit an item was measured in, where another item of the row says so; undefined where none does. */
  unitOf(record: RecordState, plan: ItemPlan, row: string | null): string | null | undefined {
    const unitPlan = plan.unitItem === null ? undefined : record.plan.items.get(plan.unitItem)
    if (unitPlan === undefined) return undefined
    const { value } = this.slot(record, unitPlan, row)
    return typeof value === 'string' ? value : null
  }

  rowDef(record: RecordState, plan: ItemPlan, row: string) {
    return record.plan.indexed.rows.get(plan.indexed.group.oid)?.get(row)
  }

  // Skip logic

  /** Whether the form applies at its visit; null where that is undecided. */
  applies(record: RecordState): boolean | null {
    if (record.applies === undefined) {
      record.applies = null
      const when = record.plan.events.get(record.data.key.event)?.when
      record.applies = when ? truth(this.evaluate(when, { record: record.index, row: null })) : true
    }
    return record.applies
  }

  groupOpen(record: RecordState, group: string): boolean | null {
    const known = record.groupOpen.get(group)
    if (known !== undefined) return known
    record.groupOpen.set(group, null)
    const when = record.plan.groups.find((g) => g.group.oid === group)?.when
    const applies = this.applies(record)
    const open =
      applies !== true || !when
        ? applies
        : truth(this.evaluate(when, { record: record.index, row: null }))
    record.groupOpen.set(group, open)
    return open
  }

  isOpen(record: RecordState, plan: ItemPlan, row: string | null): boolean | null {
    const group = this.groupOpen(record, plan.indexed.group.oid)
    if (group !== true || plan.when === null) return group
    return truth(this.evaluate(plan.when, { record: record.index, row }))
  }

  /** Rows in use: the fixed ones of the visit's row set in their order, then those a person added, oldest first. */
  rowKeys(record: RecordState, plan: GroupPlan): readonly string[] {
    const { group } = plan
    const known = record.rowKeys.get(group.oid)
    if (known) return known
    const keys: string[] = []
    if (hasFixedRows(group)) {
      const set = record.plan.events.get(record.data.key.event)?.rows
      const chosen = set === undefined || set === null ? undefined : group.rowSets?.[set]
      for (const { key } of group.rows ?? []) {
        if (chosen === undefined || chosen.includes(key)) keys.push(key)
      }
    }
    if (hasOpenRows(group)) {
      const start = `${group.oid}[`
      const added = new Set<string>()
      for (const path of Object.keys(record.data.data)) {
        if (!path.startsWith(start)) continue
        const key = path.slice(start.length, path.indexOf(']'))
        if (!/[A-Z]/.test(key)) added.add(key)
      }
      // Keys count time in base 36, so length and text give the order of entry.
      keys.push(...[...added].sort((a, b) => a.length - b.length || compareText(a, b)))
    }
    record.rowKeys.set(group.oid, keys)
    return keys
  }
}

export type Limits = {
  low: number | null
  high: number | null
  factor: number
  unit: string | null
}

export function isOutside(value: number, limits: Limits): boolean {
  const compared = limits.factor === 1 ? value : clean(value * limits.factor)
  return (
    (limits.low !== null && compared < limits.low) ||
    (limits.high !== null && compared > limits.high)
  )
}

export function sameKey(a: RecordKey, b: RecordKey): boolean {
  return (
    a.form === b.form &&
    a.event === b.event &&
    a.eventRepeat === b.eventRepeat &&
    a.formRepeat === b.formRepeat
  )
}

function isEmpty(data: FormValues): boolean {
  for (const _ in data) return false
  return true
}

function truth(value: Value): boolean | null {
  return typeof value === 'boolean' ? value : null
}

/** Screening and baseline visits lie before time zero unless their dates say otherwise. */
function isBefore(kind: string | undefined): boolean {
  return kind === 'screening' || kind === 'baseline'
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function pad(value: number): string {
  return String(value).padStart(5, '0')
}
