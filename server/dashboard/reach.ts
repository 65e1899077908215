import { z } from 'zod'
import type { DashboardReach, SiteName } from '#domain/dashboard/dashboard-views.ts'
import { reading } from '../command.ts'
import { id } from '../input.ts'
import { partsOf, versionsOfStudy } from '../study/parts.ts'

const permissionsOfDashboards = [
  'subject.read',
  'casebook.read',
  'query.read',
  'safety.read',
  'report.read',
] as const

/** Which sites the dashboards of a person can count, and which dashboards the study has a use for. */
export const dashboardReach = reading({
  name: 'dashboard.reach',
  permission: 'study.read',
  input: z.strictObject({ studyId: id }),
  run: async ({ tx, input, study, within }): Promise<DashboardReach> => {
    const parts = partsOf(await versionsOfStudy(tx, input.studyId, study.latestVersion))
    const sites = new Map<string, SiteName>()
    let whole = false
    for (const permission of permissionsOfDashboards) {
      if (whole) break
      if (!(await within(permission))) continue
      const rows = await tx.query<SiteName & { all: boolean }>(
        `select s.site_id as "siteId", s.code, s.name, casebook.all_sites() as "all" from casebook.site s
         where s.study_id = $1
           and ((select casebook.all_sites()) or s.site_id = any ((select casebook.current_sites())::uuid[]))`,
        [input.studyId],
      )
      for (const { all, ...site } of rows) {
        whole ||= all
        sites.set(site.siteId, site)
      }
    }
    return {
      parts,
      asOf: tx.now,
      whole,
      sites: [...sites.values()].sort((a, b) => (a.code < b.code ? -1 : 1)),
    }
  },
})
