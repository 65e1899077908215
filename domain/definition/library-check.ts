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
  // What the tests give must exist too, or they would fail for want of an item.
  for (const test of Array.isArray(check.tests) ? check.tests : []) {
    const given = memberOf(test, 'given')
    if (!isPlainObject(given)) continue
    for (const address of Object.keys(given)) {
      const parts = /^(?:[^/]*\/)?([A-Z][A-Z0-9_]*)(?:#\d+)?\..*?([A-Z][A-Z0-9_]*)$/.exec(address)
      if (parts?.[1] === undefined || parts[2] === undefined) continue
      if (!members.get(parts[1])?.has(parts[2])) missing.add(`${parts[1]}.${parts[2]}`)
    }
  }
  return [...missing]
}
