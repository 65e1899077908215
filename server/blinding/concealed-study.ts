/**
 * What all published versions of a study conceal together, under every name that its parts ever had: what one version conceals
 * is concealed under the names of the others, because values keep the names of their version.
 */
import type { LeftOut, Transaction } from '#db/client.ts'
import { type Concealed, concealedOf, concealsItem } from '#domain/casebook/concealed.ts'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import { type Named, pairsOf, placedItems } from '#domain/definition/renames.ts'
import { publishedStudy } from '../study/published.ts'

const kinds = [
  'items',
  'forms',
  'events',
  'checks',
  'columns',
  'variables',
  'populations',
  'endpoints',
] as const
/** Names of what is left out; `F_EX.EXDOSE` for items. */
export type ConcealedStudy = Pick<Concealed, (typeof kinds)[number]> & {
  /** Holds one name where arms are concealed, and none where readings of images are all that is. */
  arms: ReadonlySet<string>
}

const mostStudies = 200

/** Remembers by a key what was read of the versions of a study, since versions never change; a read that failed is asked again. */
export function keptByVersions<Found>() {
  const known = new Map<string, Promise<Found>>()
  return (key: string, read: () => Promise<Found>): Promise<Found> => {
    const before = known.get(key)
    if (before) return before
    const found = read()
    if (known.size >= mostStudies) known.clear()
    known.set(key, found)
    found.catch(() => known.delete(key))
    return found
  }
}

const kept = keptByVersions<ConcealedStudy>()

/** See the file head, by what versions `from` to the newest say; kept, since versions never change. */
export function concealedStudy(
  tx: Transaction,
  studyId: string,
  from: number,
  latestVersion: number,
): Promise<ConcealedStudy> {
  return kept(`${studyId}/${from}/${latestVersion}`, () => read(tx, studyId, from, latestVersion))
}

async function read(
  tx: Transaction,
  studyId: string,
  from: number,
  latest: number,
): Promise<ConcealedStudy> {
  const definitions: StudyDefinition[] = []
  for (let number = 1; number <= latest; number += 1) {
    const { definition } = await publishedStudy(tx, studyId, number)
    definitions.push(number < from ? withoutBlinding(definition) : definition)
  }
  return acrossVersions(definitions)
}

/** A version from before anything was to be concealed: its names count, its wishes do not. */
function withoutBlinding({ allocation, ...definition }: StudyDefinition): StudyDefinition {
  if (!allocation) return definition
  const { blinding: _, ...rest } = allocation
  return { ...definition, allocation: rest }
}

/** `definitions`: all versions, the oldest first. */
export function acrossVersions(definitions: readonly StudyDefinition[]): ConcealedStudy {
  const named = definitions.map(({ allocation }) => new Set(allocation?.blinding?.conceals ?? []))
  return { ...concealedAcross(definitions, named), arms: new Set(['*']) }
}

/** What is concealed from the sites because others fill it (`for`); null where no version has such a form. */
export function readingsAcross(definitions: readonly StudyDefinition[]): ConcealedStudy | null {
  const named = definitions.map(({ forms }) => {
    const others = forms.filter((form) => form.for !== undefined)
    return new Set(others.map(({ oid }) => oid))
  })
  if (named.every(({ size }) => size === 0)) return null
  // Without the allocation, which would bring the arm with it.
  const bare = definitions.map(({ allocation: _, ...definition }) => definition)
  return { ...concealedAcross(bare, named), arms: new Set() }
}

/** Both together. */
export function joined(one: ConcealedStudy, other: ConcealedStudy): ConcealedStudy {
  const all = { ...one, arms: new Set([...one.arms, ...other.arms]) }
  for (const kind of kinds) all[kind] = new Set([...one[kind], ...other[kind]])
  return all
}

/** `named`: forms and items by version; the names of each are completed from the others. */
function concealedAcross(
  definitions: readonly StudyDefinition[],
  named: readonly Set<string>[],
): Omit<ConcealedStudy, 'arms'> {
  // Forth and back, so that a name of any version reaches all others.
  for (let at = 1; at < definitions.length; at += 1) hand(definitions, named, at - 1, at)
  for (let at = definitions.length - 1; at > 0; at -= 1) hand(definitions, named, at, at - 1)
  const all = Object.fromEntries(kinds.map((kind) => [kind, new Set<string>()])) as Record<
    (typeof kinds)[number],
    Set<string>
  >
  definitions.forEach((definition, at) => {
    const own = concealedOf(definition, [...(named[at] ?? [])])
    for (const kind of kinds) for (const name of own[kind]) all[kind].add(name)
  })
  return { ...all, items: underEveryForm(all.items, definitions) }
}

/** Adds what version `from` names to what version `to` does, by its own names. */
function hand(
  definitions: readonly StudyDefinition[],
  named: readonly Set<string>[],
  from: number,
  to: number,
): void {
  const [older, newer] = [definitions[Math.min(from, to)], definitions[Math.max(from, to)]]
  if (!older || !newer) return
  const other = (pair: { before: Named | null; after: Named | null }, name: string) => {
    const [mine, theirs] = from < to ? [pair.before, pair.after] : [pair.after, pair.before]
    return mine?.oid === name ? theirs?.oid : undefined
  }
  for (const name of named[from] ?? []) {
    const [formName = '', itemName] = name.split('.')
    for (const pair of pairsOf(older.forms, newer.forms)) {
      const form = other(pair, formName)
      if (form === undefined || !pair.before || !pair.after) continue
      if (itemName === undefined) {
        named[to]?.add(form)
        continue
      }
      for (const items of pairsOf(placedItems(pair.before), placedItems(pair.after))) {
        const item = other(items, itemName)
        if (item !== undefined) named[to]?.add(`${form}.${item}`)
      }
    }
  }
}

/** The trail of a record that was renamed holds items under names of older versions, beside the form's name of today. */
function underEveryForm(
  items: ReadonlySet<string>,
  definitions: readonly StudyDefinition[],
): Set<string> {
  const aliases = new Map<string, Set<string>>()
  definitions.slice(1).forEach((newer, at) => {
    for (const pair of pairsOf(definitions[at]?.forms ?? [], newer.forms)) {
      if (!pair.before || !pair.after || pair.before.oid === pair.after.oid) continue
      const both = new Set([
        pair.before.oid,
        pair.after.oid,
        ...(aliases.get(pair.before.oid) ?? []),
        ...(aliases.get(pair.after.oid) ?? []),
      ])
      for (const name of both) aliases.set(name, both)
    }
  })
  const all = new Set(items)
  for (const name of items) {
    const [form = '', item = ''] = name.split('.')
    for (const alias of aliases.get(form) ?? []) all.add(`${alias}.${item}`)
  }
  return all
}

export const concealsPath = (
  concealed: ConcealedStudy | null,
  form: string,
  path: string,
): boolean => concealed !== null && concealsItem(concealed, form, path)

const names = new WeakMap<LeftOut, readonly string[]>()

/** Forms and items of what a transaction leaves out, as `concealedOf` takes them; the same list each time. */
export function concealedNames(leftOut: LeftOut): readonly string[] {
  const before = names.get(leftOut)
  if (before) return before
  const found = [...leftOut.forms, ...leftOut.items]
  names.set(leftOut, found)
  return found
}
