/**
 * Who may do what, on one page. A role is a row of permissions; a grant gives a person a role in one study, for all its
 * sites or for named ones. `can` is the only reader, and `server/command.ts` is the only caller of `can`.
 */
export const roles = [
  'investigator',
  'coordinator',
  'monitor',
  'data-manager',
  'image-reader',
  'medical-monitor',
  'statistician',
  'allocation-statistician',
  'auditor',
  'study-administrator',
  'dsmb-member',
] as const
export type Role = (typeof roles)[number]

export const permissions = [
  // study and people
  'study.read',
  'study.publish',
  'site.manage',
  'person.manage',
  'amendment.read',
  'amendment.migrate',
  // casebook
  'subject.read',
  'subject.screen',
  'subject.randomise',
  'subject.recordRandomisation',
  'casebook.read',
  'casebook.enter',
  'form.complete',
  'form.sign',
  'form.remove',
  // readings of images, each reader his own
  'reading.enter',
  // cleaning
  'query.read',
  'query.raise',
  'query.answer',
  'query.close',
  'item.verify',
  'form.freeze',
  // safety, analysis, export
  'safety.read',
  'report.read',
  'report.write',
  'cut.take',
  'cut.read',
  'cut.report',
  'data.export',
  // arms: of single subjects; numbers by arm; lifting the blinding of the study, or of one subject in an emergency
  'arm.read',
  'arm.compare',
  'arm.unblind',
  'subject.unblind',
  // oversight
  'audit.read',
  'allocation.manage',
  'allocation.reveal',
] as const
export type Permission = (typeof permissions)[number]

/** Rights that reach over every site even when the grant names sites would be wrong; site scope is the grant's. */
export const rolePermissions: Readonly<Record<Role, readonly Permission[]>> = {
  investigator: [
    'study.read',
    'subject.read',
    'subject.screen',
    'subject.randomise',
    'casebook.read',
    'casebook.enter',
    'form.complete',
    'form.sign',
    'form.remove',
    'query.read',
    'query.answer',
    'safety.read',
    'arm.read',
    'arm.compare',
    'subject.unblind',
    'audit.read',
  ],
  coordinator: [
    'study.read',
    'subject.read',
    'subject.screen',
    'subject.randomise',
    'casebook.read',
    'casebook.enter',
    'form.complete',
    'form.remove',
    'query.read',
    'query.answer',
    'safety.read',
    'arm.read',
    'arm.compare',
    'audit.read',
  ],
  monitor: [
    'study.read',
    'subject.read',
    'casebook.read',
    'query.read',
    'query.raise',
    'query.close',
    'item.verify',
    'safety.read',
    'arm.read',
    'arm.compare',
    'data.export',
    'audit.read',
  ],
  'data-manager': [
    'study.read',
    'amendment.read',
    'amendment.migrate',
    'subject.recordRandomisation',
    'subject.read',
    'casebook.read',
    'query.read',
    'query.raise',
    'query.close',
    'form.freeze',
    'safety.read',
    'cut.take',
    'cut.read',
    'arm.read',
    'arm.compare',
    'data.export',
    'audit.read',
  ],
  'image-reader': ['study.read', 'reading.enter'],
  'medical-monitor': [
    'study.read',
    'subject.read',
    'casebook.read',
    'query.read',
    'query.raise',
    'query.close',
    'safety.read',
    'arm.read',
    'arm.compare',
    'subject.unblind',
    'audit.read',
  ],
  statistician: [
    'study.read',
    'subject.read',
    'casebook.read',
    'report.read',
    'report.write',
    'cut.take',
    'cut.read',
    'cut.report',
    'arm.read',
    'arm.compare',
    'data.export',
  ],
  'allocation-statistician': [
    'study.read',
    'allocation.manage',
    'allocation.reveal',
    'arm.unblind',
  ],
  auditor: [
    'study.read',
    'amendment.read',
    'subject.read',
    'casebook.read',
    'query.read',
    'safety.read',
    'report.read',
    'cut.read',
    'cut.report',
    'arm.read',
    'arm.compare',
    'audit.read',
  ],
  'study-administrator': ['study.read', 'study.publish', 'site.manage', 'person.manage'],
  // Of the data safety monitoring board: the reports of cuts that were made for it, and no casebook.
  'dsmb-member': ['study.read', 'cut.read', 'cut.report', 'arm.compare'],
}

/** Roles that must not know what is still concealed; nobody holds one of these beside `allocation-statistician`. */
export const blindedRoles: readonly Role[] = roles.filter(
  (role) => role !== 'allocation-statistician',
)

/** A role in one study; `siteIds` null means every site of the study, now and later. */
export type Grant = { studyId: string; role: Role; siteIds: readonly string[] | null }

export type Scope = { studyId: string; siteId?: string }

/** True when some grant carries the permission in the study and, where one is named, for the site. */
export function can(grants: readonly Grant[], permission: Permission, scope: Scope): boolean {
  return grants.some(
    (grant) =>
      grant.studyId === scope.studyId &&
      rolePermissions[grant.role].includes(permission) &&
      (scope.siteId === undefined ||
        grant.siteIds === null ||
        grant.siteIds.includes(scope.siteId)),
  )
}

/** The sites a permission reaches in a study: null for all of them, an empty list for none. */
export function sitesWith(
  grants: readonly Grant[],
  permission: Permission,
  studyId: string,
): readonly string[] | null {
  const holding = grants.filter(
    (grant) => grant.studyId === studyId && rolePermissions[grant.role].includes(permission),
  )
  if (holding.some((grant) => grant.siteIds === null)) return null
  return [...new Set(holding.flatMap((grant) => grant.siteIds ?? []))].sort()
}
