import { z } from 'zod'
import { Problem } from '#domain/problem.ts'
import { reading } from '../command.ts'
import { id } from '../input.ts'

export type FileContent = { name: string; mediaType: string; content: Buffer }

export const storedFile = reading({
  name: 'file.read',
  permission: 'casebook.read',
  input: z.strictObject({ studyId: id, fileId: id }),
  run: async ({ tx, input }): Promise<FileContent> => {
    const [file] = await tx.query<FileContent>(
      `select name, media_type as "mediaType", content from casebook.stored_file
       where study_id = $1 and file_id = $2`,
      [input.studyId, input.fileId],
    )
    if (!file) throw new Problem('not-found')
    return file
  },
})
