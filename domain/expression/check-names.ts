/** What names and paths mean: items, rows, forms, visits, variables, and items seen from another place. */
import type { Expression } from '#domain/expression/ast.ts'
import { type Checking, failed, report } from '#domain/expression/checking.ts'
import type { Core, ItemRead, RowSource } from '#domain/expression/core.ts'
import {
  isPlaceFunction,
  languageFunctions,
  type PlaceFunction,
  specialFunctions,
} from '#domain/expression/functions.ts'
import { printExpression } from '#domain/expression/print.ts'
import { hint, nearestNames } from '#domain/expression/suggest.ts'
import type {
  CollectionReference,
  ItemReference,
  Meaning,
  Place,
  TypeScope,
  ValueType,
} from '#domain/expression/types.ts'

/** A path before it is used as a value or as a collection. `bound` is the row variable it starts from. */
export type Resolution =
  | { kind: 'failed' }
  | { kind: 'value'; core: Core }
  | { kind: 'item'; read: ItemRead; type: ValueType }
  | { kind: 'form'; form: string; group: string | null; bound: string | null }
  | { kind: 'row'; form: string; group: string; row: string; bound: string | null }
  | { kind: 'bound'; variable: string }
  | { kind: 'event'; event: string }
  | { kind: 'rows'; source: RowSource }

const nothing: Resolution = { kind: 'failed' }

export function resolve(checking: Checking, node: Expression): Resolution {
  switch (node.kind) {
    case 'name':
      return resolveName(checking, node)
    case 'member':
      return resolveMember(checking, node)
    case 'row':
      return resolveRow(checking, node)
    case 'call':
      return isPlaceFunction(node.name)
        ? resolvePlace(checking, node, node.name)
        : nothingIn(checking, node)
    case 'method':
      if (node.name === 'filter') {
        const source = checking.rows(node)
        return source ? { kind: 'rows', source } : nothing
      }
      return nothingIn(checking, node)
    default:
      return nothingIn(checking, node)
  }
}

function nothingIn(checking: Checking, node: Expression): Resolution {
  if (node.kind !== 'error') {
    const message = `${printExpression(node)} is not an item, a form or a group.`
    report(checking, 'not-a-path', message, node)
  }
  return nothing
}

function resolveName(checking: Checking, node: Extract<Expression, { kind: 'name' }>): Resolution {
  const { name } = node
  if (checking.variables.has(name)) return { kind: 'bound', variable: name }
  const meaning = checking.scope.name(name)
  if (!meaning) {
    if (isIntrinsic(name)) return intrinsic(checking, name, null)
    const known = [...checking.variables.keys(), ...checking.scope.suggestions(name)]
    const near = checking.scope.suggestions(name).length > 0 ? known : nearestNames(name, known)
    const isFunction =
      Object.hasOwn(languageFunctions, name) || specialFunctions.some((f) => f === name)
    const more = isFunction ? ` The function is written ${name}(...).` : hint(near.slice(0, 3))
    report(checking, 'unknown-name', `${name} is not known here.${more}`, node)
    return nothing
  }
  return ofMeaning(checking, meaning, node, null)
}

/** What every row and record has beside its items. */
type Intrinsic = 'event' | 'index' | 'date'

function isIntrinsic(name: string): name is Intrinsic {
  return name === 'event' || name === 'index' || name === 'date'
}

function intrinsic(checking: Checking, name: Intrinsic, bound: string | null): Resolution {
  const { reads, scope } = checking
  if (name === 'event') reads.usesEvent = true
  else if (name === 'index') reads.usesIndex = true
  else reads.usesDate = true
  return { kind: 'value', core: { op: name, type: intrinsicType(name, scope), bound } }
}

function intrinsicType(name: Intrinsic, scope: TypeScope): ValueType {
  if (name === 'index') return { kind: 'number', unit: '' }
  if (name === 'date') return { kind: 'date', partial: true }
  return { kind: 'code', list: '', codes: scope.eventCodes?.() ?? [] }
}

function ofMeaning(
  checking: Checking,
  meaning: Meaning,
  node: Expression,
  bound: string | null,
): Resolution {
  switch (meaning.kind) {
    case 'item': {
      const place: Place =
        bound === null ? meaning.reference.place : { kind: 'bound', variable: bound }
      const reference = { ...meaning.reference, place }
      return {
        kind: 'item',
        read: { reference, bound, name: printExpression(node) },
        type: meaning.type,
      }
    }
    case 'form':
      return { kind: 'form', form: meaning.form, group: null, bound }
    case 'group':
      return { kind: 'form', form: meaning.form, group: meaning.group, bound }
    case 'event':
      return { kind: 'event', event: meaning.event }
    case 'variable':
      addOnce(checking.reads.variables, meaning.oid)
      return {
        kind: 'value',
        core: { op: 'variable', type: meaning.type, oid: meaning.oid },
      }
    case 'parameter':
      addOnce(checking.reads.parameters, meaning.oid)
      return {
        kind: 'value',
        core: { op: 'parameter', type: meaning.type, oid: meaning.oid },
      }
  }
}

function resolveMember(
  checking: Checking,
  node: Extract<Expression, { kind: 'member' }>,
): Resolution {
  const object = resolve(checking, node.object)
  const { scope } = checking
  switch (object.kind) {
    case 'failed':
      return nothing
    case 'bound': {
      const { variable } = object
      const row = checking.variables.get(variable)
      if (!row) return nothing
      if (isIntrinsic(node.name)) return intrinsic(checking, node.name, variable)
      const meaning =
        scope.member(row.form, row.group, node.name) ??
        (row.group === null ? undefined : scope.member(row.form, null, node.name))
      return meaning
        ? ofMeaning(checking, meaning, node, variable)
        : unknownMember(checking, node, variable)
    }
    case 'form': {
      const meaning = scope.member(object.form, object.group, node.name)
      return meaning
        ? ofMeaning(checking, meaning, node, object.bound)
        : unknownMember(checking, node, object.group ?? object.form)
    }
    case 'row': {
      const meaning = scope.member(object.form, object.group, node.name)
      if (!meaning) return unknownMember(checking, node, object.group)
      const found = ofMeaning(checking, meaning, node, object.bound)
      if (found.kind !== 'item') return unknownMember(checking, node, object.group)
      const reference: ItemReference = { ...found.read.reference, row: object.row }
      return { ...found, read: { ...found.read, reference } }
    }
    case 'rows': {
      const message = `A collection has no items of its own; use .first(r, r.${node.name}) or the like.`
      report(checking, 'collection', message, node)
      return nothing
    }
    default:
      report(checking, 'member', `${printExpression(node.object)} has no parts.`, node)
      return nothing
  }
}

function unknownMember(
  checking: Checking,
  node: Extract<Expression, { kind: 'member' }>,
  of: string,
): Resolution {
  const near = checking.scope.suggestions(node.name)
  const message = `${node.name} is not known in ${of}.${hint(near.slice(0, 3))}`
  report(checking, 'unknown-member', message, node.nameSpan)
  return nothing
}

function resolveRow(checking: Checking, node: Extract<Expression, { kind: 'row' }>): Resolution {
  const object = resolve(checking, node.object)
  if (object.kind === 'failed') return nothing
  if (object.kind !== 'form' || object.group === null) {
    report(checking, 'row', `Rows belong to a group: FORM.GROUP['KEY'].`, node)
    return nothing
  }
  if (!checking.scope.hasRow(object.form, object.group, node.key)) {
    const message = `${object.group} has no fixed row '${node.key}'.`
    report(checking, 'unknown-row', message, node.keySpan)
    return nothing
  }
  const { form, group, bound } = object
  return { kind: 'row', form, group, row: node.key, bound }
}

/** `at(W4, x)`, `nearest(M6, x)`, `base(x)`, `previous(x)`: the same item seen from another place. */
function resolvePlace(
  checking: Checking,
  node: Extract<Expression, { kind: 'call' }>,
  name: PlaceFunction,
): Resolution {
  const namesVisit = name === 'at' || name === 'nearest'
  const needed = namesVisit ? 2 : 1
  if (node.args.length !== needed) {
    const form = namesVisit ? `${name}(VISIT, ITEM)` : `${name}(ITEM)`
    report(checking, 'arguments', `${node.name} is written ${form}.`, node)
    return nothing
  }
  let place: Place
  if (name === 'at' || name === 'nearest') {
    const visit = resolve(checking, node.args[0] as Expression)
    if (visit.kind !== 'event') {
      if (visit.kind !== 'failed') {
        report(
          checking,
          'visit',
          `The first argument of ${name} is a visit.`,
          node.args[0] as Expression,
        )
      }
      return nothing
    }
    place = { kind: name === 'at' ? 'event' : 'nearest', event: visit.event }
  } else {
    place = { kind: name }
  }
  const inner = node.args[needed - 1] as Expression
  const target = resolve(checking, inner)
  if (target.kind === 'failed') return nothing
  if (target.kind === 'form' && place.kind === 'event' && target.bound === null) {
    const reference = { form: target.form, group: target.group, event: place.event }
    return { kind: 'rows', source: { reference, filters: [] } }
  }
  const here = target.kind === 'item' ? target.read.reference.place.kind : null
  if (target.kind !== 'item' || (here !== 'here' && here !== 'bound')) {
    const what = node.name === 'at' ? 'an item, form or group' : 'an item'
    report(checking, 'place', `${node.name} needs ${what} of another visit.`, inner)
    return nothing
  }
  const reference: ItemReference = { ...target.read.reference, place }
  return { ...target, read: { ...target.read, reference, name: printExpression(node) } }
}

/** Uses a path as a value: records the reading and checks that it can be reached. */
export function asValue(checking: Checking, found: Resolution, node: Expression): Core {
  switch (found.kind) {
    case 'failed':
      return failed()
    case 'value':
      return found.core
    case 'event':
      return { op: 'constant', type: { kind: 'text' }, value: found.event }
    case 'item':
      noteItem(checking, found.read, node)
      return { op: 'item', type: found.type, read: found.read }
    case 'bound':
      report(checking, 'row-value', `${found.variable} is a row; name an item of it.`, node)
      return failed()
    case 'row':
      report(checking, 'row-value', 'This is a row; name an item of it.', node)
      return failed()
    case 'form':
    case 'rows': {
      const what = found.kind === 'form' && found.group === null ? 'form' : 'collection of rows'
      const message = `A ${what} has no value; ask .exists(r, ...), .count(r, ...) and so on.`
      report(checking, 'collection', message, node)
      return failed()
    }
  }
}

export function noteItem(checking: Checking, read: ItemRead, node: Expression): void {
  const { reference } = read
  const key = JSON.stringify(reference)
  // A row variable stands in a row and at a visit of its own, so every place can be seen from it.
  if (read.bound === null) {
    const why = checking.scope.reachable(reference)
    if (why !== null) report(checking, 'unreachable', why, node)
  }
  if (checking.seen.has(key)) return
  checking.seen.add(key)
  checking.reads.references.push(reference)
}

export function noteCollection(checking: Checking, reference: CollectionReference): void {
  const key = JSON.stringify(reference)
  if (checking.seen.has(key)) return
  checking.seen.add(key)
  checking.reads.collections.push(reference)
}

export function addOnce(list: string[], text: string): void {
  if (!list.includes(text)) list.push(text)
}
