import type { Transaction } from '#db/client.ts'
import type { CutCause, CutReport, CutVerdict } from '#domain/analysis/cut-views.ts'
import { engineVersion } from '#domain/analysis/run-report.ts'
import { analysisOfCut, reportsOfCut } from './cut-reports.ts'
import type { CutRow } from './cut-row.ts'
import { keptHash, wholeHash } from './fingerprint.ts'

/** Runs every report of a cut again, in the cut's own view of arms, and compares it with the day of the cut. */
export async function verifyCut(tx: Transaction, cut: CutRow): Promise<CutVerdict> {
  const analysis = await analysisOfCut(tx, cut, cut.arms)
  const defined = await reportsOfCut(tx, cut)
  await analysis.expect(defined)
  const known = new Map(defined.map((report) => [report.oid, report]))
  const redacted = await redactedSince(tx, cut)
  const causeOf = (is: string | null): CutCause => {
    if (is === null) return 'gone'
    if (engineVersion !== cut.engineVersion) return 'engine'
    return redacted ? 'redaction' : 'unknown'
  }
  const reports: CutVerdict['reports'][number][] = []
  for (const { oid, sha256: was } of cut.reports) {
    const report = known.get(oid)
    const is = report ? keptHash(await analysis.run(report), cut.maskSeed) : null
    const title = report?.title ?? { en: oid }
    reports.push({ oid, title, was, is, cause: is === was ? null : causeOf(is) })
  }
  const again: CutReport[] = reports.flatMap(({ oid, is }) =>
    is === null ? [] : [{ oid, sha256: is }],
  )
  const sha256 = wholeHash(again)
  return {
    number: cut.number,
    name: cut.name,
    identical: sha256 === cut.sha256 && reports.every(({ cause }) => cause === null),
    was: { sha256: cut.sha256, engine: cut.engineVersion },
    is: { sha256, engine: engineVersion },
    reports,
  }
}

/** Whether values were lawfully taken out of the audit trail that the cut reads, since it was taken. */
async function redactedSince(tx: Transaction, { studyId, asOf, takenAt }: CutRow) {
  const rows = await tx.query(
    `select from casebook.audit_redaction d
     join casebook.audit_record a on a.study_id = d.study_id and a.chain_id = d.chain_id and a.seq = d.seq
     where d.study_id = $1 and d.at >= $3 and a.at <= $2 limit 1`,
    [studyId, asOf, takenAt],
  )
  return rows.length > 0
}
