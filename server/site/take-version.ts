import { z } from 'zod'
import { Problem } from '#domain/problem.ts'
import { command } from '../command.ts'
import { commandKey, id, reasonText } from '../input.ts'
import { siteForUpdate } from './reads.ts'

/** From here on a site's new subjects are entered under another version: after its own approval, given as the reason. */
export const takeVersion = command({
  name: 'site.takeVersion',
  permission: 'site.manage',
  input: z.strictObject({
    studyId: id,
    siteId: id,
    version: z.int().min(1),
    reason: reasonText,
    key: commandKey,
  }),
  states: ['draft', 'open'],
  reason: (input) => input.reason,
  target: siteForUpdate,
  run: async ({ tx, input, target, study }): Promise<{ version: number }> => {
    if (input.version > study.latestVersion) throw new Problem('not-found')
    if (target.versionNumber !== null && input.version < target.versionNumber) {
      const what = 'a site does not go back to an older version'
      throw new Problem('invalid-input', { where: 'version', what }, 'version')
    }
    await tx.query(
      'update casebook.site set version_number = $3 where study_id = $1 and site_id = $2',
      [input.studyId, input.siteId, input.version],
    )
    return { version: input.version }
  },
})
