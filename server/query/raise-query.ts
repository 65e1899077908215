import { z } from 'zod'
import type { QuerySummary } from '#domain/casebook/views.ts'
import { command } from '../command.ts'
import { commandKey, id, itemPathInput, messageText } from '../input.ts'

export const raiseQuery = command({
  name: 'query.raise',
  permission: 'query.raise',
  input: z.strictObject({
    studyId: id,
    recordId: id,
    path: itemPathInput,
    text: messageText,
    key: commandKey,
  }),
  target: async () => ({ siteId: null }),
  run: async (): Promise<QuerySummary> => {
    throw new Error('unwritten')
  },
})
