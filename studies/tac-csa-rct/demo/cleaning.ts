/** What happens to the trial's demo data after entry: a diagnosis is revised, and the monitor asks. */
import type { Correction, DemoPlan, Question } from '#studies/demo/plan.ts'

/** One subject, randomised as CADM, is verified as dermatomyositis afterwards; told by the deviation recorded for it. */
const revisedDiagnosis: Correction = {
  event: 'SCR',
  form: 'F_IIM',
  reason: 'Muscle biopsy and enzymes reviewed: dermatomyositis',
  changes: [
    { path: 'BPWEAK', from: 'N', to: 'Y' },
    { path: 'BPENZ', from: 'N', to: 'Y' },
    { path: 'BPBIOP', from: 'ND', to: 'Y' },
    { path: 'BPEMG', from: 'N', to: 'Y' },
    { path: 'IIMTYPE', from: 'CADM', to: 'DM' },
  ],
}

export function trialCorrections(plan: DemoPlan): readonly Correction[] {
  return plan.after.some((form) => form.form === 'F_DV') ? [revisedDiagnosis] : []
}

export const trialQuestions: readonly Question[] = [
  {
    event: 'W4',
    form: 'F_PFT',
    path: 'FVC',
    text: 'Please check FVC against the printed report of the lung function laboratory.',
    answer: 'Checked against the printout; the value is right.',
  },
  {
    event: 'W12',
    form: 'F_VS',
    path: 'WEIGHT',
    text: 'Which scales were used? The chart shows two weights on this day.',
    answer: null,
  },
  {
    event: 'SCR',
    form: 'F_MH',
    path: 'MH[HYPERTENSION].MHOCCUR',
    text: 'The referral letter mentions an antihypertensive drug. Please look at the source.',
    answer: null,
  },
]
