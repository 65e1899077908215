/** The tables behind the pictures, as data; what a cell links to is a list that shows exactly what was counted. */
import { formatDate } from '#components/ui/dates.ts'
import type { DashboardName, DashboardViews, SiteName } from '#domain/dashboard/dashboard-views.ts'
import { ageClassLabels, formsIn, monthsOf } from '#domain/dashboard/figures.ts'
import type { Label } from '#domain/definition/definition.ts'
import { labelText, languageOf } from '#domain/definition/label-text.ts'
import { oneDigit, percent, type Words } from './headlines.ts'

export type FactCell = { value: string | number | null; text?: string; href?: string }
export type FactRow = { key: string; cells: readonly FactCell[] }
export type Facts = {
  id: string
  title: string
  columns: readonly { id: string; header: string; number?: boolean }[]
  rows: readonly FactRow[]
}

export type Telling = {
  t: Words
  locale: string
  /** As it stands in addresses. */
  study: string
  /** What the reader may open. */
  may: (permission: string) => boolean
}

type Tell<Name extends DashboardName> = (view: DashboardViews[Name], telling: Telling) => Facts[]

const number = (id: string, header: string) => ({ id, header, number: true })
const count = (value: number | null): FactCell => ({ value })
const linked = (value: number, href: string | null): FactCell =>
  href ? { value, href } : { value }
const share = (part: number, whole: number): FactCell =>
  whole === 0
    ? { value: null }
    : { value: Math.round((1000 * part) / whole) / 10, text: percent(part, whole) }

const siteCell = (site: SiteName): FactCell => ({ value: `${site.code} ${site.name}` })
const nameOf = (sites: readonly SiteName[], siteId: string): SiteName =>
  sites.find((site) => site.siteId === siteId) ?? { siteId, code: '', name: siteId }
const say = (label: Label | null, { locale }: Telling) =>
  label ? labelText(label, languageOf(locale)) : ''

/** Address of the subjects of a site, narrowed further. */
const subjects = ({ study, may }: Telling, siteId: string, more = '') =>
  may('subject.read') ? `/studies/${study}/subjects?site=${siteId}${more}` : null

const recruitment: Tell<'recruitment'> = (view, telling) => {
  const { t, locale } = telling
  const entered = t(view.allocates ? 'column.randomised' : 'column.enrolled')
  let sum = 0
  return [
    {
      id: 'recruitment-sites',
      title: t('table.bySite'),
      columns: [
        { id: 'site', header: t('column.site') },
        number('planned', t('column.planned')),
        number('screened', t('column.screened')),
        number('failed', t('column.failed')),
        number('waiting', t('column.waiting')),
        number('enrolled', entered),
        number('share', t('column.ofPlan')),
      ],
      rows: view.bySite.map((site) => ({
        key: site.siteId,
        cells: [
          siteCell(site),
          count(site.planned),
          linked(site.screened, subjects(telling, site.siteId)),
          linked(site.failed, subjects(telling, site.siteId, '&state=screenFailure')),
          linked(site.waiting, subjects(telling, site.siteId, '&state=screening')),
          count(site.enrolled),
          site.planned
            ? {
                value: Math.round((1000 * site.enrolled) / site.planned) / 10,
                text: `${Math.round((100 * site.enrolled) / site.planned)} %`,
              }
            : { value: null },
        ],
      })),
    },
    {
      id: 'recruitment-months',
      title: t('table.byMonth'),
      columns: [
        { id: 'month', header: t('column.month') },
        number('entered', entered),
        number('sum', t('column.sum')),
      ],
      rows: monthsOf(view).map(({ month, value }) => {
        sum += value
        return {
          key: month,
          cells: [{ value: month, text: formatDate(month, locale) }, count(value), count(sum)],
        }
      }),
    },
  ]
}

const visits: Tell<'visits'> = (view, telling) => {
  const { t } = telling
  const ofSite = (siteId: string, what: 'overdue' | 'week' | 'month') =>
    view.rows.reduce((sum, row) => sum + (row.siteId === siteId ? row[what] : 0), 0)
  const classes = [
    number('overdue', t('column.overdue')),
    number('week', t('column.week')),
    number('month', t('column.nextWeeks')),
  ]
  return [
    {
      id: 'visits-sites',
      title: t('table.bySite'),
      columns: [
        { id: 'site', header: t('column.site') },
        ...classes,
        number('subjects', t('column.overdueSubjects')),
        number('longest', t('column.longest')),
      ],
      rows: view.sites.map((site) => {
        const longest = view.rows
          .filter(({ siteId }) => siteId === site.siteId)
          .map((row) => row.longest ?? -1)
        const most = Math.max(-1, ...longest)
        return {
          key: site.siteId,
          cells: [
            siteCell(site),
            count(ofSite(site.siteId, 'overdue')),
            count(ofSite(site.siteId, 'week')),
            count(ofSite(site.siteId, 'month')),
            linked(view.subjects[site.siteId] ?? 0, subjects(telling, site.siteId, '&overdue=1')),
            count(most < 0 ? null : most),
          ],
        }
      }),
    },
    {
      id: 'visits-events',
      title: t('table.bySiteAndVisit'),
      columns: [
        { id: 'site', header: t('column.site') },
        { id: 'visit', header: t('column.visit') },
        ...classes,
        number('longest', t('column.longest')),
      ],
      rows: inOrder(view, view.events).map((row) => ({
        key: `${row.siteId}/${row.event}`,
        cells: [
          siteCell(nameOf(view.sites, row.siteId)),
          { value: say(view.events.find(({ oid }) => oid === row.event)?.label ?? null, telling) },
          count(row.overdue),
          count(row.week),
          count(row.month),
          count(row.longest),
        ],
      })),
    },
  ]
}

/** Rows by site and then in the order of the schedule. */
function inOrder<Row extends { siteId: string; event: string }>(
  view: { sites: readonly SiteName[]; rows: readonly Row[] },
  events: readonly { oid: string }[],
): Row[] {
  const site = new Map(view.sites.map(({ siteId }, at) => [siteId, at]))
  const event = new Map(events.map(({ oid }, at) => [oid, at]))
  const place = (row: Row) => (site.get(row.siteId) ?? 0) * 1000 + (event.get(row.event) ?? 0)
  return [...view.rows].sort((a, b) => place(a) - place(b))
}

const completeness: Tell<'completeness'> = (view, telling) => {
  const { t } = telling
  return [
    {
      id: 'completeness',
      title: t('table.bySiteAndVisit'),
      columns: [
        { id: 'site', header: t('column.site') },
        { id: 'visit', header: t('column.visit') },
        number('forms', t('column.forms')),
        number('notStarted', t('column.notStarted')),
        number('inProgress', t('column.inProgress')),
        number('complete', t('column.complete')),
        number('signed', t('column.signed')),
        number('done', t('column.done')),
        number('missing', t('column.missing')),
      ],
      rows: inOrder(view, view.events).map((row) => {
        const forms = formsIn(row)
        return {
          key: `${row.siteId}/${row.event}`,
          cells: [
            siteCell(nameOf(view.sites, row.siteId)),
            {
              value: say(view.events.find(({ oid }) => oid === row.event)?.label ?? null, telling),
            },
            count(forms),
            count(row.notStarted),
            count(row.inProgress),
            count(row.complete),
            count(row.signed),
            share(row.complete + row.signed, forms),
            count(row.missing),
          ],
        }
      }),
    },
  ]
}

const queries: Tell<'queries'> = (view, telling) => {
  const { t, locale, study } = telling
  const inbox = (siteId: string, state: string) =>
    `/studies/${study}/queries?state=${state}&site=${siteId}`
  const days = (value: number | null | undefined): FactCell =>
    value === null || value === undefined
      ? { value: null }
      : { value: Math.round(value * 10) / 10, text: oneDigit(value, locale) }
  return [
    {
      id: 'queries',
      title: t('table.bySite'),
      columns: [
        { id: 'site', header: t('column.site') },
        number('open', t('column.open')),
        number('answered', t('column.answered')),
        ...ageClassLabels.map((label, at) => number(`age-${at}`, say(label, telling))),
        number('oldest', t('column.oldest')),
        number('toAnswer', t('column.toAnswer')),
        number('toClose', t('column.toClose')),
      ],
      rows: view.sites.map((site) => {
        const own = view.rows.filter(({ siteId }) => siteId === site.siteId)
        const pace = view.pace.find(({ siteId }) => siteId === site.siteId)
        const sum = (test: (row: (typeof own)[number]) => boolean) =>
          own.filter(test).reduce((all, row) => all + row.count, 0)
        return {
          key: site.siteId,
          cells: [
            siteCell(site),
            linked(
              sum(({ state }) => state === 'open'),
              inbox(site.siteId, 'open'),
            ),
            linked(
              sum(({ state }) => state === 'answered'),
              inbox(site.siteId, 'answered'),
            ),
            ...ageClassLabels.map((_, at) => count(sum(({ ageClass }) => ageClass === at))),
            count(pace?.oldest ?? null),
            days(pace?.toAnswer),
            days(pace?.toClose),
          ],
        }
      }),
    },
  ]
}

const grades = [1, 2, 3, 4, 5] as const

const safety: Tell<'safety'> = (view, telling) => {
  const { t, study } = telling
  const groupName = (key: string) =>
    say(view.groups.find((group) => group.key === key)?.label ?? null, telling) || t('allSubjects')
  const termCount = new Set(view.terms.map(({ term }) => term)).size
  const list = (siteId: string, more = '') =>
    `/studies/${study}/adverse-events?site=${siteId}${more}`
  return [
    {
      id: 'safety-groups',
      title: t(view.byArm ? 'table.byArm' : 'table.together'),
      columns: [
        { id: 'group', header: t('column.group') },
        number('subjects', t('column.subjects')),
        number('withEvent', t('column.withEvent')),
        number('events', t('column.events')),
        ...grades.map((grade) => number(`grade-${grade}`, t('column.grade', { grade }))),
        number('serious', t('column.serious')),
        number('seriousSubjects', t('column.seriousSubjects')),
        number('deaths', t('column.deaths')),
      ],
      rows: view.groups.map((group) => {
        const own = view.totals.find((row) => row.group === group.key)
        return {
          key: group.key,
          cells: [
            { value: groupName(group.key) },
            count(group.subjects),
            count(own?.subjects ?? 0),
            count(own?.events ?? 0),
            ...grades.map((grade) =>
              count(
                view.grades.find((row) => row.group === group.key && row.grade === grade)?.events ??
                  0,
              ),
            ),
            count(own?.serious ?? 0),
            count(own?.seriousSubjects ?? 0),
            count(own?.deaths ?? 0),
          ],
        }
      }),
    },
    {
      id: 'safety-terms',
      title:
        view.termsLeftOut > 0
          ? t('table.termsOf', { shown: termCount, all: termCount + view.termsLeftOut })
          : t('table.terms'),
      columns: [
        { id: 'term', header: t('column.term') },
        ...(view.byArm ? [{ id: 'group', header: t('column.group') }] : []),
        number('subjects', t('column.withEvent')),
        number('events', t('column.events')),
      ],
      rows: view.terms.map((row) => ({
        key: `${row.term}/${row.group}`,
        cells: [
          { value: row.term },
          ...(view.byArm ? [{ value: groupName(row.group) }] : []),
          count(row.subjects),
          count(row.events),
        ],
      })),
    },
    {
      id: 'safety-sites',
      title: t('table.bySite'),
      columns: [
        { id: 'site', header: t('column.site') },
        number('subjects', t('column.subjects')),
        number('withEvent', t('column.withEvent')),
        number('events', t('column.events')),
        number('serious', t('column.serious')),
        number('deaths', t('column.deaths')),
      ],
      rows: view.bySite.map((row) => ({
        key: row.siteId,
        cells: [
          siteCell(nameOf(view.sites, row.siteId)),
          count(row.subjects),
          count(row.withEvent),
          linked(row.events, list(row.siteId)),
          linked(row.serious, list(row.siteId, '&serious=1')),
          linked(row.deaths, subjects(telling, row.siteId, '&state=dead')),
        ],
      })),
    },
  ]
}

const survival: Tell<'survival'> = (view, telling) => {
  const { t } = telling
  const { body } = view
  if (!body) return []
  return [
    {
      id: 'survival',
      title: t('table.curve'),
      columns: [
        { id: 'group', header: t('column.group') },
        number('n', t('column.subjects')),
        number('events', t('column.events')),
        number('atHorizon', t('column.atDay', { day: body.horizon })),
        number('limits', t('column.limits')),
        number('median', t('column.median')),
        ...body.ticks.map((tick) => number(`risk-${tick}`, t('column.atRisk', { time: tick }))),
      ],
      rows: (body.parts[0]?.groups ?? []).map((group) => ({
        key: group.key,
        cells: [
          { value: say(group.label, telling) },
          count(group.n),
          count(group.events),
          {
            value: group.atHorizon?.survival ?? null,
            ...(group.atHorizon ? { text: group.atHorizon.text } : {}),
          },
          { value: limitsText(group.atHorizon) },
          count(group.median.time),
          ...group.atRisk.map((n) => count(n)),
        ],
      })),
    },
  ]
}

function limitsText(at: { lower: number | null; upper: number | null } | null): string | null {
  if (!at || at.lower === null || at.upper === null) return null
  return `${Math.round(100 * at.lower)}–${Math.round(100 * at.upper)} %`
}

const tellers: { [Name in DashboardName]: Tell<Name> } = {
  recruitment,
  visits,
  completeness,
  queries,
  safety,
  survival,
}

export function factsOf<Name extends DashboardName>(
  name: Name,
  view: DashboardViews[Name],
  telling: Telling,
): Facts[] {
  return tellers[name](view, telling)
}
