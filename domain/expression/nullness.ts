/**
 * Whether an expression can be without a value once some of what it reads has one. The checked form is evaluated over three
 * states: null, known, and maybe (either); where the answer to a yes/no part is certain (`missing(x)` of something known)
 * branches are left out. Only what is certain is concluded: `known` means that no values of the known readings give null.
 */
import type { Core } from '#domain/expression/core.ts'
import type { ItemReference, Value } from '#domain/expression/types.ts'

export type Nullness = 'null' | 'known' | 'maybe'
/** What is assumed of a reading, by its key (`leafKey`). */
export type Assumption = (leaf: string) => Nullness

type State = { nullness: Nullness; truth?: boolean }

const known: State = { nullness: 'known' }
const nothing: State = { nullness: 'null' }
const maybe: State = { nullness: 'maybe' }
const yes: State = { nullness: 'known', truth: true }
const no: State = { nullness: 'known', truth: false }

/** Readings are items with their place, variables, and the rows of collections. */
export function leafKey(reference: ItemReference): string {
  const { form, item, row, place } = reference
  const where = 'event' in place ? `${place.kind}:${place.event}` : place.kind
  return `${form}.${item}[${row ?? ''}]@${where}`
}

/** Every reading of an expression that somebody can give, each once. */
export function leavesOf(core: Core, isGivable: (reference: ItemReference) => boolean): string[] {
  const found = new Set<string>()
  walk(core, (part) => {
    if (part.op === 'item' || part.op === 'reason') {
      if (isGivable(part.read.reference)) found.add(leafKey(part.read.reference))
    } else if (part.op === 'variable') found.add(`$${part.oid}`)
    else if (part.op === 'rows') found.add(rowsKey(part))
    else if (part.op === 'field' && readsMore.has(part.name)) found.add(`field:${part.name}`)
  })
  return [...found]
}

/** Functions of the study that read more than their arguments: signatures, the unit of a row. */
const readsMore = new Set(['signed', 'refLow', 'refHigh'])

type RowsCore = Extract<Core, { op: 'rows' }>

function rowsKey({ source }: RowsCore): string {
  const { form, group, event } = source.reference
  return `rows:${form}.${group ?? ''}@${event ?? ''}`
}

export function walk(value: unknown, visit: (part: Core) => void): void {
  if (Array.isArray(value)) for (const entry of value) walk(entry, visit)
  else if (typeof value === 'object' && value !== null) {
    if ('op' in value) visit(value as Core)
    for (const entry of Object.values(value)) walk(entry, visit)
  }
}

export function nullnessOf(core: Core, assume: Assumption): Nullness {
  return state(core, assume).nullness
}

function state(core: Core, assume: Assumption): State {
  const of = (part: Core): State => state(part, assume)
  switch (core.op) {
    case 'constant':
      return constant(core.value)
    case 'item':
      return { nullness: assume(leafKey(core.read.reference)) }
    case 'variable':
      return { nullness: assume(`$${core.oid}`) }
    case 'parameter':
    case 'event':
    case 'index':
      return known
    case 'date':
      return maybe
    case 'reason': {
      const { nullness } = of({ ...core, op: 'item' })
      return nullness === 'null' ? known : nullness === 'known' ? nothing : maybe
    }
    case 'not': {
      const inner = of(core.operand)
      return inner.truth === undefined ? inner : inner.truth ? no : yes
    }
    case 'negate':
      return { nullness: of(core.operand).nullness }
    case 'and':
      return logic(core.operands.map(of), false)
    case 'or':
      return logic(core.operands.map(of), true)
    case 'arithmetic': {
      const whole = strict([of(core.left), of(core.right)])
      const divides = core.operator === '/' || core.operator === '%'
      return whole === known && divides && !neverZero(core.right) ? maybe : whole
    }
    case 'shift': {
      const whole = strict([of(core.date), of(core.duration)])
      return whole === known && isPartial(core.date) ? maybe : whole
    }
    case 'compare': {
      const whole = strict([of(core.left), of(core.right)])
      const isUnsure = core.comparison === 'date' && (isPartial(core.left) || isPartial(core.right))
      return whole === known && isUnsure ? maybe : whole
    }
    case 'in': {
      const value = of(core.value)
      if (value.nullness !== 'known') return { nullness: value.nullness }
      const isSure = core.options.every((option) => of(option).nullness === 'known')
      return isSure && !(core.comparison === 'date' && isPartial(core.value)) ? known : maybe
    }
    case 'choose': {
      const test = of(core.condition)
      if (test.nullness === 'null') return nothing
      if (test.truth !== undefined) return of(test.truth ? core.then : core.else)
      const either = join(of(core.then), of(core.else))
      return test.nullness === 'known' || either.nullness === 'null'
        ? either
        : { nullness: 'maybe' }
    }
    case 'call':
      return call(core, core.args.map(of))
    case 'field':
      return field(core.name, core.args.map(of), assume)
    case 'rows':
      return rows(core, assume)
  }
}

function constant(value: Value): State {
  if (value === null) return nothing
  return value === true ? yes : value === false ? no : known
}

function join(a: State, b: State): State {
  if (a.nullness !== b.nullness) return maybe
  return a.truth === b.truth ? a : { nullness: a.nullness }
}

/** Null as soon as one argument is. */
function strict(parts: readonly State[]): State {
  if (parts.some(({ nullness }) => nullness === 'null')) return nothing
  return parts.every(({ nullness }) => nullness === 'known') ? known : maybe
}

function logic(parts: readonly State[], decisive: boolean): State {
  if (parts.some(({ truth }) => truth === decisive)) return decisive ? yes : no
  const open = parts.filter(({ truth }) => truth === undefined)
  if (open.length === 0) return decisive ? no : yes
  if (open.every(({ nullness }) => nullness === 'null')) return nothing
  return open.every(({ nullness }) => nullness === 'known') ? known : maybe
}

type CallCore = Extract<Core, { op: 'call' }>

/** Functions whose result can be null although no argument is. */
const partial = new Set(['sqrt', 'exp', 'log', 'log10', 'power'])
/** Of a full date these are certain, of a partial one not. */
const ofFullDates = new Set(['days', 'months', 'years'])

function call(core: CallCore, args: readonly State[]): State {
  const [first = nothing] = args
  switch (core.name) {
    case 'today':
      return known
    case 'missing':
      return first.nullness === 'maybe' ? known : first.nullness === 'null' ? yes : no
    case 'known':
      return first.nullness === 'maybe' ? known : first.nullness === 'null' ? no : yes
    case 'coalesce':
    case 'earliest':
    case 'latest':
      if (args.every(({ nullness }) => nullness === 'null')) return nothing
      if (core.name === 'coalesce') {
        const chosen = args.find(({ nullness }) => nullness !== 'null')
        if (chosen?.nullness === 'known') return chosen
      }
      return args.some(({ nullness }) => nullness === 'known') ? known : maybe
    case 'countTrue':
      return known
    case 'atLeast': {
      const votes = args.slice(1)
      if (votes.every(({ nullness }) => nullness === 'known')) return { nullness: first.nullness }
      return maybe
    }
    case 'number':
      return first === known && isNumeric(core.args[0]) ? known : strict([first, maybe])
    case 'ageAt':
      return isPartial(core.args[1]) ? strict([...args, maybe]) : strict(args)
    default:
      break
  }
  if (partial.has(core.name)) return strict([...args, maybe])
  if (ofFullDates.has(core.name) && core.args.some(isPartial)) return strict([...args, maybe])
  return strict(args)
}

const always = new Set(['siteCode', 'subjectKey', 'subjectNumber'])

function field(name: string, args: readonly State[], assume: Assumption): State {
  if (always.has(name)) return known
  if (name === 'signed') return { nullness: assume('field:signed') === 'null' ? 'known' : 'maybe' }
  if (name === 'refLow' || name === 'refHigh') {
    return strict([...args, { nullness: assume(`field:${name}`) }])
  }
  if (name === 'standard' && args[0]?.nullness === 'null') return nothing
  return maybe
}

function rows(core: RowsCore, assume: Assumption): State {
  const { method, source } = core
  if (method === 'count') return known
  const present = assume(rowsKey(core))
  if (present === 'null') return method === 'exists' ? no : method === 'all' ? yes : nothing
  const filters = source.filters.map(({ condition }) => state(condition, assume))
  // A filter that lets nothing through leaves no rows.
  if (filters.some(({ truth }) => truth === false)) {
    return method === 'exists' ? no : method === 'all' ? yes : nothing
  }
  const keepsAll = filters.every(({ truth }) => truth === true)
  if (core.body === null) return keepsAll && present === 'known' ? yes : known
  const body = state(core.body, assume)
  if (method === 'exists' || method === 'all') {
    return body.nullness === 'known' ? known : maybe
  }
  if (body.nullness === 'null') return nothing
  return keepsAll && present === 'known' ? { nullness: body.nullness } : maybe
}

function isPartial(core: Core | undefined): boolean {
  return core?.type.kind === 'date' && core.type.partial
}

function isNumeric(core: Core | undefined): boolean {
  return core?.type.kind === 'code' && core.type.codes.every((code) => /^\d+(\.\d+)?$/.test(code))
}

/** Only what is written out is certain not to be zero. */
function neverZero(core: Core): boolean {
  if (core.op === 'constant') return core.value !== 0
  if (core.op === 'choose') return neverZero(core.then) && neverZero(core.else)
  if (core.op === 'call' && core.name === 'exp') return true
  return false
}
