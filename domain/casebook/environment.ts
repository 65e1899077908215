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
import { imputeDate } from '#domain/values/partial-date.ts'
import type { CompiledStudy } from './compile-study.ts'
import { callFieldFunction } from './field-values.ts'
import { blank, compareText, type RecordState, type Slot } from './item-reader.ts'
import { chooseNearest } from './nearest.ts'
import type { Casebook, FormRecordData, FormValues, RecordKey } from './record.ts'
import { clean } from './row-units.ts'
import { isBefore, VisitReader } from './visit-reader.ts'

const subjectFrame: Frame = { record: -1, row: null }

export class CasebookEnvironment extends VisitReader implements Environment {
  readonly casebook: Casebook
  readonly #records: RecordState[] = []
  readonly #byForm = new Map<string, RecordState[]>()
  readonly #ordered = new Map<string, RecordState[]>()
  readonly #rows = new Map<string, readonly Frame[]>()
  readonly #variables = new Map<string, Value>()
  readonly #baselines = new Map<string, Slot>()
  readonly #nearest = new Map<string, Slot>()

  constructor(compiled: CompiledStudy, casebook: Casebook) {
    super(compiled, casebook.today)
    this.casebook = casebook
    for (const record of casebook.records) {
      if (record.state !== 'removed') this.#add(record)
    }
  }

  override get records(): readonly RecordState[] {
    return this.#records
  }

  override recordsOf(form: string): readonly RecordState[] {
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
    return this.read(reference, frame).value
  }

  missing(reference: ItemReference, frame: Frame): string | null {
    return this.read(reference, frame).missing
  }

  rows(collection: CollectionReference): readonly Frame[] {
    const key = `${collection.form}.${collection.group ?? ''}@${collection.event ?? ''}`
    let frames = this.#rows.get(key)
    if (frames === undefined) {
      frames = this.#collect(collection)
      this.#rows.set(key, frames)
    }
    return frames
  }

  #collect(collection: CollectionReference): readonly Frame[] {
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

  override evaluate(rule: Compiled, frame: Frame = subjectFrame): Value {
    return rule.evaluate(this, frame)
  }

  // Order

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

  // References

  protected read(reference: ItemReference, frame: Frame): Slot {
    const { place } = reference
    const current = this.#records[frame.record]
    if (place.kind === 'here' || place.kind === 'bound') {
      const record =
        current?.data.key.form === reference.form ? current : this.#elsewhere(reference, current)
      return record ? this.slotOf(record, reference, frame) : blank
    }
    if (place.kind === 'event') {
      const found = this.ordered(reference.form).filter(
        ({ data }) => data.key.event === place.event,
      )
      for (let i = found.length - 1; i >= 0; i--) {
        const slot = this.slotOf(found[i] as RecordState, reference, frame)
        if (slot.value !== null || i === 0) return slot
      }
      return blank
    }
    if (place.kind === 'nearest') return this.#nearestTo(place.event, reference, frame)
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

  /** Of the values whose dates the visit's window takes, the one it chooses (`nearest.ts`). */
  #nearestTo(event: string, reference: ItemReference, frame: Frame): Slot {
    const row = reference.row ?? frame.row
    const key = `${event}/${reference.form}.${reference.item}[${row ?? ''}]`
    const known = this.#nearest.get(key)
    if (known) return known
    this.#nearest.set(key, blank)
    const values: { date: string; slot: Slot }[] = []
    for (const record of this.ordered(reference.form)) {
      if (this.applies(record) !== true) continue
      const slot = this.slotOf(record, reference, frame)
      const date = slot.value === null ? null : this.dateOfValue(record, reference, row)
      if (date !== null) values.push({ date: imputeDate(date), slot })
    }
    const found = chooseNearest(this, event, values)?.slot ?? blank
    this.#nearest.set(key, found)
    return found
  }

  /** The date of the row, else of the form, else of the visit. */
  protected dateOfValue(
    record: RecordState,
    reference: Pick<ItemReference, 'group'>,
    row: string | null,
  ): string | null {
    const plan = record.plan.groups.find(({ group }) => group.oid === reference.group)
    const item = plan?.dateItem ? record.plan.items.get(plan.dateItem) : undefined
    const value = item ? this.slot(record, item, item.indexed.repeating ? row : null).value : null
    if (typeof value === 'string') return value
    return this.recordDate({ record: record.index, row: null })
  }

  #last(reference: ItemReference, frame: Frame, test: (record: RecordState) => boolean): Slot {
    const records = this.ordered(reference.form)
    for (let i = records.length - 1; i >= 0; i--) {
      const record = records[i] as RecordState
      if (!test(record)) continue
      const slot = this.slotOf(record, reference, frame)
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

  protected slotOf(record: RecordState, reference: ItemReference, frame: Frame): Slot {
    const plan = record.plan.items.get(reference.item)
    if (plan === undefined) return blank
    if (!plan.indexed.repeating) return this.slot(record, plan, null)
    const row = reference.row ?? frame.row
    return row === null ? blank : this.slot(record, plan, row)
  }
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

function pad(value: number): string {
  return String(value).padStart(5, '0')
}
