import { z } from 'zod'
import type { StoredValue } from '#domain/casebook/record.ts'
import type { Label } from '#domain/definition/definition.ts'
import { reading } from '../command.ts'
import { paged, placeOf } from '../cursor.ts'
import { itemLabel, itemOf } from '../display.ts'
import { cursor, id, isoDateTime, pageSize, plainText } from '../input.ts'
import { type PublishedStudy, publishedStudy } from '../study/published.ts'

export type AuditRow = {
  auditId: string
  at: string
  who: string
  role: string
  action: string
  entity: string
  entityId: string
  subjectId: string | null
  subjectKey: string | null
  siteCode: string | null
  /** Place by its OIDs, e.g. `W4/F_LB`; null for what is no form. */
  place: string | null
  /** The same in words: visit and form; null for what is no form, or not in the version. */
  placeLabels: readonly Label[] | null
  reason: string | null
  version: number | null
  seq: number
  changes: readonly {
    /** An item path, or the name of a column. */
    path: string
    /** Label of an item; null for columns and for what the version does not know. */
    label: Label | null
    old: StoredValue | null
    new: StoredValue | null
    reason: string | null
  }[]
}

type Stored = Omit<AuditRow, 'changes' | 'placeLabels'> & {
  changes: Record<string, unknown>
  chainId: string
  recordVersion: number | null
  event: string | null
  eventRepeat: number | null
  form: string | null
  formRepeat: number | null
}

/** What happened in the study, newest first. `action` is a verb of the product, e.g. `form.save`. */
export const auditTrail = reading({
  name: 'audit.trail',
  permission: 'audit.read',
  input: z.strictObject({
    studyId: id,
    subjectId: id.optional(),
    siteId: id.optional(),
    actorId: id.optional(),
    action: plainText(60).optional(),
    from: isoDateTime.optional(),
    to: isoDateTime.optional(),
    cursor,
    limit: pageSize,
  }),
  run: async ({ tx, input, may }): Promise<{ rows: readonly AuditRow[]; next: string | null }> => {
    const after = placeOf(input.cursor, z.tuple([z.iso.datetime(), z.uuid(), z.int()]))
    // Who reads the trail but not casebooks (a study administrator) sees what happened, not the values.
    const showsValues = may('casebook.read')
    const found = await tx.query<Stored>(
      `select a.audit_id as "auditId", a.chain_id as "chainId", a.at, a.actor_name as who,
         coalesce(a.role, '') as role, coalesce(a.command, a.action) as action, a.entity, a.entity_id as "entityId",
         a.subject_id as "subjectId", b.subject_key as "subjectKey", s.code as "siteCode",
         case when r.record_id is not null then r.event_oid
           || case when r.event_repeat > 1 then '#' || r.event_repeat else '' end || '/' || r.form_oid
           || case when r.form_repeat > 1 then '#' || r.form_repeat else '' end end as place,
         r.version_number as "recordVersion", r.event_oid as event, r.event_repeat as "eventRepeat", r.form_oid as form, r.form_repeat as "formRepeat",
         a.reason, a.version_number as version, a.seq, a.changes
       from casebook.audit_record a
       left join casebook.subject b on b.study_id = a.study_id and b.subject_id = a.subject_id
       left join casebook.site s on s.study_id = a.study_id and s.site_id = a.site_id
       left join casebook.form_record r on r.study_id = a.study_id and r.record_id = a.chain_id
       where a.study_id = $1 and ($2::uuid is null or a.subject_id = $2) and ($3::uuid is null or a.site_id = $3)
         and ($4::uuid is null or a.actor_id = $4) and ($5::text is null or coalesce(a.command, a.action) = $5)
         and ($6::timestamptz is null or a.at >= $6) and ($7::timestamptz is null or a.at < $7)
         and ($8::timestamptz is null or (a.at, a.chain_id, a.seq) < ($8, $9::uuid, $10::int))
       order by a.at desc, a.chain_id desc, a.seq desc limit $11`,
      [
        input.studyId,
        input.subjectId ?? null,
        input.siteId ?? null,
        input.actorId ?? null,
        input.action ?? null,
        input.from ?? null,
        input.to ?? null,
        after?.[0] ?? null,
        after?.[1] ?? null,
        after?.[2] ?? null,
        input.limit + 1,
      ],
    )
    const page = paged(found, input.limit, (row) => [row.at, row.chainId, row.seq])
    const rows: AuditRow[] = []
    for (const stored of page.rows) {
      const {
        chainId: _,
        changes,
        recordVersion,
        event,
        eventRepeat,
        form,
        formRepeat,
        ...row
      } = stored
      const version = row.version ?? recordVersion
      const study =
        form === null || version === null ? null : await publishedStudy(tx, input.studyId, version)
      const shown = (
        showsValues || row.subjectId === null ? listed(changes, study, form) : []
      ).filter(({ path }) => row.entity !== 'allocation_issued' || !concealedColumns.includes(path))
      rows.push({ ...row, placeLabels: placeLabels(study, stored), changes: shown })
    }
    return { rows, next: page.next }
  },
})

/** How far a list is used up would let a site guess what comes next. */
const concealedColumns = ['list_id', 'position', 'snapshot']

function placeLabels(
  study: PublishedStudy | null,
  place: Pick<Stored, 'event' | 'eventRepeat' | 'form' | 'formRepeat'>,
): AuditRow['placeLabels'] {
  const visit = study?.events.get(place.event ?? '')?.label
  const form = study?.forms.get(place.form ?? '')?.label
  if (!visit || !form) return null
  return [numbered(visit, place.eventRepeat), numbered(form, place.formRepeat)]
}

/** `Adverse event #3`; the first of its kind goes without a number. */
function numbered(label: Label, repeat: number | null): Label {
  if (repeat === null || repeat === 1) return label
  const texts = Object.entries(label).map(([language, text]) => [language, `${text} #${repeat}`])
  return Object.fromEntries(texts) as Label
}

/** The differences as a list; derived values stand beside the entered ones. */
function listed(
  changes: Record<string, unknown>,
  study: PublishedStudy | null,
  form: string | null,
): AuditRow['changes'] {
  const { derived, ...own } = changes
  const all = { ...own, ...(derived as Record<string, unknown> | undefined) }
  return Object.entries(all).map(([path, change]) => {
    const [old, now, reason] = Array.isArray(change) ? change : [null, change, null]
    return {
      path,
      label: study && form && itemOf(study, form, path) ? itemLabel(study, form, path) : null,
      old: plain(old),
      new: plain(now),
      reason: (reason as string | null) ?? null,
    }
  })
}

function plain(value: unknown): StoredValue | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  if (typeof value === 'object' && 'missing' in value) return value as StoredValue
  if (Array.isArray(value) && value.every((part) => typeof part === 'string')) return value
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
