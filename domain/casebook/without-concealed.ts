/** A definition as somebody has it who must not know arms: rules and screens made from it cannot ask for what is left out. */
import type { FormDef, Label, StudyDefinition } from '#domain/definition/definition.ts'
import type { ConcealedParts } from './concealed.ts'

export type LeftOutParts = Omit<ConcealedParts, 'groupings'>

/**
 * Leaves out concealed forms, items, visits and checks, with what would read them. Subject columns and arms stay: their names are
 * no secret, and screens say "concealed" where a value would stand.
 */
export function withoutConcealed(
  definition: StudyDefinition,
  parts: LeftOutParts,
): StudyDefinition {
  const forms = definition.forms.flatMap((form) => shownForm(form, parts) ?? [])
  const left = new Set(forms.map(({ oid }) => oid))
  return {
    ...definition,
    forms,
    events: definition.events
      .filter(({ oid }) => !parts.events.has(oid))
      .map((event) => ({ ...event, forms: event.forms.filter(({ form }) => left.has(form)) })),
    checks: definition.checks.filter(
      ({ id, form, item }) =>
        left.has(form) && !parts.checks.has(id) && !parts.items.has(`${form}.${item}`),
    ),
    variables: definition.variables.filter(({ oid }) => !parts.variables.has(oid)),
    populations: definition.populations.filter(({ oid }) => !parts.populations.has(oid)),
    endpoints: definition.endpoints.filter(({ oid }) => !parts.endpoints.has(oid)),
  }
}

/** Labels of the items that a form keeps back. */
export const keptBack = (form: FormDef, parts: LeftOutParts): Label[] =>
  form.groups.flatMap((group) =>
    group.items.flatMap(({ oid, label }) => (parts.items.has(`${form.oid}.${oid}`) ? [label] : [])),
  )

function shownForm(form: FormDef, parts: LeftOutParts): FormDef | null {
  if (parts.forms.has(form.oid)) return null
  const isConcealed = (oid: string) => parts.items.has(`${form.oid}.${oid}`)
  if (!form.groups.some((group) => group.items.some(({ oid }) => isConcealed(oid)))) return form
  const groups = form.groups.flatMap((group) => {
    const items = group.items.filter(({ oid }) => !isConcealed(oid))
    const namesRows = group.rowItem !== undefined && isConcealed(group.rowItem)
    return items.length === 0 || namesRows ? [] : [{ ...group, items }]
  })
  if (groups.length === 0) return null
  const { title, date, ...rest } = form
  return {
    ...rest,
    groups,
    ...(title === undefined || isConcealed(title) ? {} : { title }),
    ...(date === undefined || isConcealed(date) ? {} : { date }),
  }
}
