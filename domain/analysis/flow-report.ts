import type { Label, ReportDef, StudyDefinition } from '#domain/definition/definition.ts'
import { populationRule } from '#domain/definition/population-rule.ts'
import { type AnalysisSubject, keysOf, members } from './analysis-subject.ts'
import { populationStanding } from './population-standing.ts'
import type { FlowBody, FlowStep } from './report-result.ts'
import type { Arm } from './table-report.ts'

type FlowDef = Extract<ReportDef, { kind: 'flow' }>
type Counts = (subject: AnalysisSubject) => boolean

/**
 * The trial profile: how many subjects met each step, in all and, after allocation, by arm. A step that names a population
 * counts its members, one that names whom it excludes has a line for each reason, so the profile and the populations cannot differ.
 */
export function flowReport(
  report: FlowDef,
  all: readonly AnalysisSubject[],
  arms: readonly Arm[],
  definition: Pick<StudyDefinition, 'populations' | 'allocation'>,
): FlowBody {
  const step = (
    label: Label,
    counts: Counts,
    def: Pick<FlowStep, 'exclusion' | 'detail'> & { byArm: boolean },
  ): FlowStep => {
    const cell = (subjects: readonly AnalysisSubject[]) => {
      const met = subjects.filter(counts)
      return { text: String(met.length), subjects: keysOf(met), n: subjects.length, missing: 0 }
    }
    return {
      label,
      exclusion: def.exclusion,
      ...(def.detail ? { detail: true } : {}),
      total: cell(all),
      byArm: def.byArm
        ? arms.map((arm) => ({ key: arm.key, label: arm.label, cell: cell(arm.subjects) }))
        : [],
    }
  }
  return {
    kind: 'flow',
    standard: definition.allocation ? 'consort' : 'strobe',
    steps: report.steps.flatMap((def) => {
      const { label, rule, population, excludedFrom, byArm, exclusion } = def
      if (excludedFrom !== undefined) {
        const from = definition.populations.find(({ oid }) => oid === excludedFrom)
        const excluded: (at: number | null) => Counts = (at) => (subject) => {
          const standing = populationStanding(definition, excludedFrom, subject.value)
          const isOwn =
            standing.state === 'excluded' && standing.wasIn && standing.by === excludedFrom
          return isOwn && (at === null || standing.exclusion === at)
        }
        // A profile lists the reasons that took somebody; the report of kind `populations` has them all.
        const reasons = (from?.exclude ?? [])
          .map((reason, at) =>
            step(reason.label, excluded(at), {
              byArm,
              exclusion: true,
              ...(label ? { detail: true as const } : {}),
            }),
          )
          .filter(({ total }) => total.subjects.length > 0)
        return label
          ? [step(label, excluded(null), { byArm, exclusion: true }), ...reasons]
          : reasons
      }
      const named = definition.populations.find(({ oid }) => oid === population)
      const text =
        population === undefined ? (rule ?? 'false') : populationRule(definition, population)
      const met = new Set(keysOf(members(all, text)))
      return [
        step(
          label ?? named?.label ?? { en: population ?? '' },
          ({ subjectKey }) => met.has(subjectKey),
          {
            byArm,
            exclusion,
          },
        ),
      ]
    }),
  }
}
