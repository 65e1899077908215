import type { Casebook, FormEvaluation, FormValues } from '#domain/casebook/record.ts'
import type { FormView } from '#domain/casebook/views.ts'
import type { StudyDefinition } from '#domain/definition/definition.ts'

export type LiveRules = (values: FormValues) => FormEvaluation

/**
 * Loads the rules of the study version once the page stands, so the first paint does not wait for them. They are the
 * server's own functions; what they say is a courtesy until the server has said it.
 */
export async function loadLiveRules(
  view: FormView,
  definition: StudyDefinition,
): Promise<LiveRules> {
  const [{ compileStudy }, { evaluateForm }] = await Promise.all([
    import('#domain/casebook/compile-study.ts'),
    import('#domain/casebook/evaluate.ts'),
  ])
  const compiled = compileStudy(definition)
  return (values) => {
    const casebook: Casebook = {
      subject: view.subject,
      records: [...view.context, { ...view.record, data: values }],
      references: view.references,
      today: view.today,
    }
    return evaluateForm(compiled, casebook, view.record.key)
  }
}
