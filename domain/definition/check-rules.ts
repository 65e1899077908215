/** Types and names of every expression of a definition, and checks that can only say one thing. */
import { derivedType, rulesOf, type StudyRule } from '#domain/casebook/rules.ts'
import type { IndexedItem, StudyIndex } from '#domain/casebook/study-index.ts'
import { scopeAt, typeOfItem } from '#domain/casebook/type-scope.ts'
import { checkExpression } from '#domain/expression/check.ts'
import type { Core } from '#domain/expression/core.ts'
import { parseExpression } from '#domain/expression/parser.ts'
import type { TypeScope } from '#domain/expression/types.ts'
import type { StudyDefinition } from './definition.ts'
import type { StudyFinding } from './finding.ts'

export function checkRules(definition: StudyDefinition, index: StudyIndex): StudyFinding[] {
  const findings: StudyFinding[] = []
  const scopes = new Map<string, TypeScope>()
  for (const rule of rulesOf(definition, index)) {
    const key = `${rule.at.form ?? ''}/${rule.at.group ?? ''}`
    let scope = scopes.get(key)
    if (scope === undefined) {
      scope = scopeAt(index, rule.at)
      scopes.set(key, scope)
    }
    findings.push(...checkRule(rule, scope, definition, index))
  }
  return findings
}

function checkRule(
  rule: StudyRule,
  scope: TypeScope,
  definition: StudyDefinition,
  index: StudyIndex,
): StudyFinding[] {
  const findings: StudyFinding[] = []
  const parsed = parseExpression(rule.text)
  let { expected } = rule
  if (rule.purpose === 'derive' || rule.purpose === 'preset') {
    const item = itemAt(rule, definition, index)
    if (item) expected = derivedType(item, checkExpression(parsed.ast, scope).core)
  }
  const checked = checkExpression(parsed.ast, scope, expected)
  for (const finding of [...parsed.findings, ...checked.findings]) {
    findings.push({
      code: finding.code,
      severity: finding.severity,
      message: finding.message,
      place: rule.place,
      offset: (rule.offset ?? 0) + finding.start,
    })
  }
  if (findings.some(({ severity }) => severity === 'error')) return findings
  const reads = checked.references.length + checked.collections.length + checked.variables.length
  const around = checked.usesEvent || checked.usesIndex || checked.usesDate
  const constant = reads === 0 && !around && !usesClock(checked.core)
  if (
    constant &&
    (rule.purpose === 'check' || rule.purpose === 'when' || rule.purpose === 'required')
  ) {
    findings.push({
      code: 'constant-rule',
      severity: rule.purpose === 'check' ? 'error' : 'warning',
      message: 'The rule reads nothing, so it always says the same.',
      place: rule.place,
    })
  } else if (rule.purpose === 'check' && sameOnBothSides(checked.core)) {
    findings.push({
      code: 'constant-rule',
      severity: 'warning',
      message: 'The rule compares a value with itself.',
      place: rule.place,
    })
  }
  return findings
}

function itemAt(
  rule: StudyRule,
  definition: StudyDefinition,
  index: StudyIndex,
): IndexedItem | undefined {
  const [, f, , g, , i] = rule.place
  const form = definition.forms[Number(f)]
  const item = form?.groups[Number(g)]?.items[Number(i)]
  const indexed = form && item ? index.forms.get(form.oid)?.items.get(item.oid) : undefined
  return indexed && typeOfItem(indexed) ? indexed : undefined
}

/** today() and functions of the field change without anything being read. */
function usesClock(core: Core): boolean {
  return some(core, (part) => part.op === 'field' || (part.op === 'call' && part.name === 'today'))
}

function sameOnBothSides(core: Core): boolean {
  return some(core, (part) => {
    if (part.op !== 'compare') return false
    return JSON.stringify(part.left) === JSON.stringify(part.right)
  })
}

function some(value: unknown, test: (part: Core) => boolean): boolean {
  if (Array.isArray(value)) return value.some((entry) => some(entry, test))
  if (typeof value !== 'object' || value === null) return false
  if ('op' in value && test(value as Core)) return true
  return Object.values(value).some((entry) => some(entry, test))
}
