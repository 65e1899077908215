/**
 * The checked form of an expression: every name resolved, every operator bound to the kind of values it meets. The
 * compiler, the SQL writer and `explain` work on it and need no scope any more.
 */
import type { ArithmeticOperator, ComparisonOperator } from '#domain/expression/ast.ts'
import type {
  CollectionReference,
  ItemReference,
  Value,
  ValueType,
} from '#domain/expression/types.ts'

export type ComparisonKind = 'number' | 'text' | 'boolean' | 'date' | 'dateTime'
export const collectionMethods = [
  'exists',
  'all',
  'count',
  'sum',
  'mean',
  'median',
  'min',
  'max',
  'first',
  'last',
] as const
export type CollectionMethod = (typeof collectionMethods)[number]

/** An item as it is read: `bound` names the row variable whose frame it is read from, null the frame at hand. */
export type ItemRead = { reference: ItemReference; bound: string | null; name: string }

export type RowSource = {
  reference: CollectionReference
  filters: readonly { variable: string; condition: Core }[]
}

export type Core = { type: ValueType } & (
  | { op: 'constant'; value: Value }
  | { op: 'item'; read: ItemRead }
  | { op: 'variable' | 'parameter'; oid: string }
  | { op: 'event' | 'index' | 'date'; bound: string | null }
  | { op: 'not' | 'negate'; operand: Core }
  | { op: 'and' | 'or'; operands: readonly Core[] }
  | { op: 'arithmetic'; operator: ArithmeticOperator; left: Core; right: Core }
  | { op: 'shift'; sign: 1 | -1; date: Core; duration: Core }
  | {
      op: 'compare'
      operator: ComparisonOperator
      comparison: ComparisonKind
      left: Core
      right: Core
    }
  | { op: 'in'; comparison: ComparisonKind; value: Core; options: readonly Core[] }
  | { op: 'choose'; condition: Core; then: Core; else: Core }
  | { op: 'call'; name: string; args: readonly Core[] }
  | { op: 'reason'; read: ItemRead }
  | { op: 'field'; name: string; args: readonly Core[] }
  | {
      op: 'rows'
      method: CollectionMethod
      source: RowSource
      variable: string
      body: Core | null
    }
)

/** Texts an expression can result in when every branch is a literal; null when some branch is not. */
export function literalTexts(core: Core): string[] | null {
  if (core.op === 'constant') {
    if (core.value === null) return []
    return typeof core.value === 'string' && core.type.kind === 'text' ? [core.value] : null
  }
  if (core.op === 'choose') return joined([core.then, core.else])
  if (core.op === 'call' && core.name === 'coalesce') return joined(core.args)
  return null
}

function joined(parts: readonly Core[]): string[] | null {
  const texts: string[] = []
  for (const part of parts) {
    const found = literalTexts(part)
    if (!found) return null
    texts.push(...found)
  }
  return texts
}
