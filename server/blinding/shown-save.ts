/** The answer of a save, which rules gave from whole rows, without what the saving person may not read. */
import type { FormEvaluation, FormValues, ItemPath } from '#domain/casebook/record.ts'
import type { SaveResult } from '#domain/casebook/views.ts'
import { type ConcealedStudy, concealsPath } from './concealed-study.ts'

export function shownSave(
  result: SaveResult,
  form: string,
  concealed: ConcealedStudy | null,
): SaveResult {
  if (concealed === null) return result
  const isShown = (path: ItemPath) => !concealsPath(concealed, form, path)
  const isTold = (check: string | null) => check === null || !concealed.checks.has(check)
  // That a concealed value changed tells the arm where only one arm has it.
  const tellsMore = (other: string) =>
    concealed.forms.has(other) || [...concealed.items].some((item) => item.startsWith(`${other}.`))
  return {
    ...result,
    data: shownValues(result.data, isShown),
    evaluation: shownEvaluation(result.evaluation, isShown, isTold),
    queries: result.queries.filter(({ path, check }) => isShown(path) && isTold(check)),
    conflicts: result.conflicts.filter(({ path }) => isShown(path)),
    alsoChanged: result.alsoChanged.filter(
      ({ key }) => !tellsMore(key.form) && !concealed.events.has(key.event),
    ),
  }
}

const shownValues = (values: FormValues, isShown: (path: ItemPath) => boolean): FormValues =>
  Object.fromEntries(Object.entries(values).filter(([path]) => isShown(path)))

function shownEvaluation(
  { derived, closed, open, findings, suggested }: FormEvaluation,
  isShown: (path: ItemPath) => boolean,
  isTold: (check: string) => boolean,
): FormEvaluation {
  return {
    derived: shownValues(derived, isShown),
    closed: closed.filter(isShown),
    open: open.filter(isShown),
    findings: findings.filter(({ path, check }) => isShown(path) && isTold(check)),
    suggested: shownValues(suggested, isShown),
  }
}
