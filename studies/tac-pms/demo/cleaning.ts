/** What happens to the surveillance's demo data after entry: booklets sent back lead to corrections, the sponsor asks. */
import type { Correction, DemoPlan, Question } from '#studies/demo/plan.ts'

/** A returned baseline booklet whose scan was named CT: the institution looks it up. */
export function surveillanceCorrections(plan: DemoPlan): readonly Correction[] {
  const returned = plan.before.some(
    ({ form, values }) => form === 'F_BOOK' && values.BKNAME === 'BASELINE' && 'BKRESDTC' in values,
  )
  const scan = plan.before.find(({ event, form }) => event === 'D0' && form === 'F_IMG')
  if (!returned || scan?.values.IMGMOD !== 'CT') return []
  return [
    {
      event: 'D0',
      form: 'F_IMG',
      reason: '調査票の差し戻しにより確認：HRCTで撮影していた',
      changes: [{ path: 'IMGMOD', from: 'CT', to: 'HRCT' }],
    },
  ]
}

export const surveillanceQuestions: readonly Question[] = [
  {
    event: 'M1',
    form: 'F_TDM',
    path: 'TACTRGH',
    text: '採血時刻は服薬直前でしょうか。最終服薬からの時間をご確認ください。',
    answer: '服薬直前の採血です。記載のとおりです。',
  },
  {
    event: 'M3',
    form: 'F_LB',
    path: 'LB[CRP].LBORRES',
    text: 'CRPの値をご確認ください。同時期の感染症の有無も併せてお知らせください。',
    answer: null,
  },
  {
    event: 'D0',
    form: 'F_MH',
    path: 'MH[DIABETES].MHOCCUR',
    text: '併用薬に血糖降下薬の記載があります。糖尿病の合併の有無をご確認ください。',
    answer: null,
  },
]
