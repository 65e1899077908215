/** Casebooks as an analysis reads them: whatever version a subject is on, with the names and codes of the version that asks. */
import type { Transaction } from '#db/client.ts'
import { carryAll } from '#domain/casebook/migrate-values.ts'
import type { Casebook } from '#domain/casebook/record.ts'
import type { PublishedStudy } from '../study/published.ts'
import { migrationPlan } from './plan.ts'

/** Carries the values of older versions to `study` in memory, as a migration would; nothing is stored. */
export async function carriedTo(
  tx: Transaction,
  study: PublishedStudy,
  casebooks: readonly Casebook[],
): Promise<Casebook[]> {
  const carried: Casebook[] = []
  for (const casebook of casebooks) {
    const older = casebook.records.filter(({ versionNumber }) => versionNumber < study.number)
    if (older.length === 0) {
      carried.push(casebook)
      continue
    }
    const from = Math.min(...older.map(({ versionNumber }) => versionNumber))
    const { steps } = await migrationPlan(tx, study.studyId, from, study.number)
    carried.push({
      ...casebook,
      records: casebook.records.map((record) => {
        const own = steps.filter((step) => step.from >= record.versionNumber)
        const { key, data } = carryAll(own, record.key, record.data)
        return { ...record, key, data }
      }),
    })
  }
  return carried
}
