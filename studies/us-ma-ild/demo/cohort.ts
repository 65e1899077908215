/** The 67 charts of the demo cohort, in the order in which the search gave them. */
import { plusDays } from '#studies/demo/chance.ts'
import { cohortPlan, type DemoForm, type DemoPlan } from '#studies/demo/plan.ts'
import { type Chart, openChart, workday } from './chart.ts'
import { otherDrugsLog, prednisoneLog, tacrolimusLog } from './drug-logs.ts'
import { sixMonths, tacrolimusYear } from './follow-up.ts'
import { eligibility, indexForms } from './index-visit.ts'
import { notIncluded } from './not-included.ts'
import { readSubjects } from './subjects.ts'

/** Only one subject of the tacrolimus set was admitted for an exacerbation. */
const admittedSubject = 'U26'
/** Admissions that do not count: before tacrolimus, and for another reason. */
const admittedBefore = 'U02'

export function cohort(): DemoPlan[] {
  const included = readSubjects().map((subject, order) => {
    const chart = openChart(subject, order)
    return cohortPlan('01', chart.screened, abstraction(chart))
  })
  return [...included, ...notIncluded()].sort((a, b) => (a.screenedOn < b.screenedOn ? -1 : 1))
}

/** One chart as it is abstracted: index, treatment, eligibility, response, and the second stage where it opens. */
function abstraction(chart: Chart): DemoForm[] {
  const first = indexForms(chart)
  const treatment = [...prednisoneLog(chart), ...otherDrugsLog(chart)]
  const { forms: response, course } = sixMonths(chart)
  return [
    ...first,
    ...treatment,
    eligibility(),
    ...response,
    ...tacrolimusLog(chart),
    ...tacrolimusYear(chart, course),
    ...admissions(chart),
    vitalStatus(chart),
  ]
}

function admissions({ subject, index, tacrolimus }: Chart): DemoForm[] {
  if (tacrolimus === null) return []
  const admitted = (from: string, days: number, reason: string): DemoForm => ({
    event: 'LOG',
    form: 'F_HO',
    repeat: 'new',
    values: { HOSTDTC: from, HOENDTC: plusDays(from, days), HOREAS: reason },
  })
  if (subject.id === admittedSubject) return [admitted(plusDays(tacrolimus, 214), 9, 'ILD_EXAC')]
  if (subject.id === admittedBefore) return [admitted(plusDays(index, 176), 6, 'ILD_EXAC')]
  return []
}

/** The last contact; a chart that ends early says that the subject went elsewhere. */
function vitalStatus({ subject, lastContact, tacrolimus, luck }: Chart): DemoForm {
  const isLost = tacrolimus !== null && subject.lungAtTacrolimus === null
  return {
    event: 'LOG',
    form: 'F_VSTAT',
    repeat: 'new',
    values: {
      VSTATDTC: isLost ? workday(plusDays(lastContact, 120)) : lastContact,
      VSTAT: isLost ? 'LOST' : 'ALIVE',
      VSTATSRC: isLost ? 'PHONE' : luck.pick(['VISIT', 'MEDICAL_RECORD', 'MEDICAL_RECORD']),
      LSTALVDT: lastContact,
    },
  }
}
