import { z } from 'zod'
import type { QuerySummary } from '#domain/casebook/views.ts'
import { command } from '../command.ts'
import { commandKey, id, messageText } from '../input.ts'
import { queryForUpdate } from './query-row.ts'
import { takeStep } from './take-step.ts'

/** Answers a query; the text stays beside the value for whoever raised it. */
export const answerQuery = command({
  name: 'query.answer',
  permission: 'query.answer',
  input: z.strictObject({ studyId: id, queryId: id, text: messageText, key: commandKey }),
  target: queryForUpdate,
  run: (context): Promise<QuerySummary> => takeStep(context, context.target, 'answer'),
})
