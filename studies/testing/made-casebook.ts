/** Made-up casebooks for the tests of a study's derivations. */
import type { CompiledStudy } from '#domain/casebook/compile-study.ts'
import { evaluateForm, subjectReader } from '#domain/casebook/evaluate.ts'
import type { Casebook, FormRecordData, StoredValue } from '#domain/casebook/record.ts'
import { demoToday } from '#studies/demo/fill-subject.ts'

/** Values by `EVENT/FORM`, or `LOG/FORM#2` for a further entry of a log. */
export type Entered = Record<string, Record<string, StoredValue>>

export function madeCasebook(entered: Entered, subjectKey = '07-013'): Casebook {
  const records = Object.entries(entered).map(([address, data]): FormRecordData => {
    const [event = '', rest = ''] = address.split('/')
    const [form = '', repeat = '1'] = rest.split('#')
    return {
      recordId: address,
      key: { event, eventRepeat: 1, form, formRepeat: Number(repeat) },
      versionNumber: 1,
      revision: 1,
      state: 'complete',
      data,
      derived: {},
    }
  })
  const siteCode = subjectKey.split('-')[0] as string
  return {
    subject: { subjectId: 's', subjectKey, siteCode, siteId: 'x' },
    records,
    references: [],
    today: demoToday,
  }
}

/** Reads made-up casebooks by the rules of one study. */
export function madeReader(compiled: CompiledStudy, subjectKey?: string) {
  const casebook = (entered: Entered) => madeCasebook(entered, subjectKey)
  return {
    casebook,
    /** Derived values of one of the records entered. */
    derived(entered: Entered, address: string): Readonly<Record<string, StoredValue>> {
      const book = casebook(entered)
      const record = book.records.find(({ recordId }) => recordId === address)
      if (!record) throw new Error(`${address} is not entered.`)
      return evaluateForm(compiled, book, record.key).derived
    },
    /** A subject-level expression or variable. */
    value: (entered: Entered, name: string) =>
      subjectReader(compiled, casebook(entered)).expression(name),
  }
}
