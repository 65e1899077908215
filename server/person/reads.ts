import { z } from 'zod'
import type { Role } from '#domain/access/permissions.ts'
import { reading } from '../command.ts'
import { id } from '../input.ts'

export type PersonRow = {
  userId: string
  userName: string
  displayName: string
  email: string | null
  disabled: boolean
  isDemo: boolean
  lastSeenAt: string | null
  grants: readonly {
    grantId: string
    role: Role
    site: { siteId: string; code: string; name: string } | null
    grantedAt: string
    grantedBy: string
    revokedAt: string | null
    revokedBy: string | null
  }[]
}

type GrantRow = {
  userId: string
  grantId: string
  role: Role
  siteId: string | null
  siteCode: string | null
  siteName: string | null
  grantedAt: string
  grantedBy: string
  revokedAt: string | null
  revokedBy: string | null
}

/** Everybody who has or had a role in the study, with the history of the grants. */
export const personList = reading({
  name: 'person.list',
  permission: 'person.manage',
  input: z.strictObject({ studyId: id }),
  run: async ({ tx, input }): Promise<{ rows: readonly PersonRow[] }> => {
    const people = await tx.query<Omit<PersonRow, 'grants'>>(
      `select u.user_id as "userId", u.user_name as "userName", u.display_name as "displayName", u.email,
         u.disabled_at is not null as disabled, u.is_demo as "isDemo",
         (select max(s.last_seen_at) from casebook.session s where s.user_id = u.user_id) as "lastSeenAt"
       from casebook.app_user u
       where u.user_id in (select g.user_id from casebook.role_grant g where g.study_id = $1)
       order by u.display_name, u.user_id`,
      [input.studyId],
    )
    const grants = await tx.query<GrantRow>(
      `select g.user_id as "userId", g.grant_id as "grantId", g.role, g.site_id as "siteId",
         s.code as "siteCode", s.name as "siteName", g.granted_at as "grantedAt",
         coalesce(by.display_name, 'Casebook') as "grantedBy", g.revoked_at as "revokedAt",
         taken.display_name as "revokedBy"
       from casebook.role_grant g
       left join casebook.site s on s.study_id = g.study_id and s.site_id = g.site_id
       left join casebook.app_user by on by.user_id = g.granted_by
       left join casebook.app_user taken on taken.user_id = g.revoked_by
       where g.study_id = $1 order by g.granted_at, g.grant_id`,
      [input.studyId],
    )
    const rows = people.map((person) => ({
      ...person,
      grants: grants
        .filter((grant) => grant.userId === person.userId)
        .map(({ userId: _, siteId, siteCode, siteName, ...grant }) => ({
          ...grant,
          site:
            siteId === null ? null : { siteId, code: siteCode ?? siteId, name: siteName ?? siteId },
        })),
    }))
    return { rows }
  },
})
