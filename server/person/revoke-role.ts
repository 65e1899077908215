import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import { command } from '../command.ts'
import { commandKey, id, reasonText } from '../input.ts'

/** Works at once: grants are read with every request, so open screens lose the right with their next one. */
export const revokeRole = command({
  name: 'person.revoke',
  permission: 'person.manage',
  input: z.strictObject({ studyId: id, grantId: id, reason: reasonText, key: commandKey }),
  states: ['draft', 'open', 'locked'],
  reason: (input) => input.reason,
  target: grantForUpdate,
  run: async ({ tx, input, actor, target }): Promise<{ revoked: true }> => {
    if (target.revokedAt === null) {
      await tx.query(
        `update casebook.role_grant set revoked_at = now(), revoked_by = $3
         where study_id = $1 and grant_id = $2`,
        [input.studyId, input.grantId, actor.userId],
      )
    }
    return { revoked: true }
  },
})

async function grantForUpdate(
  tx: Transaction,
  input: { studyId: string; grantId: string },
): Promise<{ siteId: null; revokedAt: string | null } | null> {
  const [grant] = await tx.query<{ revokedAt: string | null }>(
    `select revoked_at as "revokedAt" from casebook.role_grant
     where study_id = $1 and grant_id = $2 for update`,
    [input.studyId, input.grantId],
  )
  return grant ? { siteId: null, ...grant } : null
}
