/** The tests of a study's derivations: its own, and those of the library that name only what the study has. */
import { absentFromTest } from './library-check.ts'
import type { Merging } from './merge-library.ts'
import { isPlainObject, memberOf, type Plain, type PlainObject } from './yaml-source.ts'

/**
 * Own tests first, then the library's, less those that are switched off (`off: NAME`) or replaced by one of the same name. Null
 * where there are none at all, so that a definition without tests stays as it was.
 */
export function mergeDerivationTests(
  own: Plain | undefined,
  library: Plain | undefined,
  shelfForms: readonly PlainObject[],
  study: PlainObject,
  merging: Merging,
): Plain | null {
  if (own !== undefined && !Array.isArray(own)) return own
  const { origins, findings } = merging
  const shelf = (Array.isArray(library) ? library : []).filter(isPlainObject)
  const names = new Set(shelf.map(({ name }) => name))
  const taken = new Set<Plain>()
  const tests: Plain[] = []
  const given = own ?? []
  given.forEach((entry, index) => {
    const off = memberOf(entry, 'off')
    if (off === undefined) {
      taken.add(memberOf(entry, 'name') ?? null)
      origins.move(given, index, tests, tests.length)
      tests.push(entry)
      return
    }
    taken.add(off)
    if (names.has(off)) return
    const position = origins.get(given, index)
    findings.push({
      code: 'unknown-test',
      severity: 'error',
      message: `The library has no derivation test “${String(off)}”.`,
      place: [],
      ...(position && { file: position.file, line: position.line, column: position.column }),
    })
  })
  for (const test of shelf) {
    if (test.name !== undefined && taken.has(test.name)) continue
    const addresses = addressesOf(test)
    const missing = absentFromTest(addresses, test.given, study)
    if (missing.length === 0) missing.push(...changedItems(expectedOf(test), shelfForms, study))
    if (missing.length === 0) {
      origins.move(test, 'name', tests, tests.length)
      tests.push(test)
      continue
    }
    const position = origins.get(test, 'name')
    findings.push({
      code: 'library-test-unused',
      severity: 'note',
      message: `The library's derivation test “${String(test.name)}” is not used: the study has no ${missing.join(', ')} as the library has it.`,
      place: [],
      ...(position && { file: position.file, line: position.line, column: position.column }),
    })
  }
  return tests.length === 0 ? null : tests
}

/** Items of a test that the study derives, opens or limits in its own way: the library cannot speak for them. */
function changedItems(
  addresses: readonly string[],
  shelfForms: readonly PlainObject[],
  study: PlainObject,
): string[] {
  const own = itemsByName(Array.isArray(study.forms) ? study.forms : [])
  const shelf = itemsByName(shelfForms)
  const changed = new Set<string>()
  for (const address of addresses) {
    const parts = /^(?:[^/]*\/)?([A-Z][A-Z0-9_]*)(?:#\d+)?\..*?([A-Z][A-Z0-9_]*)$/.exec(address)
    const name = parts === null ? '' : `${parts[1]}.${parts[2]}`
    const before = shelf.get(name)
    if (before !== undefined && before !== own.get(name)) changed.add(name)
  }
  return [...changed]
}

const decisive = ['type', 'derive', 'when', 'codeList', 'codes', 'digits']

/** What decides the value of each item, as text that can be compared. */
function itemsByName(forms: readonly Plain[]): Map<string, string> {
  const found = new Map<string, string>()
  for (const form of forms) {
    const groups = memberOf(form, 'groups')
    for (const group of Array.isArray(groups) ? groups : []) {
      const items = memberOf(group, 'items')
      for (const item of Array.isArray(items) ? items : []) {
        const name = `${String(memberOf(form, 'oid'))}.${String(memberOf(item, 'oid'))}`
        const parts = decisive.map((key) => memberOf(item, key) ?? null)
        found.set(name, JSON.stringify([memberOf(group, 'when') ?? null, ...parts]))
      }
    }
  }
  return found
}

function addressesOf(test: PlainObject): string[] {
  const { given } = test
  return [...(isPlainObject(given) ? Object.keys(given) : []), ...expectedOf(test)]
}

function expectedOf(test: PlainObject): string[] {
  const addresses = isPlainObject(test.expect) ? Object.keys(test.expect) : []
  for (const key of ['undecided', 'missing'] as const) {
    const values = test[key]
    if (Array.isArray(values)) addresses.push(...values.map(String))
  }
  return addresses
}

/** Takes from a check of the library the tests that give what the study has not; notes say which. */
export function fitCheckTests(check: PlainObject, study: PlainObject, merging: Merging): void {
  if (!Array.isArray(check.tests)) return
  const kept: Plain[] = []
  for (const [index, test] of check.tests.entries()) {
    const given = memberOf(test, 'given')
    const addresses = isPlainObject(given) ? Object.keys(given) : []
    const missing = absentFromTest(addresses, given, study)
    const position = merging.origins.get(check.tests, index)
    if (missing.length === 0) {
      merging.origins.move(check.tests, index, kept, kept.length)
      kept.push(test)
      continue
    }
    merging.findings.push({
      code: 'library-test-unused',
      severity: 'note',
      message: `A test of the library's check ${String(check.id)} is not used: the study has no ${missing.join(', ')}.`,
      place: [],
      ...(position && { file: position.file, line: position.line, column: position.column }),
    })
  }
  check.tests = kept
}
