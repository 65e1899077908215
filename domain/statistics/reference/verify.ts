import { StatisticsProblem } from '#domain/statistics/problem.ts'
import type { MalformedCase, ReferenceCase } from '#domain/statistics/reference/case-format.ts'
import type { DataSet } from '#domain/statistics/reference/columns.ts'
import {
  type Difference,
  differences,
  expectsNothing,
  expectsSomething,
} from '#domain/statistics/reference/compare.ts'
import { type Procedure, procedures } from '#domain/statistics/reference/procedures.ts'
import { CaseReader } from '#domain/statistics/reference/read-case.ts'

export interface CaseReport {
  id: string
  procedure: string
  passed: boolean
  tolerance: number
  differences: Difference[]
  /** Why the case could not be recomputed at all, or which of its options the procedure does not know. */
  problem: string | null
}

/** Faults of the case itself; any other problem says that the data have no such result. */
const faultsOfCase = new Set(['bad-case', 'bad-option', 'unknown-column', 'unknown-procedure'])

function recompute(
  known: Procedure,
  reference: ReferenceCase,
  load: (name: string) => DataSet,
  tolerance: number,
): Pick<CaseReport, 'differences' | 'problem'> {
  const reader = new CaseReader(reference, load)
  try {
    const found = differences(reference.expected, known.recompute(reader), {
      relative: tolerance,
      absolute: reference.abs_tol ?? tolerance,
      iterative: known.iterative,
      resolution: known.resolution,
    })
    const unread = found.length > 0 ? reader.unreadOptions() : []
    return {
      differences: found,
      problem:
        unread.length > 0
          ? `the procedure has no option ${unread.map((o) => `"${o}"`).join(', ')}`
          : null,
    }
  } catch (error) {
    // A procedure refuses what cannot be estimated; a reference that expects just that agrees with it.
    if (error instanceof StatisticsProblem && !faultsOfCase.has(error.code))
      if (expectsNothing(reference.expected)) return { differences: [], problem: null }
    const problem =
      error instanceof StatisticsProblem
        ? `${error.code}: ${error.message}`
        : `the case cannot be computed: ${error instanceof Error ? error.message : String(error)}`
    return { differences: [], problem }
  }
}

/**
 * Recomputes reference cases and reports each difference. `load` gives a data set by name (the reader of files lives
 * outside the domain). `tolerance` replaces the cases' own when it is smaller and the procedure is not iterative. One
 * case never stops the others: what cannot be read or computed is a failed case with its problem.
 */
export function verifyCases(
  cases: readonly (ReferenceCase | MalformedCase)[],
  load: (name: string) => DataSet,
  options: { tolerance?: number } = {},
): CaseReport[] {
  return cases.map((reference) => {
    const base = { id: reference.id, procedure: reference.procedure }
    const failed = (problem: string, tolerance: number): CaseReport => ({
      ...base,
      passed: false,
      tolerance,
      differences: [],
      problem,
    })
    if ('fault' in reference) return failed(reference.fault, 0)
    const own = reference.rel_tol
    const known = Object.hasOwn(procedures, reference.procedure)
      ? procedures[reference.procedure]
      : undefined
    if (!known) return failed(`unknown procedure "${reference.procedure}"`, own)
    if (!expectsSomething(reference.expected)) return failed('the case expects no value', own)
    const asked = options.tolerance
    const tolerance = asked !== undefined && !known.iterative ? Math.min(asked, own) : own
    const result = recompute(known, reference, load, tolerance)
    return {
      ...base,
      ...result,
      tolerance,
      passed: result.problem === null && result.differences.length === 0,
    }
  })
}

function shown(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(15)))
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')
}

/** Report for people: each difference of each failed case, then `N passed, M failed`. */
export function verificationText(reports: readonly CaseReport[]): string {
  const failed = reports.filter((r) => !r.passed)
  const lines = failed.flatMap((report) => [
    `${report.id} (${report.procedure}) differs at relative tolerance ${report.tolerance}${report.problem ? `: ${report.problem}` : ''}`,
    ...report.differences.map((d) => {
      const relative = d.relative === null ? '' : ` (relative ${d.relative.toExponential(1)})`
      return `    ${d.path}: expected ${shown(d.expected)}, computed ${shown(d.actual)}${relative}`
    }),
  ])
  return [...lines, `${reports.length - failed.length} passed, ${failed.length} failed`].join('\n')
}
