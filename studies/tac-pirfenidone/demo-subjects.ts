/** The demo cohort filled once, for the tests of this folder. */
import { analysisSubjects, fillSubject } from '#studies/demo/fill-subject.ts'
import { studyDefinition } from '#studies/demo/study-definition.ts'
import { cohort } from './demo/cohort.ts'

export const study = studyDefinition('tac-pirfenidone')

export const filledSubjects = cohort().map((plan, index) =>
  fillSubject(study, plan, { subjectKey: `01-${String(index + 1).padStart(3, '0')}` }),
)

export type Value = string | number | boolean | null
export type DemoAnalysisSubject = { subjectKey: string; value: (expression: string) => Value }

/** Subjects as reports read them. */
export const subjects: readonly DemoAnalysisSubject[] = analysisSubjects(
  study.compiled,
  filledSubjects,
).map(({ subjectKey, value }) => ({ subjectKey, value: (text) => value(text) as Value }))
