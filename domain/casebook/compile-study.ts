/**
 * Prepares a published definition for evaluation: every expression becomes closures once, and an index says which forms speak
 * again when an item changes. Callers keep the result per study version; evaluation itself allocates no rules. A rule that does not
 * compile (publishing refuses such definitions) counts as undecided and is listed in `broken`.
 */
import type {
  CheckDef,
  ItemGroupDef,
  StudyDefinition,
  StudyEventDef,
} from '#domain/definition/definition.ts'
import { type Compiled, compileText } from '#domain/expression/compile.ts'
import type { Value, ValueType } from '#domain/expression/types.ts'
import { type DependencyIndex, indexDependencies } from './dependency.ts'
import { markPattern } from './rules.ts'
import { studyChecks } from './study-checks.ts'
import {
  type IndexedForm,
  type IndexedItem,
  indexStudy,
  isRepeating,
  type StudyIndex,
} from './study-index.ts'
import { type Standpoint, scopeAt, subjectStandpoint } from './type-scope.ts'

export type ItemPlan = {
  indexed: IndexedItem
  when: Compiled | null
  required: boolean | Compiled
  derive: Compiled | null
  /** Null for items that are not derived. */
  entry: 'never' | 'override' | 'suggest' | null
  preset: Compiled | null
  /** The item of the same group that says in which unit this one was measured. */
  unitItem: string | null
}

export type GroupPlan = {
  group: ItemGroupDef
  repeating: boolean
  when: Compiled | null
  items: readonly ItemPlan[]
  /** The first item with a date, which dates a row; and the item that carries the unit of `unit: row` values. */
  dateItem: string | null
  unitItem: string | null
}

/** Literal text and expressions of a message, alternating. */
export type MessagePart = string | { compiled: Compiled | null; text: string }

export type CheckPlan = {
  check: CheckDef
  item: IndexedItem
  rule: Compiled
  messages: readonly { language: 'en' | 'ja' | 'zh'; parts: readonly MessagePart[] }[]
}

export type FormPlan = {
  indexed: IndexedForm
  groups: readonly GroupPlan[]
  items: ReadonlyMap<string, ItemPlan>
  checks: readonly CheckPlan[]
  /** By event: the event, row set in use, and whether the form applies. */
  events: ReadonlyMap<
    string,
    { event: StudyEventDef; rows: string | null; required: boolean; when: Compiled | null }
  >
}

/** The subject-level rules of an event: whether it belongs to the subject, and its day 1. */
export type EventPlan = { event: StudyEventDef; when: Compiled | null; anchor: Compiled | null }

export type BrokenRule = { text: string; messages: readonly string[] }

export type CompiledStudy = {
  definition: StudyDefinition
  index: StudyIndex
  forms: ReadonlyMap<string, FormPlan>
  events: ReadonlyMap<string, EventPlan>
  variables: ReadonlyMap<string, Compiled>
  parameters: ReadonlyMap<string, Value>
  anchor: Compiled | null
  dependencies: DependencyIndex
  broken: readonly BrokenRule[]
  /** Forms whose records are needed to evaluate all that can change when `form` changes, `form` included. */
  formsReadBy(form: string): readonly string[]
  /** Forms whose records are needed to evaluate `form` alone, for live rules in a browser. */
  formsReadFor(form: string): readonly string[]
  /** Forms with a rule that reads the item, directly or through derived items and variables. */
  dependentsOf(form: string, item: string): readonly string[]
  /** A subject-level expression, compiled once; null where it has errors. */
  subject(text: string, expected?: ValueType['kind']): Compiled | null
  /** Parsed values by record data, so that unchanged records are read once. */
  parsed: Pick<WeakMap<object, Map<string, unknown>>, 'get' | 'set'>
}

/** See the file head. Never throws. */
export function compileStudy(definition: StudyDefinition): CompiledStudy {
  const index = indexStudy(definition)
  const broken: BrokenRule[] = []
  const compile = (
    text: string | undefined,
    at: Standpoint,
    expected?: ValueType['kind'],
  ): Compiled | null => {
    if (text === undefined) return null
    const { compiled, findings } = compileText(text, scopeAt(index, at, true), expected)
    if (compiled === null) broken.push({ text, messages: findings.map((f) => f.message) })
    return compiled
  }
  const written = studyChecks(definition).map(({ check }) => check)
  const forms = new Map<string, FormPlan>()
  for (const indexed of index.forms.values()) {
    forms.set(indexed.form.oid, planForm(indexed, written, compile))
  }
  const events = new Map<string, EventPlan>()
  for (const event of definition.events) {
    events.set(event.oid, {
      event,
      when: compile(event.when, subjectStandpoint, 'boolean'),
      anchor: compile(event.anchor, subjectStandpoint, 'date'),
    })
  }
  const variables = new Map<string, Compiled>()
  for (const variable of definition.variables) {
    const compiled = compile(variable.value, subjectStandpoint)
    if (compiled) variables.set(variable.oid, compiled)
  }
  const anchor = compile(definition.anchor, subjectStandpoint)
  const dependencies = indexDependencies({ index, forms, events, variables, anchor })
  const subjectRules = new Map<string, Compiled | null>()
  return {
    definition,
    index,
    forms,
    events,
    variables,
    parameters: new Map(definition.parameters.map(({ oid, value }) => [oid, value])),
    anchor,
    dependencies,
    broken,
    formsReadBy: (form) => dependencies.formsReadBy(form),
    formsReadFor: (form) => dependencies.formsReadFor(form),
    dependentsOf: (form, item) => dependencies.dependentsOf(form, item),
    subject(text, expected) {
      const key = `${expected ?? ''}\u0000${text}`
      let compiled = subjectRules.get(key)
      if (compiled === undefined) {
        compiled = compileText(text, scopeAt(index, subjectStandpoint, true), expected).compiled
        subjectRules.set(key, compiled)
      }
      return compiled
    },
    parsed: new WeakMap(),
  }
}

type Compile = (
  text: string | undefined,
  at: Standpoint,
  expected?: ValueType['kind'],
) => Compiled | null

function planForm(indexed: IndexedForm, written: readonly CheckDef[], compile: Compile): FormPlan {
  const { form } = indexed
  const items = new Map<string, ItemPlan>()
  const groups = form.groups.map((group): GroupPlan => {
    const repeating = isRepeating(group)
    const at: Standpoint = { form: form.oid, group: repeating ? group.oid : null }
    const plans: ItemPlan[] = []
    for (const item of group.items) {
      const own = indexed.items.get(item.oid)
      if (own === undefined || own.item !== item) continue
      const required =
        typeof item.required === 'string'
          ? (compile(item.required, at, 'boolean') ?? false)
          : (item.required ?? false)
      const unitOid = `${item.oid}U`
      const plan: ItemPlan = {
        indexed: own,
        when: compile(item.when, at, 'boolean'),
        required,
        derive: compile(item.derive, at),
        entry: item.derive === undefined ? null : (item.entry ?? 'never'),
        preset: compile(item.preset, at),
        unitItem: group.items.some((other) => other.oid === unitOid) ? unitOid : null,
      }
      plans.push(plan)
      items.set(item.oid, plan)
    }
    return {
      group,
      repeating,
      when: compile(group.when, { form: form.oid, group: null }, 'boolean'),
      items: plans,
      dateItem:
        group.items.find((item) => item.type === 'date' || item.type === 'partialDate')?.oid ??
        null,
      unitItem:
        plans.find((plan) => plan.unitItem !== null && plan.indexed.item.unit === 'row')
          ?.unitItem ??
        plans.find((plan) => plan.unitItem !== null)?.unitItem ??
        null,
    }
  })
  const events = new Map<
    string,
    { event: StudyEventDef; rows: string | null; required: boolean; when: Compiled | null }
  >()
  for (const event of indexed.events) {
    const entry = event.forms.find(({ form: oid }) => oid === form.oid)
    if (entry === undefined) continue
    events.set(event.oid, {
      event,
      rows: entry.rows ?? null,
      required: entry.required,
      when: compile(entry.when, { form: form.oid, group: null }, 'boolean'),
    })
  }
  const checks: CheckPlan[] = []
  for (const check of written) {
    const item = check.form === form.oid ? indexed.items.get(check.item) : undefined
    if (item === undefined) continue
    const at: Standpoint = { form: form.oid, group: item.repeating ? item.group.oid : null }
    const rule = compile(check.rule, at, 'boolean')
    if (rule === null) continue
    const messages = (['en', 'ja', 'zh'] as const).flatMap((language) => {
      const text = check.message[language]
      return text === undefined ? [] : [{ language, parts: messageParts(text, at, compile) }]
    })
    checks.push({ check, item, rule, messages })
  }
  return { indexed, groups, items, checks, events }
}

function messageParts(message: string, at: Standpoint, compile: Compile): MessagePart[] {
  const parts: MessagePart[] = []
  let end = 0
  for (const mark of message.matchAll(markPattern)) {
    const text = mark[1] as string
    parts.push(message.slice(end, mark.index), { compiled: compile(text, at), text })
    end = mark.index + mark[0].length
  }
  parts.push(message.slice(end))
  return parts
}
