/** Types and names of every expression of a definition, and conditions that can only say one thing. */
import type { IndexedItem, StudyIndex } from '#domain/casebook/study-index.ts'
import { type Core, literalTexts } from '#domain/expression/core.ts'
import { walk } from '#domain/expression/nullness.ts'
import { canBe, type Possibilities } from '#domain/expression/possible.ts'
import { anything, between, type Range, texts } from '#domain/expression/ranges.ts'
import type { ItemReference } from '#domain/expression/types.ts'
import { type CheckedRule, itemAt } from './checked-rules.ts'
import type { StudyDefinition } from './definition.ts'
import type { StudyFinding } from './finding.ts'

export function checkRules(
  rules: readonly CheckedRule[],
  definition: StudyDefinition,
  index: StudyIndex,
): StudyFinding[] {
  const openings = openingsOf(rules, definition, index)
  const computed = computedCodes(rules, definition, index)
  return rules.flatMap((one) => [
    ...ownFindings(one),
    ...(one.isSound ? oneSidedFindings(one, openings, computed, index) : []),
  ])
}

function ownFindings({ rule, findings }: CheckedRule): StudyFinding[] {
  return findings.map((finding) => ({
    code: finding.code,
    severity: finding.severity,
    message: finding.message,
    place: rule.place,
    // What stands around a written rule (a bracket, a visit) has no place of its own.
    offset: Math.max(0, (rule.offset ?? 0) + finding.start),
    ...(finding.absent !== undefined && { absent: finding.absent }),
  }))
}

/** Skip logic by `FORM.ITEM`: the item's own condition and that of its group. */
type Openings = ReadonlyMap<string, readonly Core[]>

function openingsOf(
  rules: readonly CheckedRule[],
  definition: StudyDefinition,
  index: StudyIndex,
): Openings {
  const openings = new Map<string, Core[]>()
  const add = (form: string, item: string, core: Core): void => {
    const key = `${form}.${item}`
    const known = openings.get(key)
    if (known) known.push(core)
    else openings.set(key, [core])
  }
  for (const { rule, checked, isSound } of rules) {
    const [root, f, , g, part] = rule.place
    if (!isSound || rule.purpose !== 'when' || root !== 'forms') continue
    const item = part === 'items' ? itemAt(rule, definition, index) : undefined
    if (item) add(item.form, item.item.oid, checked.core)
    const form = definition.forms[Number(f)]
    if (part !== 'when' || !form) continue
    for (const { oid } of form.groups[Number(g)]?.items ?? []) add(form.oid, oid, checked.core)
  }
  return openings
}

/** Codes that a computed item can have at all, by `FORM.ITEM`, where its rule spells them out. */
function computedCodes(
  rules: readonly CheckedRule[],
  definition: StudyDefinition,
  index: StudyIndex,
): ReadonlyMap<string, readonly string[]> {
  const codes = new Map<string, readonly string[]>()
  for (const one of rules) {
    if (one.rule.purpose !== 'derive' || !one.isSound) continue
    const item = itemAt(one.rule, definition, index)
    const results = literalTexts(one.checked.core)
    // What a person may type over can be any code of the list.
    if (!item || !results || (item.item.entry ?? 'never') !== 'never') continue
    codes.set(`${item.form}.${item.item.oid}`, results)
  }
  return codes
}

function oneSidedFindings(
  { rule, checked }: CheckedRule,
  openings: Openings,
  computed: ReadonlyMap<string, readonly string[]>,
  index: StudyIndex,
): StudyFinding[] {
  const { purpose, place } = rule
  const asked = ['check', 'when', 'required', 'population', 'criterion']
  if (!asked.includes(purpose) || checked.type.kind !== 'boolean') return []
  const finding = (
    severity: StudyFinding['severity'],
    code: string,
    message: string,
  ): StudyFinding[] => [{ severity, code, message, place }]
  const reads = checked.references.length + checked.collections.length + checked.variables.length
  const around = checked.usesEvent || checked.usesIndex || checked.usesDate
  if (reads === 0 && !around && !usesClock(checked.core) && purpose !== 'population') {
    // Parameters may switch a rule off, which is not always the same.
    if (checked.parameters.length > 0) return []
    const severity = purpose === 'check' ? 'error' : 'warning'
    const message = 'The rule reads nothing, so it always says the same.'
    return finding(severity, 'constant-rule', message)
  }
  if (purpose === 'check' && sameOnBothSides(checked.core)) {
    return finding('warning', 'constant-rule', 'The rule compares a value with itself.')
  }
  const possibilities = possibilitiesOf(rule.at.form, openings, computed, index)
  const check = purpose === 'check' ? rule.check : undefined
  const given = check ? (openings.get(`${check.form}.${check.item}`) ?? []) : []
  const can = (truth: boolean): boolean => canBe(checked.core, truth, possibilities, given)
  const isExclusion = purpose === 'population' && place.includes('exclude')
  if (!can(true)) {
    if (isExclusion) return finding('warning', 'never-excludes', 'The exclusion can never be true.')
    const [severity, code, what] = neverTexts[purpose as keyof typeof neverTexts]
    return finding(severity, code, what)
  }
  if (purpose === 'check' && !can(false)) {
    const message = 'The check fires for every value that can be entered.'
    return finding('error', 'always-fires', message)
  }
  if (isExclusion && !can(false)) {
    const [severity, code, what] = neverTexts.population
    return finding(severity, code, what)
  }
  if (purpose === 'criterion' && !can(false)) {
    const message = 'The criterion is met by every subject.'
    return finding('warning', 'always-met', message)
  }
  if (purpose === 'when' && !can(false)) {
    const message = 'The condition holds for every value that can be entered.'
    return finding('warning', 'always-open', message)
  }
  return []
}

const neverTexts = {
  check: ['error', 'never-fires', 'The check can never fire, whatever is entered.'],
  when: ['error', 'never-open', 'The condition can never be true, so this is never open.'],
  required: ['warning', 'never-required', 'The condition can never be true.'],
  criterion: ['error', 'never-met', 'The criterion can never be met, whatever is entered.'],
  population: ['warning', 'empty-population', 'No subject can ever belong to this population.'],
} as const

function possibilitiesOf(
  form: string | null,
  openings: Openings,
  computed: ReadonlyMap<string, readonly string[]>,
  index: StudyIndex,
): Possibilities {
  const itemOf = ({ form: of, item }: ItemReference): IndexedItem | undefined =>
    index.forms.get(of)?.items.get(item)
  return {
    item: (reference) => {
      const indexed = itemOf(reference)
      const results = computed.get(`${reference.form}.${reference.item}`)
      if (results) return texts(results)
      return indexed ? rangeOfItem(indexed, reference.row) : null
    },
    opens: ({ form: of, item }) => (of === form ? (openings.get(`${of}.${item}`) ?? []) : []),
    events: form === null ? null : (index.forms.get(form)?.events.map(({ oid }) => oid) ?? null),
  }
}

/** What rules can see of an item: within its hard limits, of its codes; `any` marks a date that is never after today. */
function rangeOfItem(indexed: IndexedItem, row: string | null): Range | null {
  const { item } = indexed
  if (indexed.isRowItem) {
    const keys = (indexed.group.rows ?? []).map(({ key }) => key)
    if (row !== null) return texts([row])
    return indexed.group.repeats === 'fixed' ? texts(keys) : null
  }
  switch (item.type) {
    case 'integer':
    case 'decimal':
      return Array.isArray(item.hard) ? between(item.hard[0], item.hard[1]) : null
    case 'code':
      return indexed.codes === null ? null : texts([...indexed.codes])
    case 'date':
    case 'partialDate':
      return item.future === true ? null : anything
    default:
      return null
  }
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

function some(core: Core, test: (part: Core) => boolean): boolean {
  let found = false
  walk(core, (part) => {
    found ||= test(part)
  })
  return found
}
