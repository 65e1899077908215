/**
 * Parameter-by-visit sets, one a form (ADLB, ADPFT, ..): a row per value of a numeric item or row of a grid, with baseline and change
 * as the definition's `base()` means them. Where windows of visits are bins, the analysis visit is the one whose window takes
 * the value, as `nearest()` does, whatever visit it was entered under; a value that none takes has no analysis visit.
 */
import type { GroupPlan, ItemPlan } from '#domain/casebook/compile-study.ts'
import type { RecordState } from '#domain/casebook/item-reader.ts'
import { chooseNearest } from '#domain/casebook/nearest.ts'
import { clean, standardFactor } from '#domain/casebook/row-units.ts'
import { isEnforced, studyDay } from '#domain/casebook/schedule.ts'
import type { StudyEventDef } from '#domain/definition/definition.ts'
import type { Value } from '#domain/expression/types.ts'
import { imputeDate } from '#domain/values/partial-date.ts'
import { SetTable } from './analysis-set.ts'
import { visitColumns } from './by-visit-columns.ts'
import type { SetContext, SetSubject } from './set-subject.ts'
import { type VisitForm, type VisitParameter, visitForms } from './visit-parameters.ts'

/** One value (or the reason why there is none) of one parameter. */
export type VisitRow = {
  subject: SetSubject
  parameter: VisitParameter
  sequence: number
  record: RecordState
  number: number | null
  text: string | null
  qualifier: string | null
  missing: string | null
  /** As far as known: of the row, else of the form, else of the visit. */
  date: string | null
  /** The date by which windows take the value; differs where a form is about something earlier than itself. */
  binDate: string | null
  day: number | null
  base: number | null
  isBaseline: boolean
  /** Whether the record lies after baseline, so that a change is one. */
  isAfter: boolean
  analysisVisit: StudyEventDef | null
}

type Reading = Omit<VisitRow, 'sequence' | 'base' | 'isBaseline' | 'isAfter' | 'analysisVisit'>

export class ByVisitTables {
  readonly #context: SetContext
  readonly #tables: { visitForm: VisitForm; table: SetTable<VisitRow> }[]
  readonly #bins: readonly StudyEventDef[]

  constructor(context: SetContext) {
    this.#context = context
    this.#bins = context.definition.events.filter(
      (event) => !isEnforced(event) && event.window !== undefined && event.day !== undefined,
    )
    this.#tables = visitForms(context).map((visitForm) => ({
      visitForm,
      table: new SetTable<VisitRow>(
        {
          name: visitForm.set,
          label: `${visitForm.form.label.en} by Visit`,
          key: ['STUDYID', 'USUBJID', 'PARAMCD', 'ASEQ'],
        },
        visitColumns(context),
      ),
    }))
  }

  add(subject: SetSubject): void {
    for (const { visitForm, table } of this.#tables)
      for (const row of this.#rowsOf(subject, visitForm)) table.add(row)
  }

  sets() {
    return this.#tables.map(({ table }) => table.set())
  }

  #rowsOf(subject: SetSubject, { form, parameters }: VisitForm): VisitRow[] {
    const { environment } = subject
    const records = environment
      .ordered(form.oid)
      .filter((record) => environment.applies(record) === true)
    const rows: VisitRow[] = []
    for (const parameter of parameters) {
      const readings = records.flatMap((record) => read(subject, parameter, record))
      if (readings.length === 0) continue
      const base = readings.findLast(
        (one) => hasValue(one) && environment.countsForBase(one.record),
      )
      const bins = this.#binsOf(subject, readings)
      for (const reading of readings) {
        const visits = this.#visitsOf(reading, bins)
        for (const analysisVisit of visits)
          rows.push({
            ...reading,
            analysisVisit,
            sequence: 0,
            base: base?.number ?? null,
            isBaseline: reading === base && analysisVisit === visits[0],
            isAfter: !environment.countsForBase(reading.record),
          })
      }
    }
    // Numbered within the subject, over all parameters of the set.
    return rows.map((row, at) => ({ ...row, sequence: at + 1 }))
  }

  /** Which reading each bin takes. */
  #binsOf(subject: SetSubject, readings: readonly Reading[]): Map<StudyEventDef, Reading> {
    const dated = readings.flatMap((reading) =>
      hasValue(reading) && reading.binDate !== null
        ? [{ date: imputeDate(reading.binDate), reading }]
        : [],
    )
    return new Map(
      this.#bins.flatMap((event) => {
        const found = chooseNearest(subject.environment, event.oid, dated)
        return found ? [[event, found.reading] as const] : []
      }),
    )
  }

  #visitsOf(
    reading: Reading,
    bins: ReadonlyMap<StudyEventDef, Reading>,
  ): readonly (StudyEventDef | null)[] {
    const own = this.#context.compiled.index.events.get(reading.record.data.key.event)
    const taken = [...bins].filter(([, one]) => one === reading).map(([event]) => event)
    if (taken.length > 0) return taken
    const isPlanned = own && ['screening', 'baseline', 'scheduled'].includes(own.kind)
    return [isPlanned && !this.#bins.includes(own) ? own : null]
  }
}

const hasValue = (reading: Reading) => reading.number !== null || reading.text !== null

/** At most one reading: none where the item is closed or nothing was entered, be it a reason. */
function read(subject: SetSubject, parameter: VisitParameter, record: RecordState): Reading[] {
  const { environment } = subject
  const { group, row, value, entered, qualifier } = parameter
  const key = row?.key ?? null
  if (environment.groupOpen(record, group.group.oid) !== true) return []
  if (key !== null && !environment.rowKeys(record, group).includes(key)) return []
  const slot = environment.slot(record, value, key)
  const text = (item: ItemPlan | null): string | null => {
    const found = item ? environment.slot(record, item, key).value : null
    return typeof found === 'string' ? found : null
  }
  const missing = reasonOf(slot.missing) ?? enteredReason()
  if (slot.value === null && missing === null) return []
  const own = rowDate(subject, record, group, key)
  const ofRecord = environment.recordDate({ record: record.index, row: null })
  const date = group.repeating ? (own ?? ofRecord) : (ofRecord ?? own)
  return [
    {
      subject,
      parameter,
      record,
      number: standardised(slot.value),
      text: typeof slot.value === 'string' ? slot.value : null,
      qualifier: text(qualifier),
      missing: slot.value === null ? missing : null,
      date,
      binDate: own ?? ofRecord,
      day: date === null ? null : studyDay(environment.anchor(), imputeDate(date)),
    },
  ]

  function enteredReason(): string | null {
    return entered ? reasonOf(environment.slot(record, entered, key).missing) : null
  }

  /** A number in the unit of the row, where it was measured in another. */
  function standardised(found: Value): number | null {
    if (typeof found !== 'number') return null
    if (value.indexed.item.unit !== 'row' || value.derive !== null) return found
    const factor = standardFactor(row ?? undefined, environment.unitOf(record, value, key))
    return factor === null ? null : factor === 1 ? found : clean(found * factor)
  }
}

const reasonOf = (missing: string | null) => (missing === 'BLANK' ? null : missing)

/** The date item of the group, which dates its rows. */
function rowDate(
  { environment }: SetSubject,
  record: RecordState,
  group: GroupPlan,
  key: string | null,
): string | null {
  const item = group.dateItem === null ? undefined : record.plan.items.get(group.dateItem)
  const date = item
    ? environment.slot(record, item, item.indexed.repeating ? key : null).value
    : null
  return typeof date === 'string' ? date.slice(0, 10) : null
}
