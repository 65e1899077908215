/**
 * What must be concealed together with the arm: the arm itself, what the definition names (`blinding.conceals`), and everything
 * that could betray them because it reads them, followed through skip logic, derivations, conditions of visits, variables and
 * checks until nothing is added. Too much is left out rather than too little: a rule that cannot be read counts as betraying.
 */
import type { ReportDef, StudyDefinition } from '#domain/definition/definition.ts'
import { checkExpression } from '#domain/expression/check.ts'
import { parseExpression } from '#domain/expression/parser.ts'
import { parseItemPath } from './record.ts'
import { rulesOf, type StudyRule } from './rules.ts'
import { indexStudy, type StudyIndex } from './study-index.ts'
import { type Standpoint, scopeAt, subjectStandpoint } from './type-scope.ts'

/** The item of the allocation form that the system writes the arm to. */
export const armItem = 'ARMCD'

export type ConcealedParts = {
  /** `F_EX.EXDOSE`. */
  items: ReadonlySet<string>
  /** Forms of which not even the existence of a record may be seen. */
  forms: ReadonlySet<string>
  events: ReadonlySet<string>
  /** Ids of checks whose findings and queries betray. */
  checks: ReadonlySet<string>
  variables: ReadonlySet<string>
  /** Subject columns. */
  columns: ReadonlySet<string>
  populations: ReadonlySet<string>
  endpoints: ReadonlySet<string>
  groupings: ReadonlySet<string>
}
export type PartKind = keyof ConcealedParts

/** A place of the definition that reads what is concealed although everybody sees what follows from it. */
export type Betrayal = { place: StudyRule['place']; text: string }

export type Concealed = ConcealedParts & {
  /** Whether a rule written at this standpoint (default: of the subject) reads anything concealed. */
  reads(text: string, at?: Standpoint): boolean
  /** Reports of the definition that tell the arm otherwise than by having arms as columns. */
  reports: ReadonlySet<string>
  /** The same of any report, also of one that is not in the definition. */
  tells(report: ReportDef): boolean
  /** Study anchor, consent, subject states and the rules of allocation: these must not read it. */
  betrayals: readonly Betrayal[]
}

/** See the file head. `also`: further forms and items, as `blinding.conceals` names them. */
export function concealedOf(definition: StudyDefinition, also: readonly string[] = []): Concealed {
  const index = indexStudy(definition)
  const found = new Closure(definition, index)
  const { allocation } = definition
  if (allocation) {
    found.add('items', `${allocation.form}.${armItem}`)
    for (const name of allocation.blinding?.conceals ?? []) found.addNamed(name)
  }
  for (const name of also) found.addNamed(name)
  return found.closed()
}

/** Whether the item at a path of a form is concealed; also of a value that an amendment set aside. */
export function concealsItem(
  { items, forms }: Pick<ConcealedParts, 'items' | 'forms'>,
  form: string,
  path: string,
): boolean {
  const item = (parseItemPath(path)?.item ?? path).replace(/__V\d+$/, '')
  return forms.has(form) || items.has(`${form}.${item}`)
}

class Closure {
  readonly #definition: StudyDefinition
  readonly #index: StudyIndex
  readonly #rules: readonly { rule: StudyRule; reads: RuleReads }[]
  readonly #parts: Record<PartKind, Set<string>> = {
    items: new Set(),
    forms: new Set(),
    events: new Set(),
    checks: new Set(),
    variables: new Set(),
    columns: new Set(),
    populations: new Set(),
    endpoints: new Set(),
    groupings: new Set(),
  }
  readonly #betrayals = new Map<string, Betrayal>()
  #grown = false

  constructor(definition: StudyDefinition, index: StudyIndex) {
    this.#definition = definition
    this.#index = index
    this.#rules = rulesOf(definition, index).map((rule) => ({
      rule,
      reads: readsOf(rule.text, rule.at, index),
    }))
  }

  add(kind: PartKind, name: string): void {
    if (this.#parts[kind].has(name)) return
    this.#parts[kind].add(name)
    this.#grown = true
  }

  /** A form by its OID, or an item as `FORM.ITEM`. */
  addNamed(name: string): void {
    if (name.includes('.')) this.add('items', name)
    else this.#addForm(name)
  }

  #addForm(oid: string): void {
    this.add('forms', oid)
    for (const item of this.#index.forms.get(oid)?.items.keys() ?? [])
      this.add('items', `${oid}.${item}`)
  }

  closed(): Concealed {
    // Without anything to conceal nothing is followed: rules with faults would conceal themselves.
    this.#grown = this.#parts.items.size > 0
    while (this.#grown) {
      this.#grown = false
      for (const { rule, reads } of this.#rules) if (this.#tells(reads)) this.#mark(rule)
      this.#follow()
    }
    const parts = this.#parts
    return {
      ...parts,
      reports: new Set(
        this.#definition.reports
          .filter((report) => parts.items.size > 0 && this.#tellsReport(report))
          .map(({ oid }) => oid),
      ),
      betrayals: [...this.#betrayals.values()],
      tells: (report) => parts.items.size > 0 && this.#tellsReport(report),
      reads: (text, at = subjectStandpoint) =>
        parts.items.size > 0 && this.#tells(readsOf(text, at, this.#index)),
    }
  }

  #tells(reads: RuleReads): boolean {
    if (reads === null) return true
    const { items, forms, events, variables } = this.#parts
    return (
      reads.items.some((item) => items.has(item)) ||
      reads.forms.some((form) => forms.has(form)) ||
      reads.events.some((event) => events.has(event)) ||
      reads.variables.some((variable) => variables.has(variable)) ||
      (reads.readsPlan && events.size > 0)
    )
  }

  #mark(rule: StudyRule): void {
    const [area, first, ...rest] = rule.place
    const { forms, events, variables, populations, endpoints, subjectColumns, groupings } =
      this.#definition
    const at = Number(first)
    if (rule.check) {
      this.add('checks', rule.check.id)
      return
    }
    switch (area) {
      case 'forms': {
        const form = forms[at]
        const group = form?.groups[Number(rest[1])]
        const item = rest[2] === 'items' ? group?.items[Number(rest[3])] : undefined
        // That an item is required says less than its value; the checker warns of it.
        if (rule.purpose === 'required') return
        for (const one of item ? [item] : (group?.items ?? []))
          this.add('items', `${form?.oid}.${one.oid}`)
        return
      }
      case 'events': {
        const event = events[at]
        const entry = rest[0] === 'forms' ? event?.forms[Number(rest[1])] : undefined
        if (entry) this.#addForm(entry.form)
        else if (event) this.add('events', event.oid)
        return
      }
      case 'variables':
        this.add('variables', variables[at]?.oid ?? '')
        return
      case 'populations':
        this.add('populations', populations[at]?.oid ?? '')
        return
      case 'endpoints':
        this.add('endpoints', endpoints[at]?.oid ?? '')
        return
      case 'groupings':
        this.add('groupings', groupings?.[at]?.oid ?? '')
        return
      case 'subjectColumns':
        this.add('columns', subjectColumns[at]?.oid ?? '')
        return
      case 'reports':
        // Nothing follows from a report; each is asked by itself.
        return
      default:
        this.#betrayals.set(rule.place.join('.'), { place: rule.place, text: rule.text })
    }
  }

  /** What follows without a rule. */
  #follow(): void {
    const { forms, items, events, populations } = this.#parts
    const definition = this.#definition
    for (const { form, events: own } of this.#index.forms.values()) {
      const lost = own.length > 0 && own.every((event) => events.has(event.oid))
      if (lost && !forms.has(form.oid)) this.#addForm(form.oid)
    }
    for (const { check } of this.#rules.map(({ rule }) => rule))
      if (check && items.has(`${check.form}.${check.item}`)) this.add('checks', check.id)
    for (const { oid, of } of definition.populations)
      if (of !== undefined && populations.has(of)) this.add('populations', oid)
    for (const { oid, population } of definition.endpoints)
      if (populations.has(population)) this.add('endpoints', oid)
  }

  /** By what its rules read, or by the populations, endpoints, groupings and variables that it names. */
  #tellsReport(report: ReportDef): boolean {
    const { populations, endpoints, groupings, variables } = this.#parts
    const named = (value: unknown): boolean => {
      if (typeof value === 'string') {
        return [populations, endpoints, groupings, variables].some((set) => set.has(value))
      }
      return typeof value === 'object' && value !== null && Object.values(value).some(named)
    }
    const alone: StudyDefinition = {
      ...this.#definition,
      forms: [],
      events: [],
      checks: [],
      variables: [],
      populations: [],
      endpoints: [],
      groupings: [],
      subjectColumns: [],
      subjectStates: [],
      reports: [report],
    }
    return (
      named(report) ||
      rulesOf(alone, this.#index).some(
        ({ place, text, at }) =>
          place[0] === 'reports' && this.#tells(readsOf(text, at, this.#index)),
      )
    )
  }
}

/** Null: the rule cannot be read. */
type RuleReads = {
  items: readonly string[]
  forms: readonly string[]
  events: readonly string[]
  variables: readonly string[]
  /** Asks for target days or windows of visits. */
  readsPlan: boolean
} | null

/** `concealedOf`, worked out once for a definition and a list (by identity). */
export function concealedIn(
  definition: StudyDefinition,
  also: readonly string[] = nothingMore,
): Concealed {
  const lists = known.get(definition) ?? new WeakMap<readonly string[], Concealed>()
  known.set(definition, lists)
  const before = lists.get(also)
  if (before) return before
  const found = concealedOf(definition, also)
  lists.set(also, found)
  return found
}

const nothingMore: readonly string[] = []
const known = new WeakMap<StudyDefinition, WeakMap<readonly string[], Concealed>>()

const planFunctions = ['visitTarget', 'windowLow', 'windowHigh']

function readsOf(text: string, at: Standpoint, index: StudyIndex): RuleReads {
  const { ast, findings } = parseExpression(text)
  const checked = checkExpression(ast, scopeAt(index, at, true))
  const all = [...findings, ...checked.findings]
  if (all.some(({ severity }) => severity === 'error')) return null
  const { references, collections } = checked
  const events = [
    ...references.flatMap(({ place }) => ('event' in place ? [place.event] : [])),
    ...collections.flatMap(({ event }) => event ?? []),
  ]
  // A form that is only asked about (`signed(F_EX)`) stands as a text in the tree.
  const asked = [...text.matchAll(/\b[A-Z][A-Z0-9_]*\b/g)].map(([name]) => name)
  return {
    items: references.map(({ form, item }) => `${form}.${item}`),
    forms: [
      ...references.map(({ form }) => form),
      ...collections.map(({ form }) => form),
      ...asked.filter((name) => index.forms.has(name)),
    ],
    events: [...events, ...asked.filter((name) => index.events.has(name))],
    variables: checked.variables,
    readsPlan: checked.functions.some((name) => planFunctions.includes(name)),
  }
}
