/** Every rule of a definition, read and type-checked once for all parts of the checker. */
import { derivedType, rulesOf, type StudyRule } from '#domain/casebook/rules.ts'
import type { IndexedItem, StudyIndex } from '#domain/casebook/study-index.ts'
import { scopeAt, typeOfItem } from '#domain/casebook/type-scope.ts'
import { type Checked, checkExpression } from '#domain/expression/check.ts'
import { parseExpression } from '#domain/expression/parser.ts'
import type { ExpressionFinding, TypeScope } from '#domain/expression/types.ts'
import type { StudyDefinition } from './definition.ts'

export type CheckedRule = {
  rule: StudyRule
  checked: Checked
  /** Of reading and of checking, in their order. */
  findings: readonly ExpressionFinding[]
  /** Whether it compiles. */
  isSound: boolean
}

export function checkedRules(
  definition: StudyDefinition,
  index: StudyIndex,
  isWanted: (rule: StudyRule) => boolean = () => true,
): CheckedRule[] {
  const scopes = new Map<string, TypeScope>()
  return rulesOf(definition, index)
    .filter(isWanted)
    .map((rule) => {
      const key = `${rule.at.form ?? ''}/${rule.at.group ?? ''}`
      let scope = scopes.get(key)
      if (scope === undefined) {
        scope = scopeAt(index, rule.at)
        scopes.set(key, scope)
      }
      const parsed = parseExpression(rule.text)
      let { expected } = rule
      if (rule.purpose === 'derive' || rule.purpose === 'preset') {
        const item = itemAt(rule, definition, index)
        if (item) expected = derivedType(item, checkExpression(parsed.ast, scope).core)
      }
      const checked = checkExpression(parsed.ast, scope, expected)
      const findings = [...parsed.findings, ...checked.findings]
      return { rule, checked, findings, isSound: !findings.some((f) => f.severity === 'error') }
    })
}

/** The item a rule of an item belongs to. */
export function itemAt(
  { place }: StudyRule,
  definition: StudyDefinition,
  index: StudyIndex,
): IndexedItem | undefined {
  const [root, f, , g, , i] = place
  if (root !== 'forms') return undefined
  const form = definition.forms[Number(f)]
  const item = form?.groups[Number(g)]?.items[Number(i)]
  const indexed = form && item ? index.forms.get(form.oid)?.items.get(item.oid) : undefined
  return indexed && typeOfItem(indexed) ? indexed : undefined
}
