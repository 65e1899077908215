import { z } from 'zod'
import type { FormState } from '#domain/casebook/record.ts'
import { command } from '../command.ts'
import { commandKey, id, plainText, reasonText } from '../input.ts'

export type FormStep = { recordId: string; revision: number; state: FormState }

export const reopenForm = command({
  name: 'form.reopen',
  permission: 'form.complete',
  input: z.strictObject({ studyId: id, recordId: id, reason: reasonText, key: commandKey }),
  target: async () => ({ siteId: null }),
  run: async (): Promise<FormStep> => {
    throw new Error('unwritten')
  },
})
