/** What each dashboard says in one number and a line; the pictures say the rest. */

import { formatCount, formatDate } from '#components/ui/dates.ts'
import type { DashboardName, DashboardViews } from '#domain/dashboard/dashboard-views.ts'
import { formsIn } from '#domain/dashboard/figures.ts'
import { labelText, languageOf } from '#domain/definition/label-text.ts'

export type Headline = {
  /** Null where there is no one number. */
  big: string | null
  text: string
  foot: readonly string[]
  /** What stands in place of a picture that would show nothing. */
  empty: string | null
}
export type Words = (key: string, values?: Record<string, string | number>) => string

const total = <Row>(rows: readonly Row[], of: (row: Row) => number): number =>
  rows.reduce((sum, row) => sum + of(row), 0)

type Tell<Name extends DashboardName> = (
  view: DashboardViews[Name],
  t: Words,
  locale: string,
) => Headline

const recruitment: Tell<'recruitment'> = (view, t, locale) => {
  const { pace, planned, allocates } = view
  const screened = total(view.bySite, (site) => site.screened)
  const failed = total(view.bySite, (site) => site.failed)
  const key = allocates ? 'randomised' : 'enrolled'
  const foot = [t('screenedFailed', { screened, failed })]
  if (pace.reachedOn) foot.push(t('reachedOn', { date: formatDate(pace.reachedOn, locale) }))
  else if (pace.projected) foot.push(t('projected', { date: formatDate(pace.projected, locale) }))
  if (pace.perMonth !== null && pace.inWindow > 0) {
    foot.push(t('perMonth', { rate: oneDigit(pace.perMonth, locale) }))
  } else if (pace.since !== null && !pace.reachedOn && pace.inWindow === 0)
    foot.push(t('noneLately'))
  return {
    big: formatCount(pace.enrolled, locale),
    text:
      planned === null ? t(key) : t(`${key}OfPlanned`, { planned: formatCount(planned, locale) }),
    foot,
    empty: screened === 0 ? t('empty.recruitment') : null,
  }
}

const visits: Tell<'visits'> = (view, t, locale) => {
  const overdue = total(view.rows, (row) => row.overdue)
  const week = total(view.rows, (row) => row.week)
  const month = total(view.rows, (row) => row.month)
  const subjects = total(Object.values(view.subjects), (count) => count)
  return {
    big: formatCount(overdue, locale),
    text: t('visitsOverdue', { count: overdue, subjects }),
    foot: [t('thisWeek', { count: week }), t('nextWeeks', { count: month })],
    empty: overdue + week + month === 0 ? t('empty.visits') : null,
  }
}

const completeness: Tell<'completeness'> = (view, t, locale) => {
  const forms = total(view.rows, formsIn)
  const done = total(view.rows, (row) => row.complete + row.signed)
  const missing = total(view.rows, (row) => row.missing)
  const inProgress = total(view.rows, (row) => row.inProgress)
  return {
    big: forms === 0 ? null : percent(done, forms),
    text: t('formsDone', { forms: formatCount(forms, locale) }),
    foot: [
      t('notStarted', { count: total(view.rows, (row) => row.notStarted) }),
      ...(missing > 0 ? [t('missingItems', { items: missing, forms: inProgress })] : []),
    ],
    empty: forms === 0 ? t('empty.completeness') : null,
  }
}

const queries: Tell<'queries'> = (view, t, locale) => {
  const open = total(view.rows, (row) => (row.state === 'open' ? row.count : 0))
  const answered = total(view.rows, (row) => (row.state === 'answered' ? row.count : 0))
  const pace = view.pace.find(({ siteId }) => siteId === null)
  const foot = [t('openAnswered', { open, answered })]
  if (pace && pace.toAnswer !== null) {
    foot.push(t('medianAnswer', { days: oneDigit(pace.toAnswer, locale) }))
  }
  if (pace && pace.toClose !== null) {
    foot.push(t('medianClose', { days: oneDigit(pace.toClose, locale) }))
  }
  return {
    big: formatCount(open + answered, locale),
    text: t('notClosed', { count: open + answered }),
    foot,
    empty: open + answered === 0 ? t('empty.queries') : null,
  }
}

const safety: Tell<'safety'> = (view, t, locale) => {
  const events = total(view.totals, (row) => row.events)
  const subjects = total(view.totals, (row) => row.subjects)
  const serious = total(view.totals, (row) => row.serious)
  const deaths = total(view.totals, (row) => row.deaths)
  return {
    big: formatCount(events, locale),
    text: t('eventsIn', { count: events, subjects }),
    foot: [t('seriousEvents', { count: serious }), t('deaths', { count: deaths })],
    empty: events === 0 ? t('empty.safety') : null,
  }
}

const survival: Tell<'survival'> = (view, t, locale) => {
  const { body } = view
  if (!body) return { big: null, text: '', foot: [], empty: t('empty.survival') }
  const groups = body.parts[0]?.groups ?? []
  const [only] = groups
  const language = languageOf(locale)
  const followed = total(groups, (group) => group.n)
  const horizon = t('atDay', { day: body.horizon })
  return {
    big: groups.length === 1 ? (only?.atHorizon?.text ?? null) : null,
    text: `${labelText(body.endpoint, language)}${groups.length === 1 && only?.atHorizon ? ` ${horizon}` : ''}`,
    foot: [
      ...(groups.length > 1
        ? groups.map(
            (group) =>
              `${labelText(group.label, language)} ${group.atHorizon?.text ?? '–'} ${horizon}`,
          )
        : []),
      t('eventsOf', { events: total(groups, (group) => group.events), n: followed }),
      ...(view.byArm ? [] : [t('pooled')]),
    ],
    empty: followed === 0 ? t('empty.survival') : null,
  }
}

const tellers: { [Name in DashboardName]: Tell<Name> } = {
  recruitment,
  visits,
  completeness,
  queries,
  safety,
  survival,
}

export function headlineOf<Name extends DashboardName>(
  name: Name,
  view: DashboardViews[Name],
  t: Words,
  locale: string,
): Headline {
  return tellers[name](view, t, locale)
}

/** Nearly all is not all: 99.6 % stays 99 %. */
export function percent(part: number, whole: number): string {
  const share = (100 * part) / whole
  return `${part === whole || part === 0 ? share : Math.min(99, Math.max(1, Math.round(share)))} %`
}

export function oneDigit(value: number, locale: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(value)
}
