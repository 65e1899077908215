import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import { readerForms } from '#domain/casebook/image-readings.ts'
import type { StudyParts } from '#domain/dashboard/dashboard-views.ts'
import { reading } from '../command.ts'
import { id } from '../input.ts'
import { recordsEvents } from '../safety/reads.ts'
import { dueDays } from './due-visits.ts'
import { studiesInUse } from './former-names.ts'
import { type PublishedStudy, publishedStudy } from './published.ts'

/** Which pages of the product a study has a use for: the newest version and those that subjects are still on. */
export const studyParts = reading({
  name: 'study.parts',
  permission: 'study.read',
  input: z.strictObject({ studyId: id }),
  run: async ({ tx, input, study }): Promise<StudyParts> =>
    partsOf(await versionsOfStudy(tx, input.studyId, study.latestVersion)),
})

export function partsOf(versions: readonly PublishedStudy[]): StudyParts {
  return {
    recordsEvents: versions.some(recordsEvents),
    plansVisits: versions.some((version) => dueDays(version).length > 0),
    endpoints: (versions.at(-1)?.definition.endpoints.length ?? 0) > 0,
    readsImages: versions.some(({ definition }) => readerForms(definition).length > 0),
    allocates: versions.at(-1)?.definition.allocation !== undefined,
  }
}

/** The versions that subjects are on and the newest, the oldest first; none before the first is published. */
export async function versionsOfStudy(
  tx: Transaction,
  studyId: string,
  latest: number,
): Promise<PublishedStudy[]> {
  if (latest === 0) return []
  const versions = await studiesInUse(tx, studyId)
  return versions.at(-1)?.number === latest
    ? versions
    : [...versions, await publishedStudy(tx, studyId, latest)]
}
