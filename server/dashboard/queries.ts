import type { Transaction } from '#db/client.ts'
import { ageClasses, type QueryAgeingView } from '#domain/dashboard/dashboard-views.ts'
import { reading } from '../command.ts'
import { type Counted, countedSites, dashboardInput } from './sites.ts'

/** How old unanswered and unclosed questions are, and how long answers and closing took, by site. */
export const queryDashboard = reading({
  name: 'dashboard.queries',
  permission: 'query.read',
  input: dashboardInput,
  run: async ({ tx, input }): Promise<QueryAgeingView> => {
    const counted = await countedSites(tx, input)
    const rows = await tx.query<QueryAgeingView['rows'][number]>(
      `select site_id as "siteId", state, width_bucket(floor(extract(epoch from now() - opened_at) / 86400)::int, $3::int[]) - 1
           as "ageClass", count(*)::int as count
       from casebook.query
       where study_id = $1 and state in ('open', 'answered') and ($2::uuid[] is null or site_id = any ($2))
       group by 1, 2, 3 order by 1, 2, 3`,
      [input.studyId, counted.siteIds, [...ageClasses]],
    )
    return { ...counted.base, rows, pace: await pace(tx, input.studyId, counted) }
  },
})

/** Medians of days to the first answer and to the closing that stands; by site, and over all (site null). */
function pace(
  tx: Transaction,
  studyId: string,
  { siteIds }: Counted,
): Promise<QueryAgeingView['pace'][number][]> {
  return tx.query(
    `with steps as materialized (
       select m.query_id, min(m.at) filter (where m.step = 'answered') as answered,
         max(m.at) filter (where m.step = 'closed') as closed
       from casebook.query_message m
       where m.study_id = $1 and m.step in ('answered', 'closed') and ($2::uuid[] is null or m.site_id = any ($2))
       group by m.query_id),
     times as (
       select q.site_id, extract(epoch from s.answered - q.opened_at)::float8 / 86400 as answer,
         case when q.state = 'closed' then extract(epoch from s.closed - q.opened_at)::float8 / 86400 end as close,
         case when q.state in ('open', 'answered')
           then floor(extract(epoch from now() - q.opened_at) / 86400)::int end as age
       from casebook.query q left join steps s on s.query_id = q.query_id
       where q.study_id = $1 and ($2::uuid[] is null or q.site_id = any ($2)))
     select site_id as "siteId", count(answer)::int as answered,
       percentile_cont(0.5) within group (order by answer) as "toAnswer",
       count(close)::int as closed, percentile_cont(0.5) within group (order by close) as "toClose",
       max(age) as oldest
     from times group by grouping sets ((site_id), ()) order by site_id nulls first`,
    [studyId, siteIds],
  )
}
