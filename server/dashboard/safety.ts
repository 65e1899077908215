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
  /** SQL of the group of the subject `who`. */
  sql: string
  join: (who: 'b' | 'r') => string
}

const pooled: Grouping = { sql: `'${everybody}'`, join: () => '' }
const arms: Grouping = {
  sql: `coalesce(a.arm, '${unallocated}')`,
  join: (who) =>
    `left join casebook.allocation_issued a on a.study_id = ${who}.study_id and a.subject_id = ${who}.subject_id`,
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
    const counts = await countsOf(tx, input.studyId, siteIds, byArm ? arms : pooled)
    const { subjects, withEvent, terms } = counts
    return {
      ...base,
      byArm,
      groups: groupsOf(versions.at(-1), byArm, subjects),
      grades: gradesOf(counts),
      totals: totalsOf(subjects, withEvent),
      terms: terms.map(({ all: _, ...row }) => row),
      termsLeftOut: (terms[0]?.all ?? 0) - new Set(terms.map(({ term }) => term)).size,
      bySite: base.sites.map(({ siteId }) => {
        const own = subjects.filter((row) => row.siteId === siteId)
        const events = withEvent.filter((row) => row.siteId === siteId)
        return {
          siteId,
          subjects: sumOf(own, 'subjects'),
          deaths: sumOf(own, 'deaths'),
          events: sumOf(events, 'events'),
          withEvent: sumOf(events, 'subjects'),
          serious: sumOf(events, 'serious'),
        }
      }),
    }
  },
})

type SubjectCount = { siteId: string; group: string; subjects: number; deaths: number }
/** Subjects with an event by their worst grade, and all their events. */
type EventCount = {
  siteId: string
  group: string
  worst: number | null
  subjects: number
  events: number
  serious: number
  seriousSubjects: number
}
type Counts = {
  /** Everybody but failed screenings without an event; beside arms, those who are still waiting are a group of their own. */
  subjects: readonly SubjectCount[]
  withEvent: readonly EventCount[]
  grades: readonly { group: string; grade: number | null; events: number; serious: number }[]
  /** `all`: how many terms there are, whatever the group. */
  terms: readonly (SafetyView['terms'][number] & { all: number })[]
}

/** What is written in an item; a reason for a missing value is no word. */
const wordsSql = (item: string) =>
  `case when jsonb_typeof(v.data -> ${item}) = 'string' then nullif(btrim(v.data ->> ${item}), '') end`

/**
 * One pass over the adverse events. One is what their list calls one: an instance with a term or a start. Values are taken from the row
 * once (`offset 0`): for a blinded reader each time would strip what is concealed anew. What an instance is comes as a column, because
 * the database takes such a condition on values for a rare one and then looks subjects up row by row.
 */
async function countsOf(
  tx: Transaction,
  studyId: string,
  siteIds: readonly string[] | null,
  { sql, join }: Grouping,
): Promise<Counts> {
  const [counts] = await tx.query<Counts>(
    `with record as materialized (
       select r.site_id, r.subject_id, ${sql} as grp, v.data ?| $6 as is_event,
         case when v.data ->> $4 = any (array['1', '2', '3', '4', '5']) then (v.data ->> $4)::int end as grade,
         coalesce(v.data ->> $5 = 'Y', false) as serious,
         case when v.data ? $7 then coalesce(${wordsSql('$8')}, ${wordsSql('$7')}) end as term
       from casebook.form_record r cross join lateral (select r.data offset 0) v
       ${join('r')}
       where r.study_id = $1 and r.form_oid = $3 and r.state <> 'removed' and ($2::uuid[] is null or r.site_id = any ($2))),
     person as materialized (
       select site_id, subject_id, grp, max(grade) as worst, count(*) as events, count(*) filter (where serious) as serious
       from record where is_event group by site_id, subject_id, grp),
     who as (
       select b.site_id as "siteId", ${sql} as "group", count(*)::int as subjects,
         count(*) filter (where b.state = 'dead')::int as deaths
       from casebook.subject b ${join('b')}
       where b.study_id = $1 and ($2::uuid[] is null or b.site_id = any ($2))
         and (b.state <> 'screenFailure' or b.subject_id in (select subject_id from person))
       group by 1, 2),
     "withEvent" as (
       select site_id as "siteId", grp as "group", worst, count(*)::int as subjects, sum(events)::int as events,
         sum(serious)::int as serious, count(*) filter (where serious > 0)::int as "seriousSubjects"
       from person group by site_id, grp, worst),
     grade as (
       select grp as "group", grade, count(*)::int as events, count(*) filter (where serious)::int as serious
       from record where is_event group by grp, grade),
     -- One spelling of a term in small and in capital letters is one term.
     said as materialized (
       select lower(term) as key, min(term) as term, subject_id, grp, count(*) as events
       from record where term is not null group by lower(term), subject_id, grp),
     term as (
       select key, min(term) as term, count(*) as subjects, sum(events) as events, count(*) over ()::int as "all"
       from said group by key),
     top as (select * from term order by subjects desc, events desc, key limit ${mostTerms}),
     "byTerm" as (
       select t.term, s.grp as "group", sum(s.events)::int as events, count(*)::int as subjects, t."all"
       from top t join said s on s.key = t.key
       group by t.term, t.subjects, t.events, t.key, t."all", s.grp
       order by t.subjects desc, t.events desc, t.key, s.grp)
     select ${listSql('who')} as subjects, ${listSql('"withEvent"')} as "withEvent", ${listSql('grade')} as grades,
       ${listSql('"byTerm"')} as terms`,
    [
      studyId,
      siteIds,
      adverseEventForm,
      items.grade,
      items.serious,
      [items.term, items.from],
      items.term,
      codedTerm,
    ],
  )
  return counts as Counts
}

const listSql = (name: string) => `(select coalesce(json_agg(x), '[]') from ${name} x)`

/** Events by their own grade, beside the subjects of whom it is the worst. */
function gradesOf({ grades, withEvent }: Counts): SafetyView['grades'] {
  return grades.map((row) => ({
    ...row,
    subjects: sumOf(
      withEvent.filter(({ group, worst }) => group === row.group && worst === row.grade),
      'subjects',
    ),
  }))
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
  withEvent: readonly EventCount[],
): SafetyView['totals'] {
  const groups = new Set([...subjects, ...withEvent].map(({ group }) => group))
  return [...groups].map((group) => {
    const own = withEvent.filter((row) => row.group === group)
    const everyone = subjects.filter((row) => row.group === group)
    return {
      group,
      events: sumOf(own, 'events'),
      subjects: sumOf(own, 'subjects'),
      serious: sumOf(own, 'serious'),
      seriousSubjects: sumOf(own, 'seriousSubjects'),
      deaths: sumOf(everyone, 'deaths'),
    }
  })
}

const sumOf = <K extends string>(rows: readonly Record<K, number>[], key: K): number =>
  rows.reduce((sum, row) => sum + row[key], 0)
