/** Where each item of a study is used: what would change, or break, if the item did. */
import { rulesOf, type StudyRule } from '#domain/casebook/rules.ts'
import { indexStudy } from '#domain/casebook/study-index.ts'
import { scopeAt } from '#domain/casebook/type-scope.ts'
import { checkExpression } from '#domain/expression/check.ts'
import { parseExpression } from '#domain/expression/parser.ts'
import type { StudyDefinition } from './definition.ts'

export const usageKinds = [
  'check',
  'derivation',
  'condition',
  'variable',
  'schedule',
  'subject',
  'allocation',
  'population',
  'endpoint',
  'report',
] as const
export type UsageKind = (typeof usageKinds)[number]

/** One use: a check by id, an item by `FORM.ITEM`, a variable, population, endpoint or report by OID. */
export type Usage = {
  kind: UsageKind
  name: string
  /** The variables that lie between the item and the user, nearest to the item first; empty for a direct use. */
  via: readonly string[]
}

export type ItemUsage = { form: string; item: string; usages: readonly Usage[] }

type Reading = {
  user: Omit<Usage, 'via'>
  items: ReadonlySet<string>
  variables: readonly string[]
}

/** Every item of every form, in the order of the definition, with its uses; an unused one has none. */
export function itemUsage(definition: StudyDefinition): ItemUsage[] {
  const readings = readingsOf(definition)
  const uses = new Map<string, Map<string, Usage>>()
  const add = (item: string, usage: Usage) => {
    const known = uses.get(item) ?? new Map<string, Usage>()
    const key = `${usage.kind} ${usage.name}`
    const earlier = known.get(key)
    // The shortest way from the item to its user says most.
    if (!earlier || usage.via.length < earlier.via.length) known.set(key, usage)
    uses.set(item, known)
  }
  const reach = variableReach(readings)
  for (const { user, items, variables } of readings) {
    for (const item of items) add(item, { ...user, via: [] })
    for (const variable of variables)
      for (const [item, via] of reach(variable)) add(item, { ...user, via })
  }
  for (const { form, item } of systemUses(definition)) {
    add(`${form}.${item}`, { kind: 'schedule', name: 'visitDate', via: [] })
  }
  return definition.forms.flatMap((form) =>
    form.groups
      .flatMap((group) => group.items)
      .map((item) => ({
        form: form.oid,
        item: item.oid,
        usages: [...(uses.get(`${form.oid}.${item.oid}`)?.values() ?? [])],
      })),
  )
}

function readingsOf(definition: StudyDefinition): Reading[] {
  const index = indexStudy(definition)
  return rulesOf(definition, index).map((rule) => {
    const { ast } = parseExpression(rule.text)
    const checked = checkExpression(ast, scopeAt(index, rule.at))
    const items = checked.references.map(({ form, item }) => `${form}.${item}`)
    return { user: userOf(definition, rule), items: new Set(items), variables: checked.variables }
  })
}

/** For a variable the items behind it, each with the chain of variables that leads there. */
function variableReach(readings: readonly Reading[]) {
  const byVariable = new Map<string, Reading>()
  for (const reading of readings)
    if (reading.user.kind === 'variable') byVariable.set(reading.user.name, reading)
  const known = new Map<string, ReadonlyMap<string, readonly string[]>>()
  const reach = (variable: string): ReadonlyMap<string, readonly string[]> => {
    const found = known.get(variable)
    if (found) return found
    const items = new Map<string, readonly string[]>()
    // Set before its parts are asked: a cycle, which the checker refuses, must not hang this.
    known.set(variable, items)
    const reading = byVariable.get(variable)
    for (const item of reading?.items ?? []) items.set(item, [variable])
    for (const inner of reading?.variables ?? [])
      for (const [item, via] of reach(inner))
        if (!items.has(item)) items.set(item, [...via, variable])
    return items
  }
  return reach
}

function userOf(definition: StudyDefinition, { place, purpose }: StudyRule): Omit<Usage, 'via'> {
  const [area, first, ...rest] = place
  const at = Number(first)
  switch (area) {
    case 'forms': {
      const form = definition.forms[at]
      const group = form?.groups[Number(rest[1])]
      const item = rest[2] === 'items' ? group?.items[Number(rest[3])] : undefined
      const kind = purpose === 'derive' || purpose === 'preset' ? 'derivation' : 'condition'
      return { kind, name: `${form?.oid}.${item?.oid ?? group?.oid}` }
    }
    case 'checks':
      return { kind: 'check', name: definition.checks[at]?.id ?? '' }
    case 'variables':
      return { kind: 'variable', name: definition.variables[at]?.oid ?? '' }
    case 'populations':
      return { kind: 'population', name: definition.populations[at]?.oid ?? '' }
    case 'endpoints':
      return { kind: 'endpoint', name: definition.endpoints[at]?.oid ?? '' }
    case 'reports':
      return { kind: 'report', name: definition.reports[at]?.oid ?? '' }
    case 'groupings':
      return { kind: 'report', name: definition.groupings?.[at]?.oid ?? '' }
    case 'events':
      return { kind: 'schedule', name: definition.events[at]?.oid ?? '' }
    case 'allocation':
      return {
        kind: 'allocation',
        name:
          first === 'preconditions'
            ? (definition.allocation?.preconditions[Number(rest[0])]?.id ?? '')
            : String(first),
      }
    case 'subjectColumns':
      return { kind: 'subject', name: definition.subjectColumns[at]?.oid ?? '' }
    case 'subjectStates':
      return { kind: 'subject', name: definition.subjectStates?.[at]?.state ?? '' }
    default:
      return { kind: 'subject', name: String(area) }
  }
}

/** Items that the system itself reads by name. */
function systemUses(definition: StudyDefinition): { form: string; item: string }[] {
  return [definition.visitDate, definition.visitOccurred].flatMap((name) => {
    const [form, item] = (name ?? '').split('.')
    return form && item ? [{ form, item }] : []
  })
}
