/** What the dashboards receive: counts as they are now, over the sites that the reader reaches and chose. */
import type { SurvivalBody } from '#domain/analysis/report-result.ts'
import type { Label } from '#domain/definition/definition.ts'

export const dashboards = [
  'recruitment',
  'visits',
  'completeness',
  'queries',
  'safety',
  'survival',
] as const
export type DashboardName = (typeof dashboards)[number]

export type SiteName = { siteId: string; code: string; name: string }
export type DashboardBase = {
  /** When the data were read, ISO with zone. */
  asOf: string
  /** That day at the installation. */
  today: string
  /** The sites that are counted, in the order of their codes. */
  sites: readonly SiteName[]
  /** All sites of the reader; more than `sites` where some were chosen. */
  reach: number
  /** Whether the reader reaches every site of the study. */
  whole: boolean
}

/** What a study has, so that pages and rail leave out what it never will show. */
export type StudyParts = {
  /** A form for adverse events. */
  recordsEvents: boolean
  /** Whether blinded readers enter readings of images. */
  readsImages: boolean
  /** Visits that fall due. */
  plansVisits: boolean
  /** Endpoints for survival curves. */
  endpoints: boolean
  allocates: boolean
}

export type DashboardReach = {
  parts: StudyParts
  /** When this was read, ISO with zone. */
  asOf: string
  sites: readonly SiteName[]
  /** Whether one of the reader's dashboards counts every site of the study. */
  whole: boolean
}

export type RecruitmentDay = { date: string; screened: number; enrolled: number }
export type RecruitmentView = DashboardBase & {
  /** False in a study without allocation: subjects are enrolled, not randomised. */
  allocates: boolean
  /** Subjects planned at the sites counted; null where a part of the plan is not known. */
  planned: number | null
  bySite: readonly (SiteName & {
    open: boolean
    planned: number | null
    screened: number
    failed: number
    /** In screening now. */
    waiting: number
    enrolled: number
  })[]
  /** Days on which somebody was screened or entered, ascending. */
  days: readonly RecruitmentDay[]
  pace: Pace
}
export type Pace = {
  enrolled: number
  /** Of the window that the rate is of: its first day and days; null before the first subject. */
  since: string | null
  inWindow: number
  perMonth: number | null
  /** Day on which the plan was reached. */
  reachedOn: string | null
  /** Day on which the plan would be reached at this rate; null where that cannot be said. */
  projected: string | null
}

export type VisitsView = DashboardBase & {
  events: readonly { oid: string; label: Label }[]
  rows: readonly {
    siteId: string
    event: string
    /** Window closed before today and nothing recorded. */
    overdue: number
    /** Window open now, or opening within seven days. */
    week: number
    /** Window opening in eight to 28 days. */
    month: number
    /** Days since the oldest of the overdue windows closed. */
    longest: number | null
  }[]
  /** Subjects with an overdue visit, by site. */
  subjects: Readonly<Record<string, number>>
}

export type FormCounts = {
  notStarted: number
  inProgress: number
  complete: number
  signed: number
  /** Required items without a value in forms that were begun. */
  missing: number
}
export type CompletenessView = DashboardBase & {
  events: readonly { oid: string; label: Label }[]
  rows: readonly ({ siteId: string; event: string } & FormCounts)[]
}

/** Lower ends of the age classes of questions, in days; the last is open. */
export const ageClasses = [0, 8, 15, 31, 61] as const
export type QueryAgeingView = DashboardBase & {
  rows: readonly { siteId: string; state: 'open' | 'answered'; ageClass: number; count: number }[]
  /** Days; `siteId` null: over all sites counted. Null where nothing was answered or closed. */
  pace: readonly {
    siteId: string | null
    answered: number
    toAnswer: number | null
    closed: number
    toClose: number | null
    oldest: number | null
  }[]
}

export type SafetyGroup = { key: string; label: Label | null; subjects: number }
export type SafetyView = DashboardBase & {
  /** The arms where the reader may know them, else one group of all (label null). */
  groups: readonly SafetyGroup[]
  byArm: boolean
  /** Events by group and grade 1 to 5; null: no grade yet. `subjects`: with this as their worst grade. */
  grades: readonly {
    group: string
    grade: number | null
    events: number
    serious: number
    subjects: number
  }[]
  totals: readonly {
    group: string
    events: number
    subjects: number
    serious: number
    seriousSubjects: number
    deaths: number
  }[]
  /** The most frequent terms, by subjects. */
  terms: readonly { term: string; group: string; events: number; subjects: number }[]
  termsLeftOut: number
  bySite: readonly {
    siteId: string
    subjects: number
    events: number
    withEvent: number
    serious: number
    deaths: number
  }[]
}

export type SurvivalView = DashboardBase & {
  endpoints: readonly { oid: string; label: Label }[]
  /** Null, as what follows, in a study without endpoints. */
  endpoint: string | null
  byArm: boolean
  population: { label: Label | null; n: number } | null
  /** Without the keys of subjects. */
  body: SurvivalBody | null
}

export type DashboardViews = {
  recruitment: RecruitmentView
  visits: VisitsView
  completeness: CompletenessView
  queries: QueryAgeingView
  safety: SafetyView
  survival: SurvivalView
}
