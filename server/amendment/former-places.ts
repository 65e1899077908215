/** Where a value was in the versions before: back along the renames that each version declares. */
import type { Transaction } from '#db/client.ts'
import { formerPlace } from '#domain/casebook/former-place.ts'
import { retiredPaths } from '#domain/casebook/migrate-subject.ts'
import { setAside } from '#domain/casebook/migrate-values.ts'
import { type ItemPath, parseItemPath, type RecordKey } from '#domain/casebook/record.ts'
import type { Label } from '#domain/definition/definition.ts'
import { type PublishedStudy, publishedStudy } from '../study/published.ts'

export type FormerPlace = { study: PublishedStudy; key: RecordKey; path: ItemPath }

/** From the given version back to the first, the given place itself first. */
export async function formerPlaces(
  tx: Transaction,
  study: PublishedStudy,
  key: RecordKey,
  path: ItemPath,
): Promise<FormerPlace[]> {
  const places: FormerPlace[] = [{ study, key, path }]
  for (let number = study.number - 1; number > 0; number -= 1) {
    const newer = places.at(-1) as FormerPlace
    const older = await publishedStudy(tx, study.studyId, number)
    const place = formerPlace(older.definition, newer.study.definition, newer)
    places.push({ study: older, ...place })
  }
  return places
}

/** The path of one value in every version up to the given one; of a value that stepped aside, where it was typed. */
export async function pathsByVersion(
  tx: Transaction,
  study: PublishedStudy,
  key: RecordKey,
  path: ItemPath,
): Promise<ReadonlyMap<number, ItemPath>> {
  const aside = setAside(path)
  const places = await formerPlaces(tx, study, key, aside?.path ?? path)
  return new Map(
    places.map((place) => [
      place.study.number,
      aside && place.study.number > aside.version ? path : place.path,
    ]),
  )
}

export type LastPlace = FormerPlace & { label: Label }

/** The newest version, at or before the given one, that had an item for the path; null where none ever had. */
export async function lastPlace(
  tx: Transaction,
  study: PublishedStudy,
  key: RecordKey,
  path: ItemPath,
): Promise<LastPlace | null> {
  const aside = setAside(path)
  for (const place of await formerPlaces(tx, study, key, aside?.path ?? path)) {
    if (aside && place.study.number > aside.version) continue
    const isRetired = retiredPaths(place.study.compiled, place.key, { [place.path]: '' }).length > 0
    const item = parseItemPath(place.path)?.item ?? ''
    const found = place.study.items.get(place.key.form)?.get(item)
    if (!isRetired && found) return { ...place, label: found.item.label }
  }
  return null
}
