/** Static types: their names in messages, how two of them meet, and what becomes of units. */
import type { ComparisonKind, Core } from '#domain/expression/core.ts'
import { literalTexts } from '#domain/expression/core.ts'
import type { ValueType } from '#domain/expression/types.ts'
import { sameUnit } from '#domain/values/units.ts'

export const unknownType: ValueType = { kind: 'null' }
export const plainNumber: ValueType = { kind: 'number', unit: null }

const kindNames: Record<ValueType['kind'], string> = {
  number: 'a number',
  text: 'a text',
  boolean: 'a yes/no value',
  date: 'a date',
  dateTime: 'a date and time',
  duration: 'a duration',
  code: 'a code',
  codes: 'a set of codes',
  null: 'nothing',
}

export function kindName(kind: ValueType['kind']): string {
  return kindNames[kind]
}

/** `a number in mg/dL`, `a code of CL_NY`, `a date`: for messages. */
export function typeName(type: ValueType): string {
  if (type.kind === 'number' && type.unit) return `a number in ${type.unit}`
  if ((type.kind === 'code' || type.kind === 'codes') && type.list) {
    return `${kindNames[type.kind]} of ${type.list}`
  }
  return kindNames[type.kind]
}

/** `Y, N, ND`, cut after eight. */
export function codeNames(codes: readonly string[]): string {
  const shown = codes.slice(0, 8).join(', ')
  return codes.length > 8 ? `${shown}, ...` : shown
}

/** True where both units are known and a number in one means something else in the other. */
export function unitsConflict(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && !sameUnit(a, b)
}

/** Unit of a product or quotient, null where it cannot be told without algebra. */
export function productUnit(
  operator: '*' | '/' | '%',
  a: string | null,
  b: string | null,
): string | null {
  if (operator === '%') return a
  if (a === null || b === null) return null
  if (operator === '/' && sameUnit(a, b)) return ''
  if (b === '') return a
  return operator === '*' && a === '' ? b : null
}

/** The type both branches of a choice can have; a text says why there is none. */
export function unify(left: Core, right: Core): ValueType | string {
  const a = left.type
  const b = right.type
  if (a.kind === 'null') return b
  if (b.kind === 'null') return a
  if (a.kind === 'number' && b.kind === 'number') {
    if (unitsConflict(a.unit, b.unit)) return `one is in ${a.unit}, the other in ${b.unit}`
    return a.unit === null ? b : a
  }
  if (a.kind === 'date' && b.kind === 'date') {
    return { kind: 'date', partial: a.partial || b.partial }
  }
  if (a.kind === 'code' && b.kind === 'code') return bothCodes(a, b)
  if (a.kind === 'code' && b.kind === 'text') return codeOrText(a, right)
  if (a.kind === 'text' && b.kind === 'code') return codeOrText(b, left)
  if (a.kind === 'codes' && b.kind === 'codes') return { ...a, codes: union(a.codes, b.codes) }
  if (a.kind === b.kind) return a
  return `one is ${typeName(a)}, the other ${typeName(b)}`
}

type CodeType = Extract<ValueType, { kind: 'code' }>

function bothCodes(a: CodeType, b: CodeType): ValueType {
  if (a.list === b.list && a.codes.length === b.codes.length) return a
  const list = a.list === b.list ? a.list : ''
  // An empty list of codes means "any", which swallows the other.
  const codes = a.codes.length === 0 || b.codes.length === 0 ? [] : union(a.codes, b.codes)
  return { kind: 'code', list, codes }
}

function codeOrText(code: CodeType, other: Core): ValueType {
  const texts = literalTexts(other)
  const fits = texts?.every((t) => code.codes.length === 0 || code.codes.includes(t))
  return fits ? code : { kind: 'text' }
}

function union(a: readonly string[], b: readonly string[]): string[] {
  return [...new Set([...a, ...b])]
}

/** How values of these types are compared; null where they cannot be. */
export function comparisonOf(a: ValueType, b: ValueType): ComparisonKind | null {
  const left = comparable(a)
  const right = comparable(b)
  if (left === undefined || right === undefined) return null
  if (left === null) return right ?? 'text'
  return right === null || left === right ? left : null
}

/** Undefined: not comparable; null: fits any. */
function comparable(type: ValueType): ComparisonKind | null | undefined {
  switch (type.kind) {
    case 'null':
      return null
    case 'code':
    case 'text':
      return 'text'
    case 'number':
    case 'boolean':
    case 'date':
    case 'dateTime':
      return type.kind
    default:
      return undefined
  }
}
