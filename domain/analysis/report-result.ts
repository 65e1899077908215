/**
 * A report as data: every number with the subjects behind it, its denominator and its missing count, and every test with
 * its name. Screens, CSV files and figures are renderings of this.
 */
import type { Label } from '#domain/definition/definition.ts'

/** A printed number that can be traced. */
export type TracedCell = {
  text: string
  /** Subject keys counted by this number, or contributing a value to it. */
  subjects: readonly string[]
  /** Subjects with a value; the denominator of a percentage. */
  n: number
  missing: number
}

export type TestResult = {
  /** Name of the procedure with its options, e.g. `Fisher exact, two-sided`. */
  name: TestName
  p: number | null
  text: string
  statistic: number | null
  degreesOfFreedom: number | null
  /** Why there is no p-value. */
  note: Label | null
}

export const testNames = [
  't-test',
  'welch',
  'mann-whitney',
  'mann-whitney-cc',
  'fisher',
  'chi-square',
  'log-rank',
  'signed-rank',
] as const
export type TestName = (typeof testNames)[number]

export type ReportColumn = { key: string; label: Label; n: number; subjects: readonly string[] }
export type TableLine = {
  label: Label
  indent: number
  heading: boolean
  statistic: Label | null
  cells: readonly TracedCell[]
  test: TestResult | null
}
export type TableBody = {
  kind: 'table'
  columns: readonly ReportColumn[]
  lines: readonly TableLine[]
}

export type FlowStep = {
  label: Label
  exclusion: boolean
  total: TracedCell
  byArm: readonly { key: string; label: Label; cell: TracedCell }[]
}
export type FlowBody = { kind: 'flow'; steps: readonly FlowStep[] }

export type CurveStep = {
  time: number
  survival: number
  lower: number | null
  upper: number | null
  atRisk: number
  events: number
  censored: number
}
export type SurvivalGroup = {
  key: string
  label: Label
  n: number
  events: number
  subjects: readonly string[]
  eventSubjects: readonly string[]
  steps: readonly CurveStep[]
  /** At the horizon. */
  atHorizon: { survival: number; lower: number | null; upper: number | null; text: string } | null
  median: { time: number | null; lower: number | null; upper: number | null }
  /** Numbers at risk at the ticks of the axis. */
  atRisk: readonly number[]
}
export type SurvivalPart = {
  label: Label | null
  groups: readonly SurvivalGroup[]
  test: TestResult | null
  excluded: number
}
export type SurvivalBody = {
  kind: 'survival'
  endpoint: Label
  /** Times are in days; the axis shows this unit. */
  unit: 'day' | 'week' | 'month'
  daysPerUnit: number
  ticks: readonly number[]
  horizon: number
  threshold: number | null
  parts: readonly SurvivalPart[]
  /** One line a subject, for the data file of the figure. */
  data: readonly { subject: string; group: string; time: number; event: boolean }[]
}

export type VisitMeansBody = {
  kind: 'visit-means'
  visits: readonly { oid: string; label: Label; day: number | null }[]
  groups: readonly {
    key: string
    label: Label
    points: readonly {
      mean: number | null
      sd: number | null
      cell: TracedCell
      test: TestResult | null
    }[]
  }[]
  level: number
}

export type ReportBody = TableBody | FlowBody | SurvivalBody | VisitMeansBody

export type ReportResult = {
  oid: string
  title: Label
  footnote: Label | null
  population: { oid: string; label: Label; n: number } | null
  /** When the data were read, ISO with zone. */
  dataAsOf: string
  studyVersion: { number: number; label: string; hash: string }
  engineVersion: string
  body: ReportBody
  /** Why the report cannot be computed, in place of numbers. */
  problem: Label | null
}
