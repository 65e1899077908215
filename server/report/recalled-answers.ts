/**
 * Answers that the job keeps in the database (`kept-answers.ts`), taken into the memory of a process that does not have them: of all
 * subjects in a new process, of those that changed in an older one. What is kept for another state of a subject is left where it is.
 */
import type { Transaction } from '#db/client.ts'
import { engineVersion } from '#domain/analysis/run-report.ts'
import type { Value } from '#domain/expression/types.ts'
import type { Roster } from '../casebook/roster.ts'
import { answerTable, kept, liveKey, placeOf, rowHolds } from './answers.ts'
import { stampsOf } from './subject-answers.ts'

type KeptRow = {
  subjectId: string
  stamp: string
  day: string
  dayMatters: boolean
  answers: Record<string, Value>
}

/** For work on the present that asks endpoints alone. `day`: the ISO day that rules take for today. */
export async function recallAnswers(
  tx: Transaction,
  version: number,
  roster: Roster,
  day: string,
): Promise<void> {
  const { studyId, subjects } = roster
  const table = answerTable(liveKey(studyId, version))
  const stampOf = stampsOf(roster)
  const unknown = new Map<string, string>()
  for (const subject of subjects) {
    const { subjectId } = subject
    const stamp = stampOf(subject)
    if (!rowHolds(table.rows.get(subjectId), stamp, day)) unknown.set(subjectId, stamp)
  }
  if (unknown.size === 0) return
  // Of most subjects: cheaper than naming them.
  const wanted = unknown.size * 2 > subjects.length ? null : [...unknown.keys()]
  const rows = await tx.query<KeptRow>(
    `select subject_id as "subjectId", stamp, day, day_matters as "dayMatters", answers from casebook.kept_answers
     where study_id = $1 and version_number = $2 and engine = $3 and ($4::uuid[] is null or subject_id = any ($4))`,
    [studyId, version, engineVersion, wanted],
  )
  for (const { subjectId, answers, ...row } of rows) {
    const stamp = unknown.get(subjectId)
    if (stamp === undefined || !rowHolds(row, stamp, day)) continue
    const values: (Value | undefined)[] = []
    for (const [expression, value] of Object.entries(answers)) {
      values[placeOf(table, expression)] = kept(table, value)
    }
    table.rows.set(subjectId, { ...row, absent: false, values })
  }
}
