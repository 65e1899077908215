/**
 * Who speaks again when an item changes. Nodes are items of the definition (`F_LB.LBORRES`), not of records. Every rule is followed
 * back through derived items, skip logic and variables to what people enter; each path keeps its *reach*: whether it stays
 * in the record, in the visit, in one named visit, goes through the baseline, or may touch any record of the subject. At run time the
 * reach turns "forms that depend" into the few records that do.
 */
import type { Compiled } from '#domain/expression/compile.ts'
import type { EventPlan, FormPlan } from './compile-study.ts'
import type { IndexedItem, StudyIndex } from './study-index.ts'

/** `record`, `visit`, `base`, `subject`, or `event:W4`. */
export type Reach = string

export type DependencyIndex = {
  dependentsOf(form: string, item: string): readonly string[]
  /** Dependent forms with the ways they reach the item; `*` stands for the coming and going of records or rows. */
  reaches(form: string, item: string): ReadonlyMap<string, ReadonlySet<Reach>>
  formsReadBy(form: string): readonly string[]
  formsReadFor(form: string): readonly string[]
}

type Plans = {
  index: StudyIndex
  forms: ReadonlyMap<string, FormPlan>
  events: ReadonlyMap<string, EventPlan>
  variables: ReadonlyMap<string, Compiled>
  anchor: Compiled | null
}
type Sources = Map<string, Set<Reach>>

/** How a path through two rules reaches: a hop inside the record adds nothing, two real hops may end anywhere. */
function compose(outer: Reach, inner: Reach): Reach {
  if (inner === 'record') return outer
  if (outer === 'record') return inner
  // A named visit, the baseline and the subject's forms are the same seen from anywhere.
  return outer === 'visit' && inner === 'visit' ? 'visit' : inner === 'visit' ? 'subject' : inner
}

export function indexDependencies(plans: Plans): DependencyIndex {
  const byForm = new Map<string, Sources>()
  const walker = new Walker(plans)
  for (const [oid, plan] of plans.forms) byForm.set(oid, walker.sourcesOfForm(plan))
  const byNode = new Map<string, Map<string, Set<Reach>>>()
  for (const [dependent, sources] of byForm) {
    for (const [node, reaches] of sources) {
      let dependents = byNode.get(node)
      if (dependents === undefined) {
        dependents = new Map()
        byNode.set(node, dependents)
      }
      dependents.set(dependent, reaches)
    }
  }
  const none: ReadonlyMap<string, ReadonlySet<Reach>> = new Map()
  const readFor = new Map<string, string[]>()
  for (const [oid, sources] of byForm) {
    const forms = new Set([oid])
    for (const node of sources.keys()) forms.add(node.slice(0, node.indexOf('.')))
    readFor.set(oid, [...forms])
  }
  const readBy = new Map<string, string[]>()
  const formsReadBy = (form: string): string[] => {
    let result = readBy.get(form)
    if (result === undefined) {
      const forms = new Set([form, ...(readFor.get(form) ?? [])])
      const prefix = `${form}.`
      for (const [node, dependents] of byNode) {
        if (!node.startsWith(prefix)) continue
        for (const dependent of dependents.keys()) {
          for (const read of readFor.get(dependent) ?? []) forms.add(read)
        }
      }
      result = [...forms]
      readBy.set(form, result)
    }
    return result
  }
  return {
    dependentsOf: (form, item) => [...(byNode.get(`${form}.${item}`)?.keys() ?? [])],
    reaches: (form, item) => byNode.get(`${form}.${item}`) ?? none,
    formsReadBy,
    formsReadFor: (form) => readFor.get(form) ?? [form],
  }
}

class Walker {
  readonly #plans: Plans
  readonly #items = new Map<string, Sources>()
  readonly #variables = new Map<string, Sources>()
  #anchor: Sources | null = null

  constructor(plans: Plans) {
    this.#plans = plans
  }

  sourcesOfForm(plan: FormPlan): Sources {
    const result: Sources = new Map()
    const form = plan.indexed.form.oid
    const addRule = (rule: Compiled | null): void => {
      if (rule) merge(result, this.#sourcesOfRule(rule, form), 'record')
    }
    for (const { when } of plan.events.values()) addRule(when)
    merge(result, this.#sourcesOfEvents(plan), 'record')
    for (const group of plan.groups) {
      addRule(group.when)
      for (const item of group.items) {
        merge(result, this.#sourcesOfItem(item.indexed), 'record')
        if (typeof item.required === 'object') addRule(item.required)
        addRule(item.preset)
        // Limits of a row need its unit.
        if (item.unitItem !== null) add(result, `${form}.${item.unitItem}`, 'record')
      }
    }
    for (const { rule, messages } of plan.checks) {
      addRule(rule)
      for (const { parts } of messages) {
        for (const part of parts) if (typeof part === 'object') addRule(part.compiled)
      }
    }
    return result
  }

  /** What the value of an item comes from: itself as entered, its skip logic, its derivation. */
  #sourcesOfItem(indexed: IndexedItem): Sources {
    const node = `${indexed.form}.${indexed.item.oid}`
    const known = this.#items.get(node)
    if (known) return known
    const result: Sources = new Map()
    // Entered before it is complete: a cycle (refused by the checker) must end.
    this.#items.set(node, result)
    add(result, node, 'record')
    const plan = this.#plans.forms.get(indexed.form)
    const item = plan?.items.get(indexed.item.oid)
    if (!plan || !item) return result
    const rules = [item.when, item.derive]
    rules.push(plan.groups.find((g) => g.group.oid === indexed.group.oid)?.when ?? null)
    for (const { when } of plan.events.values()) rules.push(when)
    for (const rule of rules) {
      if (rule) merge(result, this.#sourcesOfRule(rule, indexed.form), 'record')
    }
    merge(result, this.#sourcesOfEvents(plan), 'record')
    return result
  }

  /** What decides whether the events of a form belong to the subject. */
  #sourcesOfEvents(plan: FormPlan): Sources {
    const result: Sources = new Map()
    for (const event of plan.events.keys()) {
      const when = this.#plans.events.get(event)?.when
      if (when) merge(result, this.#sourcesOfRule(when, null), 'subject')
    }
    return result
  }

  #sourcesOfVariable(oid: string): Sources {
    const known = this.#variables.get(oid)
    if (known) return known
    const result: Sources = new Map()
    this.#variables.set(oid, result)
    const rule = this.#plans.variables.get(oid)
    if (rule) merge(result, this.#sourcesOfRule(rule, null), 'record')
    return result
  }

  #sourcesOfAnchor(): Sources {
    if (this.#anchor === null) {
      this.#anchor = new Map()
      const rule = this.#plans.anchor
      if (rule) merge(this.#anchor, this.#sourcesOfRule(rule, null), 'record')
    }
    return this.#anchor
  }

  #sourcesOfRule(rule: Compiled, form: string | null): Sources {
    const result: Sources = new Map()
    const { index } = this.#plans
    for (const reference of rule.references) {
      const indexed = index.forms.get(reference.form)?.items.get(reference.item)
      if (!indexed) continue
      const sources = this.#sourcesOfItem(indexed)
      switch (reference.place.kind) {
        case 'here':
          merge(result, sources, this.#reachHere(form, reference.form))
          break
        case 'event':
          merge(result, sources, `event:${reference.place.event}`)
          break
        case 'nearest':
          merge(result, sources, 'subject')
          this.#addPlan(result)
          this.#addDates(result, reference.form)
          this.#addRowDate(result, indexed)
          break
        case 'base':
          merge(result, sources, 'base')
          merge(result, this.#sourcesOfAnchor(), 'subject')
          this.#addDates(result, reference.form)
          break
        case 'previous':
          merge(result, sources, 'subject')
          this.#addDates(result, reference.form)
          break
        default:
          merge(result, sources, this.#reachBound(rule, reference.form, reference.group))
          break
      }
    }
    for (const { form: read, event } of rule.collections) {
      const reach = event === null ? 'subject' : `event:${event}`
      add(result, `${read}.*`, reach)
      this.#addDates(result, read)
    }
    if (form !== null && rule.usesIndex) add(result, `${form}.*`, 'subject')
    if (form !== null && (rule.usesIndex || rule.usesDate)) this.#addDates(result, form)
    for (const oid of rule.variables) merge(result, this.#sourcesOfVariable(oid), 'subject')
    for (const name of rule.functions) this.#addFunction(result, name, form)
    if (rule.functions.includes('signed')) {
      for (const signed of signedForms(rule.core)) add(result, `${signed}.*`, 'subject')
    }
    return result
  }

  #reachHere(from: string | null, to: string): Reach {
    if (from === to) return 'record'
    return this.#plans.index.forms.get(to)?.occurs === 'visits' ? 'visit' : 'subject'
  }

  /** A bound row belongs to a collection; if all collections of that form name one visit, so does the reach. */
  #reachBound(rule: Compiled, form: string, group: string): Reach {
    const events = rule.collections
      .filter((c) => c.form === form && (c.group === null || c.group === group || group === ''))
      .map((c) => c.event)
    const [first] = events
    if (first === undefined || first === null) return 'subject'
    return events.every((event) => event === first) ? `event:${first}` : 'subject'
  }

  /** Dates that order the records of a form. */
  #addDates(result: Sources, form: string): void {
    const { index } = this.#plans
    const visit = index.visitDate
    if (visit) {
      const indexed = index.forms.get(visit.form)?.items.get(visit.item)
      if (indexed) merge(result, this.#sourcesOfItem(indexed), 'subject')
    }
    const target = index.forms.get(form)
    const own = target?.form.date === undefined ? undefined : target.items.get(target.form.date)
    if (own) merge(result, this.#sourcesOfItem(own), 'subject')
  }

  /** All that moves targets and windows. */
  #addPlan(result: Sources): void {
    merge(result, this.#sourcesOfAnchor(), 'subject')
    for (const { anchor, when } of this.#plans.events.values()) {
      for (const rule of [anchor, when]) {
        if (rule) merge(result, this.#sourcesOfRule(rule, null), 'subject')
      }
    }
  }

  /** The date of the item's own row, which dates a value before its form does. */
  #addRowDate(result: Sources, indexed: IndexedItem): void {
    const plan = this.#plans.forms.get(indexed.form)
    const oid = plan?.groups.find(({ group }) => group.oid === indexed.group.oid)?.dateItem
    const item = oid ? plan?.indexed.items.get(oid) : undefined
    if (item && item !== indexed) merge(result, this.#sourcesOfItem(item), 'subject')
  }

  #addFunction(result: Sources, name: string, form: string | null): void {
    const { index, forms } = this.#plans
    if (name === 'visitTarget' || name === 'windowLow' || name === 'windowHigh') {
      this.#addPlan(result)
      return
    }
    if (name !== 'refLow' && name !== 'refHigh') return
    for (const item of [index.sex, index.birthDate]) {
      if (item) merge(result, this.#sourcesOfItem(item), 'subject')
    }
    const plan = form === null ? undefined : forms.get(form)
    if (!plan) return
    for (const { dateItem, unitItem } of plan.groups) {
      for (const oid of [dateItem, unitItem]) {
        const item = oid === null ? undefined : plan.indexed.items.get(oid)
        if (item) merge(result, this.#sourcesOfItem(item), 'record')
      }
    }
    this.#addDates(result, plan.indexed.form.oid)
  }
}

/** The forms that `signed(F_IE)` asks about. */
export function signedForms(core: object): string[] {
  return coreParts(core).flatMap((part) => {
    if (part.op !== 'field' || part.name !== 'signed' || !Array.isArray(part.args)) return []
    const [argument] = part.args as { value?: unknown }[]
    return [typeof argument?.value === 'string' ? argument.value : '']
  })
}

function coreParts(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(coreParts)
  if (typeof value !== 'object' || value === null) return []
  const own = 'op' in value ? [value as Record<string, unknown>] : []
  return [...own, ...Object.values(value).flatMap(coreParts)]
}

function add(target: Sources, node: string, reach: Reach): void {
  const reaches = target.get(node)
  if (reaches) reaches.add(reach)
  else target.set(node, new Set([reach]))
}

function merge(target: Sources, sources: Sources, outer: Reach): void {
  for (const [node, reaches] of [...sources]) {
    for (const reach of [...reaches]) add(target, node, compose(outer, reach))
  }
}
