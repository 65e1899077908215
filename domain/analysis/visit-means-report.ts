import type { ReportDef, StudyEventDef } from '#domain/definition/definition.ts'
import { meanOf, standardDeviationOf } from '#domain/statistics/descriptive.ts'
import { formatNumber } from '#domain/statistics/rounding.ts'
import { signedRank } from '#domain/statistics/signed-rank.ts'
import { numberOf } from './analysis-subject.ts'
import type { VisitMeansBody } from './report-result.ts'
import type { Arm } from './table-report.ts'
import { testResult } from './tests.ts'

/** The checker reads the item as seen from a visit, so a bare item is wrapped; `at(VISIT, ..)` may also be spelt out. */
export function itemAt(item: string, visit: string): string {
  return /\bVISIT\b/.test(item) ? item.replaceAll(/\bVISIT\b/g, visit) : `at(${visit}, ${item})`
}

/**
 * Mean and SD of one item at each visit by arm, and within each arm the Wilcoxon signed-rank test (normal approximation
 * without continuity correction) of each visit against the baseline visit, on subjects with both values.
 */
export function visitMeansReport(
  report: Extract<ReportDef, { kind: 'visit-means' }>,
  arms: readonly Arm[],
  events: readonly StudyEventDef[],
): VisitMeansBody {
  const digits = report.digits ?? 1
  const at = (visit: string) => itemAt(report.item, visit)
  return {
    kind: 'visit-means',
    level: report.level,
    visits: report.visits.map((oid) => {
      const event = events.find((one) => one.oid === oid)
      return { oid, label: event?.label ?? { en: oid }, day: event?.day ?? null }
    }),
    groups: arms.map((arm) => {
      const { baseline: first } = report
      const baseline =
        first === undefined ? [] : arm.subjects.map((subject) => numberOf(subject, at(first)))
      return {
        key: arm.key,
        label: arm.label,
        points: report.visits.map((visit) => {
          const sample = arm.subjects.map((subject) => numberOf(subject, at(visit)))
          const values = sample.filter((value): value is number => value !== null)
          const mean = values.length === 0 ? null : meanOf(values)
          const sd = values.length < 2 ? null : standardDeviationOf(values)
          const text =
            mean === null
              ? '–'
              : `${formatNumber(mean, digits)} (${sd === null ? '–' : formatNumber(sd, digits)})`
          const cell = {
            text,
            subjects: arm.subjects
              .filter((_, index) => sample[index] !== null)
              .map((subject) => subject.subjectKey),
            n: values.length,
            missing: sample.length - values.length,
          }
          const test =
            first === undefined || visit === first
              ? null
              : testResult('signed-rank', () => {
                  const result = signedRank(sample, baseline, {
                    method: 'normal',
                    correction: false,
                  })
                  return { p: result.p, statistic: result.v, degreesOfFreedom: null }
                })
          return { mean, sd, cell, test }
        }),
      }
    }),
  }
}
