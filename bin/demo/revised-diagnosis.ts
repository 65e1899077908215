import type { DemoPlan } from '#studies/tac-csa-rct/demo/plan.ts'

/** The corrections by which one subject, randomised as CADM, is verified as dermatomyositis afterwards. */
export const revisedDiagnosis = [
  { path: 'BPWEAK', from: 'N', to: 'Y' },
  { path: 'BPENZ', from: 'N', to: 'Y' },
  { path: 'BPBIOP', from: 'ND', to: 'Y' },
  { path: 'BPEMG', from: 'N', to: 'Y' },
  { path: 'IIMTYPE', from: 'CADM', to: 'DM' },
] as const

/** Told by the deviation that the site records for it. */
export function isRevised(plan: DemoPlan): boolean {
  return plan.after.some((form) => form.form === 'F_DV')
}
