/** Cleaning of the demo charts: a wrong unit that a check found, and what the monitor asked. */
import type { Correction, DemoPlan, Question } from '#studies/demo/plan.ts'

/** D-dimer was typed in ng/mL as the printed form has it; the value is in ug/mL (check EC-07). */
export function comparisonCorrections(plan: DemoPlan): Correction[] {
  const wrongUnit = plan.before.some(
    ({ event, form, values }) =>
      event === 'TX0' && form === 'F_LB' && values['LB[DDIMER].LBORRESU'] === 'ng/mL',
  )
  return wrongUnit
    ? [
        {
          event: 'TX0',
          form: 'F_LB',
          reason: '单位有误：检验单为 ug/mL',
          changes: [{ path: 'LB[DDIMER].LBORRESU', from: 'ng/mL', to: 'ug/mL' }],
        },
      ]
    : []
}

export const comparisonQuestions: readonly Question[] = [
  {
    event: 'HRCT0',
    form: 'F_CHART',
    path: 'IDXDTC',
    text: '请确认该日期为首次显示间质性肺疾病的 HRCT 日期，而非入院日期。',
    answer: '已核对 PACS，为首次 HRCT 日期。',
  },
  {
    event: 'M6',
    form: 'F_VSTAT',
    path: 'VSTATSRC',
    text: '电话随访记录未见签名，请补充联系人与受试者的关系。',
    answer: null,
  },
  {
    event: 'HRCT0',
    form: 'F_IIM',
    path: 'IIMTYPE',
    text: '请核对入院时的肌力记录，确认最终亚型。',
    answer: '已核对住院病历，亚型无误。',
  },
]
