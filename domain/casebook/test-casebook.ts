/** Builds the casebook that a test of a definition describes: `given` addresses and values, a date, parameters, signatures. */
import type { Given, StudyEventDef } from '#domain/definition/definition.ts'
import type { Value } from '#domain/expression/types.ts'
import { numberText } from '#domain/values/decimal.ts'
import type { CompiledStudy } from './compile-study.ts'
import type { CasebookEnvironment } from './environment.ts'
import {
  type Casebook,
  type FormRecordData,
  itemPath,
  parseItemPath,
  type RecordKey,
  recordKeyText,
  type StoredValue,
} from './record.ts'
import type { IndexedForm } from './study-index.ts'

type GivenValue = Given[string]

/** `EVENT#1/FORM#1.GROUP[KEY].ITEM`; `@2/` is the second visit in which the form is filled. */
const addressPattern =
  /^(?:(@[1-9]\d*|[A-Z][A-Z0-9_]*)(?:#(\d+))?\/)?([A-Z][A-Z0-9_]*)(?:#(\d+))?\.(?:([A-Z][A-Z0-9_]*)\[([A-Za-z0-9_]+)\]\.)?([A-Z][A-Z0-9_]*)$/

/** A test that cannot be set up as written. */
export class TestMistake extends Error {}

export type TestCasebook = {
  casebook: Casebook
  parameters: ReadonlyMap<string, Value>
  given: readonly { address: string; key: RecordKey; path: string }[]
}

/** Where an item of a test lives. */
export type ItemPlace = { key: RecordKey; path: string; row: string | null; item: string }

/**
 * Throws `TestMistake` for what is not an address of this study. `home` is the visit that addresses without one mean where their
 * form is part of it; `records` are instances that exist although nothing is given in them.
 */
export function testCasebook(
  compiled: CompiledStudy,
  values: Given,
  home: string | null,
  records: readonly RecordKey[] = [],
): TestCasebook {
  const byKey = new Map<string, { key: RecordKey; data: Record<string, StoredValue> }>()
  const parameters = new Map(compiled.parameters)
  const given: { address: string; key: RecordKey; path: string }[] = []
  const signed = new Set<string>()
  let today = '2099-12-31'
  let siteCode = '01'
  const recordAt = (key: RecordKey) => {
    const text = recordKeyText(key)
    let record = byKey.get(text)
    if (record === undefined) {
      record = { key, data: {} }
      byKey.set(text, record)
    }
    return record
  }
  for (const [address, value] of Object.entries(values)) {
    if (address === 'today') today = String(value)
    else if (address === 'site') siteCode = String(value)
    else if (address.startsWith('signed.')) {
      const form = address.slice('signed.'.length)
      if (!compiled.index.forms.has(form)) throw new TestMistake(`There is no form ${form}.`)
      if (value === 'Y') signed.add(form)
    } else if (address.startsWith('parameter.')) {
      const oid = address.slice('parameter.'.length)
      if (!parameters.has(oid)) throw new TestMistake(`There is no parameter ${oid}.`)
      parameters.set(oid, parameterValue(compiled, oid, value))
    } else {
      const { key, path } = placeOfItem(compiled, address, home)
      refuseComputed(compiled, address, key.form, path)
      given.push({ address, key, path })
      const record = recordAt(key)
      const stored = storedOf(value)
      if (stored !== null) record.data[path] = stored
    }
  }
  for (const key of records) {
    if (![...byKey.values()].some((record) => record.key.form === key.form)) recordAt(key)
  }
  for (const form of signed) {
    if ([...byKey.values()].some(({ key }) => key.form === form)) continue
    const event = compiled.index.forms.get(form)?.events[0]?.oid ?? ''
    recordAt({ event, eventRepeat: 1, form, formRepeat: 1 })
  }
  const all = [...byKey.values()].map(
    ({ key, data }): FormRecordData => ({
      recordId: recordKeyText(key),
      key,
      versionNumber: 1,
      revision: 2,
      state: signed.has(key.form) ? 'signed' : 'inProgress',
      data,
      derived: {},
    }),
  )
  const subject = { subjectId: 'test', subjectKey: `${siteCode}-001`, siteCode, siteId: siteCode }
  return { casebook: { subject, records: all, references: [], today }, parameters, given }
}

/** The visit named first for a form by any address; null where none is. */
export function visitNamedFor(
  compiled: CompiledStudy,
  form: string,
  addresses: readonly string[],
): string | null {
  for (const address of addresses) {
    const [, event, , oid] = addressPattern.exec(address) ?? []
    if (oid !== form || event === undefined) continue
    const indexed = compiled.index.forms.get(form)
    return (indexed && eventNamed(indexed, event)?.oid) ?? null
  }
  return null
}

/** Resolves an address of an item; throws `TestMistake` with what is wrong. */
export function placeOfItem(
  compiled: CompiledStudy,
  address: string,
  home: string | null,
): ItemPlace {
  const match = addressPattern.exec(address)
  if (!match) throw new TestMistake(`“${address}” is no address: EVENT/FORM#1.GROUP[KEY].ITEM.`)
  const [, event, eventRepeat, formOid = '', formRepeat, group, row, itemOid = ''] = match
  const form = compiled.index.forms.get(formOid)
  if (!form) throw new TestMistake(`${address}: there is no form ${formOid}.`)
  const item = form.items.get(itemOid)
  if (!item) throw new TestMistake(`${address}: ${formOid} has no item ${itemOid}.`)
  if (item.repeating && row === undefined) {
    throw new TestMistake(`${address}: name the row, ${formOid}.${item.group.oid}[KEY].${itemOid}.`)
  }
  if (group !== undefined && (group !== item.group.oid || !item.repeating)) {
    throw new TestMistake(`${address}: ${itemOid} is not in rows of ${group}.`)
  }
  if (row !== undefined && /[A-Z]/.test(row) && !form.rows.get(item.group.oid)?.has(row)) {
    throw new TestMistake(`${address}: ${item.group.oid} has no row ${row}.`)
  }
  const named = event === undefined ? undefined : eventNamed(form, event)
  if (event !== undefined && named === undefined) {
    throw new TestMistake(`${address}: ${formOid} is not part of ${event}.`)
  }
  const key: RecordKey = {
    event: (named ?? usualEvent(form, home))?.oid ?? '',
    eventRepeat: Number(eventRepeat ?? 1),
    form: formOid,
    formRepeat: Number(formRepeat ?? 1),
  }
  const inRow = item.repeating ? (row ?? null) : null
  return { key, path: itemPath(item.group.oid, inRow, itemOid), row: inRow, item: itemOid }
}

function eventNamed(form: IndexedForm, event: string): StudyEventDef | undefined {
  if (!event.startsWith('@')) return form.events.find(({ oid }) => oid === event)
  return form.events.filter(({ kind }) => kind !== 'log')[Number(event.slice(1)) - 1]
}

/** Where a form stands when no visit is named: at home, else in the log where it repeats, else first. */
export function usualEvent(form: IndexedForm, home: string | null): StudyEventDef | undefined {
  const log = form.occurs === 'many' ? form.events.find(({ kind }) => kind === 'log') : undefined
  return form.events.find(({ oid }) => oid === home) ?? log ?? form.events[0]
}

function refuseComputed(compiled: CompiledStudy, address: string, oid: string, path: string): void {
  const form = compiled.index.forms.get(oid)
  const item = form?.items.get(parseItemPath(path)?.item ?? '')?.item
  const mode = item?.derive === undefined ? null : (item.entry ?? 'never')
  if (mode === 'never' && form?.form.system !== true) {
    throw new TestMistake(`${address} is derived and cannot be given.`)
  }
}

function storedOf(value: GivenValue): StoredValue | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'number') return numberText(value)
  if (typeof value !== 'string') return value
  const reason = /^(ND|NA|UNK|NASK)!$/.exec(value)?.[1]
  return reason === undefined ? value : { missing: reason as 'ND' | 'NA' | 'UNK' | 'NASK' }
}

function parameterValue(compiled: CompiledStudy, oid: string, value: GivenValue): Value {
  const type = compiled.index.parameters.get(oid)?.type
  if (type === 'number') return Number(value)
  if (type === 'boolean') return String(value) === 'true'
  return value === null ? null : String(value)
}

/** Values that were given but are null to rules: refused, or closed by skip logic. */
export function unreadGivens(
  environment: CasebookEnvironment,
  given: TestCasebook['given'],
): string[] {
  const unread: string[] = []
  for (const { address, key, path } of given) {
    const record = environment.recordAt(key)
    const parts = parseItemPath(path)
    const plan = parts ? record?.plan.items.get(parts.item) : undefined
    if (!record || !plan || !parts || !Object.hasOwn(record.data.data, path)) continue
    const slot = environment.slot(record, plan, parts.row)
    if (slot.refusal !== null) unread.push(`${address} (${slot.refusal.check})`)
    else if (environment.isOpen(record, plan, parts.row) !== true)
      unread.push(`${address} (closed)`)
  }
  return unread
}
