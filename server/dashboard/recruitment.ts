import type { Transaction } from '#db/client.ts'
import type { RecruitmentDay, RecruitmentView } from '#domain/dashboard/dashboard-views.ts'
import { recruitmentPace } from '#domain/dashboard/pace.ts'
import { reading } from '../command.ts'
import { publishedStudy } from '../study/published.ts'
import { type Counted, countedSites, dashboardInput } from './sites.ts'

/** Who was screened and who entered, by site and by day, beside the plan. */
export const recruitmentDashboard = reading({
  name: 'dashboard.recruitment',
  permission: 'subject.read',
  input: dashboardInput,
  run: async ({ tx, input, study }): Promise<RecruitmentView> => {
    const counted = await countedSites(tx, input)
    const definition =
      study.latestVersion === 0
        ? null
        : (await publishedStudy(tx, input.studyId, study.latestVersion)).definition
    const rows = await tx.query<{
      siteId: string
      screened: number
      failed: number
      waiting: number
      enrolled: number
    }>(
      `select site_id as "siteId", count(*)::int as screened,
         count(*) filter (where state = 'screenFailure')::int as failed,
         count(*) filter (where state = 'screening')::int as waiting,
         count(anchor_date) filter (where state <> 'screenFailure')::int as enrolled
       from casebook.subject
       where study_id = $1 and ($2::uuid[] is null or site_id = any ($2)) group by site_id`,
      [input.studyId, counted.siteIds],
    )
    const bySite = new Map(rows.map((row) => [row.siteId, row]))
    const days = await dayCounts(tx, input.studyId, counted)
    const planned = plannedOf(counted, definition?.plannedSubjects)
    return {
      ...counted.base,
      allocates: definition?.allocation !== undefined,
      planned,
      bySite: counted.sites.map((site) => ({
        screened: 0,
        failed: 0,
        waiting: 0,
        enrolled: 0,
        ...bySite.get(site.siteId),
        ...site,
      })),
      days,
      pace: recruitmentPace(days, planned, counted.base.today),
    }
  },
})

/** The plan of the whole study is the protocol's; that of a part is known where each of its sites has one. */
function plannedOf({ base, sites, siteIds }: Counted, ofStudy: number | undefined): number | null {
  if (base.whole && siteIds === null && ofStudy !== undefined) return ofStudy
  if (sites.length === 0 || sites.some(({ planned }) => planned === null)) return null
  return sites.reduce((sum, { planned }) => sum + (planned ?? 0), 0)
}

function dayCounts(
  tx: Transaction,
  studyId: string,
  { siteIds }: Counted,
): Promise<RecruitmentDay[]> {
  return tx.query<RecruitmentDay>(
    `select d.date, sum(d.screened)::int as screened, sum(d.enrolled)::int as enrolled
     from casebook.subject b
     cross join lateral (values (b.screened_at::date, 1, 0),
       (case when b.state <> 'screenFailure' then b.anchor_date end, 0, 1)) d(date, screened, enrolled)
     where b.study_id = $1 and ($2::uuid[] is null or b.site_id = any ($2)) and d.date is not null
     group by d.date order by d.date`,
    [studyId, siteIds],
  )
}
