import type { Transaction } from '#db/client.ts'

/** How many questions are open about each record of a subject, now or at a moment. */
export async function openQueries(
  tx: Transaction,
  studyId: string,
  subjectId: string,
  asOf: string | null = null,
): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.query<{ recordId: string; count: number }>(
    `select record_id as "recordId", count(*)::int as count from casebook.query
     where study_id = $1 and subject_id = $2
       and case when $3::timestamptz is null then state in ('open', 'answered')
         else opened_at <= $3 and (state in ('open', 'answered') or updated_at > $3) end
     group by record_id`,
    [studyId, subjectId, asOf],
  )
  return new Map(rows.map(({ recordId, count }) => [recordId, count]))
}
