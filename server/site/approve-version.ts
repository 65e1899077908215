import { z } from 'zod'
import { uuidv7 } from '#db/uuid.ts'
import { Problem } from '#domain/problem.ts'
import { command } from '../command.ts'
import { commandKey, id, isoDate, reasonText } from '../input.ts'
import { dayOf } from '../today.ts'
import { siteForUpdate, versionInForce } from './reads.ts'

/**
 * Records that a site has its own approval of a version and from which day it works on it. From then on its new subjects get that
 * version, and those it has can be taken along. Until the day comes, a later approval of the same version replaces it.
 */
export const approveVersion = command({
  name: 'site.approveVersion',
  permission: 'site.manage',
  input: z.strictObject({
    studyId: id,
    siteId: id,
    version: z.int().min(1),
    approvedOn: isoDate,
    goLiveOn: isoDate,
    reason: reasonText,
    key: commandKey,
  }),
  states: ['draft', 'open'],
  reason: (input) => input.reason,
  target: siteForUpdate,
  run: async ({ tx, input, target, actor, now, study }): Promise<{ live: boolean }> => {
    const { studyId, siteId, version, approvedOn, goLiveOn } = input
    if (version > study.latestVersion) throw new Problem('not-found')
    const today = dayOf(now)
    if (approvedOn > today) {
      throw new Problem('future-date', { label: 'Approved on', value: approvedOn }, 'approvedOn')
    }
    if (goLiveOn < approvedOn) {
      const what = 'a site does not work on a version before it is approved'
      throw new Problem('invalid-input', { where: 'goLiveOn', what }, 'goLiveOn')
    }
    const current = await versionInForce(tx, studyId, target.siteId, today)
    if (version <= (current ?? study.latestVersion)) {
      const what = `the site works on version ${current ?? study.latestVersion} already`
      throw new Problem('invalid-input', { where: 'version', what }, 'version')
    }
    await tx.query(
      `insert into casebook.site_approval
         (study_id, approval_id, site_id, version_number, approved_on, go_live_on, by)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [studyId, uuidv7(), siteId, version, approvedOn, goLiveOn, actor.userId],
    )
    return { live: goLiveOn <= today }
  },
})
