/** Items that nothing reads: collected for listings and exports only, which is worth knowing before a site enters them. */
import { studyChecks } from '#domain/casebook/study-checks.ts'
import type { StudyIndex } from '#domain/casebook/study-index.ts'
import type { CheckedRule } from './checked-rules.ts'
import type { StudyDefinition } from './definition.ts'
import type { StudyFinding } from './finding.ts'

/** A note for each item that no rule, check, report, list or declaration names. */
export function checkUsage(
  rules: readonly CheckedRule[],
  definition: StudyDefinition,
  index: StudyIndex,
): StudyFinding[] {
  const used = new Set<string>()
  for (const { checked } of rules) {
    for (const { form, item } of checked.references) used.add(`${form}.${item}`)
  }
  for (const { check } of studyChecks(definition)) used.add(`${check.form}.${check.item}`)
  for (const { adjudication } of definition.endpoints) {
    if (!adjudication) continue
    const { form, decision, date, reason, about } = adjudication
    for (const item of [decision, date, reason, about]) if (item) used.add(`${form}.${item}`)
  }
  for (const address of [definition.visitDate, definition.visitOccurred]) {
    if (address !== undefined) used.add(address)
  }
  for (const indexed of [index.sex, index.birthDate]) {
    if (indexed) used.add(`${indexed.form}.${indexed.item.oid}`)
  }
  for (const form of definition.forms) {
    const named = [form.title, form.date, form.reading?.reader, form.reading?.image]
    for (const oid of named) if (oid !== undefined) used.add(`${form.oid}.${oid}`)
  }
  const findings: StudyFinding[] = []
  definition.forms.forEach((form, f) => {
    // The system's own forms are read by the system.
    if (form.system || form.oid === definition.allocation?.form) return
    form.groups.forEach((group, g) => {
      const units = new Set(group.items.map(({ oid }) => `${oid}U`))
      group.items.forEach(({ oid }, i) => {
        if (used.has(`${form.oid}.${oid}`) || group.rowItem === oid || units.has(oid)) return
        findings.push({
          code: 'unused-item',
          severity: 'note',
          message: `Nothing reads ${form.oid}.${oid}: no rule, check or report.`,
          place: ['forms', f, 'groups', g, 'items', i, 'oid'],
        })
      })
    })
  })
  return findings
}
