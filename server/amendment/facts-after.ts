/** What lists show of a subject once it is on the new version. */
import type { FormRecordData } from '#domain/casebook/record.ts'
import { casebookOf, type SubjectRow } from '../casebook/load.ts'
import { subjectFacts, visitsAnew } from '../casebook/subject-facts.ts'
import type { Foreseen } from './foresee.ts'
import type { StudyPlan } from './plan.ts'

export type FactsRow = {
  id: string
  version: number
  state: SubjectRow['state']
  anchor: string | null
  withdrawn: string | null
  columns: SubjectRow['columns']
  visits: SubjectRow['visits']
}

export function factsAfter(plan: StudyPlan, { whole, records }: Foreseen, now: string): FactsRow {
  const { subject, references } = whole
  const after = records.flatMap(({ record, key, data, derived, state }): FormRecordData[] =>
    state === 'removed' ? [] : [{ ...record, key, data, derived, state, versionNumber: plan.to }],
  )
  const casebook = casebookOf(subject, after, references, now)
  const facts = subjectFacts(plan.target, casebook, subject)
  return {
    id: subject.subjectId,
    version: plan.to,
    state: facts.state,
    anchor: facts.anchor,
    withdrawn: facts.withdrawnOn,
    columns: facts.columns,
    visits: visitsAnew(plan.target, casebook),
  }
}
