/** What is still open in the casebooks as they are, counted by site; one statement a question, whatever the size of the study. */
import type { Transaction } from '#db/client.ts'
import type { OpenLineId } from '#domain/analysis/cut-views.ts'
import { adverseEventForm, adverseEventItems } from '../safety/names.ts'
import { dueVisitsSql } from '../study/due-visits.ts'
import type { PublishedStudy } from '../study/published.ts'

export type SiteCount = { siteId: string; count: number; part?: string }

/** Lower ends, in days, of the ages of queries. */
const ages = [0, 8, 31] as const
export const agePart = (lower: number): string =>
  lower === 0 ? 'upTo7' : lower === 8 ? 'upTo30' : 'over30'

type Asked = {
  tx: Transaction
  studyId: string
  /** The versions that subjects are on, and the newest. */
  versions: readonly PublishedStudy[]
  latest: number
  today: string
}
type Count = (asked: Asked) => Promise<SiteCount[]>

const queriesOpen: Count = async ({ tx, studyId }) => {
  const rows = await tx.query<{ siteId: string; age: number; count: number }>(
    `select site_id as "siteId", count(*)::int as count,
       width_bucket(floor(extract(epoch from now() - opened_at) / 86400)::int, $2::int[]) - 1 as age
     from casebook.query where study_id = $1 and state = 'open' group by 1, 3`,
    [studyId, [...ages]],
  )
  return rows.map(({ age, ...row }) => ({ ...row, part: agePart(ages[age] ?? 0) }))
}

const queriesAnswered: Count = ({ tx, studyId }) =>
  tx.query(
    `select site_id as "siteId", count(*)::int as count from casebook.query
     where study_id = $1 and state = 'answered' group by 1`,
    [studyId],
  )

/** A rule asks for as long as its values stand, so its open questions are its findings. */
const ruleQueries: Count = ({ tx, studyId }) =>
  tx.query(
    `select site_id as "siteId", count(*)::int as count from casebook.query
     where study_id = $1 and state in ('open', 'answered') and check_id is not null group by 1`,
    [studyId],
  )

const visitsOverdue: Count = ({ tx, studyId, versions, today }) => {
  const values: unknown[] = [studyId]
  const bound = (value: unknown) => `$${values.push(value)}`
  const due = dueVisitsSql(versions, today, 0, bound)
  return tx.query(
    `select site_id as "siteId", count(*)::int as count from (${due}) d
     where d.closes < ${bound(today)}::date group by 1`,
    values,
  )
}

/** Forms that a visit expects without condition, once any form of the visit was begun and it is not recorded as missed. */
const formsMissing: Count = ({ tx, studyId, versions }) => {
  const expected = versions.flatMap(({ definition, number }) =>
    definition.events.flatMap((event) =>
      event.kind === 'log'
        ? []
        : event.forms
            .filter(({ required, when }) => required && when === undefined)
            .map(({ form }) => ({ number, event: event.oid, form })),
    ),
  )
  return tx.query(
    `with held as materialized (
       select distinct r.site_id, r.subject_id, r.event_oid, r.event_repeat, b.version_number
       from casebook.form_record r
       join casebook.subject b on b.study_id = r.study_id and b.subject_id = r.subject_id
       where r.study_id = $1 and r.state not in ('removed', 'notStarted')
         and coalesce(b.visits -> r.event_oid ->> 'occurred', 'true') <> 'false')
     select h.site_id as "siteId", count(*)::int as count from held h
     join unnest($2::int[], $3::text[], $4::text[]) e(version, event, form)
       on e.version = h.version_number and e.event = h.event_oid
     where not exists (select from casebook.form_record f where f.study_id = $1 and f.subject_id = h.subject_id
       and f.event_oid = h.event_oid and f.event_repeat = h.event_repeat and f.form_oid = e.form
       and f.state not in ('removed', 'notStarted'))
     group by 1`,
    [
      studyId,
      expected.map(({ number }) => number),
      expected.map(({ event }) => event),
      expected.map(({ form }) => form),
    ],
  )
}

const formsInProgress: Count = ({ tx, studyId }) =>
  tx.query(
    `select site_id as "siteId", count(*)::int as count from casebook.form_record
     where study_id = $1 and state = 'inProgress' group by 1`,
    [studyId],
  )

const formsUnsigned: Count = ({ tx, studyId, versions }) => {
  const signed = versions.flatMap(({ definition, number }) =>
    definition.forms.flatMap(({ oid, signature }) =>
      signature?.required ? [{ oid, number }] : [],
    ),
  )
  return tx.query(
    `select r.site_id as "siteId", count(*)::int as count from casebook.form_record r
     join unnest($2::text[], $3::int[]) f(form, version) on f.form = r.form_oid and f.version = r.version_number
     where r.study_id = $1 and r.state in ('inProgress', 'complete') group by 1`,
    [studyId, signed.map(({ oid }) => oid), signed.map(({ number }) => number)],
  )
}

/** Forms that were signed once, whose every signature has fallen since. */
const signaturesFallen: Count = ({ tx, studyId }) =>
  tx.query(
    `select r.site_id as "siteId", count(*)::int as count from casebook.form_record r
     where r.study_id = $1 and r.state <> 'removed'
       and exists (select from casebook.signature g
         where g.study_id = r.study_id and g.record_id = r.record_id and g.revoked_at is not null)
       and not exists (select from casebook.signature g
         where g.study_id = r.study_id and g.record_id = r.record_id and g.revoked_at is null)
     group by 1`,
    [studyId],
  )

/** Events with neither an end nor the word that they go on; a recorded reason for a missing end counts as an end. */
const eventsWithoutEnd: Count = ({ tx, studyId }) => {
  const { term, from, to, ongoing } = adverseEventItems
  return tx.query(
    `select site_id as "siteId", count(*)::int as count from casebook.form_record
     where study_id = $1 and form_oid = $2 and state <> 'removed' and data ?| $3
       and data -> $4 is null and coalesce(data ->> $5, '') <> 'Y' group by 1`,
    [studyId, adverseEventForm, [term, from], to, ongoing],
  )
}

const olderVersions: Count = ({ tx, studyId, latest }) =>
  tx.query(
    `select site_id as "siteId", count(*)::int as count from casebook.subject
     where study_id = $1 and version_number < $2 group by 1`,
    [studyId, latest],
  )

export const openCounts: Readonly<Partial<Record<OpenLineId, Count>>> = {
  queriesOpen,
  queriesAnswered,
  ruleQueries,
  visitsOverdue,
  formsMissing,
  formsInProgress,
  formsUnsigned,
  signaturesFallen,
  eventsWithoutEnd,
  olderVersions,
}
