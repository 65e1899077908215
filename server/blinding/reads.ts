import { z } from 'zod'
import { isBlinded } from '#domain/access/blinding.ts'
import type { ArmView } from '#domain/analysis/report-parameters.ts'
import { reading } from '../command.ts'
import { id } from '../input.ts'
import { armSightFor, blindingOf } from './policy.ts'
import { studyUnblinding, type Unblinding } from './unblinding-row.ts'

export type BlindingView = {
  /** Whether the study conceals arms from anybody, by any of its versions. */
  blinded: boolean
  unblinded: Unblinding | null
  /** What the reader sees himself. */
  arms: ArmView
  arm: boolean
  abilities: { unblind: boolean }
}

/** How far arms are concealed in the study, and from the reader. */
export const studyBlinding = reading({
  name: 'study.blinding',
  permission: 'study.read',
  input: z.strictObject({ studyId: id }),
  run: async ({ tx, input, actor, study, may }): Promise<BlindingView> => {
    const blinded = (await blindingOf(tx, study)).some(isBlinded)
    const unblinded = await studyUnblinding(tx, input.studyId, actor.userId)
    return {
      blinded,
      unblinded,
      ...(await armSightFor({ tx, actor, study })),
      abilities: {
        unblind: blinded && unblinded === null && study.state !== 'draft' && may('arm.unblind'),
      },
    }
  },
})
