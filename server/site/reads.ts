import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import { reading } from '../command.ts'
import { id } from '../input.ts'
import { dayOf } from '../today.ts'

export type SiteRow = {
  siteId: string
  code: string
  name: string
  open: boolean
  /** The version that new subjects get today. */
  versionNumber: number
  planned: number | null
  /** Null where the reader may not see subjects. */
  subjects: number | null
}

export const siteList = reading({
  name: 'site.list',
  permission: 'study.read',
  input: z.strictObject({ studyId: id }),
  run: async ({
    tx,
    input,
    now,
    may,
    within,
  }): Promise<{ rows: readonly SiteRow[]; abilities: { manage: boolean } }> => {
    const readsSubjects = await within('subject.read')
    const rows = await tx.query<SiteRow>(
      `select s.site_id as "siteId", s.code, s.name, s.open, s.planned,
         coalesce(casebook.version_in_force(s.study_id, s.site_id, $3::date), (select max(v.number)
           from casebook.study_version v where v.study_id = s.study_id), 0) as "versionNumber",
         case when $2 and (casebook.all_sites() or s.site_id = any (casebook.current_sites())) then (select count(*)::int from casebook.subject b
           where b.study_id = s.study_id and b.site_id = s.site_id) end as subjects
       from casebook.site s where s.study_id = $1 order by s.code`,
      [input.studyId, readsSubjects, dayOf(now)],
    )
    return { rows, abilities: { manage: may('site.manage') } }
  },
})

export type Site = { siteId: string; code: string; name: string; open: boolean }

/** A site under a row lock, so that nothing else numbers its subjects meanwhile. */
export async function siteForUpdate(
  tx: Transaction,
  input: { studyId: string; siteId: string },
): Promise<Site | null> {
  const [site] = await tx.query<Site>(
    `select site_id as "siteId", code, name, open
     from casebook.site where study_id = $1 and site_id = $2 for update`,
    [input.studyId, input.siteId],
  )
  return site ?? null
}

/** The version that a site works on at a day (ISO); null: it never had to choose and takes the newest. */
export async function versionInForce(
  tx: Transaction,
  studyId: string,
  siteId: string,
  day: string,
): Promise<number | null> {
  const [row] = await tx.query<{ version: number | null }>(
    'select casebook.version_in_force($1, $2, $3::date) as version',
    [studyId, siteId, day],
  )
  return row?.version ?? null
}
