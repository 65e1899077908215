import { z } from 'zod'
import type { CasebookView } from '#domain/casebook/views.ts'
import { reading } from '../command.ts'
import { id, isoDateTime } from '../input.ts'

export const subjectCasebook = reading({
  name: 'subject.casebook',
  permission: 'casebook.read',
  input: z.strictObject({ studyId: id, subjectId: id, asOf: isoDateTime.optional() }),
  run: async (): Promise<CasebookView> => {
    throw new Error('unwritten')
  },
})
