/** Which parts of two consecutive versions are the same thing: by OID, or by a rename that the newer version declares. */
import type { FormDef, ItemDef, ItemGroupDef } from './definition.ts'

export type Named = { oid: string; renamedFrom?: string | undefined }

/** The two sides of one thing; `before` null: it is new, `after` null: it is gone. */
export type Pair<Def> =
  | { before: Def; after: Def; renamed: boolean }
  | { before: null; after: Def; renamed: false }
  | { before: Def; after: null; renamed: false }

/**
 * Pairs what two versions have, in the order of the newer one and then what only the older one has. A declared rename counts
 * where its old name is in the older version and in the newer no more; the first to claim an old name gets it.
 */
export function pairsOf<Def extends Named>(
  before: readonly Def[],
  after: readonly Def[],
): Pair<Def>[] {
  const old = new Map(before.map((def) => [def.oid, def]))
  const kept = new Set(after.map(({ oid }) => oid))
  const claimed = new Set<string>()
  const pairs = after.map((def): Pair<Def> => {
    const same = old.get(def.oid)
    if (same) return { before: same, after: def, renamed: false }
    const { renamedFrom } = def
    const former = renamedFrom === undefined ? undefined : old.get(renamedFrom)
    if (!former || kept.has(former.oid) || claimed.has(former.oid)) {
      return { before: null, after: def, renamed: false }
    }
    claimed.add(former.oid)
    return { before: former, after: def, renamed: true }
  })
  for (const def of before) {
    if (kept.has(def.oid) || claimed.has(def.oid)) continue
    pairs.push({ before: def, after: null, renamed: false })
  }
  return pairs
}

/** An item with the group it is in. */
export type PlacedItem = Named & { item: ItemDef; group: ItemGroupDef }

/** Items of a form over all its groups; an OID that is used twice counts where it stands first. */
export function placedItems(form: FormDef): PlacedItem[] {
  const items = new Map<string, PlacedItem>()
  for (const group of form.groups) {
    for (const item of group.items) {
      if (items.has(item.oid)) continue
      items.set(item.oid, { oid: item.oid, renamedFrom: item.renamedFrom, item, group })
    }
  }
  return [...items.values()]
}
