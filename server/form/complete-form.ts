import { z } from 'zod'
import type { FormState } from '#domain/casebook/record.ts'
import { command } from '../command.ts'
import { commandKey, id, plainText, reasonText } from '../input.ts'

export type FormStep = { recordId: string; revision: number; state: FormState }

export const completeForm = command({
  name: 'form.complete',
  permission: 'form.complete',
  input: z.strictObject({ studyId: id, recordId: id, revision: z.int().min(0), key: commandKey }),
  target: async () => ({ siteId: null }),
  run: async (): Promise<FormStep> => {
    throw new Error('unwritten')
  },
})
