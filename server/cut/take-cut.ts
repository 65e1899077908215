import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import { uuidv7 } from '#db/uuid.ts'
import { type CutReport, cutPurposes } from '#domain/analysis/cut-views.ts'
import { typedParameters } from '#domain/analysis/report-choices.ts'
import { armViews, reportParametersSchema } from '#domain/analysis/report-parameters.ts'
import { engineVersion } from '#domain/analysis/run-report.ts'
import { Problem } from '#domain/problem.ts'
import { command, wholeStudy } from '../command.ts'
import { commandKey, id, isoDateTime, plainText, reasonText } from '../input.ts'
import { publishedStudy } from '../study/published.ts'
import { dayOf } from '../today.ts'
import { closeMoment } from './close-moment.ts'
import { analysisOfCut, type CutBasis, reportsOfCut, requireAllSites } from './cut-reports.ts'
import { keptHash, wholeHash } from './fingerprint.ts'
import { openLines } from './open-lines.ts'

const cutName = plainText(80).refine((text) => text.trim().length > 0, 'is empty')

/**
 * Takes a cut: fixes a moment of the data, the newest published version and the parameters, runs every report once and keeps
 * its hash, and what the checklist finds open. Nothing of the data is copied: the audit trail up to a closed moment never changes.
 */
export const takeCut = command({
  name: 'cut.take',
  permission: 'cut.take',
  input: z.strictObject({
    studyId: id,
    name: cutName,
    purpose: z.enum(cutPurposes),
    reason: reasonText,
    /** The data as of this moment; absent: as they are now. */
    asOf: isoDateTime.optional(),
    arms: z.enum(armViews),
    parameters: reportParametersSchema.default({}),
    key: commandKey,
  }),
  states: ['draft', 'open', 'locked', 'archived'],
  reason: ({ reason }) => reason,
  beforehand: (actor, { studyId }) => closeMoment(studyId, actor.userId),
  target: wholeStudy,
  run: async ({
    tx,
    input,
    actor,
    now,
    study,
    role,
  }): Promise<{ number: number; sha256: string; subjects: number }> => {
    requireAllSites(tx)
    if (study.latestVersion === 0) throw new Problem('cut-unpublished')
    const { studyId, arms } = input
    const latest = await closedUntil(tx, studyId)
    const asOf = input.asOf === undefined ? latest : new Date(input.asOf).toISOString()
    if (asOf > latest) throw new Problem('cut-in-future', { asOf }, 'asOf')
    const published = await publishedStudy(tx, studyId, study.latestVersion)
    const { number: version, label, hash, definition } = published
    const parameters = typedParameters(definition, input.parameters)
    const basis: CutBasis = {
      studyId,
      asOf,
      today: dayOf(asOf),
      version: { number: version, label, hash },
      parameters,
      arms,
      maskSeed: randomBytes(32).toString('hex'),
    }
    const analysis = await analysisOfCut(tx, basis, arms)
    const subjects = analysis.subjects.length
    if (subjects === 0) throw new Problem('cut-without-subjects', { asOf }, 'asOf')
    const defined = await reportsOfCut(tx, basis)
    await analysis.expect(defined)
    const reports: CutReport[] = []
    for (const report of defined) {
      reports.push({
        oid: report.oid,
        sha256: keptHash(await analysis.run(report), basis.maskSeed),
      })
    }
    const sha256 = wholeHash(reports)
    const open = await openLines(tx, analysis, now)
    // Only now, so that two cuts of one study compute side by side.
    await tx.query(`select pg_advisory_xact_lock(hashtext('casebook.data_cut'), hashtext($1))`, [
      studyId,
    ])
    const [row] = await tx.query<{ number: number }>(
      `insert into casebook.data_cut (study_id, cut_id, number, name, purpose, reason, as_of, today, version_number,
         version_hash, engine_version, parameters, arms, mask_seed, subjects, reports, sha256, open_lines, taken_by, taken_role)
       values ($1, $2, (select coalesce(max(number), 0) + 1 from casebook.data_cut where study_id = $1), $3, $4, $5, $6, $7,
         $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
       returning number`,
      [
        studyId,
        uuidv7(),
        input.name.trim(),
        input.purpose,
        input.reason,
        asOf,
        basis.today,
        version,
        hash,
        engineVersion,
        JSON.stringify(parameters),
        arms,
        basis.maskSeed,
        subjects,
        JSON.stringify(reports),
        sha256,
        JSON.stringify(open),
        actor.userId,
        role,
      ],
    )
    if (!row) throw new Error('An inserted cut has a number')
    return { number: row.number, sha256, subjects }
  },
})

/** The latest moment that a cut of this transaction can be of: somebody else may have closed a later one than its own. */
async function closedUntil(tx: Transaction, studyId: string): Promise<string> {
  const [closed] = await tx.query<{ moment: string }>(
    'select moment from casebook.closed_moment where study_id = $1',
    [studyId],
  )
  if (!closed) throw new Error('The moment was closed before')
  return closed.moment < tx.now ? closed.moment : tx.now
}
