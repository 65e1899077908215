/** The functions every expression has, with their signatures. What is special to a study comes from the scope. */
import type { Value, ValueType } from '#domain/expression/types.ts'
import { compareNumbers, roundTo, snap } from '#domain/values/decimal.ts'
import {
  ageAt,
  daysBetween,
  earliestDate,
  imputeDate,
  isPartial,
  latestDate,
  yearOf,
} from '#domain/values/partial-date.ts'

export type ParameterKind = 'number' | 'text' | 'boolean' | 'date' | 'dateTime' | 'codes' | 'any'

export type LanguageFunction = {
  parameters: readonly ParameterKind[]
  /** Any number of further arguments of this kind, at least `least` of them. */
  rest?: { kind: ParameterKind; least: number }
  /**
   * `same`: the type all arguments share; else a type. `first`: the number type of the first argument.
   */
  result: ValueType | 'same' | 'first'
  /** Called with null arguments too; others are null as soon as one argument is. */
  lenient?: boolean
  run: (args: readonly Value[]) => Value
}

const boolean: ValueType = { kind: 'boolean' }
const count: ValueType = { kind: 'number', unit: '' }
const numberIn = (unit: string | null): ValueType => ({ kind: 'number', unit })
const fullDate: ValueType = { kind: 'date', partial: false }
const numbers = (args: readonly Value[]) => args as readonly number[]
const dates = (args: readonly Value[]) => args as readonly (string | null)[]
const text = (value: Value | undefined) => value as string

function span(args: readonly Value[], perUnit: number): number | null {
  const days = daysBetween(text(args[0]), text(args[1]))
  return days === null ? null : days / perUnit
}

function trueCount(args: readonly Value[], from: number): { yes: number; unknown: number } {
  let yes = 0
  let unknown = 0
  for (let i = from; i < args.length; i += 1) {
    if (args[i] === true) yes += 1
    else if (args[i] === null) unknown += 1
  }
  return { yes, unknown }
}

/** k of n: true when reached, false when it can no longer be reached, else undecided. */
function atLeast(args: readonly Value[]): boolean | null {
  const needed = args[0]
  if (typeof needed !== 'number') return null
  const { yes, unknown } = trueCount(args, 1)
  if (yes >= needed) return true
  return yes + unknown < needed ? false : null
}

function extreme(args: readonly Value[], sign: 1 | -1): number {
  return numbers(args).reduce((best, n) => (sign * compareNumbers(n, best) > 0 ? n : best))
}

const decimalPattern = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/

function textToNumber(value: string): number | null {
  const trimmed = value.replace(/^ +| +$/g, '')
  return decimalPattern.test(trimmed) ? Number(trimmed) : null
}

export const languageFunctions: Readonly<Record<string, LanguageFunction>> = {
  missing: { parameters: ['any'], result: boolean, lenient: true, run: (a) => a[0] === null },
  known: { parameters: ['any'], result: boolean, lenient: true, run: (a) => a[0] !== null },
  coalesce: {
    parameters: [],
    rest: { kind: 'any', least: 2 },
    result: 'same',
    lenient: true,
    run: (a) => a.find((value) => value !== null) ?? null,
  },
  countTrue: {
    parameters: [],
    rest: { kind: 'boolean', least: 1 },
    result: count,
    lenient: true,
    run: (a) => trueCount(a, 0).yes,
  },
  atLeast: {
    parameters: ['number'],
    rest: { kind: 'boolean', least: 1 },
    result: boolean,
    lenient: true,
    run: atLeast,
  },
  abs: { parameters: ['number'], result: 'first', run: (a) => Math.abs(numbers(a)[0] as number) },
  round: {
    parameters: ['number', 'number'],
    result: 'first',
    run: ([x, n]) => {
      const digits = n as number
      return Number.isInteger(digits) && Math.abs(digits) <= 10
        ? roundTo(x as number, digits)
        : null
    },
  },
  floor: { parameters: ['number'], result: 'first', run: ([x]) => Math.floor(snap(x as number)) },
  ceil: { parameters: ['number'], result: 'first', run: ([x]) => Math.ceil(snap(x as number)) + 0 },
  sqrt: {
    parameters: ['number'],
    result: numberIn(null),
    run: ([x]) => ((x as number) < 0 ? null : Math.sqrt(x as number)),
  },
  exp: { parameters: ['number'], result: numberIn(null), run: ([x]) => Math.exp(x as number) },
  log: {
    parameters: ['number'],
    result: numberIn(null),
    run: ([x]) => ((x as number) > 0 ? Math.log(x as number) : null),
  },
  log10: {
    parameters: ['number'],
    result: numberIn(null),
    run: ([x]) => ((x as number) > 0 ? Math.log10(x as number) : null),
  },
  power: {
    parameters: ['number', 'number'],
    result: numberIn(null),
    run: ([x, y]) => (x as number) ** (y as number),
  },
  min: {
    parameters: [],
    rest: { kind: 'number', least: 2 },
    result: 'same',
    run: (a) => extreme(a, -1),
  },
  max: {
    parameters: [],
    rest: { kind: 'number', least: 2 },
    result: 'same',
    run: (a) => extreme(a, 1),
  },
  days: { parameters: ['date', 'date'], result: numberIn('d'), run: (a) => span(a, 1) },
  months: { parameters: ['date', 'date'], result: numberIn('mo'), run: (a) => span(a, 30.4375) },
  years: { parameters: ['date', 'date'], result: numberIn('a'), run: (a) => span(a, 365.25) },
  ageAt: {
    parameters: ['date', 'date'],
    result: numberIn('a'),
    run: ([birth, reference]) => ageAt(text(birth), text(reference)),
  },
  earliest: {
    parameters: [],
    rest: { kind: 'date', least: 1 },
    result: 'same',
    lenient: true,
    run: (a) => earliestDate(dates(a)),
  },
  latest: {
    parameters: [],
    rest: { kind: 'date', least: 1 },
    result: 'same',
    lenient: true,
    run: (a) => latestDate(dates(a)),
  },
  impute: { parameters: ['date'], result: fullDate, run: ([d]) => imputeDate(text(d)) },
  isPartial: { parameters: ['date'], result: boolean, run: ([d]) => isPartial(text(d)) },
  yearOf: { parameters: ['date'], result: numberIn(null), run: ([d]) => yearOf(text(d)) },
  dateOf: { parameters: ['dateTime'], result: fullDate, run: ([t]) => text(t).slice(0, 10) },
  contains: {
    parameters: ['codes', 'text'],
    result: boolean,
    run: ([codes, code]) => (codes as readonly string[]).includes(text(code)),
  },
  size: {
    parameters: ['codes'],
    result: count,
    run: ([codes]) => (codes as readonly string[]).length,
  },
  length: { parameters: ['text'], result: count, run: ([t]) => [...text(t)].length },
  number: { parameters: ['text'], result: plain(), run: ([t]) => textToNumber(text(t)) },
}

function plain(): ValueType {
  return numberIn(null)
}

/** Names with their own rules in checker and compiler. */
export const specialFunctions = [
  'date',
  'today',
  'reason',
  'at',
  'nearest',
  'base',
  'previous',
] as const

/** Functions that read an item at another place; the first two name a visit. */
export const placeFunctions = ['at', 'nearest', 'base', 'previous'] as const
export type PlaceFunction = (typeof placeFunctions)[number]

export function isPlaceFunction(name: string): name is PlaceFunction {
  return placeFunctions.some((one) => one === name)
}

export const reasonType: ValueType = {
  kind: 'code',
  list: 'REASON',
  codes: ['ND', 'NA', 'UNK', 'NASK', 'BLANK'],
}
