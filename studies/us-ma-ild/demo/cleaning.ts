/** Cleaning of the demo charts: a mix-up that a check found and a second look corrected, and what the monitor asked. */
import type { Correction, DemoPlan, Question } from '#studies/demo/plan.ts'

/** Race was taken from the next line of the worksheet; the source note told (check EC-10). */
export function chartCorrections(plan: DemoPlan): Correction[] {
  const mixedUp = plan.before.some(
    ({ form, values }) =>
      form === 'F_DM' && values.RACE4 === 'HISPANIC' && values.RACESRC === 'ASIAN',
  )
  return mixedUp
    ? [
        {
          event: 'IDX',
          form: 'F_DM',
          reason: 'Taken from the next line of the worksheet; the registration sheet says Asian',
          changes: [{ path: 'RACE4', from: 'HISPANIC', to: 'ASIAN' }],
        },
      ]
    : []
}

export const chartQuestions: readonly Question[] = [
  {
    event: 'M6',
    form: 'F_RESP',
    path: 'RSSYMP',
    text: 'Which note says whether breathing was worse? The letter of the pulmonology clinic reads stable.',
    answer: 'Rheumatology progress note of the same week.',
  },
  {
    event: 'IDX',
    form: 'F_IMG',
    path: 'IMGHC',
    text: 'Please have the pulmonologist confirm honeycombing on the scan itself; the report does not mention it.',
    answer: null,
  },
  {
    event: 'IDX',
    form: 'F_CHART',
    path: 'IDXDTC',
    text: 'Is this the day of the first joint prescription, or of the clinic letter?',
    answer: 'Day of the prescription, checked in the pharmacy record.',
  },
]
