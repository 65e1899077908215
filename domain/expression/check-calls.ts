/** Calls: the language's functions, the study's functions, and the methods of collections. */
import type { Expression } from '#domain/expression/ast.ts'
import {
  addOnce,
  asValue,
  noteCollection,
  noteItem,
  resolve,
} from '#domain/expression/check-names.ts'
import {
  type Checking,
  condition,
  failed,
  report,
  reportAbsent,
} from '#domain/expression/checking.ts'
import {
  type CollectionMethod,
  type Core,
  collectionMethods,
  literalTexts,
  type RowSource,
} from '#domain/expression/core.ts'
import {
  isPlaceFunction,
  type LanguageFunction,
  languageFunctions,
  type ParameterKind,
  reasonType,
  specialFunctions,
} from '#domain/expression/functions.ts'
import { isReservedWord } from '#domain/expression/parser.ts'
import { hint, nearestNames } from '#domain/expression/suggest.ts'
import type { FieldFunction, ValueType } from '#domain/expression/types.ts'
import {
  codeNames,
  kindName,
  plainNumber,
  typeName,
  unify,
  unknownType,
} from '#domain/expression/value-type.ts'
import { isFullDate, isPartialDate } from '#domain/values/partial-date.ts'

type Call = Extract<Expression, { kind: 'call' }>
type Method = Extract<Expression, { kind: 'method' }>

/** Collections inside collections inside collections; deeper ones would take too long on a large casebook. */
const maxCollectionDepth = 3

export function checkCall(checking: Checking, node: Call): Core {
  const { name } = node
  if (isPlaceFunction(name)) return asValue(checking, resolve(checking, node), node)
  switch (name) {
    case 'date':
      return checkDate(checking, node)
    case 'reason':
      return checkReason(checking, node)
    case 'today':
      if (node.args.length > 0) report(checking, 'arguments', 'today() has no argument.', node)
      return { op: 'call', type: { kind: 'date', partial: false }, name, args: [] }
  }
  const own = Object.hasOwn(languageFunctions, name) ? languageFunctions[name] : undefined
  if (own) return checkOwn(checking, node, own)
  const field = checking.scope.fieldFunction(name)
  if (field) return checkField(checking, node, field)
  const names = [...Object.keys(languageFunctions), ...specialFunctions]
  const near = hint(nearestNames(name, names))
  report(checking, 'unknown-function', `There is no function ${name}.${near}`, node.nameSpan)
  for (const arg of node.args) checking.value(arg)
  return failed()
}

function checkDate(checking: Checking, node: Call): Core {
  const [arg] = node.args
  if (node.args.length !== 1 || arg?.kind !== 'text' || !isPartialDate(arg.value)) {
    const message = "A date is written date('2016-03-15'), as far as known date('2016-03')."
    report(checking, 'date', message, arg ?? node)
    return failed()
  }
  const type: ValueType = { kind: 'date', partial: !isFullDate(arg.value) }
  return { op: 'constant', type, value: arg.value }
}

function checkReason(checking: Checking, node: Call): Core {
  const [arg] = node.args
  if (node.args.length !== 1 || !arg) {
    report(checking, 'arguments', 'reason is written reason(ITEM).', node)
    return failed()
  }
  const found = resolve(checking, arg)
  if (found.kind === 'failed') return failed()
  if (found.kind !== 'item') {
    report(checking, 'place', 'reason needs an item; only items have a reason.', arg)
    return failed()
  }
  noteItem(checking, found.read, arg)
  return { op: 'reason', type: reasonType, read: found.read }
}

function checkOwn(checking: Checking, node: Call, own: LanguageFunction): Core {
  const { name } = node
  const args = node.args.map((arg) => checking.value(arg))
  const fixed = own.parameters.length
  const least = fixed + (own.rest?.least ?? 0)
  if (args.length < least || (!own.rest && args.length > fixed)) {
    const needed = own.rest ? `at least ${least}` : String(fixed)
    const message = `${name} has ${args.length} arguments; ${needed} needed.`
    report(checking, 'arguments', message, node)
    return failed()
  }
  let good = true
  args.forEach((arg, i) => {
    const kind = own.parameters[i] ?? own.rest?.kind ?? 'any'
    if (takes(kind, arg.type)) return
    good = false
    const message = `${name} needs ${parameterName(kind)} here; this is ${typeName(arg.type)}.`
    const more = arg.type.kind === 'date' && kind === 'number' ? dateFunctionHint(name) : ''
    report(checking, 'argument-type', message + more, node.args[i] as Expression)
  })
  if (!good) return failed()
  if (name === 'contains') checkContained(checking, node, args)
  if (name === 'round') checkDigits(checking, node, args[1])
  return { op: 'call', type: resultType(checking, node, own, args), name, args }
}

function dateFunctionHint(name: string): string {
  if (name === 'min') return ' For dates use earliest(...).'
  return name === 'max' ? ' For dates use latest(...).' : ''
}

function takes(kind: ParameterKind, type: ValueType): boolean {
  if (kind === 'any' || type.kind === 'null') return true
  if (kind === 'text') return type.kind === 'text' || type.kind === 'code'
  return type.kind === kind
}

function parameterName(kind: ParameterKind): string {
  return kind === 'any' ? 'a value' : kindName(kind)
}

function resultType(
  checking: Checking,
  node: Call,
  own: LanguageFunction,
  args: readonly Core[],
): ValueType {
  if (own.result === 'first') {
    const first = args[0]?.type
    return first?.kind === 'number' ? first : plainNumber
  }
  if (own.result !== 'same') return own.result
  let joint = args[0] as Core
  for (let i = 1; i < args.length; i += 1) {
    const type = unify(joint, args[i] as Core)
    if (typeof type === 'string') {
      const message = `The arguments of ${node.name} do not fit: ${type}.`
      report(checking, 'branches', message, node.args[i] as Expression)
      return unknownType
    }
    joint = { op: 'call', type, name: 'coalesce', args: args.slice(0, i + 1) }
  }
  return joint.type
}

function checkContained(checking: Checking, node: Call, args: readonly Core[]): void {
  const set = args[0]?.type
  const code = args[1]
  if (set?.kind !== 'codes' || set.codes.length === 0 || !code) return
  for (const text of literalTexts(code) ?? []) {
    if (set.codes.includes(text)) continue
    const list = set.list ? `of ${set.list} ` : ''
    const message = `'${text}' is not a code ${list}(${codeNames(set.codes)}).`
    reportAbsent(checking, text, message, node.args[1] as Expression)
  }
}

function checkDigits(checking: Checking, node: Call, digits: Core | undefined): void {
  if (digits?.op !== 'constant' || typeof digits.value !== 'number') return
  if (Number.isInteger(digits.value) && Math.abs(digits.value) <= 10) return
  const message = 'round takes a whole number of decimals between -10 and 10.'
  report(checking, 'argument-type', message, node.args[1] as Expression)
}

function checkField(checking: Checking, node: Call, field: FieldFunction): Core {
  const args = node.args.map((arg, i) =>
    field.parameters[i]?.type === 'form' ? formArgument(checking, arg) : checking.value(arg),
  )
  const needed = field.parameters.filter((p) => !p.optional).length
  const shape = `${field.name}(${field.parameters.map((p) => p.name).join(', ')})`
  if (args.length < needed || args.length > field.parameters.length) {
    report(checking, 'arguments', `${field.name} is written ${shape}.`, node)
    return failed()
  }
  args.forEach((arg, i) => {
    const parameter = field.parameters[i]
    if (!parameter || parameter.type === 'form' || fieldTakes(parameter.type, arg)) return
    const message = `${parameter.name} of ${shape} is ${kindName(parameter.type)}; this is ${typeName(arg.type)}.`
    report(checking, 'argument-type', message, node.args[i] as Expression)
  })
  addOnce(checking.reads.functions, field.name)
  return { op: 'field', type: field.result, name: field.name, args }
}

/** The OID of a form; its instances count as read. */
function formArgument(checking: Checking, node: Expression): Core {
  const found = resolve(checking, node)
  if (found.kind === 'failed') return failed()
  if (found.kind !== 'form' || found.group !== null || found.bound !== null) {
    report(checking, 'argument-type', 'The name of a form is needed here.', node)
    return failed()
  }
  noteCollection(checking, { form: found.form, group: null, event: null })
  return { op: 'constant', type: { kind: 'text' }, value: found.form }
}

function fieldTakes(kind: ValueType['kind'], arg: Core): boolean {
  const given = arg.type.kind
  if (kind === 'null' || given === 'null' || given === kind) return true
  return (kind === 'text' && given === 'code') || (kind === 'code' && given === 'text')
}

export function checkMethod(checking: Checking, node: Method): Core {
  const method = collectionMethods.find((m) => m === node.name)
  if (!method) {
    if (node.name === 'filter') {
      return asValue(checking, resolve(checking, node), node)
    }
    const near = hint(nearestNames(node.name, [...collectionMethods, 'filter']))
    const message = `There is no method ${node.name}.${near}`
    report(checking, 'unknown-method', message, node.nameSpan)
    return failed()
  }
  const source = rowsOf(checking, node.object)
  if (!source) return failed()
  const isShort = node.args.length === 0 && (method === 'exists' || method === 'count')
  if (isShort) {
    const type: ValueType = method === 'count' ? countType : { kind: 'boolean' }
    return { op: 'rows', type, method, source, variable: '', body: null }
  }
  const lambda = withRow(checking, node, source, (body) => checkBody(checking, method, body))
  if (!lambda) return failed()
  const { variable, result } = lambda
  return { op: 'rows', type: result.type, method, source, variable, body: result.body }
}

const countType: ValueType = { kind: 'number', unit: '' }

function checkBody(
  checking: Checking,
  method: CollectionMethod,
  node: Expression,
): { type: ValueType; body: Core } {
  if (method === 'exists' || method === 'all' || method === 'count') {
    const body = condition(checking, node, `.${method}`)
    return { type: method === 'count' ? countType : { kind: 'boolean' }, body }
  }
  const body = checking.value(node)
  const { kind } = body.type
  const isNumber = kind === 'number' || kind === 'null'
  const isOrdered = isNumber || kind === 'date'
  const isNumeric = method === 'sum' || method === 'mean' || method === 'median'
  const fits = isNumeric ? isNumber : isOrdered
  if (method !== 'first' && method !== 'last' && !fits) {
    const what = isNumeric ? 'numbers' : 'numbers or dates'
    report(
      checking,
      'argument-type',
      `.${method} needs ${what}; this is ${typeName(body.type)}.`,
      node,
    )
    return { type: unknownType, body: failed() }
  }
  return { type: body.type, body }
}

/** The rows a filter leaves; null where the path is none. */
export function checkRows(checking: Checking, node: Method): RowSource | null {
  const source = rowsOf(checking, node.object)
  if (!source) return null
  const lambda = withRow(checking, node, source, (body) => condition(checking, body, '.filter'))
  if (!lambda) return null
  const filter = { variable: lambda.variable, condition: lambda.result }
  return { reference: source.reference, filters: [...source.filters, filter] }
}

function rowsOf(checking: Checking, node: Expression): RowSource | null {
  const found = resolve(checking, node)
  if (found.kind === 'failed') return null
  if (found.kind === 'rows') {
    noteCollection(checking, found.source.reference)
    return found.source
  }
  if (found.kind === 'form' && found.bound === null) {
    const reference = { form: found.form, group: found.group, event: null }
    noteCollection(checking, reference)
    return { reference, filters: [] }
  }
  const message = 'Only a form or a group of a form has rows: F_AE.exists(r, ...).'
  report(checking, 'not-rows', message, node)
  return null
}

/** Checks the second argument of a method with its first one bound to a row. */
function withRow<T>(
  checking: Checking,
  node: Method,
  source: RowSource,
  then: (body: Expression) => T,
): { variable: string; result: T } | null {
  const [binder, body] = node.args
  if (node.args.length !== 2 || !binder || !body) {
    const message = `.${node.name} is written .${node.name}(r, ...) with r naming the row.`
    report(checking, 'arguments', message, node)
    return null
  }
  if (binder.kind !== 'name' || !/^[a-z][A-Za-z0-9]*$/.test(binder.name)) {
    report(checking, 'row-name', 'The row is named in lower case: r.', binder)
    return null
  }
  const variable = binder.name
  const isTaken =
    checking.variables.has(variable) ||
    isReservedWord(variable) ||
    ['event', 'index', 'date'].includes(variable)
  if (isTaken) {
    report(checking, 'row-name', `${variable} is already used; name this row otherwise.`, binder)
    return null
  }
  if (checking.variables.size >= maxCollectionDepth) {
    const message = `Collections may be nested ${maxCollectionDepth} deep.`
    report(checking, 'too-deep', message, node)
    return null
  }
  const { form, group } = source.reference
  checking.variables.set(variable, { form, group })
  const result = then(body)
  checking.variables.delete(variable)
  return { variable, result }
}
