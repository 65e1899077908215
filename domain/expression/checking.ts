/** State of one run of the type checker, and what all its files need. */
import type { Expression, Span } from '#domain/expression/ast.ts'
import type { Core, RowSource } from '#domain/expression/core.ts'
import type {
  CollectionReference,
  ExpressionFinding,
  ItemReference,
  Severity,
  TypeScope,
} from '#domain/expression/types.ts'
import { typeName, unknownType } from '#domain/expression/value-type.ts'

/** What an expression reads, each once, in order of appearance. */
export type Reads = {
  references: ItemReference[]
  collections: CollectionReference[]
  /** OIDs of study variables and parameters. */
  variables: string[]
  parameters: string[]
  /** Field functions that are called. */
  functions: string[]
  /** The visit, position or date of a row or record is asked for (`event`, `index`, `date`). */
  usesEvent: boolean
  usesIndex: boolean
  usesDate: boolean
}

/** A row variable and the collection it runs over. */
export type RowVariable = { form: string; group: string | null }

/** State of one check, handed through the files of the checker. */
export type Checking = {
  scope: TypeScope
  reads: Reads
  findings: ExpressionFinding[]
  variables: Map<string, RowVariable>
  seen: Set<string>
  /** Checks a part as a value; held here so that the files of the checker need not import each other in circles. */
  value: (node: Expression) => Core
  /** Checks a `.filter(...)` as a source of rows. */
  rows: (node: Extract<Expression, { kind: 'method' }>) => RowSource | null
}

export function report(
  checking: Checking,
  code: string,
  message: string,
  where: Span,
  severity: Severity = 'error',
): void {
  checking.findings.push({ code, severity, message, start: where.start, end: where.end })
}

/** Reports a code outside its list; true where it is let pass. */
export function reportAbsent(
  checking: Checking,
  absent: string,
  message: string,
  where: Span,
): boolean {
  const isLet = checking.scope.lenientCodes === true
  const severity: Severity = isLet ? 'warning' : 'error'
  const { start, end } = where
  checking.findings.push({ code: 'code', severity, message, absent, start, end })
  return isLet
}

/** The checked form standing in for a part that has a finding. */
export function failed(): Core {
  return { op: 'constant', type: unknownType, value: null }
}

/** Checks a part that must be true or false. */
export function condition(checking: Checking, node: Expression, of: string): Core {
  const core = checking.value(node)
  if (core.type.kind !== 'boolean' && core.type.kind !== 'null') {
    const why = `${of} needs a yes/no value; this is ${typeName(core.type)}.`
    const more = core.type.kind === 'code' ? " Compare the code: X == 'Y'." : ''
    report(checking, 'not-boolean', why + more, node)
    return failed()
  }
  return core
}
