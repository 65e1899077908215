import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import { Problem } from '#domain/problem.ts'
import { command } from '../command.ts'
import { commandKey, id } from '../input.ts'
import { checkFiles, definitionFiles, type PublishFinding } from './check-files.ts'

export type PublishResult = {
  /** The new version's number; null when findings stopped it. */
  number: number | null
  hash: string | null
  findings: readonly PublishFinding[]
}

/** Checks the files and, when nothing is wrong, publishes them as the next version; the first one opens the study. */
export const publishVersion = command({
  name: 'study.publish',
  permission: 'study.publish',
  input: z.strictObject({
    studyId: id,
    files: definitionFiles,
    key: commandKey,
  }),
  states: ['draft', 'open'],
  target: studyForUpdate,
  run: async ({ tx, input, study, actor }): Promise<PublishResult> => {
    const { definition, hash, findings } = await checkFiles(tx, study, input.files)
    if (!definition || !hash) return { number: null, hash: null, findings }
    const [same] = await tx.query<{ number: number }>(
      'select number from casebook.study_version where study_id = $1 and hash = $2',
      [input.studyId, hash],
    )
    if (same) throw new Problem('duplicate', { what: `This definition (version ${same.number})` })
    const [last] = await tx.query<{ number: number }>(
      'select coalesce(max(number), 0) as number from casebook.study_version where study_id = $1',
      [input.studyId],
    )
    const number = (last?.number ?? 0) + 1
    // Sites keep the version they work with until each of them takes the new one.
    await tx.query(
      `update casebook.site set version_number = $2
       where study_id = $1 and version_number is null and $2 > 0`,
      [input.studyId, number - 1],
    )
    await tx.query(
      `insert into casebook.study_version (study_id, number, label, hash, definition, published_by)
       values ($1, $2, $3, $4, $5, $6)`,
      [input.studyId, number, definition.version, hash, JSON.stringify(definition), actor.userId],
    )
    await tx.query(
      `update casebook.study set state = 'open', name = $2, title = $3 where study_id = $1`,
      [input.studyId, JSON.stringify(definition.name), JSON.stringify(definition.title)],
    )
    return { number, hash, findings }
  },
})

async function studyForUpdate(tx: Transaction, input: { studyId: string }) {
  const rows = await tx.query('select 1 from casebook.study where study_id = $1 for update', [
    input.studyId,
  ])
  return rows.length === 1 ? { siteId: null } : null
}
