import type { Label, ReportDef, StudyDefinition } from '#domain/definition/definition.ts'
import { populationRule } from '#domain/definition/population-rule.ts'
import { type AnalysisSubject, keysOf, members } from './analysis-subject.ts'
import { populationStanding } from './population-standing.ts'
import type { FlowBody, FlowStep, TracedCell } from './report-result.ts'
import type { Arm } from './table-report.ts'

type FlowDef = Extract<ReportDef, { kind: 'flow' }>
type Counts = (subject: AnalysisSubject) => boolean

const unknown = (subjects: readonly AnalysisSubject[]): TracedCell => ({
  text: '–',
  subjects: [],
  n: 0,
  missing: subjects.length,
})

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
    def: Pick<FlowStep, 'exclusion' | 'detail' | 'origin'> & { byArm: boolean },
  ): FlowStep => {
    const cell = (subjects: readonly AnalysisSubject[]) => {
      const met = subjects.filter(counts)
      return { text: String(met.length), subjects: keysOf(met), n: subjects.length, missing: 0 }
    }
    return {
      label,
      exclusion: def.exclusion,
      ...(def.detail ? { detail: true } : {}),
      ...(def.origin ? { origin: def.origin } : {}),
      total: cell(all),
      byArm: def.byArm
        ? arms.map((arm) => ({ key: arm.key, label: arm.label, cell: cell(arm.subjects) }))
        : [],
    }
  }
  return {
    kind: 'flow',
    standard: definition.allocation ? 'consort' : 'strobe',
    steps: report.steps.flatMap((def, at) => {
      const { label, rule, population, excludedFrom, byArm, exclusion } = def
      const oid = population ?? excludedFrom
      // A population that is concealed from the reader is not there; nobody may take that for none.
      if (oid !== undefined && !definition.populations.some((one) => one.oid === oid))
        return [{ label: label ?? { en: oid }, exclusion, total: unknown(all), byArm: [] }]
      if (excludedFrom !== undefined) {
        const from = definition.populations.find(({ oid }) => oid === excludedFrom)
        const excluded: (nth: number | null) => Counts = (nth) => (subject) => {
          const standing = populationStanding(definition, excludedFrom, subject.value)
          const isOwn =
            standing.state === 'excluded' && standing.wasIn && standing.by === excludedFrom
          return isOwn && (nth === null || standing.exclusion === nth)
        }
        // A profile lists the reasons that took somebody; the report of kind `populations` has them all.
        const reasons = (from?.exclude ?? [])
          .map((reason, nth) =>
            step(reason.label, excluded(nth), {
              byArm,
              exclusion: true,
              origin: { step: at, exclusion: nth },
              ...(label ? { detail: true as const } : {}),
            }),
          )
          .filter(({ total }) => total.subjects.length > 0)
        return label
          ? [
              step(label, excluded(null), {
                byArm,
                exclusion: true,
                origin: { step: at, exclusion: null },
              }),
              ...reasons,
            ]
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
            origin: { step: at, exclusion: null },
          },
        ),
      ]
    }),
  }
}
