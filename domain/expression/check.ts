/**
 * The type checker. It turns a syntax tree into its checked form (`Core`) and collects on the way what the expression
 * reads. Mistakes become findings and the part gets the type `null`, which fits everywhere, so that one mistake is
 * reported once. Names are resolved in `check-names.ts`, calls in `check-calls.ts`; this file holds the operators.
 */
import type { ComparisonOperator, Expression, Span } from '#domain/expression/ast.ts'
import { checkCall, checkMethod, checkRows } from '#domain/expression/check-calls.ts'
import { asValue, resolve } from '#domain/expression/check-names.ts'
import {
  type Checking,
  condition,
  failed,
  type Reads,
  report,
  reportAbsent,
} from '#domain/expression/checking.ts'
import { type Core, literalTexts } from '#domain/expression/core.ts'
import type { ExpressionFinding, TypeScope, ValueType } from '#domain/expression/types.ts'
import {
  codeNames,
  comparisonOf,
  kindName,
  plainNumber,
  productUnit,
  typeName,
  unify,
  unitsConflict,
} from '#domain/expression/value-type.ts'

export type Checked = Reads & { type: ValueType; core: Core; findings: ExpressionFinding[] }

/**
 * Checks an expression against what its names mean. `expected` is the type it must result in: a kind, or a whole type
 * whose codes and unit are then compared too. Never throws.
 */
export function checkExpression(
  ast: Expression,
  scope: TypeScope,
  expected?: ValueType['kind'] | ValueType,
): Checked {
  const reads: Reads = {
    references: [],
    collections: [],
    variables: [],
    parameters: [],
    functions: [],
    usesEvent: false,
    usesIndex: false,
    usesDate: false,
  }
  const checking: Checking = {
    scope,
    reads,
    findings: [],
    variables: new Map(),
    seen: new Set(),
    value: (node) => check(checking, node),
    rows: (node) => checkRows(checking, node),
  }
  const core = check(checking, ast)
  if (expected !== undefined) expectResult(checking, core, expected, ast)
  checking.findings.sort((a, b) => a.start - b.start || a.end - b.end)
  return { ...reads, type: core.type, core, findings: checking.findings }
}

function check(checking: Checking, node: Expression): Core {
  switch (node.kind) {
    case 'error':
      return failed()
    case 'number':
      return { op: 'constant', type: plainNumber, value: node.value }
    case 'text':
      return { op: 'constant', type: { kind: 'text' }, value: node.value }
    case 'boolean':
      return { op: 'constant', type: { kind: 'boolean' }, value: node.value }
    case 'null':
      return failed()
    case 'duration':
      return { op: 'constant', type: { kind: 'duration' }, value: node.value }
    case 'name':
    case 'member':
    case 'row':
      return asValue(checking, resolve(checking, node), node)
    case 'call':
      return checkCall(checking, node)
    case 'method':
      return checkMethod(checking, node)
    case 'not':
      return {
        op: 'not',
        type: { kind: 'boolean' },
        operand: condition(checking, node.operand, '!'),
      }
    case 'negate':
      return checkNegate(checking, node)
    case 'logic':
      return {
        op: node.operator === '&&' ? 'and' : 'or',
        type: { kind: 'boolean' },
        operands: node.operands.map((o) => condition(checking, o, node.operator)),
      }
    case 'compare':
      return checkCompare(checking, node)
    case 'in':
      return checkIn(checking, node)
    case 'arithmetic':
      return checkArithmetic(checking, node)
    case 'choose':
      return checkChoose(checking, node)
  }
}

type Node<K extends Expression['kind']> = Extract<Expression, { kind: K }>

function checkNegate(checking: Checking, node: Node<'negate'>): Core {
  const operand = check(checking, node.operand)
  if (operand.type.kind === 'null') return failed()
  if (operand.type.kind !== 'number') {
    report(checking, 'not-number', `- needs a number; this is ${typeName(operand.type)}.`, node)
    return failed()
  }
  if (operand.op === 'constant' && typeof operand.value === 'number') {
    return { ...operand, value: 0 - operand.value }
  }
  return { op: 'negate', type: operand.type, operand }
}

function checkArithmetic(checking: Checking, node: Node<'arithmetic'>): Core {
  const left = check(checking, node.left)
  const right = check(checking, node.right)
  const { operator } = node
  if (operator === '+' || operator === '-') {
    const shift = checkShift(checking, node, left, right)
    if (shift) return shift
  }
  let good = true
  for (const [core, at] of [
    [left, node.left],
    [right, node.right],
  ] as const) {
    if (core.type.kind === 'number' || core.type.kind === 'null') continue
    report(checking, 'not-number', `${operator} needs numbers; this is ${typeName(core.type)}.`, at)
    good = false
  }
  if (!good) return failed()
  const a = left.type.kind === 'number' ? left.type.unit : null
  const b = right.type.kind === 'number' ? right.type.unit : null
  let unit: string | null
  if (operator === '+' || operator === '-') {
    unit = a ?? b
    if (unitsConflict(a, b)) {
      report(checking, 'unit', `${operator} of ${unitName(a)} and ${unitName(b)}.`, node)
      unit = null
    }
  } else {
    unit = productUnit(operator, a, b)
  }
  return { op: 'arithmetic', type: { kind: 'number', unit }, operator, left, right }
}

function unitName(unit: string | null): string {
  return unit === '' || unit === null ? 'a plain number' : unit
}

/** `date + 28d` and `date - 28d`; null when neither side is a date or a duration. */
function checkShift(
  checking: Checking,
  node: Node<'arithmetic'>,
  left: Core,
  right: Core,
): Core | null {
  const kinds = [left.type.kind, right.type.kind]
  if (!kinds.some((k) => k === 'date' || k === 'dateTime' || k === 'duration')) return null
  if (kinds.includes('null')) return failed()
  if (left.type.kind === 'date' && right.type.kind === 'duration') {
    const sign = node.operator === '+' ? 1 : -1
    return { op: 'shift', type: left.type, sign, date: left, duration: right }
  }
  let message = `${typeName(left.type)} ${node.operator} ${typeName(right.type)} has no meaning.`
  if (left.type.kind === 'date' && right.type.kind === 'date' && node.operator === '-') {
    message = 'Dates are not subtracted; days(a, b) counts the days from a to b.'
  } else if (left.type.kind === 'date' && right.type.kind === 'number') {
    message = 'A duration has a unit: write 28d, 4w, 6mo or 1y.'
  } else if (left.type.kind === 'duration' && right.type.kind === 'date') {
    message = 'Write the date first: date + 28d.'
  } else if (kinds.includes('dateTime')) {
    message = 'Take the date first: dateOf(x) + 28d.'
  }
  report(checking, 'shift', message, node)
  return failed()
}

function checkCompare(checking: Checking, node: Node<'compare'>): Core {
  const left = check(checking, node.left)
  const right = check(checking, node.right)
  if (node.left.kind === 'null' || node.right.kind === 'null') {
    const message = 'A comparison with null is never true; use missing(x) or known(x).'
    report(checking, 'null-compare', message, node)
    return failed()
  }
  const comparison = comparable(checking, left, right, node, node.operator)
  if (!comparison) return failed()
  const { operator } = node
  return { op: 'compare', type: { kind: 'boolean' }, operator, comparison, left, right }
}

function checkIn(checking: Checking, node: Node<'in'>): Core {
  const value = check(checking, node.value)
  const options: Core[] = []
  let kind: ReturnType<typeof comparable> = null
  let good = true
  if (value.type.kind === 'codes') {
    const message = "A set of codes is asked with contains(x, 'CODE')."
    report(checking, 'compare', message, node.value)
    for (const option of node.options) check(checking, option)
    return failed()
  }
  for (const option of node.options) {
    const core = check(checking, option)
    options.push(core)
    const found = comparable(checking, value, core, option, '==')
    if (!found) good = false
    kind = found ?? kind
  }
  if (!good || !kind) return failed()
  return { op: 'in', type: { kind: 'boolean' }, comparison: kind, value, options }
}

/** How two sides are compared; reports and gives null where they cannot be. */
function comparable(
  checking: Checking,
  left: Core,
  right: Core,
  where: Span,
  operator: ComparisonOperator,
) {
  const a = left.type
  const b = right.type
  const comparison = comparisonOf(a, b)
  if (!comparison) {
    report(checking, 'compare', incomparable(a, b), where)
    return null
  }
  if (a.kind === 'number' && b.kind === 'number' && unitsConflict(a.unit, b.unit)) {
    report(checking, 'unit', `Compares ${unitName(a.unit)} with ${unitName(b.unit)}.`, where)
    return null
  }
  if (a.kind === 'null' && b.kind === 'null') return comparison
  if ((comparison === 'text' || comparison === 'boolean') && !/^[!=]=$/.test(operator)) {
    const what = comparison === 'text' ? 'Texts and codes' : 'Yes/no values'
    const more = comparison === 'text' ? '; number(x) makes a number of a code' : ''
    report(checking, 'order', `${what} are only equal or not${more}.`, where)
    return null
  }
  if (a.kind === 'code' && !codesMeet(checking, a, right, where)) return null
  if (b.kind === 'code' && a.kind !== 'code' && !codesMeet(checking, b, left, where)) return null
  return comparison
}

function incomparable(a: ValueType, b: ValueType): string {
  const kinds = [a.kind, b.kind]
  let more = ''
  if (kinds.includes('dateTime') && kinds.includes('date')) more = ' Use dateOf(x).'
  else if (kinds.includes('duration')) more = ' days(a, b) > 28 compares a number of days.'
  else if (kinds.includes('date') && kinds.includes('text')) more = " Write date('2016-03-15')."
  else if (kinds.includes('codes')) more = " Use contains(x, 'CODE')."
  else if (kinds.includes('number') && kinds.includes('code')) more = ' number(x) makes a number.'
  return `Compares ${typeName(a)} with ${typeName(b)}.${more}`
}

type CodeType = Extract<ValueType, { kind: 'code' }>

/** True where what a code is compared with can be one of its list. */
function codesMeet(checking: Checking, code: CodeType, other: Core, where: Span): boolean {
  if (other.type.kind === 'null' || code.codes.length === 0) return true
  const named = code.list ? `of ${code.list} ` : ''
  if (other.type.kind === 'code') {
    if (other.type.codes.length === 0 || other.type.codes.some((c) => code.codes.includes(c))) {
      return true
    }
    const lists = `${code.list || 'one list'} and ${other.type.list || 'the other'}`
    report(checking, 'code', `The codes of ${lists} have nothing in common.`, where)
    return false
  }
  const texts = literalTexts(other)
  if (!texts) {
    const message = `A code ${named}is compared with codes written out, not with a text.`
    report(checking, 'code', message, where)
    return false
  }
  for (const text of texts) {
    if (code.missing?.includes(text)) {
      const message = `${text} means that the value is missing; ask reason(x) or missing(x).`
      report(checking, 'code-missing', message, where)
      return false
    }
    if (!code.codes.includes(text)) {
      const message = `'${text}' is not a code ${named}(${codeNames(code.codes)}).`
      if (!reportAbsent(checking, text, message, where)) return false
    }
  }
  return true
}

function checkChoose(checking: Checking, node: Node<'choose'>): Core {
  const test = condition(checking, node.condition, '?')
  const then = check(checking, node.then)
  const otherwise = check(checking, node.else)
  const type = unify(then, otherwise)
  if (typeof type === 'string') {
    report(checking, 'branches', `The two results do not fit: ${type}.`, node)
    return failed()
  }
  return { op: 'choose', type, condition: test, then, else: otherwise }
}

function expectResult(
  checking: Checking,
  core: Core,
  expected: ValueType['kind'] | ValueType,
  where: Span,
): void {
  const { type } = core
  const kind = typeof expected === 'string' ? expected : expected.kind
  if (type.kind === 'null' || kind === 'null') return
  const texts = kind === 'code' && type.kind === 'text' ? literalTexts(core) : null
  if (kind === 'code' && type.kind === 'text' && !texts) {
    const message =
      'Results in a text; whether it is a code of the list shows only when it is used.'
    report(checking, 'text-as-code', message, where, 'warning')
    return
  }
  const fits = type.kind === kind || (kind === 'text' && type.kind === 'code') || texts !== null
  if (!fits) {
    const message = `Results in ${typeName(type)}; ${kindName(kind)} is needed.`
    report(checking, 'result-type', message, where)
    return
  }
  if (typeof expected === 'string') return
  if (expected.kind === 'number' && type.kind === 'number') {
    if (unitsConflict(expected.unit, type.unit)) {
      const message = `Results in ${unitName(type.unit)}; ${unitName(expected.unit)} is needed.`
      report(checking, 'unit', message, where)
    }
  }
  if (expected.kind === 'date' && type.kind === 'date' && type.partial && !expected.partial) {
    const message = 'Results in a date that may be partial; impute(x) makes it full.'
    report(checking, 'partial-result', message, where, 'warning')
  }
  if (expected.kind === 'code' && expected.codes.length > 0) {
    const codes = texts ?? (type.kind === 'code' ? type.codes : [])
    const strange = codes.filter(
      (c) => !expected.codes.includes(c) && !expected.missing?.includes(c),
    )
    if (strange.length > 0) {
      const list = expected.list ? `of ${expected.list} ` : ''
      const shown = codeNames(strange)
      const message = `Can result in ${shown}, not a code ${list}(${codeNames(expected.codes)}).`
      report(checking, 'result-code', message, where)
    }
  }
}
