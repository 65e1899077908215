import { z } from 'zod'
import type { MigrationRun, SiteVersions } from '#domain/casebook/amendment-views.ts'
import { reading } from '../command.ts'
import { id } from '../input.ts'
import { dayOf } from '../today.ts'

const mostRuns = 50

/** Migrations of a study, the newest first, with how far each has come. */
export const migrationRuns = reading({
  name: 'amendment.runs',
  permission: 'study.read',
  input: z.strictObject({ studyId: id }),
  run: async ({ tx, input, within }): Promise<readonly MigrationRun[]> => {
    const runs = await tx.query<Omit<MigrationRun, 'failed'> & { failed: readonly string[] }>(
      `select r.run_id as "runId", r.version_number as version, r.state, r.reason, r.total, r.done, r.records, r.failed,
         array(select s.code from casebook.site s where s.study_id = r.study_id and s.site_id = any (r.site_ids)
           order by s.code) as sites,
         r.started_at as "startedAt", u.display_name as "startedBy", r.worked_at as "workedAt", r.ended_at as "endedAt"
       from casebook.amendment_run r join casebook.app_user u on u.user_id = r.started_by
       where r.study_id = $1 order by r.started_at desc, r.run_id desc limit ${mostRuns}`,
      [input.studyId],
    )
    const failed = runs.flatMap((run) => run.failed)
    const keys =
      failed.length > 0 && (await within('subject.read'))
        ? await tx.query<{ id: string; subjectKey: string }>(
            `select subject_id as id, subject_key as "subjectKey" from casebook.subject
             where study_id = $1 and subject_id = any ($2::uuid[])`,
            [input.studyId, failed],
          )
        : []
    const keyOf = new Map(keys.map(({ id, subjectKey }) => [id, subjectKey]))
    return runs.map((run) => ({
      ...run,
      failed: run.failed.map((id) => ({ subjectId: id, subjectKey: keyOf.get(id) ?? null })),
    }))
  },
})

/** On which version each site works, what it approved from when, and on which versions its subjects are. */
export const siteVersions = reading({
  name: 'amendment.sites',
  permission: 'study.read',
  input: z.strictObject({ studyId: id }),
  run: async ({
    tx,
    input,
    now,
    study,
    may,
    within,
  }): Promise<{
    sites: readonly SiteVersions[]
    abilities: { approve: boolean; readImpact: boolean; migrate: boolean }
  }> => {
    const sites = await tx.query<Omit<SiteVersions, 'subjects'>>(
      `select s.site_id as "siteId", s.code, s.name,
         coalesce(casebook.version_in_force(s.study_id, s.site_id, $2::date), $3) as "inForce",
         coalesce((select jsonb_agg(jsonb_build_object('version', a.version_number, 'approvedOn', a.approved_on,
             'goLiveOn', a.go_live_on, 'at', a.at, 'by', coalesce(u.display_name, 'Casebook'))
             order by a.at desc, a.approval_id desc)
           from casebook.site_approval a left join casebook.app_user u on u.user_id = a.by
           where a.study_id = s.study_id and a.site_id = s.site_id), '[]') as approvals
       from casebook.site s where s.study_id = $1 order by s.code`,
      [input.studyId, dayOf(now), study.latestVersion],
    )
    const counts = (await within('subject.read'))
      ? await tx.query<{ siteId: string; version: number; count: number }>(
          `select site_id as "siteId", version_number as version, count(*)::int as count
           from casebook.subject where study_id = $1 group by 1, 2 order by 2`,
          [input.studyId],
        )
      : []
    return {
      sites: sites.map((site) => ({
        ...site,
        subjects: counts.flatMap(({ siteId, version, count }) =>
          siteId === site.siteId ? [{ version, count }] : [],
        ),
      })),
      abilities: {
        approve: may('site.manage'),
        readImpact: may('amendment.read'),
        migrate: may('amendment.migrate'),
      },
    }
  },
})
