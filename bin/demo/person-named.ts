import type { Pool } from '#db/client.ts'
import type { Grant } from '#domain/access/permissions.ts'
import type { Person } from '#server/actor.ts'

/** A demo person as the corridor knows people, with all grants as they stand now. */
export async function personNamed(ownerPool: Pool, userName: string): Promise<Person> {
  const { rows } = await ownerPool.query<Omit<Person, 'kind' | 'grants' | 'sessionId'>>(
    `select user_id as "userId", user_name as "userName", display_name as "displayName", language,
            is_system_administrator as "isSystemAdministrator", is_demo as "isDemo", must_change_password as "mustChangePassword"
     from casebook.app_user where user_name = $1`,
    [userName],
  )
  const [user] = rows
  if (!user) throw new Error(`There is no demo person ${userName}`)
  const grants = await ownerPool.query<{
    studyId: string
    role: Grant['role']
    siteId: string | null
  }>(
    `select study_id as "studyId", role, site_id as "siteId" from casebook.role_grant where user_id = $1 and revoked_at is null`,
    [user.userId],
  )
  return {
    kind: 'person',
    ...user,
    sessionId: '',
    grants: grants.rows.map((grant) => ({
      studyId: grant.studyId,
      role: grant.role,
      siteIds: grant.siteId === null ? null : [grant.siteId],
    })),
  }
}
