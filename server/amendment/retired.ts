import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import type { RetiredValue } from '#domain/casebook/amendment-views.ts'
import { retiredPaths } from '#domain/casebook/migrate-subject.ts'
import type { StoredValue } from '#domain/casebook/record.ts'
import { Problem } from '#domain/problem.ts'
import { recordsOf, type StoredRecord, subjectRow } from '../casebook/load.ts'
import { reading } from '../command.ts'
import { id } from '../input.ts'
import { type PublishedStudy, publishedStudy } from '../study/published.ts'
import { lastPlace } from './former-places.ts'
import { recordName, shown } from './names.ts'

/** Values of a subject, or of one record, that its version has no item for: kept as entered, under the version that had it. */
export const retiredValues = reading({
  name: 'amendment.retired',
  permission: 'casebook.read',
  input: z.strictObject({ studyId: id, subjectId: id, recordId: id.optional() }),
  run: async ({ tx, input, actor }): Promise<readonly RetiredValue[]> => {
    const subject = await subjectRow(tx, input.studyId, input.subjectId)
    if (!subject) throw new Problem('not-found')
    // Nothing can be retired before a second version.
    if (subject.versionNumber === 1) return []
    const study = await publishedStudy(tx, input.studyId, subject.versionNumber)
    const records = await recordsOf(tx, input.studyId, input.subjectId)
    const found: RetiredValue[] = []
    for (const record of records) {
      if (input.recordId !== undefined && record.recordId !== input.recordId) continue
      for (const path of retiredPaths(study.compiled, record.key, record.data)) {
        found.push(await retiredValue(tx, study, record, path, actor.language))
      }
    }
    return found
  },
})

/** A retired value as the last version that had its item showed it. */
async function retiredValue(
  tx: Transaction,
  study: PublishedStudy,
  record: StoredRecord,
  path: string,
  language: string,
): Promise<RetiredValue> {
  const value = record.data[path] as StoredValue
  const place = await lastPlace(tx, study, record.key, path)
  const at = place ?? { study, key: record.key, path, label: { en: path } }
  return {
    ...recordName(at.study, { recordId: record.recordId, key: at.key }),
    path,
    label: at.label,
    value: shown(at.study, at.key.form, at.path, value, language),
    version: at.study.number,
  }
}
