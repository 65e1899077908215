/** The records of a subject as they were at a moment, replayed from the audit trail, which holds every value ever saved. */
import type { Transaction } from '#db/client.ts'
import type { FormState, FormValues, StoredValue } from '#domain/casebook/record.ts'
import type { SubjectState } from '#domain/casebook/views.ts'
import type { StoredRecord, SubjectRow } from './load.ts'

type Change = readonly [unknown, unknown, unknown?]
type Step = {
  entity: string
  entityId: string
  action: string
  versionNumber: number
  changes: Record<string, unknown>
}

/** Null when the subject was not yet entered. Values of derived items are those of that moment, too. */
export async function casebookAsOf(
  tx: Transaction,
  studyId: string,
  subject: SubjectRow,
  asOf: string,
): Promise<{ subject: SubjectRow; records: StoredRecord[] } | null> {
  const steps = await tx.query<Step>(
    `select entity, entity_id as "entityId", action, version_number as "versionNumber", changes
     from casebook.audit_record
     where study_id = $1 and subject_id = $2 and entity in ('form_record', 'subject') and at <= $3
     order by chain_id, seq`,
    [studyId, subject.subjectId, asOf],
  )
  let then: SubjectRow | null = null
  const records = new Map<string, StoredRecord>()
  for (const step of steps) {
    if (step.entity === 'subject') {
      then = subjectStep(then ?? { ...subject, ...unknown }, step)
      continue
    }
    const known = records.get(step.entityId)
    if (known) recordStep(known, step)
    else if (step.action === 'insert') records.set(step.entityId, firstRecord(step))
  }
  if (!then) return null
  return {
    subject: then,
    records: [...records.values()].filter(({ state }) => state !== 'removed'),
  }
}

/** A subject before the first step of its trail. */
const unknown = {
  state: 'screening',
  anchor: null,
  recordedWithdrawal: null,
  withdrawnOn: null,
} as const

const after = (changes: Step['changes'], name: string) => (changes[name] as Change | undefined)?.[1]

function subjectStep(before: SubjectRow, { changes }: Step): SubjectRow {
  const state = after(changes, 'state') as SubjectState | undefined
  const date = (name: string, known: string | null): string | null => {
    const changed = after(changes, name) as string | null | undefined
    return changed === undefined ? known : changed
  }
  return {
    ...before,
    state: state ?? before.state,
    anchor: date('anchor_date', before.anchor),
    recordedWithdrawal: date('recorded_withdrawal', before.recordedWithdrawal),
    withdrawnOn: date('withdrawn_on', before.withdrawnOn),
    versionNumber: (after(changes, 'version_number') as number | undefined) ?? before.versionNumber,
  }
}

function firstRecord(step: Step): StoredRecord {
  const [event, eventRepeat, form, formRepeat] = after(step.changes, 'place') as [
    string,
    number,
    string,
    number,
  ]
  const record: StoredRecord = {
    recordId: step.entityId,
    key: { event, eventRepeat, form, formRepeat },
    versionNumber: step.versionNumber,
    revision: 0,
    state: 'inProgress',
    data: {},
    derived: {},
    openCount: 0,
  }
  recordStep(record, step)
  return record
}

function recordStep(record: StoredRecord, { changes, versionNumber }: Step): void {
  const items = Object.entries(changes).filter(([name]) => /^[A-Z]/.test(name))
  const place = after(changes, 'place') as [string, number, string, number] | undefined
  if (place) {
    const [event, eventRepeat, form, formRepeat] = place
    record.key = { event, eventRepeat, form, formRepeat }
  }
  record.data = replayed(record.data, items)
  record.derived = replayed(record.derived, Object.entries(changes.derived ?? {}))
  record.state = (after(changes, 'state') as FormState | undefined) ?? record.state
  record.versionNumber = versionNumber
  record.revision += items.length > 0 || changes.state !== undefined ? 1 : 0
}

function replayed(values: FormValues, changes: readonly [string, unknown][]): FormValues {
  const next: Record<string, StoredValue> = { ...values }
  for (const [path, change] of changes) {
    const value = (change as Change)[1]
    if (value === null || value === undefined) delete next[path]
    else next[path] = value as StoredValue
  }
  return next
}
