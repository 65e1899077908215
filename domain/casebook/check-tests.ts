/** Runs the tests that stand beside a check: given these values, it fires or stays silent. */
import type { CheckDef } from '#domain/definition/definition.ts'
import type { Value } from '#domain/expression/types.ts'
import { numberText } from '#domain/values/decimal.ts'
import type { CompiledStudy } from './compile-study.ts'
import { CasebookEnvironment } from './environment.ts'
import { evaluateRecord } from './evaluate.ts'
import {
  type Casebook,
  type FormRecordData,
  itemPath,
  parseItemPath,
  type RecordKey,
  recordKeyText,
  type StoredValue,
} from './record.ts'

export type CheckTestResult = { name: string; ok: boolean; message: string }
type CheckTest = NonNullable<CheckDef['tests']>[number]
type Given = CheckTest['given'][string]

const addressPattern =
  /^(?:([A-Z][A-Z0-9_]*)(?:#(\d+))?\/)?([A-Z][A-Z0-9_]*)(?:#(\d+))?\.(?:([A-Z][A-Z0-9_]*)\[([A-Za-z0-9_]+)\]\.)?([A-Z][A-Z0-9_]*)$/

/** One result per test of the check; never throws. A check that does not compile fails its tests. */
export function runCheckTests(compiled: CompiledStudy, check: CheckDef): CheckTestResult[] {
  return (check.tests ?? []).map((test, i) => {
    const name = test.name ?? `${check.id} ${i + 1} ${test.expect}`
    try {
      return { name, ...runTest(compiled, check, test) }
    } catch (error) {
      if (error instanceof TestMistake) return { name, ok: false, message: error.message }
      throw error
    }
  })
}

/** A test that cannot be set up as written. */
class TestMistake extends Error {}

function runTest(
  compiled: CompiledStudy,
  check: CheckDef,
  test: CheckTest,
): { ok: boolean; message: string } {
  const plan = compiled.forms.get(check.form)
  if (!plan?.checks.some((entry) => entry.check.id === check.id)) {
    throw new TestMistake(`The rule of ${check.id} does not compile.`)
  }
  const set = setUp(compiled, check, test)
  const study: CompiledStudy = { ...compiled, parameters: set.parameters }
  const environment = new CasebookEnvironment(study, set.casebook)
  const messages: string[] = []
  let fired = false
  for (const record of environment.recordsOf(check.form)) {
    for (const finding of evaluateRecord(environment, record).findings) {
      if (finding.check !== check.id) continue
      fired = true
      messages.push(`${recordKeyText(record.data.key)} ${finding.path}: ${finding.message.en}`)
    }
  }
  if (fired === (test.expect === 'fires')) return { ok: true, message: messages.join(' ') }
  const unread = unreadGivens(environment, set.given)
  const outcome = fired ? `It fires: ${messages.join(' ')}` : 'It stays silent.'
  const hint = unread.length === 0 ? '' : ` Not seen by rules: ${unread.join(', ')}.`
  return { ok: false, message: `${outcome}${hint}` }
}

type SetUp = {
  casebook: Casebook
  parameters: ReadonlyMap<string, Value>
  given: readonly { address: string; key: RecordKey; path: string }[]
}

function setUp(compiled: CompiledStudy, check: CheckDef, test: CheckTest): SetUp {
  const records = new Map<string, { key: RecordKey; data: Record<string, StoredValue> }>()
  const parameters = new Map(compiled.parameters)
  const given: { address: string; key: RecordKey; path: string }[] = []
  const signed = new Set<string>()
  let today = '2099-12-31'
  let siteCode = '01'
  const home = homeEvent(compiled, check, test)
  const recordAt = (key: RecordKey) => {
    const text = recordKeyText(key)
    let record = records.get(text)
    if (record === undefined) {
      record = { key, data: {} }
      records.set(text, record)
    }
    return record
  }
  for (const [address, value] of Object.entries(test.given)) {
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
      const { key, path } = resolve(compiled, address, home)
      given.push({ address, key, path })
      const record = recordAt(key)
      const stored = storedOf(value)
      if (stored !== null) record.data[path] = stored
    }
  }
  if (![...records.values()].some(({ key }) => key.form === check.form)) {
    recordAt({ event: home ?? '', eventRepeat: 1, form: check.form, formRepeat: 1 })
  }
  for (const form of signed) {
    if ([...records.values()].some(({ key }) => key.form === form)) continue
    const event = compiled.index.forms.get(form)?.events[0]?.oid ?? ''
    recordAt({ event, eventRepeat: 1, form, formRepeat: 1 })
  }
  const all = [...records.values()].map(
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

/** The visit a test plays in: where it names one for the check's form, else the form's first. */
function homeEvent(compiled: CompiledStudy, check: CheckDef, test: CheckTest): string | null {
  for (const address of Object.keys(test.given)) {
    const match = addressPattern.exec(address)
    if (match?.[3] === check.form && match[1] !== undefined) return match[1]
  }
  const events = compiled.index.forms.get(check.form)?.events ?? []
  const log = check && compiled.index.forms.get(check.form)?.occurs === 'many'
  const first = (log ? events.find((event) => event.kind === 'log') : undefined) ?? events[0]
  return first?.oid ?? null
}

function resolve(
  compiled: CompiledStudy,
  address: string,
  home: string | null,
): { key: RecordKey; path: string } {
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
  const mode = item.item.derive === undefined ? null : (item.item.entry ?? 'never')
  if (mode === 'never' && form.form.system !== true) {
    throw new TestMistake(`${address} is derived and cannot be given.`)
  }
  if (event !== undefined && !form.events.some(({ oid }) => oid === event)) {
    throw new TestMistake(`${address}: ${formOid} is not part of ${event}.`)
  }
  const log = form.occurs === 'many' ? form.events.find(({ kind }) => kind === 'log') : undefined
  const usual = form.events.find(({ oid }) => oid === home) ?? log ?? form.events[0]
  return {
    key: {
      event: event ?? usual?.oid ?? '',
      eventRepeat: Number(eventRepeat ?? 1),
      form: formOid,
      formRepeat: Number(formRepeat ?? 1),
    },
    path: itemPath(item.group.oid, row ?? null, itemOid),
  }
}

function storedOf(value: Given): StoredValue | null {
  if (value === null) return null
  if (typeof value === 'number') return numberText(value)
  if (typeof value !== 'string') return value
  const reason = /^(ND|NA|UNK|NASK)!$/.exec(value)?.[1]
  return reason === undefined ? value : { missing: reason as 'ND' | 'NA' | 'UNK' | 'NASK' }
}

function parameterValue(compiled: CompiledStudy, oid: string, value: Given): Value {
  const type = compiled.index.parameters.get(oid)?.type
  if (type === 'number') return Number(value)
  if (type === 'boolean') return String(value) === 'true'
  return value === null ? null : String(value)
}

/** Values that were given but are null to rules: refused, or closed by skip logic. */
function unreadGivens(environment: CasebookEnvironment, given: SetUp['given']): string[] {
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
