/** Evaluation of collections: which rows are left after filters, and what a method makes of them. */
import type { CollectionMethod, Core, RowSource } from '#domain/expression/core.ts'
import type { Environment, Frame, Value } from '#domain/expression/types.ts'
import { add, compareNumbers } from '#domain/values/decimal.ts'
import { earliestDate, latestDate } from '#domain/values/partial-date.ts'

export type Evaluate = (environment: Environment, frame: Frame) => Value

type Rows = (environment: Environment, frame: Frame) => readonly Frame[]

export function compileRows(
  core: Extract<Core, { op: 'rows' }>,
  compile: (part: Core) => Evaluate,
): Evaluate {
  const rows = compileSource(core.source, compile)
  const { method, variable } = core
  if (!core.body) {
    return method === 'count'
      ? (environment, frame) => rows(environment, frame).length
      : (environment, frame) => rows(environment, frame).length > 0
  }
  const body = compile(core.body)
  if (method === 'exists') return compileQuantifier(rows, variable, body, true)
  if (method === 'all') return compileQuantifier(rows, variable, body, false)
  if (method === 'first' || method === 'last') {
    return (environment, frame) => {
      const row = rows(environment, frame).at(method === 'first' ? 0 : -1)
      return row === undefined ? null : body(environment, withRow(frame, variable, row))
    }
  }
  const isDate = core.body.type.kind === 'date'
  return (environment, frame) => {
    const values: Value[] = []
    for (const row of rows(environment, frame)) {
      values.push(body(environment, withRow(frame, variable, row)))
    }
    return summarise(method, values, isDate)
  }
}

function compileSource(source: RowSource, compile: (part: Core) => Evaluate): Rows {
  const { reference } = source
  const filters = source.filters.map(({ variable, condition }) => ({
    variable,
    condition: compile(condition),
  }))
  if (filters.length === 0) return (environment, frame) => environment.rows(reference, frame)
  return (environment, frame) =>
    environment
      .rows(reference, frame)
      .filter((row) =>
        filters.every((f) => f.condition(environment, withRow(frame, f.variable, row)) === true),
      )
}

function withRow(frame: Frame, variable: string, row: Frame): Frame {
  return {
    record: frame.record,
    row: frame.row,
    bound: frame.bound ? { ...frame.bound, [variable]: row } : { [variable]: row },
  }
}

/** `exists` is a Kleene `or` over the rows, `all` an `and`; no rows give false and true. */
function compileQuantifier(
  rows: Rows,
  variable: string,
  body: Evaluate,
  decisive: boolean,
): Evaluate {
  return (environment, frame) => {
    let isUndecided = false
    for (const row of rows(environment, frame)) {
      const value = body(environment, withRow(frame, variable, row))
      if (value === decisive) return decisive
      if (value === null) isUndecided = true
    }
    return isUndecided ? null : !decisive
  }
}

/** As SQL's aggregates: missing values do not take part, and of nothing there is no sum. */
function summarise(method: CollectionMethod, values: readonly Value[], isDate: boolean): Value {
  if (method === 'count') return values.filter((value) => value === true).length
  if (isDate) {
    const dates = values as readonly (string | null)[]
    return method === 'min' ? earliestDate(dates) : latestDate(dates)
  }
  const known = values.filter((value): value is number => typeof value === 'number')
  if (known.length === 0) return null
  let result: number
  if (method === 'sum' || method === 'mean') {
    result = known.reduce(add)
    if (method === 'mean') result /= known.length
  } else if (method === 'median') {
    result = medianOf(known)
  } else {
    const sign = method === 'max' ? 1 : -1
    result = known.reduce((best, n) => (sign * compareNumbers(n, best) > 0 ? n : best))
  }
  return Number.isFinite(result) ? result : null
}

/** The middle one in order of size, or the mean of the middle two. */
function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort(compareNumbers)
  const middle = sorted.length >> 1
  const upper = sorted[middle] as number
  return sorted.length % 2 === 1 ? upper : add(sorted[middle - 1] as number, upper) / 2
}
