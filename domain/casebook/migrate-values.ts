/**
 * Carries the values of one form instance from a study version to the one after it: renamed items, groups, forms and visits
 * get their new names, codes that were replaced their new code, and what a person typed into an item that is now calculated
 * steps aside under a name of its own. Everything else stays at its path, also where the new version knows it no more: nothing is
 * ever dropped.
 */
import type {
  CodeListDef,
  FormDef,
  ItemDef,
  ItemGroupDef,
  StudyDefinition,
} from '#domain/definition/definition.ts'
import { type PlacedItem, pairsOf, placedItems } from '#domain/definition/renames.ts'
import {
  type FormValues,
  type ItemPath,
  isMissingValue,
  itemPath,
  parseItemPath,
  type RecordKey,
  type StoredValue,
} from './record.ts'

/** A value that does not stay as and where it was. `to` may equal `from` where only the code changed. */
export type Move = {
  from: ItemPath
  to: ItemPath
  old: StoredValue
  value: StoredValue
  why: 'renamed' | 'replaced' | 'calculated'
}

export type CarryStep = {
  /** Number of the older version. */
  from: number
  key(key: RecordKey): RecordKey
  /** `form` is the OID in the older version; the answer's `data` is the given object where nothing moves. */
  values(form: string, data: FormValues): { data: FormValues; moves: readonly Move[] }
  /** The path that a value at `path` of the older version has in the newer one. */
  path(form: string, path: ItemPath): ItemPath
}

type Target = {
  before: PlacedItem
  after: PlacedItem
  recode: ReadonlyMap<string, string> | null
  becomesCalculated: boolean
}

/** What changes names between a version and the next; see the file head. */
export function carryStep(
  from: number,
  before: StudyDefinition,
  after: StudyDefinition,
): CarryStep {
  const events = renamed(pairsOf(before.events, after.events))
  const formPairs = pairsOf(before.forms, after.forms)
  const forms = renamed(formPairs)
  const lists = {
    before: new Map(before.codeLists.map((list) => [list.oid, list])),
    after: new Map(after.codeLists.map((list) => [list.oid, list])),
  }
  const targets = new Map<string, ReadonlyMap<string, Target>>()
  for (const pair of formPairs) {
    if (pair.before === null || pair.after === null) continue
    const moving = movingItems(pair.before, pair.after, lists)
    if (moving.size > 0) targets.set(pair.before.oid, moving)
  }
  const moved = (form: string, path: ItemPath): { path: ItemPath; target: Target } | null => {
    const parts = parseItemPath(path)
    const target = parts ? targets.get(form)?.get(parts.item) : undefined
    if (!parts || !target) return null
    return { path: newPath(target, parts, path), target }
  }
  return {
    from,
    key: (key) => ({
      ...key,
      event: events.get(key.event) ?? key.event,
      form: forms.get(key.form) ?? key.form,
    }),
    path: (form, path) => moved(form, path)?.path ?? path,
    values(form, data) {
      if (!targets.has(form)) return { data, moves: [] }
      const moves: Move[] = []
      const next: Record<ItemPath, StoredValue> = {}
      for (const [path, old] of Object.entries(data)) {
        const found = moved(form, path)
        const step = found ? moveOf(found.target, path, found.path, old, from) : null
        // A place that is taken keeps its value, and so does what would have come there.
        if (!step || (step.to !== path && Object.hasOwn(data, step.to))) {
          next[path] = old
          continue
        }
        next[step.to] = step.value
        moves.push(step)
      }
      return moves.length === 0 ? { data, moves } : { data: next, moves }
    },
  }
}

function renamed(
  pairs: readonly { before: { oid: string } | null; after: { oid: string } | null }[],
) {
  const map = new Map<string, string>()
  for (const { before, after } of pairs) {
    if (before && after && before.oid !== after.oid) map.set(before.oid, after.oid)
  }
  return map
}

type Lists = Readonly<Record<'before' | 'after', ReadonlyMap<string, CodeListDef>>>

function movingItems(before: FormDef, after: FormDef, lists: Lists): Map<string, Target> {
  const moving = new Map<string, Target>()
  for (const pair of pairsOf(placedItems(before), placedItems(after))) {
    if (pair.before === null || pair.after === null) continue
    const recode = recodeOf(pair.before.item, pair.after.item, lists)
    const becomesCalculated =
      !isOnlyCalculated(pair.before.item) && isOnlyCalculated(pair.after.item)
    const stays =
      pair.before.oid === pair.after.oid && pair.before.group.oid === pair.after.group.oid
    if (stays && recode === null && !becomesCalculated) continue
    moving.set(pair.before.oid, {
      before: pair.before,
      after: pair.after,
      recode,
      becomesCalculated,
    })
  }
  return moving
}

const isOnlyCalculated = (item: ItemDef) =>
  item.derive !== undefined && (item.entry ?? 'never') === 'never'

/** Old code to new code, where the newer list says so and has the old code no more. */
function recodeOf(before: ItemDef, after: ItemDef, lists: Lists): Map<string, string> | null {
  const old = lists.before.get(before.codeList ?? '')
  const list = lists.after.get(after.codeList ?? '')
  if (!old || !list) return null
  const codes = new Map<string, string>()
  const present = new Set(list.codes.map(({ code }) => code))
  for (const { code, replaces } of list.codes) {
    if (replaces === undefined || present.has(replaces) || codes.has(replaces)) continue
    if (old.codes.some((entry) => entry.code === replaces)) codes.set(replaces, code)
  }
  return codes.size === 0 ? null : codes
}

type Parts = NonNullable<ReturnType<typeof parseItemPath>>

/** A row goes along with its group, when that is the same group under whatever name; else the value has no place. */
function newPath({ before, after }: Target, parts: Parts, path: ItemPath): ItemPath {
  const repeated = isRepeating(before.group)
  if (repeated !== isRepeating(after.group)) return path
  if (!repeated) return parts.row === null ? after.oid : path
  if (parts.row === null || parts.group !== before.group.oid) return path
  const same = after.group.oid === before.group.oid || after.group.renamedFrom === before.group.oid
  return same ? itemPath(after.group.oid, parts.row, after.oid) : path
}

const isRepeating = (group: ItemGroupDef) => group.repeats !== 'none'

function moveOf(
  { recode, becomesCalculated }: Target,
  from: ItemPath,
  to: ItemPath,
  old: StoredValue,
  version: number,
): Move | null {
  if (becomesCalculated) {
    const aside = asidePath(to, version)
    return aside === null ? null : { from, to: aside, old, value: old, why: 'calculated' }
  }
  const value = recode ? recoded(old, recode) : old
  if (value !== old) return { from, to, old, value, why: 'replaced' }
  return to === from ? null : { from, to, old, value, why: 'renamed' }
}

function recoded(value: StoredValue, codes: ReadonlyMap<string, string>): StoredValue {
  if (typeof value === 'string') return codes.get(value) ?? value
  if (isMissingValue(value) || !value.some((code) => codes.has(code))) return value
  return [...new Set(value.map((code) => codes.get(code) ?? code))]
}

const asideMark = /^(.+)__V(\d+)$/

/** Where a typed value is kept once its item is calculated: `BMI__V1`. Null where the name would be too long. */
export function asidePath(path: ItemPath, version: number): ItemPath | null {
  const aside = `${path}__V${version}`
  return parseItemPath(aside) === null ? null : aside
}

/** The path that was typed into, and the version it was typed under, of a value that stepped aside. */
export function setAside(path: ItemPath): { path: ItemPath; version: number } | null {
  const match = asideMark.exec(path)
  return match ? { path: match[1] as string, version: Number(match[2]) } : null
}

/** All steps from one version to another, for as many records as wanted. */
export function carryAll(
  steps: readonly CarryStep[],
  key: RecordKey,
  data: FormValues,
): { key: RecordKey; data: FormValues; moves: readonly Move[] } {
  let at = key
  let values = data
  let moves: readonly Move[] = []
  for (const step of steps) {
    const carried = step.values(at.form, values)
    if (carried.moves.length > 0) moves = joined(moves, carried.moves)
    values = carried.data
    at = step.key(at)
  }
  return { key: at, data: values, moves }
}

/** Two steps of the same value are one: from where it first was to where it ended. */
function joined(earlier: readonly Move[], later: readonly Move[]): readonly Move[] {
  if (earlier.length === 0) return later
  const open = new Map(later.map((move) => [move.from, move]))
  const whole = earlier.map((move) => {
    const next = open.get(move.to)
    if (!next) return move
    open.delete(move.to)
    return { ...move, to: next.to, value: next.value, why: next.why }
  })
  return [...whole, ...open.values()]
}
