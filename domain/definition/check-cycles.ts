/**
 * What depends on itself: derived items, skip logic, variables, and the conditions and anchors of events. Such a rule would end
 * undecided without a word, so each cycle is an error. Items are told apart by visit, since reading one of another visit is no
 * cycle in itself; through a collection, the baseline or the bins of `nearest` every visit of a form is read, and with it the
 * question whether that visit belongs to the subject.
 */
import type { StudyIndex } from '#domain/casebook/study-index.ts'
import type { ItemReference } from '#domain/expression/types.ts'
import type { CheckedRule } from './checked-rules.ts'
import type { StudyDefinition } from './definition.ts'
import type { StudyFinding } from './finding.ts'

type Place = StudyFinding['place']
type Edge = { to: string; place: Place }

export function checkCycles(
  rules: readonly CheckedRule[],
  definition: StudyDefinition,
  index: StudyIndex,
): StudyFinding[] {
  return findCycles(new Graph(rules, definition, index).edges)
}

const anchorNode = '@'

class Graph {
  readonly edges = new Map<string, Edge[]>()
  readonly #index: StudyIndex

  constructor(rules: readonly CheckedRule[], definition: StudyDefinition, index: StudyIndex) {
    this.#index = index
    const ruled = new Set<string>()
    for (const one of rules) {
      const [root, first, , second, part, third] = one.rule.place
      const { purpose } = one.rule
      if (purpose === 'variable') {
        const variable = definition.variables[Number(first)]
        if (variable) this.#addRule(`$${variable.oid}`, one, null)
      } else if (root === 'anchor') {
        this.#addRule(anchorNode, one, null)
      } else if (root === 'events') {
        this.#addEvent(definition, one)
      } else if (root === 'forms' && (purpose === 'derive' || purpose === 'when')) {
        const form = definition.forms[Number(first)]
        const group = form?.groups[Number(second)]
        const items = part === 'items' ? [group?.items[Number(third)]] : (group?.items ?? [])
        for (const item of items) {
          if (!form || !item) continue
          ruled.add(`${form.oid}.${item.oid}`)
          for (const event of this.#eventsOf(form.oid)) {
            this.#addRule(`${event}/${form.oid}.${item.oid}`, one, event)
          }
        }
      }
    }
    // A value of a visit is there only where the visit belongs to the subject.
    for (const event of definition.events) {
      if (event.when === undefined && !event.forms.some(({ when }) => when !== undefined)) continue
      for (const { form, when } of event.forms) {
        for (const item of index.forms.get(form)?.items.keys() ?? []) {
          const node = `${event.oid}/${form}.${item}`
          if (event.when !== undefined) this.#link(node, `@${event.oid}`, [])
          if (when !== undefined) this.#link(node, `@${event.oid}/${form}`, [])
        }
      }
    }
  }

  #link(from: string, to: string, place: Place): void {
    const list = this.edges.get(from)
    if (!list) this.edges.set(from, [{ to, place }])
    else if (!list.some((edge) => edge.to === to)) list.push({ to, place })
  }

  #eventsOf(form: string): readonly string[] {
    const events = this.#index.forms.get(form)?.events ?? []
    return events.length === 0 ? ['-'] : events.map(({ oid }) => oid)
  }

  #addEvent(definition: StudyDefinition, one: CheckedRule): void {
    const [, e, part, i] = one.rule.place
    const event = definition.events[Number(e)]
    if (!event) return
    if (part !== 'forms') {
      this.#addRule(part === 'anchor' ? `@day of ${event.oid}` : `@${event.oid}`, one, null)
      return
    }
    const entry = event.forms[Number(i)]
    if (entry) this.#addRule(`@${event.oid}/${entry.form}`, one, event.oid)
  }

  /** `at`: the visit the rule stands at, null for the subject as a whole. */
  #addRule(from: string, { rule, checked }: CheckedRule, at: string | null): void {
    for (const reference of checked.references) {
      for (const to of this.#nodesOf(reference, at)) this.#link(from, to, rule.place)
      const { kind } = reference.place
      if (kind === 'base' || kind === 'nearest' || kind === 'previous') {
        this.#link(from, anchorNode, rule.place)
      }
      if (reference.place.kind === 'nearest')
        this.#linkBins(from, reference.place.event, rule.place)
    }
    for (const { form, event } of checked.collections) {
      for (const one of event === null ? this.#eventsOf(form) : [event]) {
        this.#link(from, `@${one}`, rule.place)
        this.#link(from, `@${one}/${form}`, rule.place)
      }
    }
    for (const oid of checked.variables) {
      if (this.#index.variables.has(oid)) this.#link(from, `$${oid}`, rule.place)
    }
    if (
      checked.functions.some((name) => ['visitTarget', 'windowLow', 'windowHigh'].includes(name))
    ) {
      this.#link(from, anchorNode, rule.place)
      if (at !== null) this.#link(from, `@day of ${at}`, rule.place)
    }
  }

  /** Bins of one calendar compete for a date, so all of them are asked. */
  #linkBins(from: string, oid: string, place: Place): void {
    const own = this.#index.events.get(oid)
    this.#link(from, `@day of ${oid}`, place)
    for (const event of this.#index.events.values()) {
      if (event.anchor === own?.anchor) this.#link(from, `@${event.oid}`, place)
    }
  }

  #nodesOf({ form, item, place }: ItemReference, at: string | null): string[] {
    const node = (event: string): string => `${event}/${form}.${item}`
    if (place.kind === 'event') return [node(place.event)]
    // Earlier visits come to an end, but whether they belong to the subject is asked of all.
    if (place.kind === 'previous') {
      return this.#eventsOf(form).flatMap((event) => [`@${event}`, `@${event}/${form}`])
    }
    if (place.kind !== 'here' || at === null) return this.#eventsOf(form).map(node)
    const events = this.#eventsOf(form)
    return events.includes(at) ? [node(at)] : events.map(node)
  }
}

/** `W4/F_VS.BMI` is F_VS.BMI to a person, `$TZERO` is TZERO, `@W4` the visit W4. */
function shown(node: string): string {
  if (node === anchorNode) return 'the anchor'
  if (node.startsWith('@')) return node.slice(1)
  return node.startsWith('$') ? node.slice(1) : node.slice(node.indexOf('/') + 1)
}

function findCycles(edges: ReadonlyMap<string, readonly Edge[]>): StudyFinding[] {
  const findings: StudyFinding[] = []
  const told = new Set<string>()
  const done = new Set<string>()
  const path: { node: string; place: Place }[] = []
  const onPath = new Map<string, number>()
  const tell = (from: number, to: string, place: Place): void => {
    const steps = path.slice(from)
    const names = [...steps.map(({ node }) => shown(node)), shown(to)]
    const chain = names.filter((name, i) => i === 0 || name !== names[i - 1])
    if (chain.length === 1) chain.push(chain[0] as string)
    const key = [...new Set(chain)].sort().join(' ')
    if (told.has(key)) return
    told.add(key)
    // The last written rule of the chain; what lies between visits and forms is written nowhere.
    const written = [...steps.map((step) => step.place), place].filter(({ length }) => length > 0)
    findings.push({
      code: 'cycle',
      severity: 'error',
      message: `${chain[0]} depends on itself: ${chain.join(' → ')}.`,
      place: written.at(-1) ?? [],
    })
  }
  // Without recursion: a chain of derivations may be as long as a definition.
  for (const root of edges.keys()) {
    if (done.has(root)) continue
    const stack: { node: string; next: number; place: Place }[] = [
      { node: root, next: 0, place: [] },
    ]
    onPath.set(root, 0)
    path.push({ node: root, place: [] })
    while (stack.length > 0) {
      const top = stack.at(-1) as (typeof stack)[number]
      const edge = edges.get(top.node)?.[top.next]
      if (edge === undefined) {
        stack.pop()
        path.pop()
        onPath.delete(top.node)
        done.add(top.node)
        continue
      }
      top.next += 1
      const at = onPath.get(edge.to)
      if (at !== undefined) tell(at, edge.to, edge.place)
      else if (edges.has(edge.to) && !done.has(edge.to)) {
        onPath.set(edge.to, path.length)
        path.push({ node: edge.to, place: edge.place })
        stack.push({ node: edge.to, next: 0, place: edge.place })
      }
    }
  }
  return findings
}
