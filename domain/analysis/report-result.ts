/**
 * A report as data: every number with the subjects behind it, its denominator and its missing count, and every test with
 * its name. Screens, CSV files and figures are renderings of this.
 */
import type { Label } from '#domain/definition/definition.ts'
import type { CutMark } from './cut-views.ts'
import type { ArmView, ReportParameters } from './report-parameters.ts'

/** A printed number that can be traced. */
export type TracedCell = {
  text: string
  /** Subject keys counted by this number, or contributing a value to it. */
  subjects: readonly string[]
  /** Subjects with a value; the denominator of a percentage. */
  n: number
  missing: number
  /** The numbers of the text before they were rounded, in its order. */
  values?: readonly number[]
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
  'kruskal-wallis',
  'anova',
  'fisher',
  'fisher-one-sided',
  'chi-square',
  'log-rank',
  'gray',
  'paired-t',
  'signed-rank',
  'mcnemar',
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
  /** Further tests between the columns. */
  also?: readonly TestResult[]
  /** A paired test within each column, in the order of the cells. */
  paired?: readonly TestResult[]
}
export type TableBody = {
  kind: 'table'
  columns: readonly ReportColumn[]
  lines: readonly TableLine[]
}

export type FlowStep = {
  label: Label
  exclusion: boolean
  /** One of the reasons that make up the exclusion above it. */
  detail?: true
  /** The step of the definition that this line comes from, and which exclusion of its population; null for all of them. */
  origin?: { step: number; exclusion: number | null }
  total: TracedCell
  byArm: readonly { key: string; label: Label; cell: TracedCell }[]
}
export type FlowBody = {
  kind: 'flow'
  /** Whose diagram it is: of a trial with allocation, else of a cohort. */
  standard?: 'consort' | 'strobe'
  steps: readonly FlowStep[]
}

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

export type IncidenceReading = { incidence: number; lower: number | null; upper: number | null }
export type IncidenceGroup = {
  key: string
  label: Label
  n: number
  subjects: readonly string[]
  /** At the ticks of the axis. */
  atRisk: readonly number[]
  /** The endpoint's own event (`EVENT`) first, then what competes with it. */
  causes: readonly {
    key: string
    /** Who had it. */
    subjects: readonly string[]
    steps: readonly ({ time: number } & IncidenceReading)[]
    atHorizon: (IncidenceReading & { text: string }) | null
  }[]
}
export type IncidenceBody = {
  kind: 'incidence'
  endpoint: Label
  unit: 'day' | 'week' | 'month'
  daysPerUnit: number
  ticks: readonly number[]
  horizon: number
  display: 'lines' | 'stacked'
  causes: readonly { key: string; label: Label }[]
  groups: readonly IncidenceGroup[]
  /** Gray's test of each cause; null with fewer than two groups. */
  tests: readonly { cause: string; test: TestResult | null }[]
  /** Left out because their endpoint is undecided. */
  excluded: readonly string[]
  /** One line a subject; status is the cause, empty where censored. */
  data: readonly { subject: string; group: string; time: number; status: string }[]
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

export type HazardEstimate = {
  hazardRatio: number | null
  lower: number | null
  upper: number | null
  p: number | null
  /** `9.04 (1.18–69.51)`, `NA` where there is no estimate. */
  text: string
  pText: string
  /** Why there is no estimate. */
  note: Label | null
}
export type CoxLine = {
  label: Label
  /** The code of a level; null for the one line of a number. */
  level: string | null
  reference: boolean
  n: TracedCell
  events: TracedCell
  /** Null in reference lines and where the report has no such model. */
  univariable: HazardEstimate | null
  multivariable: HazardEstimate | null
}
export type CoxBody = {
  kind: 'cox'
  n: number
  events: number
  /** Subjects without time or event, left out of every model. */
  excluded: readonly string[]
  ties: 'efron' | 'breslow' | 'exact'
  models: readonly ('univariable' | 'multivariable')[]
  covariates: readonly { label: Label; missing: number; lines: readonly CoxLine[] }[]
  /** Subjects and events in the model with all covariates, and why it has no estimates. */
  multivariable: { n: number; events: number; problem: Label | null } | null
}

export type VisitValuesBody = {
  kind: 'visit-values'
  figure: 'box' | 'spaghetti'
  visits: readonly { oid: string; label: Label; day: number | null }[]
  level: number
  groups: readonly {
    key: string
    label: Label
    points: readonly {
      /** Median, quartiles; `values` go on with minimum and maximum. */
      cell: TracedCell
      /** One a traced subject, in their order. */
      sample: readonly number[]
      test: TestResult | null
    }[]
  }[]
  /** Between the groups, one a visit; empty where none is asked for. */
  between: readonly TestResult[]
}

export type ListingBody = {
  kind: 'listing'
  columns: readonly Label[]
  /** Values as recorded, codes by their labels. */
  rows: readonly { subject: string; cells: readonly Label[] }[]
}

export type ReportBody =
  | TableBody
  | FlowBody
  | SurvivalBody
  | IncidenceBody
  | VisitMeansBody
  | CoxBody
  | VisitValuesBody
  | ListingBody

export type ReportResult = {
  oid: string
  title: Label
  footnote: Label | null
  population: { oid: string; label: Label; n: number } | null
  /** When the data were read, ISO with zone. */
  dataAsOf: string
  studyVersion: { number: number; label: string; hash: string }
  engineVersion: string
  /** What this run was asked for beside the definition; empty for the report as defined. */
  parameters: ReportParameters
  arms: ArmView
  body: ReportBody
  /** Why the report cannot be computed, in place of numbers. */
  problem: Label | null
  /** The data cut this is a report of; absent or null: of the data as they are. */
  cut?: CutMark | null
}
