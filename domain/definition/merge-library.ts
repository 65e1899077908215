/**
 * Builds a study's forms, code lists and checks out of its own texts and the library's: `use`, `hide`, `items`, `add`, rows by
 * key. Works on plain objects before the shape is validated, so every step tolerates wrong shapes and leaves them to the schema.
 */
import type { StudyFinding } from './finding.ts'
import {
  isPlainObject,
  memberOf,
  type Origins,
  type Plain,
  type PlainObject,
} from './yaml-source.ts'

export type Merging = {
  origins: Origins
  findings: StudyFinding[]
}

function report(
  merging: Merging,
  container: object,
  key: string | number,
  code: string,
  message: string,
): void {
  const position = merging.origins.get(container, key)
  merging.findings.push({
    code,
    severity: 'error',
    message,
    place: [],
    ...(position && { file: position.file, line: position.line, column: position.column }),
  })
}

/** A deep copy that keeps positions, so that an override never changes the library for the next form. */
export function copy<T extends Plain>(value: T, origins: Origins): T {
  if (Array.isArray(value)) {
    const result: Plain[] = []
    value.forEach((entry, index) => {
      result.push(copy(entry, origins))
      origins.move(value, index, result)
    })
    return result as T
  }
  if (isPlainObject(value)) {
    const result: PlainObject = {}
    for (const key of Object.keys(value)) {
      result[key] = copy(value[key] as Plain, origins)
      origins.move(value, key, result)
    }
    return result as T
  }
  return value
}

/** Writes the keys of `changes` over `target`; null takes a key away. */
export function override(
  target: PlainObject,
  changes: PlainObject,
  except: readonly string[],
  merging: Merging,
): void {
  for (const key of Object.keys(changes)) {
    if (except.includes(key)) continue
    if (changes[key] === null) {
      delete target[key]
      continue
    }
    target[key] = copy(changes[key] as Plain, merging.origins)
    merging.origins.move(changes, key, target)
  }
}

function list(value: Plain | undefined): Plain[] {
  return Array.isArray(value) ? value : []
}

function indexByKey(entries: readonly Plain[], key: string): Map<string, PlainObject> {
  const result = new Map<string, PlainObject>()
  for (const entry of entries) {
    const oid = memberOf(entry, key)
    if (isPlainObject(entry) && oid !== undefined && oid !== null) result.set(String(oid), entry)
  }
  return result
}

function push(target: Plain[], value: Plain, from: object, key: string | number, origins: Origins) {
  origins.move(from, key, target, target.length)
  target.push(value)
}

/**
 * Replaces rows given by key (`CREAT`, `{ use: K, soft: .. }`) or as `labs` by the rows of the library. `isLast` false leaves keys
 * that are not found for a later shelf.
 */
export function fillRows(
  form: PlainObject,
  labs: readonly Plain[],
  merging: Merging,
  isLast = true,
): void {
  const byKey = indexByKey(labs, 'key')
  for (const group of list(form.groups)) {
    if (!isPlainObject(group) || group.rows === undefined) continue
    const given = group.rows
    const rows: Plain[] = []
    const wanted = given === 'labs' && isLast ? [...byKey.keys()] : given
    if (!Array.isArray(wanted)) continue
    wanted.forEach((entry, index) => {
      const key = typeof entry === 'string' ? entry : memberOf(entry, 'use')
      if (key === undefined || key === null || (isPlainObject(entry) && 'key' in entry)) {
        push(rows, entry, wanted, index, merging.origins)
        return
      }
      const row = byKey.get(String(key))
      if (row === undefined && !isLast) {
        push(rows, entry, wanted, index, merging.origins)
        return
      }
      if (row === undefined) {
        report(merging, wanted, index, 'unknown-row', `The library has no row “${String(key)}”.`)
        return
      }
      const own = copy(row, merging.origins)
      if (isPlainObject(entry)) override(own, entry, ['use'], merging)
      push(rows, own, wanted, index, merging.origins)
    })
    group.rows = rows
  }
}

const formOverrideKeys = ['use', 'hide', 'items', 'add', 'groups', 'addGroups']

/** The forms of the study in the order of `forms.yaml`, own forms that it does not name last. */
export function mergeForms(
  entries: Plain | undefined,
  own: readonly PlainObject[],
  library: readonly PlainObject[],
  labs: readonly Plain[],
  merging: Merging,
): Plain[] {
  const result: Plain[] = []
  const ownByOid = indexByKey(own, 'oid')
  const libraryByOid = indexByKey(library, 'oid')
  const used = new Set<string>()
  const given = list(entries)
  given.forEach((entry, index) => {
    if (!isPlainObject(entry)) {
      report(merging, given, index, 'shape', 'An entry is `use: FORM` or a whole form.')
      return
    }
    let form = entry
    if (entry.use !== undefined) {
      const oid = String(entry.use)
      const base = ownByOid.get(oid) ?? libraryByOid.get(oid)
      if (base === undefined) {
        report(merging, entry, 'use', 'unknown-form', `No form “${oid}” in study or library.`)
        return
      }
      used.add(oid)
      form = copy(base, merging.origins)
      applyFormChanges(form, entry, merging)
    }
    fillRows(form, labs, merging)
    push(result, form, given, index, merging.origins)
  })
  for (const [oid, form] of ownByOid) {
    if (used.has(oid)) continue
    fillRows(form, labs, merging)
    push(result, form, form, 'oid', merging.origins)
  }
  for (const form of own) {
    if (form.oid === undefined) push(result, form, own, 0, merging.origins)
  }
  return result
}

function applyFormChanges(form: PlainObject, entry: PlainObject, merging: Merging): void {
  override(form, entry, formOverrideKeys, merging)
  const groups = list(form.groups).filter(isPlainObject)
  const itemHome = new Map<string, PlainObject>()
  for (const group of groups) {
    for (const item of list(group.items)) {
      const oid = memberOf(item, 'oid')
      if (typeof oid === 'string') itemHome.set(oid, group)
    }
  }
  const changes = entry.items
  if (isPlainObject(changes)) {
    for (const oid of Object.keys(changes)) {
      const item = findByOid(itemHome.get(oid)?.items, oid)
      if (item === undefined) {
        report(merging, changes, oid, 'unknown-item', `The form has no item “${oid}” to change.`)
      } else if (isPlainObject(changes[oid])) {
        override(item, changes[oid] as PlainObject, [], merging)
      }
    }
  }
  const groupChanges = entry.groups
  if (isPlainObject(groupChanges)) {
    for (const oid of Object.keys(groupChanges)) {
      const group = groups.find((g) => g.oid === oid)
      if (group === undefined) {
        report(merging, groupChanges, oid, 'unknown-group', `The form has no group “${oid}”.`)
      } else if (isPlainObject(groupChanges[oid])) {
        const rows = list(group.rows)
        override(group, groupChanges[oid] as PlainObject, [], merging)
        if (rows.length > 0) fillRows({ groups: [group] }, rows, merging, false)
      }
    }
  }
  const hide = list(entry.hide)
  hide.forEach((oid, index) => {
    if (!removeByOid(form, String(oid), merging.origins)) {
      report(
        merging,
        hide,
        index,
        'unknown-item',
        `The form has no item or group “${String(oid)}”.`,
      )
    }
  })
  const added = list(entry.add)
  for (const [index, item] of added.entries()) addItem(form, item, added, index, merging)
  const addedGroups = list(entry.addGroups)
  const target = list(form.groups)
  addedGroups.forEach((group, index) => {
    push(target, copy(group, merging.origins), addedGroups, index, merging.origins)
  })
}

function findByOid(entries: Plain | undefined, oid: string): PlainObject | undefined {
  return list(entries).find((entry): entry is PlainObject => memberOf(entry, 'oid') === oid)
}

function without(entries: Plain[], index: number, origins: Origins): Plain[] {
  const result: Plain[] = []
  entries.forEach((entry, i) => {
    if (i !== index) push(result, entry, entries, i, origins)
  })
  return result
}

function removeByOid(form: PlainObject, oid: string, origins: Origins): boolean {
  const groups = list(form.groups)
  const groupIndex = groups.findIndex((group) => memberOf(group, 'oid') === oid)
  if (groupIndex >= 0) {
    form.groups = without(groups, groupIndex, origins)
    return true
  }
  for (const [index, group] of groups.entries()) {
    if (!isPlainObject(group)) continue
    const items = list(group.items)
    const itemIndex = items.findIndex((item) => memberOf(item, 'oid') === oid)
    if (itemIndex < 0) continue
    group.items = without(items, itemIndex, origins)
    // A group whose last item is hidden goes with it.
    if (items.length === 1) form.groups = without(groups, index, origins)
    return true
  }
  return false
}

function addItem(
  form: PlainObject,
  given: Plain,
  container: Plain[],
  index: number,
  merging: Merging,
): void {
  if (!isPlainObject(given)) {
    report(merging, container, index, 'shape', 'An added item is a mapping.')
    return
  }
  const { origins } = merging
  const groups = list(form.groups).filter(isPlainObject)
  const neighbour = given.after ?? given.before
  const group =
    neighbour !== undefined
      ? groups.find((g) => findByOid(g.items, String(neighbour)) !== undefined)
      : given.group !== undefined
        ? groups.find((g) => g.oid === given.group)
        : groups[0]
  if (group === undefined) {
    report(
      merging,
      container,
      index,
      'unknown-group',
      'The place of the added item does not exist.',
    )
    return
  }
  const item: PlainObject = {}
  override(item, given, ['group', 'after', 'before'], merging)
  const items = list(group.items)
  const at = items.findIndex((i) => memberOf(i, 'oid') === neighbour)
  const position = neighbour === undefined ? items.length : given.after !== undefined ? at + 1 : at
  const result: Plain[] = []
  items.forEach((entry, i) => {
    if (i === position) push(result, item, container, index, origins)
    push(result, entry, items, i, origins)
  })
  if (position >= items.length) push(result, item, container, index, origins)
  group.items = result
}

/** Own code lists, then those of the library that items and variables name. */
export function mergeCodeLists(
  entries: Plain | undefined,
  library: readonly Plain[],
  named: ReadonlySet<string>,
  merging: Merging,
): Plain[] {
  const { origins } = merging
  const result: Plain[] = []
  const byOid = indexByKey(library, 'oid')
  const present = new Set<string>()
  const given = list(entries)
  given.forEach((entry, index) => {
    if (!isPlainObject(entry) || entry.use === undefined) {
      present.add(String(memberOf(entry, 'oid')))
      push(result, entry, given, index, origins)
      return
    }
    const oid = String(entry.use)
    const base = byOid.get(oid)
    if (base === undefined) {
      report(merging, entry, 'use', 'unknown-code-list', `The library has no code list “${oid}”.`)
      return
    }
    present.add(oid)
    push(result, changedCodeList(copy(base, origins), entry, merging), given, index, origins)
  })
  for (const [oid, codeList] of byOid) {
    if (named.has(oid) && !present.has(oid)) push(result, codeList, codeList, 'oid', origins)
  }
  return result
}

function changedCodeList(base: PlainObject, entry: PlainObject, merging: Merging): PlainObject {
  const { origins } = merging
  const codes = list(base.codes)
  const byCode = indexByKey(codes, 'code')
  const changes = entry.codes
  if (isPlainObject(changes)) {
    for (const code of Object.keys(changes)) {
      const target = byCode.get(code)
      if (target === undefined) {
        report(merging, changes, code, 'unknown-code', `The list has no code “${code}”.`)
      } else if (isPlainObject(changes[code])) {
        override(target, changes[code] as PlainObject, [], merging)
      }
    }
  }
  const chosen: Plain[] = []
  const only = entry.only
  const hide = list(entry.hide)
  for (const [index, code] of [...list(only), ...hide].entries()) {
    const text = String(code)
    if (!byCode.has(text)) {
      const container = index < list(only).length ? list(only) : hide
      const key = index < list(only).length ? index : index - list(only).length
      report(merging, container, key, 'unknown-code', `The list has no code “${text}”.`)
    }
  }
  if (Array.isArray(only)) {
    only.forEach((code, index) => {
      const kept = byCode.get(String(code))
      if (kept !== undefined) push(chosen, kept, only, index, origins)
    })
  } else {
    const hidden = new Set(hide.map(String))
    codes.forEach((code, index) => {
      if (!hidden.has(String(memberOf(code, 'code')))) push(chosen, code, codes, index, origins)
    })
  }
  const added = list(entry.add)
  added.forEach((code, index) => {
    push(chosen, copy(code, origins), added, index, origins)
  })
  base.codes = chosen
  for (const key of Object.keys(entry)) {
    if (!['use', 'only', 'hide', 'add', 'codes'].includes(key)) {
      report(merging, entry, key, 'unknown-key', `“${key}” is not known here.`)
    }
  }
  return base
}

/** Own checks, with library checks changed (`use`), switched off (`off`) or taken over as they are. */
export function mergeChecks(
  entries: Plain | undefined,
  library: readonly Plain[],
  merging: Merging,
): { own: Plain[]; changed: PlainObject[]; fromLibrary: PlainObject[] } {
  const { origins } = merging
  const byId = indexByKey(library, 'id')
  const own: Plain[] = []
  // Those with the library's own tests.
  const changed: PlainObject[] = []
  const given = list(entries)
  given.forEach((entry, index) => {
    const name = memberOf(entry, 'use') ?? memberOf(entry, 'off')
    if (!isPlainObject(entry) || name === undefined) {
      const id = memberOf(entry, 'id')
      if (id !== undefined) byId.delete(String(id))
      push(own, entry, given, index, origins)
      return
    }
    const base = byId.get(String(name))
    if (base === undefined) {
      report(merging, given, index, 'unknown-check', `The library has no check “${String(name)}”.`)
      return
    }
    byId.delete(String(name))
    if (entry.use === undefined) return
    const check = copy(base, origins)
    override(check, entry, ['use'], merging)
    if (entry.tests === undefined) changed.push(check)
    push(own, check, given, index, origins)
  })
  return { own, changed, fromLibrary: [...byId.values()] }
}
