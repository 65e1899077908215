/** Decides whether a check of the library can live in a study: its form, its item and every name of its rule must exist there. */
import { isPlainObject, memberOf, type Plain, type PlainObject } from './yaml-source.ts'

const chain = /\b[A-Z][A-Z0-9_]*(?:(?:\[[^\]]*\])?\.[A-Z][A-Z0-9_]*)*\b/g
const boundMember = /\b[a-z][A-Za-z0-9_]*\.([A-Z][A-Z0-9_]*)/g

function oids(value: Plain | undefined): Set<string> {
  const result = new Set<string>()
  if (!Array.isArray(value)) return result
  for (const entry of value) {
    const oid = memberOf(entry, 'oid')
    if (typeof oid === 'string') result.add(oid)
  }
  return result
}

/** Group OIDs and item OIDs of each form. */
function membersByForm(forms: Plain | undefined): Map<string, Set<string>> {
  const result = new Map<string, Set<string>>()
  if (!Array.isArray(forms)) return result
  for (const form of forms) {
    const oid = memberOf(form, 'oid')
    const groups = memberOf(form, 'groups')
    if (typeof oid !== 'string' || !Array.isArray(groups)) continue
    const members = oids(groups)
    for (const group of groups) for (const item of oids(memberOf(group, 'items'))) members.add(item)
    result.set(oid, members)
  }
  return result
}

/** What the addresses of a test name and the study lacks: visits, forms, items, fixed rows, variables. */
export function absentNames(addresses: readonly string[], study: PlainObject): string[] {
  const members = membersByForm(study.forms)
  const events = oids(study.events)
  const globals = new Set([...oids(study.variables), ...oids(study.populations)])
  const endpoints = oids(study.endpoints)
  const missing = new Set<string>()
  for (const address of addresses) {
    if (['today', 'site'].includes(address)) continue
    const special = /^(parameter|signed)\.([A-Z0-9_]+)$/.exec(address)
    if (special) {
      const known = special[1] === 'signed' ? [...members.keys()] : [...oids(study.parameters)]
      if (!known.includes(special[2] as string)) missing.add(address)
      continue
    }
    const parts =
      /^(?:(@\d+|[A-Z][A-Z0-9_]*(?:#\d+)?)\/)?([A-Z][A-Z0-9_]*)(?:#\d+)?(?:\.(?:([A-Z][A-Z0-9_]*)\[([A-Za-z0-9_]+)\]\.)?([A-Za-z][A-Za-z0-9_]*))?$/.exec(
        address,
      )
    // What is no address at all is told when the test is run.
    if (!parts) continue
    const [, event, first = '', group, row, item] = parts
    const visit = event?.replace(/#.*/, '')
    if (visit?.startsWith('@')) {
      const visits = entriesOf(study.events, first).length
      if (Number(visit.slice(1)) > visits) missing.add(`${visit}/${first}`)
    } else if (visit !== undefined && !events.has(visit)) missing.add(visit)
    if (item === undefined) {
      if (!globals.has(first)) missing.add(first)
      continue
    }
    if (endpoints.has(first)) continue
    const own = members.get(first)
    if (own === undefined) missing.add(first)
    else if (!own.has(item)) missing.add(`${first}.${item}`)
    else if (group !== undefined && row !== undefined && /[A-Z]/.test(row)) {
      const used = rowsInUse(study, visit, first, group)
      if (!used.has(row)) missing.add(`${first}.${group}[${row}]`)
    }
  }
  return [...missing]
}

/** The entries of a form in the visits in which it is filled, in their order. */
function entriesOf(events: Plain | undefined, form: string): { event: Plain; rows: Plain }[] {
  if (!Array.isArray(events)) return []
  return events.flatMap((event) => {
    const forms = memberOf(event, 'forms')
    if (memberOf(event, 'kind') === 'log' || !Array.isArray(forms)) return []
    const entry = forms.find((one) => one === form || memberOf(one, 'form') === form)
    if (entry === undefined) return []
    return [{ event: memberOf(event, 'oid') ?? null, rows: memberOf(entry, 'rows') ?? null }]
  })
}

/** Fixed rows of a group that are asked for at a visit: those of the row set, or all. */
function rowsInUse(
  study: PlainObject,
  visit: string | undefined,
  form: string,
  group: string,
): Set<Plain> {
  const all = rowKeys(study.forms, form, group)
  const entries = entriesOf(study.events, form)
  const entry = visit?.startsWith('@')
    ? entries[Number(visit.slice(1)) - 1]
    : entries.find(({ event }) => event === visit)
  const set = entry?.rows ? memberOf(rowSetsOf(study.forms, form, group), String(entry.rows)) : null
  return Array.isArray(set) ? new Set(set.filter((key) => all.has(key))) : all
}

function byOid(list: Plain | undefined, oid: string): Plain | undefined {
  return Array.isArray(list) ? list.find((entry) => memberOf(entry, 'oid') === oid) : undefined
}

function groupOf(forms: Plain | undefined, form: string, group: string): Plain | undefined {
  return byOid(memberOf(byOid(forms, form), 'groups'), group)
}

function rowSetsOf(forms: Plain | undefined, form: string, group: string): Plain | undefined {
  return memberOf(groupOf(forms, form, group), 'rowSets')
}

function rowKeys(forms: Plain | undefined, form: string, group: string): Set<Plain> {
  const rows = memberOf(groupOf(forms, form, group), 'rows')
  return new Set(
    Array.isArray(rows)
      ? rows.map((row) => (typeof row === 'string' ? row : (memberOf(row, 'key') ?? null)))
      : [],
  )
}

/** Names that the check needs and the study lacks, in order of appearance; empty when it can be used. */
export function missingNames(check: PlainObject, study: PlainObject): string[] {
  const members = membersByForm(study.forms)
  const anyItem = new Set([...members.values()].flatMap((set) => [...set]))
  const globals = new Set([
    ...members.keys(),
    ...oids(study.events),
    ...oids(study.variables),
    ...oids(study.parameters),
  ])
  const missing = new Set<string>()
  const form = String(check.form)
  const own = members.get(form)
  if (own === undefined) return [form]
  if (!own.has(String(check.item))) missing.add(`${form}.${String(check.item)}`)
  const rule = typeof check.rule === 'string' ? check.rule : ''
  const text = rule.replace(/'[^']*'|"[^"]*"/g, "''")
  for (const [, item] of text.matchAll(boundMember)) {
    if (item !== undefined && !anyItem.has(item)) missing.add(item)
  }
  for (const [match] of text.replace(boundMember, ' ').matchAll(chain)) {
    const [first = '', ...rest] = match.replace(/\[[^\]]*\]/g, '').split('.')
    const formMembers = members.get(first)
    if (formMembers !== undefined) {
      for (const name of rest) if (!formMembers.has(name)) missing.add(`${first}.${name}`)
    } else if (!own.has(first) && !globals.has(first)) {
      missing.add(first)
    }
  }
  return [...missing]
}

/** What a test of the library needs and the study lacks: names, and codes that the study has left out of its lists. */
export function absentFromTest(
  addresses: readonly string[],
  given: Plain | undefined,
  study: PlainObject,
): string[] {
  const absent = absentNames(addresses, study)
  if (absent.length > 0 || !isPlainObject(given)) return absent
  for (const address of Object.keys(given)) {
    const parts = /^(?:[^/]*\/)?([A-Z][A-Z0-9_]*)(?:#\d+)?\..*?([A-Z][A-Z0-9_]*)$/.exec(address)
    const codes = parts && codesOf(study, parts[1] as string, parts[2] as string)
    const value = given[address]
    for (const code of Array.isArray(value) ? value : [value]) {
      if (codes && typeof code === 'string' && !/!$/.test(code) && !codes.has(code)) {
        absent.push(`the code ${code} of ${parts[1]}.${parts[2]}`)
      }
    }
  }
  return absent
}

/** Codes an item may have; null for items without a list. */
function codesOf(study: PlainObject, form: string, item: string): Set<string> | null {
  const groups = memberOf(byOid(study.forms, form), 'groups')
  if (!Array.isArray(groups)) return null
  for (const group of groups) {
    const own = byOid(memberOf(group, 'items'), item)
    const list = memberOf(own, 'codeList')
    if (own === undefined || typeof list !== 'string') continue
    const codes = memberOf(byOid(study.codeLists, list), 'codes')
    if (!Array.isArray(codes)) return null
    const only = memberOf(own, 'codes')
    const allowed = Array.isArray(only) ? new Set(only.map(String)) : null
    const names = codes.map((code) => String(memberOf(code, 'code')))
    return new Set(names.filter((code) => allowed === null || allowed.has(code)))
  }
  return null
}
