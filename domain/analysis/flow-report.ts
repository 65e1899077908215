import type { ReportDef } from '#domain/definition/definition.ts'
import { type AnalysisSubject, keysOf, members } from './analysis-subject.ts'
import type { FlowBody, TracedCell } from './report-result.ts'
import type { Arm } from './table-report.ts'

/** The trial profile: how many subjects met each step, in all and, after allocation, by arm. */
export function flowReport(
  report: Extract<ReportDef, { kind: 'flow' }>,
  all: readonly AnalysisSubject[],
  arms: readonly Arm[],
): FlowBody {
  const cell = (subjects: readonly AnalysisSubject[], rule: string): TracedCell => {
    const met = members(subjects, rule)
    return { text: String(met.length), subjects: keysOf(met), n: subjects.length, missing: 0 }
  }
  return {
    kind: 'flow',
    steps: report.steps.map((step) => ({
      label: step.label,
      exclusion: step.exclusion,
      total: cell(all, step.rule),
      byArm: step.byArm
        ? arms.map((arm) => ({
            key: arm.key,
            label: arm.label,
            cell: cell(arm.subjects, step.rule),
          }))
        : [],
    })),
  }
}
