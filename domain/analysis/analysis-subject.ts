import type { Value } from '#domain/expression/types.ts'

/** One subject as analysis sees it: a key and the answers to subject-level expressions of the definition. */
export type AnalysisSubject = {
  subjectKey: string
  value: (expression: string) => Value
  /**
   * In a run with a clinical cut-off: the day, and the answers from all data. They say how far follow-up is known to go; every
   * other number is of `value`, which knows nothing after the day.
   */
  cutOff?: { day: string; beyond: (expression: string) => Value }
}

/** Members of a population; undecided is not a member. */
export function members(subjects: readonly AnalysisSubject[], rule: string): AnalysisSubject[] {
  return subjects.filter((subject) => subject.value(rule) === true)
}

export function keysOf(subjects: readonly AnalysisSubject[]): string[] {
  return subjects.map((subject) => subject.subjectKey)
}

/** A number, or null where the expression gives none. */
export function numberOf(subject: AnalysisSubject, expression: string): number | null {
  const value = subject.value(expression)
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}
