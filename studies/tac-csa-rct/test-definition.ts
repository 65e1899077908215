/** The trial's definition and made-up casebooks for the tests of this folder. */
import { evaluateForm } from '#domain/casebook/evaluate.ts'
import type { Casebook, FormRecordData, StoredValue } from '#domain/casebook/record.ts'
import { studyDefinition } from '#studies/demo/study-definition.ts'

export const { parsed, definition, compiled } = studyDefinition('tac-csa-rct', { asDemo: false })

export type Entered = Record<string, Record<string, StoredValue>>

/** A casebook from `EVENT/FORM` or `LOG/FORM#2` to values. */
export function casebook(entered: Entered): Casebook {
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
  return {
    subject: { subjectId: 's', subjectKey: '07-013', siteCode: '07', siteId: 'x' },
    records,
    references: [],
    today: '2026-11-21',
  }
}

/** Derived values of one of the records entered. */
export function derived(entered: Entered, address: string): Readonly<Record<string, StoredValue>> {
  const book = casebook(entered)
  const record = book.records.find((r) => r.recordId === address)
  if (!record) throw new Error(`${address} is not entered.`)
  return evaluateForm(compiled, book, record.key).derived
}
