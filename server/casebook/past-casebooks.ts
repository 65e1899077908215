/**
 * The casebooks of many subjects as they were at a moment. Present rows are wound back by what the audit trail says was done
 * after the moment, newest first: each step names the value before it, so the cost is that of the changes since, not of the whole
 * history. Rows are read before the steps: a change that slips in between is undone on a row that never had it, which does nothing.
 */
import type { Transaction } from '#db/client.ts'
import type { FormState, ReferenceRange, StoredValue } from '#domain/casebook/record.ts'
import { rangeColumnsSql } from './load.ts'
import {
  type LoadedRecord,
  type LoadedRow,
  loadedColumnsSql,
  loadedRecord,
} from './loaded-record.ts'
import type { RosterSubject } from './roster.ts'

type Change = readonly [unknown, unknown, unknown?]
type Changes = Record<string, Change | undefined>
type Step = { entityId: string; action: string; changes: Record<string, unknown> }

/** Subjects that had been entered by then, with the codes that their sites had. Only a lawful redaction changes their past. */
export async function pastSubjects(
  tx: Transaction,
  studyId: string,
  asOf: string,
): Promise<RosterSubject[]> {
  const subjects = await tx.query<RosterSubject>(
    `select b.subject_id as "subjectId", b.subject_key as "subjectKey", b.site_id as "siteId",
       s.code as "siteCode", (select count(*)::text from casebook.audit_redaction d where d.study_id = $1) as stamp
     from casebook.subject b join casebook.site s on s.study_id = b.study_id and s.site_id = b.site_id
     where b.study_id = $1 and exists (
       select from casebook.audit_record a where a.study_id = b.study_id and a.subject_id = b.subject_id
         and a.entity = 'subject' and a.action = 'insert' and a.at <= $2)`,
    [studyId, asOf],
  )
  const codes = new Map<string, string>()
  for (const { entityId, changes } of await stepsAfter(tx, studyId, asOf, 'site')) {
    const code = (changes as Changes).code?.[0]
    if (typeof code === 'string') codes.set(entityId, code)
  }
  return subjects.map((subject) => ({
    ...subject,
    siteCode: codes.get(subject.siteId) ?? subject.siteCode,
  }))
}

/** Reference ranges in reach as they were then. */
export async function pastReferences(
  tx: Transaction,
  studyId: string,
  asOf: string,
): Promise<ReferenceRange[]> {
  const rows = await tx.query<ReferenceRange & { rangeId: string }>(
    `select g.range_id as "rangeId", ${rangeColumnsSql} from casebook.reference_range g where g.study_id = $1`,
    [studyId],
  )
  const ranges = new Map(rows.map(({ rangeId, ...range }) => [rangeId, range]))
  for (const step of await stepsAfter(tx, studyId, asOf, 'reference_range')) {
    const range = ranges.get(step.entityId)
    if (!range) continue
    if (step.action === 'insert') ranges.delete(step.entityId)
    else ranges.set(step.entityId, rangeBefore(range, step.changes as Changes))
  }
  return [...ranges].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, range]) => range)
}

const rangeColumns: readonly (readonly [string, keyof ReferenceRange])[] = [
  ['test', 'test'],
  ['unit', 'unit'],
  ['sex', 'sex'],
  ['age_from', 'ageFrom'],
  ['age_to', 'ageTo'],
  ['valid_from', 'validFrom'],
  ['valid_to', 'validTo'],
  ['low', 'low'],
  ['high', 'high'],
]

function rangeBefore(range: ReferenceRange, changes: Changes): ReferenceRange {
  const before: Record<string, unknown> = { ...range }
  for (const [column, name] of rangeColumns) {
    const change = changes[column]
    if (change) before[name] = change[0] ?? null
  }
  return before as ReferenceRange
}

/** What was done to the study's own rows of a kind after the moment, newest first. */
function stepsAfter(
  tx: Transaction,
  studyId: string,
  asOf: string,
  entity: 'site' | 'reference_range',
): Promise<Step[]> {
  return tx.query<Step>(
    `select entity_id as "entityId", action, changes from casebook.audit_record
     where study_id = $1 and at > $2 and entity = $3 and action in ('insert', 'update')
     order by chain_id, seq desc`,
    [studyId, asOf, entity],
  )
}

/** Records of the named subjects as they were then; those not yet made or removed by then are left out. */
export async function pastRecords(
  tx: Transaction,
  studyId: string,
  subjectIds: readonly string[],
  asOf: string,
): Promise<LoadedRecord[]> {
  // Also the removed ones: they may have been alive.
  const rows = await tx.query<LoadedRow>(
    `select ${loadedColumnsSql} from casebook.form_record r
     where r.study_id = $1 and r.subject_id = any ($2::uuid[])`,
    [studyId, subjectIds],
  )
  const steps = await tx.query<Step>(
    `select entity_id as "entityId", action, changes from casebook.audit_record
     where study_id = $1 and subject_id = any ($2::uuid[]) and at > $3 and entity = 'form_record'
       and action in ('insert', 'update')
     order by chain_id, seq desc`,
    [studyId, subjectIds, asOf],
  )
  const records = new Map(rows.map((row) => [row.recordId, loadedRecord(row)]))
  for (const step of steps) {
    const record = records.get(step.entityId)
    if (!record) continue
    if (step.action === 'insert') records.delete(step.entityId)
    else records.set(step.entityId, recordBefore(record, step.changes))
  }
  return [...records.values()].filter(({ state }) => state !== 'removed')
}

function recordBefore(record: LoadedRecord, changes: Step['changes']): LoadedRecord {
  const { state, version_number: version, place } = changes as Changes
  const items = Object.entries(changes).filter(([name]) => /^[A-Z]/.test(name))
  const [event, eventRepeat, form, formRepeat] = (place?.[0] ?? []) as
    | [string, number, string, number]
    | []
  return {
    ...record,
    key:
      event === undefined || form === undefined
        ? record.key
        : { event, eventRepeat: eventRepeat ?? 1, form, formRepeat: formRepeat ?? 1 },
    data: valuesBefore(record.data, items),
    state: (state?.[0] as FormState | undefined) ?? record.state,
    versionNumber: (version?.[0] as number | undefined) ?? record.versionNumber,
    revision: record.revision - (items.length > 0 || state ? 1 : 0),
  }
}

function valuesBefore(
  values: LoadedRecord['data'],
  changes: readonly [string, unknown][],
): LoadedRecord['data'] {
  if (changes.length === 0) return values
  const before: Record<string, StoredValue> = { ...values }
  for (const [path, change] of changes) {
    const value = (change as Change)[0]
    if (value === null || value === undefined) delete before[path]
    else before[path] = value as StoredValue
  }
  return before
}
