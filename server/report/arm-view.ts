import { type ArmView, armViews } from '#domain/analysis/report-parameters.ts'
import { type Asker, armSightFor } from '../blinding/policy.ts'

/** What a cut was made for, as far as arms are concerned. */
export type CutForArms = { arms: ArmView; purpose: string }

/**
 * How the asking person may see numbers by arm in this study; a reading or command hands on its own context. Of a cut nobody
 * sees more than the cut is for, and a member of the safety board sees arms only in a cut that was made for the board.
 */
export async function armViewFor(asker: Asker, cut?: CutForArms): Promise<ArmView> {
  const { arms } = await armSightFor(asker)
  if (!cut) return arms
  const isOfBoard = asker.actor.grants.some(
    (grant) => grant.studyId === asker.study.studyId && grant.role === 'dsmb-member',
  )
  if (isOfBoard && cut.purpose !== 'dsmb') return 'pooled'
  return moreConcealed(arms, cut.arms)
}

/** The view that tells less. */
export function moreConcealed(a: ArmView, b: ArmView): ArmView {
  return armViews.indexOf(a) > armViews.indexOf(b) ? a : b
}

/** Whether something made with one view may be given to somebody who has another. */
export const mayBeGiven = (madeWith: ArmView, to: ArmView): boolean =>
  moreConcealed(madeWith, to) === madeWith
