/** Derived items, skip logic and variables that depend on themselves. */
import { rulesOf } from '#domain/casebook/rules.ts'
import type { StudyIndex } from '#domain/casebook/study-index.ts'
import { scopeAt } from '#domain/casebook/type-scope.ts'
import { checkExpression } from '#domain/expression/check.ts'
import { parseExpression } from '#domain/expression/parser.ts'
import type { StudyDefinition } from './definition.ts'
import type { StudyFinding } from './finding.ts'

type Place = readonly (string | number)[]
type Edge = { to: string; place: Place }

/**
 * One error per cycle. Reading an item at an earlier visit (`previous`) or at a named one is no cycle in itself, but through a
 * collection, the baseline or the same record it is.
 */
export function checkCycles(definition: StudyDefinition, index: StudyIndex): StudyFinding[] {
  const edges = new Map<string, Edge[]>()
  const link = (from: string, to: string, place: Place): void => {
    const list = edges.get(from)
    if (list) list.push({ to, place })
    else edges.set(from, [{ to, place }])
  }
  const addRule = (
    from: string,
    text: string,
    at: { form: string | null; group: string | null },
    place: Place,
  ): void => {
    const checked = checkExpression(parseExpression(text).ast, scopeAt(index, at))
    for (const reference of checked.references) {
      const { kind } = reference.place
      // Earlier visits come to an end; a named visit is one record, which the same item can read only from others.
      if (kind === 'previous' || kind === 'event') continue
      link(from, `${reference.form}.${reference.item}`, place)
    }
    for (const oid of checked.variables) if (index.variables.has(oid)) link(from, `$${oid}`, place)
  }
  for (const rule of rulesOf(definition, index)) {
    const [root, first, , second, part, third] = rule.place
    if (rule.purpose === 'variable') {
      const variable = definition.variables[Number(first)]
      if (variable) addRule(`$${variable.oid}`, rule.text, rule.at, rule.place)
    } else if (root === 'forms' && (rule.purpose === 'derive' || rule.purpose === 'when')) {
      const form = definition.forms[Number(first)]
      const group = form?.groups[Number(second)]
      if (!form || !group) continue
      const items = part === 'items' ? [group.items[Number(third)]] : group.items
      for (const item of items) {
        if (item) addRule(`${form.oid}.${item.oid}`, rule.text, rule.at, rule.place)
      }
    }
  }
  return findCycles(edges)
}

function findCycles(edges: ReadonlyMap<string, readonly Edge[]>): StudyFinding[] {
  const findings: StudyFinding[] = []
  const done = new Set<string>()
  const path: string[] = []
  const onPath = new Set<string>()
  const visit = (node: string): void => {
    if (done.has(node)) return
    path.push(node)
    onPath.add(node)
    for (const { to, place } of edges.get(node) ?? []) {
      if (onPath.has(to)) {
        const names = [...path.slice(path.indexOf(to)), to].map((name) => name.replace('$', ''))
        findings.push({
          code: 'cycle',
          severity: 'error',
          message: `${names[0]} depends on itself: ${names.join(' → ')}.`,
          place,
        })
      } else if (edges.has(to)) {
        visit(to)
      }
    }
    onPath.delete(node)
    path.pop()
    done.add(node)
  }
  for (const node of edges.keys()) visit(node)
  return findings
}
