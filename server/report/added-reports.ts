import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import { reportSchema } from '#domain/definition/analysis-schema.ts'
import type { ReportDef } from '#domain/definition/definition.ts'
import { Problem } from '#domain/problem.ts'

export type AddedReport = {
  oid: string
  revision: number
  /** YAML as written. */
  source: string
  report: ReportDef
  /** Version it was written under. */
  versionNumber: number
  at: string
  who: string
}

const stored = z.object({ report: reportSchema })

/** Reports added to a study, by OID: the newest revision of each that is not withdrawn, now or as of a moment. */
export async function addedReports(
  tx: Transaction,
  studyId: string,
  asOf: string | null = null,
): Promise<AddedReport[]> {
  const rows = await tx.query<
    Omit<AddedReport, 'source' | 'report'> & { source: string | null; report: unknown }
  >(
    `select distinct on (a.report_oid) a.report_oid as oid, a.revision, a.source, a.report,
       a.version_number as "versionNumber", a.at, coalesce(u.display_name, 'Casebook') as who
     from casebook.added_report a left join casebook.app_user u on u.user_id = a.by
     where a.study_id = $1 and ($2::timestamptz is null or a.at <= $2)
     order by a.report_oid, a.revision desc`,
    [studyId, asOf],
  )
  return rows.flatMap(({ source, report, ...row }) => {
    const read = source === null ? null : stored.safeParse({ report })
    return source !== null && read?.success ? [{ ...row, source, report: read.data.report }] : []
  })
}

export type AddedRevision = {
  revision: number
  /** False where this revision withdrew the report. */
  stands: boolean
  reason: string | null
  versionNumber: number
  at: string
  who: string
}

/** Every revision of an added report, newest first; empty for an OID that was never added. */
export function revisionsOf(
  tx: Transaction,
  studyId: string,
  oid: string,
): Promise<AddedRevision[]> {
  return tx.query<AddedRevision>(
    `select a.revision, a.source is not null as stands, a.reason, a.version_number as "versionNumber", a.at,
       coalesce(u.display_name, 'Casebook') as who
     from casebook.added_report a left join casebook.app_user u on u.user_id = a.by
     where a.study_id = $1 and a.report_oid = $2 order by a.revision desc`,
    [studyId, oid],
  )
}

/**
 * Refuses what was written on top of another state of the report than the newest: two people never overwrite each other
 * unseen. Locks the report's name until the transaction ends.
 */
export async function expectRevision(
  tx: Transaction,
  studyId: string,
  oid: string,
  revision: number,
): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `added_report ${studyId} ${oid}`,
  ])
  const [newest] = await revisionsOf(tx, studyId, oid)
  if ((newest?.revision ?? 0) === revision) return
  if (revision === 0 && newest) throw new Problem('duplicate', { what: oid }, 'oid')
  throw new Problem('report-changed-meanwhile', { report: oid, who: newest?.who ?? '' })
}
