import type { StudyDefinition } from '#domain/definition/definition.ts'
import { pairsOf, placedItems } from '#domain/definition/renames.ts'
import { type ItemPath, itemPath, parseItemPath, type RecordKey } from './record.ts'

type Place = { key: RecordKey; path: ItemPath }

/** The place in the older version from which a migration brings values to `place` of the newer one; itself where nothing moves. */
export function formerPlace(
  older: StudyDefinition,
  newer: StudyDefinition,
  { key, path }: Place,
): Place {
  const event = formerName(older.events, newer.events, key.event)
  const form = formerName(older.forms, newer.forms, key.form)
  const before = { ...key, event, form }
  const parts = parseItemPath(path)
  const formAfter = newer.forms.find(({ oid }) => oid === key.form)
  const formBefore = older.forms.find(({ oid }) => oid === form)
  if (!parts || !formAfter || !formBefore) return { key: before, path }
  const pair = pairsOf(placedItems(formBefore), placedItems(formAfter)).find(
    ({ after }) => after?.oid === parts.item,
  )
  if (!pair?.before || !pair.after) return { key: before, path }
  if (parts.row === null) {
    const isSame = pair.before.group.repeats === 'none'
    return { key: before, path: isSame ? pair.before.oid : path }
  }
  const { group } = pair.before
  const goesAlong =
    group.repeats !== 'none' &&
    (group.oid === pair.after.group.oid || pair.after.group.renamedFrom === group.oid)
  return { key: before, path: goesAlong ? itemPath(group.oid, parts.row, pair.before.oid) : path }
}

function formerName(
  older: readonly { oid: string; renamedFrom?: string | undefined }[],
  newer: readonly { oid: string; renamedFrom?: string | undefined }[],
  oid: string,
): string {
  return pairsOf(older, newer).find(({ after }) => after?.oid === oid)?.before?.oid ?? oid
}
