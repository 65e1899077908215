import { z } from 'zod'
import type { SubjectState } from '#domain/casebook/views.ts'
import { command } from '../command.ts'
import { commandKey, id, reasonText } from '../input.ts'

export const withdrawSubject = command({
  name: 'subject.withdraw',
  permission: 'casebook.enter',
  input: z.strictObject({ studyId: id, subjectId: id, reason: reasonText, key: commandKey }),
  reason: (input) => input.reason,
  target: async () => ({ siteId: null }),
  run: async (): Promise<{ state: SubjectState }> => {
    throw new Error('unwritten')
  },
})
