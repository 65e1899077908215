/**
 * A demo subject filled in memory, by the rules but without a database: what the tests of cohorts and reports stand on, and a
 * quick way to look at a changed definition.
 */
import type { CompiledStudy } from '#domain/casebook/compile-study.ts'
import { evaluateForm, subjectReader } from '#domain/casebook/evaluate.ts'
import type { Casebook, FormEvaluation, FormRecordData } from '#domain/casebook/record.ts'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import type { Correction, DemoForm, DemoPlan, DemoValue } from './plan.ts'

export type FilledSubject = { subjectKey: string; plan: DemoPlan; casebook: Casebook }

/** Demo data are looked at from this day on, so that results never depend on the clock. */
export const demoToday = '2026-11-21'

type Options = {
  subjectKey?: string
  /** Hears what the rules say at each form. */
  onSaid?: (place: string, said: FormEvaluation) => void
  corrections?: (plan: DemoPlan) => readonly Correction[]
}

/** Fills one subject's forms in order and derives everything at the end once more. */
export function fillSubject(
  { definition, compiled }: { definition: StudyDefinition; compiled: CompiledStudy },
  plan: DemoPlan,
  { subjectKey = `${plan.site}-001`, onSaid = () => undefined, corrections }: Options = {},
): FilledSubject {
  const records: FormRecordData[] = []
  const casebook: Casebook = {
    subject: { subjectId: subjectKey, subjectKey, siteCode: plan.site, siteId: plan.site },
    records,
    references: [],
    today: demoToday,
  }
  const signedForms = new Set(
    definition.forms.filter((form) => form.signature?.required).map((form) => form.oid),
  )
  const fill = ({ event, eventRepeat = 1, form, values, repeat, open }: DemoForm) => {
    const earlier = records.filter(
      ({ key }) => key.form === form && key.event === event && key.eventRepeat === eventRepeat,
    ).length
    const formRepeat = repeat === 'new' ? earlier + 1 : 1
    const key = { event, eventRepeat, form, formRepeat }
    const record = newRecord(`${records.length}`, key, values)
    records.push(record)
    const said = evaluateForm(compiled, casebook, key)
    onSaid(`${event}/${form}`, said)
    record.derived = said.derived
    record.state = open ? 'inProgress' : signedForms.has(form) ? 'signed' : 'complete'
  }
  plan.before.forEach(fill)
  if (definition.allocation && plan.randomisedOn !== null)
    records.push(allocationRecord(definition, plan))
  plan.after.forEach(fill)
  for (const { event, form, changes } of corrections?.(plan) ?? []) {
    const record = records.find(({ key }) => key.form === form && key.event === event)
    if (!record) throw new Error(`${subjectKey}: ${event}/${form} is corrected but never filled`)
    record.data = {
      ...record.data,
      ...Object.fromEntries(changes.map((change) => [change.path, change.to])),
    }
  }
  for (const record of records)
    record.derived = evaluateForm(compiled, casebook, record.key).derived
  return { subjectKey, plan, casebook }
}

/** Subjects as reports read them. */
export function analysisSubjects(
  compiled: CompiledStudy,
  subjects: readonly FilledSubject[],
): { subjectKey: string; value: ReturnType<typeof subjectReader>['expression'] }[] {
  return subjects.map(({ subjectKey, casebook }) => {
    const reader = subjectReader(compiled, casebook)
    return { subjectKey, value: (expression) => reader.expression(expression) }
  })
}

function allocationRecord(definition: StudyDefinition, plan: DemoPlan): FormRecordData {
  const form = definition.allocation?.form as string
  const event = definition.events.find((one) => one.forms.some((use) => use.form === form))
  return newRecord(
    'allocation',
    { event: event?.oid as string, eventRepeat: 1, form, formRepeat: 1 },
    {
      RANDSTR: plan.stratum as string,
      RANDNO: 'R1',
      RANDDTC: `${plan.randomisedOn}T10:30:00+09:00`,
      ARMCD: plan.arm as string,
      RANDBY: 'x',
    },
  )
}

function newRecord(
  recordId: string,
  key: FormRecordData['key'],
  data: Readonly<Record<string, DemoValue>>,
): FormRecordData {
  return { recordId, key, versionNumber: 1, revision: 1, state: 'complete', data, derived: {} }
}
