/**
 * The values behind an answer: what an expression read, each with its name, its value as shown, its visit and date, and the place
 * where it was entered; behind a computed value and a variable, what that read in turn. A rule is evaluated twice: once to know
 * everything, once to listen, so that each rule is heard with what it reads itself. Long readings keep what decides.
 */
import type { Label, Language } from '#domain/definition/definition.ts'
import type { Compiled } from '#domain/expression/compile.ts'
import type { Environment, Frame, ItemReference, Value } from '#domain/expression/types.ts'
import { formatStored, formatValue, missingReasonText } from '#domain/values/format.ts'
import { isPartialDate } from '#domain/values/partial-date.ts'
import { unitSign } from '#domain/values/unit-sign.ts'
import type { CompiledStudy, ItemPlan } from './compile-study.ts'
import { CasebookEnvironment } from './environment.ts'
import { typedText } from './findings.ts'
import { blank, type RecordState, type Slot } from './item-reader.ts'
import { type Casebook, type ItemPath, itemPath, type RecordKey } from './record.ts'
import { typeOfItem } from './type-scope.ts'

export type ReadPlace = RecordKey & { recordId: string | null; path: ItemPath }

export type ReadValue = {
  kind: 'item' | 'variable' | 'parameter' | 'function'
  label: Label
  /** The visit, or the form and its number in a log. */
  where: Label | null
  place: ReadPlace | null
  /** As people read it; the reason where there is none. */
  value: Label
  isMissing: boolean
  /** Not shown to this reader. */
  isConcealed: boolean
  /** ISO, as far as known: of the row, else of the form, else of the visit. */
  date: string | null
  /** The rule of a computed value. */
  rule: string | null
  /** A value that a person put in place of the computed one. */
  isOverride: boolean
  /** Its value is the answer itself: the date that is the earliest, the number that is the highest. */
  decides: boolean
  reads: readonly ReadValue[]
  /** How many further readings are not listed. */
  more: number
}

export type Answer = {
  text: string
  value: Value
  shown: Label
  reads: readonly ReadValue[]
  more: number
  isConcealed: boolean
}

/** What a reader may not see: an item of a form, a variable, or anything an expression reads. */
export type Conceals = {
  item(form: string, item: string): boolean
  variable(oid: string): boolean
  reads(text: string): boolean
}

const mostReads = 12
const mostLevels = 6
const mostInAll = 300

const concealed: Label = { en: 'Concealed', ja: '非開示', zh: '未公开' }
const undecided: Label = { en: 'Undecided', ja: '判定できません', zh: '无法判定' }
const nothing: Label = { en: 'None', ja: 'なし', zh: '无' }

/** One casebook whose answers can be looked behind. Keep it for all questions about the casebook. */
export class ValueTracer extends CasebookEnvironment {
  readonly #conceals: Conceals | null
  readonly #origins = new Map<Slot, { record: RecordState; plan: ItemPlan; row: string | null }>()
  #last: { record: RecordState; plan: ItemPlan; row: string | null } | null = null
  #left = mostInAll

  constructor(compiled: CompiledStudy, casebook: Casebook, conceals: Conceals | null = null) {
    super(compiled, casebook)
    this.#conceals = conceals
  }

  /** The bare answer to a subject-level expression, concealed or not; null also where it has errors. */
  ask(text: string): Value {
    const rule = this.compiled.subject(text)
    return rule ? this.evaluate(rule) : null
  }

  /** The answer to a subject-level expression and the values behind it; null where the expression has errors. */
  answer(text: string): Answer | null {
    const rule = this.compiled.subject(text)
    if (!rule) return null
    if (this.#conceals?.reads(text)) {
      return { text, value: null, shown: concealed, reads: [], more: 0, isConcealed: true }
    }
    this.#left = mostInAll
    const frame: Frame = { record: -1, row: null }
    const value = this.evaluate(rule)
    const { reads, more } = this.#readsOf(rule, frame, value, 1)
    const shown = value === null ? noneOf(rule) : this.#shown(value, rule.type)
    return { text, value, shown, reads, more, isConcealed: false }
  }

  protected override slotOf(record: RecordState, reference: ItemReference, frame: Frame): Slot {
    const slot = super.slotOf(record, reference, frame)
    const plan = record.plan.items.get(reference.item)
    if (plan) {
      const row = plan.indexed.repeating ? (reference.row ?? frame.row) : null
      this.#last = { record, plan, row }
      if (slot !== blank) this.#origins.set(slot, this.#last)
    }
    return slot
  }

  #readsOf(
    rule: Compiled,
    frame: Frame,
    result: Value,
    level: number,
  ): { reads: ReadValue[]; more: number } {
    if (level > mostLevels) return { reads: [], more: 0 }
    const heard = new Map<string, () => ReadValue | null>()
    const hear = (key: string, make: () => ReadValue | null) => {
      if (!heard.has(key)) heard.set(key, make)
    }
    const item = (reference: ItemReference, at: Frame): Slot => {
      this.#last = null
      const slot = this.read(reference, at)
      const origin = slot === blank ? this.#last : (this.#origins.get(slot) ?? this.#last)
      const path = pathOf(reference, origin?.row ?? reference.row ?? at.row)
      const event = reference.place.kind === 'event' ? reference.place.event : ''
      const key = `${reference.form}/${origin?.record.index ?? event}/${path}`
      hear(key, () => this.#item(reference, slot, origin, at, result, level))
      return slot
    }
    const listening: Environment = {
      today: this.today,
      value: (reference, at) => item(reference, at).value,
      missing: (reference, at) => item(reference, at).missing,
      rows: (collection) => this.rows(collection),
      eventOf: (at) => this.eventOf(at),
      indexOf: (at) => this.indexOf(at),
      recordDate: (at) => this.recordDate(at),
      variable: (oid) => {
        hear(`$${oid}`, () => this.#variable(oid, result, level))
        return this.variable(oid)
      },
      parameter: (oid) => {
        hear(`%${oid}`, () => this.#parameter(oid))
        return this.parameter(oid)
      },
      call: (name, values, at) => this.call(name, values, at),
    }
    rule.evaluate(this, frame)
    rule.evaluate(listening, frame)
    return this.#chosen([...heard.values()])
  }

  /** All of a short reading; of a long one what decides and what is missing, then the first ones. */
  #chosen(heard: readonly (() => ReadValue | null)[]): { reads: ReadValue[]; more: number } {
    const made: ReadValue[] = []
    for (const make of heard) {
      if (this.#left <= 0) break
      this.#left -= 1
      const one = make()
      if (one) made.push(one)
    }
    const weight = (one: ReadValue) => (one.decides ? 0 : one.isMissing ? 1 : 2)
    const kept = new Set([...made].sort((a, b) => weight(a) - weight(b)).slice(0, mostReads))
    const reads = made.filter((one) => kept.has(one))
    return { reads, more: heard.length - reads.length }
  }

  #item(
    reference: ItemReference,
    slot: Slot,
    origin: { record: RecordState; plan: ItemPlan; row: string | null } | null,
    at: Frame,
    result: Value,
    level: number,
  ): ReadValue | null {
    const indexed = this.compiled.index.forms.get(reference.form)?.items.get(reference.item)
    if (!indexed) return null
    const row = origin?.row ?? reference.row ?? at.row
    const path = pathOf(reference, indexed.repeating ? row : null)
    const key = origin ? origin.record.data.key : this.#expectedKey(reference)
    const place = key ? { ...key, recordId: origin?.record.data.recordId ?? null, path } : null
    const base = {
      kind: 'item' as const,
      label: this.#labelOf(reference, origin, row),
      where: key ? this.#whereOf(key) : null,
      place,
    }
    if (this.#conceals?.item(reference.form, reference.item)) return hidden(base)
    const plan = origin?.plan
    const stored = origin && Object.hasOwn(origin.record.data.data, path)
    const isComputed = plan?.derive != null && plan.entry !== 'suggest' && !stored
    const inner =
      isComputed && plan.derive && origin
        ? this.#readsOf(plan.derive, { record: origin.record.index, row }, slot.value, level + 1)
        : { reads: [], more: 0 }
    return {
      ...base,
      value: this.#itemText(slot, origin, path, isComputed),
      isMissing: slot.value === null,
      isConcealed: false,
      date: origin ? this.dateOfValue(origin.record, reference, row) : null,
      rule: isComputed ? (indexed.item.derive ?? null) : null,
      isOverride: plan?.derive != null && plan.entry === 'override' && stored === true,
      decides: isSame(slot.value, result),
      ...inner,
    }
  }

  #itemText(
    slot: Slot,
    origin: { record: RecordState; plan: ItemPlan; row: string | null } | null,
    path: ItemPath,
    isComputed: boolean,
  ): Label {
    if (slot.value === null && isComputed) return undecided
    if (slot.value === null || !origin) {
      const reason = (slot.missing ?? 'BLANK') as Parameters<typeof missingReasonText>[0]
      return each((language) => missingReasonText(reason, language))
    }
    const { record, plan, row } = origin
    const { item } = plan.indexed
    const list = this.compiled.index.codeLists.get(item.codeList ?? '')
    const stored = isComputed ? undefined : record.data.data[path]
    const unit =
      item.unit === 'row'
        ? (this.unitOf(record, plan, row) ??
          (row === null ? null : this.rowDef(record, plan, row)?.unit))
        : item.unit
    const sign = unit ? ` ${unitSign(unit)}` : ''
    return each((language) => {
      if (stored !== undefined) return `${formatStored(item, stored, language, list)}${sign}`
      if (typeof slot.value === 'number')
        return `${formatValue(slot.value, language, item.digits)}${sign}`
      return typedText(this, slot.value, typeOfItem(plan.indexed), language)
    })
  }

  #variable(oid: string, result: Value, level: number): ReadValue | null {
    const def = this.compiled.definition.variables.find((one) => one.oid === oid)
    const rule = this.compiled.variables.get(oid)
    if (!def || !rule) return null
    const base = { kind: 'variable' as const, label: def.label, where: null, place: null }
    if (this.#conceals?.variable(oid)) return hidden(base)
    const value = this.variable(oid)
    const inner = this.#readsOf(rule, { record: -1, row: null }, value, level + 1)
    const sign = def.unit && value !== null ? ` ${unitSign(def.unit)}` : ''
    return {
      ...base,
      value:
        value === null
          ? noneOf(rule)
          : each((language) => `${typedText(this, value, rule.type, language)}${sign}`),
      isMissing: value === null,
      isConcealed: false,
      date: null,
      rule: def.value,
      isOverride: false,
      decides: isSame(value, result),
      ...inner,
    }
  }

  #parameter(oid: string): ReadValue | null {
    const def = this.compiled.definition.parameters.find((one) => one.oid === oid)
    if (!def) return null
    const value = this.parameter(oid)
    return {
      ...hidden({ kind: 'parameter', label: def.label, where: null, place: null }),
      value: each((language) => formatValue(value, language)),
      isConcealed: false,
    }
  }

  #shown(value: Value, type: Compiled['type']): Label {
    return each((language) => typedText(this, value, type, language))
  }

  /** Where a value would be that nobody has entered yet, as far as the reading says. */
  #expectedKey({ form, place }: ItemReference): RecordKey | null {
    const indexed = this.compiled.index.forms.get(form)
    const event =
      place.kind === 'event'
        ? place.event
        : indexed?.occurs === 'once'
          ? indexed.events[0]?.oid
          : undefined
    return event === undefined ? null : { event, eventRepeat: 1, form, formRepeat: 1 }
  }

  #labelOf(
    reference: ItemReference,
    origin: { record: RecordState; plan: ItemPlan } | null,
    row: string | null,
  ): Label {
    const form = this.compiled.index.forms.get(reference.form)
    const indexed = form?.items.get(reference.item)
    const label = indexed?.item.label ?? { en: reference.item }
    const known =
      row === null || !indexed?.repeating
        ? undefined
        : origin
          ? this.rowDef(origin.record, origin.plan, row)
          : form?.rows.get(reference.group)?.get(row)
    if (!known) return label
    return each((language) => {
      const of = known.label[language] ?? known.label.en
      return `${of}${language === 'en' ? ': ' : '：'}${label[language] ?? label.en}`
    })
  }

  #whereOf({ event, eventRepeat, form, formRepeat }: RecordKey): Label {
    const { events, forms } = this.compiled.index
    const visit = events.get(event)
    const def = forms.get(form)?.form
    const number = (n: number) => (n === 1 ? '' : ` ${n}`)
    const named = (label: Label | undefined, oid: string, language: Language) =>
      label?.[language] ?? label?.en ?? oid
    return each((language) =>
      visit?.kind === 'log'
        ? `${named(def?.label, form, language)} ${formRepeat}`
        : `${named(visit?.label, event, language)}${number(eventRepeat)}`,
    )
  }
}

function hidden(base: Pick<ReadValue, 'kind' | 'label' | 'where' | 'place'>): ReadValue {
  return {
    ...base,
    value: concealed,
    isMissing: false,
    isConcealed: true,
    date: null,
    rule: null,
    isOverride: false,
    decides: false,
    reads: [],
    more: 0,
  }
}

/** A yes/no without an answer is undecided; a date or number is not there. */
function noneOf(rule: Compiled): Label {
  return rule.type.kind === 'boolean' ? undecided : nothing
}

/** Dates and numbers; that two codes are alike says nothing. */
function isSame(value: Value, result: Value): boolean {
  if (value !== result) return false
  return typeof value === 'number' || (typeof value === 'string' && isPartialDate(value))
}

function pathOf({ group, item }: ItemReference, row: string | null): ItemPath {
  return itemPath(group, row, item)
}

function each(make: (language: Language) => string): Label {
  return { en: make('en'), ja: make('ja'), zh: make('zh') }
}
