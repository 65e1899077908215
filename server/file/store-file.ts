import { createHash } from 'node:crypto'
import { z } from 'zod'
import { uuidv7 } from '#db/uuid.ts'
import { Problem } from '#domain/problem.ts'
import { subjectRow } from '../casebook/load.ts'
import { command } from '../command.ts'
import { id, plainText } from '../input.ts'
import { kindsInWords, mediaTypeOf } from './media-type.ts'

export const largestFile = 20 * 1024 * 1024

/** Keeps a file at the subject's site; it becomes a value when an item is saved with its id. */
export const storeFile = command({
  name: 'file.store',
  permission: 'casebook.enter',
  input: z.strictObject({
    studyId: id,
    subjectId: id,
    name: plainText(200).min(1),
    content: z.instanceof(Buffer),
  }),
  target: (tx, input) => subjectRow(tx, input.studyId, input.subjectId),
  run: async ({ tx, input, target, actor }): Promise<{ fileId: string; name: string }> => {
    const { content } = input
    if (content.length > largestFile) throw new Problem('too-large', { limit: '20 MB' })
    // Only the last part of a path, without what could break a header or a file system.
    const name = (input.name.split(/[\\/]/).at(-1) ?? '').replace(/[\p{Cc}"<>|:*?;]/gu, '_').trim()
    const mediaType = name === '' ? null : mediaTypeOf(name, content)
    if (!mediaType) throw new Problem('file-type', { what: kindsInWords })
    const fileId = uuidv7()
    await tx.query(
      `insert into casebook.stored_file (study_id, file_id, site_id, name, media_type, bytes, sha256, content, by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        input.studyId,
        fileId,
        target.siteId,
        name,
        mediaType,
        content.length,
        createHash('sha256').update(content).digest('hex'),
        content,
        actor.userId,
      ],
    )
    return { fileId, name }
  },
})
