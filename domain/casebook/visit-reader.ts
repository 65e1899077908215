/**
 * When the visits of a subject are due, were held and are dated, worked out from the casebook on demand and kept. The casebook
 * environment builds on it for the order of records and for everything that expressions ask of time.
 */
import { addDays, compareDates, imputeDate, isFullDate } from '#domain/values/partial-date.ts'
import { ItemReader, type RecordState } from './item-reader.ts'
import { isEnforced, type PlannedVisit, plannedVisit } from './schedule.ts'

export abstract class VisitReader extends ItemReader {
  readonly #visitDates = new Map<string, string | null>()
  readonly #eventAnchors = new Map<string, string | null>()
  readonly #eventsHeld = new Map<string, boolean | null>()
  #anchor: string | null | undefined

  abstract get records(): readonly RecordState[]
  abstract recordsOf(form: string): readonly RecordState[]

  /** Day 1 of the subject; null before it is known. */
  anchor(): string | null {
    if (this.#anchor === undefined) {
      this.#anchor = null
      const value = this.compiled.anchor ? this.evaluate(this.compiled.anchor) : null
      if (typeof value === 'string' && isFullDate(value)) this.#anchor = value
    }
    return this.#anchor
  }

  /** Day 1 of an event: its own anchor where it has one, else the study's. */
  eventAnchor(oid: string): string | null {
    const rule = this.compiled.events.get(oid)?.anchor
    if (this.compiled.index.events.get(oid)?.anchor === undefined) return this.anchor()
    const known = this.#eventAnchors.get(oid)
    if (known !== undefined) return known
    this.#eventAnchors.set(oid, null)
    const value = rule ? this.evaluate(rule) : null
    const date = typeof value === 'string' && isFullDate(value) ? value : null
    this.#eventAnchors.set(oid, date)
    return date
  }

  /** Whether the event belongs to the subject; null where that is undecided. */
  override eventApplies(oid: string): boolean | null {
    const rule = this.compiled.events.get(oid)?.when
    if (!rule) return this.compiled.index.events.get(oid)?.when === undefined ? true : null
    const known = this.#eventsHeld.get(oid)
    if (known !== undefined) return known
    this.#eventsHeld.set(oid, null)
    const value = this.evaluate(rule)
    const held = typeof value === 'boolean' ? value : null
    this.#eventsHeld.set(oid, held)
    return held
  }

  planOf(oid: string): PlannedVisit | null {
    const event = this.compiled.index.events.get(oid)
    return event ? plannedVisit(event, this.anchor(), this.eventAnchor(oid)) : null
  }

  plannedVisit(record: RecordState): PlannedVisit | null {
    return this.planOf(record.data.key.event)
  }

  /** The window a visit must lie in; none where windows only sort. */
  enforcedWindow(record: RecordState): PlannedVisit | null {
    const event = this.compiled.index.events.get(record.data.key.event)
    return event && isEnforced(event) ? this.plannedVisit(record) : null
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

  /** The earliest date that the forms of a visit carry themselves. */
  firstDateAt(event: string, eventRepeat: number): string | null {
    let first: string | null = null
    for (const record of this.records) {
      const { key } = record.data
      const own = record.plan.indexed.form.date
      if (own === undefined || key.event !== event || key.eventRepeat !== eventRepeat) continue
      const date = this.itemText(record, own)
      if (date !== null && (first === null || imputeDate(date) < imputeDate(first))) first = date
    }
    return first
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

  /** Whether a record lies on or before time zero. */
  countsForBase(record: RecordState): boolean {
    const anchor = this.anchor()
    const date = this.dateOfRecord(record)
    if (anchor !== null && date !== null) {
      const { before, after = 0 } = this.compiled.definition.baseline ?? {}
      const last = after === 0 ? anchor : (addDays(anchor, after) ?? anchor)
      const order = compareDates(date, last)
      if (order === null || order > 0) return false
      const first = before === undefined ? null : addDays(anchor, -before)
      // A date known in part counts unless it is certainly too early.
      return first === null || compareDates(date, first) !== -1
    }
    return isBefore(this.compiled.index.events.get(record.data.key.event)?.kind)
  }
}

/** Screening and baseline visits lie before time zero unless their dates say otherwise. */
export function isBefore(kind: string | undefined): boolean {
  return kind === 'screening' || kind === 'baseline'
}
