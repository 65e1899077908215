/** ADAE, one row an adverse event: every item of the form that holds AETERM, with dates made full and study days. */
import type { FormPlan, ItemPlan } from '#domain/casebook/compile-study.ts'
import type { RecordState } from '#domain/casebook/item-reader.ts'
import { studyDay } from '#domain/casebook/schedule.ts'
import { type Column, SetTable, type VariableType } from './analysis-set.ts'
import { SetNames } from './set-names.ts'
import {
  cellOfValue,
  identity,
  imputed,
  isTold,
  plannedTreatment,
  type SetContext,
  type SetSubject,
} from './set-subject.ts'
import { treatmentDates } from './treatment-dates.ts'

type EventRow = { subject: SetSubject; record: RecordState; sequence: number }
type EventColumn = Column<EventRow>

export class AdverseEventTable {
  readonly #form: FormPlan
  readonly #term: ItemPlan
  readonly #table: SetTable<EventRow>

  private constructor(context: SetContext, form: FormPlan, term: ItemPlan) {
    this.#form = form
    this.#term = term
    this.#table = new SetTable<EventRow>(
      {
        name: 'ADAE',
        label: 'Adverse Events Analysis Dataset',
        key: ['STUDYID', 'USUBJID', 'AESEQ'],
      },
      columns(context, form),
    )
  }

  /** Null for a study without a form of adverse events. */
  static of(context: SetContext): AdverseEventTable | null {
    for (const form of context.compiled.forms.values()) {
      if (context.concealed?.forms.has(form.indexed.form.oid)) continue
      const term = form.items.get('AETERM')
      if (term && !term.indexed.repeating) return new AdverseEventTable(context, form, term)
    }
    return null
  }

  /** An instance that only says that there was no event is none. */
  add(subject: SetSubject): void {
    const { environment } = subject
    const group = this.#term.indexed.group.oid
    let sequence = 0
    for (const record of environment.ordered(this.#form.indexed.form.oid)) {
      if (environment.groupOpen(record, group) !== true) continue
      const isEntered = this.#form.groups
        .filter((one) => one.group.oid === group)
        .some(({ items }) => items.some(({ indexed }) => indexed.item.oid in record.data.data))
      if (!isEntered) continue
      sequence++
      this.#table.add({ subject, record, sequence })
    }
  }

  set() {
    return this.#table.set()
  }
}

function columns(context: SetContext, form: FormPlan): EventColumn[] {
  const { oid } = form.indexed.form
  const subject = (row: EventRow) => row.subject
  const names = new SetNames(reserved)
  const dated = datesOf(context, form)
  const own = [...form.items.values()].flatMap((plan): EventColumn[] => {
    const { item, repeating } = plan.indexed
    if (repeating || item.type === 'file') return []
    if (context.concealed?.items.has(`${oid}.${item.oid}`)) return []
    const name = item.oid === decoded(form) ? 'AEDECOD' : names.shorten(item.oid)
    return [
      {
        name,
        label: item.label.en,
        type: typeOf(item.type),
        origin: `${oid}.${item.oid}`,
        of: ({ subject: { environment }, record }) =>
          cellOfValue(environment.slot(record, plan, null).value),
      },
      ...(item.oid === 'AETERM' ? [reasonColumn(plan)] : []),
      ...(item.oid === 'AETOXGR' ? [gradeColumn(plan)] : []),
    ]
  })
  return [
    ...identity<EventRow>(context, subject),
    ...plannedTreatment<EventRow>(context, subject).map((one) => ({ ...one, name: 'TRTP' })),
    {
      name: 'AESEQ',
      label: 'Sequence Number',
      type: 'integer',
      origin: 'Running number within the subject, by date',
      of: ({ sequence }) => sequence,
    },
    {
      name: 'AESPID',
      label: 'Sponsor-Defined Identifier',
      type: 'text',
      origin: 'FormRepeatKey: the number of the event in the casebook',
      of: ({ record }) => String(record.data.key.formRepeat),
    },
    ...own,
    ...dated,
  ]
}

const reserved = [
  'STUDYID',
  'USUBJID',
  'SUBJID',
  'SITEID',
  'TRTP',
  'AESEQ',
  'AESPID',
  'AEDECOD',
  'AETERMR',
  'AETOXGRN',
  'ASTDT',
  'ASTDTF',
  'ASTDY',
  'AENDT',
  'AENDTF',
  'AENDY',
  'TRTEMFL',
]

/** The item that holds the coded term: one of the usual names, else the first that names a dictionary. */
function decoded(form: FormPlan): string | null {
  const usual = ['AEDECOD', 'AEPTCD'].find((oid) => form.items.has(oid))
  if (usual) return usual
  const coded = [...form.items.values()].find(({ indexed }) => indexed.item.dictionary)
  return coded?.indexed.item.oid ?? null
}

function typeOf(type: string): VariableType {
  if (type === 'integer') return 'integer'
  if (type === 'decimal') return 'float'
  if (type === 'date') return 'date'
  return type === 'dateTime' ? 'dateTime' : 'text'
}

function reasonColumn(plan: ItemPlan): EventColumn {
  return {
    name: 'AETERMR',
    label: 'Reason for a Missing Term',
    type: 'text',
    origin: 'ND, NA, UNK, NASK as entered',
    of: ({ subject: { environment }, record }) => {
      const { missing } = environment.slot(record, plan, null)
      return missing === 'BLANK' ? null : missing
    },
  }
}

function gradeColumn(plan: ItemPlan): EventColumn {
  return {
    name: 'AETOXGRN',
    label: 'Toxicity Grade (N)',
    type: 'integer',
    origin: 'AETOXGR as a number',
    of: ({ subject: { environment }, record }) => {
      const { value } = environment.slot(record, plan, null)
      return typeof value === 'string' && /^\d$/.test(value) ? Number(value) : null
    },
  }
}

function datesOf(context: SetContext, form: FormPlan): EventColumn[] {
  const { first } = treatmentDates(context)
  const told = (oid: string) =>
    context.concealed?.items.has(`${form.indexed.form.oid}.${oid}`)
      ? undefined
      : form.items.get(oid)
  const start = told('AESTDTC')
  const end = told('AEENDTC')
  const read = (plan: ItemPlan, { subject: { environment }, record }: EventRow) =>
    imputed(environment.slot(record, plan, null).value)
  const family = (plan: ItemPlan | undefined, stem: string, word: string): EventColumn[] => {
    if (!plan) return []
    const origin = `${plan.indexed.form}.${plan.indexed.item.oid}`
    return [
      {
        name: `${stem}DT`,
        label: `Analysis ${word} Date`,
        type: 'date',
        origin: `${origin}; a missing day is the 15th, a missing month 1 July`,
        of: (row) => read(plan, row).date,
      },
      {
        name: `${stem}DTF`,
        label: `Analysis ${word} Date Imputation Flag`,
        type: 'text',
        origin: 'D: day imputed, M: month and day',
        of: (row) => read(plan, row).flag,
      },
      {
        name: `${stem}DY`,
        label: `Analysis ${word} Relative Day`,
        type: 'integer',
        origin: 'Days from day 1, which is 1; no day 0',
        of: (row) => studyDay(row.subject.environment.anchor(), read(plan, row).date),
      },
    ]
  }
  const emergent: EventColumn[] =
    start && first !== null && isTold(context, first)
      ? [
          {
            name: 'TRTEMFL',
            label: 'Treatment Emergent Analysis Flag',
            type: 'text',
            origin: `Y where ASTDT is on or after ${first}`,
            of: (row) => {
              const from = imputed(row.subject.value(first)).date
              const date = read(start, row).date
              return from !== null && date !== null && date >= from ? 'Y' : null
            },
          },
        ]
      : []
  return [...family(start, 'AST', 'Start'), ...family(end, 'AEN', 'End'), ...emergent]
}
