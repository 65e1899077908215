import { z } from 'zod'
import { uuidv7 } from '#db/uuid.ts'
import { Problem } from '#domain/problem.ts'
import { command, wholeStudy } from '../command.ts'
import { commandKey, id, oid, reasonText } from '../input.ts'
import { addedReports, expectRevision } from './added-reports.ts'

/** Takes an added report off the list, with a reason; its revisions stay readable, and cuts that hold it go on holding it. */
export const withdrawReport = command({
  name: 'report.withdraw',
  permission: 'report.write',
  input: z.strictObject({
    studyId: id,
    report: oid,
    revision: z.int().min(1).max(100_000),
    reason: reasonText,
    key: commandKey,
  }),
  states: ['draft', 'open', 'locked'],
  reason: (input) => input.reason,
  target: wholeStudy,
  run: async ({ tx, input, actor, study }): Promise<{ revision: number }> => {
    const { studyId, report, revision, reason } = input
    const standing = (await addedReports(tx, studyId)).find((one) => one.oid === report)
    if (!standing) throw new Problem('not-found')
    await expectRevision(tx, studyId, report, revision)
    await tx.query(
      `insert into casebook.added_report
         (study_id, revision_id, report_oid, revision, version_number, reason, by)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [studyId, uuidv7(), report, revision + 1, study.latestVersion, reason, actor.userId],
    )
    return { revision: revision + 1 }
  },
})
