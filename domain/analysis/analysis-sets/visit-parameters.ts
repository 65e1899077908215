/** Which items of a form are parameters of its parameter-by-visit set, decided from the definition alone. */
import type { FormPlan, GroupPlan, ItemPlan } from '#domain/casebook/compile-study.ts'
import { hasFixedRows } from '#domain/casebook/study-index.ts'
import type { FixedRowDef, FormDef } from '#domain/definition/definition.ts'
import { SetNames } from './set-names.ts'
import type { SetContext } from './set-subject.ts'

export type VisitParameter = {
  code: string
  label: string
  unit: string | null
  group: GroupPlan
  /** Null outside grids. */
  row: FixedRowDef | null
  value: ItemPlan
  /** What was entered, where the value is derived from it: carries the reason why there is none. */
  entered: ItemPlan | null
  /** `>` and `<` beside a value beyond the limits of an assay. */
  qualifier: ItemPlan | null
}

export type VisitForm = { form: FormDef; set: string; parameters: readonly VisitParameter[] }

/**
 * Forms with numbers that belong to a visit: every form of a visit beside the one of demographics, of visit dates, and what the
 * system writes. Sets are named AD and the form without `F_`.
 */
export function visitForms(context: SetContext): VisitForm[] {
  const { definition, compiled, concealed } = context
  const names = new SetNames(['SL', 'TTE', 'AE'], 6)
  const demographics = compiled.index.sex?.form
  return definition.forms.flatMap((form): VisitForm[] => {
    const plan = compiled.forms.get(form.oid)
    const inVisit = definition.events.some(
      ({ kind, forms }) => kind !== 'log' && forms.some((use) => use.form === form.oid),
    )
    const isApart = form.system || form.oid === demographics
    if (!plan || !inVisit || isApart || form.oid === compiled.index.visitDate?.form) return []
    const parameters = parametersOf(plan).filter(
      ({ value }) => !concealed?.items.has(`${form.oid}.${value.indexed.item.oid}`),
    )
    if (parameters.length === 0) return []
    return [{ form, set: `AD${names.shorten(form.oid.replace(/^F_/, ''))}`, parameters }]
  })
}

function parametersOf(plan: FormPlan): VisitParameter[] {
  const names = new SetNames()
  const parameters: VisitParameter[] = []
  for (const group of plan.groups) {
    const rows = hasFixedRows(group.group) ? (group.group.rows ?? []) : null
    // Rows that people add are no parameters: the same row has another name in every casebook.
    if (group.repeating && rows === null) continue
    const found = rows === null ? numbersOf(group) : valuesOfGrid(group)
    for (const row of rows ?? [null])
      for (const value of found) parameters.push(parameter(group, row, value, found, names))
  }
  // A form whose grid has only codes (criteria of eligibility) has nothing to average.
  return parameters.some(({ value }) => isNumber(value)) ? parameters : []
}

const isNumber = ({ indexed: { item } }: ItemPlan) =>
  item.type === 'integer' || item.type === 'decimal'

const numbersOf = (group: GroupPlan) => group.items.filter(isNumber)

/** The result in standard units where a grid has one; else the result, be it a code, and every other number. */
function valuesOfGrid(group: GroupPlan): ItemPlan[] {
  const ending = (text: string) =>
    group.items.find((one) => one.indexed.item.oid.endsWith(text) && !one.indexed.isRowItem)
  const standard = ending('STRESN')
  if (standard) return [standard]
  const result = ending('RES')
  const others = numbersOf(group).filter((one) => one !== result)
  return result ? [result, ...others] : others
}

function parameter(
  group: GroupPlan,
  row: FixedRowDef | null,
  value: ItemPlan,
  all: readonly ItemPlan[],
  names: SetNames,
): VisitParameter {
  const { item } = value.indexed
  const main = all.length === 1 || /RES(N)?$/.test(item.oid)
  const oid = row === null ? item.oid : main ? row.key : `${row.key}_${item.oid}`
  const label =
    row === null ? item.label.en : main ? row.label.en : `${row.label.en}: ${item.label.en}`
  // A standard result is in the unit of its row, whether the item says so or not.
  const ofRow = item.unit === 'row' || (item.unit === undefined && item.oid.endsWith('STRESN'))
  const unit = ofRow ? (row?.unit ?? null) : (item.unit ?? null)
  const start = item.oid.replace(/STRESN$/, 'ORRES')
  const entered = start === item.oid ? null : byOid(group, start)
  return {
    code: names.shorten(oid),
    // Braces are remarks of UCUM ({score}), not units.
    label: unit === null || /^(1|\{.*\})?$/.test(unit) ? label : `${label} (${unit})`,
    unit,
    group,
    row,
    value,
    entered,
    qualifier: byOid(group, `${start}Q`),
  }
}

function byOid(group: GroupPlan, oid: string): ItemPlan | null {
  return group.items.find((one) => one.indexed.item.oid === oid) ?? null
}
