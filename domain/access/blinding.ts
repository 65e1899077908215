/**
 * Who must not know arms. A study narrows what roles may see and never widens it: somebody sees arms only where a role of
 * his gives the right, and no role of his is blinded by the study. The strictest role decides, because nobody can put
 * knowledge aside together with a hat. What one version conceals stays concealed under the later ones that are
 * given, until the study is unblinded: a new version is no way around that act.
 */
import { type ArmView, armViews } from '#domain/analysis/report-parameters.ts'
import { type Permission, type Role, rolePermissions } from './permissions.ts'

/** What a version says about blinding; without an allocation there is nothing to conceal. */
export type Blinding = {
  openLabel: boolean
  blinding?:
    | {
        arm: readonly Role[]
        byArm: readonly Role[]
        conceals: readonly string[]
        board: 'masked' | 'shown'
      }
    | undefined
}

/** `arms`: numbers by arm. `arm`: whether the arm of a single subject, and what tells it, may be read. */
export type ArmSight = { arms: ArmView; arm: boolean }

/** Readers of images score blind in every study, and so does whoever reads images among other things. */
const neverKnow: readonly Role[] = ['image-reader']

const holds = (role: Role, permission: Permission) => rolePermissions[role].includes(permission)

/** True where a version conceals arms from anybody who could otherwise read them. */
export const isBlinded = ({ openLabel, blinding }: Blinding): boolean =>
  !openLabel || (blinding?.arm.length ?? 0) > 0 || (blinding?.byArm.length ?? 0) > 0

/** What somebody with these roles in a study may know of arms; `versions` are all published ones with an allocation. */
export function armSightOf(
  roles: readonly Role[],
  versions: readonly Blinding[],
  isUnblinded: boolean,
): ArmSight {
  if (roles.some((role) => neverKnow.includes(role))) return { arms: 'pooled', arm: false }
  const readsArm = roles.some((role) => holds(role, 'arm.read'))
  const compares = roles.some((role) => holds(role, 'arm.compare'))
  if (isUnblinded || !versions.some(isBlinded)) {
    return { arms: compares ? 'shown' : 'pooled', arm: readsArm }
  }
  const arm = readsArm && !versions.some((version) => roles.some((role) => blinds(version, role)))
  if (!compares) return { arms: 'pooled', arm }
  const views = roles
    .filter((role) => holds(role, 'arm.compare'))
    .flatMap((role) => versions.map((version) => viewOf(version, role)))
  const strictest = armViews.findLast((view) => views.includes(view)) ?? 'pooled'
  return { arms: strictest, arm }
}

/** True when a version conceals the arms of single subjects from a role. */
const blinds = ({ openLabel, blinding }: Blinding, role: Role): boolean =>
  !openLabel || (blinding?.arm.includes(role) ?? false)

function viewOf(version: Blinding, role: Role): ArmView {
  const { openLabel, blinding } = version
  if (blinding?.arm.includes(role) || blinding?.byArm.includes(role)) return 'pooled'
  if (role === 'dsmb-member') return isBlinded(version) ? (blinding?.board ?? 'masked') : 'shown'
  return openLabel ? 'shown' : 'pooled'
}
