/**
 * Writes a checked scalar expression as a PostgreSQL expression with the same result, nulls included. It serves listings
 * and exports, and it makes PostgreSQL the oracle of the evaluator (`db/expression-oracle.db.test.ts`). Numbers are
 * double precision; sums and comparisons go through numeric, whose cast rounds to 15 significant digits just as
 * `domain/values/decimal.ts` does. Not written: partial dates, places other than `here`, collections, `reason`,
 * `dateOf`, `event`, `index` and functions of the field; the answer then says what stood in the way.
 */
import type { ArithmeticOperator, Expression } from '#domain/expression/ast.ts'
import { checkExpression } from '#domain/expression/check.ts'
import type { Core } from '#domain/expression/core.ts'
import { sqlFunctions } from '#domain/expression/sql-functions.ts'
import type { Duration, ItemReference, TypeScope, ValueType } from '#domain/expression/types.ts'

/**
 * SQL expressions that hold the values: numbers of any numeric type, codes and texts as text, sets of codes as text[],
 * full dates as date, date-times as timestamptz. Null where there is no column.
 */
export type SqlColumns = {
  item: (reference: ItemReference) => string | null
  variable?: (oid: string) => string | null
  parameter?: (oid: string) => string | null
  /** An SQL expression of type date; without it `today()` cannot be written. */
  today?: string
}

export type SqlType =
  | 'double precision'
  | 'text'
  | 'boolean'
  | 'date'
  | 'timestamptz'
  | 'text[]'
  | 'interval'
export type EmittedSql = { sql: string; type: SqlType } | { unsupported: string }

/** What cannot be written; caught by `emitSql` and never leaves this file. */
class Unsupported extends Error {}

/** The SQL of an expression, or what in it has none. Expressions with errors are not written. */
export function emitSql(ast: Expression, scope: TypeScope, columns: SqlColumns): EmittedSql {
  const checked = checkExpression(ast, scope)
  const error = checked.findings.find((f) => f.severity === 'error')
  if (error) return { unsupported: error.message }
  try {
    return { sql: emit(checked.core, columns), type: sqlType(checked.core.type) }
  } catch (problem) {
    if (problem instanceof Unsupported) return { unsupported: problem.message }
    throw problem
  }
}

function sqlType(type: ValueType): SqlType {
  switch (type.kind) {
    case 'number':
      return 'double precision'
    case 'text':
    case 'code':
    case 'null':
      return 'text'
    case 'boolean':
      return 'boolean'
    case 'date':
      if (type.partial) throw new Unsupported('Partial dates are not written as SQL.')
      return 'date'
    case 'dateTime':
      return 'timestamptz'
    case 'codes':
      return 'text[]'
    case 'duration':
      return 'interval'
  }
}

/** Emits a part as the given type; an untyped null takes it on. */
function emitAs(core: Core, type: SqlType, columns: SqlColumns): string {
  return core.type.kind === 'null' ? `(NULL::${type})` : emit(core, columns)
}

function emit(core: Core, columns: SqlColumns): string {
  const type = sqlType(core.type)
  const as = (part: Core, partType: SqlType) => emitAs(part, partType, columns)
  switch (core.op) {
    case 'constant':
      return constant(core, type)
    case 'item':
      return column(itemColumn(core, columns), core.read.name, type)
    case 'variable':
      return column(columns.variable?.(core.oid) ?? null, core.oid, type)
    case 'parameter':
      return column(columns.parameter?.(core.oid) ?? null, core.oid, type)
    case 'not':
      return `(NOT ${as(core.operand, 'boolean')})`
    case 'negate':
      return `(- ${as(core.operand, type)})`
    case 'and':
    case 'or': {
      const parts = core.operands.map((operand) => as(operand, 'boolean'))
      return `(${parts.join(core.op === 'and' ? ' AND ' : ' OR ')})`
    }
    case 'arithmetic':
      return arithmetic(core.operator, as(core.left, type), as(core.right, type))
    case 'shift': {
      const sign = core.sign === 1 ? '+' : '-'
      return `((${as(core.date, 'date')} ${sign} ${as(core.duration, 'interval')})::date)`
    }
    case 'compare': {
      const side = sideType(core.left, core.right)
      const [left, right] = [as(core.left, side), as(core.right, side)]
      const operator = { '==': '=', '!=': '<>' }[core.operator as string] ?? core.operator
      return `(${comparand(left, side)} ${operator} ${comparand(right, side)})`
    }
    case 'in': {
      const side = sideType(core.value, ...core.options)
      const options = core.options.map((option) => comparand(as(option, side), side))
      return `(${comparand(as(core.value, side), side)} IN (${options.join(', ')}))`
    }
    case 'choose': {
      // A plain ELSE would take an undecided condition for a false one.
      const test = as(core.condition, 'boolean')
      return `(CASE WHEN ${test} THEN ${as(core.then, type)} WHEN NOT ${test} THEN ${as(core.else, type)} END)`
    }
    case 'call': {
      if (core.name === 'today') return today(columns)
      const write = Object.hasOwn(sqlFunctions, core.name) ? sqlFunctions[core.name] : undefined
      if (!write) throw new Unsupported(`${core.name} is not written as SQL.`)
      const args = core.args.map((arg, i) => as(arg, argumentType(core.name, i, arg, type)))
      const sql = write(args, core.args)
      if (sql === null)
        throw new Unsupported(`${core.name} is not written as SQL with these arguments.`)
      return sql
    }
    default:
      throw new Unsupported(`${core.op} is not written as SQL.`)
  }
}

function constant(core: Extract<Core, { op: 'constant' }>, type: SqlType): string {
  const { value } = core
  if (value === null) return `(NULL::${type})`
  if (typeof value === 'number') return `(${numeral(value)}::double precision)`
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  if (typeof value === 'string') return `(${quotedSql(value)}::${type})`
  const { months, days } = value as Duration
  return `make_interval(months => ${months}, days => ${days})`
}

function numeral(value: number): string {
  return value < 0 ? `(${value})` : String(value)
}

/** A text as an SQL literal; the E form keeps its meaning whatever standard_conforming_strings says. */
export function quotedSql(text: string): string {
  const doubled = text.replace(/'/g, "''")
  return text.includes('\\') ? ` E'${doubled.replace(/\\/g, '\\\\')}'` : `'${doubled}'`
}

function itemColumn(core: Extract<Core, { op: 'item' }>, columns: SqlColumns): string | null {
  const { place } = core.read.reference
  if (place.kind !== 'here') throw new Unsupported(`${core.read.name} is not written as SQL.`)
  return columns.item(core.read.reference)
}

function column(sql: string | null, name: string, type: SqlType): string {
  if (sql === null) throw new Unsupported(`${name} has no column.`)
  return `((${sql})::${type})`
}

function today(columns: SqlColumns): string {
  if (columns.today === undefined) throw new Unsupported('today() has no SQL here.')
  return `((${columns.today})::date)`
}

function arithmetic(operator: ArithmeticOperator, left: string, right: string): string {
  switch (operator) {
    case '+':
    case '-':
      return `((${left}::numeric ${operator} ${right}::numeric)::double precision)`
    case '*':
      return `(${left} * ${right})`
    case '/':
      return `(${left} / NULLIF(${right}, 0))`
    default:
      return `((${left}::numeric % NULLIF(${right}::numeric, 0))::double precision)`
  }
}

/** The type both sides of a comparison have; an untyped null follows the others. */
function sideType(...sides: readonly Core[]): SqlType {
  const typed = sides.find((side) => side.type.kind !== 'null')
  return typed ? sqlType(typed.type) : 'text'
}

function comparand(sql: string, type: SqlType): string {
  return type === 'double precision' ? `${sql}::numeric` : sql
}

function argumentType(name: string, index: number, arg: Core, result: SqlType): SqlType {
  if (arg.type.kind !== 'null') return sqlType(arg.type)
  if (name === 'atLeast' && index === 0) return 'double precision'
  if (['countTrue', 'atLeast'].includes(name)) return 'boolean'
  if (['days', 'months', 'years', 'ageAt', 'yearOf', 'isPartial'].includes(name)) return 'date'
  if (name === 'length' || name === 'number') return 'text'
  if (name === 'contains') return index === 0 ? 'text[]' : 'text'
  return name === 'size' ? 'text[]' : result
}
