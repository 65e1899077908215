/**
 * Turns a checked expression into closures, one per operator, without eval or generated code. Logic is three-valued as
 * in SQL: null means missing or undecided, and every operator passes it on unless its result is certain without it.
 */
import type { ArithmeticOperator, ComparisonOperator, Expression } from '#domain/expression/ast.ts'
import { type Checked, checkExpression } from '#domain/expression/check.ts'
import type { Reads } from '#domain/expression/checking.ts'
import { compileRows, type Evaluate } from '#domain/expression/compile-rows.ts'
import type { ComparisonKind, Core, ItemRead } from '#domain/expression/core.ts'
import { languageFunctions } from '#domain/expression/functions.ts'
import { parseExpression } from '#domain/expression/parser.ts'
import type {
  Duration,
  ExpressionFinding,
  ItemReference,
  TypeScope,
  Value,
  ValueType,
} from '#domain/expression/types.ts'
import { add, compareNumbers, remainder, subtract } from '#domain/values/decimal.ts'
import { compareInstants } from '#domain/values/instant.ts'
import { compareDates, shiftDate } from '#domain/values/partial-date.ts'

/** An expression ready to be asked, with what it reads. */
export type Compiled = Reads & {
  ast: Expression
  core: Core
  type: ValueType
  /** Warnings of the checker; errors do not compile. */
  findings: ExpressionFinding[]
  evaluate: Evaluate
  /** How a reading is written, by the reference object handed to the environment; for `explain`. */
  names: ReadonlyMap<ItemReference, string>
}

/** Thrown when an expression with errors is compiled; check it first. */
export class ExpressionProblem extends Error {
  readonly findings: readonly ExpressionFinding[]

  constructor(findings: readonly ExpressionFinding[]) {
    super(findings.map((f) => f.message).join(' '))
    this.name = 'ExpressionProblem'
    this.findings = findings
  }
}

/** Compiles a tree. Throws `ExpressionProblem` where parser or checker have found an error. */
export function compileExpression(
  ast: Expression,
  scope: TypeScope,
  expected?: ValueType['kind'] | ValueType,
): Compiled {
  const checked = checkExpression(ast, scope, expected)
  const errors = checked.findings.filter((f) => f.severity === 'error')
  if (errors.length > 0) throw new ExpressionProblem(errors)
  if (hasError(ast)) {
    const { start, end } = ast
    const message = 'The expression could not be read.'
    throw new ExpressionProblem([{ code: 'syntax', severity: 'error', message, start, end }])
  }
  return compiledFrom(ast, checked)
}

/** Parses, checks and compiles text: `compiled` is null where there is an error, `findings` holds everything found. */
export function compileText(
  text: string,
  scope: TypeScope,
  expected?: ValueType['kind'] | ValueType,
): { compiled: Compiled | null; findings: ExpressionFinding[] } {
  const { ast, findings } = parseExpression(text)
  const checked = checkExpression(ast, scope, expected)
  const all = [...findings, ...checked.findings].sort((a, b) => a.start - b.start || a.end - b.end)
  if (all.some((f) => f.severity === 'error')) return { compiled: null, findings: all }
  return { compiled: compiledFrom(ast, checked), findings: all }
}

function compiledFrom(ast: Expression, checked: Checked): Compiled {
  const names = new Map<ItemReference, string>()
  const evaluate = compile(checked.core, names)
  return { ...checked, ast, evaluate, names }
}

function hasError(node: Expression): boolean {
  if (node.kind === 'error') return true
  return Object.values(node).some((part: unknown) => {
    if (Array.isArray(part)) return part.some((p) => isExpression(p) && hasError(p))
    return isExpression(part) && hasError(part)
  })
}

function isExpression(part: unknown): part is Expression {
  return typeof part === 'object' && part !== null && 'kind' in part && 'start' in part
}

type Names = Map<ItemReference, string>

function compile(core: Core, names: Names): Evaluate {
  switch (core.op) {
    case 'constant': {
      const { value } = core
      return () => value
    }
    case 'item': {
      const reference = runtimeReference(core.read, names)
      return withFrame(core.read.bound, (environment, frame) => environment.value(reference, frame))
    }
    case 'reason': {
      const reference = runtimeReference(core.read, names)
      return withFrame(core.read.bound, (environment, frame) =>
        environment.missing(reference, frame),
      )
    }
    case 'variable': {
      const { oid } = core
      return (environment) => environment.variable(oid)
    }
    case 'parameter': {
      const { oid } = core
      return (environment) => environment.parameter(oid)
    }
    case 'event':
      return withFrame(core.bound, (environment, frame) => environment.eventOf(frame))
    case 'index':
      return withFrame(core.bound, (environment, frame) => environment.indexOf(frame))
    case 'date':
      return withFrame(core.bound, (environment, frame) => environment.recordDate(frame))
    case 'not': {
      const operand = compile(core.operand, names)
      return (environment, frame) => {
        const value = operand(environment, frame)
        return value === null ? null : value === false
      }
    }
    case 'negate': {
      const operand = compile(core.operand, names)
      return (environment, frame) => {
        const value = operand(environment, frame)
        return value === null ? null : 0 - (value as number)
      }
    }
    case 'and':
      return compileLogic(core.operands, names, false)
    case 'or':
      return compileLogic(core.operands, names, true)
    case 'arithmetic':
      return compileArithmetic(core.operator, compile(core.left, names), compile(core.right, names))
    case 'shift': {
      const date = compile(core.date, names)
      const duration = compile(core.duration, names)
      const { sign } = core
      return (environment, frame) => {
        const from = date(environment, frame)
        const by = duration(environment, frame)
        if (from === null || by === null) return null
        return shiftDate(from as string, by as Duration, sign)
      }
    }
    case 'compare': {
      const left = compile(core.left, names)
      const right = compile(core.right, names)
      return compileCompare(core.operator, core.comparison, left, right)
    }
    case 'in':
      return compileIn(core, names)
    case 'choose': {
      const condition = compile(core.condition, names)
      const then = compile(core.then, names)
      const otherwise = compile(core.else, names)
      return (environment, frame) => {
        const test = condition(environment, frame)
        if (test === null) return null
        return test === true ? then(environment, frame) : otherwise(environment, frame)
      }
    }
    case 'call':
      return compileCall(
        core.name,
        core.args.map((arg) => compile(arg, names)),
      )
    case 'field': {
      const { name } = core
      const args = core.args.map((arg) => compile(arg, names))
      return (environment, frame) =>
        environment.call(
          name,
          args.map((arg) => arg(environment, frame)),
          frame,
        )
    }
    case 'rows':
      return compileRows(core, (part) => compile(part, names))
  }
}

/** A bound item is read `here`, in the frame of its row; places keep their meaning, seen from that row. */
function runtimeReference(read: ItemRead, names: Names): ItemReference {
  const { reference } = read
  const place = reference.place.kind === 'bound' ? ({ kind: 'here' } as const) : reference.place
  const own = Object.freeze({ ...reference, place })
  names.set(own, read.name)
  return own
}

function withFrame(bound: string | null, read: Evaluate): Evaluate {
  if (bound === null) return read
  return (environment, frame) => {
    const row = frame.bound?.[bound]
    return row === undefined ? null : read(environment, row)
  }
}

/** Kleene's `and` (decisive value false) and `or` (decisive value true). */
function compileLogic(operands: readonly Core[], names: Names, decisive: boolean): Evaluate {
  const parts = operands.map((operand) => compile(operand, names))
  return (environment, frame) => {
    let isUndecided = false
    for (const part of parts) {
      const value = part(environment, frame)
      if (value === decisive) return decisive
      if (value === null) isUndecided = true
    }
    return isUndecided ? null : !decisive
  }
}

const arithmetic: Record<ArithmeticOperator, (a: number, b: number) => number | null> = {
  '+': add,
  '-': subtract,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0 ? null : a / b),
  '%': (a, b) => (b === 0 ? null : remainder(a, b)),
}

function compileArithmetic(
  operator: ArithmeticOperator,
  left: Evaluate,
  right: Evaluate,
): Evaluate {
  const apply = arithmetic[operator]
  return (environment, frame) => {
    const a = left(environment, frame)
    const b = right(environment, frame)
    if (a === null || b === null) return null
    const result = apply(a as number, b as number)
    // Beyond the range of numbers there is no value.
    return result === null || !Number.isFinite(result) ? null : result
  }
}

const tests: Record<ComparisonOperator, (order: number) => boolean> = {
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
}

/** Order of two known values; null where it is undecided. For texts and yes/no only equality counts. */
export const orders: Record<ComparisonKind, (a: Value, b: Value) => number | null> = {
  number: (a, b) => compareNumbers(a as number, b as number),
  text: (a, b) => (a === b ? 0 : 1),
  boolean: (a, b) => (a === b ? 0 : 1),
  date: (a, b) => compareDates(a as string, b as string),
  dateTime: (a, b) => compareInstants(a as string, b as string),
}

function compileCompare(
  operator: ComparisonOperator,
  kind: ComparisonKind,
  left: Evaluate,
  right: Evaluate,
): Evaluate {
  const test = tests[operator]
  const order = orders[kind]
  return (environment, frame) => {
    const a = left(environment, frame)
    if (a === null) return null
    const b = right(environment, frame)
    if (b === null) return null
    const result = order(a, b)
    return result === null ? null : test(result)
  }
}

function compileIn(core: Extract<Core, { op: 'in' }>, names: Names): Evaluate {
  const value = compile(core.value, names)
  const options = core.options.map((option) => compile(option, names))
  const order = orders[core.comparison]
  return (environment, frame) => {
    const sought = value(environment, frame)
    if (sought === null) return null
    let isUndecided = false
    for (const option of options) {
      const candidate = option(environment, frame)
      const result = candidate === null ? null : order(sought, candidate)
      if (result === 0) return true
      if (result === null) isUndecided = true
    }
    return isUndecided ? null : false
  }
}

function compileCall(name: string, args: readonly Evaluate[]): Evaluate {
  if (name === 'today') return (environment) => environment.today
  const definition = languageFunctions[name]
  if (!definition) throw new Error(`No function ${name}`)
  const { run, lenient } = definition
  return (environment, frame) => {
    const values: Value[] = []
    for (const arg of args) {
      const value = arg(environment, frame)
      if (value === null && !lenient) return null
      values.push(value)
    }
    const result = run(values)
    return typeof result === 'number' && !Number.isFinite(result) ? null : result
  }
}
