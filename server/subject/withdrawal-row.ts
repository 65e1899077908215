/** A withdrawal of consent in the row of its subject: the day that was recorded, and the state and day that follow. */
import type { Transaction } from '#db/client.ts'
import type { SubjectState } from '#domain/casebook/views.ts'
import { Problem } from '#domain/problem.ts'
import { compareDates, earliestDate } from '#domain/values/partial-date.ts'
import { Batch } from '../casebook/batch.ts'
import { casebookOf, recordsOf, referencesFor, type SubjectRow } from '../casebook/load.ts'
import { subjectFacts, writeFacts } from '../casebook/subject-facts.ts'
import { publishedStudy } from '../study/published.ts'
import { dayOf } from '../today.ts'

/**
 * Writes the day (ISO; null: the step is taken back) and what follows from it. Throws where the day lies ahead, or before the subject
 * came into the study: before its first visit and before it was entered.
 */
export async function writeWithdrawal(
  tx: Transaction,
  studyId: string,
  subject: SubjectRow,
  on: string | null,
  now: string,
): Promise<{ state: SubjectState; withdrawnOn: string | null }> {
  if (on !== null) await requireDay(tx, studyId, subject, on, now)
  const study = await publishedStudy(tx, studyId, subject.versionNumber)
  const records = await recordsOf(tx, studyId, subject.subjectId)
  const references = await referencesFor(tx, studyId, subject.siteId)
  const casebook = casebookOf(subject, records, references, now)
  // The day that counted before is no reason for another one.
  const changed = { ...subject, recordedWithdrawal: on, withdrawnOn: null }
  const facts = subjectFacts(study, casebook, changed)
  const batch = new Batch()
  writeFacts(batch, studyId, subject, { ...facts, recordedWithdrawal: on }, null)
  await batch.run(tx)
  return { state: facts.state, withdrawnOn: facts.withdrawnOn }
}

async function requireDay(
  tx: Transaction,
  studyId: string,
  subject: SubjectRow,
  on: string,
  now: string,
): Promise<void> {
  if (on > dayOf(now)) throw new Problem('withdrawal-in-future', { day: on }, 'on')
  const [row] = await tx.query<{ screened: string }>(
    `select screened_at::date as screened from casebook.subject where study_id = $1 and subject_id = $2`,
    [studyId, subject.subjectId],
  )
  const visits = Object.values(subject.visits).map(({ date }) => date ?? null)
  const first = earliestDate([row?.screened ?? null, ...visits])
  if (first !== null && compareDates(on, first) === -1) {
    throw new Problem('withdrawal-before-enrolment', { day: on, first }, 'on')
  }
}
