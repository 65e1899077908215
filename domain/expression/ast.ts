/** The syntax tree of an expression. Offsets count UTF-16 units from the start of the text; `end` is exclusive. */
import type { Duration } from '#domain/expression/types.ts'

/** Longest expression text that is read. */
export const maxLength = 4000
/** Deepest nesting that is read; chains of `&&` and `||` count once. */
export const maxDepth = 100

export type Span = { readonly start: number; readonly end: number }

export const comparisonOperators = ['==', '!=', '<', '<=', '>', '>='] as const
export type ComparisonOperator = (typeof comparisonOperators)[number]
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%'

export type Expression = Span &
  (
    | { kind: 'number'; value: number; text: string }
    | { kind: 'text'; value: string }
    | { kind: 'boolean'; value: boolean }
    | { kind: 'null' }
    | { kind: 'duration'; value: Duration; text: string }
    | { kind: 'name'; name: string }
    | { kind: 'member'; object: Expression; name: string; nameSpan: Span }
    | { kind: 'row'; object: Expression; key: string; keySpan: Span }
    | { kind: 'call'; name: string; nameSpan: Span; args: readonly Expression[] }
    | {
        kind: 'method'
        object: Expression
        name: string
        nameSpan: Span
        args: readonly Expression[]
      }
    | { kind: 'not'; operand: Expression }
    | { kind: 'negate'; operand: Expression }
    | { kind: 'logic'; operator: '&&' | '||'; operands: readonly Expression[] }
    | { kind: 'compare'; operator: ComparisonOperator; left: Expression; right: Expression }
    | { kind: 'in'; value: Expression; options: readonly Expression[] }
    | {
        kind: 'arithmetic'
        operator: ArithmeticOperator
        left: Expression
        right: Expression
      }
    | { kind: 'choose'; condition: Expression; then: Expression; else: Expression }
    /** Stands where the text could not be read; a finding says why. */
    | { kind: 'error' }
  )
