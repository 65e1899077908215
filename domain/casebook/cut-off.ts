/**
 * A casebook as a clinical cut-off leaves it: what is dated after the day has not happened. Records are dated by their visit and by
 * their own date, rows by theirs; a date after the day inside a record that stays is null to rules like any date in the future,
 * because the day of the cut-off is the casebook's today. What carries no date at all stays.
 */
import { compareDates } from '#domain/values/partial-date.ts'
import type { CompiledStudy, GroupPlan } from './compile-study.ts'
import { CasebookEnvironment } from './environment.ts'
import type { RecordState } from './item-reader.ts'
import { type Casebook, type FormRecordData, itemPath } from './record.ts'

/** Null when nothing dated on or before the day is left of a subject that had dated records: he was not there yet. */
export function casebookUntil(
  compiled: CompiledStudy,
  casebook: Casebook,
  day: string,
): Casebook | null {
  // No date is refused here for lying ahead of today: one that does is after the day, too.
  const environment = new CasebookEnvironment(compiled, { ...casebook, today: '9999-12-31' })
  const records: FormRecordData[] = []
  let isBegun = false
  let isDated = false
  for (const record of environment.records) {
    const dates = datesOf(environment, record)
    if (dates.length > 0) isDated = true
    if (dates.some((date) => isAfter(date, day))) continue
    if (dates.length > 0) isBegun = true
    records.push(withoutLaterRows(environment, record, day))
  }
  if (isDated && !isBegun) return null
  return { ...casebook, records, today: day < casebook.today ? day : casebook.today }
}

/** Partly known dates count as after the day only when they certainly are. */
const isAfter = (date: string, day: string): boolean => compareDates(date, day) === 1

/** Of the visit and of the record itself; of a record that has neither, the earliest of its dates. */
function datesOf(environment: CasebookEnvironment, record: RecordState): string[] {
  const { compiled } = environment
  const { event, eventRepeat } = record.data.key
  const isLog = compiled.index.events.get(event)?.kind === 'log'
  const visit = isLog
    ? null
    : compiled.index.visitDate
      ? environment.visitDate(event, eventRepeat)
      : environment.firstDateAt(event, eventRepeat)
  const own = record.plan.indexed.form.date
  const found = [visit, own === undefined ? null : environment.itemText(record, own)]
  const dates = found.filter((date) => date !== null)
  if (dates.length > 0) return dates
  const inside = record.plan.groups.flatMap((group) =>
    group.repeating ? [] : datesIn(environment, record, group),
  )
  const [first] = inside.sort()
  return first === undefined ? [] : [first]
}

const dateTypes: readonly string[] = ['date', 'partialDate', 'dateTime']

function datesIn(
  environment: CasebookEnvironment,
  record: RecordState,
  group: GroupPlan,
): string[] {
  return group.items.flatMap(({ indexed }) => {
    const isDate = dateTypes.includes(indexed.item.type)
    const date = isDate ? environment.itemText(record, indexed.item.oid) : null
    return date === null ? [] : [date]
  })
}

/** The record without the rows of repeating groups that are dated after the day. */
function withoutLaterRows(
  environment: CasebookEnvironment,
  record: RecordState,
  day: string,
): FormRecordData {
  const later: string[] = []
  for (const group of record.plan.groups) {
    const date = group.dateItem === null ? undefined : record.plan.items.get(group.dateItem)
    if (!group.repeating || !date?.indexed.repeating) continue
    for (const row of environment.rowKeys(record, group)) {
      const { value } = environment.slot(record, date, row)
      if (typeof value !== 'string' || !isAfter(value.slice(0, 10), day)) continue
      later.push(itemPath(group.group.oid, row, ''))
    }
  }
  if (later.length === 0) return record.data
  const kept = Object.entries(record.data.data).filter(
    ([path]) => !later.some((start) => path.startsWith(start)),
  )
  return { ...record.data, data: Object.fromEntries(kept) }
}
