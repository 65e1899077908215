/** Which values the asking person may read: in a blinded study a transaction of his leaves out what tells the arm. */
import { type ConcealedStudy, concealedStudy } from './concealed-study.ts'
import { type Asker, armSightFor, blindingOf } from './policy.ts'

/** What is concealed from the asking person; null where nothing is, or nothing is allocated. */
export async function concealedFrom(asker: Asker): Promise<ConcealedStudy | null> {
  const { tx, study } = asker
  if (study.latestVersion === 0) return null
  const [first] = await blindingOf(tx, study)
  if (!first) return null
  if ((await armSightFor(asker)).arm) return null
  return concealedStudy(tx.knowing, study.studyId, first.number, study.latestVersion)
}

/** Makes the transaction read as the asking person may. */
export async function concealFrom(asker: Asker): Promise<void> {
  const concealed = await concealedFrom(asker)
  if (concealed) await asker.tx.conceal(concealed)
}
