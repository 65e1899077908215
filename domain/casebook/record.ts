/**
 * How entered data look in memory and in the database. A value is kept as it was typed; a missing value is a value with a
 * reason; absence of the path means nothing was entered.
 */
import type { MissingReason } from '#domain/definition/missing-reasons.ts'

export type MissingValue = { missing: MissingReason }
/** Text as typed (`3.50`, `2016-03`, a code, a file id), several codes, or a reason why there is none. */
export type StoredValue = string | readonly string[] | MissingValue

/** Address of an item inside one form instance: `WEIGHT`, `LB[CREAT].LBORRES`, `MHX[m3k9za].MHTERM`. */
export type ItemPath = string
export type FormValues = Readonly<Record<ItemPath, StoredValue>>

/** Where a form instance lives (ODM: StudyEventOID, StudyEventRepeatKey, FormOID, FormRepeatKey). Logs live in `LOG`. */
export type RecordKey = { event: string; eventRepeat: number; form: string; formRepeat: number }

export const formStates = [
  'notStarted',
  'inProgress',
  'complete',
  'signed',
  'frozen',
  'locked',
  'removed',
] as const
export type FormState = (typeof formStates)[number]

export type FormRecordData = {
  recordId: string | null
  key: RecordKey
  versionNumber: number
  revision: number
  state: FormState
  data: FormValues
  /** Values of derived items, in the same encoding; never typed. */
  derived: FormValues
}

/** A laboratory's reference interval, in the unit it is given in. */
export type ReferenceRange = {
  siteId: string | null
  test: string
  unit: string
  sex: 'M' | 'F' | null
  ageFrom: number | null
  ageTo: number | null
  validFrom: string | null
  validTo: string | null
  low: number | null
  high: number | null
}

/** All that rules may read of one subject. `today` is the server's date, ISO. */
export type Casebook = {
  subject: { subjectId: string; subjectKey: string; siteCode: string; siteId: string }
  records: readonly FormRecordData[]
  references: readonly ReferenceRange[]
  today: string
}

/** A rule that spoke: shown at `path` of the record; `reads` are the values it looked at. */
export type Finding = {
  check: string
  key: RecordKey
  path: ItemPath
  level: 'hard' | 'soft' | 'info'
  at: 'save' | 'complete'
  /** In every language the definition has. */
  message: { en: string; ja?: string; zh?: string }
  rule: string
  reads: readonly { name: string; value: string }[]
}

/** What rules say about one form instance. */
export type FormEvaluation = {
  /** Derived values by path. */
  derived: FormValues
  /** Items and groups that are closed by skip logic (`when` is false or undecided), by path; groups as `GROUP`. */
  closed: readonly ItemPath[]
  /** Items that must still be filled before the form is complete. */
  open: readonly ItemPath[]
  findings: readonly Finding[]
  /** Values proposed for `suggest` items and presets that nobody confirmed yet. */
  suggested: FormValues
}

/** `W4/F_PFT`, `LOG/F_AE#2`, `UNS#2/F_LB`: the readable text of a record key. */
export function recordKeyText(key: RecordKey): string {
  const event = key.eventRepeat === 1 ? key.event : `${key.event}#${key.eventRepeat}`
  return key.formRepeat === 1 ? `${event}/${key.form}` : `${event}/${key.form}#${key.formRepeat}`
}

export type PathParts = { group: string | null; row: string | null; item: string }
const pathPattern = /^(?:([A-Z][A-Z0-9_]{0,39})\[([A-Za-z0-9_]{1,40})\]\.)?([A-Z][A-Z0-9_]{0,39})$/

/** Splits an item path; null for text that is none. */
export function parseItemPath(path: ItemPath): PathParts | null {
  const match = pathPattern.exec(path)
  if (!match) return null
  return { group: match[1] ?? null, row: match[2] ?? null, item: match[3] as string }
}

export function itemPath(group: string, row: string | null, item: string): ItemPath {
  return row === null ? item : `${group}[${row}].${item}`
}

export function isMissingValue(value: StoredValue | null | undefined): value is MissingValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function sameValue(
  a: StoredValue | null | undefined,
  b: StoredValue | null | undefined,
): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
}
