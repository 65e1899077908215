/**
 * Adverse events by grade and by term, serious events and deaths. Arms only where `armViewFor` says that they may be known by
 * name; everybody else gets one group of all, and the statement then never reads an arm.
 */
import type { Transaction } from '#db/client.ts'
import type { SafetyGroup, SafetyView } from '#domain/dashboard/dashboard-views.ts'
import { reading } from '../command.ts'
import { armViewFor } from '../report/arm-view.ts'
import { adverseEventForm, adverseEventItems as items } from '../safety/names.ts'
import { versionsOfStudy } from '../study/parts.ts'
import type { PublishedStudy } from '../study/published.ts'
import { countedSites, dashboardInput } from './sites.ts'

const mostTerms = 15
const everybody = 'ALL'
/** Entered, but in no arm. */
const unallocated = 'NONE'
/** The coded term stands for the words of the site where coding has given one. */
const codedTerm = 'AEPTCD'

type Grouping = {
  /** SQL of a subject's group. */
  sql: string
  join: string
}

export const safetyDashboard = reading({
  name: 'dashboard.safety',
  permission: 'safety.read',
  input: dashboardInput,
  run: async ({ tx, input, study, actor }): Promise<SafetyView> => {
    const { base, siteIds } = await countedSites(tx, input)
    const versions = await versionsOfStudy(tx, input.studyId, study.latestVersion)
    const byArm =
      versions.at(-1)?.definition.allocation !== undefined &&
      (await armViewFor({ tx, actor, study })) === 'shown'
    const grouping: Grouping = byArm
      ? {
          sql: `coalesce(a.arm, '${unallocated}')`,
          join: `left join casebook.allocation_issued a on a.study_id = b.study_id and a.subject_id = b.subject_id`,
        }
      : { sql: `'${everybody}'`, join: '' }
    const subjects = await subjectCounts(tx, input.studyId, siteIds, grouping)
    const counts = await eventCounts(tx, input.studyId, siteIds, grouping)
    return {
      ...base,
      byArm,
      groups: groupsOf(versions.at(-1), byArm, subjects),
      grades: counts.grades,
      totals: totalsOf(subjects, counts.totals),
      ...(await termCounts(tx, input.studyId, siteIds, grouping)),
      bySite: base.sites.map(({ siteId }) => {
        const own = subjects.filter((row) => row.siteId === siteId)
        const events = counts.bySite.find((row) => row.siteId === siteId)
        return {
          siteId,
          subjects: sumOf(own, 'subjects'),
          deaths: sumOf(own, 'deaths'),
          events: events?.events ?? 0,
          withEvent: events?.subjects ?? 0,
          serious: events?.serious ?? 0,
        }
      }),
    }
  },
})

type SubjectCount = { siteId: string; group: string; subjects: number; deaths: number }

/** Everybody but failed screenings without an event; beside arms, those who are still waiting are a group of their own. */
function subjectCounts(
  tx: Transaction,
  studyId: string,
  siteIds: readonly string[] | null,
  { sql, join }: Grouping,
): Promise<SubjectCount[]> {
  return tx.query<SubjectCount>(
    `select b.site_id as "siteId", ${sql} as "group", count(*)::int as subjects,
       count(*) filter (where b.state = 'dead')::int as deaths
     from casebook.subject b ${join}
     where b.study_id = $1 and ($2::uuid[] is null or b.site_id = any ($2))
       and (b.state <> 'screenFailure' or exists (select from casebook.form_record r
         where r.study_id = b.study_id and r.subject_id = b.subject_id and r.form_oid = $3
           and r.state <> 'removed' and r.data ?| $4))
     group by 1, 2`,
    [studyId, siteIds, adverseEventForm, [items.term, items.from]],
  )
}

/** What the list of adverse events calls one: an instance with a term or a start. */
const eventsSql = ({ sql, join }: Grouping) => `
  select r.site_id, r.subject_id, ${sql} as grp,
    case when r.data ->> $4 = any (array['1', '2', '3', '4', '5']) then (r.data ->> $4)::int end as grade,
    coalesce(r.data ->> $5 = 'Y', false) as serious
  from casebook.form_record r
  join casebook.subject b on b.study_id = r.study_id and b.subject_id = r.subject_id
  ${join}
  where r.study_id = $1 and r.form_oid = $3 and r.state <> 'removed' and r.data ?| $6
    and ($2::uuid[] is null or r.site_id = any ($2))`

type EventCount = {
  events: number
  subjects: number
  serious: number
  seriousSubjects: number
}
type EventRow = EventCount & {
  kind: 'grade' | 'total' | 'site'
  group: string | null
  grade: number | null
  siteId: string | null
}

async function eventCounts(
  tx: Transaction,
  studyId: string,
  siteIds: readonly string[] | null,
  grouping: Grouping,
) {
  const rows = await tx.query<EventRow>(
    `with event as materialized (${eventsSql(grouping)}),
     worst as (select subject_id, grp, max(grade) as grade from event group by subject_id, grp)
     select 'grade' as kind, e.grp as "group", e.grade, null::uuid as "siteId", count(*)::int as events,
       (select count(*)::int from worst w where w.grp = e.grp and w.grade is not distinct from e.grade) as subjects,
       count(*) filter (where serious)::int as serious, 0 as "seriousSubjects"
     from event e group by e.grp, e.grade
     union all
     select 'total', grp, null, null, count(*)::int, count(distinct subject_id)::int,
       count(*) filter (where serious)::int, count(distinct subject_id) filter (where serious)::int
     from event group by grp
     union all
     select 'site', null, null, site_id, count(*)::int, count(distinct subject_id)::int,
       count(*) filter (where serious)::int, count(distinct subject_id) filter (where serious)::int
     from event group by site_id`,
    [studyId, siteIds, adverseEventForm, items.grade, items.serious, [items.term, items.from]],
  )
  const of = (kind: EventRow['kind']) => rows.filter((row) => row.kind === kind)
  return {
    grades: of('grade').map(({ group, grade, events, serious, subjects }) => ({
      group: group ?? '',
      grade,
      events,
      serious,
      subjects,
    })),
    totals: of('total'),
    bySite: of('site'),
  }
}

/** What is written in an item; a reason for a missing value is no word. */
const wordsSql = (item: string) =>
  `case when jsonb_typeof(r.data -> ${item}) = 'string' then nullif(btrim(r.data ->> ${item}), '') end`

async function termCounts(
  tx: Transaction,
  studyId: string,
  siteIds: readonly string[] | null,
  { sql, join }: Grouping,
): Promise<Pick<SafetyView, 'terms' | 'termsLeftOut'>> {
  const rows = await tx.query<SafetyView['terms'][number] & { all: number }>(
    `with event as materialized (
       select r.subject_id, ${sql} as grp,
         coalesce(${wordsSql('$4')}, ${wordsSql('$5')}) as term
       from casebook.form_record r
       join casebook.subject b on b.study_id = r.study_id and b.subject_id = r.subject_id
       ${join}
       where r.study_id = $1 and r.form_oid = $3 and r.state <> 'removed' and r.data ? $5
         and ($2::uuid[] is null or r.site_id = any ($2))),
     -- One spelling of a term in small and in capital letters is one term.
     term as (
       select lower(term) as key, min(term) as term, count(distinct subject_id) as subjects, count(*) as events
       from event where term is not null group by lower(term)),
     top as (select *, (select count(*) from term)::int as "all" from term order by subjects desc, events desc, key limit ${mostTerms})
     select t.term, e.grp as "group", count(*)::int as events, count(distinct e.subject_id)::int as subjects, t."all"
     from top t join event e on lower(e.term) = t.key
     group by t.term, t.subjects, t.events, t.key, t."all", e.grp order by t.subjects desc, t.events desc, t.key, e.grp`,
    [studyId, siteIds, adverseEventForm, codedTerm, items.term],
  )
  const shown = new Set(rows.map(({ term }) => term)).size
  return {
    terms: rows.map(({ all: _, ...row }) => row),
    termsLeftOut: (rows[0]?.all ?? 0) - shown,
  }
}

function groupsOf(
  study: PublishedStudy | undefined,
  byArm: boolean,
  subjects: readonly SubjectCount[],
): SafetyGroup[] {
  const group = (key: string, label: SafetyGroup['label']): SafetyGroup => ({
    key,
    label,
    subjects: sumOf(
      subjects.filter((row) => row.group === key),
      'subjects',
    ),
  })
  if (!byArm) return [group(everybody, null)]
  const arms = (study?.definition.allocation?.arms ?? []).map(({ code, label }) =>
    group(code, label),
  )
  const waiting = group(unallocated, {
    en: 'Not allocated',
    ja: '未割付',
    zh: '未分组',
  })
  return waiting.subjects > 0 ? [...arms, waiting] : arms
}

function totalsOf(
  subjects: readonly SubjectCount[],
  events: readonly EventRow[],
): SafetyView['totals'] {
  const groups = new Set([
    ...subjects.map(({ group }) => group),
    ...events.map(({ group }) => group ?? ''),
  ])
  return [...groups].map((group) => {
    const own = events.find((row) => row.group === group)
    return {
      group,
      events: own?.events ?? 0,
      subjects: own?.subjects ?? 0,
      serious: own?.serious ?? 0,
      seriousSubjects: own?.seriousSubjects ?? 0,
      deaths: sumOf(
        subjects.filter((row) => row.group === group),
        'deaths',
      ),
    }
  })
}

const sumOf = <K extends string>(rows: readonly Record<K, number>[], key: K): number =>
  rows.reduce((sum, row) => sum + row[key], 0)
