import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import type { StoredValue } from '#domain/casebook/record.ts'
import {
  type QueryRow,
  type QueryState,
  type QuerySummary,
  type QueryThread,
  queryStates,
} from '#domain/casebook/views.ts'
import { Problem } from '#domain/problem.ts'
import { reading } from '../command.ts'
import { containing, paged, placeOf } from '../cursor.ts'
import { displayValue, itemLabel } from '../display.ts'
import { cursor, id, pageSize, plainText } from '../input.ts'
import { publishedStudy } from '../study/published.ts'
import { summaryColumns } from './query-row.ts'

export type QueryInbox = {
  rows: readonly QueryRow[]
  next: string | null
  counts: Readonly<Record<QueryState, number>>
}

type Stored = QuerySummary & {
  subjectId: string
  subjectKey: string
  siteId: string
  siteCode: string
  event: string
  eventRepeat: number
  form: string
  formRepeat: number
  version: number
  ageDays: number
  then: StoredValue | null
  value: StoredValue | null
}

const storedColumns = `${summaryColumns}, q.subject_id as "subjectId", q.site_id as "siteId",
  b.subject_key as "subjectKey", s.code as "siteCode", r.event_oid as event,
  r.event_repeat as "eventRepeat", r.form_oid as form, r.form_repeat as "formRepeat",
  r.version_number as version, q.value_then as "then",
  floor(extract(epoch from now() - q.opened_at) / 86400)::int as "ageDays",
  coalesce(r.data -> q.path, r.derived -> q.path) as value`
const storedTables = `casebook.query q
  join casebook.form_record r on r.study_id = q.study_id and r.record_id = q.record_id
  join casebook.subject b on b.study_id = q.study_id and b.subject_id = q.subject_id
  join casebook.site s on s.study_id = q.study_id and s.site_id = q.site_id`

const inboxPlace = z.tuple([z.iso.datetime(), z.uuid()])

export const queryInbox = reading({
  name: 'query.inbox',
  permission: 'query.read',
  input: z.strictObject({
    studyId: id,
    state: z.enum(queryStates).optional(),
    /** For who answers: waiting for the site; for who asks: raised by the reader or waiting to be closed. */
    mine: z.boolean().optional(),
    siteId: id.optional(),
    subjectId: id.optional(),
    text: plainText(60).optional(),
    cursor,
    limit: pageSize,
  }),
  run: async ({ tx, input, actor, may }): Promise<QueryInbox> => {
    const mine = !input.mine
      ? 'true'
      : may('query.answer')
        ? `q.state = 'open'`
        : `(q.opened_by = $7 or q.state = 'answered')`
    const where = `q.study_id = $1 and ($2::uuid is null or q.site_id = $2)
      and ($3::uuid is null or q.subject_id = $3)
      and ($4::text is null or q.text ilike $4 or b.subject_key ilike $4)
      and ($7::uuid is not null) and ${mine}`
    const after = placeOf(input.cursor, inboxPlace)
    const rows = await tx.query<Stored>(
      `select ${storedColumns} from ${storedTables}
       where ${where} and ($5::text is null or q.state = $5)
         and ($8::timestamptz is null or (q.opened_at, q.query_id) < ($8, $9::uuid))
       order by q.opened_at desc, q.query_id desc limit $6`,
      [
        input.studyId,
        input.siteId ?? null,
        input.subjectId ?? null,
        input.text ? containing(input.text) : null,
        input.state ?? null,
        input.limit + 1,
        actor.userId,
        after?.[0] ?? null,
        after?.[1] ?? null,
      ],
    )
    const counted = await tx.query<{ state: QueryState; count: number }>(
      `select q.state, count(*)::int as count from casebook.query q
       join casebook.subject b on b.study_id = q.study_id and b.subject_id = q.subject_id
       where ${where.replaceAll('$7', '$5')} group by q.state`,
      [
        input.studyId,
        input.siteId ?? null,
        input.subjectId ?? null,
        input.text ? containing(input.text) : null,
        actor.userId,
      ],
    )
    const counts = { open: 0, answered: 0, closed: 0, cancelled: 0 }
    for (const { state, count } of counted) counts[state] = count
    const page = paged(rows, input.limit, (row) => [row.openedAt, row.queryId])
    return {
      rows: await Promise.all(
        page.rows.map((row) => described(tx, input.studyId, row, actor.language)),
      ),
      next: page.next,
      counts,
    }
  },
})

async function described(
  tx: Transaction,
  studyId: string,
  stored: Stored,
  language: string,
): Promise<QueryRow> {
  const { then, value, version, siteId: _, ...row } = stored
  const study = await publishedStudy(tx, studyId, version)
  const shown = (what: StoredValue | null) =>
    displayValue(study, row.form, row.path, what, language)
  return {
    ...row,
    itemLabel: itemLabel(study, row.form, row.path),
    formLabel: study.forms.get(row.form)?.label ?? { en: row.form },
    eventLabel: study.events.get(row.event)?.label ?? { en: row.event },
    valueThen: shown(then),
    valueNow: shown(value),
  }
}

export const queryThread = reading({
  name: 'query.thread',
  permission: 'query.read',
  input: z.strictObject({ studyId: id, queryId: id }),
  run: async ({ tx, input, actor, may }): Promise<QueryThread> => {
    const [stored] = await tx.query<Stored>(
      `select ${storedColumns} from ${storedTables} where q.study_id = $1 and q.query_id = $2`,
      [input.studyId, input.queryId],
    )
    if (!stored) throw new Problem('not-found')
    const messages = await tx.query<QueryThread['messages'][number]>(
      `select m.at, coalesce(u.display_name, 'Casebook') as who, m.role, m.step, m.text
       from casebook.query_message m left join casebook.app_user u on u.user_id = m.by
       where m.study_id = $1 and m.query_id = $2 order by m.at, m.message_id`,
      [input.studyId, input.queryId],
    )
    const open = stored.state === 'open' || stored.state === 'answered'
    return {
      ...(await described(tx, input.studyId, stored, actor.language)),
      messages,
      abilities: {
        answer: open && may('query.answer', stored.siteId),
        close: open && may('query.close', stored.siteId),
        reopen:
          (stored.state === 'answered' || stored.state === 'closed') &&
          may('query.close', stored.siteId),
      },
    }
  },
})
