import { z } from 'zod'
import { uuidv7 } from '#db/uuid.ts'
import { checkReportText, maximalReportText } from '#domain/definition/check-report.ts'
import { Problem } from '#domain/problem.ts'
import { command, wholeStudy } from '../command.ts'
import { commandKey, id, plainText, reasonText } from '../input.ts'
import { publishedStudy } from '../study/published.ts'
import { expectRevision } from './added-reports.ts'

/**
 * Adds a report beside those of the definition, or writes a new revision of an added one. The text is checked against the
 * newest version as publishing would check it; one with errors is refused and nothing is stored.
 */
export const saveReport = command({
  name: 'report.save',
  permission: 'report.write',
  input: z.strictObject({
    studyId: id,
    /** YAML of one report. */
    text: plainText(maximalReportText),
    /** The revision that was read before; 0 for a report that is new. */
    revision: z.int().min(0).max(100_000),
    /** Why an added report is changed; a new one needs none. */
    reason: reasonText.optional(),
    key: commandKey,
  }),
  states: ['draft', 'open', 'locked'],
  reason: (input) => input.reason,
  target: wholeStudy,
  run: async ({ tx, input, actor, study }): Promise<{ oid: string; revision: number }> => {
    const { studyId, text, revision, reason } = input
    if (study.latestVersion === 0) throw new Problem('not-found')
    const { definition, number } = await publishedStudy(tx, studyId, study.latestVersion)
    const { report, findings } = checkReportText(definition, text)
    if (!report) {
      const errors = findings.filter(({ severity }) => severity === 'error')
      const [first] = errors
      throw new Problem('report-invalid', { count: errors.length, first: first?.message ?? '' })
    }
    await expectRevision(tx, studyId, report.oid, revision)
    if (revision > 0 && reason === undefined) {
      throw new Problem('reason-required', { label: report.oid }, 'reason')
    }
    await tx.query(
      `insert into casebook.added_report
         (study_id, revision_id, report_oid, revision, source, report, version_number, reason, by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        studyId,
        uuidv7(),
        report.oid,
        revision + 1,
        text,
        JSON.stringify(report),
        number,
        reason ?? null,
        actor.userId,
      ],
    )
    return { oid: report.oid, revision: revision + 1 }
  },
})
