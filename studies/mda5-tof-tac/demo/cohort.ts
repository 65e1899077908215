/** The 61 charts of the demo cohort, in the order of their first HRCT. */
import { cohortPlan, type DemoForm, type DemoPlan } from '#studies/demo/plan.ts'
import { type Chart, openChart } from './chart.ts'
import { adverseEvents, contacts, progression } from './course.ts'
import { eligibility, firstScanForms } from './first-scan.ts'
import { readSubjects } from './subjects.ts'
import { discontinuation, glucocorticoidLog, otherTreatment, studyDrugLog } from './treatment.ts'
import { treatmentStartForms } from './treatment-start.ts'

export function cohort(): DemoPlan[] {
  return readSubjects().map((subject, order) => {
    const chart = openChart(subject, order)
    return cohortPlan('01', chart.screened, abstraction(chart))
  })
}

/** One chart as it is abstracted; eligibility last but for the contacts, since it rests on treatment and its end. */
function abstraction(chart: Chart): DemoForm[] {
  return [
    ...firstScanForms(chart),
    ...studyDrugLog(chart),
    ...glucocorticoidLog(chart),
    ...treatmentStartForms(chart),
    ...otherTreatment(chart),
    progression(chart),
    ...adverseEvents(chart),
    ...discontinuation(chart),
    ...contacts(chart),
    eligibility(),
  ]
}
