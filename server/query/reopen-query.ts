import { z } from 'zod'
import type { QuerySummary } from '#domain/casebook/views.ts'
import { command } from '../command.ts'
import { commandKey, id, messageText } from '../input.ts'
import { queryForUpdate } from './query-row.ts'
import { takeStep } from './take-step.ts'

/** Asks again on a query that was answered or closed. */
export const reopenQuery = command({
  name: 'query.reopen',
  permission: 'query.close',
  input: z.strictObject({ studyId: id, queryId: id, text: messageText, key: commandKey }),
  target: queryForUpdate,
  run: (context): Promise<QuerySummary> => takeStep(context, context.target, 'reopen'),
})
