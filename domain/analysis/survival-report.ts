import type { EndpointDef, Label, ReportDef } from '#domain/definition/definition.ts'
import { kaplanMeier } from '#domain/statistics/kaplan-meier.ts'
import { logRankTest } from '#domain/statistics/log-rank.ts'
import { formatNumber } from '#domain/statistics/rounding.ts'
import { medianSurvival, numbersAtRisk, survivalAt } from '#domain/statistics/survival-readings.ts'
import { type AnalysisSubject, keysOf, members } from './analysis-subject.ts'
import { endpointVerdict } from './endpoint-verdict.ts'
import type { SurvivalBody, SurvivalGroup, SurvivalPart } from './report-result.ts'
import type { Arm } from './table-report.ts'
import { testResult } from './tests.ts'

type SurvivalReportDef = Extract<ReportDef, { kind: 'survival' }>
export type FollowUp = { subject: string; group: string; time: number; event: boolean }

/** Days in a unit of a time axis. */
export const daysPer = { day: 1, week: 7, month: 30.4375 } as const

/**
 * Follow-up of one subject in days from time zero, censored at the horizon at the latest, and at a competing event. A subject whose
 * endpoint is undecided is left out (null) and counted by the caller.
 */
export function followUp(
  subject: AnalysisSubject,
  endpoint: EndpointDef,
  group: string,
): FollowUp | null {
  const { status, days } = endpointVerdict(subject, endpoint)
  if (days === null) return null
  return { subject: subject.subjectKey, group, time: days, event: status === 'event' }
}

/** Kaplan-Meier curves by arm with numbers at risk and the log-rank test, for all and for the named subgroups. */
export function survivalReport(
  report: SurvivalReportDef,
  endpoint: EndpointDef,
  arms: readonly Arm[],
): SurvivalBody {
  const daysPerUnit = daysPer[report.unit]
  const whole = part(null, report, endpoint, arms, daysPerUnit)
  const subgroups = (report.subgroups ?? []).map((subgroup) =>
    part(
      subgroup.label,
      report,
      endpoint,
      arms.map((arm) => ({ ...arm, subjects: members(arm.subjects, subgroup.rule) })),
      daysPerUnit,
    ),
  )
  return {
    kind: 'survival',
    endpoint: endpoint.label,
    unit: report.unit,
    daysPerUnit,
    ticks: report.ticks,
    horizon: endpoint.horizon,
    threshold: report.threshold ?? null,
    parts: [whole.part, ...subgroups.map((subgroup) => subgroup.part)],
    data: whole.rows,
  }
}

function part(
  label: Label | null,
  report: SurvivalReportDef,
  endpoint: EndpointDef,
  arms: readonly Arm[],
  daysPerUnit: number,
): { part: SurvivalPart; rows: FollowUp[] } {
  const followed = arms.map((arm) =>
    arm.subjects.map((subject) => followUp(subject, endpoint, arm.key)),
  )
  const rows = followed.flat().filter((row): row is FollowUp => row !== null)
  const excluded = followed.flat().length - rows.length
  const data = {
    time: rows.map((row) => row.time),
    event: rows.map((row) => row.event),
    group: rows.map((row) => row.group),
  }
  const present = arms.filter((arm) => rows.some((row) => row.group === arm.key))
  const levels = present.map((arm) => arm.key)
  const curves = rows.length === 0 ? [] : kaplanMeier(data, { limits: 'log-log', levels }).curves
  const groups = arms.map((arm, index): SurvivalGroup => {
    const curve = curves.find((one) => one.group === arm.key)
    const own = rows.filter((row) => row.group === arm.key)
    const base = {
      key: arm.key,
      label: arm.label,
      n: own.length,
      subjects: own.map((row) => row.subject),
      eventSubjects: own.filter((row) => row.event).map((row) => row.subject),
    }
    if (!curve)
      return {
        ...base,
        events: 0,
        subjects: keysOf(arms[index]?.subjects ?? []),
        steps: [],
        atHorizon: null,
        median: { time: null, lower: null, upper: null },
        atRisk: report.ticks.map(() => 0),
      }
    const [landmark] = survivalAt(curve, [endpoint.horizon])
    const middle = medianSurvival(curve)
    return {
      ...base,
      events: curve.events,
      steps: [...curve.time].map((time, step) => ({
        time,
        survival: curve.survival[step] as number,
        lower: curve.lower[step] ?? null,
        upper: curve.upper[step] ?? null,
        atRisk: curve.atRisk[step] as number,
        events: curve.eventCount[step] as number,
        censored: curve.censored[step] as number,
      })),
      atHorizon:
        landmark && landmark.survival !== null
          ? {
              survival: landmark.survival,
              lower: landmark.lower,
              upper: landmark.upper,
              text: `${formatNumber(100 * landmark.survival, report.percentDigits ?? 0)} %`,
            }
          : null,
      median: { time: middle.time, lower: middle.lower, upper: middle.upper },
      atRisk: numbersAtRisk(
        curve,
        // 24 months are 730.5 days: at the end of follow-up the last tick may lie a little beyond it.
        report.ticks.map((tick) => Math.min(tick * daysPerUnit, endpoint.horizon)),
      ),
    }
  })
  const test =
    levels.length < 2
      ? null
      : testResult('log-rank', () => {
          const result = logRankTest(data, { levels })
          return {
            p: result.p,
            statistic: result.chiSquare,
            degreesOfFreedom: result.degreesOfFreedom,
          }
        })
  return { part: { label, groups, test, excluded }, rows }
}
