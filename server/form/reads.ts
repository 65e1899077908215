import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import { carryAll } from '#domain/casebook/migrate-values.ts'
import type { FormState, FormValues, RecordKey, StoredValue } from '#domain/casebook/record.ts'
import type { HistoryEntry } from '#domain/casebook/views.ts'
import type { Label } from '#domain/definition/definition.ts'
import { Problem } from '#domain/problem.ts'
import { pathsByVersion } from '../amendment/former-places.ts'
import { migrationPlan } from '../amendment/plan.ts'
import { dateOf, titleOf } from '../casebook/visit-view.ts'
import { reading } from '../command.ts'
import { containing, paged, placeOf } from '../cursor.ts'
import { displayValue } from '../display.ts'
import { cursor, id, itemPathInput, oid, pageSize, plainText } from '../input.ts'
import { formerNames, versionsInUse } from '../study/former-names.ts'
import { type PublishedStudy, publishedStudy } from '../study/published.ts'

/** Every value an item ever had, newest first, under whatever names; derived items show their values, too. */
export const itemHistory = reading({
  name: 'form.history',
  permission: 'casebook.read',
  input: z.strictObject({ studyId: id, recordId: id, path: itemPathInput }),
  run: async ({ tx, input }): Promise<readonly HistoryEntry[]> => {
    const [record] = await tx.query<{ versionNumber: number } & RecordKey>(
      `select version_number as "versionNumber", event_oid as event,
         event_repeat as "eventRepeat", form_oid as form, form_repeat as "formRepeat"
       from casebook.form_record where study_id = $1 and record_id = $2`,
      [input.studyId, input.recordId],
    )
    if (!record) throw new Problem('not-found')
    const { versionNumber, ...recordKey } = record
    const study = await publishedStudy(tx, input.studyId, versionNumber)
    const paths = await pathsByVersion(tx, study, recordKey, input.path)
    const rows = await tx.query<HistoryRow>(
      `select a.at, a.actor_name as who, coalesce(a.role, '') as role, a.action, a.version_number as version, a.seq,
         a.changes -> 'version_number' as versions, a.reason as why,
         (select jsonb_object_agg(p.path, coalesce(a.changes -> p.path, a.changes -> 'derived' -> p.path))
          from unnest($3::text[]) p(path) where a.changes ? p.path or a.changes -> 'derived' ? p.path) as changes
       from casebook.audit_record a
       where a.study_id = $1 and a.chain_id = $2 and a.entity = 'form_record'
         and (a.changes ?| $3::text[] or a.changes -> 'derived' ?| $3::text[])
       order by a.seq desc`,
      [input.studyId, input.recordId, [...new Set(paths.values())]],
    )
    return rows.flatMap((row) => historyEntry(row, paths))
  },
})

type Change = [StoredValue | null, StoredValue | null, (string | null)?]
type HistoryRow = Omit<HistoryEntry, 'old' | 'new' | 'reason' | 'path'> & {
  changes: Readonly<Record<string, Change>>
  versions: [number | null, number] | null
  why: string | null
}

/** A value that went to another name together with a version is one entry: from what it was to what it is. */
function historyEntry(
  { changes, versions, why, ...row }: HistoryRow,
  paths: ReadonlyMap<number, string>,
): HistoryEntry[] {
  const path = paths.get(row.version)
  const former = paths.get(versions?.[0] ?? row.version)
  const to = path === undefined ? undefined : changes[path]
  const from = former === undefined ? undefined : changes[former]
  if (path === undefined || (!to && !from)) return []
  return [
    {
      ...row,
      old: (from ?? to)?.[0] ?? null,
      new: (to ?? from)?.[1] ?? null,
      reason: from?.[2] ?? to?.[2] ?? why,
      path,
    },
  ]
}

export type FormLogRow = {
  subjectId: string
  subjectKey: string
  siteCode: string
  recordId: string
  event: string
  eventRepeat: number
  formRepeat: number
  state: FormState
  title: string
  date: string | null
  queries: number
  /** Displayed values by item OID: code lists as labels, missing as its reason. */
  values: Readonly<Record<string, string>>
}
export type FormLogView = {
  form: string
  label: Label
  columns: readonly { oid: string; label: Label }[]
  rows: readonly FormLogRow[]
  next: string | null
}

type Stored = Omit<FormLogRow, 'title' | 'date' | 'values'> & {
  form: string
  versionNumber: number
  revision: number
  data: FormValues
  derived: FormValues
}

/** All instances of one form over all subjects, in subject order. */
export const formLog = reading({
  name: 'form.log',
  permission: 'casebook.read',
  input: z.strictObject({
    studyId: id,
    form: oid,
    text: plainText(60).optional(),
    siteId: id.optional(),
    cursor,
    limit: pageSize,
  }),
  run: async ({ tx, input, actor, study: { latestVersion } }): Promise<FormLogView> => {
    const latest = await publishedStudy(tx, input.studyId, latestVersion)
    const form = latest.forms.get(input.form)
    if (!form) throw new Problem('not-found')
    const after = placeOf(input.cursor, z.tuple([z.string().max(100), z.uuid()]))
    const found = await tx.query<Stored>(
      `select b.subject_id as "subjectId", b.subject_key as "subjectKey", s.code as "siteCode",
         r.record_id as "recordId", r.event_oid as event, r.event_repeat as "eventRepeat", r.form_oid as form,
         r.form_repeat as "formRepeat", r.state, r.version_number as "versionNumber", r.revision, r.data, r.derived,
         (select count(*)::int from casebook.query q where q.study_id = r.study_id
            and q.record_id = r.record_id and q.state in ('open', 'answered')) as queries
       from casebook.form_record r
       join casebook.subject b on b.study_id = r.study_id and b.subject_id = r.subject_id
       join casebook.site s on s.study_id = r.study_id and s.site_id = r.site_id
       where r.study_id = $1 and r.form_oid = any ($2) and r.state <> 'removed'
         and ($3::text is null or b.subject_key ilike $3 or r.data::text ilike $3)
         and ($4::uuid is null or r.site_id = $4)
         and ($5::text is null or (b.subject_key, r.record_id) > ($5, $6::uuid))
       order by b.subject_key, r.record_id limit $7`,
      [
        input.studyId,
        await formNames(tx, latest, input.form),
        input.text ? containing(input.text) : null,
        input.siteId ?? null,
        after?.[0] ?? null,
        after?.[1] ?? null,
        input.limit + 1,
      ],
    )
    const page = paged(found, input.limit, (row) => [row.subjectKey, row.recordId])
    const columns = form.groups
      .filter((group) => group.repeats === 'none')
      .flatMap((group) => group.items.map(({ oid, label }) => ({ oid, label })))
    const rows: FormLogRow[] = []
    for (const { versionNumber, revision, form: formOid, ...stored } of page.rows) {
      const { data: before, derived: derivedBefore, ...row } = stored
      const plan = await migrationPlan(tx, input.studyId, versionNumber, latestVersion)
      const place = {
        event: row.event,
        eventRepeat: row.eventRepeat,
        form: formOid,
        formRepeat: row.formRepeat,
      }
      // Columns are the newest version's; a subject on an older one shows its values under them.
      const { key, data } = carryAll(plan.steps, place, before)
      const derived = carryAll(plan.steps, place, derivedBefore).data
      const study = plan.target
      const { recordId, state } = row
      const record = { recordId, key, versionNumber, revision, state, data, derived }
      const shown = columns.flatMap(({ oid }) => {
        const text = displayValue(study, form.oid, oid, data[oid] ?? derived[oid], actor.language)
        return text === null ? [] : [[oid, text] as const]
      })
      rows.push({
        ...row,
        title: titleOf({ study, language: actor.language }, form, record),
        date: dateOf(form, record),
        values: Object.fromEntries(shown),
      })
    }
    return { form: form.oid, label: form.label, columns, rows, next: page.next }
  },
})

/** What the form is called in the versions that subjects are on. */
async function formNames(tx: Transaction, latest: PublishedStudy, form: string): Promise<string[]> {
  const names = new Set([form])
  for (const version of await versionsInUse(tx, latest.studyId)) {
    const former = (await formerNames(tx, latest, version, 'forms')).get(form)
    if (former !== undefined) names.add(former)
  }
  return [...names]
}
