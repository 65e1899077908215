import { z } from 'zod'
import { command } from '../command.ts'
import { commandKey, id, isoDate } from '../input.ts'

export const screenSubject = command({
  name: 'subject.screen',
  permission: 'subject.screen',
  input: z.strictObject({ studyId: id, siteId: id, screenedOn: isoDate, key: commandKey }),
  target: async () => ({ siteId: null }),
  run: async (): Promise<{ subjectId: string; subjectKey: string }> => {
    throw new Error('unwritten')
  },
})
