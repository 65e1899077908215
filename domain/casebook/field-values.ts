/** What the functions of the field compute (`field-functions.ts` has their signatures). */
import type { FixedRowDef } from '#domain/definition/definition.ts'
import type { Frame, Value } from '#domain/expression/types.ts'
import { toxicityGrade } from '#domain/safety/ctcae.ts'
import { chooseRange } from '#domain/safety/reference-range.ts'
import { ageAt, isFullDate } from '#domain/values/partial-date.ts'
import type { GroupPlan } from './compile-study.ts'
import type { CasebookEnvironment } from './environment.ts'
import type { RecordState } from './item-reader.ts'
import { clean, standardFactor } from './row-units.ts'
import type { IndexedItem } from './study-index.ts'

export function callFieldFunction(
  environment: CasebookEnvironment,
  name: string,
  values: readonly Value[],
  frame: Frame,
): Value {
  const record = environment.records[frame.record]
  switch (name) {
    case 'refLow':
    case 'refHigh':
      return referenceLimit(environment, record, frame, values[0] ?? null, name === 'refLow')
    case 'standard': {
      const [value = null, unit = null, test = null] = values
      if (typeof value !== 'number') return null
      const row = rowOf(environment, record, test)
      const factor = standardFactor(row, typeof unit === 'string' ? unit : null)
      return factor === null ? null : clean(value * factor)
    }
    case 'toxicityGrade': {
      const [test = null, value, uln, lln, baseline] = values
      if (typeof test !== 'string') return null
      return toxicityGrade(test, {
        value: numberOf(value),
        uln: numberOf(uln),
        lln: numberOf(lln),
        baseline: numberOf(baseline),
      })
    }
    case 'visitTarget':
      return record ? (environment.plannedVisit(record)?.target ?? null) : null
    case 'windowLow':
      return record ? (environment.enforcedWindow(record)?.from ?? null) : null
    case 'windowHigh':
      return record ? (environment.enforcedWindow(record)?.to ?? null) : null
    case 'signed':
      return typeof values[0] === 'string' ? isSigned(environment, values[0]) : null
    case 'subjectNumber': {
      const digits = /(\d+)$/.exec(environment.casebook.subject.subjectKey)?.[1]
      return digits === undefined ? null : Number(digits)
    }
    case 'rowUnit':
      return rowOf(environment, record, frame.row)?.unit ?? null
    case 'siteCode':
      return environment.casebook.subject.siteCode
    case 'subjectKey':
      return environment.casebook.subject.subjectKey
    default:
      return null
  }
}

/** Frozen and locked forms may have been signed before; their state alone does not tell. */
function isSigned(environment: CasebookEnvironment, form: string): boolean | null {
  const records = environment.recordsOf(form)
  if (records.some(({ data }) => data.state === 'signed')) return true
  return records.some(({ data }) => data.state === 'frozen' || data.state === 'locked')
    ? null
    : false
}

function numberOf(value: Value | undefined): number | null {
  return typeof value === 'number' ? value : null
}

function groupOf(record: RecordState | undefined, test: string): GroupPlan | undefined {
  return record?.plan.groups.find(
    (group) => record.plan.indexed.rows.get(group.group.oid)?.has(test) === true,
  )
}

function rowOf(
  environment: CasebookEnvironment,
  record: RecordState | undefined,
  test: Value,
): FixedRowDef | undefined {
  if (typeof test !== 'string') return undefined
  const group = groupOf(record, test)
  const own = group && record?.plan.indexed.rows.get(group.group.oid)?.get(test)
  return own ?? environment.compiled.index.anyRow.get(test)
}

function referenceLimit(
  environment: CasebookEnvironment,
  record: RecordState | undefined,
  frame: Frame,
  test: Value,
  low: boolean,
): number | null {
  if (typeof test !== 'string') return null
  const row = rowOf(environment, record, test)
  if (row === undefined) return null
  const group = groupOf(record, test)
  // Asked about another test of the form, its own row says unit and date.
  const own: Frame = group ? { record: frame.record, row: test } : frame
  const unit = unitAtHand(environment, record, group, own)
  const toStandard = standardFactor(row, unit)
  if (toStandard === null) return null
  const date = sampleDate(environment, record, group, own)
  const birth = textOfOnce(environment, environment.compiled.index.birthDate)
  const sex = textOfOnce(environment, environment.compiled.index.sex)
  const range = chooseRange(environment.casebook.references, {
    test,
    siteId: environment.casebook.subject.siteId,
    sex: sex === 'M' || sex === 'F' ? sex : null,
    age: birth !== null && date !== null ? ageAt(birth, date) : null,
    date,
  })
  const limit = range ? (low ? range.low : range.high) : (row.reference?.[low ? 0 : 1] ?? null)
  if (limit === null) return null
  const given = range ? range.unit : row.unit
  // The same unit needs no arithmetic, so the limit stays exactly as the laboratory gave it.
  if (given === (unit ?? row.unit)) return limit
  const fromGiven = range ? standardFactor(row, range.unit) : 1
  return fromGiven === null ? null : clean((limit * fromGiven) / toStandard)
}

function unitAtHand(
  environment: CasebookEnvironment,
  record: RecordState | undefined,
  group: GroupPlan | undefined,
  frame: Frame,
): string | null | undefined {
  if (!record || !group || group.unitItem === null) return undefined
  const plan = record.plan.items.get(group.unitItem)
  if (!plan) return undefined
  const { value } = environment.slot(record, plan, group.repeating ? frame.row : null)
  return typeof value === 'string' ? value : null
}

/** The row's own date, else the form's, else the visit's; only a full date chooses a range. */
function sampleDate(
  environment: CasebookEnvironment,
  record: RecordState | undefined,
  group: GroupPlan | undefined,
  frame: Frame,
): string | null {
  if (!record) return null
  let date: string | null = null
  const plan = group?.dateItem ? record.plan.items.get(group.dateItem) : undefined
  if (plan) {
    const { value } = environment.slot(record, plan, plan.indexed.repeating ? frame.row : null)
    if (typeof value === 'string') date = value
  }
  const own = record.plan.indexed.form.date
  if (date === null && own !== undefined) date = environment.itemText(record, own)
  const { event, eventRepeat } = record.data.key
  if (date === null) date = environment.visitDate(event, eventRepeat)
  return date !== null && isFullDate(date) ? date : null
}

function textOfOnce(environment: CasebookEnvironment, item: IndexedItem | null): string | null {
  const record = item ? environment.recordsOf(item.form)[0] : undefined
  return record && item ? environment.itemText(record, item.item.oid) : null
}
