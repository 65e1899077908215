/** Sets of values an expression can have, as far as they are told apart: intervals, codes, yes and no. */
import type { ComparisonOperator } from '#domain/expression/ast.ts'

/** Numbers from `low` to `high`; an open end is not itself among them. */
export type Interval = { low: number; high: number; openLow: boolean; openHigh: boolean }

/** What a part can be beside missing. `texts` null: any text. `empty`: nothing but missing. */
export type Range =
  | { kind: 'empty' }
  | { kind: 'number'; interval: Interval }
  | { kind: 'text'; texts: ReadonlySet<string> | null }
  | { kind: 'boolean'; yes: boolean; no: boolean }
  | { kind: 'any' }

export const anything: Range = { kind: 'any' }
export const emptyRange: Range = { kind: 'empty' }
export const anyNumber: Interval = {
  low: Number.NEGATIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
  openLow: false,
  openHigh: false,
}

export function between(low: number | null, high: number | null): Range {
  return {
    kind: 'number',
    interval: {
      ...anyNumber,
      low: low ?? Number.NEGATIVE_INFINITY,
      high: high ?? Number.POSITIVE_INFINITY,
    },
  }
}

export function texts(list: readonly string[]): Range {
  return list.length === 0 ? emptyRange : { kind: 'text', texts: new Set(list) }
}

export function truths(yes: boolean, no: boolean): Range {
  return yes || no ? { kind: 'boolean', yes, no } : emptyRange
}

/** Everything that is in one or the other. */
export function union(a: Range, b: Range): Range {
  if (a.kind === 'empty') return b
  if (b.kind === 'empty') return a
  if (a.kind === 'number' && b.kind === 'number') {
    const [x, y] = [a.interval, b.interval]
    const low = Math.min(x.low, y.low)
    const high = Math.max(x.high, y.high)
    return {
      kind: 'number',
      interval: {
        low,
        high,
        openLow: (x.low > low || x.openLow) && (y.low > low || y.openLow),
        openHigh: (x.high < high || x.openHigh) && (y.high < high || y.openHigh),
      },
    }
  }
  if (a.kind === 'text' && b.kind === 'text') {
    return a.texts === null || b.texts === null
      ? { kind: 'text', texts: null }
      : { kind: 'text', texts: new Set([...a.texts, ...b.texts]) }
  }
  if (a.kind === 'boolean' && b.kind === 'boolean') return truths(a.yes || b.yes, a.no || b.no)
  return anything
}

/** Whether some value of one stands in this relation to some value of the other. */
export function canHold(a: Range, operator: ComparisonOperator, b: Range): boolean {
  if (a.kind === 'empty' || b.kind === 'empty') return false
  if (a.kind === 'number' && b.kind === 'number')
    return numbersCan(a.interval, operator, b.interval)
  if (a.kind === 'text' && b.kind === 'text' && a.texts !== null && b.texts !== null) {
    const [x, y] = [a.texts, b.texts]
    if (operator === '==') return [...x].some((text) => y.has(text))
    return operator !== '!=' || x.size > 1 || y.size > 1 || ![...x].every((text) => y.has(text))
  }
  if (a.kind === 'boolean' && b.kind === 'boolean') {
    if (operator === '==') return (a.yes && b.yes) || (a.no && b.no)
    return operator !== '!=' || (a.yes && b.no) || (a.no && b.yes)
  }
  return true
}

function numbersCan(a: Interval, operator: ComparisonOperator, b: Interval): boolean {
  switch (operator) {
    case '<':
      return a.low < b.high
    case '<=':
      return a.low < b.high || (a.low === b.high && !a.openLow && !b.openHigh)
    case '>':
      return a.high > b.low
    case '>=':
      return a.high > b.low || (a.high === b.low && !a.openHigh && !b.openLow)
    case '==':
      return numbersCan(a, '<=', b) && numbersCan(a, '>=', b)
    case '!=':
      return !(a.low === a.high && b.low === b.high && a.low === b.low)
  }
}

/** What is left of `a` where it stands in the relation to some value of `b`. */
export function narrowed(a: Range, operator: ComparisonOperator, b: Range): Range {
  if (a.kind === 'number' && b.kind === 'number') {
    const { interval } = b
    let { low, high, openLow, openHigh } = a.interval
    if (operator === '<' || operator === '<=' || operator === '==') {
      const open = operator === '<' || interval.openHigh
      if (interval.high < high || (interval.high === high && open)) {
        high = interval.high
        openHigh = open
      }
    }
    if (operator === '>' || operator === '>=' || operator === '==') {
      const open = operator === '>' || interval.openLow
      if (interval.low > low || (interval.low === low && open)) {
        low = interval.low
        openLow = open
      }
    }
    const isEmpty = low > high || (low === high && (openLow || openHigh))
    return isEmpty ? emptyRange : { kind: 'number', interval: { low, high, openLow, openHigh } }
  }
  if (b.kind === 'text' && b.texts !== null && (a.kind === 'text' || a.kind === 'any')) {
    const wanted = b.texts
    const own = a.kind === 'text' ? a.texts : null
    if (operator === '==') {
      return texts(own === null ? [...wanted] : [...own].filter((text) => wanted.has(text)))
    }
    if (operator === '!=' && wanted.size === 1 && own !== null) {
      return texts([...own].filter((text) => !wanted.has(text)))
    }
  }
  return a
}

const opposites: Record<ComparisonOperator, ComparisonOperator> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
}

/** The relation that holds where this one does not. */
export function opposite(operator: ComparisonOperator): ComparisonOperator {
  return opposites[operator]
}

const mirrors: Record<ComparisonOperator, ComparisonOperator> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '>': '<',
  '<=': '>=',
  '>=': '<=',
}

/** The same relation seen from the other side. */
export function mirrored(operator: ComparisonOperator): ComparisonOperator {
  return mirrors[operator]
}

/** Interval arithmetic, outward: the result holds every possible value. */
export function calculated(operator: string, a: Interval, b: Interval): Range {
  const of = (values: readonly number[]): Range =>
    values.some(Number.isNaN)
      ? between(null, null)
      : between(Math.min(...values), Math.max(...values))
  switch (operator) {
    case '+':
      return between(a.low + b.low, a.high + b.high)
    case '-':
      return between(a.low - b.high, a.high - b.low)
    case '*':
      return of([a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high])
    case '/':
      if (b.low <= 0 && b.high >= 0) return between(null, null)
      return of([a.low / b.low, a.low / b.high, a.high / b.low, a.high / b.high])
    default:
      return between(null, null)
  }
}
