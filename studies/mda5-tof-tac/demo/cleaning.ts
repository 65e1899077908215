/** Cleaning of the demo charts: a wrong unit that a check found, and what the monitor asked. */
import type { Correction, DemoPlan, Question } from '#studies/demo/plan.ts'

/** D-dimer was typed in ng/mL as the printed form has it; the value is in ug/mL (check EC-07). */
export function chartCorrections(plan: DemoPlan): Correction[] {
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

export const chartQuestions: readonly Question[] = [
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
    event: 'TX0',
    form: 'F_LB',
    path: 'LB[FERRITIN].LBPERF',
    text: '病历中提到铁蛋白升高，请确认是否已检测。',
    answer: '外院结果，本院未检测。',
  },
]
