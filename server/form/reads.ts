import { z } from 'zod'
import type { FormState } from '#domain/casebook/record.ts'
import type { HistoryEntry } from '#domain/casebook/views.ts'
import type { Label } from '#domain/definition/definition.ts'
import { reading } from '../command.ts'
import { cursor, id, itemPathInput, oid, pageSize, plainText } from '../input.ts'

export const itemHistory = reading({
  name: 'form.history',
  permission: 'audit.read',
  input: z.strictObject({ studyId: id, recordId: id, path: itemPathInput }),
  run: async (): Promise<readonly HistoryEntry[]> => {
    throw new Error('unwritten')
  },
})

export type FormLogRow = {
  subjectId: string
  subjectKey: string
  siteCode: string
  recordId: string
  event: string
  eventRepeat: number
  formRepeat: number
  state: FormState
  title: string
  date: string | null
  queries: number
  /** Displayed values by item OID: code lists as labels, missing as its reason. */
  values: Readonly<Record<string, string>>
}
export type FormLogView = {
  form: string
  label: Label
  columns: readonly { oid: string; label: Label }[]
  rows: readonly FormLogRow[]
  next: string | null
}

/** All instances of one form over all subjects, in subject order. */
export const formLog = reading({
  name: 'form.log',
  permission: 'casebook.read',
  input: z.strictObject({
    studyId: id,
    form: oid,
    text: plainText(60).optional(),
    siteId: id.optional(),
    cursor,
    limit: pageSize,
  }),
  run: async (): Promise<FormLogView> => {
    throw new Error('unwritten')
  },
})
