/**
 * Whether a yes/no expression can ever be true, or false. Values are replaced by the ranges they can lie in (the hard limits of an
 * item, the codes of its list), and each comparison that is assumed narrows the ranges for what follows: `X > 5 && X < 3` leaves
 * nothing. Everything that is not understood counts as possible, so that "never" is always right and "possible" may not be.
 */
import { type Core, literalTexts } from '#domain/expression/core.ts'
import {
  anyNumber,
  anything,
  between,
  calculated,
  canHold,
  emptyRange,
  type Interval,
  mirrored,
  narrowed,
  opposite,
  type Range,
  texts,
  truths,
  union,
} from '#domain/expression/ranges.ts'
import type { ItemReference, ValueType } from '#domain/expression/types.ts'

/** What is known beforehand. */
export type Possibilities = {
  /** Values an item can have when rules see it; null: no more than its type says. */
  item(reference: ItemReference): Range | null
  /** Conditions without which the item has no value (skip logic), seen from the same row. */
  opens(reference: ItemReference): readonly Core[]
  /** Visits at which the record at hand can be. */
  events: readonly string[] | null
}

/** Ranges and what is missing, by reading. */
type World = { ranges: ReadonlyMap<string, Range>; opened: ReadonlySet<string> }

const start: World = { ranges: new Map(), opened: new Set() }

/** Whether the condition can be true (false) where `given` holds too. */
export function canBe(
  core: Core,
  truth: boolean,
  possibilities: Possibilities,
  given: readonly Core[] = [],
): boolean {
  const reasoning = new Reasoning(possibilities)
  let world: World | null = start
  for (const condition of given) {
    world = world && reasoning.assume(condition, true, world)
  }
  return world === null || reasoning.assume(core, truth, world) !== null
}

/** Parts that mean the same wherever they stand in the rule, so that an assumption about one holds for all. */
type Reading = Extract<Core, { op: 'item' | 'variable' | 'parameter' | 'event' | 'index' | 'date' }>

function isReading(core: Core): core is Reading {
  return ['item', 'variable', 'parameter', 'event', 'index', 'date'].includes(core.op)
}

function keyOf(core: Reading): string {
  if ('oid' in core) return `$${core.oid}`
  if ('bound' in core) return `${core.op}/${core.bound ?? ''}`
  const { read } = core
  const { form, item, row, place } = read.reference
  return `${form}.${item}[${row ?? ''}]@${JSON.stringify(place)}/${read.bound ?? ''}`
}

const mostSteps = 20_000

class Reasoning {
  readonly #known: Possibilities
  #depth = 0
  #steps = 0

  constructor(possibilities: Possibilities) {
    this.#known = possibilities
  }

  /** The world in which the condition has this truth; null where there is none. */
  assume(core: Core, truth: boolean, world: World): World | null {
    // Beyond this everything counts as possible, so that no rule can keep the checker busy.
    this.#steps += 1
    if (this.#depth > 60 || this.#steps > mostSteps) return world
    this.#depth += 1
    const result = this.#assume(core, truth, world)
    this.#depth -= 1
    return result
  }

  #assume(core: Core, truth: boolean, world: World): World | null {
    switch (core.op) {
      case 'constant':
        return core.value === null || core.value === truth ? world : null
      case 'not':
        return this.assume(core.operand, !truth, world)
      case 'and':
      case 'or': {
        const isAll = (core.op === 'and') === truth
        return isAll
          ? this.#allOf(core.operands, truth, world)
          : this.#oneOf(core.operands, truth, world)
      }
      case 'compare': {
        const operator = truth ? core.operator : opposite(core.operator)
        return this.#related(core.left, operator, core.right, world)
      }
      case 'in': {
        if (truth) {
          return this.#join(
            core.options.map((option) => this.#related(core.value, '==', option, world)),
          )
        }
        let left: World | null = world
        for (const option of core.options) {
          left = left && this.#related(core.value, '!=', option, left)
        }
        return left
      }
      case 'choose': {
        const branch = (test: boolean, then: Core): World | null => {
          const chosen = this.assume(core.condition, test, world)
          return chosen && this.assume(then, truth, chosen)
        }
        return this.#join([branch(true, core.then), branch(false, core.else)])
      }
      case 'call':
        return this.#called(core, truth, world)
      case 'rows':
        return this.#rows(core, truth, world)
      case 'item': {
        const range = this.rangeOf(core, world)
        const isPossible = range.kind !== 'boolean' || (truth ? range.yes : range.no)
        return range.kind === 'empty' || !isPossible ? null : this.#opened(core, world)
      }
      default:
        return world
    }
  }

  #allOf(operands: readonly Core[], truth: boolean, world: World): World | null {
    let result: World | null = world
    for (const operand of operands) result = result && this.assume(operand, truth, result)
    // Once more, since what comes last may rule out what came first; inside, that would double at every level.
    if (this.#depth > 1) return result
    for (const operand of operands) result = result && this.assume(operand, truth, result)
    return result
  }

  #oneOf(operands: readonly Core[], truth: boolean, world: World): World | null {
    return this.#join(operands.map((operand) => this.assume(operand, truth, world)))
  }

  /** What holds in one of the worlds. */
  #join(worlds: readonly (World | null)[]): World | null {
    const [first, ...rest] = worlds.filter((one) => one !== null)
    if (first === undefined) return null
    return rest.reduce((a, b) => {
      const ranges = new Map<string, Range>()
      for (const [key, range] of a.ranges) {
        const other = b.ranges.get(key)
        if (other) ranges.set(key, union(range, other))
      }
      return { ranges, opened: new Set([...a.opened].filter((key) => b.opened.has(key))) }
    }, first)
  }

  #related(
    left: Core,
    operator: Parameters<typeof canHold>[1],
    right: Core,
    world: World,
  ): World | null {
    if (isNotAfterToday(left, operator, right, this.#known)) return null
    const a = this.rangeOf(left, world)
    const b = this.rangeOf(right, world)
    if (!canHold(a, operator, b)) return null
    const narrow = (core: Core, range: Range, next: World | null): World | null => {
      if (next === null || !isReading(core)) return next
      const ranges = new Map(next.ranges).set(keyOf(core), range)
      return range.kind === 'empty' ? null : this.#opened(core, { ...next, ranges })
    }
    const first = narrow(left, narrowed(a, operator, b), world)
    return narrow(right, narrowed(b, mirrored(operator), a), first)
  }

  /** An item that has a value is open: what opens it holds. */
  #opened(core: Reading, world: World): World | null {
    const key = keyOf(core)
    if (world.opened.has(key)) return world
    let next: World | null = { ...world, opened: new Set([...world.opened, key]) }
    if (core.op !== 'item' || core.read.bound !== null) return next
    if (core.read.reference.place.kind !== 'here') return next
    for (const condition of this.#known.opens(core.read.reference)) {
      next = next && this.assume(condition, true, next)
    }
    return next
  }

  #called(core: Extract<Core, { op: 'call' }>, truth: boolean, world: World): World | null {
    const [first] = core.args
    if (first === undefined) return world
    const isKnown = (core.name === 'known') === truth
    if (core.name !== 'known' && core.name !== 'missing') {
      if (core.name === 'coalesce') return this.#coalesced(core.args, truth, world)
      return world
    }
    if (!isReading(first)) {
      return isKnown && this.rangeOf(first, world).kind === 'empty' ? null : world
    }
    const range = this.rangeOf(first, world)
    if (isKnown) {
      return range.kind === 'empty' ? null : this.#opened(first, world)
    }
    // What is known by an assumption before cannot be missing.
    if (world.opened.has(keyOf(first))) return null
    return { ...world, ranges: new Map(world.ranges).set(keyOf(first), emptyRange) }
  }

  /** One of the arguments decides. */
  #coalesced(args: readonly Core[], truth: boolean, world: World): World | null {
    return this.#join(args.map((arg) => this.assume(arg, truth, world)))
  }

  #rows(core: Extract<Core, { op: 'rows' }>, truth: boolean, world: World): World | null {
    const { method, body, source } = core
    if (method !== 'exists' && method !== 'all') return world
    if (method === 'exists' ? !truth : truth) return world
    // Some row must make it true (or, of `all`, false).
    let inside: World | null = world
    for (const { condition } of source.filters) {
      inside = inside && this.assume(condition, true, inside)
    }
    if (inside && body) inside = this.assume(body, method === 'exists', inside)
    return inside && world
  }

  /** Values a part can have. */
  rangeOf(core: Core, world: World): Range {
    const interval = (part: Core): Interval => {
      const range = this.rangeOf(part, world)
      return range.kind === 'number' ? range.interval : anyNumber
    }
    switch (core.op) {
      case 'constant':
        return rangeOfConstant(core)
      case 'item':
        return (
          world.ranges.get(keyOf(core)) ??
          this.#known.item(core.read.reference) ??
          rangeOfType(core.type)
        )
      case 'event':
      case 'index':
      case 'parameter':
      case 'variable': {
        const assumed = world.ranges.get(keyOf(core))
        if (assumed) return assumed
        if (core.op === 'index') return between(1, null)
        if (core.op === 'event' && core.bound === null && this.#known.events) {
          return texts(this.#known.events)
        }
        return rangeOfType(core.type)
      }
      case 'negate':
        return calculated('-', { ...anyNumber, low: 0, high: 0 }, interval(core.operand))
      case 'arithmetic':
        return calculated(core.operator, interval(core.left), interval(core.right))
      case 'choose': {
        const branch = (test: boolean, then: Core): Range => {
          const chosen = this.assume(core.condition, test, world)
          return chosen ? this.rangeOf(then, chosen) : emptyRange
        }
        return union(branch(true, core.then), branch(false, core.else))
      }
      case 'call':
        return this.#rangeOfCall(core, world, interval)
      case 'field':
        return core.name === 'toxicityGrade' ? between(0, 5) : rangeOfType(core.type)
      case 'rows':
        if (core.method === 'count') return between(0, null)
        if (core.body === null || core.type.kind !== 'number' || core.method === 'sum') {
          return rangeOfType(core.type)
        }
        return this.rangeOf(core.body, world)
      default:
        return rangeOfType(core.type)
    }
  }

  #rangeOfCall(
    core: Extract<Core, { op: 'call' }>,
    world: World,
    interval: (part: Core) => Interval,
  ): Range {
    const { args, name } = core
    const [first] = args
    switch (name) {
      case 'coalesce':
        return args.map((arg) => this.rangeOf(arg, world)).reduce(union, emptyRange)
      case 'countTrue':
        return between(0, args.length)
      case 'size':
      case 'length':
        return between(0, null)
      case 'abs': {
        const { low, high } = interval(first as Core)
        const least = low <= 0 && high >= 0 ? 0 : Math.min(Math.abs(low), Math.abs(high))
        return between(least, Math.max(Math.abs(low), Math.abs(high)))
      }
      case 'exp':
      case 'sqrt':
        return between(0, null)
      case 'min':
      case 'max': {
        const all = args.map(interval)
        const pick = name === 'min' ? Math.min : Math.max
        return between(pick(...all.map(({ low }) => low)), pick(...all.map(({ high }) => high)))
      }
      case 'number': {
        const range = first ? this.rangeOf(first, world) : anything
        if (range.kind !== 'text' || range.texts === null) return between(null, null)
        const numbers = [...range.texts].map(Number).filter((n) => !Number.isNaN(n))
        return numbers.length === 0
          ? emptyRange
          : between(Math.min(...numbers), Math.max(...numbers))
      }
      default:
        return rangeOfType(core.type)
    }
  }
}

function rangeOfConstant(core: Extract<Core, { op: 'constant' }>): Range {
  const { value } = core
  if (value === null) return emptyRange
  if (typeof value === 'number') return between(value, value)
  if (typeof value === 'boolean') return truths(value, !value)
  const [text] = literalTexts(core) ?? []
  return text === undefined ? anything : texts([text])
}

function rangeOfType(type: ValueType): Range {
  switch (type.kind) {
    case 'number':
      return between(null, null)
    case 'boolean':
      return truths(true, true)
    case 'code':
      return type.codes.length === 0 ? anything : texts(type.codes)
    case 'text':
      return { kind: 'text', texts: null }
    default:
      return anything
  }
}

/** Dates after today are refused, so that an entered one is never later. */
function isNotAfterToday(
  left: Core,
  operator: string,
  right: Core,
  { item }: Possibilities,
): boolean {
  const isToday = (core: Core): boolean => core.op === 'call' && core.name === 'today'
  const isPast = (core: Core): boolean =>
    core.op === 'item' && core.type.kind === 'date' && item(core.read.reference)?.kind === 'any'
  return (
    (operator === '>' && isPast(left) && isToday(right)) ||
    (operator === '<' && isToday(left) && isPast(right))
  )
}
