/** What happens to the data after entry: one lowest saturation was read wrongly, and the monitor asks. */
import type { Correction, DemoPlan, Question } from '#studies/demo/plan.ts'

/** The subject of the CT example, who had air in the mediastinum at baseline. */
export function addOnCorrections(plan: DemoPlan): readonly Correction[] {
  const baseline = plan.before.filter((form) => form.event === 'BL')
  const airLeak = baseline.some(({ form, values }) => form === 'F_CF' && values.CFPNMED === 'Y')
  const lowest = baseline.find(({ form }) => form === 'F_6MWT')?.values.SMWNADIR
  if (!airLeak || typeof lowest !== 'string') return []
  return [
    {
      event: 'BL',
      form: 'F_6MWT',
      reason: '核对原始记录：最低血氧饱和度抄录错误',
      changes: [{ path: 'SMWNADIR', from: lowest, to: String(Number(lowest) - 2) }],
    },
  ]
}

export const addOnQuestions: readonly Question[] = [
  {
    event: 'M3',
    form: 'F_TDM',
    path: 'TDMTIM',
    text: '请核对他克莫司谷浓度的采血时间与末次服药时间。',
    answer: '已核对护理记录，采血时间无误。',
  },
  {
    event: 'BL',
    form: 'F_PFT',
    path: 'DLCO',
    text: '报告单位为 mL/min/mmHg，是否已换算？',
    answer: null,
  },
  {
    event: 'IDX',
    form: 'F_CHART',
    path: 'LASTDTC',
    text: '请说明最后联系日期的来源。',
    answer: null,
  },
]
