/** Visits and logs of one subject as the casebook lists them. */
import { formApplies } from '#domain/casebook/evaluate.ts'
import type { Casebook, FormRecordData, StoredValue } from '#domain/casebook/record.ts'
import type { LogView, VisitFormView, VisitView } from '#domain/casebook/views.ts'
import { cellOf } from '#domain/casebook/visit-cell.ts'
import type { FormDef, StudyEventDef } from '#domain/definition/definition.ts'
import { displayValue } from '../display.ts'
import type { PublishedStudy } from '../study/published.ts'
import type { StoredRecord, SubjectRow } from './load.ts'
import { visitKey } from './subject-facts.ts'

export type CasebookFacts = {
  study: PublishedStudy
  subject: SubjectRow
  casebook: Casebook
  records: readonly StoredRecord[]
  /** Open questions by record. */
  queries: ReadonlyMap<string, number>
  language: string
}

/** Every visit in the order of the schedule; an unscheduled one as often as it was held, and once more to be added. */
export function visitViews(facts: CasebookFacts): VisitView[] {
  return facts.study.definition.events
    .filter((event) => event.kind !== 'log')
    .flatMap((event) => repeatsOf(facts, event).map((repeat) => visitView(facts, event, repeat)))
}

function repeatsOf({ records }: CasebookFacts, event: StudyEventDef): number[] {
  if (event.kind !== 'unscheduled') return [1]
  const held = records.filter(({ key }) => key.event === event.oid)
  const repeats = [...new Set(held.map(({ key }) => key.eventRepeat))].sort((a, b) => a - b)
  return [...repeats, (repeats.at(-1) ?? 0) + 1]
}

export function visitView(
  facts: CasebookFacts,
  event: StudyEventDef,
  eventRepeat: number,
): VisitView {
  const { study, subject, casebook } = facts
  const forms = visitForms(facts, event, eventRepeat)
  // What the visit no longer asks for counts where it was begun.
  const others = facts.records
    .filter(({ key }) => key.event === event.oid && key.eventRepeat === eventRepeat)
    .filter(({ key }) => !event.forms.some(({ form }) => form === key.form))
    .map(({ state }) => ({ state, required: false }))
  const visit = subject.visits[visitKey({ event: event.oid, eventRepeat })]
  const own = subject.visits[event.oid]
  const cell = cellOf({
    study: study.definition,
    event,
    state: subject.state,
    anchor: subject.anchor,
    today: casebook.today,
    visitDate: visit?.date ?? null,
    occurred: visit?.occurred ?? null,
    forms: [...forms, ...others],
    queries: forms.reduce((sum, form) => sum + form.queries, 0),
    ...(event.when === undefined ? {} : { applies: own?.applies ?? false }),
    eventAnchor: own?.anchor ?? null,
  })
  return { ...cell, label: event.label, kind: event.kind, eventRepeat, forms }
}

/** Forms of a visit in order; each instance of one that repeats, or one to begin. */
export function visitForms(
  facts: CasebookFacts,
  event: StudyEventDef,
  eventRepeat: number,
): VisitFormView[] {
  const { study, casebook, records, queries } = facts
  return event.forms.flatMap((entry): VisitFormView[] => {
    const form = study.forms.get(entry.form)
    if (!form) return []
    const base = { form: form.oid, label: form.label, required: entry.required }
    const stored = records
      .filter(
        ({ key }) =>
          key.event === event.oid && key.eventRepeat === eventRepeat && key.form === form.oid,
      )
      .sort((a, b) => a.key.formRepeat - b.key.formRepeat)
    if (stored.length > 0) {
      return stored.map(({ recordId, state, openCount, key }) => ({
        ...base,
        recordId,
        state,
        queries: queries.get(recordId) ?? 0,
        formRepeat: key.formRepeat,
        open: openCount,
      }))
    }
    if (entry.when !== undefined || event.when !== undefined) {
      const key = { event: event.oid, eventRepeat, form: form.oid, formRepeat: 1 }
      const blank = blankRecord(study, key)
      const seen = { ...casebook, records: [...casebook.records, blank] }
      if (formApplies(study.compiled, seen, key) !== true) return []
    }
    return [{ ...base, recordId: null, state: 'notStarted', queries: 0, formRepeat: 1, open: 0 }]
  })
}

export function blankRecord(study: PublishedStudy, key: FormRecordData['key']): FormRecordData {
  return {
    recordId: null,
    key,
    versionNumber: study.number,
    revision: 0,
    state: 'notStarted',
    data: {},
    derived: {},
  }
}

const mostSummarised = 4

export function logViews(facts: CasebookFacts): LogView[] {
  const { study } = facts
  return study.definition.events
    .filter((event) => event.kind === 'log')
    .flatMap((event) => event.forms)
    .flatMap(({ form: oid }) => {
      const form = study.forms.get(oid)
      return form ? [logView(facts, form)] : []
    })
}

function logView(facts: CasebookFacts, form: FormDef): LogView {
  const instances = facts.records
    .filter(({ key }) => key.form === form.oid)
    .map((record) => ({
      recordId: record.recordId,
      formRepeat: record.key.formRepeat,
      title: titleOf(facts, form, record),
      date: dateOf(form, record),
      state: record.state,
      queries: facts.queries.get(record.recordId) ?? 0,
      summary: summaryOf(facts, form, record),
    }))
    .sort((a, b) => (a.date ?? '9').localeCompare(b.date ?? '9') || a.formRepeat - b.formRepeat)
  return { form: form.oid, label: form.label, instances }
}

const storedAt = (record: FormRecordData, path: string): StoredValue | undefined =>
  record.data[path] ?? record.derived[path]

export function titleOf(
  { study, language }: Pick<CasebookFacts, 'study' | 'language'>,
  form: FormDef,
  record: FormRecordData,
): string {
  const path = form.title
  const shown = path ? displayValue(study, form.oid, path, storedAt(record, path), language) : null
  return shown ?? `#${record.key.formRepeat}`
}

export function dateOf(form: FormDef, record: FormRecordData): string | null {
  const value = form.date ? storedAt(record, form.date) : undefined
  return typeof value === 'string' ? value : null
}

function summaryOf({ study, language }: CasebookFacts, form: FormDef, record: StoredRecord) {
  return form.groups
    .filter((group) => group.repeats === 'none')
    .flatMap((group) => group.items)
    .filter((item) => item.oid !== form.title && item.oid !== form.date)
    .flatMap((item) => {
      const text = displayValue(study, form.oid, item.oid, storedAt(record, item.oid), language)
      return text === null ? [] : [{ label: item.label, text }]
    })
    .slice(0, mostSummarised)
}
