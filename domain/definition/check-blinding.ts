/**
 * What a study conceals must exist, must not be betrayed by what everybody sees, and must not be asked of people who may not
 * see it. Reports, columns and questions that the blinded will miss are named, so that nobody wonders after going live.
 */
import { isBlinded } from '#domain/access/blinding.ts'
import { type Role, rolePermissions } from '#domain/access/permissions.ts'
import { concealedIn } from '#domain/casebook/concealed.ts'
import type { StudyIndex } from '#domain/casebook/study-index.ts'
import type { AllocationDef, StudyDefinition } from './definition.ts'
import type { Report } from './finding.ts'

const place = ['allocation', 'blinding']

export function checkBlinding(
  definition: StudyDefinition,
  index: StudyIndex,
  report: Report,
): void {
  const { allocation } = definition
  if (!allocation) return
  checkNames(allocation, index, report)
  if (!isBlinded(allocation)) return
  checkRoles(allocation, report)
  checkStructure(definition, report)
  checkMissed(definition, report)
  const enter: readonly Role[] = ['investigator', 'coordinator']
  const entersBlind =
    !allocation.openLabel || enter.some((role) => allocation.blinding?.arm.includes(role))
  if (entersBlind) checkEntry(definition, report)
}

function checkNames({ blinding }: AllocationDef, index: StudyIndex, report: Report): void {
  blinding?.conceals.forEach((name, i) => {
    const at = [...place, 'conceals', i]
    const [form = '', item] = name.split('.')
    const found = index.forms.get(form)
    if (!found) report('error', 'unknown-form', `There is no form ${form}.`, at)
    else if (item !== undefined && !found.items.has(item))
      report('error', 'unknown-item', `${form} has no item ${item}.`, at)
  })
}

function checkRoles({ openLabel, blinding }: AllocationDef, report: Report): void {
  if (!blinding) return
  for (const key of ['arm', 'byArm'] as const) {
    if (openLabel || blinding[key].length === 0) continue
    const message =
      'A study that is not open label conceals from every role; the list says nothing.'
    report('warning', 'blinding-unused', message, [...place, key])
  }
  blinding.byArm.forEach((role, i) => {
    const reads = rolePermissions[role].includes('arm.read') && !blinding.arm.includes(role)
    if (!openLabel || !reads || !rolePermissions[role].includes('data.export')) return
    const message = `Who is ${role} must not see numbers by arm, but may export the arm of each subject; name it under arm, too.`
    report('warning', 'blinding-by-export', message, [...place, 'byArm', i])
  })
}

/** Anchor, consent, states, stratum and preconditions are seen by everybody. */
function checkStructure(definition: StudyDefinition, report: Report): void {
  for (const betrayal of concealedIn(definition).betrayals) {
    const message = `This reads what is concealed (${betrayal.text}), and everybody sees what comes of it.`
    report('error', 'blinding-betrayed', message, betrayal.place)
  }
}

/** Who enters blind could never satisfy, nor understand, what is asked of a concealed item. */
function checkEntry(definition: StudyDefinition, report: Report): void {
  const { items, checks, forms } = concealedIn(definition)
  definition.forms.forEach((form, f) => {
    if (form.system || forms.has(form.oid)) return
    form.groups.forEach((group, g) => {
      group.items.forEach((item, i) => {
        const at = ['forms', f, 'groups', g, 'items', i]
        const name = `${form.oid}.${item.oid}`
        const isAsked = item.required !== undefined && item.required !== false
        if (!items.has(name) || !isAsked || item.derive !== undefined) return
        const message = `${name} is concealed from those who enter it, so a form with it could never be complete.`
        report('error', 'concealed-required', message, [...at, 'required'])
      })
    })
  })
  definition.checks.forEach((check, c) => {
    if (check.level !== 'hard' || !checks.has(check.id)) return
    if (items.has(`${check.form}.${check.item}`)) return
    const message = `${check.id} reads what is concealed from those who enter; being refused would tell them.`
    report('error', 'concealed-hard-check', message, ['checks', c, 'rule'])
  })
}

/** What the blinded will not have. */
function checkMissed(definition: StudyDefinition, report: Report): void {
  const concealed = concealedIn(definition)
  definition.reports.forEach(({ oid }, r) => {
    if (concealed.reports.has(oid))
      report('warning', 'concealed-report', texts.report, ['reports', r])
  })
  definition.subjectColumns.forEach(({ oid }, c) => {
    if (concealed.columns.has(oid))
      report('warning', 'concealed-column', texts.column, ['subjectColumns', c])
  })
  definition.checks.forEach(({ id, form, item }, c) => {
    // Of a concealed item everybody expects its questions to be concealed with it.
    if (concealed.checks.has(id) && !concealed.items.has(`${form}.${item}`))
      report('warning', 'concealed-check', texts.check, ['checks', c])
  })
}

const texts = {
  report: 'This report tells the arm and is withheld from the blinded.',
  column: 'This column tells the arm; the blinded read "concealed" in it.',
  check: 'This check reads what is concealed; the blinded do not see its questions.',
}
