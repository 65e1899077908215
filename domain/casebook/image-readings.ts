/** Which forms readers of images fill, of which image, and where the sites enter that image. */
import type { FormDef, StudyDefinition } from '#domain/definition/definition.ts'
import type { CompiledStudy } from './compile-study.ts'
import type { FormEvaluation } from './record.ts'

export type ReaderForm = {
  form: FormDef
  /** The item that holds the key of the image, in this form and in those where sites enter the image. */
  imageItem: string
  /** How many readings there must be before differences are resolved in this form; null for a reading itself. */
  after: number | null
}

/** Forms with `for` and an image: readings, and those in which their differences are resolved. */
export function readerForms(definition: StudyDefinition): ReaderForm[] {
  return definition.forms.flatMap((form): ReaderForm[] => {
    if (form.for === undefined) return []
    if (form.reading) return [{ form, imageItem: form.reading.image, after: null }]
    const resolved = definition.forms.find(({ reading }) => reading?.adjudication === form.oid)
    if (!resolved?.reading) return []
    const { image, readers } = resolved.reading
    return [{ form, imageItem: image, after: readers }]
  })
}

/** The readings of which differences are resolved in a form. */
export function resolvedIn({ forms }: StudyDefinition, resolving: string): ReadonlySet<string> {
  const read = forms.filter(({ reading }) => reading?.adjudication === resolving)
  return new Set(read.map(({ oid }) => oid))
}

/** Forms in which sites enter an image, with the item of its key. */
export function imageForms(definition: StudyDefinition): { form: string; item: string }[] {
  const items = new Set(readerForms(definition).map(({ imageItem }) => imageItem))
  return definition.forms.flatMap((form) =>
    form.for !== undefined
      ? []
      : form.groups
          .filter(({ repeats }) => repeats === 'none')
          .flatMap((group) =>
            group.items.flatMap(({ oid }) =>
              items.has(oid) ? [{ form: form.oid, item: oid }] : [],
            ),
          ),
  )
}

/** The form as a reader fills it: the key of the image stands above it and is not his to enter. */
export function withoutImageItem(form: FormDef, imageItem: string): FormDef {
  const groups = form.groups
    .map((group) => ({ ...group, items: group.items.filter(({ oid }) => oid !== imageItem) }))
    .filter(({ items }) => items.length > 0)
  return { ...form, groups }
}

/**
 * What the rules say of an entry of which nothing else of the casebook is known: without the findings of checks that read other records,
 * which would be wrong for want of them, or tell what they hold. The server asks them when the entry is completed.
 */
export function ownFindings(
  compiled: CompiledStudy,
  form: string,
  evaluation: FormEvaluation,
): FormEvaluation {
  const beyond = new Set(
    (compiled.forms.get(form)?.checks ?? [])
      .filter(
        ({ rule }) =>
          rule.collections.length > 0 ||
          rule.variables.length > 0 ||
          rule.references.some((read) => read.form !== form || read.place.kind !== 'here'),
      )
      .map(({ check }) => check.id),
  )
  return { ...evaluation, findings: evaluation.findings.filter(({ check }) => !beyond.has(check)) }
}
