import { z } from 'zod'
import type { QuerySummary } from '#domain/casebook/views.ts'
import { command } from '../command.ts'
import { commandKey, id, messageText } from '../input.ts'
import { queryForUpdate } from './query-row.ts'
import { takeStep } from './take-step.ts'

/** Closes a query: the question is settled, with or without a change of the value. */
export const closeQuery = command({
  name: 'query.close',
  permission: 'query.close',
  input: z.strictObject({ studyId: id, queryId: id, text: messageText, key: commandKey }),
  target: queryForUpdate,
  run: (context): Promise<QuerySummary> => takeStep(context, context.target, 'close'),
})
