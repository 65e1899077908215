import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import type { FormState, FormValues } from '#domain/casebook/record.ts'
import type { AdverseEventRow } from '#domain/casebook/views.ts'
import { reading } from '../command.ts'
import { containing, paged, placeOf } from '../cursor.ts'
import { displayValue } from '../display.ts'
import { cursor, id, pageSize, plainText } from '../input.ts'
import { type PublishedStudy, publishedStudy } from '../study/published.ts'
import { adverseEventForm, adverseEventItems as items } from './names.ts'

export const adverseEvents = reading({
  name: 'safety.adverseEvents',
  permission: 'safety.read',
  input: z.strictObject({
    studyId: id,
    text: plainText(60).optional(),
    siteId: id.optional(),
    subjectId: id.optional(),
    serious: z.boolean().optional(),
    minGrade: z.int().min(1).max(5).optional(),
    cursor,
    limit: pageSize,
  }),
  run: async ({
    tx,
    input,
    actor,
    study,
  }): Promise<{ rows: readonly AdverseEventRow[]; next: string | null; recorded: boolean }> => {
    const after = placeOf(input.cursor, z.tuple([z.string().max(100), z.uuid()]))
    const found = await storedEvents(tx, { ...input, limit: input.limit + 1 }, after)
    const page = paged(found, input.limit, (row) => [row.subjectKey, row.recordId])
    const latest =
      study.latestVersion === 0
        ? null
        : await publishedStudy(tx, input.studyId, study.latestVersion)
    return {
      rows: await eventRows(tx, input.studyId, page.rows, actor.language),
      next: page.next,
      recorded: latest !== null && recordsEvents(latest),
    }
  },
})

/** Whether the study has the form at all: a chart review may record none. */
export const recordsEvents = (study: PublishedStudy): boolean => study.forms.has(adverseEventForm)

/** A serious event that has ended stays in sight for as long as the longest of the usual reporting times. */
const reportingDays = 15

type Wanted = {
  studyId: string
  text?: string | undefined
  siteId?: string | undefined
  subjectId?: string | undefined
  serious?: boolean | undefined
  minGrade?: number | undefined
  /** Only what still asks for somebody: not ended, not complete, or recorded within the reporting time; the newest first. */
  open?: boolean
  limit: number
}
export type StoredEvent = {
  subjectId: string
  subjectKey: string
  siteCode: string
  recordId: string
  formRepeat: number
  state: FormState
  versionNumber: number
  data: FormValues
  derived: FormValues
  queries: number
}

/** Instances that describe an event; one that only says "none" (no term, no start) is not listed. */
export function storedEvents(
  tx: Transaction,
  wanted: Wanted,
  after: readonly [string, string] | null,
): Promise<StoredEvent[]> {
  return tx.query<StoredEvent>(
    `select b.subject_id as "subjectId", b.subject_key as "subjectKey", s.code as "siteCode",
       r.record_id as "recordId", r.form_repeat as "formRepeat", r.state, r.version_number as "versionNumber",
       r.data, r.derived,
       (select count(*)::int from casebook.query q where q.study_id = r.study_id
          and q.record_id = r.record_id and q.state in ('open', 'answered')) as queries
     from casebook.form_record r
     join casebook.subject b on b.study_id = r.study_id and b.subject_id = r.subject_id
     join casebook.site s on s.study_id = r.study_id and s.site_id = r.site_id
     where r.study_id = $1 and r.form_oid = $2 and r.state <> 'removed' and r.data ?| $3
       and ($4::text is null or b.subject_key ilike $4 or r.data ->> $5 ilike $4)
       and ($6::uuid is null or r.site_id = $6) and ($7::uuid is null or r.subject_id = $7)
       and ($8::boolean is null or (coalesce(r.data ->> $9, '') = 'Y') = $8)
       and ($10::int is null or r.data ->> $11 = any (array['1', '2', '3', '4', '5']) and (r.data ->> $11)::int >= $10)
       and ($12::text is null or (b.subject_key, r.record_id) > ($12, $13::uuid))
       and ($15::uuid is null or r.data ->> $16 is null or r.state in ('notStarted', 'inProgress') or r.record_id >= $15)
     order by ${wanted.open ? 'r.record_id desc' : 'b.subject_key, r.record_id'} limit $14`,
    [
      wanted.studyId,
      adverseEventForm,
      [items.term, items.from],
      wanted.text ? containing(wanted.text) : null,
      items.term,
      wanted.siteId ?? null,
      wanted.subjectId ?? null,
      wanted.serious ?? null,
      items.serious,
      wanted.minGrade ?? null,
      items.grade,
      after?.[0] ?? null,
      after?.[1] ?? null,
      wanted.limit,
      wanted.open ? idFrom(Date.parse(tx.now) - reportingDays * 86_400_000) : null,
      items.to,
    ],
  )
}

export async function eventRows(
  tx: Transaction,
  studyId: string,
  stored: readonly StoredEvent[],
  language: string,
): Promise<AdverseEventRow[]> {
  const histories = await gradeHistories(
    tx,
    studyId,
    stored.map(({ recordId }) => recordId),
  )
  const rows: AdverseEventRow[] = []
  for (const { data, derived, versionNumber, ...row } of stored) {
    const study = await publishedStudy(tx, studyId, versionNumber)
    const text = (item: string) => {
      const value = data[item] ?? derived[item]
      return typeof value === 'string' ? value : null
    }
    const shown = (item: string) =>
      displayValue(study, adverseEventForm, item, data[item] ?? derived[item], language)
    const yes = (item: string) => {
      const value = text(item)
      return value === 'Y' ? true : value === 'N' ? false : null
    }
    const history = histories.get(row.recordId)
    rows.push({
      ...row,
      term: text(items.term) ?? '',
      from: text(items.from),
      to: text(items.to),
      ongoing: yes(items.ongoing),
      grade: gradeOf(text(items.grade)),
      grades: history?.grades ?? [],
      serious: yes(items.serious),
      outcome: shown(items.outcome),
      related: Object.keys(data)
        .filter((item) => item.startsWith(items.relatedPrefix) && data[item] === 'Y')
        .map((item) => item.slice(items.relatedPrefix.length)),
      clock: yes(items.serious) && history?.since ? clockOf(history.since, tx.now) : null,
    })
  }
  return rows
}

/** The lowest id made at or after a moment: ids begin with the milliseconds of their making (UUID version 7). */
export function idFrom(milliseconds: number): string {
  const hex = milliseconds.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}

const gradeOf = (text: string | null): number | null =>
  text !== null && /^[1-5]$/.test(text) ? Number(text) : null

const clockOf = (since: string, now: string) => ({
  since,
  hours: Math.floor((Date.parse(now) - Date.parse(since)) / 3_600_000),
})

type History = { grades: { at: string; grade: number | null }[]; since: string | null }

/** Grades as they were recorded over time, and when an event was first called serious. */
async function gradeHistories(
  tx: Transaction,
  studyId: string,
  recordIds: readonly string[],
): Promise<Map<string, History>> {
  const rows = await tx.query<{
    recordId: string
    at: string
    grade: string | null
    graded: boolean
    serious: string | null
  }>(
    `select chain_id as "recordId", at, changes -> $3 ->> 1 as grade, changes ? $3 as graded,
       changes -> $4 ->> 1 as serious
     from casebook.audit_record
     where study_id = $1 and chain_id = any ($2::uuid[]) and entity = 'form_record'
       and (changes ? $3 or changes ? $4)
     order by chain_id, seq`,
    [studyId, recordIds, items.grade, items.serious],
  )
  const histories = new Map<string, History>()
  for (const { recordId, at, grade, graded, serious } of rows) {
    const history = histories.get(recordId) ?? { grades: [], since: null }
    if (graded) history.grades.push({ at, grade: gradeOf(grade) })
    if (serious === 'Y') history.since ??= at
    histories.set(recordId, history)
  }
  return histories
}
