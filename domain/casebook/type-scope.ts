/** What names mean to an expression, and which records it can reach, depending on where it is written. */
import { nearestNames } from '#domain/expression/suggest.ts'
import type {
  FieldFunction,
  ItemReference,
  Meaning,
  TypeScope,
  ValueType,
} from '#domain/expression/types.ts'
import { fieldFunctions } from './field-functions.ts'
import { hasFixedRows, type IndexedForm, type IndexedItem, type StudyIndex } from './study-index.ts'

/** Where an expression stands: an item or check of a form (in a row of a repeating group), or the subject as a whole. */
export type Standpoint = { form: string | null; group: string | null }

export const subjectStandpoint: Standpoint = { form: null, group: null }

/** The static type of an item's value in logic. Codes that mean missing are not among its codes. */
export function typeOfItem(indexed: IndexedItem): ValueType {
  const { item } = indexed
  switch (item.type) {
    case 'integer':
    case 'decimal':
      return { kind: 'number', unit: unitOf(item.unit) }
    case 'date':
      return { kind: 'date', partial: false }
    case 'partialDate':
      return { kind: 'date', partial: true }
    case 'dateTime':
      return { kind: 'dateTime' }
    case 'code':
    case 'codes':
      return {
        kind: item.type,
        list: listOf(indexed),
        codes: codesOf(indexed),
        missing: [...indexed.missingCodes.keys()],
      }
    default:
      return indexed.isRowItem
        ? { kind: 'code', list: listOf(indexed), codes: codesOf(indexed) }
        : { kind: 'text' }
  }
}

function unitOf(unit: string | undefined): string | null {
  if (unit === undefined || unit === 'row') return null
  return unit === '1' ? '' : unit
}

function listOf(indexed: IndexedItem): string {
  return indexed.item.codeList ?? `${indexed.form}.${indexed.item.oid}`
}

function codesOf(indexed: IndexedItem): string[] {
  const codes = [...(indexed.codes ?? [])]
  if (!indexed.isRowItem) return codes
  const keys = (indexed.group.rows ?? []).map((row) => row.key)
  return indexed.group.repeats === 'fixed' ? keys : [...new Set([...keys, ...codes])]
}

/** `lenientCodes`: to compile what the checker has passed, where a code that the study left out of a list never matches. */
export function scopeAt(index: StudyIndex, at: Standpoint, lenientCodes = false): TypeScope {
  return new StudyScope(index, at, lenientCodes)
}

class StudyScope implements TypeScope {
  readonly #index: StudyIndex
  readonly #at: Standpoint
  readonly #form: IndexedForm | undefined
  readonly lenientCodes: boolean

  constructor(index: StudyIndex, at: Standpoint, lenientCodes: boolean) {
    this.lenientCodes = lenientCodes
    this.#index = index
    this.#at = at
    this.#form = at.form === null ? undefined : index.forms.get(at.form)
  }

  name(name: string): Meaning | undefined {
    const own = this.#form?.items.get(name)
    if (own) return this.#item(own)
    const index = this.#index
    if (index.forms.has(name)) return { kind: 'form', form: name }
    if (this.#form?.groups.has(name))
      return { kind: 'group', form: this.#form.form.oid, group: name }
    if (index.events.has(name)) return { kind: 'event', event: name }
    const variable = index.variables.get(name)
    if (variable) return { kind: 'variable', oid: name, type: this.#variableType(variable) }
    const parameter = index.parameters.get(name)
    if (!parameter) return undefined
    const kind = parameter.type
    const type: ValueType =
      kind === 'number'
        ? { kind, unit: null }
        : kind === 'date'
          ? { kind, partial: false }
          : { kind }
    return { kind: 'parameter', oid: name, type }
  }

  member(form: string, group: string | null, name: string): Meaning | undefined {
    const indexed = this.#index.forms.get(form)
    if (!indexed) return undefined
    const item = indexed.items.get(name)
    if (item) {
      const inGroup = group !== null && item.group.oid === group
      // An item of another repeating group has no single value: its group, and a row, must be named.
      if (item.repeating && !inGroup) return undefined
      if (
        !item.repeating &&
        group !== null &&
        item.group.oid !== group &&
        !isGrid(indexed, group)
      ) {
        return undefined
      }
      return this.#item(item)
    }
    if (group === null && indexed.groups.has(name)) return { kind: 'group', form, group: name }
    return undefined
  }

  eventCodes(): readonly string[] {
    return [...this.#index.events.keys()]
  }

  hasRow(form: string, group: string, row: string): boolean {
    return this.#index.forms.get(form)?.rows.get(group)?.has(row) ?? false
  }

  reachable(reference: ItemReference): string | null {
    const { form, group, item, row, place } = reference
    const target = this.#index.forms.get(form)
    if (!target) return `There is no form ${form}.`
    if (place.kind === 'bound') return null
    const targetGroup = target.groups.get(group)
    const sameRow = form === this.#at.form && group === this.#at.group
    if (targetGroup && targetGroup.repeats !== 'none' && row === null && !sameRow) {
      return hasFixedRows(targetGroup)
        ? `${form}.${group} has many rows; name one: ${form}.${group}['KEY'].${item}.`
        : `${form}.${group} has any number of rows; read it through exists, count, max and their kin.`
    }
    const here = this.#form
    switch (place.kind) {
      case 'event': {
        const event = this.#index.events.get(place.event)
        if (!event) return `There is no visit ${place.event}.`
        if (!event.forms.some((entry) => entry.form === form)) {
          return `${form} is not part of ${place.event}.`
        }
        return this.#manyReason(target, item)
      }
      case 'nearest': {
        const event = this.#index.events.get(place.event)
        if (!event) return `There is no visit ${place.event}.`
        // Dates choose among the instances of a log too.
        return event.window === undefined || event.day === undefined
          ? `${place.event} has no target day and window, so nothing is nearest to it.`
          : null
      }
      case 'base':
        return this.#manyReason(target, item)
      case 'previous': {
        const visits = here?.events.some((event) => event.kind !== 'log') ?? false
        if (!visits) return 'previous() needs a visit; there is none here.'
        return this.#manyReason(target, item)
      }
      default:
        break
    }
    if (form === this.#at.form) return null
    if (target.occurs === 'once') return null
    if (target.occurs === 'many') return this.#manyReason(target, item)
    const name = `${form}.${item}`
    if (!here)
      return `${form} belongs to several visits; name one: at(VISIT, ${name}), or base(${name}).`
    const shared = here.events.some(
      (event) => event.kind !== 'log' && target.events.some((other) => other.oid === event.oid),
    )
    return shared
      ? null
      : `${form} is never filled at the same visit as ${here.form.oid}; use at(VISIT, ${name}), or base(${name}).`
  }

  fieldFunction(name: string): FieldFunction | undefined {
    return fieldFunctions.get(name)
  }

  suggestions(name: string): readonly string[] {
    const names: string[] = [...fieldFunctions.keys()]
    if (this.#form) names.push(...this.#form.items.keys(), ...this.#form.groups.keys())
    names.push(...this.#index.forms.keys(), ...this.#index.events.keys())
    names.push(...this.#index.variables.keys(), ...this.#index.parameters.keys())
    const near = nearestNames(name, names).filter((candidate) => candidate !== name)
    if (near.length > 0) return near
    // An item of another form or of a repeating group: say where it is.
    for (const [oid, { items }] of this.#index.forms) {
      const item = items.get(name)
      if (item)
        return [item.repeating ? `${oid}.${item.group.oid}['KEY'].${name}` : `${oid}.${name}`]
    }
    return []
  }

  #manyReason(target: IndexedForm, item: string): string | null {
    if (target.occurs !== 'many') return null
    const oid = target.form.oid
    return `${oid} can have many instances; read it through a collection: ${oid}.exists(r, r.${item} ...).`
  }

  #item(indexed: IndexedItem): Meaning {
    return {
      kind: 'item',
      reference: {
        form: indexed.form,
        group: indexed.group.oid,
        item: indexed.item.oid,
        row: null,
        place: { kind: 'here' },
      },
      type: typeOfItem(indexed),
    }
  }

  #variableType(variable: { type: string; codeList?: string; unit?: string }): ValueType {
    switch (variable.type) {
      case 'number':
        return { kind: 'number', unit: unitOf(variable.unit) }
      case 'date':
        return { kind: 'date', partial: true }
      case 'boolean':
        return { kind: 'boolean' }
      case 'code': {
        const list = this.#index.codeLists.get(variable.codeList ?? '')
        const codes = list?.codes ?? []
        return {
          kind: 'code',
          list: variable.codeList ?? '',
          codes: codes.filter((c) => c.missing === undefined).map((c) => c.code),
          missing: codes.filter((c) => c.missing !== undefined).map((c) => c.code),
        }
      }
      default:
        return { kind: 'text' }
    }
  }
}

function isGrid(form: IndexedForm, group: string): boolean {
  return (form.groups.get(group)?.repeats ?? 'none') !== 'none'
}
