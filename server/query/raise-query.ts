import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import { uuidv7 } from '#db/uuid.ts'
import { parseItemPath, type StoredValue } from '#domain/casebook/record.ts'
import type { QuerySummary } from '#domain/casebook/views.ts'
import { Problem } from '#domain/problem.ts'
import { concealsPath } from '../blinding/concealed-study.ts'
import { concealedFrom } from '../blinding/sight.ts'
import { command } from '../command.ts'
import { commandKey, id, itemPathInput, messageText } from '../input.ts'
import { publishedStudy } from '../study/published.ts'
import { querySummary } from './query-row.ts'

type Asked = {
  siteId: string
  subjectId: string
  form: string
  versionNumber: number
  value: StoredValue | null
}

/** Asks about one item; what it reads at this moment is kept beside the question. */
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
  target: recordAsked,
  run: async ({ tx, input, target, actor, role, study: row }): Promise<QuerySummary> => {
    const concealed = await concealedFrom({ tx, actor, study: row })
    if (concealsPath(concealed, target.form, input.path)) throw new Problem('not-found')
    const study = await publishedStudy(tx, input.studyId, target.versionNumber)
    const item = parseItemPath(input.path)?.item
    if (!item || !study.items.get(target.form)?.has(item)) {
      throw new Problem('unknown-item', { path: input.path }, input.path)
    }
    const queryId = uuidv7()
    await tx.query(
      `insert into casebook.query
         (study_id, query_id, subject_id, site_id, record_id, path, text, value_then, opened_by, updated_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)`,
      [
        input.studyId,
        queryId,
        target.subjectId,
        target.siteId,
        input.recordId,
        input.path,
        input.text,
        target.value === null ? null : JSON.stringify(target.value),
        actor.userId,
      ],
    )
    await tx.query(
      `insert into casebook.query_message (study_id, message_id, query_id, site_id, step, text, by, role)
       values ($1, $2, $3, $4, 'opened', $5, $6, $7)`,
      [input.studyId, uuidv7(), queryId, target.siteId, input.text, actor.userId, role],
    )
    return querySummary(tx, input.studyId, queryId)
  },
})

async function recordAsked(
  tx: Transaction,
  input: { studyId: string; recordId: string; path: string },
): Promise<Asked | null> {
  const [row] = await tx.query<Asked>(
    `select site_id as "siteId", subject_id as "subjectId", form_oid as form,
       version_number as "versionNumber", coalesce(data -> $3, derived -> $3) as value
     from casebook.form_record
     where study_id = $1 and record_id = $2 and state <> 'removed' for update`,
    [input.studyId, input.recordId, input.path],
  )
  return row ?? null
}
