/**
 * Which study parameters can change a report: those that its rules read, directly or through variables, derived items, skip logic
 * and the schedule, followed until nothing is added. Too many are named rather than too few: one that is missing here would be a
 * choice that changes numbers and cannot be seen.
 */
import type { CompiledStudy } from '#domain/casebook/compile-study.ts'
import { endpointRules } from '#domain/casebook/rules.ts'
import type { GroupingDef } from '#domain/definition/analysis-schema.ts'
import type { ReportDef } from '#domain/definition/definition.ts'
import { populationRule } from '#domain/definition/population-rule.ts'
import type { Compiled } from '#domain/expression/compile.ts'
import { reportTexts } from './expected-expressions.ts'

/** OIDs of parameters, by what reads them. */
export type ParameterReach = {
  /** The report, whoever it is about. */
  report: readonly string[]
  /** Each population by its OID, and each grouping. */
  populations: Readonly<Record<string, readonly string[]>>
  groupings: Readonly<Record<string, readonly string[]>>
}

/** What a report reads of the parameters, and what it would read of another population or a subgroup. */
export function parameterReach(report: ReportDef, compiled: CompiledStudy): ParameterReach {
  const { populations, groupings = [], endpoints } = compiled.definition
  const read = (texts: Iterable<string>): string[] => {
    const walk = new Walk(compiled)
    for (const text of texts) walk.text(text)
    return [...walk.parameters].sort()
  }
  const ofPopulation = (oid: string) => [populationRule(compiled.definition, oid)]
  const mentioned = reportTexts('population' in report ? { ...report, population: '' } : report)
  const lists = (oid: string) =>
    mentioned.has(oid) || (report.kind === 'populations' && report.populations === undefined)
  return {
    report: read([
      ...mentioned,
      ...populations.flatMap(({ oid }) => (lists(oid) ? ofPopulation(oid) : [])),
      ...groupings.flatMap((one) => (mentioned.has(one.oid) ? groupingTexts(one) : [])),
      ...endpoints.flatMap((one) =>
        mentioned.has(one.oid) ? endpointRules(one).map(({ text }) => text) : [],
      ),
    ]),
    populations: Object.fromEntries(
      populations.map(({ oid }) => [oid, read(ofPopulation(oid))] as const),
    ),
    groupings: Object.fromEntries(
      groupings.map((one) => [one.oid, read(groupingTexts(one))] as const),
    ),
  }
}

const groupingTexts = ({ value, groups }: GroupingDef): string[] =>
  [value, ...groups.map(({ rule }) => rule)].filter((text) => text !== undefined)

/** Follows what a rule reads; every rule once. */
class Walk {
  readonly parameters = new Set<string>()
  readonly #compiled: CompiledStudy
  readonly #rules = new Set<Compiled>()
  #isScheduleRead = false

  constructor(compiled: CompiledStudy) {
    this.#compiled = compiled
  }

  /** A subject-level expression; a text that is none reads nothing. */
  text(text: string): void {
    this.#rule(this.#compiled.subject(text))
  }

  #rule(rule: Compiled | null | undefined): void {
    if (!rule || this.#rules.has(rule)) return
    this.#rules.add(rule)
    for (const oid of rule.parameters) this.parameters.add(oid)
    for (const oid of rule.variables) this.#rule(this.#compiled.variables.get(oid))
    for (const { form, item } of rule.references) this.#item(form, item)
    for (const { form } of rule.collections) this.#form(form)
    if (rule.references.length + rule.collections.length + rule.functions.length > 0)
      this.#schedule()
  }

  #item(form: string, oid: string): void {
    this.#form(form)
    const plan = this.#compiled.forms.get(form)
    const item = plan?.items.get(oid)
    if (!item) return
    this.#rule(item.when)
    this.#rule(item.derive)
    // Its unit decides how a number is converted.
    if (item.unitItem !== null) this.#rule(plan?.items.get(item.unitItem)?.derive)
  }

  /** Whether the form, its groups and its visits belong to the subject, and the date that orders its records. */
  #form(form: string): void {
    const plan = this.#compiled.forms.get(form)
    if (!plan) return
    for (const group of plan.groups) this.#rule(group.when)
    for (const [event, { when }] of plan.events) {
      this.#rule(when)
      this.#rule(this.#compiled.events.get(event)?.when)
    }
    const { date } = plan.indexed.form
    const dates = plan.groups.map(({ dateItem }) => dateItem)
    for (const oid of [date, ...dates]) if (oid) this.#rule(plan.items.get(oid)?.derive)
  }

  /** Day 1, visit dates, sex and birth date: what baselines, windows, order and reference ranges hang on. */
  #schedule(): void {
    if (this.#isScheduleRead) return
    this.#isScheduleRead = true
    const { anchor, events, index } = this.#compiled
    this.#rule(anchor)
    for (const event of events.values()) this.#rule(event.anchor)
    const { visitDate, visitOccurred, sex, birthDate } = index
    for (const one of [visitDate, visitOccurred]) if (one) this.#item(one.form, one.item)
    for (const one of [sex, birthDate]) if (one) this.#item(one.form, one.item.oid)
  }
}
