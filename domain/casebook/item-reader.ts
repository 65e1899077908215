/**
 * Items of a record, worked out one by one and kept: open or closed by skip logic, entered or derived, refused or usable. The casebook
 * environment builds on it; what an expression can reach beyond its record is there.
 */
import type { CodeListDef, ItemDef } from '#domain/definition/definition.ts'
import type { Compiled } from '#domain/expression/compile.ts'
import type { Frame, Value } from '#domain/expression/types.ts'
import { missingReasonOf, type ParsedValue, parseStored } from '#domain/values/data-type.ts'
import { addDays, compareDates } from '#domain/values/partial-date.ts'
import type { CompiledStudy, FormPlan, GroupPlan, ItemPlan } from './compile-study.ts'
import {
  type FormRecordData,
  type FormValues,
  isMissingValue,
  itemPath,
  type StoredValue,
} from './record.ts'
import { clean, standardFactor } from './row-units.ts'
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
  /** By item, then by row; null while one is computed. */
  readonly slots: Map<ItemPlan, Map<string | null, Slot | null>>
  readonly groupOpen: Map<string, boolean | null>
  readonly rowKeys: Map<string, readonly string[]>
  order?: string
  applies?: boolean | null
}

export const blank: Slot = { value: null, missing: 'BLANK', refusal: null, derived: undefined }

export abstract class ItemReader {
  readonly compiled: CompiledStudy
  readonly #today: string
  #dayMatters = false

  constructor(compiled: CompiledStudy, today: string) {
    this.compiled = compiled
    this.#today = today
  }

  get today(): string {
    this.#dayMatters = true
    return this.#today
  }

  /** Whether what was worked out so far can be another thing on a later day: a rule asked for the day, or a date lies ahead. */
  get dayMatters(): boolean {
    return this.#dayMatters
  }

  /** Evaluates a rule in a frame of this casebook. */
  abstract evaluate(rule: Compiled, frame?: Frame): Value
  /** Whether the event belongs to the subject; null where that is undecided. */
  abstract eventApplies(event: string): boolean | null

  /** Value, reason and refusal of an item. */
  slot(record: RecordState, plan: ItemPlan, row: string | null): Slot {
    let byRow = record.slots.get(plan)
    if (byRow === undefined) {
      byRow = new Map()
      record.slots.set(plan, byRow)
    }
    const known = byRow.get(row)
    if (known) return known
    // In progress: a cycle, which the definition checker refuses, ends undecided.
    if (known === null) return blank
    byRow.set(row, null)
    const path = itemPath(plan.indexed.group.oid, row, plan.indexed.item.oid)
    const slot = this.#compute(record, plan, row, path)
    byRow.set(row, slot)
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
    const parsed = this.#parsed(record.data.data, path, indexed.item, stored, codeList)
    if ('finding' in parsed) {
      const { code, message } = parsed.finding
      return { value: null, missing: 'BLANK', refusal: { check: code, message }, derived }
    }
    const reason = parsed.value === null ? missingReasonOf(indexed.item, stored, codeList) : null
    return this.#limited(record, plan, row, parsed.value, derived, reason)
  }

  #parsed(
    data: FormValues,
    path: string,
    item: ItemDef,
    stored: StoredValue,
    codeList: CodeListDef | undefined,
  ): ParsedValue {
    let byPath = this.compiled.parsed.get(data)
    if (byPath === undefined) {
      byPath = new Map()
      this.compiled.parsed.set(data, byPath)
    }
    let parsed = byPath.get(path) as ParsedValue | undefined
    if (parsed === undefined) {
      parsed = parseStored(item, stored, codeList)
      byPath.set(path, parsed)
    }
    return parsed
  }

  #derive(record: RecordState, plan: ItemPlan, rule: Compiled, row: string | null): Value {
    const value = this.evaluate(rule, { record: record.index, row })
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
    const { item, codes, missingCodes } = plan.indexed
    if (item.type === 'code' && typeof value === 'string' && codes && !codes.has(value)) {
      const meaning = missingCodes.get(value)
      if (meaning !== undefined) return { value: null, missing: meaning, refusal: null, derived }
      // Only a derivation gets here with a strange code; what is typed was parsed against the list.
      const text = `${value} is not one of the codes of this list`
      return refused({ check: 'CODE', message: { en: text, ja: text, zh: text } }, derived)
    }
    if (
      typeof value === 'string' &&
      row !== null &&
      this.#isStrangeUnit(record, plan, row, value)
    ) {
      const message = {
        en: `${value} is not a unit of this test`,
        ja: `${value} はこの検査の単位ではありません`,
        zh: `${value} 不是该检验的单位`,
      }
      return refused({ check: 'CODE', message }, derived)
    }
    if (typeof value === 'string' && item.future !== true && this.#isFuture(item.type, value)) {
      return refused({ check: 'FUTURE' }, derived)
    }
    if (typeof value === 'number') {
      const limits = this.limits(record, plan, row, 'hard')
      if (limits && isOutside(value, limits)) {
        const { low, high, unit } = limits
        return refused({ check: 'HARD', low, high, unit }, derived)
      }
    }
    return { value, missing: null, refusal: null, derived }
  }

  /** A result in a unit that its test does not know could neither be converted nor held against limits. */
  #isStrangeUnit(record: RecordState, plan: ItemPlan, row: string, unit: string): boolean {
    const group = record.plan.groups.find((g) => g.group === plan.indexed.group)
    if (group?.unitItem !== plan.indexed.item.oid) return false
    const definition = this.rowDef(record, plan, row)
    return definition !== undefined && standardFactor(definition, unit) === null
  }

  #isFuture(type: string, value: string): boolean {
    const isAhead = this.#isAhead(type, value)
    if (isAhead) this.#dayMatters = true
    return isAhead
  }

  #isAhead(type: string, value: string): boolean {
    const today = this.#today
    if (type === 'date' || type === 'partialDate') return compareDates(value, today) === 1
    // A moment tomorrow by its own zone may be today by the server's.
    if (type === 'dateTime') return value.slice(0, 10) > (addDays(today, 1) ?? today)
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
      const { event } = record.data.key
      const when = record.plan.events.get(event)?.when
      const held = this.eventApplies(event)
      record.applies =
        held !== true || !when
          ? held
          : truth(this.evaluate(when, { record: record.index, row: null }))
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

function refused(refusal: Refusal, derived: Value | undefined): Slot {
  return { value: null, missing: 'BLANK', refusal, derived }
}

function truth(value: Value): boolean | null {
  return typeof value === 'boolean' ? value : null
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
