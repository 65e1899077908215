/**
 * From the counts of the dashboards to the specifications of their pictures. A card holds the one picture that answers the
 * question at a glance and at most `cardRows` bars; a page has every picture, with as many bars as can be read.
 */
import type { FigureSpec } from '#domain/analysis/figures/figure-spec.ts'
import { reportFigureSpec } from '#domain/analysis/figures/spec-from-report.ts'
import type { Label } from '#domain/definition/definition.ts'
import { addDays, daysBetween } from '#domain/values/partial-date.ts'
import {
  ageClasses,
  type CompletenessView,
  type FormCounts,
  type QueryAgeingView,
  type RecruitmentView,
  type SafetyView,
  type SiteName,
  type SurvivalView,
  type VisitsView,
} from './dashboard-views.ts'
import { ageLabel, figureWords, gradeLabel, ofPlanned, plannedLabel } from './figure-words.ts'

export type Size = 'card' | 'page'
/** A picture, and how many rows it leaves to the table. */
export type Picture = { id: string; spec: FigureSpec; left: number }
type Of<K extends FigureSpec['kind']> = Extract<FigureSpec, { kind: K }>
type BarRow = Of<'bars'>['rows'][number]

export const cardRows = 8
const pageRows = 60

export const siteText = ({ code, name }: SiteName): Label => ({ en: `${code} ${name}` })

const classesOf = (labels: Readonly<Record<string, Label>>) =>
  Object.entries(labels).map(([key, label]) => ({ key, label }))

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

/** The rows with most in them, in the order they came in. */
function fewest(rows: readonly BarRow[], size: Size): { rows: BarRow[]; left: number } {
  const most = size === 'card' ? cardRows : pageRows
  if (rows.length <= most) return { rows: [...rows], left: 0 }
  const kept = new Set([...rows].sort((a, b) => sum(b.values) - sum(a.values)).slice(0, most))
  return { rows: rows.filter((row) => kept.has(row)), left: rows.length - most }
}

function bars(
  id: string,
  size: Size,
  given: Pick<Of<'bars'>, 'title' | 'axis' | 'classes' | 'rows'> & Partial<Of<'bars'>>,
): Picture {
  const { rows, left } = fewest(given.rows, size)
  return {
    id,
    left,
    spec: { kind: 'bars', footnotes: [], as: 'count', ramp: 'rising', tone: 0, ...given, rows },
  }
}

export function recruitmentPictures(view: RecruitmentView, size: Size): Picture[] {
  const entered = view.allocates ? figureWords.randomised : figureWords.enrolled
  const trend: Picture = {
    id: 'trend',
    left: 0,
    spec: {
      kind: 'trend',
      title: figureWords.recruitment,
      footnotes: [],
      axis: figureWords.subjects,
      ...spanOf(view),
      series: [
        { key: 'enrolled', label: entered, points: addedUp(view, 'enrolled') },
        ...(size === 'page'
          ? [{ key: 'screened', label: figureWords.screened, points: addedUp(view, 'screened') }]
          : []),
      ],
      goal:
        view.planned === null
          ? undefined
          : { value: view.planned, label: plannedLabel(view.planned) },
      ...(size === 'page'
        ? {
            projection: view.pace.projected
              ? { date: view.pace.projected, label: figureWords.atThisRate }
              : undefined,
            months: { label: figureWords.perMonth, items: monthsOf(view) },
          }
        : {}),
    },
  }
  if (size === 'card') return [trend]
  return [
    trend,
    bars('sites', size, {
      title: figureWords.bySite,
      axis: figureWords.subjects,
      classes: [{ key: 'enrolled', label: entered }],
      ...(view.bySite.some(({ planned }) => planned !== null) ? { mark: figureWords.planned } : {}),
      rows: view.bySite.map((site) => ({
        key: site.siteId,
        label: siteText(site),
        values: [site.enrolled],
        mark: site.planned,
        ...(site.planned === null ? {} : { end: ofPlanned(site.enrolled, site.planned) }),
      })),
    }),
  ]
}

/** From the first day to today; a study whose last subject came long ago ends soon after that day. */
function spanOf({ days, today }: RecruitmentView): { from: string; to: string } {
  const from = days[0]?.date ?? addDays(today, -28) ?? today
  const last = days.at(-1)?.date ?? today
  const span = daysBetween(from, last) ?? 0
  const quiet = daysBetween(last, today) ?? 0
  if (quiet <= Math.max(90, span / 2)) return { from, to: today < last ? last : today }
  return { from, to: addDays(last, Math.max(14, Math.round(span / 20))) ?? last }
}

function addedUp({ days }: RecruitmentView, what: 'screened' | 'enrolled') {
  let value = 0
  return days.flatMap((day) => {
    if (day[what] === 0) return []
    value += day[what]
    return [{ date: day.date, value }]
  })
}

/** Subjects who entered, by calendar month. */
export function monthsOf({ days }: RecruitmentView): { month: string; value: number }[] {
  const months = new Map<string, number>()
  for (const { date, enrolled } of days) {
    if (enrolled > 0) months.set(date.slice(0, 7), (months.get(date.slice(0, 7)) ?? 0) + enrolled)
  }
  return [...months].map(([month, value]) => ({ month, value }))
}

export function visitPictures(view: VisitsView, size: Size): Picture[] {
  const shared = {
    axis: figureWords.visits,
    tone: 1,
    ramp: 'falling' as const,
    classes: classesOf({
      overdue: figureWords.overdue,
      week: figureWords.week,
      month: figureWords.month,
    }),
  }
  const valuesOf = (rows: VisitsView['rows']) => [
    sum(rows.map((row) => row.overdue)),
    sum(rows.map((row) => row.week)),
    sum(rows.map((row) => row.month)),
  ]
  const byVisit = bars('visits', size, {
    ...shared,
    title: figureWords.dueByVisit,
    rows: view.events.map(({ oid, label }) => ({
      key: oid,
      label,
      values: valuesOf(view.rows.filter(({ event }) => event === oid)),
    })),
  })
  if (size === 'card' || view.sites.length < 2) return [byVisit]
  return [
    byVisit,
    bars('sites', size, {
      ...shared,
      title: figureWords.dueBySite,
      rows: view.sites.map((site) => ({
        key: site.siteId,
        label: siteText(site),
        values: valuesOf(view.rows.filter(({ siteId }) => siteId === site.siteId)),
      })),
    }),
  ]
}

const formStates = ['notStarted', 'inProgress', 'complete', 'signed'] as const

/** All forms of a row, whatever their state. */
export const formsIn = (row: FormCounts): number => sum(formStates.map((state) => row[state]))

export function completenessPictures(view: CompletenessView, size: Size): Picture[] {
  const byVisit = bars('visits', size, {
    title: figureWords.completeness,
    axis: figureWords.shareOfForms,
    as: 'share',
    tone: 2,
    classes: formStates.map((key) => ({ key, label: figureWords[key] })),
    rows: view.events.map(({ oid, label }) => {
      const own = view.rows.filter(({ event }) => event === oid)
      return {
        key: oid,
        label,
        values: formStates.map((state) => sum(own.map((row) => row[state]))),
      }
    }),
  })
  if (size === 'card') return [byVisit]
  const sites = view.sites.slice(0, pageRows)
  return [
    byVisit,
    {
      id: 'heat',
      left: view.sites.length - sites.length,
      spec: {
        kind: 'heat',
        title: figureWords.doneBySite,
        footnotes: [],
        tone: 2,
        value: figureWords.shareDone,
        rows: sites.map((site) => ({ key: site.siteId, label: siteText(site) })),
        columns: view.events.map(({ oid, label }) => ({ key: oid, label })),
        cells: sites.map(({ siteId }) =>
          view.events.map(({ oid }) => {
            const row = view.rows.find((one) => one.siteId === siteId && one.event === oid)
            const n = row ? formsIn(row) : 0
            return { n, share: row && n > 0 ? (row.complete + row.signed) / n : null }
          }),
        ),
      },
    },
  ]
}

export const ageClassLabels: readonly Label[] = ageClasses.map((from, at) =>
  ageLabel(from, at + 1 < ageClasses.length ? (ageClasses[at + 1] ?? 0) - 1 : null),
)

export function queryPictures(view: QueryAgeingView, size: Size): Picture[] {
  const count = (test: (row: QueryAgeingView['rows'][number]) => boolean) =>
    sum(view.rows.filter(test).map((row) => row.count))
  const byAge = bars('ages', size, {
    title: figureWords.queryAge,
    axis: figureWords.queries,
    tone: 3,
    classes: classesOf({ answered: figureWords.answered, open: figureWords.open }),
    rows: ageClassLabels.map((label, at) => ({
      key: `age-${at}`,
      label,
      values: (['answered', 'open'] as const).map((state) =>
        count((row) => row.ageClass === at && row.state === state),
      ),
    })),
  })
  if (size === 'card' || view.sites.length < 2) return [byAge]
  return [
    byAge,
    bars('sites', size, {
      title: figureWords.queryAgeBySite,
      axis: figureWords.queries,
      tone: 3,
      classes: ageClassLabels.map((label, at) => ({ key: `age-${at}`, label })),
      rows: view.sites.map((site) => ({
        key: site.siteId,
        label: siteText(site),
        values: ageClasses.map((_, at) =>
          count((row) => row.siteId === site.siteId && row.ageClass === at),
        ),
      })),
    }),
  ]
}

const grades = [1, 2, 3, 4, 5] as const

export function safetyPictures(view: SafetyView, size: Size): Picture[] {
  const ungraded = view.grades.some(({ grade }) => grade === null)
  const byGrade = bars('grades', size, {
    title: figureWords.byGrade,
    axis: figureWords.events,
    tone: 1,
    classes: classesOf({ notSerious: figureWords.notSerious, serious: figureWords.serious }),
    rows: [...grades, ...(ungraded ? [null] : [])].map((grade) => {
      const own = view.grades.filter((row) => row.grade === grade)
      const serious = sum(own.map((row) => row.serious))
      return {
        key: `grade-${grade ?? 'none'}`,
        label: grade === null ? figureWords.noGrade : gradeLabel(grade),
        values: [sum(own.map((row) => row.events)) - serious, serious],
      }
    }),
  })
  if (size === 'card') return [byGrade]
  return [
    byGrade,
    bars('groups', size, {
      title: figureWords.worstGrade,
      axis: figureWords.shareOfSubjects,
      as: 'share',
      tone: 1,
      classes: [
        { key: 'none', label: figureWords.noEvent },
        ...(ungraded ? [{ key: 'grade-none', label: figureWords.noGrade }] : []),
        ...grades.map((grade) => ({ key: `grade-${grade}`, label: gradeLabel(grade) })),
      ],
      rows: view.groups.map((group) => {
        const own = view.grades.filter((row) => row.group === group.key)
        const worst = (grade: number | null) =>
          sum(own.filter((row) => row.grade === grade).map((row) => row.subjects))
        const counted = [...(ungraded ? [worst(null)] : []), ...grades.map(worst)]
        return {
          key: group.key,
          label: group.label ?? figureWords.all,
          values: [Math.max(0, group.subjects - sum(counted)), ...counted],
        }
      }),
    }),
    bars('terms', size, {
      title: figureWords.terms,
      axis: figureWords.withEvent,
      tone: 1,
      classes: [{ key: 'subjects', label: figureWords.withEvent }],
      rows: [...new Set(view.terms.map(({ term }) => term))].map((term) => ({
        key: term,
        label: { en: term },
        values: [sum(view.terms.filter((row) => row.term === term).map((row) => row.subjects))],
      })),
    }),
  ]
}

export function survivalPictures(view: SurvivalView, size: Size): Picture[] {
  const spec = view.body && reportFigureSpec(view.body, view.body.endpoint)
  if (spec?.kind !== 'survival') return []
  return [
    {
      id: 'curves',
      left: 0,
      spec: { ...spec, bands: spec.groups.length === 1, riskTable: size === 'page' },
    },
  ]
}
