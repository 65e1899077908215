import type { ReportDef, StudyEventDef } from '#domain/definition/definition.ts'
import { quantiles } from '#domain/statistics/descriptive.ts'
import { formatNumber } from '#domain/statistics/rounding.ts'
import { numberOf } from './analysis-subject.ts'
import type { TracedCell, VisitValuesBody } from './report-result.ts'
import type { Arm } from './table-report.ts'
import { compareNumbers, comparePairs } from './tests.ts'
import { itemAt } from './visit-means-report.ts'

/**
 * The values of one item at each visit by group: median and quartiles (type 7), each visit against the baseline visit on
 * subjects with both values, and the groups against each other. The values go along, for box plots and lines of subjects.
 */
export function visitValuesReport(
  report: Extract<ReportDef, { kind: 'visit-values' }>,
  arms: readonly Arm[],
  events: readonly StudyEventDef[],
): VisitValuesBody {
  const digits = report.digits ?? 1
  const { within, between, baseline: first } = report
  const read = (arm: Arm, visit: string) =>
    arm.subjects.map((subject) => numberOf(subject, itemAt(report.item, visit)))
  const samples = report.visits.map((visit) => arms.map((arm) => read(arm, visit)))
  return {
    kind: 'visit-values',
    figure: report.figure,
    level: report.level,
    visits: report.visits.map((oid) => {
      const event = events.find((one) => one.oid === oid)
      return { oid, label: event?.label ?? { en: oid }, day: event?.day ?? null }
    }),
    groups: arms.map((arm, g) => {
      const baseline = first === undefined ? [] : read(arm, first)
      return {
        key: arm.key,
        label: arm.label,
        points: report.visits.map((visit, v) => {
          const sample = samples[v]?.[g] ?? []
          return {
            cell: cellOf(arm, sample, digits),
            sample: sample.filter((value) => value !== null),
            test:
              within === undefined || first === undefined || visit === first
                ? null
                : comparePairs(within, sample, baseline),
          }
        }),
      }
    }),
    between: between === undefined ? [] : samples.map((byArm) => compareNumbers(between, byArm)),
  }
}

function cellOf(arm: Arm, sample: readonly (number | null)[], digits: number): TracedCell {
  const values = sample.filter((value) => value !== null)
  const missing = sample.length - values.length
  if (values.length === 0) return { text: '–', subjects: [], n: 0, missing }
  const [low, q1, middle, q3, high] = quantiles(values, [0, 0.25, 0.5, 0.75, 1]) as [
    number,
    number,
    number,
    number,
    number,
  ]
  const show = (value: number) => formatNumber(value, digits)
  return {
    text: `${show(middle)} (${show(q1)}–${show(q3)})`,
    values: [middle, q1, q3, low, high],
    subjects: arm.subjects
      .filter((_, index) => sample[index] !== null)
      .map((subject) => subject.subjectKey),
    n: values.length,
    missing,
  }
}
