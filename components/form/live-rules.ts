import type { DerivedExplanation } from '#domain/casebook/explain-derived.ts'
import type { Casebook, FormEvaluation, FormValues, ItemPath } from '#domain/casebook/record.ts'
import type { FormView } from '#domain/casebook/views.ts'
import type { StudyDefinition } from '#domain/definition/definition.ts'

export type LiveRules = {
  evaluate: (values: FormValues) => FormEvaluation
  /** The arithmetic behind a computed value, as the values stand on the screen. */
  explain: (values: FormValues, path: ItemPath) => DerivedExplanation | null
}

/**
 * Loads the rules of the study version once the page stands, so the first paint does not wait for them. They are the
 * server's own functions; what they say is a courtesy until the server has said it.
 */
export async function loadLiveRules(
  view: FormView,
  definition: StudyDefinition,
): Promise<LiveRules> {
  const [{ compileStudy }, { evaluateForm }, { explainDerived }, { ownFindings }] =
    await Promise.all([
      import('#domain/casebook/compile-study.ts'),
      import('#domain/casebook/evaluate.ts'),
      import('#domain/casebook/explain-derived.ts'),
      import('#domain/casebook/image-readings.ts'),
    ])
  const compiled = compileStudy(definition)
  const casebookWith = (values: FormValues): Casebook => ({
    subject: view.subject,
    records: [...view.context, { ...view.record, data: values }],
    references: view.references,
    today: view.today,
  })
  const { key } = view.record
  return {
    evaluate: (values) => {
      const evaluation = evaluateForm(compiled, casebookWith(values), key)
      return view.reading ? ownFindings(compiled, key.form, evaluation) : evaluation
    },
    explain: (values, path) => explainDerived(compiled, casebookWith(values), key, path),
  }
}
