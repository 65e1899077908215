/**
 * What is still open in the casebooks as they are, finding by finding: one statement a question, whatever the size of the study. The
 * checklist counts its rows and the list behind a line shows them, so the two cannot differ.
 */
import type { Transaction } from '#db/client.ts'
import type { OpenLineId } from '#domain/analysis/cut-views.ts'
import { adverseEventForm, adverseEventItems } from '../safety/names.ts'
import { dueVisitsSql } from '../study/due-visits.ts'
import type { PublishedStudy } from '../study/published.ts'

export type SiteCount = { siteId: string; count: number; part?: string }

/** Upper ends, in days, of the ages of queries, and what lies beyond. */
const ages = ['upTo7', 'upTo30', 'over30'] as const

type Asked = {
  tx: Transaction
  studyId: string
  /** The versions that subjects are on, and the newest. */
  versions: readonly PublishedStudy[]
  latest: number
  today: string
}
/**
 * SQL of a row a finding, and its values; `$1` is the study. Columns: site_id, subject_id; event, event_repeat, form, form_repeat
 * and own (tells findings of one form apart), null where there are none; part, what the count is made of; detail, in the words of
 * the casebook.
 */
type Findings = (asked: Asked) => { sql: string; values: unknown[] }

const ofRecord = 'r.site_id, r.subject_id, r.event_oid, r.event_repeat, r.form_oid, r.form_repeat'
const nothingMore = 'null::text as own, null::text as part, null::text as detail'

const queries =
  (condition: string): Findings =>
  ({ studyId }) => ({
    sql: `select ${ofRecord}, q.query_id::text as own, q.text as detail,
        ($2::text[])[width_bucket(floor(extract(epoch from now() - q.opened_at) / 86400)::int, array[0, 8, 31])] as part
      from casebook.query q
      join casebook.form_record r on r.study_id = q.study_id and r.record_id = q.record_id
      where q.study_id = $1 and ${condition}`,
    values: [studyId, [...ages]],
  })

const visitsOverdue: Findings = ({ studyId, versions, today }) => {
  const values: unknown[] = [studyId]
  const bound = (value: unknown) => `$${values.push(value)}`
  const due = dueVisitsSql(versions, today, 0, bound)
  return {
    sql: `select d.site_id, d.subject_id, d.event as event_oid, 1 as event_repeat, null::text as form_oid,
        null::int as form_repeat, null::text as own, null::text as part, d.closes::text as detail
      from (${due}) d where d.closes < ${bound(today)}::date`,
    values,
  }
}

/** Forms that a visit expects without condition, once any form of the visit was begun and it is not recorded as missed. */
const formsMissing: Findings = ({ studyId, versions }) => {
  const expected = versions.flatMap(({ definition, number }) =>
    definition.events.flatMap((event) =>
      event.kind === 'log'
        ? []
        : event.forms
            .filter(({ required, when }) => required && when === undefined)
            .map(({ form }) => ({ number, event: event.oid, form })),
    ),
  )
  return {
    sql: `select h.site_id, h.subject_id, h.event_oid, h.event_repeat, e.form as form_oid, 1 as form_repeat, ${nothingMore}
      from (
        select distinct r.site_id, r.subject_id, r.event_oid, r.event_repeat, b.version_number
        from casebook.form_record r
        join casebook.subject b on b.study_id = r.study_id and b.subject_id = r.subject_id
        where r.study_id = $1 and r.state not in ('removed', 'notStarted')
          and coalesce(b.visits -> r.event_oid ->> 'occurred', 'true') <> 'false') h
      join unnest($2::int[], $3::text[], $4::text[]) e(version, event, form)
        on e.version = h.version_number and e.event = h.event_oid
      where not exists (select from casebook.form_record f where f.study_id = $1 and f.subject_id = h.subject_id
        and f.event_oid = h.event_oid and f.event_repeat = h.event_repeat and f.form_oid = e.form
        and f.state not in ('removed', 'notStarted'))`,
    values: [
      studyId,
      expected.map(({ number }) => number),
      expected.map(({ event }) => event),
      expected.map(({ form }) => form),
    ],
  }
}

const formsInProgress: Findings = ({ studyId }) => ({
  sql: `select ${ofRecord}, ${nothingMore} from casebook.form_record r
    where r.study_id = $1 and r.state = 'inProgress'`,
  values: [studyId],
})

const formsUnsigned: Findings = ({ studyId, versions }) => {
  const signed = versions.flatMap(({ definition, number }) =>
    definition.forms.flatMap(({ oid, signature }) =>
      signature?.required ? [{ oid, number }] : [],
    ),
  )
  return {
    sql: `select ${ofRecord}, ${nothingMore} from casebook.form_record r
      join unnest($2::text[], $3::int[]) f(form, version) on f.form = r.form_oid and f.version = r.version_number
      where r.study_id = $1 and r.state in ('inProgress', 'complete')`,
    values: [studyId, signed.map(({ oid }) => oid), signed.map(({ number }) => number)],
  }
}

/** Forms that were signed once, whose every signature has fallen since. */
const signaturesFallen: Findings = ({ studyId }) => ({
  sql: `select ${ofRecord}, ${nothingMore} from casebook.form_record r
    where r.study_id = $1 and r.state <> 'removed'
      and exists (select from casebook.signature g
        where g.study_id = r.study_id and g.record_id = r.record_id and g.revoked_at is not null)
      and not exists (select from casebook.signature g
        where g.study_id = r.study_id and g.record_id = r.record_id and g.revoked_at is null)`,
  values: [studyId],
})

/** Events with neither an end nor the word that they go on; a recorded reason for a missing end counts as an end. */
const eventsWithoutEnd: Findings = ({ studyId }) => {
  const { term, from, to, ongoing } = adverseEventItems
  return {
    sql: `select ${ofRecord}, null::text as own, null::text as part,
        case when jsonb_typeof(r.data -> $6) = 'string' then r.data ->> $6 end as detail
      from casebook.form_record r
      where r.study_id = $1 and r.form_oid = $2 and r.state <> 'removed' and r.data ?| $3
        and r.data -> $4 is null and coalesce(r.data ->> $5, '') <> 'Y'`,
    values: [studyId, adverseEventForm, [term, from], to, ongoing, term],
  }
}

const olderVersions: Findings = ({ studyId, latest }) => ({
  sql: `select b.site_id, b.subject_id, null::text as event_oid, null::int as event_repeat, null::text as form_oid,
      null::int as form_repeat, ${nothingMore}
    from casebook.subject b where b.study_id = $1 and b.version_number < $2`,
  values: [studyId, latest],
})

/** All lines but those that only an analysis can tell. */
const statements: Readonly<Partial<Record<OpenLineId, Findings>>> = {
  queriesOpen: queries(`q.state = 'open'`),
  queriesAnswered: queries(`q.state = 'answered'`),
  // A rule asks for as long as its values stand, so its open questions are its findings.
  ruleQueries: queries(`q.state in ('open', 'answered') and q.check_id is not null`),
  visitsOverdue,
  formsMissing,
  formsInProgress,
  formsUnsigned,
  signaturesFallen,
  eventsWithoutEnd,
  olderVersions,
}

/** Ages are told of questions that nobody has answered. */
const withParts: readonly OpenLineId[] = ['queriesOpen']

/** How many findings of a line each site has; null for a line that only an analysis can tell. */
export async function openCounts(id: OpenLineId, asked: Asked): Promise<SiteCount[] | null> {
  const found = statements[id]?.(asked)
  if (!found) return null
  const part = withParts.includes(id) ? 'f.part' : 'null::text'
  const rows = await asked.tx.query<{ siteId: string; part: string | null; count: number }>(
    `select f.site_id as "siteId", ${part} as part, count(*)::int as count from (${found.sql}) f group by 1, 2`,
    found.values,
  )
  const order = (one: { part: string | null }) => (ages as readonly unknown[]).indexOf(one.part)
  return rows
    .sort((a, b) => order(a) - order(b))
    .map(({ part, ...row }) => (part === null ? row : { ...row, part }))
}

export type FindingRow = {
  /** Names the finding in the order of the list. */
  place: string
  siteCode: string
  subjectKey: string
  event: string | null
  eventRepeat: number | null
  form: string | null
  formRepeat: number | null
  detail: string | null
}

/** The findings of a line after a place, by site, subject and visit; null as above. */
export async function openFindings(
  id: OpenLineId,
  asked: Asked,
  page: { site: string | null; after: string | null; limit: number },
): Promise<FindingRow[] | null> {
  const found = statements[id]?.(asked)
  if (!found) return null
  const values = [...found.values]
  const bound = (value: unknown) => `$${values.push(value)}`
  return asked.tx.query<FindingRow>(
    `select * from (
       select s.code as "siteCode", b.subject_key as "subjectKey", f.event_oid as event, f.event_repeat as "eventRepeat",
         f.form_oid as form, f.form_repeat as "formRepeat", f.detail,
         concat_ws('/', s.code, b.subject_key, coalesce(f.event_oid, ''), lpad(f.event_repeat::text, 5, '0'),
           coalesce(f.form_oid, ''), lpad(f.form_repeat::text, 5, '0'), coalesce(f.own, '')) collate "C" as place
       from (${found.sql}) f
       join casebook.subject b on b.study_id = $1 and b.subject_id = f.subject_id
       join casebook.site s on s.study_id = $1 and s.site_id = f.site_id) l
     where (${bound(page.site)}::text is null or l."siteCode" = ${bound(page.site)})
       and (${bound(page.after)}::text is null or l.place > ${bound(page.after)})
     order by l.place limit ${bound(page.limit)}`,
    values,
  )
}
