import type { Label, ReportDef } from '#domain/definition/definition.ts'
import type { EndpointDef } from '#domain/definition/endpoint-schema.ts'
import {
  cumulativeIncidence,
  type IncidenceCurve,
} from '#domain/statistics/cumulative-incidence.ts'
import { grayTest } from '#domain/statistics/gray-test.ts'
import { formatNumber } from '#domain/statistics/rounding.ts'
import { endpointVerdict } from './endpoint-verdict.ts'
import type { IncidenceBody, IncidenceGroup } from './report-result.ts'
import { daysPer } from './survival-report.ts'
import type { Arm } from './table-report.ts'
import { testResult } from './tests.ts'

type IncidenceReportDef = Extract<ReportDef, { kind: 'incidence' }>
type Row = IncidenceBody['data'][number]

/** The state of the endpoint's own event; competing ones are called by their OIDs, which are never this. */
export const ownEvent = 'EVENT'
const censored = ''

/**
 * Cumulative incidence (Aalen-Johansen) of the event and of what competes with it, by group, with limits on the log scale and Gray's
 * test of each. Subjects whose endpoint is undecided are left out and counted.
 */
export function incidenceReport(
  report: IncidenceReportDef,
  endpoint: EndpointDef,
  arms: readonly Arm[],
): IncidenceBody {
  const daysPerUnit = daysPer[report.unit]
  const left: string[] = []
  const data = arms.flatMap((arm) =>
    arm.subjects.flatMap((subject): Row[] => {
      const { status, days, cause } = endpointVerdict(subject, endpoint)
      if (days === null) {
        left.push(subject.subjectKey)
        return []
      }
      const state = status === 'event' ? ownEvent : (cause ?? censored)
      return [{ subject: subject.subjectKey, group: arm.key, time: days, status: state }]
    }),
  )
  const causes = [
    { key: ownEvent, label: endpoint.label },
    ...(endpoint.competing ?? []).map(({ oid, label }) => ({ key: oid, label })),
  ]
  const keys = causes.map(({ key }) => key)
  const levels = arms.map(({ key }) => key).filter((key) => data.some((row) => row.group === key))
  const columns = {
    time: data.map((row) => row.time),
    state: data.map((row) => row.status),
    group: data.map((row) => row.group),
  }
  const curves =
    data.length === 0
      ? []
      : cumulativeIncidence(columns, { censoring: censored, causes: keys, levels }).curves
  const groups = arms.map((arm): IncidenceGroup => {
    const rows = data.filter((row) => row.group === arm.key)
    const curve = curves.find((one) => one.group === arm.key) ?? null
    return {
      key: arm.key,
      label: arm.label,
      n: rows.length,
      subjects: rows.map((row) => row.subject),
      atRisk: atTicks(curve, report, daysPerUnit, endpoint.horizon),
      causes: keys.map((key, at) => ({
        key,
        subjects: rows.filter((row) => row.status === key).map((row) => row.subject),
        ...readingsOf(curve, at, endpoint.horizon, report.percentDigits ?? 0),
      })),
    }
  })
  const tests = keys.map((cause) => ({
    cause,
    test:
      levels.length < 2
        ? null
        : testResult('gray', () => {
            const { p, chiSquare, degreesOfFreedom } = grayTest(columns, {
              censoring: censored,
              cause,
              levels,
            })
            return { p, statistic: chiSquare, degreesOfFreedom }
          }),
  }))
  return {
    kind: 'incidence',
    endpoint: endpoint.label,
    unit: report.unit,
    daysPerUnit,
    ticks: report.ticks,
    horizon: endpoint.horizon,
    display: report.display,
    causes,
    groups,
    tests,
    excluded: left,
    data,
  }
}

function atTicks(
  curve: IncidenceCurve | null,
  { ticks }: IncidenceReportDef,
  daysPerUnit: number,
  horizon: number,
): number[] {
  if (!curve) return ticks.map(() => 0)
  // 24 months are 730.5 days: at the end of follow-up the last tick may lie a little beyond it.
  const times = ticks.map((tick) => Math.min(tick * daysPerUnit, horizon))
  return curve.at(times).map((reading) => reading.atRisk)
}

function readingsOf(
  curve: IncidenceCurve | null,
  at: number,
  horizon: number,
  digits: number,
): Pick<IncidenceGroup['causes'][number], 'steps' | 'atHorizon'> {
  if (!curve) return { steps: [], atHorizon: null }
  const times = [...curve.time]
  const steps = curve.at(times).map(({ time, causes }) => ({
    time,
    incidence: Math.min(1, causes[at]?.incidence ?? 0),
    lower: causes[at]?.lower ?? null,
    upper: causes[at]?.upper ?? null,
  }))
  const last = curve.at([horizon])[0]?.causes[at]
  if (!last) return { steps, atHorizon: null }
  const { incidence, lower, upper } = last
  const text = `${formatNumber(100 * incidence, digits)} %`
  return { steps, atHorizon: { incidence, lower, upper, text } }
}

/** Names of the causes, the endpoint's own first. */
export function causeLabel({ causes }: Pick<IncidenceBody, 'causes'>, key: string): Label {
  return causes.find((cause) => cause.key === key)?.label ?? { en: key }
}
