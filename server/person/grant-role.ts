import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import { uuidv7 } from '#db/uuid.ts'
import { blindedRoles, type Role, roles } from '#domain/access/permissions.ts'
import { Problem } from '#domain/problem.ts'
import { command } from '../command.ts'
import { commandKey, id } from '../input.ts'

export const grantRole = command({
  name: 'person.grant',
  permission: 'person.manage',
  input: z.strictObject({
    studyId: id,
    userId: id,
    role: z.enum(roles),
    /** Null grants the role for every site of the study, now and later. */
    siteId: id.nullable(),
    key: commandKey,
  }),
  states: ['draft', 'open', 'locked'],
  target: personAndSite,
  run: async ({ tx, input, actor, target }): Promise<{ grantId: string }> => {
    // Once somebody handled lists he knows them for ever, so revoked grants count too.
    if (conflicts(input.role, target.rolesEver)) throw new Problem('blinded-role-conflict')
    if (input.role === 'allocation-statistician' && input.siteId !== null) {
      throw new Problem(
        'invalid-input',
        { where: 'siteId', what: 'lists belong to the whole study' },
        'siteId',
      )
    }
    const grantId = uuidv7()
    await tx.query(
      `insert into casebook.role_grant (study_id, grant_id, user_id, role, site_id, granted_by)
       values ($1, $2, $3, $4, $5, $6)`,
      [input.studyId, grantId, input.userId, input.role, input.siteId, actor.userId],
    )
    return { grantId }
  },
})

function conflicts(role: Role, others: readonly Role[]): boolean {
  return blindedRoles.includes(role)
    ? others.includes('allocation-statistician')
    : others.some((other) => blindedRoles.includes(other))
}

/** Locks the account, so that two grants for one person cannot pass the conflict rule side by side. */
async function personAndSite(
  tx: Transaction,
  input: { studyId: string; userId: string; siteId: string | null },
): Promise<{ siteId: null; rolesEver: readonly Role[] } | null> {
  const [person] = await tx.query<{ isDemo: boolean }>(
    `select is_demo as "isDemo" from casebook.app_user
     where user_id = $1 and disabled_at is null for update`,
    [input.userId],
  )
  if (!person) return null
  if (input.siteId !== null) {
    const sites = await tx.query(
      'select 1 from casebook.site where study_id = $1 and site_id = $2',
      [input.studyId, input.siteId],
    )
    if (sites.length === 0) return null
  }
  const grants = await tx.query<{ role: Role }>(
    'select role from casebook.role_grant where study_id = $1 and user_id = $2',
    [input.studyId, input.userId],
  )
  return { siteId: null, rolesEver: grants.map((grant) => grant.role) }
}
