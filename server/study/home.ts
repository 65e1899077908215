import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import type { HomeView } from '#domain/casebook/views.ts'
import { reading } from '../command.ts'
import { id } from '../input.ts'
import { eventRows, recordsEvents, storedEvents } from '../safety/reads.ts'
import { dayOf } from '../today.ts'
import { dueDays, dueVisitsSql } from './due-visits.ts'
import { studiesInUse } from './former-names.ts'
import { type PublishedStudy, publishedStudy } from './published.ts'

const mostDue = 20
const mostSerious = 20
const mostChanges = 15
const daysAhead = 28

/** What a role starts the day with; parts that the role may not see are empty. */
export const studyHome = reading({
  name: 'study.home',
  permission: 'study.read',
  input: z.strictObject({ studyId: id }),
  run: async ({ tx, input, actor, now, study, within }): Promise<HomeView> => {
    const { studyId } = input
    const published =
      study.latestVersion === 0 ? null : await publishedStudy(tx, studyId, study.latestVersion)
    const versions = published ? await studiesInUse(tx, studyId) : []
    const readsSafety = await within('safety.read')
    const serious = readsSafety
      ? await storedEvents(tx, { studyId, serious: true, open: true, limit: mostSerious }, null)
      : []
    const seriousRows = readsSafety ? await eventRows(tx, studyId, serious, actor.language) : []
    const readsSubjects = await within('subject.read')
    return {
      plansVisits: published !== null && dueDays(published).length > 0,
      allocates: published?.definition.allocation !== undefined,
      recordsEvents: versions.some(recordsEvents),
      due: published && readsSubjects ? await dueVisits(tx, studyId, versions, dayOf(now)) : [],
      recruitment: readsSubjects ? await recruitment(tx, studyId) : [],
      monthly: readsSubjects ? await monthly(tx, studyId) : [],
      serious: seriousRows,
      queries: (await within('query.read'))
        ? await queryCounts(tx, studyId)
        : { open: 0, answered: 0 },
      toSign:
        (await within('form.sign')) && published ? await formsToSign(tx, studyId, versions) : 0,
      toVerify: (await within('item.verify')) ? await formsToVerify(tx, studyId) : 0,
      changes: (await within('audit.read')) ? await lastChanges(tx, studyId) : [],
    }
  },
})

/** Visits still to be held whose window is open or begins within four weeks, and those overdue, the oldest first. */
async function dueVisits(
  tx: Transaction,
  studyId: string,
  versions: readonly PublishedStudy[],
  today: string,
): Promise<HomeView['due']> {
  const values: unknown[] = [studyId]
  const bound = (value: unknown) => `$${values.push(value)}`
  const rows = await tx.query<{
    subjectId: string
    subjectKey: string
    event: string
    target: string
    from: string
    to: string
    version: number
  }>(
    `select subject_id as "subjectId", subject_key as "subjectKey", event, version, target, opens as "from",
       closes as "to"
     from (${dueVisitsSql(versions, today, daysAhead, bound)}) due
     order by closes, subject_key limit ${mostDue}`,
    values,
  )
  return rows.map(({ version, ...row }) => ({
    ...row,
    label: versions.find(({ number }) => number === version)?.events.get(row.event)?.label ?? {
      en: row.event,
    },
    overdue: today > row.to,
  }))
}

async function queryCounts(tx: Transaction, studyId: string): Promise<HomeView['queries']> {
  const [row] = await tx.query<HomeView['queries']>(
    `select count(*) filter (where state = 'open')::int as open,
       count(*) filter (where state = 'answered')::int as answered
     from casebook.query where study_id = $1 and state in ('open', 'answered')`,
    [studyId],
  )
  return row ?? { open: 0, answered: 0 }
}

async function formsToSign(
  tx: Transaction,
  studyId: string,
  versions: readonly PublishedStudy[],
): Promise<number> {
  const forms = versions.flatMap(({ definition, number }) =>
    definition.forms.flatMap(({ oid, signature }) =>
      signature?.required ? [{ oid, version: number }] : [],
    ),
  )
  const [row] = await tx.query<{ count: number }>(
    `select count(*)::int as count from casebook.form_record r
     join unnest($2::text[], $3::int[]) f(form, version) on f.form = r.form_oid and f.version = r.version_number
     where r.study_id = $1 and r.state = 'complete'`,
    [studyId, forms.map(({ oid }) => oid), forms.map(({ version }) => version)],
  )
  return row?.count ?? 0
}

/** Complete forms of which nothing was verified since the last change. */
async function formsToVerify(tx: Transaction, studyId: string): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    `select count(*)::int as count from casebook.form_record r
     where r.study_id = $1 and r.state in ('complete', 'signed')
       and not exists (select from casebook.verification v
         where v.study_id = r.study_id and v.record_id = r.record_id and v.dropped_at is null)`,
    [studyId],
  )
  return row?.count ?? 0
}

function recruitment(tx: Transaction, studyId: string): Promise<HomeView['recruitment']> {
  return tx.query(
    `select s.site_id as "siteId", s.code, s.name, s.planned, count(b.subject_id)::int as screened,
       count(b.anchor_date) filter (where b.state <> 'screenFailure')::int as randomised
     from casebook.site s
     left join casebook.subject b on b.study_id = s.study_id and b.site_id = s.site_id
     where s.study_id = $1 and ((select casebook.all_sites()) or s.site_id = any ((select casebook.current_sites())::uuid[]))
     group by s.site_id, s.code, s.name, s.planned order by s.code`,
    [studyId],
  )
}

function monthly(tx: Transaction, studyId: string): Promise<HomeView['monthly']> {
  return tx.query(
    `select to_char(anchor_date, 'YYYY-MM') as month, count(*)::int as randomised
     from casebook.subject where study_id = $1 and anchor_date is not null and state <> 'screenFailure'
     group by 1 order by 1`,
    [studyId],
  )
}

function lastChanges(tx: Transaction, studyId: string): Promise<HomeView['changes']> {
  return tx.query(
    `select a.at, a.actor_name as who, coalesce(a.command, a.action) as what,
       b.subject_key as "subjectKey", a.subject_id as "subjectId"
     from casebook.audit_record a
     left join casebook.subject b on b.study_id = a.study_id and b.subject_id = a.subject_id
     where a.study_id = $1 and a.entity in ('form_record', 'subject', 'signature', 'study_version', 'site', 'allocation_issued')
     order by a.at desc, a.chain_id desc, a.seq desc limit ${mostChanges}`,
    [studyId],
  )
}
