import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import { uuidv7 } from '#db/uuid.ts'
import { Problem } from '#domain/problem.ts'
import { command, wholeStudy } from '../command.ts'
import { commandKey, id, reasonText } from '../input.ts'
import { enqueue } from '../job/outbox.ts'
import { dayOf } from '../today.ts'

export type StartedRun = { runId: string; total: number }

/**
 * Begins to take subjects to a version, in the background. Only sites in reach whose go-live has come take part; the others
 * keep their version and need a run of their own later.
 */
export const startRun = command({
  name: 'amendment.migrate',
  permission: 'amendment.migrate',
  input: z.strictObject({
    studyId: id,
    version: z.int().min(2),
    siteIds: z.array(id).min(1).max(2000).nullable(),
    reason: reasonText,
    key: commandKey,
  }),
  reason: (input) => input.reason,
  target: wholeStudy,
  run: async ({ tx, input, actor, now, study, role }): Promise<StartedRun> => {
    const { studyId, version } = input
    if (version > study.latestVersion) throw new Problem('not-found')
    await requireNoOther(tx, studyId)
    const sites = await liveSites(tx, studyId, version, dayOf(now), input.siteIds)
    const [waiting] = await tx.query<{ total: number }>(
      `select count(*)::int as total from casebook.subject
       where study_id = $1 and site_id = any ($2::uuid[]) and version_number < $3`,
      [studyId, sites, version],
    )
    const total = waiting?.total ?? 0
    if (total === 0) {
      throw new Problem('nothing-to-migrate', { what: 'all of these sites are on it' })
    }
    const runId = uuidv7()
    await tx.query(
      `insert into casebook.amendment_run
         (study_id, run_id, version_number, site_ids, reason, total, started_by, started_role)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [studyId, runId, version, sites, input.reason, total, actor.userId, role],
    )
    await enqueue(tx, { task: 'migrate-subjects', payload: { studyId, runId } }, `migrate:${runId}`)
    return { runId, total }
  },
})

async function requireNoOther(tx: Transaction, studyId: string): Promise<void> {
  const [other] = await tx.query<{ version: number }>(
    `select version_number as version from casebook.amendment_run
     where study_id = $1 and state in ('running', 'paused')`,
    [studyId],
  )
  if (other) throw new Problem('migration-running', { what: `to version ${other.version}` })
}

/** Sites on which the version is in force; a site that was asked for and is out of reach is not found. */
async function liveSites(
  tx: Transaction,
  studyId: string,
  version: number,
  day: string,
  wanted: readonly string[] | null,
): Promise<string[]> {
  const sites = await tx.query<{ siteId: string; code: string; live: boolean }>(
    `select s.site_id as "siteId", s.code,
       coalesce(casebook.version_in_force(s.study_id, s.site_id, $4::date) >= $2, true) as live
     from casebook.site s
     where s.study_id = $1 and ($3::uuid[] is null or s.site_id = any ($3))
       and ((select casebook.all_sites()) or s.site_id = any ((select casebook.current_sites())::uuid[]))
     order by s.code`,
    [studyId, version, wanted, day],
  )
  if (wanted && sites.length < new Set(wanted).size) throw new Problem('not-found')
  const early = sites.filter(({ live }) => !live)
  const live = sites.filter(({ live }) => live)
  if (live.length === 0 || (wanted && early.length > 0)) {
    const what = `site ${early.map(({ code }) => code).join(', ')} has not gone live on version ${version}`
    throw new Problem('nothing-to-migrate', { what })
  }
  return live.map(({ siteId }) => siteId)
}
