import { z } from 'zod'
import type { FormState } from '#domain/casebook/record.ts'
import { command } from '../command.ts'
import { commandKey, id, plainText, reasonText } from '../input.ts'

export type FormStep = { recordId: string; revision: number; state: FormState }

export const signForm = command({
  name: 'form.sign',
  permission: 'form.sign',
  input: z.strictObject({ studyId: id, recordId: id, revision: z.int().min(0),password: plainText(200), key: commandKey }),
  target: async () => ({ siteId: null }),
  run: async (): Promise<FormStep> => {
    throw new Error('unwritten')
  },
})
