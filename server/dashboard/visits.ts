import type { VisitsView } from '#domain/dashboard/dashboard-views.ts'
import { reading } from '../command.ts'
import { dueVisitsSql } from '../study/due-visits.ts'
import { versionsOfStudy } from '../study/parts.ts'
import { countedSites, dashboardInput, eventNames, eventsOf } from './sites.ts'

const weekAhead = 7
const daysAhead = 28

type Row = {
  siteId: string
  version: number
  event: string
  overdue: number
  week: number
  month: number
  longest: number | null
}

/** Visits still to be held, by site and visit: overdue, this week, the weeks after. */
export const visitsDashboard = reading({
  name: 'dashboard.visits',
  permission: 'subject.read',
  input: dashboardInput,
  run: async ({ tx, input, study }): Promise<VisitsView> => {
    const { base, siteIds } = await countedSites(tx, input)
    const versions = await versionsOfStudy(tx, input.studyId, study.latestVersion)
    const values: unknown[] = [input.studyId]
    const bound = (value: unknown) => `$${values.push(value)}`
    const due = dueVisitsSql(versions, base.today, daysAhead, bound)
    const today = `${bound(base.today)}::date`
    const sites = `${bound(siteIds)}::uuid[]`
    // One pass: rows by visit, and (where the event is null) the subjects behind them by site.
    const rows = await tx.query<Row & { event: string | null; subjects: number }>(
      `with due as materialized (${due})
       select site_id as "siteId", version, event,
         count(*) filter (where closes < ${today})::int as overdue,
         count(*) filter (where closes >= ${today} and opens <= ${today} + ${weekAhead})::int as week,
         count(*) filter (where closes >= ${today} and opens > ${today} + ${weekAhead})::int as month,
         max(${today} - closes) filter (where closes < ${today}) as longest,
         count(distinct subject_id) filter (where closes < ${today})::int as subjects
       from due where ${sites} is null or site_id = any (${sites})
       group by grouping sets ((site_id, version, event), (site_id))`,
      values,
    )
    const nameOf = await eventNames(tx, versions)
    const merged = new Map<string, VisitsView['rows'][number]>()
    const subjects: Record<string, number> = {}
    for (const { subjects: overdueSubjects, version, ...row } of rows) {
      if (row.event === null) {
        subjects[row.siteId] = overdueSubjects
        continue
      }
      const event = nameOf(version, row.event)
      const key = `${row.siteId}/${event}`
      const known = merged.get(key)
      merged.set(key, {
        siteId: row.siteId,
        event,
        overdue: row.overdue + (known?.overdue ?? 0),
        week: row.week + (known?.week ?? 0),
        month: row.month + (known?.month ?? 0),
        longest: later(row.longest, known?.longest ?? null),
      })
    }
    const all = [...merged.values()]
    return {
      ...base,
      events: eventsOf(versions, new Set(all.map(({ event }) => event))),
      rows: all,
      subjects,
    }
  },
})

const later = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b)
