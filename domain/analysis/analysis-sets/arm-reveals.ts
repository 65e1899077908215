/**
 * What tells the arm of a subject. Where a reader must not know arms, analysis sets leave out everything that reads the
 * allocation form beyond stratum, number and date or an item that the study conceals, followed through variables and derived
 * items, and the drug of a dose log.
 */
import type { CompiledStudy } from '#domain/casebook/compile-study.ts'
import type { Compiled } from '#domain/expression/compile.ts'

const harmless: readonly string[] = ['RANDSTR', 'RANDNO', 'RANDDTC', 'RANDBY']

export type ArmReveals = {
  item(form: string, item: string): boolean
  /** Of a subject-level expression or variable. */
  expression(text: string): boolean
}

export function armReveals(compiled: CompiledStudy): ArmReveals {
  const allocation = compiled.definition.allocation?.form
  const concealed = new Set(compiled.definition.allocation?.blinding?.conceals ?? [])
  const items = new Map<string, boolean>()
  const variables = new Map<string, boolean>()

  function rule(compiledRule: Compiled | null | undefined): boolean {
    if (!compiledRule) return false
    return (
      compiledRule.references.some(({ form, item: oid }) => item(form, oid)) ||
      compiledRule.variables.some(variable)
    )
  }
  function variable(oid: string): boolean {
    const known = variables.get(oid)
    if (known !== undefined) return known
    // A cycle, which the checker refuses, ends here.
    variables.set(oid, false)
    const reveals = rule(compiled.variables.get(oid))
    variables.set(oid, reveals)
    return reveals
  }
  function item(form: string, oid: string): boolean {
    if (form === allocation) return !harmless.includes(oid)
    const key = `${form}.${oid}`
    if (concealed.has(form) || concealed.has(key)) return true
    const known = items.get(key)
    if (known !== undefined) return known
    items.set(key, false)
    const plan = compiled.forms.get(form)?.items.get(oid)
    const group = compiled.forms
      .get(form)
      ?.groups.find((one) => one.group.oid === plan?.indexed.group.oid)
    // Only where arms differ in drug does the drug tell; a study without allocation has nothing to tell.
    const isDrug = allocation !== undefined && oid === 'ECTRT'
    const reveals = isDrug || rule(plan?.derive) || rule(plan?.when) || rule(group?.when)
    items.set(key, reveals)
    return reveals
  }
  return {
    item,
    expression: (text) => rule(compiled.subject(text)),
  }
}
