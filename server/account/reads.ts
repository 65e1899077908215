import { z } from 'zod'
import { type Grant, permissions, type Role } from '#domain/access/permissions.ts'
import type { SessionView } from '#domain/casebook/views.ts'
import type { Label } from '#domain/definition/definition.ts'
import { type Ability, personal } from '../command.ts'

type StudyRow = { studyId: string; oid: string; name: Label; title: Label; state: string }
type SiteRow = { studyId: string; siteId: string; code: string; name: string }

/** Who is signed in, and which studies, sites, roles and permissions the grants of this moment give. */
export const currentSession = personal({
  name: 'session.current',
  access: 'read',
  beforePasswordChange: true,
  input: z.strictObject({}),
  run: async ({ tx, actor, ability }): Promise<SessionView> => {
    const studyIds = [...new Set(actor.grants.map((grant) => grant.studyId))]
    const studies = await tx.query<StudyRow>(
      `select study_id as "studyId", oid, name, title, state from casebook.study
       where study_id = any ($1::uuid[]) order by is_demo, oid`,
      [studyIds],
    )
    const sites = await tx.query<SiteRow>(
      `select study_id as "studyId", site_id as "siteId", code, name from casebook.site
       where study_id = any ($1::uuid[]) order by code`,
      [studyIds],
    )
    return {
      user: {
        userId: actor.userId,
        userName: actor.userName,
        displayName: actor.displayName,
        isSystemAdministrator: actor.isSystemAdministrator,
        language: actor.language,
        mustChangePassword: actor.mustChangePassword,
      },
      demo: actor.isDemo,
      studies: studies.map((study) => ({
        ...study,
        roles: rolesIn(actor.grants, study.studyId),
        sites: reachable(
          actor.grants,
          study.studyId,
          sites.filter((site) => site.studyId === study.studyId),
        ),
        permissions: permissionsIn(ability, study.studyId),
      })),
    }
  },
})

function rolesIn(grants: readonly Grant[], studyId: string): Role[] {
  return [...new Set(grants.filter((g) => g.studyId === studyId).map((g) => g.role))]
}

function permissionsIn(ability: Ability, studyId: string) {
  return permissions.filter((permission) => ability(studyId, permission))
}

function reachable(grants: readonly Grant[], studyId: string, sites: readonly SiteRow[]) {
  const here = grants.filter((grant) => grant.studyId === studyId)
  const all = here.some((grant) => grant.siteIds === null)
  return sites
    .filter((site) => all || here.some((grant) => grant.siteIds?.includes(site.siteId)))
    .map(({ siteId, code, name }) => ({ siteId, code, name }))
}
