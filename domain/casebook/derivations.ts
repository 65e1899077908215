/**
 * Everything a definition derives, and in which of three states a derivation is: decided (it has a value), undecided (it has none
 * although something it reads has one), missing (nothing it reads has a value). The difference between the last two is asked of
 * the casebook: readings are followed through derived items and variables that have no value themselves.
 */
import { criteriaOf, eventRule } from '#domain/definition/endpoint-rule.ts'
import type { EndpointDef } from '#domain/definition/endpoint-schema.ts'
import { populationRule } from '#domain/definition/population-rule.ts'
import type { Compiled } from '#domain/expression/compile.ts'
import type { Frame, ItemReference, Value } from '#domain/expression/types.ts'
import type { CompiledStudy, ItemPlan } from './compile-study.ts'
import type { CasebookEnvironment } from './environment.ts'
import type { RecordState } from './item-reader.ts'

export type Derivation = {
  /** `F_VS.BMI`, `TZERO`, `ITT`, `PFS.event`. */
  name: string
  kind: 'item' | 'variable' | 'population' | 'endpoint'
  /** Where the rule is written. */
  place: readonly (string | number)[]
  rule: Compiled
  /** The item, with its form, of a derived item. */
  item: { form: string; plan: ItemPlan } | null
}

export type DerivationState = 'decided' | 'undecided' | 'missing'

/** Derived items, variables, populations and endpoint dates whose rules compile, in the order of the definition. */
export function derivationsOf(compiled: CompiledStudy): Derivation[] {
  const { definition } = compiled
  const found: Derivation[] = []
  definition.forms.forEach((form, f) => {
    form.groups.forEach((group, g) => {
      group.items.forEach((item, i) => {
        const plan = compiled.forms.get(form.oid)?.items.get(item.oid)
        if (!plan?.derive || plan.indexed.item !== item) return
        found.push({
          name: `${form.oid}.${item.oid}`,
          kind: 'item',
          place: ['forms', f, 'groups', g, 'items', i, 'derive'],
          rule: plan.derive,
          item: { form: form.oid, plan },
        })
      })
    })
  })
  const add = (
    name: string,
    kind: Derivation['kind'],
    place: Derivation['place'],
    rule: Compiled | null | undefined,
  ): void => {
    if (rule) found.push({ name, kind, place, rule, item: null })
  }
  definition.variables.forEach(({ oid }, v) => {
    add(oid, 'variable', ['variables', v, 'value'], compiled.variables.get(oid))
  })
  definition.populations.forEach(({ oid, exclude }, p) => {
    const place = ['populations', p, ...(exclude ? [] : ['rule'])]
    add(oid, 'population', place, compiled.subject(populationRule(definition, oid), 'boolean'))
  })
  definition.endpoints.forEach((endpoint, e) => {
    for (const { name, text, place, kind } of endpointParts(endpoint))
      add(
        `${endpoint.oid}.${name}`,
        'endpoint',
        ['endpoints', e, ...place],
        compiled.subject(text, kind),
      )
  })
  return found
}

/** What tests can expect of an endpoint: `event` is a date, of an endpoint with criteria yes or no; each criterion by its OID. */
function endpointParts(endpoint: EndpointDef) {
  const { timeZero, censor, competing = [] } = endpoint
  const found = criteriaOf(endpoint)
  type Part = {
    name: string
    text: string
    place: readonly (string | number)[]
    kind: 'date' | 'boolean'
  }
  const part = (name: string, text: string, ...place: (string | number)[]): Part => ({
    name,
    text,
    place: place.length === 0 ? [name] : place,
    kind: 'date',
  })
  const criteria = (found?.criteria ?? []).flatMap(({ oid, rule, date }, c): Part[] => {
    const place = ['event', found?.key ?? 'any', c]
    const met: Part = { ...part(oid, rule, ...place, 'rule'), kind: 'boolean' }
    return [met, part(`${oid}_date`, date, ...place, 'date')]
  })
  const event: Part = { ...part('event', eventRule(endpoint)), kind: found ? 'boolean' : 'date' }
  const others = competing.map(({ oid, date }, c) => part(oid, date, 'competing', c, 'date'))
  return [part('timeZero', timeZero), ...criteria, event, ...others, part('censor', censor)]
}

/** The state a rule is in, seen from a frame (-1: the subject as a whole). */
export function stateOf(
  environment: CasebookEnvironment,
  rule: Compiled,
  frame: Frame,
  value: Value,
): DerivationState {
  if (value !== null) return 'decided'
  return new Readings(environment).isGiven(rule, frame) ? 'undecided' : 'missing'
}

export const subjectFrame: Frame = { record: -1, row: null }

/** Looks whether anything a rule reads has a value. */
class Readings {
  readonly #environment: CasebookEnvironment
  readonly #asked = new Set<string>()

  constructor(environment: CasebookEnvironment) {
    this.#environment = environment
  }

  isGiven(rule: Compiled, frame: Frame): boolean {
    return (
      rule.references.some((reference) => this.#isItemGiven(rule, reference, frame)) ||
      rule.variables.some((oid) => this.#isVariableGiven(oid)) ||
      (rule.functions.includes('signed') &&
        this.#environment.records.some(({ data }) => data.state === 'signed')) ||
      (rule.functions.some((name) => name === 'refLow' || name === 'refHigh') &&
        this.#isUnitGiven(frame))
    )
  }

  /** Reference limits are asked for in the unit of the row. */
  #isUnitGiven({ record: at, row }: Frame): boolean {
    const record = this.#environment.records[at]
    return (
      record?.plan.groups.some(({ unitItem, repeating }) => {
        const plan = unitItem === null ? undefined : record.plan.items.get(unitItem)
        if (!plan || repeating !== (row !== null)) return false
        return this.#environment.slot(record, plan, row).value !== null
      }) === true
    )
  }

  #isVariableGiven(oid: string): boolean {
    if (this.#environment.variable(oid) !== null) return true
    const rule = this.#environment.compiled.variables.get(oid)
    return rule !== undefined && this.#once(`$${oid}`) && this.isGiven(rule, subjectFrame)
  }

  #isItemGiven(rule: Compiled, reference: ItemReference, frame: Frame): boolean {
    const plan = this.#environment.compiled.forms.get(reference.form)?.items.get(reference.item)
    // The key of a fixed row is given by nobody.
    if (!plan || plan.indexed.isRowItem) return false
    if (reference.place.kind === 'bound') {
      const here: ItemReference = { ...reference, place: { kind: 'here' } }
      return rule.collections
        .filter(({ form }) => form === reference.form)
        .flatMap((collection) => this.#environment.rows(collection))
        .some((row) => this.#hasValue(here, row, plan))
    }
    return this.#hasValue(reference, frame, plan)
  }

  #hasValue(reference: ItemReference, frame: Frame, plan: ItemPlan): boolean {
    if (this.#environment.value(reference, frame) !== null) return true
    if (plan.derive === null) return false
    // A derived item without a value is undecided itself where something it reads has one.
    for (const record of this.#recordsAt(reference, frame)) {
      const row = reference.row ?? frame.row
      const own: Frame = { record: record.index, row: plan.indexed.repeating ? row : null }
      const key = `${reference.form}.${reference.item}/${record.index}/${own.row ?? ''}`
      if (this.#once(key) && this.isGiven(plan.derive, own)) return true
    }
    return false
  }

  #recordsAt({ form, place }: ItemReference, frame: Frame): readonly RecordState[] {
    const records = this.#environment.recordsOf(form)
    if (place.kind === 'event') return records.filter(({ data }) => data.key.event === place.event)
    const current = this.#environment.records[frame.record]
    return place.kind === 'here' && current?.data.key.form === form ? [current] : records
  }

  #once(key: string): boolean {
    if (this.#asked.has(key)) return false
    this.#asked.add(key)
    return true
  }
}
