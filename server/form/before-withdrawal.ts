/** Which changes of a save are data from before a withdrawal of consent; the others are refused with the day. */
import type { Transaction } from '#db/client.ts'
import { dateOfEntry, isAfterWithdrawal } from '#domain/casebook/late-entry.ts'
import { Problem } from '#domain/problem.ts'
import { sameKey } from '../casebook/consequences.ts'
import { casebookOf, recordsOf, type StoredRecord } from '../casebook/load.ts'
import type { LoadedCasebook } from '../casebook/load-for-save.ts'
import { type Accepted, applied, type Refused } from './apply-changes.ts'

/**
 * Judges by the date that the record would have after the save: a date that moves behind the withdrawal takes all that comes with it
 * along, one that was wrong can be mended. Values can be taken out of any record.
 */
export async function beforeWithdrawal(
  tx: Transaction,
  loaded: LoadedCasebook,
  base: StoredRecord,
  wanted: readonly Accepted[],
  now: string,
): Promise<{ taken: readonly Accepted[]; late: readonly Refused[] }> {
  const { subject, study, references } = loaded
  const { withdrawnOn } = subject
  if (withdrawnOn === null || wanted.every(({ to }) => to === null)) {
    return { taken: wanted, late: [] }
  }
  // The date of a visit may stand in a form that no rule of this one reads, so a save has not loaded it.
  const all = await recordsOf(tx, study.studyId, subject.subjectId)
  const others = all.filter(({ key }) => !sameKey(key, base.key))
  const after = { ...base, data: applied(base.data, wanted) }
  const casebook = casebookOf(subject, [...others, after], references, now)
  const date = dateOfEntry(study.compiled, casebook, base.key)
  if (date === null || !isAfterWithdrawal(withdrawnOn, date)) return { taken: wanted, late: [] }
  const refuse = ({ path }: Accepted): Refused => ({
    path,
    problem: new Problem('after-withdrawal', { day: withdrawnOn, date }, path),
  })
  return {
    taken: wanted.filter(({ to }) => to === null),
    late: wanted.filter(({ to }) => to !== null).map(refuse),
  }
}
