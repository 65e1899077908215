import { StatisticsProblem } from '#domain/statistics/problem.ts'
import type { ReferenceCase } from '#domain/statistics/reference/case-format.ts'
import { type Difference, differences } from '#domain/statistics/reference/compare.ts'
import type { DataSet } from '#domain/statistics/reference/data-set.ts'
import { procedures } from '#domain/statistics/reference/procedures.ts'
import { CaseReader } from '#domain/statistics/reference/read-case.ts'

export interface CaseReport {
  id: string
  procedure: string
  passed: boolean
  tolerance: number
  differences: Difference[]
  /** Why the case could not be recomputed at all. */
  problem: string | null
}

/**
 * Recomputes reference cases and reports each difference. `load` gives a data set by name (the reader of files lives
 * outside the domain). `tolerance` replaces the cases' own when it is smaller and the procedure is not iterative.
 */
export function verifyCases(
  cases: readonly ReferenceCase[],
  load: (name: string) => DataSet,
  options: { tolerance?: number } = {},
): CaseReport[] {
  return cases.map((reference) => {
    const own = reference.rel_tol
    const known = procedures[reference.procedure]
    const asked = options.tolerance
    const tolerance = asked !== undefined && known && !known.iterative ? Math.min(asked, own) : own
    const base = { id: reference.id, procedure: reference.procedure, tolerance }
    if (!known)
      return {
        ...base,
        passed: false,
        differences: [],
        problem: `unknown procedure "${reference.procedure}"`,
      }
    try {
      const computed = known.recompute(new CaseReader(reference, load))
      const found = differences(reference.expected, computed, tolerance)
      return { ...base, passed: found.length === 0, differences: found, problem: null }
    } catch (error) {
      if (!(error instanceof StatisticsProblem)) throw error
      return { ...base, passed: false, differences: [], problem: `${error.code}: ${error.message}` }
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
