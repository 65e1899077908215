/* The functions that `row-expression.ts` understands, each from its parsed arguments to a function of the row. */
import { meanOf, quantiles, standardDeviationOf } from '#domain/statistics/descriptive.ts'
import {
  type Evaluate,
  numberFrom,
  type Part,
  type RowValue,
} from '#domain/statistics/reference/row-value.ts'

export interface CallOf {
  positional: readonly Part[]
  named: Readonly<Record<string, Part>>
  known: (part: Part) => Evaluate
  rows: number
  text: string
  fail: () => never
}

export type RowFunction = (call: CallOf) => Evaluate

function first({ positional, named, known, fail }: CallOf, name = 'x'): Evaluate {
  const part = positional[0] ?? named[name]
  return part ? known(part) : fail()
}

const ofNumber =
  (f: (x: number, second: number | undefined) => number): RowFunction =>
  (call) => {
    const x = first(call)
    const part = call.positional[1] ?? call.named.base ?? call.named.digits
    const second = part && call.known(part)
    return (row) => {
      const value = numberFrom(x(row), call.text)
      if (value === null) return null
      const result = f(
        value,
        second ? (numberFrom(second(row), call.text) ?? undefined) : undefined,
      )
      return Number.isNaN(result) ? null : result
    }
  }

/** The argument itself: what only matters to R's classes and printing. */
const same: RowFunction = (call) => first(call)

/** One number from the whole column; missing values make it missing unless na.rm is TRUE. */
const ofColumn =
  (f: (values: number[]) => number): RowFunction =>
  (call) => {
    const x = first(call)
    const drop = call.named['na.rm']?.evaluate(0) === true
    const all = Array.from({ length: call.rows }, (_, row) => numberFrom(x(row), call.text))
    const values = all.filter((v): v is number => v !== null)
    const result = (!drop && values.length < all.length) || values.length === 0 ? null : f(values)
    return () => result
  }

const extreme =
  (f: (...values: number[]) => number): RowFunction =>
  ({ positional, known, text }) => {
    const parts = positional.map(known)
    return (row) => {
      const values = parts.map((part) => numberFrom(part(row), text))
      return values.some((v) => v === null) ? null : f(...(values as number[]))
    }
  }

const cut: RowFunction = (call) => {
  const x = first(call)
  const breaks = (call.positional[1] ?? call.named.breaks)?.members?.map((m) =>
    numberFrom(m.evaluate(0), call.text),
  )
  if (!breaks || breaks.length < 2 || breaks.some((b) => b === null)) return call.fail()
  const points = (breaks as number[]).sort((a, b) => a - b)
  const right = call.named.right?.evaluate(0) !== false
  const lowest = call.named['include.lowest']?.evaluate(0) === true
  const labelling = call.positional[2] ?? call.named.labels
  const labels = labelling?.members?.map((m) => m.evaluate(0))
  const numbered = labelling !== undefined && !labels && labelling.evaluate(0) === false
  const show = (n: number) =>
    n === Infinity ? 'Inf' : n === -Infinity ? '-Inf' : String(Number(n.toPrecision(3)))
  return (row) => {
    const v = numberFrom(x(row), call.text)
    if (v === null) return null
    for (let i = 0; i + 1 < points.length; i++) {
      const [a, b] = [points[i] as number, points[i + 1] as number]
      const edge = lowest && (right ? i === 0 && v === a : i + 2 === points.length && v === b)
      if (edge || (right ? v > a && v <= b : v >= a && v < b)) {
        if (labels) return labels[i] ?? null
        if (numbered) return i + 1
        const closedLow = !right || (lowest && i === 0)
        const closedHigh = right || (lowest && i + 2 === points.length)
        return `${closedLow ? '[' : '('}${show(a)},${show(b)}${closedHigh ? ']' : ')'}`
      }
    }
    return null
  }
}

const ifelse: RowFunction = ({ positional, named, known, fail }) => {
  const test = positional[0] ?? named.test
  const yes = positional[1] ?? named.yes
  const no = positional[2] ?? named.no
  if (!test || !yes || !no) return fail()
  const condition = known(test)
  // A bare word is a text here: ifelse(age>65, old, young).
  return (row) => {
    const value = condition(row)
    return value === null
      ? null
      : value === true || value === 1
        ? yes.evaluate(row)
        : no.evaluate(row)
  }
}

const isMissing: RowFunction = (call) => {
  const x = first(call)
  return (row) => x(row) === null
}

const complete: RowFunction = ({ positional, known }) => {
  const parts = positional.map(known)
  return (row) => parts.every((part) => part(row) !== null)
}

const interaction: RowFunction = ({ positional, named, known }) => {
  const parts = positional.map(known)
  const separator = String(named.sep?.evaluate(0) ?? '.')
  return (row) => {
    const values = parts.map((part) => part(row))
    return values.some((v) => v === null) ? null : values.map(textOf).join(separator)
  }
}

/** As R prints a value of a factor. */
function textOf(value: RowValue): string {
  return typeof value === 'boolean' ? (value ? 'TRUE' : 'FALSE') : String(value)
}

const asText: RowFunction = (call) => {
  const x = first(call)
  return (row) => {
    const value = x(row)
    return value === null ? null : textOf(value)
  }
}

const asNumber = ofNumber((x) => x)

const difftime: RowFunction = (call) => {
  const { positional, named, known, text, fail } = call
  const a = positional[0] ?? named.time1
  const b = positional[1] ?? named.time2
  if (!a || !b) return fail()
  const units = String((positional[3] ?? named.units)?.evaluate(0) ?? 'days')
  const scale = units === 'weeks' ? 7 : units === 'days' ? 1 : fail()
  const [from, to] = [known(b), known(a)]
  return (row) => {
    const [x, y] = [numberFrom(to(row), text), numberFrom(from(row), text)]
    return x === null || y === null ? null : (x - y) / scale
  }
}

const standardised: RowFunction = (call) => {
  const x = first(call)
  const values = Array.from({ length: call.rows }, (_, row) => numberFrom(x(row), call.text))
  const present = values.filter((v): v is number => v !== null)
  const mean = meanOf(present)
  const sd = standardDeviationOf(Float64Array.from(present))
  return (row) => {
    const v = values[row] ?? null
    return v === null ? null : (v - mean) / sd
  }
}

/** Halves to even, as R's round (IEC 60559). */
function roundEven(x: number, digits = 0): number {
  const scaled = x * 10 ** digits
  const floor = Math.floor(scaled)
  const rest = scaled - floor
  const whole = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor
  return whole / 10 ** digits
}

export const rowFunctions: Readonly<Record<string, RowFunction>> = {
  log: ofNumber((x, base) => (base === undefined ? Math.log(x) : Math.log(x) / Math.log(base))),
  log2: ofNumber((x) => Math.log2(x)),
  log10: ofNumber((x) => Math.log10(x)),
  log1p: ofNumber((x) => Math.log1p(x)),
  exp: ofNumber((x) => Math.exp(x)),
  sqrt: ofNumber((x) => Math.sqrt(x)),
  abs: ofNumber((x) => Math.abs(x)),
  floor: ofNumber((x) => Math.floor(x)),
  ceiling: ofNumber((x) => Math.ceil(x)),
  round: ofNumber(roundEven),
  pmin: extreme(Math.min),
  pmax: extreme(Math.max),
  mean: ofColumn((v) => meanOf(v)),
  median: ofColumn((v) => quantiles(v, [0.5])[0] as number),
  min: ofColumn((v) => v.reduce((a, b) => Math.min(a, b))),
  max: ofColumn((v) => v.reduce((a, b) => Math.max(a, b))),
  sd: ofColumn((v) => standardDeviationOf(Float64Array.from(v))),
  sum: ofColumn((v) => v.reduce((a, b) => a + b, 0)),
  scale: standardised,
  cut,
  ifelse,
  'is.na': isMissing,
  'complete.cases': complete,
  interaction,
  difftime,
  I: same,
  factor: same,
  'as.factor': same,
  ordered: same,
  droplevels: same,
  relevel: same,
  'as.Date': asNumber,
  'as.numeric': asNumber,
  'as.integer': ofNumber((x) => Math.trunc(x)),
  'as.logical': same,
  'as.character': asText,
}
