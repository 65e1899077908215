/** The first half of a save: which of the wanted changes can be made at all. Pure; rules come after. */
import {
  type FormRecordData,
  type FormValues,
  type ItemPath,
  isMissingValue,
  parseItemPath,
  type StoredValue,
  sameValue,
} from '#domain/casebook/record.ts'
import type { ItemChange } from '#domain/casebook/views.ts'
import type { ItemDef, ItemGroupDef } from '#domain/definition/definition.ts'
import { Problem } from '#domain/problem.ts'
import { parseStored } from '#domain/values/data-type.ts'
import { inLanguage, itemLabel } from '../display.ts'
import type { PublishedStudy } from '../study/published.ts'

export type Accepted = { path: ItemPath; to: StoredValue | null; reason: string | null }
export type Refused = { path: ItemPath; problem: Problem }
export type Sorted = {
  accepted: readonly Accepted[]
  refused: readonly Refused[]
  /** The value was changed by somebody else meanwhile. */
  conflicts: readonly { path: ItemPath; mine: StoredValue | null; theirs: StoredValue | null }[]
}

export type FormPlace = {
  study: PublishedStudy
  form: string
  /** Fixed rows in use at this visit, by group; a group that is not named uses all its rows. */
  rowKeys: Readonly<Record<string, readonly string[]>>
  language: string
}

const mostPaths = 5000

export function sortChanges(
  place: FormPlace,
  record: Pick<FormRecordData, 'data'>,
  changes: readonly ItemChange[],
): Sorted {
  const accepted: Accepted[] = []
  const refused: Refused[] = []
  const conflicts: { path: ItemPath; mine: StoredValue | null; theirs: StoredValue | null }[] = []
  const seen = new Set<string>()
  for (const change of changes) {
    const { path } = change
    if (seen.has(path)) {
      const what = 'is named twice'
      refused.push({ path, problem: new Problem('invalid-input', { where: path, what }, path) })
      continue
    }
    seen.add(path)
    const to = normalised(change.to)
    const stored = record.data[path] ?? null
    const problem = problemOfPath(place, path)
    if (problem) {
      refused.push({ path, problem })
    } else if (sameValue(stored, to)) {
      // What is wanted is there already, whoever brought it there.
    } else if (!sameValue(stored, normalised(change.from))) {
      conflicts.push({ path, mine: to, theirs: stored })
    } else {
      const wrong = problemOfValue(place, path, to) ?? problemOfReason(place, record, change)
      if (wrong) refused.push({ path, problem: wrong })
      else accepted.push({ path, to, reason: change.reason?.trim() ?? null })
    }
  }
  return { accepted, refused, conflicts }
}

/** The values with the changes made; an emptied item loses its path. */
export function applied(data: FormValues, changes: readonly Accepted[]): FormValues {
  const next: Record<ItemPath, StoredValue> = { ...data }
  for (const { path, to } of changes) {
    if (to === null) delete next[path]
    else next[path] = to
  }
  if (Object.keys(next).length > mostPaths) {
    throw new Problem('too-large', { limit: `${mostPaths} values of one form` })
  }
  return next
}

/** An empty text and an empty choice are "nothing entered". */
function normalised(value: StoredValue | null): StoredValue | null {
  if (value === null || isMissingValue(value)) return value
  if (typeof value === 'string') return value.trim() === '' ? null : value
  return value.length === 0 ? null : value
}

export function labelOf(place: Pick<FormPlace, 'study' | 'form' | 'language'>, path: ItemPath) {
  return inLanguage(itemLabel(place.study, place.form, path), place.language)
}

function problemOfPath(place: FormPlace, path: ItemPath): Problem | null {
  const parts = parseItemPath(path)
  const found = parts ? place.study.items.get(place.form)?.get(parts.item) : undefined
  if (!parts || !found || !isRowOf(found.group, parts, place.rowKeys)) {
    return new Problem('unknown-item', { path }, path)
  }
  const { item, group } = found
  const isFixedRowName =
    group.rowItem === item.oid && (group.rows ?? []).some((row) => row.key === parts.row)
  if (isFixedRowName || (item.derive !== undefined && (item.entry ?? 'never') === 'never')) {
    const why = isFixedRowName ? 'it names the row.' : 'it is calculated.'
    return new Problem('item-not-open', { label: labelOf(place, path), why }, path)
  }
  return null
}

function isRowOf(
  group: ItemGroupDef,
  parts: { group: string | null; row: string | null },
  rowKeys: FormPlace['rowKeys'],
): boolean {
  if (group.repeats === 'none') return parts.row === null
  if (parts.group !== group.oid || parts.row === null) return false
  const keys = rowKeys[group.oid] ?? (group.rows ?? []).map((row) => row.key)
  const isAdded = /^[a-z0-9]{1,40}$/.test(parts.row)
  if (group.repeats === 'rows') return isAdded
  return keys.includes(parts.row) || (group.repeats === 'fixedOpen' && isAdded)
}

function problemOfValue(place: FormPlace, path: ItemPath, to: StoredValue | null): Problem | null {
  const parts = parseItemPath(path)
  const item = parts ? place.study.items.get(place.form)?.get(parts.item)?.item : undefined
  if (to === null || !item) return null
  const label = labelOf(place, path)
  if (isMissingValue(to)) {
    const offered = item.missing ?? ['ND', 'UNK']
    if (offered.includes(to.missing)) return null
    return new Problem('wrong-type', { label, what: `${to.missing} is not a reason here` }, path)
  }
  if (Array.isArray(to) !== (item.type === 'codes')) {
    const what = item.type === 'codes' ? 'takes a list of codes' : 'takes one value'
    return new Problem('wrong-type', { label, what }, path)
  }
  return problemOfText(place, item, label, path, to)
}

function problemOfText(
  place: FormPlace,
  item: ItemDef,
  label: string,
  path: ItemPath,
  to: string | readonly string[],
): Problem | null {
  const list = item.codeList === undefined ? undefined : place.study.codeLists.get(item.codeList)
  const parsed = parseStored(item, to, list)
  if (!('finding' in parsed)) return null
  if (parsed.finding.code === 'CODE') {
    return new Problem('code-not-in-list', { label, value: String(to) }, path)
  }
  const what = inLanguage(parsed.finding.message, place.language)
  return new Problem('wrong-type', { label, what }, path)
}

function problemOfReason(
  place: FormPlace,
  record: Pick<FormRecordData, 'data'>,
  change: ItemChange,
): Problem | null {
  const { path, reason } = change
  if (!Object.hasOwn(record.data, path) || reason?.trim()) return null
  return new Problem('reason-required', { label: labelOf(place, path) }, path)
}
